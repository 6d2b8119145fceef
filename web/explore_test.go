package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"feryat/i18n"
	"feryat/mention"
)

// authors lists who wrote what a search finds.
func authors(doc *goquery.Document) []string {
	return doc.Find("article .meta bdi:nth-of-type(2)").Map(func(_ int, e *goquery.Selection) string { return e.Text() })
}

func TestExplore(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	fill(t, store)
	site := serve(t, newServer(t, store, nil))
	for query, want := range map[string][]string{
		"q=KARGO":             {"deniz_k", "mavi"},
		"q=kargo+gelmedi":     {"deniz_k"},
		"q=%22hizli+kargo%22": {"mavi"},
		"q=%22kargo+hizli%22": {},
		"q=paketle*":          {"mavi"},
		"q=aketle*":           {},
		"q=.*":                {},
		"q=سفارش*":            {"نیلوفر"},
		"q=rezalet":           {"deniz_k"},
		"q=battery&stars=3":   {"Anonymous"},
		"stars=2":             {"sezen"},
		"brand=Rakip":         {"sezen"},
		"brand=Rakip&brand=Paytak&stars=2&stars=3":         {"sezen", "Anonymous"},
		"source=bazaar&source=nowhere&source=bazaar":       {"نیلوفر", "کاربر ۱۲"},
		"language=tr&mood=satisfied&mood=mixed&language=x": {"mavi"},
		"brand=":                           {"Paytak", "deniz_k", "نیلوفر", "mavi", "sezen", "کاربر ۱۲", "quietreader", "x", "Anonymous", "old"},
		"source=bazaar":                    {"نیلوفر", "کاربر ۱۲"},
		"language=tr&mood=satisfied":       {"mavi"},
		"signal=legal_threat":              {"deniz_k"},
		"topic=damaged":                    {"quietreader", "old"},
		"author=quietreader":               {"quietreader"},
		"from=2026-11-05&to=2026-11-05":    {"mavi", "sezen"},
		"from=۱۴۰۵/۰۸/۱۴&to=1405-08-14":    {"mavi", "sezen"},
		"to=2026-10-01":                    {"old"},
		"q=!!!":                            {},
		"topic=no_such&signal=no_such":     {},
		"brand=%27+OR+1%3D1":               {},
		"q=%5C%27%29+OR+1%3D1":             {},
		"q=%22":                            {"Paytak", "deniz_k", "نیلوفر", "mavi", "sezen", "کاربر ۱۲", "quietreader", "x", "Anonymous", "old"},
		"language=" + url.QueryEscape("{"): {},
	} {
		doc := parse(t, get(t, site+"/explore?lang=en&"+query), http.StatusOK)
		if got := authors(doc); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		if total := doc.Find(".results h2").First().Text(); total != fmt.Sprint(len(want))+" found" {
			t.Errorf("%s: %q", query, total)
		}
	}
	for _, query := range []string{"q=" + strings.Repeat("x", 10<<10), "q=" + strings.Repeat("a+", 30), "q=%FF%FE", "mood=furious", "stars=9", "stars=x", "mood=angry&mood=furious", "stars=1&stars=0", "brand=a&" + manyValues("brand", maxChosen+1), "from=x", "from=2026-13-01", "to=-1", "after=x", "after=1..x", "after=99999999999.a.b", "brand=%00", "from=1405-13-01"} {
		if a := get(t, site+"/explore?lang=en&"+query); a.status != http.StatusBadRequest || !strings.Contains(a.body, "not understood") {
			t.Errorf("%.30s: %d", query, a.status)
		}
		if a := get(t, site+"/explore/export?format=csv&"+query); a.status != http.StatusBadRequest {
			t.Errorf("file of %.30s: %d", query, a.status)
		}
	}
}

func manyValues(param string, n int) string {
	q := url.Values{}
	for i := range n {
		q.Add(param, fmt.Sprint(i))
	}
	return q.Encode()
}

// TestExploreSeveral: of each kind several values can be chosen and left one by one; form, files and the next page keep them.
func TestExploreSeveral(t *testing.T) {
	store := openStore(t)
	rows := many(60)
	for i := range rows {
		rows[i].Brand, rows[i].Mention.Product = []string{"Paytak", "Rakip", "B&C"}[i%3], []string{"Kettle", "Çay \"no 5\"", "Toaster"}[i%3]
		rows[i].Mention = rows[i].Mention.Revise()
	}
	insert(t, store, rows)
	site := serve(t, newServer(t, store, nil))
	follow := func(address, value string) string {
		doc := parse(t, get(t, site+address), http.StatusOK)
		link, ok := doc.Find("aside a").FilterFunction(func(_ int, e *goquery.Selection) bool { return e.Find("bdi").Text() == value }).Attr("href")
		if !ok {
			t.Fatalf("%s does not offer %q", address, value)
		}
		return "/explore" + link
	}
	address := follow("/explore?lang=en&q=soz", "B&C")
	address = follow(address, "Rakip") // is offered beside what is chosen
	address = follow(follow(address, "Çay \"no 5\""), "Toaster")
	doc := parse(t, get(t, site+address), http.StatusOK)
	if got := doc.Find(".results h2").First().Text(); got != "40 found" {
		t.Errorf("%s: %s", address, got)
	}
	if got := doc.Find("aside .on bdi").Map(func(_ int, e *goquery.Selection) string { return e.Text() }); len(got) != 4 {
		t.Errorf("chosen: %q", got)
	}
	if kept := doc.Find(`form[role=search] input[type=hidden]`).Map(valueOf); !slices.Equal(kept, []string{"B&C", "Rakip", "Çay \"no 5\"", "Toaster"}) {
		t.Errorf("the form keeps %q", kept)
	}
	if next := parse(t, get(t, site+"/explore"+doc.Find("a[rel=next]").AttrOr("href", "")), http.StatusOK); next.Find("article").Length() != 15 {
		t.Errorf("%d on the next page", next.Find("article").Length())
	}
	files := doc.Find("a[download]").Map(hrefOf)
	if records := decodeLines(t, get(t, site+files[1]).body); len(records) != 40 {
		t.Errorf("%d records in %s", len(records), files[1])
	}
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(get(t, site+files[0]).body, "\ufeff"))).ReadAll()
	if err != nil || len(table) != 41 {
		t.Errorf("%d lines in %s, %v", len(table), files[0], err)
	}
	if left := parse(t, get(t, site+follow(address, "B&C")), http.StatusOK); left.Find(".results h2").First().Text() != "20 found" {
		t.Errorf("one is left: %s", left.Find(".results h2").First().Text())
	}
}

// TestExploreByHand types, follows a facet, and leaves it again, in a browser.
func TestExploreByHand(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	fill(t, store)
	p := openTab(t)
	p.open(serve(t, newServer(t, store, nil)) + "/?lang=en")
	if status := p.click(`nav.pages a[href="/explore"]`); status != http.StatusOK || p.text("nav.pages [aria-current]") != "Explore" {
		t.Errorf("status %d, here is %q", status, p.text("nav.pages [aria-current]"))
	}
	p.set("[name=q]", "kargo")
	p.click("form[role=search] button")
	if got := p.text(".results h2"); !strings.HasPrefix(got, "2 found") {
		t.Errorf("%q", got)
	}
	if marks := p.texts(".results mark"); !slices.Contains(marks, "rezalet") {
		t.Errorf("no evidence is underlined: %q", marks)
	}
	p.click(`aside a[href*="mood=angry"]`)
	if got := p.texts("article .meta b"); !slices.Equal(got, []string{"Angry"}) {
		t.Errorf("narrowed: %q", got)
	}
	p.set("[name=author]", "nobody")
	p.click("form[role=search] button")
	if got := p.text("aside .on"); !strings.Contains(got, "Angry") || len(p.texts("article")) != 0 {
		t.Errorf("the facet is lost: %q", got)
	}
	p.click("aside .on a")
	if len(p.texts("aside .on")) != 0 {
		t.Error("the facet stays")
	}
}

// many are rows of one second and more, so that places have to tell them apart.
func many(n int) []mention.Scored {
	rows := make([]mention.Scored, n)
	for i := range rows {
		m := mention.Mention{ID: mention.NewID("site", "many", fmt.Sprint(i)), Source: "shop", SourceKind: "site", Kind: mention.KindReview, Text: fmt.Sprint("söz ", i), Author: mention.Author{Name: "a"},
			Written: mention.Written{Time: now().Add(-time.Duration(i/20) * time.Second), Precision: mention.PrecisionSecond}, Collected: now(), Origin: mention.OriginLive}
		rows[i] = mention.Scored{Mention: m.Revise(), Brand: "Paytak", Verdict: mention.Verdict{Mood: mention.Neutral, Language: "tr"}, Search: fmt.Sprint("soz ", i)}
	}
	return rows
}

// TestPaging: page by page every row comes once, newest first.
func TestPaging(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := many(60)
	rows = append(rows, rows[0])
	rows[60].Brand = "B.C" // a mention of two brands is two rows
	insert(t, store, rows)
	site := serve(t, newServer(t, store, nil))
	seen, address := map[string]int{}, "/explore?lang=en&q=soz"
	for pages := 1; address != ""; pages++ {
		doc := parse(t, get(t, site+address), http.StatusOK)
		doc.Find("article").Each(func(_ int, e *goquery.Selection) {
			seen[e.Find("a.more").AttrOr("href", "")+e.Find(".meta bdi").First().Text()]++
		})
		if doc.Find(".results h2").First().Text() != "61 found" || pages > 3 {
			t.Fatalf("page %d: %q", pages, doc.Find(".results h2").First().Text())
		}
		address = doc.Find("a[rel=next]").AttrOr("href", "")
		if address != "" {
			address = "/explore" + address
		}
	}
	if len(seen) != 61 {
		t.Errorf("%d rows", len(seen))
	}
	for row, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", row, n)
		}
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	insert(t, store, many(2500))
	wicked := hostile("wicked", "=HYPERLINK(\"http://evil.example\",\"x\")\n\"a\",b\xff")
	wicked.Mention.Written.Time, wicked.Search = now().Add(time.Hour), "wicked"
	insert(t, store, []mention.Scored{wicked})
	s := newServer(t, store, nil)
	site := serve(t, s)
	a := get(t, site+"/explore/export?format=csv")
	rest, marked := strings.CutPrefix(a.body, "\ufeff")
	table, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
	if err != nil || !marked || len(table) != 2502 || a.header.Get("Content-Disposition") != `attachment; filename="feryat-2026-11-06.csv"` {
		t.Fatalf("%d rows, %v, %v", len(table), a.header, err)
	}
	for i, name := range table[0] {
		if strings.HasPrefix(table[1][i], "=") {
			t.Errorf("%s is a formula: %q", name, table[1][i])
		}
	}
	if got := table[1][slices.Index(table[0], "text")]; got != "'=HYPERLINK(\"http://evil.example\",\"x\")\n\"a\",b\uFFFD" {
		t.Errorf("the text is %q", got)
	}
	a = get(t, site+"/explore/export?format=jsonl&q=soz")
	records := decodeLines(t, a.body)
	if len(records) != 2500 || records[0]["brand"] != "Paytak" || a.header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("%d records, the first %v", len(records), records[0])
	}
	s.exportRows = 1500
	records = decodeLines(t, get(t, site+"/explore/export?format=jsonl&q=soz").body)
	if len(records) != 1501 || records[1500]["cut"] != true || records[1500]["rows"] != 1500.0 {
		t.Errorf("%d records, at the end %v", len(records), records[len(records)-1])
	}
	if cut := get(t, site+"/explore/export?format=csv&lang=tr").body; !strings.Contains(cut, "Dosya 1.500 satırda kesildi") {
		t.Errorf("the table does not say that it was cut: %q", cut[len(cut)-100:])
	}
	if a := get(t, site+"/explore/export?format=jsonl&q=nothing"); a.status != http.StatusOK || a.body != "" {
		t.Errorf("of nothing: %d %q", a.status, a.body)
	}
	if a := get(t, site+"/explore/export?format=xls"); a.status != http.StatusBadRequest {
		t.Errorf("format xls: %d", a.status)
	}
	closed := serve(t, newServer(t, store, locked))
	if a := get(t, closed+"/explore/export?format=csv"); a.status != http.StatusSeeOther {
		t.Errorf("without a session: %d", a.status)
	}
}

func decodeLines(t *testing.T, body string) (records []map[string]any) {
	t.Helper()
	for d := json.NewDecoder(bytes.NewBufferString(body)); d.More(); {
		var r map[string]any
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

func TestCell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "kötü": "kötü", "a=b": "a=b", "=1+1": "'=1+1", "+90 555": "'+90 555", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\r=x": "'\r=x", "\n=x": "'\n=x", "  =x": "'  =x", "\u200f=x": "'\u200f=x",
		"＝1": "'＝1", "|cmd": "'|cmd", "a\x00": "a", "\x00=1": "'=1", "\xff": "\uFFFD", "'x": "'x",
	} {
		if got := cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzCell: no cell begins a formula, and none is no text.
func FuzzCell(f *testing.F) {
	f.Add("=1")
	f.Add("\ufeff\x00 @x")
	f.Fuzz(func(t *testing.T, s string) {
		got := cell(s)
		if got != "" && strings.ContainsAny(got[:1], "=+-@\t\r\n|%") || strings.Contains(got, "\x00") || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%q: %q", s, got)
		}
	})
}

// FuzzExplore: whatever is asked for is understood or refused, and never breaks.
func FuzzExplore(f *testing.F) {
	f.Add("q=kargo*&from=۱۴۰۵/۰۸/۱۵&after=1.a.b")
	f.Add("stars=%FF&mood=angry&to=2026-02-30")
	s := newServer(f, nil, nil)
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q, fault := s.searched(query)
		if fault == "" && (len(q.Any["stars"]) > 5 || len(q.Any["brand"]) > maxChosen || q.After.ID != "" && !samePlace(q.After)) {
			t.Errorf("%q: %+v", raw, q)
		}
		_ = s.field(i18n.Persian, q)
	})
}

// samePlace: what after writes is read as the same.
func samePlace(p mention.Place) bool {
	got, ok := placeOf(after(p))
	return ok && got == p
}
