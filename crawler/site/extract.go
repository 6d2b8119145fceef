package site

import (
	"context"
	"fmt"
	"strings"
	"time"

	"feryat/crawler/dates"
	"feryat/crawler/fetch"
	"feryat/crawler/schemaorg"
	"feryat/crawler/walk"
	"feryat/mention"
)

// Extractor reads the mentions and links of one page of a site. It keeps
// nothing between pages and may be used by many goroutines.
type Extractor struct {
	cfg  Config
	zone *time.Location
	own  map[string]bool // folded names
}

// NewExtractor returns the reader of the pages of one site.
func NewExtractor(cfg Config) (*Extractor, error) {
	zone, err := time.LoadLocation(cfg.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	x := &Extractor{cfg: cfg, zone: zone, own: map[string]bool{}}
	for _, list := range [...][]string{cfg.About, cfg.OwnAuthors} {
		for _, name := range list {
			x.own[fold(name)] = true
		}
	}
	return x, nil
}

// Extract reads a page. Documents other than HTML and JSON-LD have nothing to
// say here; that is no failure.
func (x *Extractor) Extract(ctx context.Context, p walk.Page) (walk.Found, error) {
	if err := ctx.Err(); err != nil {
		return walk.Found{}, err
	}
	var d *schemaorg.Document
	switch p.ContentType {
	case "text/html", "application/xhtml+xml", "":
		d = schemaorg.Read(p.Body)
	case "application/ld+json":
		d = schemaorg.ReadJSON(p.Body)
	default:
		return walk.Found{}, nil
	}
	base := p.URL
	if to, err := fetch.Resolve(p.URL, d.Base); err == nil && d.Base != "" {
		base = to
	}
	r := reading{x: x, page: p, doc: d, base: base, thread: listing(p.URL)}
	found := walk.Found{Mentions: r.mentions(), Links: links(d, base)}
	if len(found.Mentions) == 0 {
		found.Reason, found.Detail = softFail(p, d)
	}
	return found, nil
}

// softFail tells a page without mentions that should have some from one that
// merely leads on.
func softFail(p walk.Page, d *schemaorg.Document) (reason, detail string) {
	switch reason := fetch.Challenge(p.Body); {
	case reason != "":
		return reason, "a check or log-in page instead of the page asked for"
	case d.Hollow > 0:
		return walk.ReasonShapeChanged, fmt.Sprintf("%d reviews without words and rating", d.Hollow)
	case len(d.Broken) > 0:
		return walk.ReasonParse, "JSON-LD: " + d.Broken[0].Error()
	case d.Text == 0 && len(d.Links) == 0:
		return walk.ReasonEmpty, fmt.Sprintf("no words and no links in %d bytes", len(p.Body))
	}
	return "", ""
}

// reading is the work on one page.
type reading struct {
	x      *Extractor
	page   walk.Page
	doc    *schemaorg.Document
	base   string
	thread string // the page's address without what only says which part of a list it shows
}

func (r *reading) mentions() []mention.Mention {
	keys := r.keys()
	out := make([]mention.Mention, 0, len(r.doc.Statements))
	for i := range r.doc.Statements {
		s := &r.doc.Statements[i]
		m := r.mention(s)
		if s.Parent >= 0 && s.Parent < i {
			m.ParentID = out[s.Parent].ID
		}
		r.identify(&m, s, keys[i])
		out = append(out, m)
	}
	return distinct(out)
}

func (r *reading) mention(s *schemaorg.Statement) mention.Mention {
	cfg := r.x.cfg
	m := mention.Mention{
		SourceKind: Kind, Kind: s.Kind, URL: r.address(s), ThreadID: r.thread, About: cfg.About,
		Product: or(s.Item, cfg.Product), Title: short(s.Title), Language: or(language(s.Language), cfg.Language, language(r.doc.Language)),
		Rating: s.Rating, Likes: s.Likes, Replies: s.Replies, Shares: s.Shares, Views: s.Views,
		Author: r.author(s),
	}
	m.Product = short(m.Product)
	m.Text, m.Truncated = cut(s.Text, mention.MaxText)
	m.Written = r.written(s.Written, m.Language)
	if edited := r.written(s.Edited, m.Language).Time; edited.After(m.Written.Time) {
		m.Edited = edited
	}
	return m
}

// author tells the brand itself by a name that the configuration gives, or by
// one that the page gives to those who run it, where an organization bears it or
// answers under it.
func (r *reading) author(s *schemaorg.Statement) mention.Author {
	name := short(s.Author.Name)
	a := mention.Author{Name: name, ID: name, Own: s.Author.Owner || r.x.own[fold(name)] && name != ""}
	if id := s.Author.ID; id != "" {
		a.ID = short(id)
		if to := r.absolute(id); to != "" {
			a.ID = short(to)
		}
		if a.ID == r.page.URL || strings.HasPrefix(a.ID, r.page.URL+"#") {
			a.ID = name // a fragment of this very page names nobody elsewhere
		}
	}
	if a.Own || name == "" || !s.Author.Organization && s.Parent < 0 {
		return a
	}
	for _, owner := range r.doc.Owners {
		a.Own = a.Own || fold(owner) == fold(name)
	}
	return a
}

// clock is how the page's times are to be read.
func (r *reading) clock(lang string) dates.Options {
	return dates.Options{Now: r.page.Fetched, Zone: r.x.zone, Language: or(r.x.cfg.Language, lang), DayFirst: r.x.cfg.DayFirst, Unix: true}
}

// written reads the first time that can be read; a later one counts if it tells
// the same day more exactly.
func (r *reading) written(shown []string, lang string) mention.Written {
	best := mention.Written{Precision: mention.PrecisionUnknown}
	if len(shown) > 0 {
		best.Shown = shown[0]
	}
	for _, s := range shown {
		w, err := dates.Parse(s, r.clock(lang))
		switch {
		case err != nil:
		case best.Time.IsZero():
			best = w
		case best.Precision == mention.PrecisionDay && w.Precision != mention.PrecisionDay && w.Time.Sub(best.Time).Abs() < 36*time.Hour && dates.Absolute(s, r.clock(lang)):
			best = w
		}
	}
	return best.Clamp(r.page.Fetched)
}

// links are those to follow: not to other forms of the same page, and not where
// the page asks robots not to go. The way to the next page is always meant.
func links(d *schemaorg.Document, base string) []string {
	const maxLinks = 2000 // of one page
	var out []string
	seen := map[string]bool{}
	for _, l := range d.Links {
		rel := strings.Fields(l.Rel)
		paging := has(rel, "next") || has(rel, "prev")
		switch {
		case seen[l.URL] || strings.HasPrefix(l.URL, "#") || len(out) == maxLinks:
			continue
		case !paging && (has(rel, "link") || has(rel, "nofollow") || d.NoFollow):
			continue
		}
		seen[l.URL] = true
		if to, err := fetch.Resolve(base, l.URL); err == nil {
			out = append(out, to)
		}
	}
	return out
}

func has(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}
