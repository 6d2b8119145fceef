package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// A backup from before a person was forgotten does not bring him back.
func TestRestoreForgetsAgain(t *testing.T) {
	t.Parallel()
	s, ctx := openFresh(t), t.Context()
	var batch []mention.Scored
	for n := range 6 {
		batch = append(batch, killed(n))
		batch[n].Mention.Author = mention.Author{ID: fmt.Sprint("u", n), Name: "twin"}
	}
	if _, err := s.Insert(ctx, batch); err != nil {
		t.Fatal(err)
	}
	archive := s.Database() + "-before.tar.gz"
	if err := s.Backup(ctx, archive); err != nil {
		t.Fatal(err)
	}
	if done, err := s.Forget(ctx, mention.Author{ID: "u2"}, batch[2].Mention.Source); err != nil || done.Mentions != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if err := s.Restore(ctx, archive, true); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, s, "SELECT count(), countIf(author_id = 'u2') FROM mention_versions")[0]; got != "5\t0" {
		t.Errorf("after the restore: %s", got)
	}
	if fresh, err := s.Insert(ctx, batch); err != nil || fresh[2] {
		t.Errorf("the forgotten was stored again: %v, %v", fresh, err)
	}
}

// What a rebuild of another process had in hand, and put there after a person was forgotten, goes with the second time.
func TestForgetWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	s, ctx := openEmbedded(t), t.Context()
	other := killed(1)
	other.Mention.Author = mention.Author{Name: "u1"} // is called as he is known by
	if _, err := s.Insert(ctx, []mention.Scored{other}); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"INSERT INTO rollup_mention (day, brand, source, id, who, author, name) VALUES ('2025-03-01', 'Paytak', 'shop', 'x', 1, 'u1', 'Author 1')",
		"INSERT INTO rollup_author (who, brand, source, author, name, until) VALUES (1, 'Paytak', 'shop', 'u1', 'Author 1', '2100-01-01 00:00:00')",
	} {
		if err := s.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.FlushRollups(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Forget(ctx, mention.Author{ID: "u1"}, ""); err != nil {
			t.Fatal(err)
		}
		if got := lines(t, s, "SELECT (SELECT count() FROM rollup_mention WHERE name = 'Author 1'), (SELECT count() FROM rollup_author WHERE name = 'Author 1')"); got[0] != "0\t0" {
			t.Errorf("left: %s", got)
		}
		if got := lines(t, s, "SELECT (SELECT count() FROM v_brief WHERE name = 'u1'), (SELECT count() FROM v_authors_state WHERE name = 'u1')"); got[0] != "1\t1" {
			t.Errorf("of the other there is %s", got)
		}
	}
}

// Expunge returns when the parts that were rewritten are gone, and leaves the tables as they were.
func TestExpunge(t *testing.T) {
	t.Parallel()
	s, ctx := openFresh(t), t.Context()
	for n := range 3 {
		row := killed(n)
		row.Mention.Author = mention.Author{ID: fmt.Sprint("u", n)}
		if _, err := s.Insert(ctx, []mention.Scored{row}); err != nil {
			t.Fatal(err)
		}
	}
	before := lines(t, s, "SHOW CREATE TABLE mentions")
	begun := time.Now()
	err := s.Expunge(ctx, func() error {
		_, err := s.Forget(ctx, mention.Author{ID: "u1"}, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("took %s", time.Since(begun))
	old := lines(t, s, "SELECT count() FROM system.parts WHERE database = currentDatabase() AND has(splitByChar(' ', '"+strings.Join(storage.Personal(), " ")+"'), table) AND NOT active AND modification_time < toDateTime("+fmt.Sprint(begun.Unix())+")")
	if after := lines(t, s, "SHOW CREATE TABLE mentions"); fmt.Sprint(after) != fmt.Sprint(before) || old[0] != "0" {
		t.Errorf("%s old parts; the table is\n%s", old[0], after)
	}
	broken := errors.New("no")
	if err := s.Expunge(ctx, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("the reason is lost: %v", err)
	}
}
