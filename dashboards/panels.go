package dashboards

import (
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	tablepanel "github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"

	"feryat/mention"
)

// Colors of what is good, what to look at and what is bad.
const (
	good = "#2f8f5b"
	fair = "#b99420"
	bad  = "#a61c28"
)

// Grafana's names of the units.
const (
	percent = "percentunit" // of 0 to 1
	count   = "short"
	spans   = "s"
	points  = "none"
)

// color is each mood's, the same as on the built-in page.
func color(m mention.Mood) string {
	return map[mention.Mood]string{
		mention.Angry: bad, mention.Dissatisfied: "#dd7a3a", mention.Mixed: fair,
		mention.Neutral: "#8b96a5", mention.Satisfied: good, mention.Unknown: "#c3cad3",
	}[m]
}

// steps of color: the first below all bounds, each other from its bound on.
type bounds struct {
	first string
	at    []bound
}

type bound struct {
	from  float64
	color string
}

// worse is for figures of which less is better, better for the others.
func worse(fairAt, badAt float64) bounds { return bounds{good, []bound{{fairAt, fair}, {badAt, bad}}} }
func better(fairAt, goodAt float64) bounds {
	return bounds{bad, []bound{{fairAt, fair}, {goodAt, good}}}
}

// neither is for figures that are not good or bad in themselves.
func neither() bounds { return bounds{"text", nil} }

func (b bounds) thresholds() cog.Builder[dashboard.ThresholdsConfig] {
	steps := []dashboard.Threshold{{Color: b.first}}
	for _, x := range b.at {
		steps = append(steps, dashboard.Threshold{Value: &x.from, Color: x.color})
	}
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(steps)
}

// figure shows one number large; further columns stand beside it. Four fit into a row.
func (m maker) figure(key, unit string, b bounds, sql string) *stat.PanelBuilder {
	p := stat.NewPanelBuilder().Title(m.t("panel." + key)).Description(m.t("panel." + key + ".about")).Datasource(source()).WithTarget(table(m.sql(sql))).
		Height(4).Span(6).GraphMode(common.BigValueGraphModeNone).ColorMode(common.BigValueColorModeValue).NoValue("–").
		Unit(unit).Thresholds(b.thresholds()).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Values(false).Calcs([]string{"lastNotNull"}).Fields("/.*/"))
	if unit == percent {
		p.Decimals(0)
	}
	for _, end := range []string{"col.low", "col.high"} {
		p.OverrideByName(m.t(end), []dashboard.DynamicConfigValue{uncolored()})
	}
	return p
}

// uncolored keeps what is neither good nor bad from the thresholds of the figure beside it.
func uncolored() dashboard.DynamicConfigValue {
	return fixed("text")[0]
}

// beside shows columns of a figure as the plain counts that it rests on.
func (m maker) beside(p *stat.PanelBuilder, keys ...string) *stat.PanelBuilder {
	for _, key := range keys {
		p.OverrideByName(m.t(key), []dashboard.DynamicConfigValue{{Id: "unit", Value: count}, {Id: "decimals", Value: 0}, uncolored()})
	}
	return p
}

// chart draws series over time; bars of counts stand on one another.
func (m maker) chart(key, unit, sql string) *timeseries.PanelBuilder {
	return timeseries.NewPanelBuilder().Title(m.t("panel." + key)).Description(m.t("panel." + key + ".about")).Datasource(source()).WithTarget(series(m.sql(sql))).
		Height(9).Span(24).Unit(unit).Interval("1h").NoValue("–").
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).Placement(common.LegendPlacementBottom).DisplayMode(common.LegendDisplayModeList))
}

func (m maker) stacked(key, unit, sql string) *timeseries.PanelBuilder {
	return m.chart(key, unit, sql).DrawStyle(common.GraphDrawStyleBars).FillOpacity(90).LineWidth(0).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal))
}

// bars compares things side by side: the first column names them, each other is a part of their bar.
func (m maker) bars(key, unit string, mode common.StackingMode, sql string) *barchart.PanelBuilder {
	return barchart.NewPanelBuilder().Title(m.t("panel." + key)).Description(m.t("panel." + key + ".about")).Datasource(source()).WithTarget(table(m.sql(sql))).
		Height(9).Span(12).Unit(unit).NoValue("–").Stacking(mode).ShowValue(common.VisibilityModeAuto).Orientation(common.VizOrientationHorizontal).
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).Placement(common.LegendPlacementBottom).DisplayMode(common.LegendDisplayModeList))
}

func (m maker) list(key, sql string) *tablepanel.PanelBuilder {
	return tablepanel.NewPanelBuilder().Title(m.t("panel."+key)).Description(m.t("panel."+key+".about")).Datasource(source()).WithTarget(table(m.sql(sql))).
		Height(9).Span(12).ShowHeader(true).NoValue("–").Filterable(true).
		OverrideByName("code", []dashboard.DynamicConfigValue{ // by the name before Grafana 12.2 and since
			{Id: "custom.hidden", Value: true}, {Id: "custom.hideFrom", Value: map[string]bool{"viz": true, "legend": false, "tooltip": false}}}).
		OverrideByName(m.t("ui.open_original"), link(m.t("ui.open_original"), "${__value.raw}"))
}

// overridden is any panel whose columns can be told apart.
type overridden[P any] interface {
	OverrideByName(name string, properties []dashboard.DynamicConfigValue) P
}

// in gives columns, named by their keys, a unit.
func in[P overridden[P]](m maker, p P, unit string, keys ...string) P {
	for _, key := range keys {
		properties := []dashboard.DynamicConfigValue{{Id: "unit", Value: unit}}
		if unit == percent {
			properties = append(properties, dashboard.DynamicConfigValue{Id: "decimals", Value: 0})
		}
		p.OverrideByName(m.t(key), properties)
	}
	return p
}

// heat paints the cells of columns, the more the redder.
func heat[P overridden[P]](m maker, p P, keys ...string) P {
	for _, key := range keys {
		p.OverrideByName(m.t(key), []dashboard.DynamicConfigValue{
			{Id: "color", Value: map[string]any{"mode": "continuous-YlRd"}},
			{Id: "custom.cellOptions", Value: map[string]any{"type": "color-background", "mode": "gradient"}}})
	}
	return p
}

// moodColors gives the series of each mood its color.
func moodColors[P overridden[P]](m maker, p P) P {
	for _, mood := range mention.Moods() {
		colored(m, p, color(mood), "mood."+string(mood))
	}
	return p
}

// colored gives the series of keys their colors.
func colored[P overridden[P]](m maker, p P, color string, keys ...string) P {
	for _, key := range keys {
		p.OverrideByName(m.t(key), fixed(color))
	}
	return p
}

func fixed(color string) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{{Id: "color", Value: map[string]any{"mode": "fixed", "fixedColor": color}}}
}

// drill makes the cells of a column lead to another dashboard, narrowed to what their row is about. Value is what
// Grafana shall put in, such as ${__value.raw}; time and all other variables stay as they are.
func drill[P overridden[P]](m maker, p P, key, board, variable, value string) P {
	p.OverrideByName(m.t(key), link(m.t("board."+board), m.to(board, variable, value)))
	return p
}

const (
	thisValue = "${__value.raw:percentencode}"
	thisCode  = "${__data.fields.code:percentencode}"
)

func (m maker) to(board, variable, value string) string {
	kept := []string{"${__url_time_range}", "${datasource:queryparam}"}
	for _, v := range m.keep {
		if v != variable {
			kept = append(kept, "${"+v+":queryparam}")
		}
	}
	if variable != "" {
		kept = append(kept, "var-"+variable+"="+value)
	}
	return "/d/" + uid(board, m.lang) + "?" + strings.Join(kept, "&")
}

func link(title, url string) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{{Id: "links", Value: []map[string]any{{"title": title, "url": url}}}}
}

// leads makes a whole panel lead to another dashboard.
func (m maker) leads(board string) []cog.Builder[dashboard.DashboardLink] {
	return []cog.Builder[dashboard.DashboardLink]{dashboard.NewDashboardLinkBuilder(m.t("board." + board)).Type(dashboard.DashboardLinkTypeLink).Url(m.to(board, "", ""))}
}
