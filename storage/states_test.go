package storage_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

// TestMigrationFromOlderStates stops the migration at several statements, as an older program or a kill would have, after
// a statement and before the note that it was applied. All states there are take minutes: make soak.
func TestMigrationFromOlderStates(t *testing.T) {
	t.Parallel()
	texts := statements(t)
	for _, n := range []int{0, 8, 16, 20, 28, len(texts) - 12} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			upgrade(t, n, len(texts))
		})
	}
}

func statements(t *testing.T) []string {
	t.Helper()
	texts, err := storage.Statements(storage.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// oldRows are rows as the oldest state that has a table takes them: two in each.
func oldRows() map[string]string {
	return map[string]string{
		"mentions":          "(brand, day, id, version, written, mood, topics) VALUES ('Paytak', '2025-03-01', 'a', 1, '2025-03-01 10:00:00', 'angry', ['delay']), ('Paytak', '2026-01-01', 'b', 1, '2026-01-01 11:30:00', 'neutral', [])",
		"mention_versions":  "(id, revision, day) VALUES ('a', '1', '2025-03-01'), ('b', '1', '2026-01-01')",
		"verdicts":          "(brand, id, revision, lexicon, day, mood) VALUES ('Paytak', 'a', '1', '1', '2025-03-01', 'angry'), ('Paytak', 'b', '1', '1', '2026-01-01', 'neutral')",
		"corrections":       "(id, brand, field, value, at) VALUES ('b', 'Paytak', 'mood', 'satisfied', now64(6)), ('b', 'Paytak', 'topics', 'price', now64(6))",
		"crawl_ledger":      "(source, at, id) VALUES ('shop', now64(6), '1'), ('shop', now64(6), '2')",
		"escalation_events": "(escalation, id, at, type, state, mention) VALUES ('e', '1', now64(9), 'opened', 'open', 'a'), ('e', '2', now64(9), 'acknowledged', 'acknowledged', 'a')",
		"forgotten":         "(hash, at) VALUES ('x', now()), ('y', now())",
		"customers":         "(key) VALUES ('1'), ('2')",
		"customer_links":    "(source, author, customer) VALUES ('shop', 'u', '1'), ('shop', 'v', '2')",
	}
}

// upgrade makes the state after n statements with rows in it, opens it with the present program, and looks whether schema,
// rows and figures are what they should be.
func upgrade(t *testing.T, n, statements int) {
	t.Helper()
	cfg := embeddedConfig(enginetest.Start(t))
	if err := storage.MigrateUpTo(t.Context(), cfg, n); err != nil {
		t.Fatal(err)
	}
	old, filled := storage.Bare(t, cfg), []string{}
	tables := lines(t, old, "SELECT name FROM system.tables WHERE database = currentDatabase()")
	for table, rows := range oldRows() {
		if !slices.Contains(tables, table) {
			continue
		}
		if err := old.Exec(t.Context(), "INSERT INTO "+table+" "+rows); err != nil {
			t.Fatalf("state %d takes no rows in %s: %v", n, table, err)
		}
		filled = append(filled, table)
	}
	if slices.Contains(tables, "dirty_days") {
		if err := old.Exec(t.Context(), "INSERT INTO dirty_days SELECT day, 1, 0, now64(9) FROM mentions"); err != nil {
			t.Fatal(err)
		}
	}
	s := openStore(t, cfg)
	want, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if got := creates(t, s); got != string(want) {
		t.Errorf("from state %d:\n%s", n, cmp.Diff(string(want), got))
	}
	if got := lines(t, s, "SELECT uniqExact(version) FROM schema_migrations"); got[0] != fmt.Sprint(statements) {
		t.Errorf("from state %d: schema_migrations says %v", n, got)
	}
	for _, table := range filled {
		if got := lines(t, s, "SELECT count() FROM "+table+" FINAL"); got[0] != "2" {
			t.Errorf("from state %d: %s of 2 rows are left in %s", n, got[0], table)
		}
	}
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"v_mentions", "rollup_day", "rollup_hour", "rollup_mention"} {
		count, rows := "sum(mentions)", "2"
		if table == "v_mentions" || table == "rollup_mention" {
			count = "count()"
		}
		if !slices.Contains(filled, "mentions") {
			rows = "0"
		}
		if got := lines(t, s, "SELECT "+count+" FROM "+table); got[0] != rows {
			t.Errorf("from state %d: %s mentions in %s, want %s", n, got[0], table, rows)
		}
	}
}
