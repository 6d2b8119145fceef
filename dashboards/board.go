package dashboards

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"feryat/i18n"
)

// maker makes dashboards in one language.
type maker struct {
	texts *i18n.Texts
	lang  i18n.Language
	keep  []string // the variables of the dashboard, which its links hand on
}

func (m maker) t(key string) string { return m.texts.T(m.lang, key) }

// board is one dashboard: its name is a part of its uid and of the keys of its texts.
type board struct {
	name      string
	refresh   string
	variables []string // in the order of their choice: each offers what is left by those before it
	incidents bool     // marks them on the charts
	panels    func(maker) []cog.Builder[dashboard.Panel]
}

// boards are the dashboards, in the order of the links between them.
func boards() []board {
	opinions := []string{"brand", "source", "language", "topic", "product"}
	return []board{
		{"overview", "1m", opinions, true, maker.overview},
		{"support", "30s", opinions, true, maker.support},
		{"topics", "5m", opinions, true, maker.topics},
		{"rivals", "5m", []string{"brand", "rival", "source", "language", "topic"}, false, maker.rivals},
		{"customers", "5m", opinions, false, maker.customers},
		{"collection", "1m", opinions[:3], false, maker.collection},
	}
}

func uid(name string, lang i18n.Language) string { return "feryat-" + name + "-" + string(lang) }

// All makes every dashboard in one language.
func All(lang i18n.Language) ([]dashboard.Dashboard, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	var list []dashboard.Dashboard
	for _, b := range boards() {
		d, err := maker{texts, lang, b.variables}.build(b)
		if err != nil {
			return nil, fmt.Errorf("make dashboard %s: %w", b.name, err)
		}
		list = append(list, d)
	}
	return list, nil
}

// JSON is a dashboard as Grafana reads it.
func JSON(d dashboard.Dashboard) ([]byte, error) {
	body, err := json.MarshalIndent(d, "", "  ")
	return append(body, '\n'), err
}

func (m maker) build(b board) (dashboard.Dashboard, error) {
	builder := dashboard.NewDashboardBuilder(m.t("product")+" – "+m.t("board."+b.name)).
		Uid(uid(b.name, m.lang)).
		Description(m.t("board."+b.name+".about")).
		Tags([]string{"feryat", string(m.lang)}).
		Readonly().
		Timezone("browser").
		Refresh(b.refresh).
		Time("now-30d", "now").
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		Link(m.links())
	for _, v := range m.variables(b.variables) {
		builder.WithVariable(v)
	}
	if b.incidents {
		builder.Annotation(m.incidents())
	}
	for _, p := range b.panels(m) {
		builder.WithPanel(p)
	}
	d, err := builder.Build()
	for i := range d.Panels { // alerts lead to a panel by its number
		id := uint32(i + 1)
		d.Panels[i].Panel.Id = &id
		m.confess(d.Panels[i].Panel)
	}
	unfold(&d)
	return d, err
}

// confess tells in a panel's description which of the dashboard's variables do not narrow it, and what hours do to the time.
func (m maker) confess(p *dashboard.Panel) {
	var idle []string
	for _, v := range m.keep {
		if !slices.ContainsFunc(p.Targets, func(q variants.Dataquery) bool { return strings.Contains(q.(query).RawSQL, "${"+v+":") }) {
			idle = append(idle, m.t("var."+v))
		}
	}
	text := *p.Description
	if slices.ContainsFunc(p.Targets, func(q variants.Dataquery) bool { return strings.Contains(q.(query).RawSQL, "argMin(seen") }) {
		text += " " + m.t("panel.whole_hours")
	}
	if len(idle) > 0 {
		text += " " + m.texts.T(m.lang, "panel.not_narrowed", strings.Join(idle, m.t("col.comma")+" "))
	}
	p.Description = &text
}

// unfold shows links and marks above the panels, and not in a menu, where the SDK puts them.
func unfold(d *dashboard.Dashboard) {
	for i := range d.Links {
		d.Links[i].Placement = nil
	}
	for i := range d.Annotations.List {
		d.Annotations.List[i].Placement = nil
	}
}

// links lead to the other dashboards of the language; what was chosen and the time go with the reader.
func (m maker) links() cog.Builder[dashboard.DashboardLink] {
	return dashboard.NewDashboardLinkBuilder(m.t("product")).Type(dashboard.DashboardLinkTypeDashboards).
		Tags([]string{"feryat", string(m.lang)}).Icon("dashboard").IncludeVars(true).KeepTime(true)
}

// incidents marks what many customers caused at once.
func (m maker) incidents() cog.Builder[dashboard.AnnotationQuery] {
	sql := m.sql(`SELECT opened AS time, excerpt AS text, {severity of severity} AS tags
FROM feryat.v_escalations
WHERE mention = '' AND $__timeFilter(opened) AND ` + byBrand + `
ORDER BY opened DESC
LIMIT 100`)
	return dashboard.NewAnnotationQueryBuilder().Name(m.t("digest.incidents")).Datasource(source()).Enable(true).IconColor(bad).Target(table(sql))
}
