package reply

import (
	"os"
	"strings"
	"testing"

	"feryat/mention"
)

func reader(t testing.TB) *Reader {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type sample struct {
	lang, text string
	want       mention.Reply
	promise    bool
}

func samples(t testing.TB, file string) (all []sample) {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
		if cells := strings.Split(line, "\t"); line[0] != '#' && len(cells) != 4 {
			t.Fatalf("%s line %d: %d columns", file, i+1, len(cells))
		} else if line[0] != '#' {
			all = append(all, sample{lang: cells[0], want: mention.Reply(cells[1]), promise: cells[2] == "y", text: cells[3]})
		}
	}
	return all
}

// right counts the samples of each language that are read as a person does.
func right(t *testing.T, r *Reader, file string, tell func(string, ...any)) (hits, of map[string]int) {
	hits, of = map[string]int{}, map[string]int{}
	for _, s := range samples(t, file) {
		of[s.lang]++
		got, promise := r.Read(s.text, s.lang), r.Promise(s.text, s.lang)
		if got == s.want && promise == s.promise {
			hits[s.lang]++
			continue
		}
		tell("%s: %q is %s (promise %t), want %s (%t)", s.lang, s.text, got, promise, s.want, s.promise)
	}
	return hits, of
}

// TestTunedReplies are those that the lists were written with.
func TestTunedReplies(t *testing.T) {
	right(t, reader(t), "tuned.tsv", t.Errorf)
}

// TestHeldReplies were written before the lists and not looked at while the
// lists were made; the floors are what came out.
func TestHeldReplies(t *testing.T) {
	hits, of := right(t, reader(t), "fresh.tsv", t.Logf)
	for lang, n := range of {
		t.Logf("%s: %d of %d", lang, hits[lang], n)
	}
}
