package dashboards

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"feryat/i18n"
	"feryat/mention"
)

func (m maker) support() []cog.Builder[dashboard.Panel] {
	const waiting = "\nFROM feryat.v_escalations\nWHERE waiting\n  AND " + cases
	const decided = "\nFROM feryat.v_sla\nWHERE " + promises
	return []cog.Builder[dashboard.Panel]{
		m.figure("waiting", count, worse(1, 10), "SELECT count() AS {ui.open_escalations}"+waiting),
		m.figure("overdue", count, bounds{good, []bound{{1, bad}}}, "SELECT countIf(answered <= 0 AND due > 0 AND due < now()) AS {panel.overdue}"+waiting),
		m.figure("in_time", percent, better(0.9, answerTarget), m.counted("{ui.in_time}", "countIf(NOT breached)", "count()", decided)),
		m.beside(m.figure("budget", percent, worse(0.5, 1), fmt.Sprintf("SELECT if(count() = 0, NULL, countIf(breached) / count() / %.2f) AS {panel.budget}, countIf(breached) AS {col.broken}, count() AS {ui.promised}", 1-answerTarget)+decided), "col.broken", "ui.promised"),
		m.waitingByAge(),
		m.answerTimes(),
		m.kept(),
		m.open(),
		m.repeaters(),
		m.standings(),
		m.transitions(),
		m.wonBack(),
	}
}

// waitingByAge has a bar for each age and a part for each priority.
func (m maker) waitingByAge() cog.Builder[dashboard.Panel] {
	colors := []string{bad, color(mention.Dissatisfied), fair, color(mention.Neutral)}
	name := func(i int) string { return m.t("ui.priority") + " " + i18n.Number(m.lang, int64(i+1)) }
	var columns []string
	for i := range colors {
		columns = append(columns, fmt.Sprintf("countIf(priority = %d) AS %s", i+1, quoted(name(i))))
	}
	p := m.bars("waiting_by_age", count, common.StackingModeNormal, `SELECT [{'col.age1'}, {'col.age2'}, {'col.age3'}, {'col.age4'}][age] AS {col.age},
  `+strings.Join(columns, ",\n  ")+`
FROM
(
  SELECT priority, multiIf(opened > now() - INTERVAL 1 HOUR, 1, opened > now() - INTERVAL 4 HOUR, 2, opened > now() - INTERVAL 1 DAY, 3, 4) AS age
  FROM feryat.v_escalations
  WHERE waiting
  AND `+cases+`
)
GROUP BY age
ORDER BY age`)
	for i, color := range colors {
		p.OverrideByName(name(i), fixed(color))
	}
	return p
}

// answerTimes leaves out the percentiles that so few answers cannot have.
func (m maker) answerTimes() cog.Builder[dashboard.Panel] {
	p := m.list("answer_times", `SELECT brand AS {ui.brand}, team AS {ui.team}, count(answer_seconds) AS {col.answers}, quantileExact(0.5)(answer_seconds) AS {col.median},
  if(count(answer_seconds) < 10, NULL, quantileExact(0.9)(answer_seconds)) AS {col.nine_of_ten}, if(count(answer_seconds) < 100, NULL, quantileExact(0.99)(answer_seconds)) AS {col.ninety_nine},
  quantileExact(0.5)(solve_seconds) AS {ui.to_solution}
FROM feryat.v_sla
WHERE `+promises+`
GROUP BY brand, team
ORDER BY brand, team`)
	return drill(m, in(m, p, spans, "col.median", "col.nine_of_ten", "col.ninety_nine", "ui.to_solution"), "ui.brand", "support", "brand", thisValue)
}

// kept stands counts on one another, for a share of three promises a day says nothing.
func (m maker) kept() cog.Builder[dashboard.Panel] {
	p := m.stacked("kept", count, "SELECT $__timeInterval(decided) AS time, countIf(NOT breached) AS {ui.in_time}, countIf(breached) AS {col.broken}\nFROM feryat.v_sla\nWHERE "+promises+
		"\nGROUP BY time\nORDER BY time")
	return colored(m, colored(m, p, good, "ui.in_time"), bad, "col.broken")
}

// open lists what waits for a person, the most urgent first.
func (m maker) open() cog.Builder[dashboard.Panel] {
	p := m.list("open", `SELECT dateDiff('second', opened, now64(6)) AS {col.age}, priority AS {ui.priority}, {severity of severity} AS {ui.severity}, {state of state} AS {col.state}, holder AS {col.holder},
  brand AS {ui.brand}, author AS {ui.author}, excerpt AS {ui.words}, if(due > 0, dateDiff('second', now64(6), due), NULL) AS {col.time_left}, url AS {ui.open_original}
FROM feryat.v_escalations
WHERE waiting
  AND `+cases+`
ORDER BY priority, opened
LIMIT 200`).Span(24).NoValue(m.t("ui.no_escalations"))
	p.OverrideByName(m.t("col.time_left"), []dashboard.DynamicConfigValue{
		{Id: "thresholds", Value: map[string]any{"mode": "absolute", "steps": []map[string]any{{"color": bad, "value": nil}, {"color": fair, "value": 0}, {"color": good, "value": 1800}}}},
		{Id: "custom.cellOptions", Value: map[string]any{"type": "color-text"}}})
	return drill(m, in(m, p, spans, "col.age", "col.time_left"), "ui.brand", "overview", "brand", thisValue)
}

// repeaters complained twice or more in the time shown.
func (m maker) repeaters() cog.Builder[dashboard.Panel] {
	p := m.list("repeaters", `SELECT brand AS {ui.brand}, source AS {ui.source}, name AS {ui.author}, n AS {ui.complaints}, told AS {state.answered}, newest AS {col.newest}, {mood of last} AS {ui.mood}
FROM
(
  SELECT brand, source, argMax(name, (written, id)) AS name, count() AS n, countIf(marked > 0 OR (brand, id) IN (SELECT brand, parent_id FROM feryat.v_brief WHERE own AND day >= toDate($__fromTime, 'UTC'))) AS told,
    max(written) AS newest, argMax(mood, (written, id)) AS last
  FROM feryat.v_brief
  WHERE NOT own AND unhappy AND who != 0 AND `+shownDays+` AND $__timeFilter(written) AND `+people+`
  GROUP BY brand, source, who
  HAVING n > 1
)
ORDER BY n DESC, newest DESC, name
LIMIT 100`)
	return drill(m, p, "ui.source", "support", "source", thisValue)
}

// standings have the colors of the moods that they are most like.
func (m maker) standings() cog.Builder[dashboard.Panel] {
	all := []string{"happy", "good", "unhappy", "angry"}
	var columns []string
	for _, s := range all {
		columns = append(columns, fmt.Sprintf("countIf(standing = '%s') AS %s", s, quoted(m.t("standing."+s))))
	}
	p := m.bars("standings", count, common.StackingModeNormal, "SELECT brand AS {ui.brand}, "+strings.Join(columns, ", ")+
		"\nFROM feryat.v_authors_state\nWHERE standing != '' AND "+people+"\nGROUP BY brand\nORDER BY brand")
	for i, mood := range []mention.Mood{mention.Satisfied, mention.Neutral, mention.Dissatisfied, mention.Angry} {
		colored(m, p, color(mood), "standing."+all[i])
	}
	return p
}

func (m maker) transitions() cog.Builder[dashboard.Panel] {
	return heat(m, m.list("transitions", `SELECT if(before = '', {'col.unknown_before'}, {standing of before}) AS {col.from}, {standing of standing} AS {col.to}, count() AS {col.customers}
FROM feryat.v_authors_state
WHERE standing != '' AND $__timeFilter(changed) AND `+people+`
GROUP BY before, standing
ORDER BY count() DESC, before, standing`), "col.customers")
}

// wonBack lists those who were unhappy or angry and are happy now.
func (m maker) wonBack() cog.Builder[dashboard.Panel] {
	p := m.list("won_back", `SELECT changed AS {col.since}, brand AS {ui.brand}, source AS {ui.source}, name AS {ui.author}, {standing of before} AS {col.from}, complaints AS {ui.complaints}
FROM feryat.v_authors_state
WHERE standing = 'happy' AND before IN ('unhappy', 'angry', 'good') AND complaints > 0 AND $__timeFilter(changed) AND `+people+`
ORDER BY changed DESC
LIMIT 100`)
	return drill(m, p, "ui.source", "support", "source", thisValue)
}
