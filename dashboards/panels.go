package dashboards

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	tablepanel "github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"

	"feryat/mention"
)

// color is each mood's, the same as on the built-in page.
func color(m mention.Mood) string {
	return map[mention.Mood]string{
		mention.Angry: "#a61c28", mention.Dissatisfied: "#dd7a3a", mention.Mixed: "#b99420",
		mention.Neutral: "#8b96a5", mention.Satisfied: "#2f8f5b", mention.Unknown: "#c3cad3",
	}[m]
}

// quoted makes s an identifier of ClickHouse.
func quoted(s string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(s) + "`"
}

func (m maker) figure(title, sql string) *stat.PanelBuilder {
	return stat.NewPanelBuilder().Title(title).Datasource(source()).WithTarget(table(sql)).
		Height(4).Span(6).GraphMode(common.BigValueGraphModeNone).ColorMode(common.BigValueColorModeValue)
}

// mentions counts what customers said.
func (m maker) mentions() cog.Builder[dashboard.Panel] {
	return m.figure(m.t("ui.mentions"), "SELECT count() AS "+quoted(m.t("ui.mentions"))+"\nFROM feryat.v_mentions\nWHERE "+chosen)
}

// unhappy is the share of angry and dissatisfied customers; no data is no share, not zero.
func (m maker) unhappy() cog.Builder[dashboard.Panel] {
	return m.figure(m.t("ui.unhappy_share"), "SELECT if(count() = 0, NULL, countIf(unhappy) / count()) AS "+quoted(m.t("ui.unhappy_share"))+
		"\nFROM feryat.v_mentions\nWHERE "+chosen).Unit("percentunit").Decimals(0).NoValue("–")
}

// waiting counts open escalations, whatever the time shown: they wait now.
func (m maker) waiting() cog.Builder[dashboard.Panel] {
	return m.figure(m.t("ui.open_escalations"), "SELECT count() AS "+quoted(m.t("ui.open_escalations"))+
		"\nFROM feryat.v_escalations\nWHERE waiting AND $__conditionalAll(brand IN (${brand:singlequote}), $brand)").
		Thresholds(colors("#2f8f5b", 1, "#a61c28"))
}

// healthy says how many sources gave something in their last run.
func (m maker) healthy() cog.Builder[dashboard.Panel] {
	return m.figure(m.t("ui.coverage"), "SELECT concat(toString(countIf(healthy)), ' / ', toString(count())) AS "+quoted(m.t("ui.coverage"))+
		"\nFROM feryat.v_coverage\nWHERE $__conditionalAll(source IN (${source:singlequote}), $source)").
		ReduceOptions(common.NewReduceDataOptionsBuilder().Values(false).Calcs([]string{"lastNotNull"}).Fields("/.*/"))
}

func colors(below string, at float64, above string) cog.Builder[dashboard.ThresholdsConfig] {
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).
		Steps([]dashboard.Threshold{{Color: below}, {Value: &at, Color: above}})
}

// moods stacks the moods over time, the worst at the bottom.
func (m maker) moods() cog.Builder[dashboard.Panel] {
	columns := []string{"$__timeInterval(written) AS time"}
	p := timeseries.NewPanelBuilder().Title(m.t("ui.mood_over_time")).Datasource(source()).Height(9).Span(24).
		DrawStyle(common.GraphDrawStyleBars).FillOpacity(90).LineWidth(0).Interval("1h").
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal)).
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).Placement(common.LegendPlacementBottom))
	for _, mood := range mention.Moods() {
		name := m.t("mood." + string(mood))
		columns = append(columns, fmt.Sprintf("countIf(mood = '%s') AS %s", mood, quoted(name)))
		p.OverrideByName(name, []dashboard.DynamicConfigValue{{Id: "color", Value: map[string]any{"mode": "fixed", "fixedColor": color(mood)}}})
	}
	return p.WithTarget(series("SELECT " + strings.Join(columns, ",\n  ") + "\nFROM feryat.v_mentions\nWHERE " + chosen + "\nGROUP BY time\nORDER BY time"))
}

func (m maker) list(title, sql string) *tablepanel.PanelBuilder {
	return tablepanel.NewPanelBuilder().Title(title).Datasource(source()).WithTarget(table(sql)).Height(9).Span(12).ShowHeader(true)
}

// topics ranks what is complained about; praise of the same thing stands beside it.
func (m maker) topics() cog.Builder[dashboard.Panel] {
	return m.list(m.t("ui.topics"), "SELECT "+m.translated("topic", "topic")+" AS "+quoted(m.t("ui.topics"))+
		",\n  countIf(complained) AS "+quoted(m.t("ui.complaints"))+",\n  countIf(NOT complained) AS "+quoted(m.t("ui.praise"))+
		"\nFROM (SELECT arrayJoin(arrayConcat(arrayMap(x -> (x, true), topics), arrayMap(x -> (x, false), praise))) AS pair, pair.1 AS topic, pair.2 AS complained"+
		"\n  FROM feryat.v_mentions\n  WHERE "+chosen+")\nGROUP BY topic\nORDER BY countIf(complained) DESC, topic\nLIMIT 20")
}

// brands is the share of voice and the mood of brand and rivals.
func (m maker) brands() cog.Builder[dashboard.Panel] {
	return m.list(m.t("ui.share_of_voice"), "SELECT brand AS "+quoted(m.t("ui.brand"))+",\n  count() AS "+quoted(m.t("ui.mentions"))+
		",\n  round(count() / sum(count()) OVER (), 3) AS "+quoted(m.t("ui.share_of_voice"))+
		",\n  round(countIf(unhappy) / count(), 3) AS "+quoted(m.t("ui.unhappy_share"))+
		",\n  round(avgIf(score, mood != 'unknown'), 2) AS "+quoted(m.t("ui.score"))+
		"\nFROM feryat.v_mentions\nWHERE from_customer AND $__timeFilter(written)\nGROUP BY brand\nORDER BY count() DESC, brand").
		OverrideByName(m.t("ui.share_of_voice"), percent()).OverrideByName(m.t("ui.unhappy_share"), percent())
}

func percent() []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{{Id: "unit", Value: "percentunit"}}
}

// escalations lists what waits for a person, the most urgent first.
func (m maker) escalations() cog.Builder[dashboard.Panel] {
	return m.list(m.t("ui.open_escalations"), "SELECT opened AS "+quoted(m.t("ui.opened"))+",\n  "+m.translated("severity", "severity")+" AS "+quoted(m.t("ui.priority"))+
		",\n  brand AS "+quoted(m.t("ui.brand"))+",\n  excerpt AS "+quoted(m.t("ui.words"))+",\n  url AS "+quoted(m.t("ui.open_original"))+
		"\nFROM feryat.v_escalations\nWHERE waiting AND $__conditionalAll(brand IN (${brand:singlequote}), $brand)\nORDER BY priority, opened DESC\nLIMIT 100").Span(24).
		NoValue(m.t("ui.no_escalations"))
}

// newest lists unhappy customers with the words that led to the verdict.
func (m maker) newest() cog.Builder[dashboard.Panel] {
	return m.list(m.t("ui.newest_unhappy"), "SELECT written AS "+quoted(m.t("ui.written"))+",\n  "+m.translated("mood", "mood")+" AS "+quoted(m.t("ui.score"))+
		",\n  brand AS "+quoted(m.t("ui.brand"))+",\n  author AS "+quoted(m.t("ui.author"))+",\n  text AS "+quoted(m.t("ui.words"))+
		",\n  arrayStringConcat(arrayMap(r -> r.text, arrayFilter(r -> r.weight < 0, reasons)), ' · ') AS "+quoted(m.t("ui.why"))+
		",\n  source AS "+quoted(m.t("ui.source"))+",\n  url AS "+quoted(m.t("ui.open_original"))+
		"\nFROM feryat.v_mentions\nWHERE unhappy AND "+chosen+"\nORDER BY written DESC, id\nLIMIT 100").Span(24).Height(12)
}

// coverage shows every source with what went wrong, so that a gap is seen as one.
func (m maker) coverage() cog.Builder[dashboard.Panel] {
	return m.list(m.t("ui.coverage"), "SELECT source AS "+quoted(m.t("ui.source"))+",\n  if(healthy, '✓', '✗') AS "+quoted(m.t("ui.healthy"))+
		",\n  last_run AS "+quoted(m.t("ui.last_run"))+",\n  pages AS "+quoted(m.t("ui.pages"))+
		",\n  soft_fails + failures AS "+quoted(m.t("ui.trouble"))+",\n  "+m.translated("reason", "reason")+" AS "+quoted(m.t("ui.why"))+
		"\nFROM feryat.v_coverage\nWHERE $__conditionalAll(source IN (${source:singlequote}), $source)\nORDER BY healthy, source").Span(24).Height(7)
}

// translated shows the codes of a column by their words, an unknown code as itself.
func (m maker) translated(family, column string) string {
	codes, words := m.texts.Family(family, m.lang)
	if len(codes) == 0 {
		return column
	}
	return fmt.Sprintf("transform(toString(%s), [%s], [%s], toString(%[1]s))", column, literals(codes), literals(words))
}

func literals(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
	}
	return strings.Join(out, ", ")
}
