package storagetest

import (
	"fmt"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// twice stores rows, and once more as the queue may.
func twice(t *testing.T, s *storage.Store, rows ...mention.Scored) {
	t.Helper()
	for range 2 {
		insert(t, s, rows...)
	}
}

// rejudged is a row as a rescore run writes it.
func rejudged(row mention.Scored, at time.Time, lexicon string, mood mention.Mood) mention.Scored {
	row.Mention.Origin, row.Mention.Collected = mention.OriginRescore, at
	row.Verdict.Lexicon, row.Verdict.Mood = lexicon, mood
	return row
}

// vanished is a row as a visit writes it that no longer finds the mention.
func vanished(row mention.Scored, at time.Time) mention.Scored {
	row.Mention.Gone, row.Mention.Collected = true, at
	row.Mention = row.Mention.Revise()
	return row
}

// byBrand makes the brand itself the author.
func byBrand(r *mention.Scored) { r.Mention.Author.Own = true }

func put(t *testing.T, s *storage.Store, row mention.Scored, field mention.Field, value string, at time.Time) {
	t.Helper()
	correct(t, s, mention.Correction{Mention: row.Mention.ID, Brand: row.Brand, Field: field, Value: value, By: "ayse", At: at})
}

// complaintsAndTopics: what was redelivered, rescored, corrected, deleted, is the brand's own or not ours, by hand.
func complaintsAndTopics(t *testing.T, open Opener) {
	s := open(t)
	both := remark(1, "A", hours(1), mention.Angry, topics("delay", "delivery", "delay"))
	other := both
	other.Brand, other.Verdict.Mood, other.Verdict.Topics = "B", mention.Neutral, []string{"price"}
	praised := remark(2, "A", hours(2), mention.Satisfied, func(r *mention.Scored) {
		r.Verdict.Praise, r.Verdict.Topics = []string{"delay", "app"}, []string{"delay"}
	})
	milder, worse := remark(3, "A", hours(3), mention.Angry, nil), remark(4, "A", hours(4), mention.Neutral, topics("app"))
	own, gone := remark(5, "A", hours(5), mention.Angry, byBrand), remark(6, "A", hours(6), mention.Angry, topics("delay"))
	notOurs, noCustomer := remark(7, "A", hours(7), mention.Angry, topics("delay")), remark(8, "A", hours(8), mention.Angry, topics("delay"))
	rescored := remark(9, "A", hours(9), mention.Neutral, nil)
	twice(t, s, both, other)
	twice(t, s, praised, milder, worse, own, gone, notOurs, noCustomer, rescored)
	twice(t, s, vanished(gone, hours(20)))
	twice(t, s, rejudged(rescored, hours(30), "2", mention.Dissatisfied))
	put(t, s, milder, mention.FieldMood, "mixed", hours(31))
	put(t, s, worse, mention.FieldMood, "angry", hours(31))
	put(t, s, worse, mention.FieldTopics, "price,promo", hours(31))
	put(t, s, notOurs, mention.FieldNotOurs, "yes", hours(31))
	put(t, s, noCustomer, mention.FieldNotCustomer, "yes", hours(31))
	wantEqual(t, "complaints", ask(t, s, "SELECT who, brand, mood, topics, corrected FROM v_complaints ORDER BY who, brand"), []string{
		"author1\tA\tangry\t['delay','delivery','delay']\tfalse", "author4\tA\tangry\t['price','promo']\ttrue", "author9\tA\tdissatisfied\t[]\tfalse"})
	wantEqual(t, "topics", ask(t, s, "SELECT who, brand, topic, polarity, unhappy FROM v_topics ORDER BY who, brand, topic, polarity"), []string{
		"author1\tA\tdelay\tcomplaint\ttrue", "author1\tA\tdelivery\tcomplaint\ttrue", "author1\tB\tprice\tcomplaint\tfalse",
		"author2\tA\tapp\tpraise\tfalse", "author2\tA\tdelay\tcomplaint\tfalse", "author2\tA\tdelay\tpraise\tfalse",
		"author4\tA\tprice\tcomplaint\ttrue", "author4\tA\tpromo\tcomplaint\ttrue"})
}

// viewsAgree: over many mentions the views say what v_mentions and the roll-ups say.
func viewsAgree(t *testing.T, open Opener) {
	s := open(t)
	twice(t, s, batchOf(120, start(), "1")...)
	rescore(t, s, hours(3), "2")
	put(t, s, judge(review(4, start()), "Paytak", "2"), mention.FieldTopics, "price,promo", hours(4))
	flush(t, s)
	wantEqual(t, "complaints", ask(t, s, "SELECT count(), uniqExact(id, brand) FROM v_complaints"), ask(t, s, "SELECT count(), count() FROM v_mentions WHERE unhappy AND from_customer"))
	wantEqual(t, "topics", ask(t, s, `SELECT brand, day, source, language, topic, countIf(polarity = 'complaint'), countIf(polarity = 'praise'), countIf(polarity = 'complaint' AND unhappy)
		FROM v_topics GROUP BY ALL ORDER BY ALL`), ask(t, s, "SELECT brand, day, source, language, topic, complaints, praise, unhappy FROM rollup_topic ORDER BY ALL"))
	wantEqual(t, "switches", ask(t, s, "SELECT count(), uniqExact(id) FROM v_switches"),
		ask(t, s, "SELECT uniqExact(id), uniqExact(id) FROM v_mentions WHERE from_customer AND switch_from != ''"))
	wantEqual(t, "newest versions", ask(t, s, "SELECT id, brand, mood, score, ifNull(rating, -1) FROM v_versions WHERE current ORDER BY ALL"),
		ask(t, s, "SELECT id, brand, mood, score, ifNull(rating, -1) FROM v_mentions WHERE from_customer ORDER BY ALL"))
	for _, view := range []string{"v_complaints", "v_topics", "v_versions"} {
		const part = "brand = 'Rival' AND day > '2025-03-01' AND day < '2025-03-08'"
		wantEqual(t, view, ask(t, s, "SELECT count() FROM "+view+" WHERE "+part), ask(t, s, "SELECT countIf("+part+") FROM "+view))
	}
}

func moves(from, to string) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Verdict.Switches = &mention.Switch{From: from, To: to} }
}

func switches(t *testing.T, open Opener) {
	s := open(t)
	a := remark(1, "B", hours(1), mention.Angry, moves("", "A")) // B sees less than C does
	c := a
	c.Brand, c.Verdict.Switches = "C", &mention.Switch{From: "B", To: "A"}
	silent := a
	silent.Brand, silent.Verdict.Switches = "A", nil
	gone, notOurs := remark(2, "A", hours(2), mention.Angry, moves("A", "B")), remark(3, "A", hours(3), mention.Angry, moves("A", "B"))
	twice(t, s, a, c, silent)
	twice(t, s, gone, notOurs, remark(4, "A", hours(4), mention.Angry, moves("A", "")), remark(5, "A", hours(5), mention.Satisfied, moves("", "A")),
		remark(6, "A", hours(6), mention.Neutral, nil), remark(7, "A", hours(7), mention.Neutral, func(r *mention.Scored) { byBrand(r); moves("B", "A")(r) }))
	twice(t, s, vanished(gone, hours(9)))
	put(t, s, notOurs, mention.FieldNotOurs, "yes", hours(9))
	wantEqual(t, "switches", ask(t, s, "SELECT who, switch_from, switch_to, direction, brands, source, language, toUnixTimestamp(written) FROM v_switches ORDER BY who"), []string{
		fmt.Sprintf("author1\tB\tA\tbetween\t['B','C']\tshop\tfa\t%d", hours(1).Unix()),
		fmt.Sprintf("author4\tA\t\taway\t['A']\tshop\tfa\t%d", hours(4).Unix()), fmt.Sprintf("author5\t\tA\tto\t['A']\tshop\ten\t%d", hours(5).Unix())})
}

func incidents(t *testing.T, open Opener) {
	s := open(t)
	x := mention.Escalation{
		ID: "i1", Incident: "i1", Rule: "incident", Severity: "high", Brand: "A", Product: "kettle", Topics: []string{"defective"}, Why: []string{"campaign"},
		State: mention.StateOpen, Opened: start(), Written: hours(-1), Excerpt: "first", Authors: 3, Mentions: 4, Reach: 50, Language: "tr",
	}
	larger := x
	larger.Why, larger.Authors, larger.Mentions, larger.Reach, larger.Excerpt = []string{"several"}, 6, 9, 700, "newest"
	events := []mention.Event{
		{ID: "1", At: start(), Step: 1, Type: "opened", State: mention.StateOpen, Escalation: x},
		{ID: "2", At: hours(1), Step: 2, Type: "acknowledged", State: mention.StateAcknowledged, Actor: "ayse", Escalation: x},
		{ID: "3", At: hours(2), Type: "grown", State: mention.StateAcknowledged, Note: "6", Escalation: larger},
		{ID: "4", At: hours(3), Type: "notified", State: mention.StateOpen, Escalation: x}, // late news of a channel
	}
	member := clocked(1, "shop", "desk")
	member.Incident = "i1"
	single := clocked(2, "shop", "desk")
	before := x // stored by an older program
	before.ID, before.Incident, before.Authors, before.Mentions, before.Why = "i2", "i2", 0, 0, []string{"several"}
	for range 2 {
		if err := s.InsertEvents(t.Context(), events); err != nil {
			t.Fatal(err)
		}
		steps(t, s, member, opened(start()))
		steps(t, s, single, opened(start()))
		steps(t, s, before, opened(hours(5)), mention.Event{At: hours(6), Step: 2, Type: "resolved", State: mention.StateResolved})
	}
	wantEqual(t, "incidents", ask(t, s, `SELECT id, brand, topic, product, campaign, authors, mentions, reach, cases, toUnixTimestamp(began), toUnixTimestamp(last_step), state, waiting, excerpt
		FROM v_incidents ORDER BY id`), []string{
		fmt.Sprintf("i1\tA\tdefective\tkettle\tfalse\t6\t9\t700\t1\t%d\t%d\tacknowledged\ttrue\tnewest", hours(-1).Unix(), hours(2).Unix()),
		fmt.Sprintf("i2\tA\tdefective\tkettle\tfalse\t0\t0\t50\t0\t%d\t%d\tresolved\tfalse\tfirst", hours(-1).Unix(), hours(6).Unix())})
}
