package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"feryat/mention"
)

// grace is how long a handler may go on after the consumer was told to stop.
const grace = 15 * time.Second

const (
	// holdMax is the longest pause between two tries of messages on hold.
	holdMax = 15 * time.Second
	// probeEvery is after how many pauses messages on hold are probed for one that
	// is itself at fault.
	probeEvery = 10
)

// worker settles the messages of one stream: each ends acknowledged, handed
// back, or in DEAD.
type worker[T any] struct {
	q      *Queue
	s      stream
	handle func(context.Context, []Delivery[T]) error
}

// settle sees items to their end; see ConsumeMentions.
func (w worker[T]) settle(ctx context.Context, items []item[T]) {
	if len(items) == 0 {
		return
	}
	defer w.keepAlive(items)()
	work, cancel := withGrace(ctx)
	defer cancel()
	w.try(ctx, work, items)
}

// try runs the handler and acts on its answer. Work is the handler's context,
// which outlives ctx.
func (w worker[T]) try(ctx, work context.Context, items []item[T]) {
	items, err := w.hold(ctx, work, items)
	switch {
	case err == nil:
		w.acknowledge(items)
	case errors.Is(err, mention.ErrBad):
		w.isolate(ctx, work, items, err)
	case errors.Is(err, mention.ErrUnavailable):
		w.handBack(items, nil) // ctx ended while we held them
	default:
		tired, fresh := w.split(items)
		w.handBack(fresh, err)
		if len(fresh) == 0 {
			w.isolate(ctx, work, items, err)
		} else if len(tired) > 0 {
			w.try(ctx, work, tired)
		}
	}
}

// isolate buries the one message that failed, or tries each half of several.
func (w worker[T]) isolate(ctx, work context.Context, items []item[T], cause error) {
	if len(items) == 1 {
		w.q.bury(work, w.s, items[0].msg, items[0].meta, cause)
		return
	}
	w.try(ctx, work, items[:len(items)/2])
	w.try(ctx, work, items[len(items)/2:])
}

// hold calls the handler until it says something other than ErrUnavailable, or
// ctx ends. It answers what is left: what may be a message's own fault is probed
// for, for a handler cannot always tell.
func (w worker[T]) hold(ctx, work context.Context, items []item[T]) ([]item[T], error) {
	wait, said, othersPass := newBackoff(w.q.cfg.RetryFirst/4, min(holdMax, w.q.cfg.RetryMax)), time.Time{}, false
	for round := 1; len(items) > 0; round++ {
		err := w.call(work, items)
		if !errors.Is(err, mention.ErrUnavailable) {
			return items, err
		}
		if othersPass && len(items) == 1 {
			return items, fmt.Errorf("%w: fails alone while others pass: %w", mention.ErrBad, err)
		}
		if time.Since(said) > saySoEvery {
			said = time.Now()
			w.q.log.Warn("queue holds messages until they can be handled", "stream", w.s.name, "messages", len(items), "waiting_for", err)
		}
		w.q.metrics.holds.WithLabelValues(w.s.name).Inc()
		if wait.sleep(ctx) != nil {
			return items, err
		}
		if othersPass || round%probeEvery == 0 {
			left := w.probe(work, items)
			othersPass = len(left) < len(items)
			items = left
		}
		if othersPass {
			wait.reset()
		}
	}
	return nil, nil
}

// probe tries items in eight parts and answers those that fail. In an outage
// all do; where a message is at fault, most of the others pass.
func (w worker[T]) probe(ctx context.Context, items []item[T]) (failing []item[T]) {
	for part := range slices.Chunk(items, (len(items)+7)/8) {
		if w.call(ctx, part) == nil {
			w.acknowledge(part)
		} else {
			failing = append(failing, part...)
		}
	}
	return failing
}

// call runs the handler; a panic is the fault of a record. What failed once is
// marked, for a part of the work may be done.
func (w worker[T]) call(ctx context.Context, items []item[T]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.q.log.Error("handler panicked", "stream", w.s.name, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("%w: panic: %v", mention.ErrBad, p)
		}
		for i := range items {
			items[i].Redelivered = items[i].Redelivered || err != nil
		}
	}()
	batch := make([]Delivery[T], len(items))
	for i, it := range items {
		batch[i] = it.Delivery
	}
	return w.handle(ctx, batch)
}

// split parts the messages that have failed often enough, and for long enough,
// from the others.
func (w worker[T]) split(items []item[T]) (tired, fresh []item[T]) {
	for _, it := range items {
		if it.meta.NumDelivered >= uint64(w.s.maxDeliver) && time.Since(it.meta.Timestamp) >= w.s.patience {
			tired = append(tired, it)
		} else {
			fresh = append(fresh, it)
		}
	}
	return tired, fresh
}

func (w worker[T]) acknowledge(items []item[T]) {
	for _, it := range items {
		if err := it.msg.Ack(); err != nil {
			w.q.log.Warn("message done but not acknowledged; it will come again", "stream", w.s.name, "error", err)
			return // the connection is gone
		}
		w.q.metrics.done.WithLabelValues(w.s.name).Inc()
	}
}

// patient is an error that says how long to wait before the next try.
type patient interface {
	error
	RetryAfter() time.Duration
}

// handBack asks for the messages again: after a growing pause where err says
// that they failed, or a longer one where it asks for that; else at once.
func (w worker[T]) handBack(items []item[T], err error) {
	var p patient
	least, level := time.Duration(0), slog.LevelWarn
	if errors.As(err, &p) {
		least, level = p.RetryAfter(), slog.LevelDebug // it was to be expected
	}
	if err != nil && len(items) > 0 {
		w.q.log.Log(context.Background(), level, "messages failed and will come again", "stream", w.s.name, "messages", len(items), "error", err)
	}
	for _, it := range items {
		delay := time.Duration(0)
		if err != nil {
			delay = max(least, retryDelay(w.q.cfg.RetryFirst, w.q.cfg.RetryMax, it.meta.NumDelivered))
			w.q.metrics.retries.WithLabelValues(w.s.name).Inc()
		}
		_ = it.msg.NakWithDelay(delay) // lost: it comes again after AckWait
	}
}

// keepAlive tells the server that items are being worked on, until stop is called.
func (w worker[T]) keepAlive(items []item[T]) (stop func()) {
	items, done, wg := slices.Clone(items), make(chan struct{}), sync.WaitGroup{}
	wg.Go(func() {
		tick := time.NewTicker(w.q.cfg.AckWait / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			for _, it := range items {
				_ = it.msg.InProgress() // refused for those settled already
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

// withGrace is a context that ends a while after parent.
func withGrace(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() {
		time.AfterFunc(grace, cancel)
	})
	return ctx, func() { stop(); cancel() }
}
