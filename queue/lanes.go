package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// laneWorkers is how many messages of one channel are carried at once. Most of
	// the time they wait for the journal, which stores them together: a thousand
	// to a quick receiver took 5.2 s with 8 workers, 3.9 s with 16, 2.0 s with 32,
	// and with 64 half the inserts of those.
	laneWorkers = 64
	// laneWaiting is how many messages of one channel wait in memory. More stay
	// with the server and come again later.
	laneWaiting = 1000
	// outboxFetch is how many messages of OUTBOX are asked for at once.
	outboxFetch = 256
)

// ConsumeOutbox hands over the messages to channels one by one until ctx ends.
// Each channel has a lane of its own, so that one which is slow or down holds up
// no other. An error brings the message again after a growing pause; one with a
// method RetryAfter() time.Duration not before that, and its lane pauses as long.
func (q *Queue) ConsumeOutbox(ctx context.Context, deliver func(ctx context.Context, channel string, payload []byte) error) error {
	js, err := q.js.Stream(ctx, Outbox)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("stream %s: %w", Outbox, err)
	}
	inner, cancel := context.WithCancel(ctx)
	l := &lanes{q: q, s: q.streams[Outbox], js: js, deliver: deliver, open: map[string]*lane{}}
	var alive sync.WaitGroup
	alive.Go(func() { l.keepAlive(inner) })
	defer func() {
		cancel()
		l.working.Wait()
		alive.Wait()
		l.handBack()
	}()
	return q.pull(ctx, l.s, func(c jetstream.Consumer) (n int, err error) {
		batch, err := c.Fetch(outboxFetch, jetstream.FetchMaxBytes(maxBatchBytes), jetstream.FetchMaxWait(time.Second))
		if err != nil {
			return 0, err
		}
		for m := range batch.Messages() { // as they come: nobody waits for the batch to fill
			l.add(inner, m)
			n++
		}
		return n, batch.Error()
	})
}

// lanes carry the messages of OUTBOX.
type lanes struct {
	q       *Queue
	s       stream
	js      jetstream.Stream
	deliver func(ctx context.Context, channel string, payload []byte) error
	working sync.WaitGroup

	mu   sync.Mutex
	open map[string]*lane // by channel
}

// lane is what one channel has to be told.
type lane struct {
	channel string
	waiting []item[[]byte]
	workers int
	until   time.Time // nothing is tried before
}

// add puts a message into its lane; one that finds no room is handed back.
func (l *lanes) add(ctx context.Context, m jetstream.Msg) {
	it := newItem[[]byte](l.q, m)
	it.Value = m.Data()
	channel := m.Headers().Get(headerChannel)
	l.mu.Lock()
	defer l.mu.Unlock()
	ln := l.open[channel]
	if ln == nil {
		ln = &lane{channel: channel}
		l.open[channel] = ln
	}
	if len(ln.waiting) >= laneWaiting {
		_ = m.NakWithDelay(retryDelay(l.q.cfg.RetryFirst, l.q.cfg.RetryMax, it.meta.NumDelivered)) // lost: it comes again after AckWait
		return
	}
	ln.waiting = append(ln.waiting, it)
	if ln.workers < laneWorkers {
		ln.workers++
		l.working.Go(func() { l.work(ctx, ln) })
	}
}

// work carries messages of a lane until there are none, or ctx ends.
func (l *lanes) work(ctx context.Context, ln *lane) {
	w := worker[[]byte]{q: l.q, s: l.s, handle: func(ctx context.Context, d []Delivery[[]byte]) error {
		err := l.deliver(ctx, ln.channel, d[0].Value)
		l.pause(ln, err)
		return err
	}}
	for {
		it, wait, ok := l.next(ctx, ln)
		switch {
		case !ok:
			return
		case wait > 0:
			_ = newBackoff(wait, wait).sleep(ctx) // next looks at ctx
		case l.erased(ctx, it):
			_ = it.msg.Ack() // lost: the server finds nothing to hand out again
		default:
			w.settle(ctx, []item[[]byte]{it})
		}
	}
}

// erased reports whether a message was taken out of OUTBOX while it waited in its
// lane. Where that cannot be asked it is sent.
func (l *lanes) erased(ctx context.Context, it item[[]byte]) bool {
	there, err := holds(ctx, l.js, it.meta.Sequence.Stream)
	return err == nil && !there
}

// next takes the first message of a lane, or tells how long to wait for it. When
// there is nothing to do it signs the worker off.
func (l *lanes) next(ctx context.Context, ln *lane) (it item[[]byte], wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil || len(ln.waiting) == 0 {
		ln.workers--
		return it, 0, false
	}
	if wait = time.Until(ln.until); wait > 0 {
		return it, wait, true
	}
	it, ln.waiting = ln.waiting[0], ln.waiting[1:]
	return it, 0, true
}

// pause lets a lane rest for as long as its channel asks.
func (l *lanes) pause(ln *lane, err error) {
	var p patient
	if !errors.As(err, &p) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(p.RetryAfter()); until.After(ln.until) {
		ln.until = until
	}
}

// keepAlive tells the server until ctx ends that the messages in the lanes are
// not lost; settle does so for those that a worker has.
func (l *lanes) keepAlive(ctx context.Context) {
	tick := time.NewTicker(l.q.cfg.AckWait / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, it := range l.rest() {
			_ = it.msg.InProgress() // refused for those settled meanwhile
		}
	}
}

// rest are the messages that no worker has.
func (l *lanes) rest() (items []item[[]byte]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ln := range l.open {
		items = append(items, ln.waiting...)
	}
	return items
}

// handBack gives to others what was not begun.
func (l *lanes) handBack() {
	worker[[]byte]{q: l.q, s: l.s}.handBack(l.rest(), nil)
}
