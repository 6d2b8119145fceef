package dashboards

import (
	"fmt"
	"maps"
	"strings"

	"feryat/i18n"
)

const rulesHead = `# The program tells of single customers, and of spikes by each brand's hours, weekends and holidays;
# these rules watch the figures, and go on doing so when the program itself does not.
`

const (
	hour = 3600 // in seconds
	day  = 24 * hour

	// answerTarget is the share of customers who are to be answered within the promised time.
	answerTarget = 0.95
)

// What a rule does without data: nobody wrote, or nothing was promised, is good; that nothing was fetched is not.
const (
	fine  = "OK"
	alarm = "Alerting"
)

// groups are the rules. Those on figures of days are looked at every five minutes, for each reads weeks of mentions.
func (a alertMaker) groups() []group {
	return []group{
		{1, "feryat-customers", "feryat", "5m", []rule{a.unhappyRose(), a.ratingFell(), a.topicSpiked()}},
		{1, "feryat-operations", "feryat", "1m", []rule{a.promiseBurns(), a.coverageLost()}},
	}
}

// rule fills in what all have alike. Values are the arguments of the text "summary"; details those of "description".
func (a alertMaker) rule(name, severity, team, wait, noData string, data []step, values, details func(alertMaker) []any) rule {
	r := rule{
		UID: "feryat-" + strings.ReplaceAll(name, "_", "-"), Title: a.texts.T(a.lang, "grafana."+name+".title"), Condition: "C", Data: data,
		NoDataState: noData, ExecErrState: "Error", For: wait, Annotations: map[string]string{},
		Labels: map[string]string{"rule": name, "severity": severity, "team": team},
	}
	set := func(suffix string, b alertMaker) {
		r.Annotations["summary"+suffix] = b.say(name+".summary", values(b)...)
		r.Annotations["description"+suffix] = b.say(name+".description", details(b)...)
	}
	set("", a)
	for _, lang := range i18n.Languages() {
		set("_"+string(lang), a.in(lang))
		r.Annotations["title_"+string(lang)] = a.in(lang).say(name + ".title")
	}
	return r
}

// shownOn leads from an alert to the panel with the same figure.
func (a alertMaker) shownOn(r rule, title string) rule {
	maps.Copy(r.Annotations, map[string]string{"__dashboardUid__": uid("overview", a.lang), "__panelId__": a.panel(a.t(title))})
	return r
}

func args(list ...any) func(alertMaker) []any { return func(alertMaker) []any { return list } }

// What annotations say of the series; see provisioned for why there is no dollar.
const (
	brandLabel = "{{ .Labels.brand }}"
	whole      = `{{ printf "%.0f" .Values.B.Value }}`
	tenth      = `{{ printf "%.1f" .Values.B.Value }}`
)

// unhappyRose: more than 10 points over the week before, and more than three standard errors of
// the difference, so that 2 angry customers of 5 are no alarm.
func (a alertMaker) unhappyRose() rule {
	sql := `SELECT brand, if((recent - before) / sqrt(mean * (1 - mean) * (1 / n1 + 1 / n0)) >= 3, 100 * (recent - before), 0) AS value
FROM
(
  SELECT brand, countIf(late) AS n1, countIf(NOT late) AS n0, avgIf(unhappy, late) AS recent, avgIf(unhappy, NOT late) AS before, avg(unhappy) AS mean
  FROM
  (
    SELECT brand, unhappy, written > $__toTime - INTERVAL 1 DAY AS late
    FROM feryat.v_mentions
    WHERE from_customer AND $__timeFilter(written)
  )
  GROUP BY brand
  HAVING n1 >= 20 AND n0 >= 50
)
ORDER BY brand`
	return a.shownOn(a.rule("unhappy_rose", "high", "customer-care", "10m", fine, steps(sql, 8*day, 10), args(brandLabel, whole), args()), "panel.unhappy_share")
}

// ratingFell: by more than half a star of five against four weeks, and more than three standard errors.
func (a alertMaker) ratingFell() rule {
	sql := `SELECT brand, if(drop / (spread * sqrt(1 / n1 + 1 / n0)) >= 3, 4 * drop, 0) AS value
FROM
(
  SELECT brand, countIf(late) AS n1, countIf(NOT late) AS n0, avgIf(rating, NOT late) - avgIf(rating, late) AS drop, stddevPop(rating) AS spread
  FROM
  (
    SELECT brand, rating, written > $__toTime - INTERVAL 1 DAY AS late
    FROM feryat.v_mentions
    WHERE from_customer AND rating IS NOT NULL AND $__timeFilter(written)
  )
  GROUP BY brand
  HAVING n1 >= 10 AND n0 >= 50
)
ORDER BY brand`
	return a.rule("rating_fell", "high", "customer-care", "10m", fine, steps(sql, 29*day, 0.5), args(brandLabel, tenth), args())
}

// topicSpiked counts the last two hours against the same two of the past four weeks. The difference of the roots of two
// counts is nearly normal however small they are (Anscombe), with 1.25 times the variance for a mean of only four. With a
// bound of 3 chance alone would page thrice a month for 60 looks a day. Of holidays it knows nothing: the rule in the
// program does. Mentions of which only the day is known do not belong to an hour.
func (a alertMaker) topicSpiked() rule {
	words := ""
	for _, lang := range i18n.Languages() {
		words += fmt.Sprintf(",\n  %s AS topic_%s", a.in(lang).translated("topic", "topic"), lang)
	}
	sql := `SELECT brand, topic` + words + `,
  if(n >= 5, 2 * (sqrt(n + 3 / 8) - sqrt(usual + 3 / 8)) / sqrt(1.25), 0) AS value
FROM
(
  SELECT brand, arrayJoin(arrayDistinct(topics)) AS topic, countIf(age < 7200) AS n, countIf(age >= 7200) / 4 AS usual
  FROM
  (
    SELECT brand, topics, toUnixTimestamp($__toTime) - toUnixTimestamp(written) AS age
    FROM feryat.v_mentions
    WHERE from_customer AND $__timeFilter(written) AND written_precision IN ('second', 'minute', 'hour')
  )
  WHERE age % (7 * 86400) < 7200
  GROUP BY brand, topic
)
ORDER BY brand, topic`
	summary := func(b alertMaker) []any { return []any{brandLabel, "{{ .Labels.topic_" + string(b.lang) + " }}"} }
	return a.shownOn(a.rule("topic_spiked", "high", "customer-care", "10m", fine, steps(sql, 28*day+2*hour, 3.5), summary, args()), "panel.topic_mood")
}

// promiseBurns: the error budget goes more than six times too fast in the last hour and in the last six: fast enough to
// use a twentieth of a month's budget, and still going on. Two late answers are no trend; of each the program tells itself.
func (a alertMaker) promiseBurns() rule {
	sql := fmt.Sprintf(`SELECT brand, team, if(broken >= 3 AND newest > 0, least(broken_newest / newest, broken / decisions) / %.2f, 0) AS value
FROM
(
  SELECT brand, team, count() AS decisions, countIf(breached) AS broken,
    countIf(decided > $__toTime - INTERVAL 1 HOUR) AS newest, countIf(breached AND decided > $__toTime - INTERVAL 1 HOUR) AS broken_newest
  FROM feryat.v_sla
  WHERE counted AND $__timeFilter(decided)
  GROUP BY brand, team
)
ORDER BY brand, team`, 1-answerTarget)
	team := "{{ with $$labels.team }}{{ . }}{{ else }}customer-care{{ end }}"
	target := func(b alertMaker) []any { return []any{i18n.Percent(b.lang, answerTarget)} }
	return a.rule("promise_burns", "critical", team, "5m", fine, steps(sql, 6*hour, 6),
		args(brandLabel+"{{ with .Labels.team }} ({{ . }}){{ end }}", tenth), target)
}

// coverageLost: 3 when a source was not visited for a day, 2 when its last run was bad, 1 when it is quiet: no mention for
// a day and for seven times its usual gap, which chance does to one in a thousand. A source that is three days behind the
// others is no longer configured.
func (a alertMaker) coverageLost() rule {
	const sql = `SELECT c.source AS source,
  multiIf(c.last_run < $__toTime - INTERVAL 1 DAY, 3, NOT c.healthy, 2,
    u.usual > 0 AND dateDiff('second', c.last_mention, $__toTime) > greatest(86400, 7 * 28 * 86400 / u.usual), 1, 0) AS value
FROM feryat.v_coverage AS c
LEFT JOIN
(
  SELECT source, sum(mentions) AS usual
  FROM feryat.rollup_day
  WHERE day > toDate($__toTime) - 28
  GROUP BY source
) AS u ON c.source = u.source
WHERE c.last_run > (SELECT max(last_run) FROM feryat.v_coverage) - INTERVAL 3 DAY
ORDER BY source`
	kind := func(b alertMaker) []any {
		text := func(kind string) string { return b.texts.T(b.lang, "grafana.coverage_lost."+kind) }
		return []any{"{{ if .Labels.source }}{{ .Labels.source }}: {{ if gt .Values.B.Value 2.5 }}" + text("stopped") + "{{ else if gt .Values.B.Value 1.5 }}" +
			text("trouble") + "{{ else }}" + text("quiet") + "{{ end }}{{ else }}" + text("none") + "{{ end }}"}
	}
	return a.shownOn(a.rule("coverage_lost", "high", "operations", "15m", alarm, steps(sql, 28*day, 0.5), kind, args()), "panel.coverage")
}
