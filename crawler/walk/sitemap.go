package walk

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

const (
	// maxSitemaps bounds the sitemaps read in one walk, maxLocs the pages named
	// by one; 50,000 is the bound of the sitemaps protocol.
	maxSitemaps = 50
	maxLocs     = 50_000
	// maxKeptLocs is how many pages of a sitemap are remembered to be used
	// again when it did not change.
	maxKeptLocs = 10_000
)

// loc is a page that a sitemap names.
type loc struct {
	url     string
	lastmod time.Time // zero when not told
}

// sitemaps reads the sitemaps and queues the pages they name, newest first.
func (t *tour) sitemaps(ctx context.Context) error {
	var todo []string
	add := func(list []string) {
		for _, raw := range list {
			if c, err := fetch.Canonical(raw); err == nil && !t.queued[fetch.Key(c)] && len(todo) < maxSitemaps {
				t.queued[fetch.Key(c)] = true
				todo = append(todo, c)
			}
		}
	}
	add(t.w.cfg.Sitemaps)
	if !t.w.cfg.NoSitemaps {
		for _, start := range t.w.cfg.Start {
			add(t.w.web.Sitemaps(ctx, start))
		}
	}
	for i := 0; i < len(todo); i++ {
		locs, children, err := t.sitemap(ctx, todo[i])
		if err != nil {
			return err
		}
		add(children)
		for _, l := range locs {
			if t.scope.has(l) && t.w.cfg.trapped(l) == "" && len(t.queue) < maxLocs {
				t.push(l, 1, 0)
			}
		}
	}
	return nil
}

// sitemap has one sitemap's pages and child sitemaps, from the site or, if it
// did not change, from the frontier.
func (t *tour) sitemap(ctx context.Context, at string) (locs, children []string, err error) {
	key := fetch.Key(at)
	p, _, err := t.w.known.Page(key)
	if err != nil || p.Walk == t.state.ID {
		return p.Links, p.Sitemaps, err
	}
	t.requests++
	resp, err := t.w.web.Get(ctx, t.request(at, p))
	var fe *fetch.Error
	if errors.As(err, &fe) {
		if fe.Temporary() {
			t.missed(fe.Reason)
		}
		return p.Links, p.Sitemaps, t.out.Visit(ctx, failureRow(at, fe))
	}
	if err != nil {
		return nil, nil, err
	}
	v := rowOf(at, resp)
	if resp.NotModified {
		v.Outcome = mention.OutcomeNotModified
		locs, children = p.Links, p.Sitemaps
	} else if locs, children, err = readSitemap(resp.Body); err != nil {
		v.Outcome, v.Reason, v.Detail = mention.OutcomeSoftFail, ReasonParse, oneLine(err.Error())
	}
	if err := t.out.Visit(ctx, v); err != nil {
		return nil, nil, err
	}
	return locs, children, t.recordSitemap(key, at, p, resp, locs, children)
}

func (t *tour) recordSitemap(key, at string, p frontier.Page, resp *fetch.Response, locs, children []string) error {
	next := frontier.Page{URL: at, Fetched: resp.At.UTC(), Whole: resp.At.UTC(), Walk: t.state.ID, Epoch: t.w.cfg.Epoch,
		Links: locs, Sitemaps: children, ETag: resp.ETag, LastModified: resp.LastModified}
	if resp.NotModified {
		next.ETag, next.LastModified, next.Whole = p.ETag, p.LastModified, p.Whole
	}
	if len(locs) > maxKeptLocs {
		next.Links, next.ETag, next.LastModified, next.Walk = nil, "", "", 0
	}
	return t.w.known.Record(key, next)
}

// readSitemap reads a urlset, a sitemapindex, or a text file of one URL a line.
// What came before an error is returned with it.
func readSitemap(body []byte) (locs, children []string, err error) {
	if b := bytes.TrimSpace(body); len(b) > 0 && b[0] != '<' {
		return textSitemap(b), nil, nil
	}
	var found []loc
	var cur loc
	var within []string
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // is UTF-8 by now
	for len(found) < maxLocs {
		var tok xml.Token
		if tok, err = d.Token(); err != nil {
			break
		}
		switch e := tok.(type) {
		case xml.StartElement:
			within = append(within, e.Name.Local)
		case xml.CharData:
			cur.set(within, strings.TrimSpace(string(e)))
		case xml.EndElement:
			switch {
			case e.Name.Local == "url" && cur.url != "":
				found = append(found, cur)
			case e.Name.Local == "sitemap" && cur.url != "" && len(children) < maxSitemaps:
				children = append(children, canonicalOr(cur.url))
			}
			if e.Name.Local == "url" || e.Name.Local == "sitemap" {
				cur = loc{}
			}
			within = within[:max(0, len(within)-1)]
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err == nil && len(found)+len(children) == 0 && !bytes.Contains(body, []byte("urlset")) && !bytes.Contains(body, []byte("sitemapindex")) {
		err = errors.New("no sitemap")
	}
	return newestFirst(found), children, err
}

func (l *loc) set(within []string, text string) {
	if len(within) < 2 || text == "" {
		return
	}
	parent := within[len(within)-2]
	if parent != "url" && parent != "sitemap" {
		return
	}
	switch within[len(within)-1] {
	case "loc":
		l.url += text
	case "lastmod":
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				l.lastmod = at
				return
			}
		}
	}
}

func newestFirst(found []loc) []string {
	slices.SortStableFunc(found, func(a, b loc) int { return b.lastmod.Compare(a.lastmod) })
	out := make([]string, 0, len(found))
	for _, l := range found {
		if c := canonicalOr(l.url); c != "" {
			out = append(out, c)
		}
	}
	return out
}

func canonicalOr(raw string) string {
	c, err := fetch.Canonical(raw)
	if err != nil {
		return ""
	}
	return c
}

func textSitemap(body []byte) (locs []string) {
	for line := range bytes.Lines(body) {
		c := canonicalOr(string(bytes.TrimSpace(line)))
		if c != "" && len(locs) < maxLocs {
			locs = append(locs, c)
		}
	}
	return locs
}
