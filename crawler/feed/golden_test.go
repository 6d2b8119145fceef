package feed

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"feryat/crawler/fetch"
)

var update = flag.Bool("update", false, "rewrite testdata/*/want.json")

// TestCases reads each feed of testdata and compares what comes out of it. A
// new case is a folder: config.yaml, feed.xml or feed.json, want.json.
func TestCases(t *testing.T) {
	dirs, _ := filepath.Glob("testdata/*/config.yaml")
	if len(dirs) < 8 {
		t.Fatalf("only %d cases", len(dirs))
	}
	for _, config := range dirs {
		dir := filepath.Dir(config)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var cfg Config
			if err := yaml.Unmarshal(readFile(t, config), &cfg); err != nil {
				t.Fatal(err)
			}
			s, err := New("case", cfg, nil, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			bodies, _ := filepath.Glob(dir + "/feed.*")
			p := parse(readFile(t, bodies[0]))
			got := encode(t, map[string]any{"reason": p.reason, "detail": p.detail,
				"mentions": s.read(p.feed, cfg.URLs[0], &fetch.Response{At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})})
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
