// Package walk visits the pages of one source: from its start pages and
// sitemaps along the links in scope, once each, politely, and no further than
// its bounds. What a page says is the business of an Extractor.
package walk

import (
	"context"
	"encoding/json"
	"fmt"
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
	Refuses(raw string) (reason string)
	Sitemaps(ctx context.Context, site string) []string
}

// Walker is a crawler.Source that walks pages.
type Walker struct {
	name  string
	cfg   Config
	scope scope
	web   getter
	known *frontier.Source
	read  Extractor
}

// New returns a walker of the named source. The pages it comes to know are kept
// in db under that name.
func New(name string, cfg Config, web getter, db *frontier.DB, read Extractor) (*Walker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	sc, err := newScope(cfg)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return &Walker{name: name, cfg: cfg, scope: sc, web: web, known: db.Source(name), read: read}, nil
}

// note is the cursor of a walker: all else that a walk needs to know of the
// last one lies in the frontier.
type note struct {
	Walks    int64     `json:"walks"`
	Finished time.Time `json:"finished"`
}

// Collect walks once: start pages and sitemaps, the links in scope, pages known
// to have listed mentions to which no link led, and at last those that failed
// for the moment. Then, if it saw all there is, it tells which mentions are gone.
func (w *Walker) Collect(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
	state, err := w.known.Begin(time.Now().UTC())
	if err != nil {
		return cursor, err
	}
	t := newTour(w, state, out)
	for _, stage := range []func(context.Context) error{
		t.start, t.sitemaps, t.drain, t.revisit, t.drain, t.again, t.drain, t.settle,
	} {
		if err := stage(ctx); err != nil {
			return cursor, err
		}
	}
	if trouble := t.trouble(); trouble != nil {
		return cursor, trouble
	}
	return json.Marshal(note{Walks: state.ID, Finished: time.Now().UTC().Truncate(time.Second)})
}
