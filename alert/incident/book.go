package incident

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"feryat/mention"
)

// states is a key-value store with compare-and-set.
type states interface {
	// Load answers the value and its revision, 0 where there is no such key.
	Load(ctx context.Context, key string) (value []byte, revision uint64, err error)
	// Update stores value if the key still has that revision (0: is not there), and
	// answers the new revision, or 0 if somebody else was quicker.
	Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error)
}

// brandsKey is where the names of all brands stand that ever had a member. None
// is taken out: there are few, and so nobody can lose an incident by it.
const brandsKey = "incident.brands"

func brandKey(brand string) string { return "incident.brand." + brand }

// Book keeps the incidents of all brands. It is safe for concurrent use, and any
// number of Books may share one store.
type Book struct {
	states states
	cfg    Config
	now    func() time.Time
	mu     sync.Mutex
	brands map[string]bool // those known to stand under brandsKey
}

// NewBook keeps incidents in s, by a valid cfg; now tells the time. Values may
// reach some 100 kB in a storm, see Config.Room. They must not vanish within
// Quiet+Remember after they were written last.
func NewBook(s states, cfg Config, now func() time.Time) *Book {
	return &Book{states: s, cfg: cfg, now: now, brands: map[string]bool{}}
}

// Add takes m in and answers the incident it belongs to (without an ID, as long
// as that is none) and what is new. Of several processes that add at the same time
// one is told that the incident opened or grew. An error means that m must be added
// again; if it was already, that does no harm, and Pending lists what it changed.
func (b *Book) Add(ctx context.Context, m Member) (in Incident, change Change, err error) {
	if err := m.check(); err != nil {
		return in, change, err
	}
	if err := b.know(ctx, m.Cause.Brand); err != nil {
		return in, change, err
	}
	var g *Group
	err = update(ctx, b.states, brandKey(m.Cause.Brand), func(l *ledger) bool {
		k := keep(m)
		pruned, known := l.prune(b.now(), b.cfg) > 0, l.holds(k)
		g, change = l.add(m.Cause, k, b.cfg)
		return pruned || !known
	})
	if err != nil {
		return in, Change{}, err
	}
	return g.Incident(b.now(), b.cfg), change, nil
}

// Open lists the incidents that go on, by brand and opening, and forgets those
// that ended long ago.
func (b *Book) Open(ctx context.Context) (open []Incident, err error) {
	err = b.walk(ctx, func(g *Group) {
		if in := g.Incident(b.now(), b.cfg); in.Open() {
			open = append(open, in)
		}
	})
	return open, err
}

// Pending lists the steps that were reached and not noted as told.
func (b *Book) Pending(ctx context.Context) (pending []Telling, err error) {
	err = b.walk(ctx, func(g *Group) {
		for _, step := range g.Due {
			pending = append(pending, Telling{Incident: g.Incident(b.now(), b.cfg), Step: step})
		}
	})
	return pending, err
}

// MarkTold notes that the messages of t are safely on their way.
func (b *Book) MarkTold(ctx context.Context, t Telling) error {
	return update(ctx, b.states, brandKey(t.Incident.Cause.Brand), func(l *ledger) (changed bool) {
		for _, g := range l.Groups {
			if i := slices.Index(g.Due, t.Step); g.ID == t.Incident.ID && i >= 0 {
				g.Due, changed = slices.Delete(g.Due, i, i+1), true
			}
		}
		return changed
	})
}

// walk visits the groups of all brands, the oldest of a brand first.
func (b *Book) walk(ctx context.Context, visit func(*Group)) error {
	var names []string
	if err := update(ctx, b.states, brandsKey, func(known *[]string) bool { names = *known; return false }); err != nil {
		return err
	}
	for _, brand := range names {
		var found ledger
		err := update(ctx, b.states, brandKey(brand), func(l *ledger) bool {
			pruned := l.prune(b.now(), b.cfg)
			found = *l
			return pruned > 0
		})
		if err != nil {
			return err
		}
		slices.SortFunc(found.Groups, func(x, y *Group) int { return int(x.First - y.First) })
		for _, g := range found.Groups {
			visit(g)
		}
	}
	return nil
}

// know writes the name of a brand down before its first member.
func (b *Book) know(ctx context.Context, brand string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.brands[brand] {
		return nil
	}
	err := update(ctx, b.states, brandsKey, func(names *[]string) bool {
		i, found := slices.BinarySearch(*names, brand)
		if !found {
			*names = slices.Insert(*names, i, brand)
		}
		return !found
	})
	b.brands[brand] = err == nil
	return err
}

// update changes the record under a key, again from the start whenever somebody
// else was quicker; change answers false where there is nothing to write.
func update[T any](ctx context.Context, s states, key string, change func(*T) bool) error {
	for try := 0; ; try++ {
		body, revision, err := s.Load(ctx, key)
		if err != nil {
			return err
		}
		var record T
		if body != nil {
			if err := gob.NewDecoder(bytes.NewReader(body)).Decode(&record); err != nil {
				return fmt.Errorf("record %s is broken, delete it to begin anew: %w", key, err)
			}
		}
		if !change(&record) {
			return nil
		}
		var out bytes.Buffer
		if err := gob.NewEncoder(&out).Encode(record); err != nil {
			return fmt.Errorf("record %s: %w", key, err)
		}
		if revision, err = s.Update(ctx, key, out.Bytes(), revision); err != nil || revision != 0 {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return fmt.Errorf("record %s is written by others all the time: %w", key, err)
		}
	}
}

// pause waits some random milliseconds, up to 32 after many lost races.
func pause(ctx context.Context, try int) error {
	wait := time.NewTimer(time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 5))))
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}

// Forget takes mentions out of all incidents: their authors are no longer counted
// where the incident has not been reckoned from a sample.
func (b *Book) Forget(ctx context.Context, ids []mention.ID) error {
	var names []string
	if err := update(ctx, b.states, brandsKey, func(known *[]string) bool { names = *known; return false }); err != nil {
		return err
	}
	for _, brand := range names {
		err := update(ctx, b.states, brandKey(brand), func(l *ledger) (changed bool) {
			for _, id := range ids {
				changed = l.forget(hashed(id)) || changed
			}
			return changed
		})
		if err != nil {
			return err
		}
	}
	return nil
}
