package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

func TestBackupAndRestore(t *testing.T) {
	s, ctx := openFresh(t), t.Context()
	insert := func(s *storage.Store, from, to int) {
		t.Helper()
		var batch []mention.Scored
		for n := from; n < to; n++ {
			batch = append(batch, killed(n))
		}
		if _, err := s.Insert(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	count := func(s *storage.Store, want string) {
		t.Helper()
		if got := lines(t, s, "SELECT count(), (SELECT sum(mentions) FROM rollup_day) FROM v_mentions")[0]; got != want {
			t.Errorf("rows and rolled up: %s, want %s", got, want)
		}
	}
	insert(s, 0, 5)
	if err := s.FlushRollups(ctx); err != nil {
		t.Fatal(err)
	}
	archive := s.Database() + "-o'ne.tar.gz"
	if err := s.Backup(ctx, archive); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, archive); err == nil {
		t.Error("a backup was overwritten")
	}
	insert(s, 5, 9)
	if err := s.Restore(ctx, archive, false); !errors.Is(err, storage.ErrNotEmpty) {
		t.Errorf("restore over data gives %v", err)
	}
	for _, wrong := range []string{"nothing.tar.gz", "/etc/passwd", "../../etc/passwd", "", "a\nb"} {
		if err := s.Restore(ctx, wrong, true); err == nil {
			t.Errorf("restored from %q", wrong)
		}
	}
	count(s, "9\t5")
	if err := s.Restore(ctx, archive, true); err != nil {
		t.Fatal(err)
	}
	count(s, "5\t5")
	insert(s, 4, 7) // it goes on from there
	count(s, "7\t5")

	cfg := embeddedConfig(enginetest.Start(t))
	other := openStore(t, cfg)
	if err := other.Restore(ctx, archive, false); err != nil {
		t.Fatal(err)
	}
	count(other, "5\t5")
	if left := lines(t, other, "SELECT count() FROM system.databases WHERE name LIKE '%_restore'")[0]; left != "0" {
		t.Errorf("%s temporary databases are left", left)
	}
	openStore(t, cfg) // what was restored opens again
}

// TestRestoreOlder restores a backup that an older program made.
func TestRestoreOlder(t *testing.T) {
	cfg := embeddedConfig(enginetest.Start(t))
	if err := storage.MigrateUpTo(t.Context(), cfg, 9); err != nil {
		t.Fatal(err)
	}
	older := storage.Bare(t, cfg)
	archive := fmt.Sprintf("%s-older.tar.gz", cfg.Database)
	if err := older.Backup(t.Context(), archive); err != nil {
		t.Fatal(err)
	}
	s := openFresh(t)
	if err := s.Restore(t.Context(), archive, false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Insert(t.Context(), []mention.Scored{killed(1)}); err != nil {
		t.Fatal(err)
	}
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Exec(t.Context(), "INSERT INTO schema_migrations VALUES (9999, 'x', now())"); err != nil {
		t.Fatal(err)
	}
	newer := fmt.Sprintf("%s-newer.tar.gz", cfg.Database)
	if err := s.Backup(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	into := openFresh(t)
	if err := into.Restore(t.Context(), newer, false); err == nil || !strings.Contains(err.Error(), "newer feryat") {
		t.Errorf("a backup by a newer program gives %v", err)
	}
	if got := lines(t, into, "SELECT count(), (SELECT count() FROM schema_migrations WHERE version = 9999) FROM v_mentions")[0]; got != "0\t0" {
		t.Errorf("the refused backup was restored all the same: %s", got)
	}
}
