package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

// written is a mention of a day, as seen on it.
func written(n int, at time.Time) mention.Scored {
	r := killed(n)
	r.Mention.ID = mention.NewID("site", "old", fmt.Sprint(n))
	r.Mention.Written = mention.Written{Time: at, Precision: mention.PrecisionMinute}
	r.Mention.Author = mention.Author{ID: fmt.Sprint("u", n)}
	r.Mention.Collected, r.Mention.SeenFirst = at, at
	r.Mention = r.Mention.Revise()
	return r
}

// TestRetention holds that figures outlive their mentions whatever comes later, and that open cases keep theirs.
func TestRetention(t *testing.T) {
	t.Parallel()
	const figures = "SELECT day, sum(mentions) FROM rollup_day GROUP BY day ORDER BY day"
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	cfg := embeddedConfig(enginetest.Start(t))
	cfg.Retention = storage.Retention{Mentions: 400, Hours: 70}
	s := openStore(t, cfg)
	var rows []mention.Scored
	for n, at := range []time.Time{now.AddDate(-3, 0, 0), now.AddDate(-2, 0, 0), now.AddDate(-2, 0, 0), now.AddDate(0, -5, 0), now} {
		rows = append(rows, written(n, at))
	}
	if _, err := s.Insert(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	correct(t, s, rows[0], now)
	if err := s.InsertEvents(t.Context(), []mention.Event{{ID: "1", At: now, Step: 1, Type: "opened", State: mention.StateOpen, Escalation: mention.Escalation{
		ID: "case", Brand: rows[1].Brand, Mention: rows[1].Mention.ID, Opened: now}}}); err != nil {
		t.Fatal(err)
	}
	would, err := s.Expiring(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	want := []storage.Expiry{{What: "mentions", Since: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC), Rows: 2, Held: 1}, {What: "hours", Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Rows: 0}}
	if !slices.Equal(would, want) {
		t.Errorf("before any roll-up %v would go, want %v", would, want)
	}
	if _, err := s.Retain(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	after := lines(t, s, figures)
	if len(after) != 4 || !strings.HasSuffix(after[1], "\t2") {
		t.Errorf("figures %q", after)
	}
	if got := lines(t, s, "SELECT (SELECT count() FROM v_mentions), (SELECT count() FROM mention_versions), (SELECT count() FROM verdicts), (SELECT count() FROM corrections), (SELECT uniqExact(day) FROM rollup_hour)"); got[0] != "3\t3\t3\t0\t1" {
		t.Errorf("mentions, versions, verdicts, corrections and days with hours left: %s", got)
	}
	if got := lines(t, s, "SELECT day FROM v_stale_days"); !slices.Equal(got, []string{"2025-10-20"}) {
		t.Errorf("the mentions have to answer for %q", got)
	}
	// Found again, found late, corrected, edited, and forgotten.
	if fresh, err := s.Insert(t.Context(), []mention.Scored{rows[0], written(9, now.AddDate(-3, 0, 0)), written(10, now)}); err != nil || !slices.Equal(fresh, []bool{false, false, true}) {
		t.Errorf("fresh %v, %v", fresh, err)
	}
	correct(t, s, rows[1], now)
	if _, err := s.Forget(t.Context(), rows[1].Mention.Author, rows[1].Mention.Source); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.Retain(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	if got := lines(t, s, figures); !slices.Equal(got[:2], after[:2]) {
		t.Errorf("figures of days without mentions changed from %q to %q", after, got)
	}
}

func correct(t *testing.T, s *storage.Store, r mention.Scored, at time.Time) {
	t.Helper()
	if err := s.Correct(t.Context(), []mention.Correction{{Mention: r.Mention.ID, Brand: r.Brand, Field: mention.FieldMood, Value: "neutral", By: "ayse", At: at}}); err != nil {
		t.Fatal(err)
	}
}

func TestRetentionBounds(t *testing.T) {
	for want, r := range map[string]storage.Retention{
		"":                 {Mentions: 730, Hours: 90},
		"mentions are":     {Mentions: 399},
		"hours are":        {Hours: 30},
		"days are kept":    {Days: 800},
		"less than":        {Mentions: 730, Hours: 730, Days: 700},
		"for -1 days":      {Mentions: 730, Hours: 730, Days: -1},
		"hours are kept f": {Hours: -5},
	} {
		cfg := storage.DefaultConfig()
		cfg.URL, cfg.Retention = "http://localhost:8123", r
		if err := cfg.Validate(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", r, err, want)
		}
	}
}
