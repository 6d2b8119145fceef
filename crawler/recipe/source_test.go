package recipe

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"feryat/crawler"
	"feryat/crawler/crawlertest"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

func board(base, recipe string) Config {
	cfg := DefaultConfig()
	cfg.Recipe, cfg.Start = recipe, []string{base + "/forumlar/alisveris.9/"}
	return cfg
}

func TestConformance(t *testing.T) {
	for _, recipe := range []string{"auto", "xenforo2"} {
		t.Run(recipe, func(t *testing.T) {
			crawlertest.Run(t, crawlertest.Case{Dir: "testdata/site", New: func(t testing.TB, base string, web *fetch.Client, db *frontier.DB) crawler.Source {
				s, err := New("board", board(base, recipe), web, db)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}})
		})
	}
}

// TestWalk follows board, topics and pages, and ties the answer to its post.
func TestWalk(t *testing.T) {
	site, web, db := crawlertest.Serve(t, "testdata/site"), crawlertest.Client(t), crawlertest.Frontier(t)
	s, err := New("board", board(site.URL, "xenforo2"), web, db)
	if err != nil {
		t.Fatal(err)
	}
	inbox := &crawlertest.Inbox{}
	if _, err := s.Collect(t.Context(), nil, inbox); err != nil {
		t.Fatal(err)
	}
	parents := map[string]mention.ID{}
	ids := map[string]mention.ID{}
	for _, m := range inbox.Mentions() {
		ids[m.Text], parents[m.Text] = m.ID, m.ParentID
	}
	if len(ids) != 4 || len(inbox.Visits()) != 4 {
		t.Fatalf("%d mentions, %d visits", len(ids), len(inbox.Visits()))
	}
	if ids["Kargo on gündür yok."] == "" || parents["Bende de öyle."] != ids["Kargo on gündür yok."] {
		t.Error("the answer is not tied to its post")
	}
}

// TestOwnFile reads a recipe of the user's own by a path beside the configuration.
func TestOwnFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.yaml"), []byte(reviews+"start: [https://shop.example/reviews]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := DefaultConfig()
	cfg.Recipe, cfg.BaseDir = "mine.yaml", dir
	if err := cfg.Validate(); err != nil {
		t.Errorf("the recipe's own start is not used: %v", err)
	}
	before, err := NewExtractor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.About = []string{"Kumpas"}
	after, err := NewExtractor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := before.epoch()
	b, _ := after.epoch()
	if a == "" || a == b {
		t.Error("pages would not be read afresh after a change of the configuration")
	}
	cfg.BaseDir = filepath.Join(dir, "nowhere")
	if err := cfg.Validate(); err == nil {
		t.Error("a recipe that is not there passed")
	}
}

// TestReadme: the recipe that README.md shows is one.
func TestReadme(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(read(t, "README.md"), -1)
	parsed := 0
	for _, b := range blocks {
		if r, err := Parse("README.md", []byte(b[1])); err == nil && r.Name != "" {
			parsed++
		}
	}
	if parsed != 1 {
		t.Errorf("%d of %d blocks of README.md are recipes, want 1", parsed, len(blocks))
	}
}
