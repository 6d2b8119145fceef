package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func (m maker) collection() []cog.Builder[dashboard.Panel] {
	const visits = "\nFROM feryat.crawl_ledger FINAL\nWHERE NOT run_end AND $__timeFilter(at) AND " + bySource
	return []cog.Builder[dashboard.Panel]{
		m.troubled(),
		m.figure("soft_fails", percent, worse(0.02, 0.1), m.counted("{col.soft_fails}", "countIf(outcome = 'soft_fail')", "countIf(outcome != 'refused')", visits)),
		m.figure("freshness", spans, worse(6*hour, day), "SELECT if(max(last_collected) > 0, dateDiff('second', max(last_collected), now64(6)), NULL) AS {panel.freshness}\nFROM feryat.rollup_day\nWHERE "+
			byBrand+" AND "+bySource+" AND "+byLanguage),
		m.figure("unknown", percent, worse(0.1, 0.25), m.counted("{mood.unknown}", "sumIf(mentions, unknown)", "sum(mentions)", "\nFROM"+m.from(sighted()))).
			DataLinks(m.leads("overview")),
		m.visited(visits),
		m.coverage(),
		m.reasons(visits),
		m.lag(),
		m.found(),
		m.sourceLag(),
		m.mix(),
		m.unknownBySource(),
	}
}

// sighted counts what was collected.
func sighted(by ...string) counting {
	return counting{timespan: hours(), by: by, view: byBrand + " AND " + bySource + " AND " + byLanguage}
}

// counted is the share of some among all, with its interval; only these columns are seen.
func (m maker) counted(name, some, all, from string) string {
	return "SELECT " + m.share(name, "y", "n") + "\nFROM (SELECT " + some + " AS y, " + all + " AS n" + from + ")"
}

func (m maker) visited(visits string) cog.Builder[dashboard.Panel] {
	p := m.stacked("visited", count, "SELECT $__timeInterval(at) AS time, countIf(outcome IN ('ok', 'not_modified')) AS {col.good}, countIf(outcome = 'soft_fail') AS {col.soft_fails},\n  countIf(outcome = 'failed') AS {col.failures}, countIf(outcome = 'refused') AS {col.refused}"+
		visits+"\nGROUP BY time\nORDER BY time")
	colored(m, colored(m, p, good, "col.good"), fair, "col.soft_fails")
	return colored(m, colored(m, p, bad, "col.failures"), "#8b96a5", "col.refused")
}

func (m maker) reasons(visits string) cog.Builder[dashboard.Panel] {
	p := heat(m, m.list("reasons", "SELECT source AS {ui.source}, {reason of reason} AS {ui.why}, count() AS {ui.pages}, max(at) AS {col.newest}, argMax(detail, at) AS {col.detail}"+visits+
		" AND outcome IN ('soft_fail', 'failed')\nGROUP BY source, reason\nORDER BY count() DESC, source, reason\nLIMIT 100"), "ui.pages")
	return drill(m, p, "ui.source", "collection", "source", thisValue)
}

// lag has a row for each stretch of the way of what was told.
func (m maker) lag() cog.Builder[dashboard.Panel] {
	return in(m, m.list("lag", `SELECT [{'col.written_seen'}, {'col.seen_stored'}, {'col.stored_told'}][place] AS {col.stretch}, count(seconds) AS {col.based_on}, quantileExact(0.5)(seconds) AS {col.median},
  if(count(seconds) < 10, NULL, quantileExact(0.9)(seconds)) AS {col.nine_of_ten}
FROM
(
  SELECT seen_seconds, stored_seconds, told_seconds
  FROM feryat.v_sla
  WHERE $__timeFilter(opened) AND id IN (SELECT escalation FROM feryat.escalation_events WHERE $__timeFilter(opened)) AND `+byBrand+` AND `+bySource+` AND `+byLanguage+`
)
ARRAY JOIN [seen_seconds, stored_seconds, told_seconds] AS seconds, [1, 2, 3] AS place
WHERE seconds IS NOT NULL
GROUP BY place
ORDER BY place`), spans, "col.median", "col.nine_of_ten")
}

func (m maker) found() cog.Builder[dashboard.Panel] {
	return m.chart("found", count, "SELECT $__timeInterval(seen) AS time, "+mentions("origin = 'live'")+" AS {col.live}, "+mentions("origin != 'live'")+" AS {col.older}\nFROM feryat.v_brief\nWHERE NOT own AND $__timeFilter(seen)\n  AND "+
		byBrand+"\n  AND "+bySource+"\n  AND "+byLanguage+"\nGROUP BY time\nORDER BY time").Span(12)
}

// sourceLag is of mentions that came live and whose source shows at least the minute.
func (m maker) sourceLag() cog.Builder[dashboard.Panel] {
	p := m.list("source_lag", `SELECT source AS {ui.source}, count() AS {col.based_on}, quantileExact(0.5)(lag) AS {col.median}, if(count() < 10, NULL, quantileExact(0.9)(lag)) AS {col.nine_of_ten}
FROM
(
  SELECT source, greatest(0, dateDiff('second', written, seen)) AS lag
  FROM feryat.v_brief
  WHERE twin = 0 AND exact AND origin = 'live' AND `+collected+`
  UNION ALL
  SELECT source, any(greatest(0, dateDiff('second', written, seen))) AS lag
  FROM feryat.v_brief
  WHERE twin != 0 AND exact AND origin = 'live' AND `+collected+`
  GROUP BY source, twin
)
GROUP BY source
ORDER BY quantileExact(0.5)(lag) DESC, source`)
	return drill(m, in(m, p, spans, "col.median", "col.nine_of_ten"), "ui.source", "collection", "source", thisValue)
}

func (m maker) mix() cog.Builder[dashboard.Panel] {
	return m.stacked("language_mix", count, "SELECT $__timeInterval(at) AS time, {lang of language} AS words, sum(mentions) AS {ui.mentions}\nFROM"+m.from(sighted("language"))+
		"\nGROUP BY time, language\nORDER BY time, words").DisplayName("${__field.labels.words}").Span(12)
}

func (m maker) unknownBySource() cog.Builder[dashboard.Panel] {
	p := m.list("unknown_by_source", `SELECT source AS {ui.source}, {lang of language} AS {ui.language}, n AS {ui.mentions}, `+m.share("{mood.unknown}", "y", "n")+`
FROM
(
  SELECT source, language, sum(mentions) AS n, sumIf(mentions, unknown) AS y
  FROM`+m.from(sighted("source", "language"))+`
  GROUP BY source, language
)
ORDER BY y / n DESC, source, language
LIMIT 100`)
	return drill(m, in(m, p, percent, "mood.unknown", "col.low", "col.high"), "ui.source", "collection", "source", thisValue)
}
