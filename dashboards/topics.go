package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// onlyChosen leaves of the topics of the chosen mentions those that were chosen.
const onlyChosen = "$__conditionalAll(topic IN (${topic:singlequote}), $topic)"

func (m maker) topics() []cog.Builder[dashboard.Panel] {
	const from = "\nFROM feryat.v_mentions\nWHERE " + chosen
	return []cog.Builder[dashboard.Panel]{
		m.figure("complaining", percent, worse(0.25, 0.45), m.counted("{ui.complaints}", "uniqExactIf(id, notEmpty(topics))", "uniqExact(id)", from)),
		m.figure("praising", percent, better(0.1, 0.3), m.counted("{ui.praise}", "uniqExactIf(id, notEmpty(praise))", "uniqExact(id)", from)).DataLinks(m.leads("customers")),
		m.figure("without_topic", percent, worse(0.2, 0.4), m.counted("{panel.without_topic}", "uniqExactIf(id, unhappy AND empty(topics))", "uniqExactIf(id, unhappy)", from)),
		m.figure("hurt_products", count, worse(1, 5), "SELECT count() AS {panel.hurt_products}\nFROM (SELECT product FROM feryat.v_mentions WHERE product != '' AND "+chosen+
			"\n  GROUP BY product HAVING uniqExact(id) >= 5 AND uniqExactIf(id, unhappy) >= uniqExact(id) / 2)"),
		m.ranking(),
		m.productTopics(),
		m.chart("topic_trend", count, `SELECT $__timeInterval(written) AS time, {topic of topic} AS words, uniqExact(id) AS {ui.complaints}
FROM (SELECT id, written, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_mentions WHERE `+chosen+`)
WHERE `+onlyChosen+` AND topic IN (SELECT arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_mentions WHERE `+chosen+`
  GROUP BY topic ORDER BY count() DESC, topic LIMIT 8)
GROUP BY time, topic
ORDER BY time, words`).Interval("1d").DisplayName("${__field.labels.words}"),
		m.drivers(),
		m.examples(),
	}
}

// ranking compares counts as Poisson's, over the sources that spoke in both periods.
func (m maker) ranking() cog.Builder[dashboard.Panel] {
	p := m.list("ranking", `SELECT topic AS code, {topic of topic} AS {ui.topics}, a AS {ui.complaints}, b AS {col.before},
  multiIf(a + b < 10, {'col.too_few'}, a - b > 1.96 * sqrt(a + b), {'digest.grew'}, b - a > 1.96 * sqrt(a + b), {'digest.shrank'}, {'digest.same'}) AS {col.change}, praises AS {ui.praise}
FROM
(
  SELECT topic, uniqExactIf(id, late AND complained) AS a, uniqExactIf(id, NOT late AND complained) AS b, uniqExactIf(id, late AND NOT complained) AS praises
  FROM
  (
    SELECT id, late, arrayJoin(arrayConcat(arrayMap(x -> (x, true), arrayDistinct(topics)), arrayMap(x -> (x, false), arrayDistinct(praise)))) AS pair, pair.1 AS topic, pair.2 AS complained
    FROM (SELECT id, source, topics, praise, `+late+` AS late, max(late) OVER (PARTITION BY source) AS now_too, min(late) OVER (PARTITION BY source) AS only_now
      FROM feryat.v_mentions WHERE `+twice+` AND `+narrowed+`)
    WHERE now_too AND NOT only_now
  )
  WHERE `+onlyChosen+`
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
  SELECT product, topic, uniqExact(id) AS y
  FROM (SELECT product, id, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_mentions WHERE product != '' AND `+chosen+`)
  WHERE `+onlyChosen+`
  GROUP BY product, topic
) AS complaints
INNER JOIN (SELECT product, uniqExact(id) AS n FROM feryat.v_mentions WHERE product != '' AND `+ofAnyTopic+` GROUP BY product) AS mentions USING (product)
ORDER BY y DESC, product, topic
LIMIT 100`).Decimals(0)
	return drill(m, drill(m, heat(m, p, "col.per_100"), "ui.topics", "topics", "topic", thisCode), "var.product", "topics", "product", thisValue)
}

// drivers are the words that made the scorer say so.
func (m maker) drivers() cog.Builder[dashboard.Panel] {
	p := m.list("drivers", `SELECT topic AS code, {topic of topic} AS {ui.topics}, word AS {ui.words}, uniqExact(id) AS {ui.mentions}, round(avg(weight), 2) AS {ui.weight}
FROM
(
  SELECT id, topic, lowerUTF8(reason.text) AS word, reason.weight AS weight
  FROM (SELECT id, reasons, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_mentions WHERE unhappy AND `+chosen+`)
  ARRAY JOIN reasons AS reason
  WHERE reason.weight < 0 AND reason.text != '' AND `+onlyChosen+`
)
GROUP BY topic, word
ORDER BY uniqExact(id) DESC, topic, word
LIMIT 10 BY topic
LIMIT 200`)
	return drill(m, p, "ui.topics", "topics", "topic", thisCode)
}

// examples are the newest three of each topic.
func (m maker) examples() cog.Builder[dashboard.Panel] {
	p := m.list("examples", `SELECT topic AS code, {topic of topic} AS {ui.topics}, written AS {ui.written}, brand AS {ui.brand}, product AS {var.product}, leftUTF8(text, 400) AS {ui.words}, url AS {ui.open_original}
FROM (SELECT id, written, brand, product, text, url, arrayJoin(arrayDistinct(topics)) AS topic FROM feryat.v_mentions WHERE `+chosen+` LIMIT 1 BY id, topic)
WHERE `+onlyChosen+`
ORDER BY written DESC, id
LIMIT 3 BY topic
LIMIT 100`)
	return drill(m, p, "ui.topics", "topics", "topic", thisCode)
}
