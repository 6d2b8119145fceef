package schemaorg

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"feryat/crawler/htmltext"
	"feryat/mention"
)

func TestParseJSONLD(t *testing.T) {
	for name, c := range map[string]struct {
		block string
		want  string // name properties of the nodes at the top
		bad   bool
	}{
		"object":                  {`{"name":"a"}`, "a", false},
		"array":                   {`[{"name":"a"},{"name":"b"}]`, "a,b", false},
		"two values":              {`{"name":"a"} {"name":"b"};`, "a,b", false},
		"graph":                   {`{"@graph":[{"name":"a"},{"@graph":[{"name":"b"}]}]}`, "a,b", false},
		"typed holder of a graph": {`{"@type":"WebSite","name":"w","@graph":[{"name":"a"}]}`, "w,a", false},
		"byte order mark":         {"\ufeff{\"name\":\"a\"}", "a", false},
		"comments":                {"/* x */ // y\n{\"name\": /* z */ \"a\"} // end", "a", false},
		"html comment":            {"<!-- {\"name\":\"a\"} -->", "a", false},
		"cdata":                   {"// <![CDATA[\n{\"name\":\"a\"}\n// ]]>", "a", false},
		"cdata on one line":       {"<![CDATA[{\"name\":\"a\"}]]>", "a", false},
		"commas":                  {`[,{"name":"a",,},,{"name":"b"},]`, "a,b", false},
		"control characters":      {"{\"name\":\"a\x01\tb\"}", "a\x01 b", false},
		"escapes":                 {`{"name":"\u00e7\/\\\"\q\ud83d\ude00\ud83d\u0041"}`, `ç/\"q😀�A`, false},
		"bad escape":              {`{"name":"a\uZZ"}`, "a�ZZ", false},
		"numbers and words":       {`{"name":12.5,"x":true,"y":null,"z":-1e3}`, "12.5", false},
		"null name":               {`{"name":null}`, "", false},
		"stray quotes":            {`{"name":"a "b", c"}`, `a "b", c`, false},
		"stray quote at the end":  {`{"name":"12""}`, `12"`, false},
		"cut in a string":         {`[{"name":"a"},{"name":"b`, "a,", true},
		"cut after a key":         {`{"name"`, "", true},
		"cut after a colon":       {`{"name":`, "", true},
		"no colon":                {`{"name" "a"}`, "", true},
		"bare key":                {`{name:"a"}`, "", true},
		"template":                {`{{ page.json }}`, "", true},
		"text":                    {`hello`, "", false},
		"empty":                   {" \n", "", false},
		"deep":                    {strings.Repeat("[", 10_000), "", true},
		"deep objects":            {strings.Repeat(`{"a":`, 10_000), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			nodes, err := parseJSONLD([]byte(c.block))
			var names []string
			for _, n := range nodes {
				names = append(names, n.string("name"))
			}
			if got := strings.Join(names, ","); got != c.want || (err != nil) != c.bad {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestNodesAreBounded(t *testing.T) {
	block := "[" + strings.Repeat(`{"a":1},`, 3*maxNodes) + "]"
	if nodes, err := parseJSONLD([]byte(block)); err == nil || len(nodes) > maxNodes {
		t.Errorf("%d nodes, %v", len(nodes), err)
	}
}

func TestRating(t *testing.T) {
	for in, want := range map[string]string{
		"4": "4 1 5", "4.5": "4.5 1 5", "4,5": "4.5 1 5", "4/5": "4 1 5", "8 / 10": "8 1 10", "80%": "80 0 100", "٪۸۰": "80 0 100",
		"۴": "4 1 5", "۴ از ۵": "4 1 5", "٤٫٥": "4.5 1 5", "4 out of 5 stars": "4 1 5", "5 üzerinden 4": "4 1 5", "9": "9 1 10", "55": "55 0 100",
		"★★★☆☆": "3 1 5", "★★★★": "4 1 5", "": "none", "çok iyi": "none", "0": "none", "-3": "none", "1 2 3": "none", "5/0": "none",
		"1e999": "none", "123456789": "none", "5 of 5 of 5": "none", strings.Repeat("1", 100): "none",
	} {
		got := "none"
		if r := (value{text: in}).rating(); r != nil {
			got = fmt.Sprintf("%g %g %g", r.Value, r.Worst, r.Best)
		}
		if got != want {
			t.Errorf("rating %q = %s, want %s", in, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                       "plain",
		"AT&T &copy2026 a&b; R&D":     "AT&T &copy2026 a&b; R&D",
		"Tom &amp; Jerry&#39;s":       "Tom & Jerry's",
		"&amp;lt; once":               "&lt; once",
		"&nosuchthing; &;":            "&nosuchthing; &;",
		"3<5 and a <br /> b":          "3<5 and a <br /> b",
		"<3 </3":                      "<3 </3",
		"if a<b and c>d":              "if a<b and c>d",
		"<p>one</p><p>two</p>":        "one\n\ntwo",
		"a <b>bold</b> &amp; b":       "a bold & b",
		"<p>unclosed":                 "unclosed",
		"</unknown> stays, &lt;p&gt;": "</unknown> stays, <p>",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReadJSON(t *testing.T) {
	d := ReadJSON([]byte(`{"@type":"Product","name":"x","review":{"@type":"Review","reviewBody":"söz"}}`))
	if len(d.Statements) != 1 || d.Statements[0].Text != "söz" || d.Statements[0].Item != "x" {
		t.Errorf("%+v", d)
	}
	if d := ReadJSON([]byte(`{"broken"`)); len(d.Broken) != 1 || len(d.Statements) != 0 {
		t.Errorf("%+v", d)
	}
}

// TestHostilePages are made to need time, memory or stack that grows faster
// than the page. The bound is on what is allocated, not on time.
func TestHostilePages(t *testing.T) {
	const size = 1 << 18
	for name, unit := range map[string]string{
		"open divs":           "<div>",
		"open items":          `<div itemscope itemtype="https://schema.org/Review" itemprop="review">`,
		"open bodies":         `<div itemprop=reviewBody>x`,
		"bodies in an item":   `<p itemscope itemtype=Review itemprop=review><b itemprop="reviewBody text name">w `,
		"hidden":              `<i hidden><b itemprop=reviewBody>x`,
		"end tags":            "</p>",
		"end tags after open": "<i></b>",
		"list items":          "<li itemprop=review itemscope><p itemprop=reviewBody>a",
		"links":               "<a href=x>",
		"itemref":             `<div itemscope itemref="a b c"><p id=a itemprop=text>`,
		"json arrays":         `<script type="application/ld+json">[[[[[[[[</script>`,
		"json quotes":         `<script type="application/ld+json">{"a":"""""""""</script>`,
		"reviews":             `<script type="application/ld+json">{"@type":"Review","author":"a","reviewBody":"b…"}</script>`,
	} {
		t.Run(name, func(t *testing.T) {
			page := []byte(`<div itemscope itemtype="https://schema.org/Product">` + strings.Repeat(unit, size/len(unit)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d := Read(page)
			runtime.ReadMemStats(&after)
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 100 {
				t.Errorf("%d MiB allocated for a page of a quarter", grown)
			}
			if len(d.Statements) > maxStatements {
				t.Errorf("%d statements", len(d.Statements))
			}
		})
	}
}

// golden are the pages of the site source's tests.
func golden(t testing.TB) [][]byte {
	t.Helper()
	names, err := filepath.Glob("../site/testdata/*/page.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	var pages [][]byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, b)
	}
	return pages
}

// FuzzDisplayed: the short cut gives what htmltext gives, but for characters
// that no reader sees, which htmltext drops.
func FuzzDisplayed(f *testing.F) {
	for _, s := range []string{"", "a", "a<br>b", "a<br><br>b", "<br>a", "a<br>", "a <BR/>b<br /> c", "a\nb<br>c", "a<br>b\nc", "a\n\nb", " a  b\n", "a<b", "a&lt;b", "ş<br>ç", "<", "a<brx>", "</\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		if strings.ContainsFunc(s, func(r rune) bool { return r > ' ' && (unicode.IsControl(r) || unicode.IsSpace(r)) }) {
			return
		}
		if got, want := displayed([]byte(s)), htmltext.Text(s); got != want {
			t.Errorf("displayed(%q) = %q, htmltext gives %q", s, got, want)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, p := range golden(f) {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		if len(page) > 1<<16 {
			return
		}
		d := Read(page)
		check(t, page, d)
		check(t, page, ReadJSON(page))
		again := Read(page)
		if len(again.Statements) != len(d.Statements) {
			t.Fatalf("%d statements, then %d", len(d.Statements), len(again.Statements))
		}
	})
}

// check holds a document to what its readers rely on.
func check(t *testing.T, page []byte, d *Document) {
	t.Helper()
	for i, s := range d.Statements {
		if s.Parent >= i || s.Parent < -1 {
			t.Fatalf("statement %d answers %d", i, s.Parent)
		}
		if s.Text == "" && s.Title == "" && s.Rating == nil {
			t.Fatalf("statement %d says nothing", i)
		}
		if r := s.Rating; r != nil && !(r.Best > r.Worst) {
			t.Fatalf("rating %+v", r)
		}
		if s.Kind == "" || s.Kind == mention.KindComplaint {
			t.Fatalf("kind %q", s.Kind)
		}
		for _, text := range []string{s.Text, s.Title, s.Item, s.Author.Name, s.Author.ID, s.Name, s.Address, s.Anchor, s.Language, strings.Join(s.Written, "")} {
			if !utf8.ValidString(text) {
				t.Fatalf("statement %d has invalid UTF-8: %q", i, text)
			}
			if len(text) > 8*len(page)+100 {
				t.Fatalf("%d bytes of text from a page of %d", len(text), len(page))
			}
		}
	}
}

// shopPage is like a product page with 20 reviews and the furniture around them.
func shopPage() []byte {
	var b bytes.Buffer
	b.WriteString(`<!doctype html><html lang="tr"><head><title>Terlik</title><script>` + strings.Repeat("var a=1;\n", 2000) + `</script></head><body>`)
	for i := range 200 {
		fmt.Fprintf(&b, `<li class="menu item-%d"><a href="/kategori/%d" class="link"><span class="ad">Kategori %d</span></a></li>`, i, i, i)
	}
	b.WriteString(`<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Terlik</h1>`)
	for i := range 20 {
		fmt.Fprintf(&b, `<article itemprop="review" itemscope itemtype="https://schema.org/Review" id="y%d"><div class="ust"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">uye%d</span></span><time itemprop="datePublished" datetime="2026-11-01T10:00">1 Kasım</time></div><div itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating"><meta itemprop="ratingValue" content="4"></div><div itemprop="reviewBody">%s<br>%s</div></article>`,
			1000+i, i, strings.Repeat("Ürün geç geldi ama rahat. ", 10), strings.Repeat("Kutusu ezikti. ", 5))
	}
	b.WriteString(`</div></body></html>`)
	return b.Bytes()
}

func TestShopPage(t *testing.T) {
	d := Read(shopPage())
	if len(d.Statements) != 20 || len(d.Links) != 200 || d.Statements[19].Author.Name != "uye19" || d.Statements[0].Rating == nil {
		t.Fatalf("%d statements, %d links, %+v", len(d.Statements), len(d.Links), d.Statements[0])
	}
}

func BenchmarkRead(b *testing.B) {
	page := shopPage()
	b.Run("walker", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		b.ReportAllocs()
		for range b.N {
			if d := Read(page); len(d.Statements) != 20 {
				b.Fatal(len(d.Statements))
			}
		}
	})
	b.Run("goquery_parse_only", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		b.ReportAllocs()
		for range b.N {
			if _, err := goquery.NewDocumentFromReader(bytes.NewReader(page)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("goquery_select", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		b.ReportAllocs()
		for range b.N {
			d, err := goquery.NewDocumentFromReader(bytes.NewReader(page))
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			d.Find("[itemprop=review]").Each(func(_ int, s *goquery.Selection) {
				n += len(s.Find("[itemprop=reviewBody]").Text() + s.Find("[itemprop=name]").Text() + s.Find("time").AttrOr("datetime", "") + s.Find("[itemprop=ratingValue]").AttrOr("content", ""))
			})
			d.Find("a[href]").Each(func(_ int, s *goquery.Selection) { n += len(s.AttrOr("href", "")) })
			if n == 0 {
				b.Fatal("nothing")
			}
		}
	})
}
