package frontier

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
	"go.uber.org/goleak"

	"feryat/mention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func open(t testing.TB) (*DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "new", "frontier.db")
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func listed(ids ...string) (ms []mention.Mention) {
	for _, id := range ids {
		ms = append(ms, mention.Mention{ID: mention.ID(id), Text: "text of " + id, Title: "t", Rating: &mention.Rating{Value: 1, Best: 5}, Likes: 3, Author: mention.Author{Name: "a"}})
	}
	return ms
}

func vanished(t testing.TB, s *Source) (ids []string) {
	t.Helper()
	gone, err := s.Vanished()
	must(t, err)
	for _, m := range gone {
		if m.Text != "" || m.Title != "" || m.Rating != nil || m.Author.Name == "" {
			t.Errorf("fact of %s: %+v", m.ID, m)
		}
		ids = append(ids, string(m.ID))
	}
	slices.Sort(ids)
	return ids
}

func TestWalksCountUpAndResume(t *testing.T) {
	db, path := open(t)
	s := db.Source("shop")
	first, err := s.Begin(noon)
	must(t, err)
	again, err := s.Begin(noon.Add(time.Hour))
	must(t, err)
	if first.ID != 1 || again != first {
		t.Errorf("walks %+v and %+v, want the second to take up the first", first, again)
	}
	must(t, db.Close())
	db, err = Open(path)
	must(t, err)
	defer db.Close()
	s = db.Source("shop")
	if again, err = s.Begin(noon.Add(2 * time.Hour)); err != nil || again != first {
		t.Errorf("after the file was opened again: %+v, %v", again, err)
	}
	if late, err := s.Begin(noon.Add(25 * time.Hour)); err != nil || late.ID != 2 {
		t.Errorf("a day later: %+v, %v", late, err)
	}
	if back, err := s.Begin(noon); err != nil || back.ID != 3 {
		t.Errorf("when the clock went back: %+v, %v", back, err)
	}
	w, _ := s.Begin(noon)
	must(t, s.Finish(w, true, 10))
	if next, err := s.Begin(noon); err != nil || next.ID != w.ID+1 {
		t.Errorf("after the end: %+v, %v", next, err)
	}
	if other, err := db.Source("other").Begin(noon); err != nil || other.ID != 1 {
		t.Errorf("another source: %+v, %v", other, err)
	}
}

func TestPageIsKept(t *testing.T) {
	db, _ := open(t)
	s := db.Source("shop")
	if _, ok, err := s.Page("k"); ok || err != nil {
		t.Errorf("a page of an empty source: %v, %v", ok, err)
	}
	want := Page{URL: "u", ETag: "e", LastModified: "l", Fetched: noon, Depth: 2, Links: []string{"a", "b"}, Sitemaps: []string{"s"},
		Listed: listed("1"), Epoch: "x", Walk: 3, Tried: 2, Failures: 1, Reason: "r", Suspect: true}
	must(t, s.Record("k", want))
	got, ok, err := s.Page("k")
	want.Listed[0] = fact(want.Listed[0])
	if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
		t.Errorf("%v, %v (-want +got):\n%s", ok, err, diff)
	}
	must(t, db.Forget("shop"))
	must(t, db.Forget("never was"))
	if _, ok, _ := s.Page("k"); ok {
		t.Error("the page of a forgotten source is there")
	}
}

func TestVanished(t *testing.T) {
	db, _ := open(t)
	s := db.Source("shop")
	must(t, s.Record("a", Page{Listed: listed("1", "2", "3")}))
	must(t, s.Record("b", Page{Listed: listed("4", "5")}))
	if got := vanished(t, s); got != nil {
		t.Errorf("%v vanished from pages that did not change", got)
	}
	must(t, s.Record("a", Page{Listed: listed("1", "4")}))
	must(t, s.Remove("b"))
	must(t, s.Remove("never was"))
	if got := vanished(t, s); !slices.Equal(got, []string{"2", "3", "5"}) {
		t.Errorf("vanished %v, want 2 3 5: 4 moved to another page", got)
	}
	must(t, s.Record("c", Page{Listed: listed("3")}))
	if got := vanished(t, s); !slices.Equal(got, []string{"2", "5"}) {
		t.Errorf("vanished %v, want 2 5: 3 came back", got)
	}
	gone, err := s.Vanished()
	must(t, err)
	must(t, s.Told(gone))
	if got := vanished(t, s); got != nil {
		t.Errorf("%v vanished again", got)
	}
	must(t, s.Remove("c"))
	if got := vanished(t, s); !slices.Equal(got, []string{"3"}) {
		t.Errorf("vanished %v, want 3, which came back and went", got)
	}
}

func keys(t testing.TB, s *Source) (out []string) {
	t.Helper()
	must(t, s.Each(func(key string, _ Page) bool { out = append(out, key); return true }))
	return out
}

func TestPrune(t *testing.T) {
	for name, tt := range map[string]struct {
		complete bool
		keep     int
		want     []string
	}{
		"complete":              {true, 10, []string{"listing seen", "plain seen", "tried"}},
		"incomplete":            {false, 10, []string{"listing old", "listing seen", "plain old", "plain seen", "tried"}},
		"incomplete, too many":  {false, 3, []string{"listing old", "listing seen", "tried"}},
		"incomplete, few":       {false, 1, []string{"listing seen"}},
		"complete and too many": {true, 1, []string{"listing seen"}},
	} {
		t.Run(name, func(t *testing.T) {
			db, _ := open(t)
			s := db.Source("shop")
			w, err := s.Begin(noon)
			must(t, err)
			must(t, s.Record("plain old", Page{Fetched: noon.Add(-time.Hour)}))
			must(t, s.Record("listing old", Page{Fetched: noon.Add(-2 * time.Hour), Listed: listed("1")}))
			must(t, s.Record("plain seen", Page{Fetched: noon, Walk: w.ID}))
			must(t, s.Record("listing seen", Page{Fetched: noon, Walk: w.ID, Listed: listed("2")}))
			must(t, s.Record("tried", Page{Fetched: noon.Add(time.Minute), Tried: w.ID}))
			must(t, s.Finish(w, tt.complete, tt.keep))
			if got := keys(t, s); !slices.Equal(got, tt.want) {
				t.Errorf("kept %v, want %v", got, tt.want)
			}
		})
	}
}

// What is missing and cannot be told is bounded too.
func TestMissingIsBounded(t *testing.T) {
	db, _ := open(t)
	s := db.Source("shop")
	w, err := s.Begin(noon)
	must(t, err)
	for i := range 5 {
		must(t, s.Record("a", Page{Walk: w.ID, Listed: listed(fmt.Sprint(i, "x"), fmt.Sprint(i, "y"))}))
	}
	must(t, s.Finish(w, false, 4))
	if n := len(vanished(t, s)); n != 4 {
		t.Errorf("%d missing, want 4", n)
	}
}

func TestEachStops(t *testing.T) {
	db, _ := open(t)
	s := db.Source("shop")
	for i := range 5 {
		must(t, s.Record(fmt.Sprint(i), Page{}))
	}
	n := 0
	must(t, s.Each(func(string, Page) bool { n++; return n < 2 }))
	if n != 2 {
		t.Errorf("%d pages after the second said stop", n)
	}
}

// Links that look alike take little room.
func TestPagesArePacked(t *testing.T) {
	var links []string
	for i := range 200 {
		links = append(links, fmt.Sprintf("https://shop.example/kategori/cay-kahve/urun-%d?siralama=yeni", i))
	}
	raw, err := encode(Page{Links: links})
	must(t, err)
	if plain := len(strings.Join(links, "")); len(raw) > plain/3 {
		t.Errorf("%d bytes of links take %d", plain, len(raw))
	}
}

// A file of something else is an error, not a panic.
func TestForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.db")
	must(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600))
	if db, err := Open(path); err == nil {
		db.Close()
		t.Error("opened")
	}
}

// A record that cannot be read is an unknown page, which the next answer
// overwrites and the walk's end drops.
func TestUnreadableRecords(t *testing.T) {
	db, _ := open(t)
	s := db.Source("shop")
	w, err := s.Begin(noon)
	must(t, err)
	for _, key := range []string{"stays", "overwritten", "good"} {
		must(t, s.Record(key, Page{Walk: w.ID, Listed: listed(key)}))
	}
	must(t, s.update(func(b *bbolt.Bucket) error {
		for _, key := range []string{"stays", "overwritten"} {
			if err := b.Bucket([]byte(keyPages)).Put([]byte(key), []byte(`{"url":"not packed"}`)); err != nil {
				return err
			}
		}
		return errors.Join(b.Put([]byte(keyWalk), []byte("?")), b.Bucket([]byte(keyMissing)).Put([]byte("m"), []byte("?")))
	}))
	if p, ok, err := s.Page("stays"); ok || err != nil || p.Listed != nil {
		t.Errorf("%+v, %v, %v", p, ok, err)
	}
	if got := keys(t, s); !slices.Equal(got, []string{"good"}) {
		t.Errorf("pages %v", got)
	}
	if got := vanished(t, s); got != nil {
		t.Errorf("%v vanished", got)
	}
	next, err := s.Begin(noon.Add(time.Minute))
	must(t, err)
	if next.ID <= w.ID {
		t.Errorf("walk %d after %d", next.ID, w.ID)
	}
	must(t, s.Record("overwritten", Page{Walk: next.ID}))
	must(t, s.Finish(next, false, 10))
	must(t, s.view(func(b *bbolt.Bucket) error {
		if n := b.Bucket([]byte(keyPages)).Stats().KeyN; n != 2 {
			t.Errorf("%d records left, want 2", n)
		}
		return nil
	}))
}

// FuzzDecode: a damaged page is unknown, never a panic, and what was encoded
// comes back.
func FuzzDecode(f *testing.F) {
	raw, _ := encode(Page{URL: "u", Links: []string{"a"}})
	f.Add(raw, "u")
	f.Fuzz(func(t *testing.T, packed []byte, url string) {
		if len(packed) < 1<<16 {
			decode(packed)
		}
		raw, err := encode(Page{URL: url})
		if err != nil {
			return
		}
		if p, ok := decode(raw); !ok || p.URL != strings.ToValidUTF8(url, "\ufffd") && len(p.URL) < len(url) {
			t.Errorf("%q came back as %q, %v", url, p.URL, ok)
		}
	})
}
