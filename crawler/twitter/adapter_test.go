package twitter

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"

	api "github.com/dghubble/go-twitter/twitter" //nolint:staticcheck // archived, and the one library that speaks v1.1
	"github.com/google/go-cmp/cmp"

	"feryat/mention"
)

var update = flag.Bool("update", false, "rewrite testdata/*/want.json")

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// TestCases turns each answer of testdata into mentions. A new case is a folder.
func TestCases(t *testing.T) {
	answers, _ := filepath.Glob("testdata/*/answer.json")
	if len(answers) < 7 {
		t.Fatalf("only %d cases", len(answers))
	}
	cfg := Config{OwnAuthors: []string{"@kumpasdestek"}}
	for _, name := range answers {
		dir := filepath.Dir(name)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := encode(t, read(t, cfg, readFile(t, name)))
			want := filepath.Join(dir, "want.json")
			if *update {
				if err := os.WriteFile(want, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, want)), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func read(t testing.TB, cfg Config, answer []byte) []mention.Mention {
	t.Helper()
	var found api.Search
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil
	}
	all := []mention.Mention{}
	for i := range found.Statuses {
		if m, ok := cfg.mention(&found.Statuses[i], noon()); ok {
			all = append(all, m)
		}
	}
	return all
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzAnswer: whatever the API answers, mentions are well-formed and bounded.
func FuzzAnswer(f *testing.F) {
	answers, _ := filepath.Glob("testdata/*/answer.json")
	for _, name := range answers {
		f.Add(readFile(f, name))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, m := range read(t, Config{OwnAuthors: []string{"x"}}, answer) {
			for _, s := range []string{m.Text, m.Author.Name, m.Author.ID, m.URL, m.Written.Shown, m.Language} {
				if !utf8.ValidString(s) {
					t.Fatalf("%q is not UTF-8", s)
				}
			}
			if len(m.ID) != 32 || m.Text == "" || len(m.Text) > mention.MaxText || m.Likes < 0 || m.Shares < 0 {
				t.Fatalf("bad mention %+v", m)
			}
			if (m.Written.Precision == mention.PrecisionUnknown) != m.Written.Time.IsZero() {
				t.Fatalf("bad time %+v", m.Written)
			}
		}
	})
}
