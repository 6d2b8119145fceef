package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"feryat/mention"
)

// Delivery is one record handed to a handler.
type Delivery[T any] = mention.Delivery[T]

const (
	// maxInFlight is how many messages of a stream may be handed out and not
	// yet acknowledged: a batch in hand and one on its way.
	maxInFlight = 10_000
	// maxBatchBytes bounds a batch in memory; it is above MaxPayload.
	maxBatchBytes = 16 << 20
)

// ConsumeMentions hands over batches of at most max mentions, gathered for at
// most wait, until ctx ends; then it returns nil. What the handler's answer does:
//
//	nil                    the batch is done and leaves the stream
//	mention.ErrUnavailable the same batch is handed over again, for as long as it takes
//	mention.ErrBad, panic  the batch is halved until the message at fault is found; that one goes to DEAD
//	any other error        the batch comes again after a growing pause; a message that
//	                       failed MaxDeliver times is tried alone, and goes to DEAD if it fails alone
//
// The handler's context outlives ctx by a grace period: a batch under way when
// ctx ends is finished, not torn.
func (q *Queue) ConsumeMentions(ctx context.Context, max int, wait time.Duration, handle func(context.Context, []Delivery[mention.Mention]) error) error {
	return consume(ctx, q, q.streams[Mentions], max, wait, handle)
}

// ConsumeVisits hands over rows of the coverage ledger like ConsumeMentions.
func (q *Queue) ConsumeVisits(ctx context.Context, max int, wait time.Duration, handle func(context.Context, []Delivery[mention.Visit]) error) error {
	return consume(ctx, q, q.streams[Visits], max, wait, handle)
}

// ConsumeStored hands over stored rows like ConsumeMentions.
func (q *Queue) ConsumeStored(ctx context.Context, max int, wait time.Duration, handle func(context.Context, []Delivery[mention.Scored]) error) error {
	return consume(ctx, q, q.streams[Stored], max, wait, handle)
}

func consume[T any](ctx context.Context, q *Queue, s stream, max int, wait time.Duration, handle func(context.Context, []Delivery[T]) error) error {
	w := worker[T]{q: q, s: s, handle: handle}
	return q.pull(ctx, s, func(c jetstream.Consumer) (int, error) {
		msgs, err := fetch(c, min(max, maxInFlight/2), wait)
		if len(msgs) > 0 {
			w.settle(ctx, w.decode(ctx, msgs))
		}
		return len(msgs), err
	})
}

// pull calls some, which fetches and handles messages and tells how many, until
// ctx ends. What the server refuses is tried again.
func (q *Queue) pull(ctx context.Context, s stream, some func(jetstream.Consumer) (int, error)) error {
	c, err := q.js.Consumer(ctx, s.name, s.consumer)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("consumer %s of stream %s: %w", s.consumer, s.name, err)
	}
	pause, said := newBackoff(100*time.Millisecond, 5*time.Second), time.Time{}
	for ctx.Err() == nil {
		n, err := some(c)
		if n > 0 {
			pause.reset()
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		if time.Since(said) > saySoEvery {
			said = time.Now()
			q.log.Warn("queue hands out no messages now; trying again", "stream", s.name, "error", err)
		}
		_ = pause.sleep(ctx) // the loop looks at ctx
	}
	return nil
}

// fetch gathers messages until there are max, or wait is over. The server ends
// it, not a context: what is on its way when a context ends would be delivered to
// nobody, and come again only after AckWait.
func fetch(c jetstream.Consumer, max int, wait time.Duration) ([]jetstream.Msg, error) {
	batch, err := c.Fetch(max, jetstream.FetchMaxBytes(maxBatchBytes), jetstream.FetchMaxWait(wait))
	if err != nil {
		return nil, err
	}
	var msgs []jetstream.Msg
	for m := range batch.Messages() {
		msgs = append(msgs, m)
	}
	return msgs, batch.Error()
}

// item is a message and what it says.
type item[T any] struct {
	Delivery[T]
	msg  jetstream.Msg
	meta jetstream.MsgMetadata
}

func newItem[T any](q *Queue, m jetstream.Msg) item[T] {
	it := item[T]{msg: m}
	if meta, err := m.Metadata(); err == nil {
		it.meta = *meta
	}
	// JetStream keeps the count of deliveries up to 100 ms behind on disk, so
	// that a kill may make it forget one.
	it.Redelivered = it.meta.NumDelivered > 1 || it.meta.Timestamp.UnixNano() < q.connected.Load()
	return it
}

// decode reads the messages; one that cannot be read goes to DEAD at once.
func (w worker[T]) decode(ctx context.Context, msgs []jetstream.Msg) []item[T] {
	items := make([]item[T], 0, len(msgs))
	for _, m := range msgs {
		it := newItem[T](w.q, m)
		if err := json.Unmarshal(m.Data(), &it.Value); err != nil {
			w.q.bury(ctx, w.s, it.msg, it.meta, fmt.Errorf("decode: %w", err))
			continue
		}
		items = append(items, it)
	}
	return items
}
