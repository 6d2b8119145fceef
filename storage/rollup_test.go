package storage_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

func TestRunRollups(t *testing.T) {
	t.Parallel()
	cfg := embeddedConfig(enginetest.Start(t))
	cfg.RollupInterval = 10 * time.Millisecond
	s := openStore(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.RunRollups(ctx) }()
	for n := range 3 {
		if _, err := s.Insert(t.Context(), []mention.Scored{killed(n)}); err != nil {
			t.Fatal(err)
		}
	}
	for lines(t, s, "SELECT sum(mentions) FROM rollup_day")[0] != "3" { // the test's own time limit ends it
		if t.Context().Err() != nil {
			t.Fatal("the roll-ups never came")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("the loop ended with %v", err)
	}
}

// TestRollupsOfAnOlderSchema holds that the change from months to years, when roll-ups start anew, loses no figure.
func TestRollupsOfAnOlderSchema(t *testing.T) {
	t.Parallel()
	const byMonth, figures = 15, "SELECT brand, day, mood, mentions, unhappy FROM rollup_day ORDER BY ALL"
	cfg := embeddedConfig(enginetest.Start(t))
	if err := storage.MigrateUpTo(t.Context(), cfg, byMonth); err != nil {
		t.Fatal(err)
	}
	old := storage.Bare(t, cfg)
	if err := old.Exec(t.Context(), `INSERT INTO mentions (brand, day, id, version, written, mood)
		SELECT 'Paytak', toDate('2025-11-20') + number * 9 AS day, toString(number), 1, day, if(number < 5, 'angry', 'neutral') FROM numbers(12)`); err != nil {
		t.Fatal(err)
	}
	if err := old.Exec(t.Context(), `INSERT INTO rollup_day (brand, day, mood, mentions, unhappy)
		SELECT brand, day, mood, 1, unhappy FROM v_mentions`); err != nil {
		t.Fatal(err)
	}
	want := lines(t, old, figures)
	s := openStore(t, cfg)
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, lines(t, s, figures)); diff != "" || len(want) != 12 {
		t.Errorf("%d days before the change, after it (-before +after):\n%s", len(want), diff)
	}
	if years := lines(t, s, "SELECT DISTINCT partition FROM system.parts WHERE table = 'rollup_day' AND active AND database = currentDatabase() ORDER BY ALL"); !slices.Equal(years, []string{"2025", "2026"}) {
		t.Errorf("partitions %v, want years", years)
	}
}

// TestAnotherSecret holds that a database whose forgotten authors cannot be recognised takes nothing.
func TestAnotherSecret(t *testing.T) {
	t.Parallel()
	cfg := embeddedConfig(enginetest.Start(t))
	s := openStore(t, cfg)
	if _, err := s.Forget(t.Context(), mention.Author{ID: "u"}, "shop"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"", "another one"} {
		cfg.Secret = []byte(secret)
		other, err := storage.Open(t.Context(), cfg, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Insert(t.Context(), []mention.Scored{killed(1)}); err == nil || !strings.Contains(err.Error(), "secret") {
			t.Errorf("with secret %q: %v", secret, err)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}
	cfg.Secret = nil
	if _, err := openStore(t, cfg).Forget(t.Context(), mention.Author{ID: "u"}, ""); err == nil {
		t.Error("forgotten without a secret")
	}
}
