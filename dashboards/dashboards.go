// Package dashboards makes the Grafana dashboards as code: one function a panel,
// titles in three languages from one source. The JSON is what Grafana
// provisions; golden files and a run of every query on a real store are its proof.
package dashboards

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"feryat/i18n"
)

// DatasourceUID is the name by which the dashboards know their ClickHouse; the
// provisioned data source bears it.
const DatasourceUID = "feryat-clickhouse"

const pluginID = "grafana-clickhouse-datasource"

// maker makes one dashboard in one language.
type maker struct {
	texts *i18n.Texts
	lang  i18n.Language
}

func (m maker) t(key string) string { return m.texts.T(m.lang, key) }

func overviewUID(lang i18n.Language) string { return "feryat-overview-" + string(lang) }

// Overview is the dashboard of mood, topics, rivals, escalations and coverage.
func Overview(lang i18n.Language) (dashboard.Dashboard, error) {
	texts, err := i18n.Load()
	if err != nil {
		return dashboard.Dashboard{}, err
	}
	m := maker{texts, lang}
	d, err := dashboard.NewDashboardBuilder(m.t("product")+" – "+m.t("ui.overview")).
		Uid(overviewUID(lang)).
		Description(m.t("tagline")).
		Tags([]string{"feryat", string(lang)}).
		Readonly().
		Timezone("browser").
		Refresh("1m").
		Time("now-30d", "now").
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		WithVariable(m.variable("brand", "ui.brand")).
		WithVariable(m.variable("language", "ui.language")).
		WithVariable(m.variable("source", "ui.source")).
		WithPanel(m.mentions()).
		WithPanel(m.unhappy()).
		WithPanel(m.waiting()).
		WithPanel(m.healthy()).
		WithPanel(m.moods()).
		WithPanel(m.topics()).
		WithPanel(m.brands()).
		WithPanel(m.escalations()).
		WithPanel(m.newest()).
		WithPanel(m.coverage()).
		Build()
	for i := range d.Panels { // alerts lead to a panel by its number
		id := uint32(i + 1)
		d.Panels[i].Panel.Id = &id
	}
	return d, err
}

// Export writes the dashboards and what Grafana needs to provision them and the alerts into dir: dashboards/*.json and
// provisioning/{dashboards,datasources,alerting}/*.yaml. The host and port are those of ClickHouse's HTTP interface as
// Grafana sees it; alerts is the language in which alerts are told.
func Export(dir, clickhouseHost string, clickhousePort int, alerts i18n.Language) error {
	for _, lang := range i18n.Languages() {
		body, err := JSON(lang)
		if err != nil {
			return err
		}
		if err := write(body, dir, "dashboards", overviewUID(lang)+".json"); err != nil {
			return err
		}
	}
	if err := write([]byte(provider), dir, "provisioning", "dashboards", "feryat.yaml"); err != nil {
		return err
	}
	if err := write(fmt.Appendf(nil, datasource, DatasourceUID, pluginID, clickhouseHost, clickhousePort), dir, "provisioning", "datasources", "feryat.yaml"); err != nil {
		return err
	}
	files, err := alerting(alerts)
	for name, body := range files {
		err = errors.Join(err, write(body, dir, "provisioning", "alerting", name))
	}
	return err
}

// JSON is the overview in one language, as Grafana reads it.
func JSON(lang i18n.Language) ([]byte, error) {
	d, err := Overview(lang)
	if err != nil {
		return nil, fmt.Errorf("make the overview dashboard: %w", err)
	}
	body, err := json.MarshalIndent(d, "", "  ")
	return append(body, '\n'), err
}

func write(body []byte, path ...string) error {
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("export dashboards: %w", err)
	}
	if err := os.WriteFile(file, body, 0o644); err != nil {
		return fmt.Errorf("export dashboards: %w", err)
	}
	return nil
}

const provider = `# Made by "feryat dashboards export".
apiVersion: 1
providers:
  - name: feryat
    folder: feryat
    type: file
    allowUiUpdates: false
    options:
      path: /etc/feryat/dashboards
`

const datasource = `# Made by "feryat dashboards export".
apiVersion: 1
datasources:
  - name: feryat
    uid: %s
    type: %s
    access: proxy
    isDefault: true
    jsonData:
      host: %s
      port: %d
      protocol: http
      defaultDatabase: feryat
      username: default
`

func source() common.DataSourceRef {
	uid, kind := DatasourceUID, pluginID
	return common.DataSourceRef{Uid: &uid, Type: &kind}
}
