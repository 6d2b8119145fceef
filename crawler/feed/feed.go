// Package feed collects mentions from RSS, Atom and JSON feeds: comments of a
// blog, posts of a forum, news searches, reviews of a shop that offers them.
//
// A feed shows its newest items only, so an item that has fallen off it is not
// gone. Feeds are asked conditionally and yield what is new or changed.
package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/mention"
)

// accept asks for feeds first; some sites answer by it.
const accept = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.1"

// getter is what a source needs of fetch.Client.
type getter interface {
	Get(ctx context.Context, r fetch.Request) (*fetch.Response, error)
}

// Source is a crawler.Source over one or more feeds.
type Source struct {
	name string
	cfg  Config
	web  getter
	log  *slog.Logger
}

// New returns the source. It does nothing yet.
func New(name string, cfg Config, web getter, log *slog.Logger) (*Source, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return &Source{name: name, cfg: cfg, web: web, log: log}, nil
}

// Collect implements crawler.Source. When no feed could be had at all the error
// is a *crawler.Trouble with the reason of the last one.
func (s *Source) Collect(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
	state := s.readCursor(cursor)
	var trouble *crawler.Trouble
	good := 0
	for _, url := range s.cfg.URLs {
		v, err := s.collect(ctx, url, state.feed(url), out)
		if err != nil {
			return cursor, err
		}
		if err := out.Visit(ctx, v); err != nil {
			return cursor, err
		}
		if v.Outcome == mention.OutcomeOK || v.Outcome == mention.OutcomeNotModified || v.Mentions > 0 {
			good++
		} else {
			trouble = &crawler.Trouble{Outcome: v.Outcome, Reason: v.Reason, Detail: url + ": " + v.Detail}
		}
	}
	if good == 0 && trouble != nil {
		return cursor, trouble
	}
	return state.write(), nil
}

// collect reads one feed, pushes what is new in it and returns its ledger row.
// The error is that of out or of ctx; all else is told by the row.
func (s *Source) collect(ctx context.Context, url string, known *known, out crawler.Sink) (mention.Visit, error) {
	resp, err := s.web.Get(ctx, fetch.Request{URL: url, ETag: known.ETag, LastModified: known.LastModified, Accept: accept})
	if err != nil {
		return failed(ctx, url, err)
	}
	v := mention.Visit{URL: url, At: resp.At, Took: resp.Took, Status: resp.Status, Bytes: resp.Bytes, Attempt: resp.Attempts, Outcome: mention.OutcomeOK}
	if resp.NotModified {
		v.Outcome = mention.OutcomeNotModified
		return v, nil
	}
	p := parse(resp.Body)
	if p.reason == "" && len(p.feed.Items) == 0 && known.Items > 0 {
		p.reason, p.detail = reasonEmpty, fmt.Sprintf("the feed has no items; it had %d", known.Items)
	}
	if p.reason != "" {
		v.Outcome, v.Reason, v.Detail = mention.OutcomeSoftFail, p.reason, p.detail
		s.log.Debug("feed is not what it should be", "source", s.name, "url", url, "reason", p.reason, "detail", p.detail)
	}
	v.Mentions, err = s.push(ctx, s.read(p.feed, url, resp), known, out)
	if err != nil {
		return v, err
	}
	// A feed that failed softly is asked in full next time, so that its trouble stays in sight.
	known.ETag, known.LastModified = "", ""
	if p.reason == "" {
		known.ETag, known.LastModified, known.Items = resp.ETag, resp.LastModified, len(p.feed.Items)
	}
	return v, nil
}

// push hands on what is new or changed, oldest first, and notes what the feed
// shows now. The number is that of all items, new or not.
func (s *Source) push(ctx context.Context, all []mention.Mention, known *known, out crawler.Sink) (int, error) {
	seen := make(map[mention.ID]mention.Revision, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i].Revise()
		if old, ok := known.Seen[m.ID]; !ok || old != m.Revision {
			if err := out.Mention(ctx, m); err != nil {
				return 0, err
			}
		}
		seen[m.ID] = m.Revision
		if m.Written.Time.After(known.Newest) {
			known.Newest = m.Written.Time
		}
	}
	if len(all) > 0 {
		known.Seen = seen
	}
	return len(seen), nil
}

// failed is the ledger row of a feed that could not be had.
func failed(ctx context.Context, url string, err error) (mention.Visit, error) {
	if ctx.Err() != nil {
		return mention.Visit{}, ctx.Err()
	}
	var e *fetch.Error
	if !errors.As(err, &e) {
		return mention.Visit{}, err
	}
	return mention.Visit{URL: url, At: e.At, Took: e.Took, Status: e.Status, Bytes: e.Bytes, Outcome: e.Outcome(),
		Reason: e.Reason, Detail: e.Detail, Attempt: e.Attempts}, nil
}
