package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// onlyChosen leaves of the topics of the chosen mentions those that were chosen.
const onlyChosen = "$__conditionalAll(topic IN (${topic:singlequote}), $topic)"

func (m maker) topics() []cog.Builder[dashboard.Panel] {
	of := func(codes string) string { return m.from(ofChoice(hours()).each(codes)) }
	all := "(SELECT sum(mentions) FROM" + m.from(ofChoice(hours())) + ")"
	bad := "(SELECT sumIf(mentions, " + unhappy + ") FROM" + m.from(ofChoice(hours())) + ")"
	return []cog.Builder[dashboard.Panel]{
		m.figure("complaining", percent, worse(0.25, 0.45), m.counted("{ui.complaints}", "(SELECT sumIf(mentions, code = '') FROM"+of("topics")+")", all, "")),
		m.figure("praising", percent, better(0.1, 0.3), m.counted("{ui.praise}", "(SELECT sumIf(mentions, code = '') FROM"+of("praise")+")", all, "")).DataLinks(m.leads("customers")),
		m.figure("without_topic", percent, worse(0.2, 0.4), m.counted("{panel.without_topic}", bad+" - (SELECT sumIf(mentions, code = '' AND "+unhappy+") FROM"+of("topics")+")", bad, "")),
		m.figure("hurt_products", count, worse(1, 5), "SELECT count() AS {panel.hurt_products}\nFROM (SELECT "+mentions("1")+" AS n, "+mentions("unhappy")+" AS y FROM feryat.v_brief WHERE product != '' AND "+chosen+
			"\n  GROUP BY product HAVING n >= 5 AND y >= n / 2)"),
		m.ranking(),
		m.productTopics(),
		m.chart("topic_trend", count, "SELECT $__timeInterval(at) AS time, {topic of topic} AS words, sum(mentions) AS {ui.complaints}\nFROM (SELECT at, code AS topic, mentions FROM"+of("topics")+
			")\nWHERE topic != '' AND "+onlyChosen+" AND topic IN (SELECT code FROM"+of("topics")+"\n  WHERE code != '' GROUP BY code ORDER BY sum(mentions) DESC, code LIMIT 8)\nGROUP BY time, topic\nORDER BY time, words").
			Interval("1d").DisplayName("${__field.labels.words}"),
		m.drivers(),
		m.examples(),
	}
}

// ranking compares counts as Poisson's, over the sources that spoke in both periods.
func (m maker) ranking() cog.Builder[dashboard.Panel] {
	both := ofChoice(hoursAgain(), "source")
	p := m.list("ranking", `SELECT topic AS code, {topic of topic} AS {ui.topics}, a AS {ui.complaints}, b AS {col.before},
  multiIf(a + b < 10, {'col.too_few'}, a - b > 1.96 * sqrt(a + b), {'digest.grew'}, b - a > 1.96 * sqrt(a + b), {'digest.shrank'}, {'digest.same'}) AS {col.change}, praises AS {ui.praise}
FROM
(
  SELECT topic, sumIf(mentions, late AND complained) AS a, sumIf(mentions, NOT late AND complained) AS b, sumIf(mentions, late AND NOT complained) AS praises
  FROM
  (
    SELECT code AS topic, source, mentions, `+late+` AS late, true AS complained FROM`+m.from(both.each("topics"))+`
    UNION ALL
    SELECT code AS topic, source, mentions, `+late+` AS late, false AS complained FROM`+m.from(both.each("praise"))+`
  )
  WHERE topic != '' AND source IN (SELECT source FROM`+m.from(both)+` GROUP BY source HAVING max(`+late+`) AND NOT min(`+late+`)) AND `+onlyChosen+`
  GROUP BY topic
)
ORDER BY a DESC, topic
LIMIT 50`)
	return drill(m, heat(m, p, "ui.complaints"), "ui.topics", "topics", "topic", thisCode)
}

func (m maker) productTopics() cog.Builder[dashboard.Panel] {
	p := m.list("product_topics", `SELECT product AS {var.product}, topic AS code, {topic of topic} AS {ui.topics}, y AS {ui.complaints}, n AS {ui.mentions}, if(n < 20, NULL, 100 * y / n) AS {col.per_100}
FROM
(
  SELECT product, topic, `+mentions("1")+` AS y
  FROM (SELECT product, twin, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_brief WHERE product != '' AND `+chosen+`)
  WHERE `+onlyChosen+`
  GROUP BY product, topic
) AS complaints
INNER JOIN (SELECT product, `+mentions("1")+` AS n FROM feryat.v_brief WHERE product != '' AND `+ofAnyTopic+` GROUP BY product) AS mentions USING (product)
ORDER BY y DESC, product, topic
LIMIT 100`).Decimals(0)
	return drill(m, drill(m, heat(m, p, "col.per_100"), "ui.topics", "topics", "topic", thisCode), "var.product", "topics", "product", thisValue)
}

// drivers are the words that made the scorer say so.
func (m maker) drivers() cog.Builder[dashboard.Panel] {
	p := m.list("drivers", `SELECT topic AS code, {topic of topic} AS {ui.topics}, word AS {ui.words}, `+mentions("nth = 1")+` AS {ui.mentions}, round(avg(weight), 2) AS {ui.weight}
FROM
(
  SELECT twin, topic, word, weight, nth
  FROM (SELECT twin, words, weights, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_brief WHERE notEmpty(words) AND `+chosen+`)
  ARRAY JOIN words AS word, weights AS weight, arrayEnumerateUniq(words) AS nth
  WHERE `+onlyChosen+`
)
GROUP BY topic, word
ORDER BY `+mentions("nth = 1")+` DESC, topic, word
LIMIT 10 BY topic
LIMIT 200`)
	return drill(m, p, "ui.topics", "topics", "topic", thisCode)
}

// examples are the newest three of each topic.
func (m maker) examples() cog.Builder[dashboard.Panel] {
	// A mention is a row for each brand that sees it, of which the first by the alphabet is shown; hence thirty rows for three.
	keys := `
  SELECT newest.3 AS brand, newest.4 AS day, newest.2 AS id, topic, fromUnixTimestamp(-newest.1) AS at
  FROM
  (
    SELECT topic, arrayJoin(found) AS newest
    FROM
    (
      SELECT topic, groupArraySorted(30)(tuple(-toInt64(toUnixTimestamp(written)), id, toString(brand), day)) AS found
      FROM (SELECT brand, day, id, written, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_brief WHERE ` + chosen + `)
      WHERE ` + onlyChosen + `
      GROUP BY topic
    )
    ORDER BY newest
    LIMIT 1 BY newest.2, topic
  )
  ORDER BY newest
  LIMIT 3 BY topic
  LIMIT 100`
	p := m.list("examples", `SELECT topic AS code, {topic of topic} AS {ui.topics}, at AS {ui.written}, brand AS {ui.brand}, product AS {var.product}, leftUTF8(text, 400) AS {ui.words}, url AS {ui.open_original}
FROM (`+keys+`) AS found
INNER JOIN (SELECT brand, day, id, product, text, url FROM feryat.v_mentions WHERE `+shownDays+` AND (brand, day, id) IN (SELECT brand, day, id FROM (`+keys+`))) AS said USING (brand, day, id)
ORDER BY at DESC, id, topic`)
	return drill(m, p, "ui.topics", "topics", "topic", thisCode)
}
