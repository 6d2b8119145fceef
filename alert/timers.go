package alert

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The kinds of timer.
const (
	timerCase  = "case"  // look at an escalation: finish what a crash cut short, and keep its clocks
	timerWait  = "wait"  // a rule that waits looks at its mention again
	timerQuiet = "quiet" // a message that quiet hours held back goes out
	timerPrune = "prune" // an escalation that ended long ago is no longer kept beside the journal

	timerDigest = "digest" // a digest is due; Digests rings, not the Desk
)

// timetable is a small store of keys and values.
type timetable interface {
	Keys(ctx context.Context) ([]string, error)
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, value []byte) error
	Delete(ctx context.Context, key string) error
}

// Timers remember what has to be done later, over restarts. The same timer set
// twice within a second of its due time is one.
type Timers struct {
	kept  timetable
	known *known
}

// listEvery is how often all keys are listed, to find what other processes set:
// half a second for ten thousand on a busy machine. What this process sets it knows.
const listEvery = 30 * time.Second

// known are the keys of timers as far as this process knows them.
type known struct {
	mu     sync.Mutex
	keys   map[string]bool
	fresh  map[string]bool // set since the listing under way began
	listed time.Time
}

// NewTimers keeps timers in a bucket of their own: each key is a timer.
func NewTimers(kept timetable) Timers {
	return Timers{kept, &known{keys: map[string]bool{}, fresh: map[string]bool{}}}
}

// timer is one thing to do.
type timer struct {
	key      string
	due      time.Time
	kind, id string
}

// Set asks for a thing to be done within the second after due. It must not ring
// before: whoever finds nothing to do then sets the same timer, which is removed
// as done.
func (t Timers) Set(ctx context.Context, due time.Time, kind, id string, payload []byte) error {
	due = due.Add(time.Second - 1)
	// Seconds since 1970 have ten digits until 2286, so keys sort by time.
	key := fmt.Sprintf("%010d.%s.%s", due.Unix(), kind, id)
	if err := t.kept.Put(ctx, key, payload); err != nil {
		return err
	}
	t.known.mu.Lock()
	defer t.known.mu.Unlock()
	t.known.keys[key], t.known.fresh[key] = true, true
	return nil
}

// list brings what is known up to date where it is old.
func (t Timers) list(ctx context.Context, now time.Time) error {
	k := t.known
	k.mu.Lock()
	old := now.Sub(k.listed).Abs() >= listEvery
	if old {
		k.fresh = map[string]bool{}
	}
	k.mu.Unlock()
	if !old {
		return nil
	}
	keys, err := t.kept.Keys(ctx)
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.listed = maps.Clone(k.fresh), now
	for _, key := range keys {
		k.keys[key] = true
	}
	return nil
}

// due lists the timers whose time has come, the oldest first.
func (t Timers) due(ctx context.Context, now time.Time) ([]timer, error) {
	if err := t.list(ctx, now); err != nil {
		return nil, err
	}
	t.known.mu.Lock()
	defer t.known.mu.Unlock()
	var due []timer
	for k := range t.known.keys {
		parts := strings.SplitN(k, ".", 3)
		if len(parts) != 3 {
			continue // not ours
		}
		unix, err := strconv.ParseInt(parts[0], 10, 64)
		if err == nil && !time.Unix(unix, 0).After(now) {
			due = append(due, timer{k, time.Unix(unix, 0), parts[1], parts[2]})
		}
	}
	slices.SortFunc(due, func(a, b timer) int { return strings.Compare(a.key, b.key) })
	return due, nil
}

func (t Timers) payload(ctx context.Context, x timer) ([]byte, error) { return t.kept.Get(ctx, x.key) }

func (t Timers) done(ctx context.Context, x timer) error {
	if err := t.kept.Delete(ctx, x.key); err != nil {
		return err
	}
	t.known.mu.Lock()
	defer t.known.mu.Unlock()
	delete(t.known.keys, x.key)
	return nil
}
