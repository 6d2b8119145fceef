package walk

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"feryat/crawler/fetch"
)

func TestLinks(t *testing.T) {
	page := `<!doctype html><base href="/kat/"><base href="/other/"><link rel="next" href="?page=2"><link rel="stylesheet" href="x.css">
		<a href="a&amp;b">1</a><a href='/c'>2</a><A HREF=d>3</A><a href="a&amp;b#x">again</a><a href="#top">top</a><a>none</a>
		<area href="//other.example/e"><a href="file:///etc/passwd"><a href="mailto:x@y.example"><a href=" 
		/f "><!-- <a href="/no"> --><script>"<a href='/no'>"</script><a href="http://[broken">`
	want := []string{"http://shop.example/kat/?page=2", "http://shop.example/kat/a&b", "http://shop.example/c", "http://shop.example/kat/d",
		"http://other.example/e", "file:///etc/passwd", "mailto:x@y.example", "http://shop.example/f"}
	if got := Links([]byte(page), "http://shop.example/p?q"); !slices.Equal(got, want) {
		t.Errorf("links\n%q, want\n%q", got, want)
	}
	many := strings.Builder{}
	for i := range maxLinks * 2 {
		fmt.Fprintf(&many, `<a href="/%d">`, i)
	}
	if n := len(Links([]byte(many.String()), "http://shop.example/")); n != maxLinks {
		t.Errorf("%d links of one page", n)
	}
}

// FuzzLinks: every link is absolute, once, and bounded in number.
func FuzzLinks(f *testing.F) {
	f.Add(`<base href="//x"><a href="../?a=%zz&#x1F600;">`, "http://shop.example/a/b")
	f.Add(`<a href="javascript:x"><link rel=NEXT href=\\e>`, "https://[::1]:8/")
	f.Fuzz(func(t *testing.T, page, base string) {
		if c, err := fetch.Canonical(base); err != nil || c != base {
			return
		}
		links := Links([]byte(page), base)
		if len(links) > maxLinks {
			t.Errorf("%d links", len(links))
		}
		seen := map[string]bool{}
		for _, l := range links {
			if scheme, _, ok := strings.Cut(l, ":"); !ok || scheme == "" || strings.ContainsAny(scheme, "/?#") {
				t.Errorf("%q is not absolute", l)
			}
			if seen[l] {
				t.Errorf("%q twice", l)
			}
			seen[l] = true
		}
	})
}

func TestReadSitemap(t *testing.T) {
	tests := []struct {
		name, body     string
		locs, children []string
		fails          bool
	}{
		{"pages, newest first", `<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
			<url><loc>http://x.example/a</loc></url><url><loc>http://x.example/b</loc><lastmod>2026-11-01</lastmod></url>
			<url><lastmod>2026-11-01T10:00:00+03:00</lastmod><loc><![CDATA[http://x.example/c?a=1&b=2]]></loc></url></urlset>`,
			[]string{"http://x.example/c?a=1&b=2", "http://x.example/b", "http://x.example/a"}, nil, false},
		{"namespaces and pictures", `<urlset xmlns:image="i"><url><loc>http://x.example/a</loc><image:image><image:loc>http://x.example/i.png</image:loc></image:image></url></urlset>`,
			[]string{"http://x.example/a"}, nil, false},
		{"index", `<sitemapindex><sitemap><loc>http://x.example/1.xml</loc></sitemap><sitemap><loc>http://x.example/2.xml.gz</loc></sitemap></sitemapindex>`,
			[]string{}, []string{"http://x.example/1.xml", "http://x.example/2.xml.gz"}, false},
		{"entities", `<urlset><url><loc>http://x.example/a?b=1&amp;c=2</loc></url></urlset>`, []string{"http://x.example/a?b=1&c=2"}, nil, false},
		{"text", "http://x.example/a\r\nhttp://x.example/b\nno URL\n", []string{"http://x.example/a", "http://x.example/b"}, nil, false},
		{"other schemes", `<urlset><url><loc>file:///etc/passwd</loc></url></urlset>`, []string{}, nil, false},
		{"empty set", `<urlset></urlset>`, []string{}, nil, false},
		{"cut short", `<urlset><url><loc>http://x.example/a</loc></url><url><lo`, []string{"http://x.example/a"}, nil, true},
		{"a page instead", `<html><body>Not found</body></html>`, []string{}, nil, true},
		{"nothing", "", []string{}, nil, true},
	}
	for _, tt := range tests {
		locs, children, err := readSitemap([]byte(tt.body))
		if !slices.Equal(locs, tt.locs) || !slices.Equal(children, tt.children) || (err != nil) != tt.fails {
			t.Errorf("%s: %q, %q, %v", tt.name, locs, children, err)
		}
	}
}

// FuzzSitemap: whatever the bytes, what comes out is canonical and bounded.
func FuzzSitemap(f *testing.F) {
	f.Add(`<urlset><url><loc>http://x.example/a</loc><lastmod>2026</lastmod></url></urlset>`)
	f.Add(`<sitemapindex><sitemap><loc>http://x/</loc></sitemap><url></sitemap></sitemapindex>`)
	f.Add("http://x.example/\nhttp://x.example/b")
	f.Fuzz(func(t *testing.T, body string) {
		locs, children, _ := readSitemap([]byte(body))
		if len(locs) > maxLocs || len(children) > maxSitemaps {
			t.Errorf("%d pages, %d sitemaps", len(locs), len(children))
		}
		for _, l := range append(locs, children...) {
			if c, err := fetch.Canonical(l); l != "" && (err != nil || c != l) {
				t.Errorf("%q is not canonical: %q, %v", l, c, err)
			}
		}
	})
}

func TestChainOf(t *testing.T) {
	for in, want := range map[string]string{
		"http://x.example/":                                "",
		"http://x.example/kettle":                          "",
		"http://x.example/p01":                             "",
		"http://x.example/kettle?page=2":                   "http://x.example/kettle?page=#",
		"http://x.example/kettle/page/12":                  "http://x.example/kettle/page/#?",
		"http://x.example/kettle/sayfa-3":                  "http://x.example/kettle/#?",
		"http://x.example/2026/11/22":                      "http://x.example/#/#/#?",
		"http://x.example/urun/123456":                     "",
		"http://x.example:8080/viewtopic.php?t=5&start=20": "http://x.example:8080/viewtopic.php?t=#&start=#",
	} {
		if got := chainOf(in); got != want {
			t.Errorf("chainOf(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestScope(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Start, cfg.Include, cfg.Exclude = []string{"http://X.example/start"}, []string{`^/urun/`, `\?p=\d`}, []string{`/eski/`}
	sc, err := newScope(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]bool{
		"http://x.example/start": true, "http://x.example/urun/1": true, "http://x.example/a?p=1": true, "http://x.example/a": false,
		"http://x.example/urun/eski/1": false, "http://y.example/urun/1": false, "http://x.example:81/urun/1": false, "https://x.example/urun/1": true,
	} {
		if got := sc.has(in); got != want {
			t.Errorf("has(%s) = %v, want %v", in, got, want)
		}
		if _, err := url.Parse(in); err != nil {
			t.Fatal(err)
		}
	}
}
