package site

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"

	"feryat/crawler"
	"feryat/crawler/crawlertest"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/crawler/walk"
	"feryat/mention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestSource holds the source to the contract of all sources, on a small shop of
// two products, one of them on two pages.
func TestSource(t *testing.T) {
	crawlertest.Run(t, crawlertest.Case{
		Dir: "testdata/walk",
		New: func(t testing.TB, base string, web *fetch.Client, db *frontier.DB) crawler.Source {
			cfg := DefaultConfig()
			cfg.Start = []string{base + "/"}
			cfg.About = []string{"Ayakbas"}
			s, err := New("dukkan", cfg, web, db)
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	})
}

// TestWalk reads the whole small shop: every statement once, answers tied to
// what they answer, and pages that act left alone.
func TestWalk(t *testing.T) {
	shop := crawlertest.Serve(t, "testdata/walk")
	cfg := DefaultConfig()
	cfg.Start = []string{shop.URL + "/"}
	s, err := New("dukkan", cfg, crawlertest.Client(t), crawlertest.Frontier(t))
	if err != nil {
		t.Fatal(err)
	}
	inbox := &crawlertest.Inbox{}
	if _, err := s.Collect(fetch.WithRun(t.Context(), fetch.NewRun()), nil, inbox); err != nil {
		t.Fatal(err)
	}
	byID := map[mention.ID]mention.Mention{}
	for _, m := range inbox.Mentions() {
		if _, twice := byID[m.ID]; twice {
			t.Errorf("%s said twice: %q", m.ID, m.Text)
		}
		byID[m.ID] = m
	}
	answers := 0
	for _, m := range byID {
		if m.ParentID == "" {
			continue
		}
		answers++
		if _, ok := byID[m.ParentID]; !ok || !m.Author.Own {
			t.Errorf("answer %q: parent known %v, own %v", m.Text, ok, m.Author.Own)
		}
	}
	if len(byID) != 7 || answers != 2 {
		t.Errorf("%d mentions, %d answers; want 7 and 2", len(byID), answers)
	}
	uris, _ := shop.Asked()
	for _, uri := range uris {
		if strings.Contains(uri, "add-to-cart") || strings.HasPrefix(uri, "/sepet") {
			t.Errorf("asked for %s", uri)
		}
	}
}

// page is a list of reviews with the markup of one syntax.
func page(syntax string, reviews ...[3]string) string {
	var list []any
	var micro strings.Builder
	for _, r := range reviews {
		list = append(list, map[string]any{"@type": "Review", "@id": "#" + r[0], "author": r[1], "reviewBody": r[2], "datePublished": "2026-11-01"})
		id := ""
		if r[0] != "" {
			id = ` id="` + r[0] + `"`
		}
		fmt.Fprintf(&micro, `<div itemprop="review" itemscope itemtype="https://schema.org/Review"%s><b itemprop="author">%s</b><i itemprop="datePublished">1 Kasım 2026</i><p itemprop="reviewBody">%s</p></div>`, id, r[1], r[2])
	}
	if syntax == "micro" {
		return `<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Terlik</h1>` + micro.String() + `</div>`
	}
	b, err := json.Marshal(map[string]any{"@type": "Product", "name": "Terlik", "review": list})
	if err != nil {
		panic(err)
	}
	return `<script type="application/ld+json">` + string(b) + `</script>`
}

// TestIDsSurviveMoves: a review is the same on the next page of the list, in
// another order, beside other reviews, edited, and in the other syntax.
func TestIDsSurviveMoves(t *testing.T) {
	a, b, edited := [3]string{"y-5001", "ada", "Koptu."}, [3]string{"y-5002", "ece", "Rahat."}, [3]string{"y-5001", "ada", "Koptu. Düzenleme: değişti."}
	id := func(url, body string, at int) mention.Mention {
		return extract(t, Config{}, url, body).Mentions[at]
	}
	first := id("https://d.example/p", page("json", a, b), 0)
	for name, m := range map[string]mention.Mention{
		"next page":    id("https://d.example/p?page=2", page("json", b, a), 1),
		"sorted":       id("https://d.example/p?sort=new&page=3", page("json", a), 0),
		"path of page": id("https://d.example/p/page/2", page("json", a), 0),
		"edited":       id("https://d.example/p", page("json", edited), 0),
		"microdata":    id("https://d.example/p?page=4", page("micro", b, a), 1),
	} {
		if m.ID != first.ID || m.WeakID {
			t.Errorf("%s: ID %s, weak %v; want %s", name, m.ID, m.WeakID, first.ID)
		}
	}
	for name, m := range map[string]mention.Mention{
		"other product": id("https://d.example/q", page("json", a), 0),
		"other port":    id("https://d.example:8443/p", page("json", a), 0),
		"other review":  id("https://d.example/p", page("json", a, b), 1),
	} {
		if m.ID == first.ID {
			t.Errorf("%s: the same ID", name)
		}
	}
	moved := extract(t, Config{Site: "d.example"}, "https://yeni.example/p", page("json", a))
	if m := moved.Mentions[0]; m.ID != first.ID {
		t.Errorf("on a new host under the old site key: ID %s, want %s", m.ID, first.ID)
	}
}

func TestWeakIDsSurviveMoves(t *testing.T) {
	a, b := [3]string{"", "ada", "Koptu."}, [3]string{"", "ece", "Rahat."}
	one := extract(t, Config{}, "https://d.example/p", page("micro", a, b)).Mentions
	two := extract(t, Config{}, "https://d.example/p?page=2", page("micro", b, a)).Mentions
	if one[0].ID != two[1].ID || one[1].ID != two[0].ID || one[0].ID == one[1].ID || !one[0].WeakID {
		t.Errorf("%v %v", one, two)
	}
}

func TestListing(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/p":                           "https://a.example/p",
		"https://a.example/p?page=2":                    "https://a.example/p",
		"https://a.example/p?sayfa=12&renk=mavi":        "https://a.example/p?renk=mavi",
		"https://a.example/view.php?t=5&start=40":       "https://a.example/view.php?t=5",
		"https://a.example/p?start=abc":                 "https://a.example/p?start=abc",
		"https://a.example/urun--12?p=3":                "https://a.example/urun--12",
		"https://a.example/?p=3":                        "https://a.example/?p=3",
		"https://a.example/view.php?p=3":                "https://a.example/view.php?p=3",
		"https://a.example/urun?p=12345":                "https://a.example/urun?p=12345",
		"https://a.example/p/page/3":                    "https://a.example/p",
		"https://a.example/p/comment-page-3/":           "https://a.example/p",
		"https://a.example/p/sayfa-3":                   "https://a.example/p",
		"https://a.example/page/about":                  "https://a.example/page/about",
		"https://a.example/p?id=7&order=desc&tab=yorum": "https://a.example/p?id=7",
	} {
		if got := listing(in); got != want {
			t.Errorf("listing(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Start = []string{"https://d.example/"}
	if err := cfg.Validate(); err != nil {
		t.Errorf("the default with a start page: %v", err)
	}
	cfg.Zone, cfg.Language, cfg.Start = "Mars/Base", "turkish", nil
	err := cfg.Validate()
	for _, want := range []string{"start", "zone", "language"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not tell of %s", err, want)
		}
	}
	if _, err := New("x", cfg, nil, nil); err == nil || !strings.Contains(err.Error(), "source x") {
		t.Errorf("New = %v", err)
	}
}

// TestEpoch: what is read differently gets a new epoch, where it is looked for does not.
func TestEpoch(t *testing.T) {
	of := func(change func(*Config)) string {
		cfg := DefaultConfig()
		change(&cfg)
		e, err := epoch(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	same := of(func(*Config) {})
	if of(func(c *Config) { c.MaxPages++ }) != same || of(func(c *Config) { c.Zone = "Asia/Tehran" }) == same || of(func(c *Config) { c.About = []string{"x"} }) == same {
		t.Error("the epoch follows the wrong settings")
	}
}

func TestOtherDocuments(t *testing.T) {
	x, err := NewExtractor(Config{})
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"@type":"Product","name":"Terlik","review":{"@type":"Review","author":"a","reviewBody":"Koptu."}}`)
	for contentType, want := range map[string]int{"application/ld+json": 1, "application/json": 0, "image/png": 0, "application/xml": 0, "text/html": 0} {
		f, err := x.Extract(t.Context(), walk.Page{URL: somePage, Body: body, ContentType: contentType, Fetched: visited})
		if err != nil || len(f.Mentions) != want || f.Reason != "" {
			t.Errorf("%s: %d mentions, reason %q, %v; want %d", contentType, len(f.Mentions), f.Reason, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Extract(ctx, walk.Page{}); err == nil {
		t.Error("no error after the end of the context")
	}
}

func TestLongTextsAreCut(t *testing.T) {
	m := extract(t, Config{}, somePage, page("json", [3]string{"y-9001", strings.Repeat("ad ", 400), strings.Repeat("şikâyet ", 20_000)})).Mentions[0]
	if len(m.Text) > mention.MaxText || !m.Truncated || !utf8.ValidString(m.Text) || len(m.Author.Name) > 500 {
		t.Errorf("%d bytes, truncated %v, name of %d", len(m.Text), m.Truncated, len(m.Author.Name))
	}
}

func TestFutureIsClamped(t *testing.T) {
	m := extract(t, Config{}, somePage, `<div itemscope itemtype="Review"><p itemprop="reviewBody">x</p><time itemprop="datePublished" datetime="2031-01-01">`).Mentions[0]
	if !m.Written.Clamped || !m.Written.Time.Equal(visited) {
		t.Errorf("%+v", m.Written)
	}
}

// FuzzExtract: whatever the page, records that later stages can take.
func FuzzExtract(f *testing.F) {
	f.Add("https://d.example/p?page=2", page("json", [3]string{"y-1", "a", "b"}))
	f.Add("https://d.example/", page("micro", [3]string{"", "a", "b"}))
	f.Add("http://[::1]:80/%zz?page=1#x", `<base href="::"><a href="http://%"></a><div itemscope itemtype=Review itemid="http://[x"><b itemprop=text>w<time itemprop=datePublished datetime="9999-99-99">`)
	x, err := NewExtractor(Config{Zone: "Asia/Tehran", About: []string{"a"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, url, body string) {
		if len(body) > 1<<16 || len(url) > 4096 {
			return
		}
		found, err := x.Extract(t.Context(), walk.Page{URL: url, Body: []byte(body), ContentType: "text/html", Fetched: visited})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[mention.ID]bool{}
		for _, m := range found.Mentions {
			if len(m.ID) != 32 || seen[m.ID] || m.Kind == "" || m.Text == "" && m.Title == "" && m.Rating == nil {
				t.Fatalf("%+v", m)
			}
			seen[m.ID] = true
			if m.Written.Time.After(visited) || m.Written.Precision == "" || len(m.Text) > mention.MaxText {
				t.Fatalf("%+v", m)
			}
			if m.ParentID != "" && !seen[m.ParentID] {
				t.Fatalf("answer before what it answers: %+v", m)
			}
			if !utf8.ValidString(m.Text + m.Title + m.Product + m.Author.Name + m.Author.ID + m.URL) {
				if utf8.ValidString(url) {
					t.Fatalf("invalid UTF-8: %+v", m)
				}
			}
		}
	})
}
