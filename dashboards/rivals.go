package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// What brands are compared by. Shared are the sources that speak of each of them: at others a brand may have its angry
// customers alone, or its fans.
const (
	byRival  = "$__conditionalAll(brand IN (${rival:singlequote}), $rival)"
	compared = "NOT own AND " + shownDays + " AND $__timeFilter(written)\n  AND (" + byBrand + " OR " + byRival + ")\n  AND " + bySource + "\n  AND " + byLanguage
	rivals   = compared + "\n  AND " + byOpinion
	ofRivals = "\nFROM feryat.v_brief\nWHERE " + rivals

	sidesView = "(" + byBrand + " OR " + byRival + ") AND " + bySource + " AND " + byLanguage
)

// sides counts what the compared brands are spoken of, about the chosen topics; of all topics without them.
func sides(by ...string) counting {
	return counting{timespan: hours(), by: by, view: sidesView, rest: byOpinion}
}

func (c counting) ofAll() counting {
	c.rest = ""
	return c
}

// shared are the sources that speak of each of the compared brands.
func (m maker) shared() string {
	all := m.from(sides("brand", "source").ofAll())
	return "source IN (SELECT source FROM" + all + "\n  GROUP BY source HAVING uniqExact(brand) = (SELECT uniqExact(brand) FROM" + all + "))"
}

func (m maker) rivals() []cog.Builder[dashboard.Panel] {
	ofBrands := "\nFROM" + m.from(sides("brand"))
	return []cog.Builder[dashboard.Panel]{
		m.bars("voice", percent, common.StackingModeNone, "SELECT brand AS {ui.brand}, sum(mentions) / sum(sum(mentions)) OVER () AS {ui.share_of_voice}"+ofBrands+"\nGROUP BY brand\nORDER BY sum(mentions) DESC, brand"),
		moodColors(m, m.bars("mood_by_brand", count, common.StackingModePercent, "SELECT brand AS {ui.brand},\n  "+m.moodColumns()+ofBrands+"\nGROUP BY brand\nORDER BY sum(mentions) DESC, brand")),
		m.complaintRate(),
		m.chart("unhappy_by_brand", percent, "SELECT $__timeInterval(at) AS time, brand, if(sum(mentions) < 10, NULL, sumIf(mentions, "+unhappy+") / sum(mentions)) AS {ui.unhappy_share}\nFROM"+
			m.from(sides("brand", "source"))+"\nWHERE "+m.shared()+"\nGROUP BY time, brand\nORDER BY time, brand").Interval("1d").DisplayName("${__field.labels.brand}").Span(12).Min(0),
		m.topicsByBrand(),
		m.theirs(),
		m.switches(),
		m.theirUnhappy(),
	}
}

// complaintRate ranks by how many of a hundred mentions are unhappy, at the sources that all compared brands share.
func (m maker) complaintRate() cog.Builder[dashboard.Panel] {
	low, high := interval("y", "n")
	p := m.list("complaint_rate", "SELECT brand AS {ui.brand}, n AS {ui.mentions}, y AS {ui.unhappy}, 100 * y / n AS {col.per_100}, 100 * "+low+" AS {col.low}, 100 * "+high+
		" AS {col.high}\nFROM (SELECT brand, sum(mentions) AS n, sumIf(mentions, "+unhappy+") AS y FROM"+m.from(sides("brand", "source"))+"\n  WHERE "+m.shared()+
		"\n  GROUP BY brand)\nORDER BY y / n, brand").Decimals(0).NoValue(m.t("col.no_shared"))
	return drill(m, heat(m, p, "col.per_100"), "ui.brand", "overview", "brand", thisValue)
}

// byTopicAndBrand are the complaints of each brand about each topic (y) of its mentions (n), and those of all (ya, na).
func (m maker) byTopicAndBrand() string {
	all := sides("brand", "source").ofAll()
	return `
(
  SELECT brand, topic, y, n, sum(y) OVER (PARTITION BY topic) AS ya, na
  FROM
  (
    SELECT brand, topic, sum(mentions) AS y
    FROM (SELECT brand, source, mentions, code AS topic FROM` + m.from(all.each("topics")) + `)
    WHERE topic != '' AND ` + onlyChosen + ` AND ` + m.shared() + `
    GROUP BY brand, topic
  ) AS complaints
  INNER JOIN (SELECT brand, sum(mentions) AS n, sum(sum(mentions)) OVER () AS na FROM` + m.from(all) + ` WHERE ` + m.shared() + ` GROUP BY brand) AS mentions USING (brand)
)`
}

func (m maker) topicsByBrand() cog.Builder[dashboard.Panel] {
	low, high := interval("y", "n")
	p := m.list("topics_by_brand", "SELECT topic AS code, {topic of topic} AS {ui.topics}, brand AS {ui.brand}, y AS {ui.complaints}, 100 * y / n AS {col.per_100}, 100 * "+low+" AS {col.low}, 100 * "+high+" AS {col.high}\nFROM"+
		m.byTopicAndBrand()+"\nORDER BY ya DESC, topic, y / n DESC, brand\nLIMIT 100").Decimals(0)
	return drill(m, drill(m, heat(m, p, "col.per_100"), "ui.topics", "topics", "topic", thisCode), "ui.brand", "overview", "brand", thisValue)
}

// theirs are topics of which a rival's customers complain more than all others', by more than chance: the difference of
// two shares in standard errors.
func (m maker) theirs() cog.Builder[dashboard.Panel] {
	p := m.list("theirs", `SELECT brand AS {ui.brand}, topic AS code, {topic of topic} AS {ui.topics}, y AS {ui.complaints}, 100 * y / n AS {col.per_100}, 100 * (ya - y) / (na - n) AS {col.others_per_100}
FROM`+m.byTopicAndBrand()+`
WHERE `+byRival+` AND na > n AND y >= 5 AND y / n - (ya - y) / (na - n) > 1.96 * sqrt(ya / na * (1 - ya / na) * (1 / n + 1 / (na - n)))
ORDER BY y / n - (ya - y) / (na - n) DESC, brand, topic
LIMIT 50`).Decimals(0).NoValue(m.t("col.no_difference"))
	return drill(m, heat(m, p, "col.per_100"), "ui.topics", "topics", "topic", thisCode)
}

// switches counts moves once, whichever brand's eyes they were seen with.
func (m maker) switches() cog.Builder[dashboard.Panel] {
	return heat(m, m.list("switches", "SELECT switch_from AS {col.left_brand}, switch_to AS {col.new_brand}, "+mentions("1")+" AS {ui.mentions}, uniqExactIf(who, who != 0) AS {col.customers}, max(written) AS {col.newest}"+
		ofRivals+" AND (switch_from != '' OR switch_to != '')\nGROUP BY switch_from, switch_to\nORDER BY "+mentions("1")+" DESC, switch_from, switch_to\nLIMIT 50"), "ui.mentions")
}

func (m maker) theirUnhappy() cog.Builder[dashboard.Panel] {
	theirs := sides()
	theirs.view = byRival + " AND " + bySource + " AND " + byLanguage
	p := m.list("their_unhappy", listed(`written AS {ui.written}, brand AS {ui.brand}, {mood of mood} AS {ui.mood}, arrayStringConcat(arrayMap(x -> {topic of x}, topics), ' · ') AS {ui.topics}, leftUTF8(text, 400) AS {ui.words},
  source AS {ui.source}, url AS {ui.open_original}`, rivals+" AND unhappy AND "+byRival, m.since(theirs, unhappy, 100), 100))
	return drill(m, p, "ui.brand", "overview", "brand", thisValue)
}
