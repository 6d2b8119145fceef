package walk

import (
	"context"
	"fmt"
	"maps"
	"time"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

const (
	// maxRefused bounds the ledger rows of one walk for pages that were never
	// asked for.
	maxRefused = 500
	// maxInRow is how many pages in a row may fail for the moment before the
	// site is left alone until the next walk.
	maxInRow = 10
)

// tour is one walk under way.
type tour struct {
	w     *Walker
	scope scope
	state frontier.Walk
	out   crawler.Sink

	queue  []item
	queued map[string]bool // by key: in the queue, visited or refused
	done   map[string]bool // by key: visited
	told   map[mention.ID]mention.Revision
	chains chains
	retry  []item
	dead   map[string]bool // hosts that nothing more is asked of

	requests, refused           int
	answered, listing, suspects int
	inRow                       int
	failed                      *fetch.Error     // the first page that could not be had
	soft                        string           // reason of the first soft fail
	stopped                     *crawler.Trouble // why the walk was broken off
	incomplete                  string           // why it may not have seen all there is
}

// item is a page to visit.
type item struct {
	url, key string
	asked    string // the page whose redirect led here; "" for most
	depth    int
	chain    string
	barren   int  // pages of this chain in a row, up to here, that brought nothing new
	second   bool // failed before in this walk
}

func newTour(w *Walker, state frontier.Walk, out crawler.Sink) *tour {
	sc := w.scope
	sc.hosts, sc.start = maps.Clone(sc.hosts), maps.Clone(sc.start)
	return &tour{w: w, scope: sc, state: state, out: out, queued: map[string]bool{}, done: map[string]bool{}, told: map[mention.ID]mention.Revision{},
		chains: chains{listed: map[string]map[mention.ID]bool{}}, dead: map[string]bool{}}
}

// start queues the start pages.
func (t *tour) start(context.Context) error {
	for _, raw := range t.w.cfg.Start {
		if c, err := fetch.Canonical(raw); err == nil {
			t.push(c, 0, 0)
		}
	}
	return nil
}

// push queues a canonical URL unless this walk already had it, or knows of more
// pages than it can ever visit.
func (t *tour) push(canonical string, depth, barren int) {
	key := fetch.Key(canonical)
	if t.queued[key] {
		return
	}
	if len(t.queued) > 4*t.w.cfg.MaxPages+maxRefused {
		t.missed(ReasonPages)
		return
	}
	t.queued[key] = true
	t.queue = append(t.queue, item{url: canonical, key: key, depth: depth, chain: chainOf(canonical), barren: barren})
}

// drain visits what is queued until nothing is left or a bound is reached.
func (t *tour) drain(ctx context.Context) error {
	for len(t.queue) > 0 && t.stopped == nil {
		it := t.queue[0]
		t.queue = t.queue[1:]
		if t.requests >= t.w.cfg.MaxPages {
			return t.full(ctx, it)
		}
		if err := t.visit(ctx, it); err != nil {
			return err
		}
	}
	t.queue = nil
	return nil
}

// full ends a walk that used up its pages.
func (t *tour) full(ctx context.Context, it item) error {
	left := len(t.queue) + 1
	t.queue, t.retry = nil, nil
	t.missed(ReasonPages)
	return t.refuse(ctx, it.url, ReasonPages, fmt.Sprintf("max_pages of %d used up with %d pages known and not visited", t.w.cfg.MaxPages, left))
}

// revisit queues the pages known to have listed mentions that no link led to:
// what became of them must be asked.
func (t *tour) revisit(context.Context) error {
	return t.w.known.Each(func(key string, p frontier.Page) bool {
		if len(p.Listed) > 0 && !t.queued[key] && t.scope.has(p.URL) {
			t.push(p.URL, p.Depth, 0)
		}
		return true
	})
}

// again gives the pages that failed for the moment their second chance.
func (t *tour) again(context.Context) error {
	for _, it := range t.retry {
		it.second, t.done[it.key] = true, false
		t.queue = append(t.queue, it)
	}
	t.retry = nil
	return nil
}

// admit widens the scope to the host that a start page redirects to within its
// domain, unless the hosts are configured.
func (t *tour) admit(it item, final string) {
	if it.depth == 0 && len(t.w.cfg.Hosts) == 0 && fetch.SameSite(it.url, final) {
		t.scope.hosts[hostOf(final)] = true
		t.scope.start[fetch.Key(final)] = true
	}
}

// missed notes that the walk may not have seen all there is.
func (t *tour) missed(reason string) {
	if t.incomplete == "" {
		t.incomplete = reason
	}
}

// settle ends the walk: pages that lost their mentions are believed if most
// did not, and what no page lists any more is told to be gone.
func (t *tour) settle(ctx context.Context) error {
	if t.stopped != nil || t.shapeChanged() {
		t.missed(ReasonShapeChanged)
	} else if err := t.believe(); err != nil {
		return err
	}
	if err := t.tellGone(ctx); err != nil {
		return err
	}
	return t.w.known.Finish(t.state, t.incomplete == "", t.w.cfg.MaxPages*2)
}

func (t *tour) shapeChanged() bool { return t.suspects > t.listing }

// believe empties the pages that answered without the mentions they had.
func (t *tour) believe() error {
	if t.suspects == 0 {
		return nil
	}
	empty := map[string]frontier.Page{}
	err := t.w.known.Each(func(key string, p frontier.Page) bool {
		if p.Suspect && p.Walk == t.state.ID {
			p.Suspect, p.Listed = false, nil
			empty[key] = p
		}
		return true
	})
	for key, p := range empty {
		if err == nil {
			err = t.w.known.Record(key, p)
		}
	}
	return err
}

func (t *tour) tellGone(ctx context.Context) error {
	if !t.w.cfg.Complete || t.incomplete != "" {
		return nil
	}
	gone, err := t.w.known.Vanished()
	if err != nil || len(gone) == 0 {
		return err
	}
	for _, m := range gone {
		m.Gone, m.Collected = true, time.Now().UTC()
		if err := t.out.Mention(ctx, m); err != nil {
			return err
		}
	}
	return t.w.known.Told(gone)
}

// trouble says what is wrong with the source as a whole, or nil.
func (t *tour) trouble() *crawler.Trouble {
	soft := func(reason, detail string) *crawler.Trouble {
		return &crawler.Trouble{Outcome: mention.OutcomeSoftFail, Reason: reason, Detail: detail}
	}
	switch {
	case t.stopped != nil:
		return t.stopped
	case t.shapeChanged():
		return soft(ReasonShapeChanged, fmt.Sprintf("%d of %d pages that listed mentions list none now", t.suspects, t.suspects+t.listing))
	case t.listing > 0:
		return nil
	case t.soft != "":
		return soft(t.soft, "no page lists a mention")
	case t.failed != nil:
		return &crawler.Trouble{Outcome: t.failed.Outcome(), Reason: t.failed.Reason, Detail: "no page lists a mention", Err: t.failed}
	}
	return soft(ReasonEmpty, fmt.Sprintf("%d pages, and none lists a mention", t.answered))
}
