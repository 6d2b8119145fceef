// Package dashboards makes the Grafana dashboards as code: one function a panel,
// titles in three languages from one source. The JSON is what Grafana
// provisions; golden files and a run of every query on a real store are its proof.
package dashboards

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"feryat/i18n"
)

// DatasourceUID is the name by which the dashboards know their ClickHouse; the
// provisioned data source bears it.
const DatasourceUID = "feryat-clickhouse"

const pluginID = "grafana-clickhouse-datasource"

// Export writes the dashboards and what Grafana needs to provision them and the alerts into dir: dashboards/*.json and
// provisioning/{dashboards,datasources,alerting}/*.yaml. The host and port are those of ClickHouse's HTTP interface as
// Grafana sees it; alerts is the language in which alerts are told.
func Export(dir, clickhouseHost string, clickhousePort int, alerts i18n.Language) error {
	for _, lang := range i18n.Languages() {
		list, err := All(lang)
		if err != nil {
			return err
		}
		for _, d := range list {
			body, err := JSON(d)
			if err != nil {
				return err
			}
			if err := write(body, dir, "dashboards", *d.Uid+".json"); err != nil {
				return err
			}
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
