package dashboards

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"

	"feryat/mention"
)

func moodList() string {
	var codes []string
	for _, mood := range mention.Moods() {
		codes = append(codes, string(mood))
	}
	return literals(codes)
}

// moodColumns count each mood in a column of its own.
func (m maker) moodColumns() string {
	var columns []string
	for _, mood := range mention.Moods() {
		columns = append(columns, fmt.Sprintf("sumIf(mentions, mood = '%s') AS %s", mood, quoted(m.t("mood."+string(mood)))))
	}
	return strings.Join(columns, ",\n  ")
}

func (m maker) overview() []cog.Builder[dashboard.Panel] {
	once := m.from(ofChoice(hours()))
	return []cog.Builder[dashboard.Panel]{
		m.figure("mentions", count, neither(), "SELECT sum(mentions) AS {ui.mentions}\nFROM"+once),
		m.figure("unhappy_share", percent, worse(0.2, 0.35), m.counted("{ui.unhappy_share}", "sumIf(mentions, "+unhappy+")", "sum(mentions)", "\nFROM"+once)).
			DataLinks(m.leads("topics")),
		m.figure("angry_share", percent, worse(0.05, 0.15), m.counted("{mood.angry}", "sumIf(mentions, mood = 'angry')", "sum(mentions)", "\nFROM"+once)),
		m.beside(m.figure("net_sentiment", points, better(0, 20), "SELECT if(sum(mentions) = 0, NULL, 100 * (toInt64(sumIf(mentions, mood = 'satisfied')) - toInt64(sumIf(mentions, "+unhappy+"))) / sum(mentions)) AS {panel.net_sentiment},\n  sum(mentions) AS {col.based_on}\nFROM"+
			once+"\nWHERE mood != 'unknown'").Decimals(0), "col.based_on"),
		m.beside(m.figure("rating", points, better(3, 4), "SELECT if(sum(ratings) = 0, NULL, 1 + 4 * sum(rating_sum) / sum(ratings)) AS {ui.rating}, sum(ratings) AS {col.ratings}\nFROM"+once).Decimals(1), "col.ratings"),
		m.change(),
		m.figure("waiting", count, worse(1, 10), "SELECT count() AS {ui.open_escalations}\nFROM feryat.v_escalations\nWHERE waiting\n  AND "+cases).DataLinks(m.leads("support")),
		m.troubled().DataLinks(m.leads("collection")),
		moodColors(m, m.stacked("moods", count, "SELECT $__timeInterval(at) AS time,\n  "+m.moodColumns()+"\nFROM"+once+"\nGROUP BY time\nORDER BY time")),
		m.compared(),
		m.topicMood(),
		m.newest(),
		m.coverage(),
	}
}

// change compares with the period before, over the sources that spoke in both.
func (m maker) change() cog.Builder[dashboard.Panel] {
	return m.figure("unhappy_change", points, worse(0.001, 5), `SELECT if(least(a, b) < 20, NULL, 100 * (y / a - z / b)) AS {col.points},
  if(least(a, b) < 20, NULL, 100 * (y / a - z / b) - error) AS {col.low}, if(least(a, b) < 20, NULL, 100 * (y / a - z / b) + error) AS {col.high}
FROM
(
  SELECT sum(n1) AS a, sum(n0) AS b, sum(y1) AS y, sum(y0) AS z, 196 * sqrt(y * (a - y) / pow(a, 3) + z * (b - z) / pow(b, 3)) AS error
  FROM
  (
    SELECT source, sumIf(mentions, late) AS n1, sumIf(mentions, NOT late) AS n0, sumIf(mentions, late AND bad) AS y1, sumIf(mentions, NOT late AND bad) AS y0
    FROM (SELECT source, mentions, `+unhappy+` AS bad, `+late+` AS late FROM`+m.from(ofChoice(hoursAgain(), "source"))+`)
    GROUP BY source
    HAVING n1 > 0 AND n0 > 0
  )
)`).Decimals(1)
}

// troubled counts the sources of which data is missing.
func (m maker) troubled() *stat.PanelBuilder {
	return m.beside(m.figure("troubled", count, worse(1, 2), "SELECT if(count() = 0, NULL, countIf(NOT healthy)) AS {panel.troubled}, count() AS {col.sources}\nFROM feryat.v_coverage\nWHERE "+bySource), "col.sources")
}

// compared says of each brand how it went on since the period before.
func (m maker) compared() cog.Builder[dashboard.Panel] {
	p := m.list("compared", `SELECT brand AS {ui.brand}, a AS {ui.mentions}, b AS {col.before}, if(least(a, b) < 20, NULL, y / a) AS {ui.unhappy_share}, if(least(a, b) < 20, NULL, z / b) AS {col.share_before},
  multiIf(least(a, b) < 20, {'col.too_few'}, y / a - z / b > error, {'digest.up'}, z / b - y / a > error, {'digest.down'}, {'digest.same'}) AS {col.change}
FROM
(
  SELECT brand, sum(n1) AS a, sum(n0) AS b, sum(y1) AS y, sum(y0) AS z, 1.96 * sqrt(y * (a - y) / pow(a, 3) + z * (b - z) / pow(b, 3)) AS error
  FROM
  (
    SELECT brand, source, sumIf(mentions, late) AS n1, sumIf(mentions, NOT late) AS n0, sumIf(mentions, late AND bad) AS y1, sumIf(mentions, NOT late AND bad) AS y0
    FROM (SELECT brand, source, mentions, `+unhappy+` AS bad, `+late+` AS late FROM`+m.from(ofChoice(hoursAgain(), "brand", "source"))+`)
    GROUP BY brand, source
    HAVING n1 > 0 AND n0 > 0
  )
  GROUP BY brand
)
ORDER BY a DESC, brand`)
	return drill(m, in(m, p, percent, "ui.unhappy_share", "col.share_before"), "ui.brand", "rivals", "brand", thisValue)
}

// topicMood paints how often a topic of complaint comes with a mood.
func (m maker) topicMood() cog.Builder[dashboard.Panel] {
	p := m.list("topic_mood", "SELECT topic AS code, {topic of topic} AS {ui.topics},\n  "+m.moodColumns()+
		"\nFROM (SELECT mood, mentions, code AS topic FROM"+m.from(ofChoice(hours()).each("topics"))+
		")\nWHERE topic != '' AND "+onlyChosen+"\nGROUP BY topic\nORDER BY sum(mentions) DESC, topic\nLIMIT 20")
	for _, mood := range mention.Moods() {
		heat(m, p, "mood."+string(mood))
	}
	return drill(m, p, "ui.topics", "topics", "topic", thisCode)
}

// newest lists unhappy customers with the words that led to the verdict.
func (m maker) newest() cog.Builder[dashboard.Panel] {
	p := m.list("newest", listed(`written AS {ui.written}, {mood of mood} AS {ui.mood}, brand AS {ui.brand}, author AS {ui.author}, leftUTF8(text, 400) AS {ui.words},
  arrayStringConcat(arrayMap(r -> r.text, arrayFilter(r -> r.weight < 0, reasons)), ' · ') AS {ui.why}, source AS {ui.source}, url AS {ui.open_original}`,
		"unhappy AND "+chosen, m.since(ofChoice(hours()), unhappy, 100), 100)).Span(24).Height(12)
	return drill(m, p, "ui.source", "overview", "source", thisValue)
}

// coverage shows every source with what went wrong, so that a gap is seen as one.
func (m maker) coverage() cog.Builder[dashboard.Panel] {
	p := m.list("coverage", `SELECT source AS {ui.source}, if(healthy, '✓', '✗') AS {ui.healthy}, last_run AS {ui.last_run}, last_mention AS {col.last_mention}, pages AS {ui.pages},
  soft_fails + failures AS {ui.trouble}, {reason of reason} AS {ui.why}
FROM feryat.v_coverage
WHERE `+bySource+`
ORDER BY healthy, source`).Span(24).Height(7)
	return drill(m, p, "ui.source", "collection", "source", thisValue)
}
