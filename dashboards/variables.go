package dashboards

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// What narrows a question to the chosen values. A mention is about a topic when it complains of it or praises it.
const (
	byBrand    = "$__conditionalAll(brand IN (${brand:singlequote}), $brand)"
	bySource   = "$__conditionalAll(source IN (${source:singlequote}), $source)"
	byLanguage = "$__conditionalAll(language IN (${language:singlequote}), $language)"
	byProduct  = "$__conditionalAll(product IN (${product:singlequote}), $product)"
	byTopic    = "$__conditionalAll(hasAny(topics, [${topic:singlequote}]), $topic)"
	byOpinion  = "$__conditionalAll(hasAny(arrayConcat(topics, praise), [${topic:singlequote}]), $topic)"
)

// What a question is asked of: the mentions of customers in brief, their escalations, the clocks of these. Of cases only those
// are reckoned that something happened to since the beginning of the time shown, or was due to.
const (
	anyTopic  = "NOT own\n  AND " + byBrand + "\n  AND " + bySource + "\n  AND " + byLanguage + "\n  AND " + byProduct
	narrowed  = anyTopic + "\n  AND " + byOpinion
	chosen    = shownDays + " AND $__timeFilter(written) AND " + narrowed
	cases     = byBrand + "\n  AND " + bySource + "\n  AND " + byLanguage + "\n  AND " + byTopic + "\n  AND " + byProduct
	promises  = "counted AND $__timeFilter(decided)\n  AND id IN (SELECT escalation FROM feryat.escalation_events WHERE greatest(at, due, answered_at, resolved_at) >= $__fromTime)\n  AND " + cases
	people    = byBrand + " AND " + bySource
	collected = shownDays + " AND $__timeFilter(written) AND NOT own\n  AND " + byBrand + "\n  AND " + bySource + "\n  AND " + byLanguage

	// ofAnyTopic is what the share of a topic is taken of: of those that speak of the chosen topic it would be nearly all.
	ofAnyTopic = shownDays + " AND $__timeFilter(written) AND " + anyTopic

	// shownDays narrow to the partitions of the time shown: written alone cannot.
	shownDays = "day >= toDate($__fromTime, 'UTC') AND day <= toDate($__toTime, 'UTC')"

	// late is in the time shown, and not as long a time before it.
	late = "at >= " + firstHour

	// unhappy is the mood of what was counted.
	unhappy = "mood IN ('angry', 'dissatisfied')"
)

// offers are the questions for the values of the variables: a value, or a value and the words for it. They read the
// roll-ups where those have what is asked for.
func (m maker) offers() map[string]string {
	const daily = "\nFROM feryat.rollup_day\nWHERE $__dateFilter(day)"
	return map[string]string{
		"brand":    "SELECT DISTINCT brand" + daily + "\nORDER BY brand",
		"rival":    "SELECT DISTINCT brand" + daily + " AND $__conditionalAll(brand NOT IN (${brand:singlequote}), $brand)\nORDER BY brand",
		"source":   "SELECT DISTINCT source" + daily + " AND " + byBrand + "\nORDER BY source",
		"language": m.sql("SELECT DISTINCT language, {lang of language} AS words" + daily + " AND " + byBrand + " AND " + bySource + "\nORDER BY words"),
		"topic": m.sql("SELECT DISTINCT topic, {topic of topic} AS words\nFROM feryat.rollup_topic\nWHERE $__dateFilter(day) AND " + byBrand + " AND " + bySource +
			" AND " + byLanguage + "\nORDER BY words"),
		"product": "SELECT DISTINCT product\nFROM feryat.v_brief\nWHERE product != '' AND NOT own AND " + shownDays + " AND $__timeFilter(written)\n  AND " + byBrand + "\n  AND " + bySource +
			"\n  AND " + byLanguage + "\n  AND " + byOpinion + "\nORDER BY product\nLIMIT 1000",
	}
}

// filterable are the columns that ad hoc filters offer. The plugin takes the filtered table from this query: left to find
// it in the SQL of a panel, it fails where its parser, which is PostgreSQL's, does not know ClickHouse's own syntax.
const filterable = "SELECT DISTINCT brand, source, source_kind, kind, product, language, mood, origin, lexicon FROM feryat.v_mentions LIMIT 1000"

// variables are the data source, those of a dashboard, and filters on further columns.
func (m maker) variables(names []string) []cog.Builder[dashboard.VariableModel] {
	feryat, uid, view := "feryat", DatasourceUID, filterable
	list := []cog.Builder[dashboard.VariableModel]{
		dashboard.NewDatasourceVariableBuilder("datasource").Label(m.t("var.datasource")).Type(pluginID).
			Current(dashboard.VariableOption{Text: dashboard.StringOrArrayOfString{String: &feryat}, Value: dashboard.StringOrArrayOfString{String: &uid}}),
	}
	for _, name := range names {
		sql := m.offers()[name]
		list = append(list, dashboard.NewQueryVariableBuilder(name).Label(m.t("var."+name)).Datasource(source()).
			Query(dashboard.StringOrMap{String: &sql}).Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Multi(true).IncludeAll(true).
			Current(dashboard.VariableOption{Text: dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}}, Value: dashboard.StringOrArrayOfString{ArrayOfString: []string{"$__all"}}}))
	}
	return append(list,
		dashboard.NewAdHocVariableBuilder("filters").Label(m.t("var.filters")).Description(m.t("var.filters.about")).Datasource(source()),
		dashboard.NewConstantVariableBuilder("clickhouse_adhoc_query").Value(dashboard.StringOrMap{String: &view}))
}

// sql fills in words: {ui.brand} becomes a column's name, {'ui.brand'} a text, {topic of x} the words for the codes in x.
func (m maker) sql(text string) string {
	words := regexp.MustCompile(`\{('?)(\w+(?:\.\w+)+)'?\}|\{(\w+) of (\w+(?:\.\w+)?)\}`)
	return words.ReplaceAllStringFunc(text, func(found string) string {
		switch x := words.FindStringSubmatch(found); {
		case x[3] != "":
			return m.translated(x[3], x[4])
		case x[1] != "":
			return literals([]string{m.t(x[2])})
		default:
			return quoted(m.t(x[2]))
		}
	})
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

// quoted makes s an identifier of ClickHouse.
func quoted(s string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(s) + "`"
}

// mentions counts rows of v_brief for which a condition holds, each mention once: most are seen by one brand.
func mentions(condition string) string {
	return "countIf(twin = 0 AND " + condition + ") + uniqExactIf(twin, twin != 0 AND " + condition + ")"
}

// interval are the ends of Wilson's 95 % interval of a share (z = 1.96): it stays between 0 and 1 and says how little few tell.
func interval(yes, n string) (low, high string) {
	middle := "(" + yes + " + 1.9208) / (" + n + " + 3.8416)"
	half := "1.96 * sqrt(" + yes + " * (" + n + " - " + yes + ") / " + n + " + 0.9604) / (" + n + " + 3.8416)"
	return "if(" + n + " = 0, NULL, greatest(0, " + middle + " - " + half + "))", "if(" + n + " = 0, NULL, least(1, " + middle + " + " + half + "))"
}

// share are the columns of a share and its interval; without any there is no share, not zero.
func (m maker) share(name, yes, n string) string {
	low, high := interval(yes, n)
	return "if(" + n + " = 0, NULL, " + yes + " / " + n + ") AS " + name + ",\n  " + low + " AS " + quoted(m.t("col.low")) + ",\n  " + high + " AS " + quoted(m.t("col.high"))
}
