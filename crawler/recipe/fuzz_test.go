package recipe

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"feryat/mention"
)

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// FuzzParse: a recipe that parses can read a page without a panic.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"sites/*.yaml", "testdata/mistakes/*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			f.Add([]byte(read(f, file)))
		}
	}
	body := read(f, "sites/phpbb/topic.html")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse("f.yaml", data)
		if (r == nil) && err == nil {
			t.Fatal("neither a recipe nor an error")
		}
		if err != nil {
			return
		}
		x := &Extractor{recipes: []*Recipe{r}}
		found, err := x.Extract(context.Background(), page(body))
		if err == nil {
			hold(t, found.Mentions)
		}
	})
}

// FuzzExtract: whatever the page, what comes out is well-formed.
func FuzzExtract(f *testing.F) {
	pages, _ := filepath.Glob("sites/*/*.html")
	for _, p := range pages {
		f.Add([]byte(read(f, p)))
	}
	all, err := Bundled()
	if err != nil {
		f.Fatal(err)
	}
	x := &Extractor{recipes: all, auto: true}
	f.Fuzz(func(t *testing.T, body []byte) {
		found, err := x.Extract(context.Background(), page(string(body)))
		if err != nil {
			return
		}
		hold(t, found.Mentions)
		if found.Reason != "" && len(found.Mentions) > 0 {
			t.Fatalf("soft fail %s with %d mentions", found.Reason, len(found.Mentions))
		}
	})
}

// hold checks what every mention must be.
func hold(t *testing.T, all []mention.Mention) {
	t.Helper()
	seen := map[mention.ID]bool{}
	for _, m := range all {
		for _, s := range []string{m.Text, m.Title, m.Author.Name, m.Author.ID, m.Product, m.ThreadID, m.Written.Shown, m.Language} {
			if !utf8.ValidString(s) {
				t.Fatalf("%q is not UTF-8", s)
			}
		}
		if len(m.ID) != 32 || seen[m.ID] || len(m.Text) > mention.MaxText || m.Text == "" && m.Rating == nil {
			t.Fatalf("bad mention %+v", m)
		}
		if (m.Written.Precision == mention.PrecisionUnknown) != m.Written.Time.IsZero() {
			t.Fatalf("bad time %+v", m.Written)
		}
		seen[m.ID] = true
	}
}
