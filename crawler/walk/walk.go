// Package walk visits the pages of one source: from its start pages and
// sitemaps along the links in scope, once each, politely, and no further than
// its bounds. What a page says is the business of an Extractor.
package walk

import (
	"context"
	"time"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

// Page is one page as it was fetched.
type Page struct {
	URL         string // canonical, after redirects
	Body        []byte // valid UTF-8; shared, do not change
	ContentType string // media type without parameters, lower case
	Fetched     time.Time
}

// Found is what an Extractor read from a page.
type Found struct {
	Mentions []mention.Mention
	Links    []string // absolute, any scheme: the walk decides which to follow
	Reason   string   // soft fail: "challenge", "empty", "shape_changed", "parse"; or ""
	Detail   string   // one line for a person, with a Reason
}

// Extractor reads the mentions and links of a page. An error is a page that
// does not parse; it costs a ledger row and nothing else.
type Extractor interface {
	Extract(ctx context.Context, p Page) (Found, error)
}

// getter is the part of fetch.Client that a walk needs.
type getter interface {
	Get(ctx context.Context, r fetch.Request) (*fetch.Response, error)
	Sitemaps(ctx context.Context, site string) []string
}

// Walker is a crawler.Source that walks pages.
type Walker struct {
	name string
	cfg  Config
	web  getter
	read Extractor
}

// New returns a walker of the named source. The pages it comes to know are kept
// in db under that name.
func New(name string, cfg Config, web getter, db *frontier.DB, read Extractor) (*Walker, error) {
	return &Walker{name: name, cfg: cfg, web: web, read: read}, nil
}

// Links returns the absolute targets of the links of an HTML page, in order and
// once each, with base elements obeyed. It reads tokens and builds no tree.
func Links(body []byte, pageURL string) []string { return nil }

// Collect walks once. The cursor counts finished walks; all else that a walk
// needs to know of the last one lies in the frontier.
func (w *Walker) Collect(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
	return cursor, nil
}
