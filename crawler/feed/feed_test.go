package feed

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"feryat/crawler"
	"feryat/crawler/crawlertest"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

func source(t testing.TB, web *fetch.Client, urls ...string) *Source {
	t.Helper()
	cfg := DefaultConfig()
	cfg.URLs = urls
	s, err := New("test", cfg, web, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	crawlertest.Run(t, crawlertest.Case{Dir: "testdata/site", New: func(t testing.TB, base string, web *fetch.Client, _ *frontier.DB) crawler.Source {
		return source(t, web, base+"/feed.xml")
	}})
}

// visit is one collection of a one-feed source: its ledger row, its mentions,
// the next cursor.
type visit struct {
	row      mention.Visit
	mentions []mention.Mention
	cursor   mention.Cursor
	err      error
}

func collect(t testing.TB, s *Source, c mention.Cursor) visit {
	t.Helper()
	inbox := &crawlertest.Inbox{}
	next, err := s.Collect(t.Context(), c, inbox)
	if len(inbox.Visits()) != 1 {
		t.Fatalf("%d visits, error %v", len(inbox.Visits()), err)
	}
	return visit{inbox.Visits()[0], inbox.Mentions(), next, err}
}

func rss(items ...string) string {
	return `<rss version="2.0"><channel><title>t</title>` + strings.Join(items, "") + `</channel></rss>`
}

func item(guid, text string) string {
	return fmt.Sprintf(`<item><guid>%s</guid><description>%s</description></item>`, guid, text)
}

// TestLife follows one feed without validators through its days: new items, an
// edited one, one that falls off, an empty day, a captcha, a page, the feed again.
func TestLife(t *testing.T) {
	body := ""
	site := crawlertest.Serve(t, t.TempDir())
	site.Instead(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	s := source(t, crawlertest.Client(t), site.URL+"/feed")
	captcha := `<!doctype html><html><head><title>Attention Required!</title></head><body><form id="challenge-form">Verify you are human</form></body></html>`
	var cursor mention.Cursor
	for _, day := range []struct {
		name, body, reason string
		texts              []string // what is pushed
		shown              int      // what the row counts
		trouble            bool
	}{
		{"first", rss(item("2", "two"), item("1", "one")), "", []string{"one", "two"}, 2, false},
		{"same", rss(item("2", "two"), item("1", "one")), "", nil, 2, false},
		{"new and edited", rss(item("3", "three"), item("2", "two!")), "", []string{"two!", "three"}, 2, false},
		{"fallen off is not gone", rss(item("3", "three")), "", nil, 1, false},
		{"empty", rss(), "empty", nil, 0, true},
		{"still empty", rss(), "empty", nil, 0, true},
		{"captcha", captcha, "challenge", nil, 0, true},
		{"a page", "<html><body><h1>Welcome</h1></body></html>", "shape_changed", nil, 0, true},
		{"json of no feed", `{"error": "not found"}`, "empty", nil, 0, true},
		{"broken", rss(item("4", "four"), "<item><guid>5</guid><description><![CDATA[ five"), "parse", []string{"four"}, 1, false},
		{"whole again", rss(item("5", "five"), item("4", "four")), "", []string{"five"}, 2, false},
	} {
		body = day.body
		got := collect(t, s, cursor)
		var texts []string
		for _, m := range got.mentions {
			texts = append(texts, m.Text)
			if m.Gone {
				t.Errorf("%s: %q is gone", day.name, m.Text)
			}
		}
		if fmt.Sprint(texts) != fmt.Sprint(day.texts) || got.row.Reason != day.reason || got.row.Mentions != day.shown {
			t.Errorf("%s: pushed %q, row %+v", day.name, texts, got.row)
		}
		var trouble *crawler.Trouble
		if errors.As(got.err, &trouble) != day.trouble || day.trouble && trouble.Reason != day.reason {
			t.Errorf("%s: error %v", day.name, got.err)
		}
		if (day.reason != "") != (got.row.Outcome == mention.OutcomeSoftFail) {
			t.Errorf("%s: outcome %s", day.name, got.row.Outcome)
		}
		cursor = got.cursor
	}
}

// TestEmptyFromTheStart: a feed that never had items is not in trouble.
func TestEmptyFromTheStart(t *testing.T) {
	site := crawlertest.Serve(t, t.TempDir())
	site.Instead(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, rss()) })
	if got := collect(t, source(t, crawlertest.Client(t), site.URL+"/feed"), nil); got.err != nil || got.row.Outcome != mention.OutcomeOK {
		t.Errorf("%v %+v", got.err, got.row)
	}
}

// TestOneOfTwo: a feed that fails costs its row and leaves the other alone.
func TestOneOfTwo(t *testing.T) {
	site := crawlertest.Serve(t, "testdata/site")
	s := source(t, crawlertest.Client(t), site.URL+"/nowhere.xml", site.URL+"/feed.xml")
	inbox := &crawlertest.Inbox{}
	cursor, err := s.Collect(t.Context(), nil, inbox)
	if err != nil || len(cursor) == 0 || len(inbox.Mentions()) != 3 {
		t.Fatalf("%v, %d mentions", err, len(inbox.Mentions()))
	}
	if v := inbox.Visits(); len(v) != 2 || v[0].Reason != fetch.ReasonNotFound || v[1].Outcome != mention.OutcomeOK || v[1].Mentions != 3 {
		t.Errorf("%+v", v)
	}
}

// TestNewConfigurationReadsAfresh: what shapes mentions also ends the validators.
func TestNewConfigurationReadsAfresh(t *testing.T) {
	site, web := crawlertest.Serve(t, "testdata/site"), crawlertest.Client(t)
	s := source(t, web, site.URL+"/feed.xml")
	cursor := collect(t, s, nil).cursor
	if v := collect(t, s, cursor); v.row.Outcome != mention.OutcomeNotModified || len(v.mentions) != 0 {
		t.Fatalf("%+v", v.row)
	}
	s.cfg.About = []string{"Kumpas"}
	if v := collect(t, s, cursor); v.row.Outcome != mention.OutcomeOK || len(v.mentions) != 3 || v.mentions[0].About[0] != "Kumpas" {
		t.Errorf("%+v", v)
	}
	if v := collect(t, s, mention.Cursor("{garbage")); len(v.mentions) != 3 {
		t.Errorf("%d mentions from a broken cursor", len(v.mentions))
	}
}

func TestConfig(t *testing.T) {
	cfg := Config{URLs: []string{"ftp://x"}, Kind: "rant", Zone: "Mars", Language: "turkish"}
	err := cfg.Validate()
	for _, want := range []string{`"ftp://x"`, `"rant"`, "zone:", "language:", "max_items:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in %v", want, err)
		}
	}
	if cfg := DefaultConfig(); cfg.Validate() == nil {
		t.Error("a source without feeds passed")
	}
}

func TestDepth(t *testing.T) {
	for in, want := range map[string]int{
		"<a><b/><c></c></a>": 2, "<a><!-- <x><x><x> --><b></b></a>": 2, "<a><![CDATA[<x><x>]]></a>": 1, "<?xml?><!DOCTYPE x><a>": 1, "": 0, "<": 1, "<a><![CDATA[<x>": 1,
	} {
		if got := depth([]byte(in)); got != want {
			t.Errorf("depth(%q) = %d, want %d", in, got, want)
		}
	}
	bomb := []byte("<rss xmlns:a='x'><channel><item>" + strings.Repeat("<a:b>", 1<<20))
	if p := parse(bomb); p.reason != reasonParse || !strings.Contains(p.detail, "deep") {
		t.Errorf("a nesting bomb gave %q: %s", p.reason, p.detail)
	}
}

// FuzzParse: whatever the bytes, what comes out is well-formed, and never more
// than one mention an ID.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"rss/feed.xml", "atom/feed.xml", "jsonfeed/feed.json", "rdf/feed.xml", "broken/feed.xml", "escaped/feed.xml", "dates/feed.xml", "weak/feed.xml"} {
		f.Add(readFile(f, "testdata/"+name))
	}
	cfg := DefaultConfig()
	cfg.URLs = []string{"https://fuzz.example/feed"}
	s, err := New("fuzz", cfg, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := parse([]byte(strings.ToValidUTF8(string(body), "\uFFFD")))
		if p.feed == nil {
			t.Fatal("no feed")
		}
		seen := map[mention.ID]bool{}
		for _, m := range s.read(p.feed, cfg.URLs[0], &fetch.Response{}) {
			for _, v := range []string{m.Text, m.Title, m.Author.Name, m.Author.ID, m.URL, m.Written.Shown, m.Language} {
				if !utf8.ValidString(v) {
					t.Fatalf("%q is not UTF-8", v)
				}
			}
			if len(m.ID) != 32 || seen[m.ID] || m.Text == "" || len(m.Text) > mention.MaxText || !strings.HasPrefix(m.URL, "http") {
				t.Fatalf("bad mention %+v", m)
			}
			seen[m.ID] = true
		}
	})
}

var _ crawler.Source = (*Source)(nil)
var _ getter = (*fetch.Client)(nil)
