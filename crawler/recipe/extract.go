package recipe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"

	"feryat/crawler/fetch"
	"feryat/crawler/walk"
)

// maxTags bounds the elements of a page: a tree of them takes some four hundred
// bytes each, and no forum page has a tenth as many.
const maxTags = 100_000

// The soft fails of a page that is there and is not what it should be.
const (
	reasonShape = "shape_changed"
	reasonEmpty = "empty"
)

// Extractor reads pages by a recipe. It is safe for use by many goroutines.
type Extractor struct {
	cfg     Config
	recipes []*Recipe // the one to use, or all that are asked whether they know the page
	auto    bool
}

// Extract implements walk.Extractor.
func (x *Extractor) Extract(ctx context.Context, p walk.Page) (walk.Found, error) {
	if p.ContentType != "" && p.ContentType != "text/html" && p.ContentType != "application/xhtml+xml" {
		return walk.Found{}, fmt.Errorf("read %s: it is %s, not HTML", p.URL, p.ContentType)
	}
	if n := bytes.Count(p.Body, []byte("<")); n > maxTags {
		return walk.Found{}, fmt.Errorf("read %s: %d tags, more than %d", p.URL, n, maxTags)
	}
	rd := &reading{cfg: x.cfg, page: p}
	if err := x.visit(ctx, p, rd); err != nil {
		return walk.Found{}, fmt.Errorf("read %s: %w", p.URL, err)
	}
	return rd.finish(), nil
}

// visit lets colly call back for the elements of one page that we have already.
// The callbacks of the recipe are added within the first one, for only then is
// it known which recipe the page is for.
func (x *Extractor) visit(ctx context.Context, p walk.Page, rd *reading) error {
	c := newCollector(ctx, &saved{page: p})
	c.OnHTML("html", func(e *colly.HTMLElement) {
		rd.begin(e, x.choose(e))
	})
	for _, r := range x.recipes {
		c.OnHTML(r.Item.Select.css, func(e *colly.HTMLElement) {
			if rd.recipe == r {
				rd.item(e)
			}
		})
		for _, f := range r.Follow {
			c.OnHTML(f.css, func(e *colly.HTMLElement) {
				if rd.recipe == r {
					rd.link(f.shape(f.read(e.DOM.Get(0))))
				}
			})
		}
	}
	var broken error // a page that does not parse; Visit keeps quiet about it
	c.OnError(func(_ *colly.Response, err error) { broken = err })
	if err := c.Visit(p.URL); err != nil {
		return err
	}
	return broken
}

// choose picks the recipe for a page: the only one, or the one that knows it.
func (x *Extractor) choose(e *colly.HTMLElement) *Recipe {
	if !x.auto {
		return x.recipes[0]
	}
	for _, r := range x.recipes {
		if r.knows(e) {
			return r
		}
	}
	return nil
}

// knows reports whether all of Detect are on the page.
func (r *Recipe) knows(e *colly.HTMLElement) bool {
	page := document(e)
	missing := func(s Selector) bool { return page.FindMatcher(s.found).Length() == 0 }
	return len(r.Detect) > 0 && !slices.ContainsFunc(r.Detect, missing)
}

// document is the page around its html element.
func document(e *colly.HTMLElement) *goquery.Selection {
	return goquery.NewDocumentFromNode(e.DOM.Get(0).Parent).Selection
}

// newCollector returns a collector that calls back and does nothing else: no
// robots.txt, no cookies, no cache, no limits, for crawler/fetch sees to all of
// that. NewCollector is not used because it reads COLLY_ settings, a cache
// folder among them, from the environment.
func newCollector(ctx context.Context, t http.RoundTripper) *colly.Collector {
	c := &colly.Collector{}
	c.Init()
	c.Context = ctx
	c.IgnoreRobotsTxt = true
	c.AllowURLRevisit = true
	c.MaxBodySize = 0
	c.DisableCookies()
	c.WithTransport(t)
	return c
}

// saved answers colly's only request with the page that was fetched.
type saved struct {
	page walk.Page
	done bool
}

var errNoNetwork = errors.New("recipes read fetched pages only and make no requests")

// RoundTrip implements http.RoundTripper.
func (s *saved) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.done || r.Method != http.MethodGet {
		return nil, errNoNetwork
	}
	s.done = true
	body := scriptless(s.page.Body)
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		// The body is UTF-8 already and unpacked; saying so keeps colly from doing it again.
		Header:       http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Uncompressed: true,
		Body:         io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// scriptless renames noscript elements, whose content the HTML parser would take
// for a text: we run no scripts, so what stands there is for us.
func scriptless(body []byte) []byte {
	if !bytes.Contains(body, []byte("noscript")) {
		return body
	}
	body = bytes.ReplaceAll(body, []byte("<noscript"), []byte("<x-noscript"))
	return bytes.ReplaceAll(body, []byte("</noscript"), []byte("</x-noscript"))
}

// softFail tells why a page that should have items has none.
func softFail(p walk.Page, detail string) walk.Found {
	if reason := fetch.Challenge(p.Body); reason != "" {
		return walk.Found{Reason: reason, Detail: "a check or log-in page instead of the page asked for"}
	}
	return walk.Found{Reason: reasonShape, Detail: detail}
}
