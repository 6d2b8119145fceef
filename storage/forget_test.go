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
