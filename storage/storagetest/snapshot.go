package storagetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"feryat/alert/customer"
	"feryat/mention"
	"feryat/storage"
)

// snapshot is everything that a reader can see of the mentions: the view, every question, every roll-up.
func snapshot(t *testing.T, s *storage.Store) []string {
	t.Helper()
	lines := answers(t, s)
	flush(t, s)
	checkRollups(t, s)
	checkStandings(t, s)
	for i, line := range answers(t, s) {
		if line != lines[i] {
			t.Errorf("the rebuild of the roll-ups changed an answer:\nbefore %s\nafter  %s", lines[i], line)
		}
	}
	lines = append(lines, ask(t, s, "SELECT * FROM v_mentions ORDER BY id, brand")...)
	lines = append(lines, ask(t, s, "SELECT id, revision, text, seen_first, day FROM mention_versions FINAL ORDER BY id, revision")...)
	lines = append(lines, ask(t, s, "SELECT brand, id, revision, lexicon, mood, scored FROM verdicts FINAL ORDER BY brand, id, revision, lexicon")...)
	lines = append(lines, ask(t, s, dayFigures)...)
	return append(lines, ask(t, s, topicFigures)...)
}

// What the roll-ups hold, and how it follows from the view.
const (
	dayFigures = `SELECT brand, day, source, language, mood, mentions, unhappy, scored, round(score_sum, 6) + 0, round(anger_sum, 6) + 0, ratings,
		round(rating_sum, 6) + 0, urgent, last_collected FROM rollup_day ORDER BY ALL`
	dayTruth = `SELECT brand, day, source, language, mood, count(), countIf(mood IN ('angry', 'dissatisfied')), countIf(mood != 'unknown'),
		round(sumIf(score, mood != 'unknown'), 6) + 0, round(sumIf(anger, mood != 'unknown'), 6) + 0, countIf(rating IS NOT NULL),
		round(ifNull(sum(rating), 0), 6) + 0, countIf(priority = 1), max(collected)
		FROM v_mentions WHERE from_customer GROUP BY brand, day, source, language, mood ORDER BY ALL`
	topicFigures = "SELECT brand, day, source, language, topic, complaints, praise, unhappy FROM rollup_topic ORDER BY ALL"
	topicTruth   = `SELECT brand, day, source, language, topic, countIf(c), countIf(NOT c), countIf(c AND u) FROM (
		SELECT brand, day, source, language, arrayJoin(topics) AS topic, 1 AS c, unhappy AS u FROM v_mentions WHERE from_customer
		UNION ALL SELECT brand, day, source, language, arrayJoin(praise), 0, unhappy FROM v_mentions WHERE from_customer)
		GROUP BY ALL ORDER BY ALL`
)

const facetTruth = `SELECT brand, day, kind, value, count() FROM (
	SELECT brand, day, 'total' AS kind, '' AS value FROM v_mentions UNION ALL SELECT brand, day, 'brand', brand FROM v_mentions
	UNION ALL SELECT brand, day, 'source', source FROM v_mentions UNION ALL SELECT brand, day, 'language', language FROM v_mentions
	UNION ALL SELECT brand, day, 'mood', mood FROM v_mentions UNION ALL SELECT brand, day, 'topic', arrayJoin(topics) FROM v_mentions
	UNION ALL SELECT brand, day, 'signal', arrayJoin(signals) FROM v_mentions UNION ALL SELECT brand, day, 'stars', toString(toUInt8(round(1 + 4 * rating))) FROM v_mentions WHERE rating IS NOT NULL)
	GROUP BY ALL ORDER BY ALL`

// checkHours asks the hours and the mentions the same: of all brands and of one alone, how many mentions there are by
// their worst mood, and how many have each code.
func checkHours(t *testing.T, s *storage.Store) {
	t.Helper()
	const order = "indexOf(['angry', 'dissatisfied', 'mixed', 'neutral', 'satisfied', 'unknown'], "
	var rolled, told []string
	for _, codes := range []string{"topics", "praise", "customer", "signals"} {
		rolled = append(rolled, "arrayMap(x -> ('"+codes+"', x.1, x.2, x.3), "+codes+")")
		told = append(told, "arrayMap(x -> ('"+codes+"', x), if(empty("+codes+"), [], arrayPushFront("+codes+"::Array(String), '')))")
	}
	for _, chosen := range []string{"1", "brand = 'Paytak'"} {
		hit := "arrayMap(brand -> " + chosen + ", brands)"
		wantEqual(t, "rollup_hour, moods where "+chosen,
			ask(t, s, "SELECT at, arraySort(m -> "+order+"m), arrayFilter((m, h) -> h, moods, "+hit+"))[1] AS mood, sum(mentions), sum(ratings), round(sum(rating_sum), 6) + 0 FROM rollup_hour WHERE has("+hit+", 1) GROUP BY at, mood ORDER BY ALL"),
			ask(t, s, "SELECT at, m, count(), count(r), round(ifNull(sum(r), 0), 6) + 0 FROM (SELECT toStartOfHour(any(written)) AS at, argMin(mood, "+order+"mood)) AS m, any(rating) AS r FROM v_mentions WHERE from_customer AND "+chosen+" GROUP BY id) GROUP BY at, m ORDER BY ALL"))
		wantEqual(t, "rollup_hour, codes where "+chosen,
			ask(t, s, "SELECT at, x.1 AS column, x.2 AS code, sum(x.4) FROM (SELECT at, arrayJoin(arrayConcat("+strings.Join(rolled, ", ")+")) AS x, "+hit+" AS hit FROM rollup_hour) WHERE arrayExists((h, i) -> h AND bitTest(x.3, i - 1), hit, arrayEnumerate(hit)) GROUP BY at, column, code ORDER BY ALL"),
			ask(t, s, "SELECT toStartOfHour(written) AS at, x.1 AS column, x.2 AS code, uniqExact(id) FROM (SELECT id, written, arrayJoin(arrayConcat("+strings.Join(told, ", ")+")) AS x FROM v_mentions WHERE from_customer AND "+chosen+") GROUP BY at, column, code ORDER BY ALL"))
	}
}

// checkAfter ends a test: the roll-ups follow the mentions.
func checkAfter(t *testing.T, s *storage.Store) {
	t.Helper()
	flush(t, s)
	checkRollups(t, s)
}

// checkRollups compares the roll-ups with the view, which reads with FINAL.
func checkRollups(t *testing.T, s *storage.Store) {
	t.Helper()
	wantEqual(t, "rollup_day", ask(t, s, dayFigures), ask(t, s, dayTruth))
	wantEqual(t, "rollup_topic", ask(t, s, topicFigures), ask(t, s, topicTruth))
	wantEqual(t, "rollup_facet", ask(t, s, "SELECT brand, day, kind, value, mentions FROM rollup_facet ORDER BY ALL"), ask(t, s, facetTruth))
	checkHours(t, s)
	checkAuthors(t, s)
	wantEqual(t, "stale days", ask(t, s, "SELECT day FROM v_stale_days"), []string{})
	wantEqual(t, "dirty days", ask(t, s, "SELECT day FROM dirty_days GROUP BY day HAVING sum(marks) > max(rebuilt)"), []string{})
}

// checkAuthors compares the mentions in brief with the mentions, and asks that nobody is due.
func checkAuthors(t *testing.T, s *storage.Store) {
	t.Helper()
	const brief, truth = "SELECT brand, day, id, mood, unhappy, topics, praise, customer, signals, author, name, twin = 0 FROM rollup_mention WHERE NOT own ORDER BY ALL",
		`SELECT brand, day, id, mood, unhappy, topics, praise, customer, signals, if(author_id != '', author_id, author), author, count() OVER (PARTITION BY id) = 1
		FROM v_mentions WHERE from_customer ORDER BY ALL`
	wantEqual(t, "rollup_mention", ask(t, s, brief), ask(t, s, truth))
	wantEqual(t, "authors who are due", ask(t, s, "SELECT who FROM v_due_authors"), []string{})
}

// checkStandings reckons how every author stands once more, by package alert/customer, whatever is stale.
func checkStandings(t *testing.T, s *storage.Store) {
	t.Helper()
	columns := "brand, source, author, mentions, complaints, last_mood, first_written, last_written, toUnixTimestamp(as_of), standing, before, toUnixTimestamp(changed), ups, downs"
	lines := ask(t, s, "SELECT "+columns+" FROM v_authors_state ORDER BY ALL")
	authors := ask(t, s, `SELECT brand, source, author, count(), countIf(complaint), argMax(mood, (written, id)), min(written), max(written)
		FROM v_author_history GROUP BY brand, source, author ORDER BY ALL`)
	if len(authors) != len(lines) {
		t.Fatalf("%d authors of %d", len(lines), len(authors))
	}
	past := pastOf(t, s, authors)
	want := make([]string, len(lines))
	for i, line := range authors {
		asOf := strings.Split(lines[i], "\t")[8]
		seconds, err := strconv.ParseInt(asOf, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		standing, changes := customer.Stand(past[strings.Join(strings.Split(line, "\t")[:3], "\t")], time.Unix(seconds, 0))
		want[i] = line + "\t" + asOf + "\t" + inSQL(standing, changes)
	}
	wantEqual(t, "v_authors_state", lines, want)
}

// pastOf gives the histories of authors, which are lines that begin with brand, source and author, by these.
func pastOf(t *testing.T, s *storage.Store, authors []string) map[string][]mention.Past {
	t.Helper()
	writers, past := map[string][]mention.Writer{}, map[string][]mention.Past{}
	for _, line := range authors {
		cells := strings.Split(line, "\t")
		writers[cells[0]] = append(writers[cells[0]], mention.Writer{Source: cells[1], Author: cells[2]})
	}
	for brand, list := range writers {
		for _, p := range must(s.Histories(t.Context(), brand, list, time.Time{}))(t) {
			key := brand + "\t" + p.Source + "\t" + p.Author.Key()
			past[key] = append(past[key], p)
		}
	}
	return past
}

// answers asks every question, each with several filters.
func answers(t *testing.T, s *storage.Store) []string {
	t.Helper()
	var lines []string
	add := func(what string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		lines = append(lines, what+" "+asJSON(t, v))
	}
	ctx, midnight := t.Context(), start().Truncate(24*time.Hour)
	for i, f := range []mention.Filter{
		{},
		{Brand: "Paytak", Source: "shop", Language: "tr"},
		{From: midnight.AddDate(0, 0, -9), To: midnight.AddDate(0, 0, -2)},
		{From: start().AddDate(0, 0, -9), To: start().AddDate(0, 0, -2), Topic: "delay"},
	} {
		points, err := s.MoodOverTime(ctx, f, 24*time.Hour)
		add(fmt.Sprint("mood over time ", i), points, err)
		topics, err := s.Topics(ctx, f, 10)
		add(fmt.Sprint("topics ", i), topics, err)
		brands, err := s.Brands(ctx, f)
		add(fmt.Sprint("brands ", i), brands, err)
	}
	for i, f := range []mention.Filter{{}, {Brand: "Paytak"}, {From: midnight.AddDate(0, 0, -9)}} {
		facets, err := s.Facets(ctx, mention.Search{Filter: f}, 100)
		add(fmt.Sprint("facets ", i), facets, err)
	}
	points, err := s.MoodOverTime(ctx, mention.Filter{Brand: "Paytak"}, time.Hour)
	add("mood by the hour", points, err)
	unhappy, err := s.Unhappy(ctx, mention.Filter{}, 20)
	add("unhappy", unhappy, err)
	complaints, err := s.Complaints(ctx, "Paytak", []mention.Writer{{Source: "shop", Author: "u3"}, {Source: "store", Author: "u3"}, {Source: "forum", Author: "u3"}}, start().AddDate(0, 0, -20))
	add("complaints", complaints, err)
	counts, err := s.Counts(ctx)
	add("counts", counts, err)
	found, err := s.Mention(ctx, review(1, start()).ID)
	add("mention", found, err)
	return lines
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("line %d:\n got %s\nwant %s", i, g, w)
			return
		}
	}
}
