package storagetest

import (
	"fmt"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// edited is a row as a later visit finds it, with another text and mood.
func edited(row mention.Scored, at time.Time, text string, mood mention.Mood, edit func(*mention.Scored)) mention.Scored {
	row.Mention.Text, row.Mention.Collected, row.Verdict.Mood = text, at, mood
	if edit != nil {
		edit(&row)
	}
	row.Mention = row.Mention.Revise()
	return row
}

// reply is the brand's public answer to a mention.
func reply(n int, to mention.Scored, at time.Time) mention.Scored {
	return remark(n, to.Brand, at, mention.Neutral, func(r *mention.Scored) { r.Mention.Author.Own, r.Mention.ParentID = true, to.Mention.ID })
}

// versions: won back after an answer, without one, by stars, for a while; corrected, gone and of two brands. A visit sees
// each an hour after it is written.
func versions(t *testing.T, open Opener) {
	s := open(t)
	first := remark(1, "A", hours(0), mention.Angry, stars(1)) // answered, then five stars
	other := first
	other.Brand, other.Verdict.Mood = "B", mention.Neutral
	twice(t, s, first, other)
	twice(t, s, reply(50, first, hours(5)))
	now, nowOther := edited(first, hours(10), "solved", mention.Satisfied, stars(5)), edited(other, hours(10), "solved", mention.Neutral, stars(5))
	twice(t, s, now, nowOther)
	twice(t, s, reply(51, first, hours(11)))
	twice(t, s, edited(now, hours(12), "solved!", mention.Satisfied, nil), edited(nowOther, hours(12), "solved!", mention.Neutral, nil))

	alone := remark(2, "A", hours(0), mention.Dissatisfied, nil) // no answer
	stayed := remark(3, "A", hours(0), mention.Dissatisfied, stars(1))
	back := remark(4, "A", hours(0), mention.Angry, nil)
	judged := remark(5, "A", hours(0), mention.Neutral, nil)
	gone, own := remark(6, "A", hours(0), mention.Angry, nil), remark(7, "A", hours(0), mention.Angry, byBrand)
	twice(t, s, alone, stayed, back, judged, gone, own)
	put(t, s, judged, mention.FieldMood, "angry", hours(9))
	twice(t, s, edited(alone, hours(10), "fine", mention.Satisfied, nil), edited(stayed, hours(10), stayed.Mention.Text, mention.Dissatisfied, stars(3)),
		edited(back, hours(10), "fine", mention.Satisfied, nil), edited(judged, hours(10), "thanks", mention.Satisfied, nil), edited(gone, hours(10), "fine", mention.Satisfied, nil))
	again := back
	again.Mention.Collected = hours(20)
	twice(t, s, again, vanished(gone, hours(20)))
	twice(t, s, rejudged(edited(alone, hours(10), "fine", mention.Satisfied, nil), hours(30), "2", mention.Mixed)) // the scorer has learnt
	wantVersions(t, s)
	marks := marked(judged, hours(8))
	if err := s.InsertEvents(t.Context(), []mention.Event{marks}); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "answered by a mark", ask(t, s, "SELECT number, toUnixTimestamp(answered) FROM v_versions WHERE who = 'author5' ORDER BY number"), []string{"1\t0", fmt.Sprint("2\t", hours(8).Unix())})
}

func wantVersions(t *testing.T, s *storage.Store) {
	t.Helper()
	wantEqual(t, "versions", ask(t, s, `SELECT who, brand, number, mood, mood_before, ifNull(round(1 + 4 * rating), 0), ifNull(round(1 + 4 * rating_before), 0),
		current + 0, text_changed + 0, won_back + 0, corrected + 0, if(answered > 0, dateDiff('hour', toDateTime('2025-03-10 12:00:00', 'UTC'), answered), -1)
		FROM v_versions ORDER BY who, brand, number`), []string{
		"author1\tA\t1\tangry\t\t1\t0\t0\t0\t0\t0\t-1", "author1\tA\t2\tsatisfied\tangry\t5\t1\t0\t1\t1\t0\t5", "author1\tA\t3\tsatisfied\tsatisfied\t5\t5\t1\t1\t0\t0\t11",
		"author1\tB\t1\tneutral\t\t1\t0\t0\t0\t0\t0\t-1", "author1\tB\t2\tneutral\tneutral\t5\t1\t0\t1\t1\t0\t-1", "author1\tB\t3\tneutral\tneutral\t5\t5\t1\t1\t0\t0\t-1",
		"author2\tA\t1\tdissatisfied\t\t0\t0\t0\t0\t0\t0\t-1", "author2\tA\t2\tmixed\tdissatisfied\t0\t0\t1\t1\t0\t0\t-1",
		"author3\tA\t1\tdissatisfied\t\t1\t0\t0\t0\t0\t0\t-1", "author3\tA\t2\tdissatisfied\tdissatisfied\t3\t1\t1\t0\t0\t0\t-1",
		"author4\tA\t1\tangry\t\t0\t0\t1\t0\t0\t0\t-1", "author4\tA\t2\tsatisfied\tangry\t0\t0\t0\t1\t1\t0\t-1",
		"author5\tA\t1\tangry\t\t0\t0\t0\t0\t0\t1\t-1", "author5\tA\t2\tsatisfied\tangry\t0\t0\t1\t1\t1\t0\t-1"})
}

// accuracy: figures by hand; the ends of the interval are Wilson's for 2 of 3.
func accuracy(t *testing.T, open Opener) {
	s := open(t)
	var rows []mention.Scored
	for n, mood := range []mention.Mood{mention.Angry, mention.Angry, mention.Neutral, mention.Satisfied} {
		rows = append(rows, remark(3*n, "A", hours(n), mood, topics("delay", "price"))) // all in Turkish
	}
	twice(t, s, rows...)
	twice(t, s, rejudged(rows[2], hours(20), "2", mention.Dissatisfied))
	put(t, s, rows[0], mention.FieldMood, "angry", hours(30))
	put(t, s, rows[1], mention.FieldMood, "dissatisfied", hours(30)) // wrong, and unhappy all the same
	put(t, s, rows[2], mention.FieldMood, "satisfied", hours(30))
	put(t, s, rows[2], mention.FieldTopics, "price,delay", hours(30))
	put(t, s, rows[0], mention.FieldTopics, mention.NoTopics, hours(30))
	put(t, s, rows[3], mention.FieldMood, "angry", hours(30))
	put(t, s, rows[3], mention.FieldMood, "", hours(31)) // taken back
	twice(t, s, edited(rows[0], hours(40), "fine", mention.Satisfied, nil), vanished(rows[1], hours(40)))
	wantEqual(t, "accuracy", ask(t, s, "SELECT source, language, lexicon, field, labelled, agreed, round(share, 4), round(share_low, 4), round(share_high, 4) FROM v_accuracy WHERE basis = 'corrections' ORDER BY ALL"), []string{
		"shop\ttr\t1\tmood\t3\t1\t0.3333\t0.0615\t0.7923", "shop\ttr\t1\ttopics\t2\t1\t0.5\t0.0945\t0.9055", "shop\ttr\t1\tunhappy\t3\t3\t1\t0.4385\t1",
		"shop\ttr\t2\tmood\t1\t0\t0\t0\t0.7935", "shop\ttr\t2\ttopics\t1\t1\t1\t0.2065\t1", "shop\ttr\t2\tunhappy\t1\t0\t0\t0\t0.7935"})
}
