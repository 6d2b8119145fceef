// Package twitter collects mentions by the search of the X (Twitter) API v1.1
// with keys of the user's own, through dghubble/go-twitter.
//
// X has retired this API for most accounts, and go-twitter is no longer
// developed: the source is for those who still have such access, and it says
// plainly when they do not. See README.md.
package twitter

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/mention"
)

// transporter is what a source needs of fetch.Client: a transport with the
// crawler's rate and its guard against private networks.
type transporter interface {
	API() http.RoundTripper
}

// Source is a crawler.Source over one search.
type Source struct {
	name string
	cfg  Config
	keys keys
	web  transporter
	log  *slog.Logger

	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
}

// New returns the source. It makes no request yet.
func New(name string, cfg Config, web transporter, log *slog.Logger) (*Source, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return &Source{name: name, cfg: cfg, keys: cfg.keys(), web: web, log: log, now: time.Now, sleep: sleep}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Collect implements crawler.Source. It finishes the window that an earlier
// collection had to leave, then reads from the newest tweet down to where the
// last one began. A limit on the way ends it with a ledger row, and the cursor
// keeps the place.
func (s *Source) Collect(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
	at := readCursor(cursor)
	r := &run{Source: s, session: s.session(ctx), out: out, place: at, left: s.cfg.MaxTweets}
	if at.Max > 0 {
		if done, err := r.window(ctx); err != nil || !done {
			return r.end(cursor, err)
		}
	}
	_, err := r.window(ctx)
	return r.end(cursor, err)
}

// run is one collection.
type run struct {
	*Source
	session *session
	out     crawler.Sink
	place   place
	left    int // tweets that may still be read
	pages   int // answered
}

func (r *run) end(cursor mention.Cursor, err error) (mention.Cursor, error) {
	if err != nil {
		return cursor, err
	}
	return r.place.write(), nil
}

// window reads pages downwards until there is nothing older to read. done is
// false when a limit ended it before.
func (r *run) window(ctx context.Context) (done bool, err error) {
	for {
		asked := r.place.Max
		p, trouble, err := r.page(ctx)
		if err != nil {
			return false, err
		}
		if trouble != nil {
			return false, r.stop(trouble)
		}
		if p.last || p.lowest == 0 || p.lowest <= r.place.Since+1 || asked > 0 && p.lowest > asked {
			r.place.close()
			return true, nil
		}
		r.place.Max = p.lowest - 1
		if r.left <= 0 {
			return false, r.row(ctx, mention.Visit{Outcome: mention.OutcomeRefused, Reason: "budget",
				Detail: fmt.Sprintf("max_tweets (%d) reached; the next run goes on from here", r.cfg.MaxTweets)})
		}
		if ok, err := r.patience(ctx, p.limit); err != nil || !ok {
			return false, err
		}
	}
}

// stop makes trouble the end of the collection: an error unless some pages came
// and it is one that passes by itself.
func (r *run) stop(t *crawler.Trouble) error {
	if r.pages > 0 && (t.Reason == fetch.ReasonRateLimited || t.Reason == fetch.ReasonServer) {
		return nil
	}
	return t
}

// patience waits for the next turn that X allows, or says in the ledger that it
// does not wait so long; then ok is false.
func (r *run) patience(ctx context.Context, l limit) (ok bool, err error) {
	wait, limited := l.wait(r.now())
	if !limited {
		return true, nil
	}
	if wait <= r.cfg.MaxWait {
		return true, r.sleep(ctx, wait)
	}
	return false, r.row(ctx, mention.Visit{Outcome: mention.OutcomeRefused, Reason: fetch.ReasonRateLimited,
		Detail: "X allows the next request at " + l.reset.Format(time.RFC3339) + "; the next run goes on from here"})
}

// row writes a ledger row about the search as a whole.
func (r *run) row(ctx context.Context, v mention.Visit) error {
	v.URL, v.At = r.cfg.searchURL(), r.now().UTC()
	return r.out.Visit(ctx, v)
}

// page asks for one page, again where it failed for the moment, and pushes it.
// trouble is why it could not be had; it stands in the ledger already.
func (r *run) page(ctx context.Context) (p page, trouble *crawler.Trouble, err error) {
	for attempt := 1; ; attempt++ {
		x := r.search(ctx)
		if ctx.Err() != nil {
			return p, nil, ctx.Err()
		}
		if trouble = x.trouble(); trouble == nil {
			return r.push(ctx, x, attempt)
		}
		trouble.Detail = r.keys.redact(trouble.Detail)
		if err := r.out.Visit(ctx, x.visit(r.cfg.searchURL(), trouble, attempt, 0)); err != nil {
			return p, nil, err
		}
		again, err := r.again(ctx, x, trouble, attempt)
		if err != nil || !again {
			return p, trouble, err
		}
	}
}

// again waits before another attempt where one may help.
func (r *run) again(ctx context.Context, x exchange, t *crawler.Trouble, attempt int) (bool, error) {
	wait := time.Duration(float64(time.Second<<attempt) * (0.5 + rand.Float64()))
	switch t.Reason {
	case fetch.ReasonRateLimited:
		until, limited := x.limit().wait(r.now())
		if !limited || until > r.cfg.MaxWait {
			return false, nil
		}
		wait = until
	case fetch.ReasonServer, fetch.ReasonTimeout, fetch.ReasonConnection:
	default:
		return false, nil
	}
	if attempt >= r.cfg.Attempts {
		return false, nil
	}
	r.log.Debug("asking X again", "source", r.name, "reason", t.Reason, "wait", wait)
	return true, r.sleep(ctx, wait)
}

// page is what a page of results came to.
type page struct {
	lowest int64 // the lowest tweet ID on it; 0 when it is empty
	last   bool  // X says that there is nothing older
	limit  limit
}

// push hands on the tweets of one answer, oldest first.
func (r *run) push(ctx context.Context, x exchange, attempt int) (page, *crawler.Trouble, error) {
	p := page{limit: x.limit(), last: x.found.Metadata != nil && x.found.Metadata.NextResults == ""}
	r.pages++
	n := 0
	tweets := x.found.Statuses
	for i := len(tweets) - 1; i >= 0; i-- {
		t := &tweets[i]
		if t.ID <= r.place.Since {
			continue // the API leaves these out; a proxy or a fake may not
		}
		if p.lowest == 0 || t.ID < p.lowest {
			p.lowest = t.ID
		}
		r.place.Top = max(r.place.Top, t.ID)
		r.left--
		m, ok := r.cfg.mention(t, r.now())
		if !ok {
			continue
		}
		if err := r.out.Mention(ctx, m); err != nil {
			return p, nil, err
		}
		n++
	}
	return p, nil, r.out.Visit(ctx, x.visit(r.cfg.searchURL(), nil, attempt, n))
}
