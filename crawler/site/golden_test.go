package site

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"feryat/crawler/walk"
	"feryat/mention"
)

var update = flag.Bool("update", false, "write want.jsonl of every case anew; then read what changed")

// visited is when the pages of testdata were fetched: 1 Azar 1405.
var visited = time.Date(2026, 11, 22, 12, 40, 20, 0, time.UTC)

const somePage = "https://dukkan.example/urun/terlik?page=2"

// told is a mention as the golden files tell it: what a page decides, in short.
type told struct {
	Kind     mention.Kind `json:"kind"`
	ID       mention.ID   `json:"id"` // its first digits
	Weak     bool         `json:"weak,omitempty"`
	Parent   mention.ID   `json:"parent,omitempty"`
	At       string       `json:"at"`
	Thread   string       `json:"thread"`
	Product  string       `json:"product,omitempty"`
	Author   string       `json:"author,omitempty"`
	AuthorID string       `json:"author_id,omitempty"` // where it is not the name
	Own      bool         `json:"own,omitempty"`
	Title    string       `json:"title,omitempty"`
	Text     string       `json:"text,omitempty"`
	Language string       `json:"language,omitempty"`
	Rating   string       `json:"rating,omitempty"`
	Written  string       `json:"written,omitempty"`
	Edited   string       `json:"edited,omitempty"`
	Counts   string       `json:"counts,omitempty"` // likes, replies, shares, views
}

func tell(m mention.Mention) told {
	t := told{
		Kind: m.Kind, ID: m.ID[:8], Weak: m.WeakID, At: m.URL, Thread: m.ThreadID, Product: m.Product,
		Author: m.Author.Name, Own: m.Author.Own, Title: m.Title, Text: m.Text, Language: m.Language,
	}
	if m.Author.ID != m.Author.Name {
		t.AuthorID = m.Author.ID
	}
	if m.ParentID != "" {
		t.Parent = m.ParentID[:8]
	}
	if r := m.Rating; r != nil {
		t.Rating = fmt.Sprintf("%g of %g to %g", r.Value, r.Worst, r.Best)
	}
	if !m.Written.Time.IsZero() {
		t.Written = m.Written.Time.Format(time.RFC3339) + " " + string(m.Written.Precision)
	}
	if !m.Edited.IsZero() {
		t.Edited = m.Edited.Format(time.RFC3339)
	}
	if m.Likes+m.Replies+m.Shares+m.Views > 0 {
		t.Counts = fmt.Sprint(m.Likes, m.Replies, m.Shares, m.Views)
	}
	return t
}

// outcome is the last line of a golden file.
type outcome struct {
	Reason string   `json:"reason,omitempty"`
	Detail string   `json:"detail,omitempty"`
	Links  []string `json:"links,omitempty"`
}

// TestGolden reads testdata/<case>/page.html with the Config of config.yaml, if
// there is one, whose first start page is the page's address.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*/page.html")
	if err != nil || len(cases) < 40 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) { golden(t, dir) })
	}
}

func golden(t *testing.T, dir string) {
	body, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{}
	if b, err := os.ReadFile(filepath.Join(dir, "config.yaml")); err == nil {
		d := yaml.NewDecoder(bytes.NewReader(b))
		d.KnownFields(true)
		if err := d.Decode(&cfg); err != nil {
			t.Fatal(err)
		}
	}
	url := somePage
	if len(cfg.Start) > 0 {
		url = cfg.Start[0]
	}
	got := lines(t, extract(t, cfg, url, string(body)))
	name := filepath.Join(dir, "want.jsonl")
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func extract(t testing.TB, cfg Config, url, body string) walk.Found {
	t.Helper()
	x, err := NewExtractor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	found, err := x.Extract(t.Context(), walk.Page{URL: url, Body: []byte(body), ContentType: "text/html", Fetched: visited})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func lines(t *testing.T, f walk.Found) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)

	for _, m := range f.Mentions {
		if err := enc.Encode(tell(m)); err != nil {
			t.Fatal(err)
		}
	}
	if o := (outcome{f.Reason, f.Detail, f.Links}); o.Reason != "" || len(o.Links) > 0 || len(f.Mentions) == 0 {
		if err := enc.Encode(o); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}
