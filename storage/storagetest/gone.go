package storagetest

import (
	"testing"
	"time"

	"feryat/mention"
)

func gone(t *testing.T, open Opener) {
	s := open(t)
	m := review(1, start())
	insert(t, s, named(m, "1", "Paytak", "Rival")...)
	// All that a walk knows of a mention that vanished: which one it was.
	vanished := mention.Mention{ID: m.ID, Source: m.Source, Gone: true, Collected: hours(1), Origin: mention.OriginLive}.Revise()
	if fresh := insert(t, s, mention.Scored{Mention: vanished}); !fresh[0] {
		t.Error("a deletion is not fresh")
	}
	wantEqual(t, "rows after the deletion", ask(t, s, "SELECT count() FROM v_mentions"), []string{"0"})
	for brand, f := range stored(t, s, m.ID) {
		if !f.Mention.Gone || f.Mention.Text != m.Text || f.Mention.Author.Name != m.Author.Name {
			t.Errorf("%s: the deletion lost what was said: %+v", brand, f.Mention)
		}
	}
	wantEqual(t, "versions", ask(t, s, "SELECT count() FROM mention_versions FINAL"), []string{"1"})
	wantEqual(t, "gone", must(s.Counts(t.Context()))(t).Gone, 1)
	wantEqual(t, "gone_seen", ask(t, s, "SELECT DISTINCT toUnixTimestamp(gone_seen) FROM mentions WHERE gone"), []string{asJSON(t, hours(1).Unix())})
	vanished.Collected = hours(2)
	if fresh := insert(t, s, mention.Scored{Mention: vanished}); fresh[0] {
		t.Error("a deletion seen again is fresh")
	}
	if fresh := insert(t, s, named(m, "1", "Paytak", "Rival", "Other")...); fresh[0] || fresh[2] {
		t.Error("a redelivery brought a deleted mention back")
	}
	back := m
	back.Collected = hours(3)
	if fresh := insert(t, s, named(back, "1", "Paytak", "Rival")...); !fresh[0] || !fresh[1] {
		t.Error("a mention that came back is not fresh")
	}
	wantEqual(t, "rows after it came back", ask(t, s, "SELECT count(), any(toUnixTimestamp(seen_first)) FROM v_mentions"), []string{"2\t" + asJSON(t, start().Unix())})
	unknown := mention.Mention{ID: mention.NewID("site", "x", "never seen"), Gone: true, Collected: hours(1)}.Revise()
	if fresh := insert(t, s, mention.Scored{Mention: unknown}); fresh[0] {
		t.Error("a deletion of something unknown is fresh")
	}
	checkAfter(t, s)
}

func brands(t *testing.T, open Opener) {
	s := open(t)
	visit := func(n int, lexicon, text string, brands ...string) []bool {
		m := review(1, hours(n))
		m.Text = text
		return insert(t, s, named(m.Revise(), lexicon, brands...)...)
	}
	show := func(what string, want ...string) {
		t.Helper()
		wantEqual(t, what, ask(t, s, "SELECT brand FROM v_mentions ORDER BY brand"), append([]string{}, want...))
	}
	visit(0, "1", "a", "Paytak", "Rival")
	show("both", "Paytak", "Rival")
	visit(1, "1", "a", "Paytak")
	show("one no longer named", "Paytak")
	visit(2, "1", "a", "Rival", "Other")
	show("another set", "Other", "Rival")
	if fresh := visit(3, "1", "b", ""); fresh[0] {
		t.Error("a mention of no brand is fresh")
	}
	show("none")
	wantEqual(t, "gone", must(s.Counts(t.Context()))(t).Gone, 0)
	wantEqual(t, "what is no longer ours", len(stored(t, s, review(1, start()).ID)), 0)
	visit(4, "1", "b", "Paytak")
	show("named again", "Paytak")
	wantEqual(t, "versions", ask(t, s, "SELECT text FROM mention_versions FINAL ORDER BY text"), []string{"a", "b"})

	stranger := review(2, start())
	insert(t, s, mention.Scored{Mention: stranger})
	wantEqual(t, "versions of what was never ours", ask(t, s, "SELECT count() FROM mention_versions FINAL"), []string{"2"})

	// A rescore after the brands' words were changed.
	again := review(1, hours(9))
	again.Text = "b"
	again = again.Revise()
	again.Origin = mention.OriginRescore
	insert(t, s, named(again, "2", "Rival")...)
	show("rescored", "Rival")
	again.Collected = hours(10)
	insert(t, s, named(again, "2", "Paytak", "Rival")...)
	show("rescored again", "Paytak", "Rival")
	checkAfter(t, s)
}

// anyTime holds what storage does with times that no calendar of this world has, or no source told.
func anyTime(t *testing.T, open Opener) {
	s := open(t)
	times := []time.Time{{}, time.Unix(-1, 0), time.Unix(0, 0), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2106, 6, 1, 0, 0, 0, 0, time.UTC)}
	for year := 1971; year < 2075; year++ { // more months than ClickHouse takes in one insert by default
		times = append(times, time.Date(year, time.Month(year%12+1), 3, 4, 5, 6, 7, time.FixedZone("", 3*3600)))
	}
	var rows []mention.Scored
	for i, at := range times {
		m := review(i, start())
		m.Written.Time = at
		rows = append(rows, judge(m, "Paytak", "1"))
	}
	insert(t, s, rows...)
	wantEqual(t, "rows", ask(t, s, "SELECT count(), countIf(written_precision = 'unknown'), countIf(toDate(written) != day) FROM v_mentions"), []string{"109\t5\t0"})
	found := all(t, s)
	for i, at := range times {
		got := found[rows[i].Mention.ID].Mention.Written.Time
		if i < 5 && !got.IsZero() || i >= 5 && !got.Equal(at.Truncate(time.Second)) {
			t.Errorf("written %s came back as %s", at, got)
		}
	}
	wantEqual(t, "day of the unknown", ask(t, s, "SELECT DISTINCT day FROM v_mentions WHERE written_precision = 'unknown'"), []string{start().Format(time.DateOnly)})
	m := review(999, time.Time{})
	insert(t, s, judge(m, "Paytak", "1"))
	checkAfter(t, s)
}
