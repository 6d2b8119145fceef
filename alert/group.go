package alert

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"feryat/mention"
)

// maxGroup is how many events are stored with one insert.
const maxGroup = 5000

// maxRest bounds the pause after the insert of a group. It is as long as the insert took:
// in a rush the journal leaves half the time of the store to who asks it who must be told.
const maxRest = 200 * time.Millisecond

// GroupedJournal stores the events of callers that come at the same time with one
// insert: each insert costs a flush to the disk, however small it is.
type GroupedJournal struct {
	to journal

	mu      sync.Mutex
	busy    bool // a goroutine stores
	waiting []*entry
}

// entry is what one caller wants to be stored.
type entry struct {
	events []mention.Event
	ctx    context.Context
	done   chan error // holds the answer
}

// GroupJournal groups what goes to a journal. The first waits for no others: a
// group is what came during the insert before it and the pause after that.
func GroupJournal(to journal) *GroupedJournal { return &GroupedJournal{to: to} }

// InsertEvents answers how it went for these events, or with the context's error
// when that ends first; they may be stored all the same.
func (g *GroupedJournal) InsertEvents(ctx context.Context, events []mention.Event) error {
	e := &entry{events: events, ctx: ctx, done: make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, e)
	if !g.busy {
		g.busy = true
		go g.store() // ends when nobody waits
	}
	g.mu.Unlock()
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// store stores group after group until nobody waits.
func (g *GroupedJournal) store() {
	for {
		group := g.next()
		if len(group) == 0 {
			return
		}
		began := time.Now()
		err := g.insert(group)
		took := time.Since(began)
		if err != nil && len(group) > 1 && !errors.Is(err, mention.ErrUnavailable) {
			g.apart(group) // the fault may be of one alone
			continue
		}
		for _, e := range group {
			e.done <- err
		}
		if len(group) > 1 {
			time.Sleep(min(took, maxRest))
		}
	}
}

// next takes those that wait, but for callers that left.
func (g *GroupedJournal) next() (group []*entry) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for len(g.waiting) > 0 && (n == 0 || n+len(g.waiting[0].events) <= maxGroup) {
		e := g.waiting[0]
		g.waiting = g.waiting[1:]
		if e.ctx.Err() == nil {
			group, n = append(group, e), n+len(e.events)
		}
	}
	g.busy = len(group) > 0
	return group
}

// insert stores a group. It goes on while at least one of the callers waits.
func (g *GroupedJournal) insert(group []*entry) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(group[0].ctx))
	defer cancel()
	var left sync.WaitGroup
	var events []mention.Event
	for _, e := range group {
		left.Add(1)
		stop := context.AfterFunc(e.ctx, left.Done)
		defer func() {
			if stop() {
				left.Done()
			}
		}()
		events = append(events, e.events...)
	}
	go func() { left.Wait(); cancel() }() // ends at the latest with this function
	return g.try(ctx, events)
}

// try turns a panic into an error, as the queue would if it were the caller's.
func (g *GroupedJournal) try(ctx context.Context, events []mention.Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: panic in the journal: %v", mention.ErrBad, p)
		}
	}()
	return g.to.InsertEvents(ctx, events)
}

func (g *GroupedJournal) apart(group []*entry) {
	for _, e := range group {
		e.done <- g.try(e.ctx, e.events)
	}
}
