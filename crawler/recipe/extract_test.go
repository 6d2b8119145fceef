package recipe

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"feryat/crawler/walk"
	"feryat/mention"
)

// reader parses a recipe and returns the extractor for it.
func reader(t testing.TB, cfg Config, yaml string) *Extractor {
	t.Helper()
	r, err := Parse("site.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return &Extractor{cfg: cfg, recipes: []*Recipe{r}}
}

func page(body string) walk.Page {
	return walk.Page{URL: "https://site.example/p?page=2", Body: []byte(body), ContentType: "text/html",
		Fetched: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
}

func extract(t testing.TB, x *Extractor, body string) walk.Found {
	t.Helper()
	found, err := x.Extract(context.Background(), page(body))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const reviews = `
name: shop
kind: review
item: {select: .review}
fields:
  author: .who
  text: .text
  written: .when
  rating: {value: {select: .star, count: true}}
  own: .badge-shop
  verified: .bought
`

// TestNoNetwork proves that colly never dials: with every dial refused and
// recorded a page is read all the same, and a second request of the collector,
// which a page cannot cause but a changed library could, is refused.
func TestNoNetwork(t *testing.T) {
	t.Setenv("COLLY_CACHE_DIR", t.TempDir())
	t.Setenv("COLLY_ALLOWED_DOMAINS", "elsewhere.example")
	t.Setenv("COLLY_PROXY", "http://127.0.0.1:1")
	if n := len(extract(t, reader(t, Config{}, reviews), `<div class=review><b class=who>a</b><p class=text>b</p></div>`).Mentions); n != 1 {
		t.Fatalf("%d mentions", n)
	}
	c := newCollector(context.Background(), &saved{page: page("<p>x")})
	for i, want := range []bool{true, false, false} {
		err := c.Visit("https://site.example/robots.txt")
		if ok := err == nil; ok != want {
			t.Errorf("visit %d: %v", i, err)
		}
	}
	if err := c.Post("https://site.example/", nil); err == nil {
		t.Error("a POST went through")
	}
	if _, err := (&saved{}).RoundTrip(&http.Request{Method: http.MethodHead}); err == nil {
		t.Error("a HEAD went through")
	}
}

func TestReview(t *testing.T) {
	found := extract(t, reader(t, Config{Product: "Çaydanlık", About: []string{"Kumpas"}, OwnAuthors: []string{"Mağaza"}, Language: "tr"}, reviews), `
		<div class=review><b class=who>Ayşe</b><i class=star></i><i class=star></i><i class=bought></i><p class=text>Kırık geldi.</p><time class=when>3 saat önce</time></div>
		<div class=review><b class=who>Mağaza</b><p class=text>Üzgünüz.</p><time class=when>19.11.2026</time></div>`)
	if len(found.Mentions) != 2 || found.Reason != "" {
		t.Fatalf("%+v", found)
	}
	m := found.Mentions[0]
	if share, ok := m.Rating.Share(); !ok || share != 0.25 || !m.Verified || m.Product != "Çaydanlık" || m.About[0] != "Kumpas" || m.Kind != mention.KindReview {
		t.Errorf("%+v", m)
	}
	if m.Written.Precision != mention.PrecisionHour || !m.WeakID || m.Author.Own {
		t.Errorf("%+v", m)
	}
	if own := found.Mentions[1]; !own.Author.Own || own.Written.Precision != mention.PrecisionDay {
		t.Errorf("%+v", own)
	}
}

// TestWeakID holds the ID of a text without a key to what may take part in it.
func TestWeakID(t *testing.T) {
	id := func(url, who, when, text string) mention.ID {
		x := reader(t, Config{}, reviews+"  thread: {select: '#thread', from: page}\n")
		p := page(`<b id=thread>7</b><div class=review><b class=who>` + who + `</b><p class=text>` + text + `</p><time class=when>` + when + `</time></div>`)
		p.URL = url
		found, err := x.Extract(context.Background(), p)
		if err != nil || len(found.Mentions) != 1 {
			t.Fatalf("%v %v", found, err)
		}
		return found.Mentions[0].ID
	}
	first := id("https://site.example/p?page=2", "a", "3 hours ago", "text")
	if first != id("https://site.example/p?page=3", "a", "4 hours ago", "text") {
		t.Error("page number or relative time took part")
	}
	for _, other := range []mention.ID{
		id("https://site.example/p", "b", "3 hours ago", "text"), id("https://site.example/p", "a", "3 hours ago", "other"),
		id("https://else.example/p", "a", "3 hours ago", "text"), id("https://site.example/p", "a", "2 November 2026", "text"),
	} {
		if other == first {
			t.Error("author, text, site or date took no part")
		}
	}
}

func TestNestedItemsAreAnswers(t *testing.T) {
	x := reader(t, Config{}, `
name: tree
item: {select: .c}
fields: {key: '@id', author: .who, text: .body}
`)
	found := extract(t, x, `
		<div class=c id=1><b class=who>a</b><div class=body>first <div class=c id=2><div class=body>second</div><b class=who>b</b><div class=c id=3><p class=body>third</p><b class=who>c</b></div></div></div></div>
		<div class=c id=4><b class=who>d</b><div class=body>fourth</div></div>`)
	want := []struct{ author, text, parent string }{{"a", "first", ""}, {"b", "second", "1"}, {"c", "third", "2"}, {"d", "fourth", ""}}
	if len(found.Mentions) != len(want) {
		t.Fatalf("%d mentions", len(found.Mentions))
	}
	for i, w := range want {
		m, parent := found.Mentions[i], mention.ID("")
		if w.parent != "" {
			parent = mention.NewID("recipe", "tree@site.example", w.parent)
		}
		if m.Author.Name != w.author || m.Text != w.text || m.ParentID != parent {
			t.Errorf("%d: %q %q %q, want %+v", i, m.Author.Name, m.Text, m.ParentID, w)
		}
	}
}

func TestShapeAndSoftFails(t *testing.T) {
	recipe := reviews + "drop_lines: ['^--']\n"
	recipe = strings.Replace(recipe, "{select: .review}", "{select: .review, on: '#reviews', empty_limit: 0.4}", 1)
	item := func(who, text string) string {
		return `<div class=review><b class=who>` + who + `</b><p class=text>` + text + `</p></div>`
	}
	for name, c := range map[string]struct {
		body, reason string
		mentions     int
	}{
		"fine":                  {item("a", "x") + item("b", "y") + item("", "z"), "", 3},
		"authors gone":          {item("", "x") + item("", "y") + item("c", "z"), "shape_changed", 0},
		"texts gone":            {item("a", "") + item("b", "-- sig") + item("c", "z"), "shape_changed", 0},
		"must list":             {`<div id=reviews><p>nothing</p></div>`, "shape_changed", 0},
		"challenge":             {`<html><head><title>Attention Required!</title></head><body><form id="challenge-form">Verify you are human</form></body></html>`, "challenge", 0},
		"nothing at all":        {"<p>hello</p>", "empty", 0},
		"the same text twice":   {item("a", "x") + item("a", "x"), "", 1},
		"empty body":            {"", "empty", 0},
		"a page without an end": {item("a", "x") + strings.Repeat("<div><b>", 50), "", 1},
	} {
		found := extract(t, reader(t, Config{}, recipe), c.body)
		if found.Reason != c.reason || len(found.Mentions) != c.mentions || (found.Reason != "") != (found.Detail != "") {
			t.Errorf("%s: reason %q (%s), %d mentions; want %q, %d", name, found.Reason, found.Detail, len(found.Mentions), c.reason, c.mentions)
		}
	}
}

func TestPagesThatAreNone(t *testing.T) {
	x := reader(t, Config{}, reviews)
	for name, p := range map[string]walk.Page{
		"pdf":             {URL: "https://site.example/a.pdf", ContentType: "application/pdf", Body: []byte("%PDF")},
		"too many tags":   {URL: "https://site.example/", ContentType: "text/html", Body: []byte(strings.Repeat("<p>", maxTags+1))},
		"nested for ever": {URL: "https://site.example/", ContentType: "text/html", Body: []byte(strings.Repeat("<div>", 5000))},
	} {
		if found, err := x.Extract(context.Background(), p); err == nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestAuto(t *testing.T) {
	all, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	x := &Extractor{recipes: all, auto: true}
	for name, want := range map[string]string{"phpbb/topic.html": "phpbb", "xenforo2/thread.html": "xenforo2", "vbulletin3/thread.html": "vbulletin3",
		"vbulletin4/thread.html": "vbulletin4", "vbulletin5/topic.html": "vbulletin5", "discourse/topic.html": "discourse"} {
		body := read(t, "sites/"+name)
		found := extract(t, x, body)
		key := map[string]string{"phpbb": "512", "xenforo2": "9001", "vbulletin3": "7001", "vbulletin4": "3100", "vbulletin5": "5501", "discourse": "812/1"}[want]
		if len(found.Mentions) < 2 || found.Mentions[0].ID != mention.NewID("recipe", want+"@site.example", key) && want != "vbulletin4" {
			t.Errorf("%s: not read as %s: %+v", name, want, found)
		}
	}
	if found := extract(t, x, "<p>a page of no forum</p>"); found.Reason != "shape_changed" {
		t.Errorf("%+v", found)
	}
}

func TestStripQuery(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/v?t=1&sid=x&start=2#p3": "https://a.example/v?t=1&start=2#p3",
		"https://a.example/v?sid=x":                "https://a.example/v",
		"https://a.example/v#p":                    "https://a.example/v#p",
		"https://a.example/v?b=1&a=2":              "https://a.example/v?b=1&a=2",
		"https://a.example/v?sid":                  "https://a.example/v",
	} {
		if got := stripQuery(in, []string{"sid"}); got != want {
			t.Errorf("stripQuery(%q) = %q, want %q", in, got, want)
		}
	}
}
