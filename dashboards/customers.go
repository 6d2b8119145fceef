package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	tablepanel "github.com/grafana/grafana-foundation-sdk/go/table"
)

// What is told of customers rests on their own words: the kinds and signals of each text.
const (
	leaving  = "(has(customer, 'at_risk') OR has(signals, 'churn')) AND NOT " + gone
	gone     = "(has(customer, 'churned') OR switch_from = brand AND switch_from != '')"
	friends  = "(has(customer, 'advocate') OR has(signals, 'advocacy')) AND NOT unhappy"
	asking   = "(kind = 'question' OR has(signals, 'question'))"
	unspoken = "id NOT IN (SELECT parent_id FROM feryat.v_brief WHERE own AND day >= toDate($__fromTime, 'UTC') AND written >= $__fromTime)"
	customer = "uniqExact(who)"
	named    = "who != 0"
)

func (m maker) customers() []cog.Builder[dashboard.Panel] {
	const from = "\nFROM feryat.v_brief\nWHERE " + chosen + "\n  AND "
	return []cog.Builder[dashboard.Panel]{
		m.figure("at_risk_count", count, worse(1, 10), "SELECT "+customer+" AS {customer.at_risk}"+from+named+" AND "+leaving).DataLinks(m.leads("support")),
		m.figure("churned_count", count, worse(1, 10), "SELECT "+customer+" AS {customer.churned}"+from+named+" AND "+gone),
		m.figure("advocate_count", count, better(1, 5), "SELECT "+customer+" AS {customer.advocate}"+from+named+" AND "+friends),
		m.figure("question_count", count, worse(1, 10), "SELECT "+mentions("1")+" AS {panel.question_count}"+from+asking+" AND "+unspoken),
		m.codes("kinds", "customer", "{ui.customer}", "{customer of code}"),
		m.codes("value_signals", "signals", "{ui.signals}", "{signal of code}"),
		m.churned(),
		m.advocates(),
		m.newestOf("thanks", "mood = 'satisfied' AND notEmpty(praise) AND "+unspoken, "arrayMap(x -> {topic of x}, praise)", "ui.praise"),
		m.newestOf("questions", asking+" AND "+unspoken, "arrayMap(x -> {topic of x}, topics)", "ui.topics"),
		m.newestOf("leaving", leaving, "arrayMap(x -> {signal of x}, signals)", "ui.signals").Span(24),
	}
}

// codes counts the mentions with each code of a column; so few as to say nothing show how wide their interval is.
func (m maker) codes(key, column, title, words string) cog.Builder[dashboard.Panel] {
	p := m.list(key, "SELECT "+words+" AS "+title+", n AS {ui.mentions}, "+m.share("{ui.unhappy_share}", "y", "n")+`
FROM
(
  SELECT code, sum(mentions) AS n, sumIf(mentions, `+unhappy+`) AS y
  FROM`+m.from(ofChoice(hours()).each(column))+`
  WHERE code != ''
  GROUP BY code
)
ORDER BY n DESC, code`)
	return heat(m, in(m, p, percent, "ui.unhappy_share", "col.low", "col.high"), "ui.mentions")
}

// churned says what those who left complained of, and where they went.
func (m maker) churned() cog.Builder[dashboard.Panel] {
	p := m.list("churned_why", `SELECT topic AS code, {topic of topic} AS {ui.topics}, `+customer+` AS {col.customers}, arrayStringConcat(topKIf(3)(switch_to, switch_to != ''), ' · ') AS {col.new_brand}
FROM (SELECT who, switch_to, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_brief WHERE `+chosen+` AND `+named+` AND `+gone+`)
WHERE `+onlyChosen+`
GROUP BY topic
ORDER BY `+customer+` DESC, topic
LIMIT 30`)
	return drill(m, heat(m, p, "col.customers"), "ui.topics", "topics", "topic", thisCode)
}

// advocates are those who speak well of a brand, by how many follow them.
func (m maker) advocates() cog.Builder[dashboard.Panel] {
	most := `
(
  SELECT source, brand, argMax((name, day, id), (written, id)) AS newest, max(followers) AS most, count() AS n, max(written) AS at
  FROM (SELECT source, brand, author AS person, name, day, id, written, followers FROM feryat.v_brief WHERE ` + chosen + ` AND ` + named + ` AND ` + friends + `)
  GROUP BY source, brand, person
  ORDER BY most DESC, n DESC, person, source, brand
  LIMIT 50
)`
	p := m.list("advocates", `SELECT newest.1 AS {ui.author}, source AS {ui.source}, found.brand AS {ui.brand}, most AS {col.followers}, n AS {ui.mentions}, at AS {col.newest}, url AS {ui.open_original}
FROM`+most+` AS found
INNER JOIN (SELECT brand, day, id, url FROM feryat.v_mentions WHERE `+shownDays+` AND (brand, day, id) IN (SELECT brand, newest.2, newest.3 FROM`+most+`)) AS said ON found.brand = said.brand AND found.newest.2 = said.day AND found.newest.3 = said.id
ORDER BY most DESC, n DESC, newest.1, source, found.brand`)
	return drill(m, in(m, p, count, "col.followers"), "ui.brand", "overview", "brand", thisValue)
}

// newestOf lists the newest texts of which something holds, with words from a column beside them.
func (m maker) newestOf(key, condition, words, title string) *tablepanel.PanelBuilder {
	p := m.list(key, listed("written AS {ui.written}, author AS {ui.author}, brand AS {ui.brand}, product AS {var.product}, arrayStringConcat("+words+", ' · ') AS {"+title+`}, leftUTF8(text, 400) AS {ui.words},
  source AS {ui.source}, url AS {ui.open_original}`, chosen+" AND "+condition, "$__fromTime", 100))
	return drill(m, p, "ui.brand", "overview", "brand", thisValue)
}
