package storage_test

import (
	"testing"
	"time"

	"feryat/mention"
)

// TestNobodyIsKeptAsOfADirtyDay has an author reckoned, his time being up, while he says something else for a moment: the
// next rebuild sees no change, and he must not be kept as he was then.
func TestNobodyIsKeptAsOfADirtyDay(t *testing.T) {
	t.Parallel()
	s := openEmbedded(t)
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	visits := 0
	says := func(mood mention.Mood) {
		t.Helper()
		visits++
		m := mention.Mention{
			Source: "shop", ID: mention.NewID("site", "shop", "1"), Author: mention.Author{ID: "u1"}, Text: string(mood), Origin: mention.OriginLive,
			Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(time.Duration(visits) * time.Hour),
		}
		if _, err := s.Insert(t.Context(), []mention.Scored{{Brand: "Paytak", Mention: m.Revise(), Verdict: mention.Verdict{Mood: mood, Language: "tr", Lexicon: "1"}}}); err != nil {
			t.Fatal(err)
		}
	}
	flush := func() {
		t.Helper()
		if err := s.FlushRollups(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	says(mention.Angry)
	flush()
	if err := s.Exec(t.Context(), "INSERT INTO rollup_author (who) SELECT who FROM rollup_author"); err != nil {
		t.Fatal(err)
	}
	says(mention.Satisfied)
	if err := s.Reckon(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, s, "SELECT last_mood FROM v_authors_state"); got[0] != "satisfied" {
		t.Errorf("of a dirty day he is %v", got)
	}
	says(mention.Angry)
	flush()
	if got := lines(t, s, "SELECT last_mood FROM v_authors_state"); got[0] != "angry" {
		t.Errorf("afterwards he is %v", got)
	}
}
