package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Stats is the state of one stream.
type Stats struct {
	Stream   string `json:"stream"`
	Messages uint64 `json:"messages"`  // in the stream: waiting, in hand, or (DEAD) set aside
	Bytes    uint64 `json:"bytes"`     // on disk
	MaxBytes int64  `json:"max_bytes"` // writers wait when Bytes gets there
	InHand   int    `json:"in_hand"`   // handed over and not yet acknowledged
	Retried  int    `json:"retried"`   // of those, handed over more than once
}

// Stats describes the streams, in the order of the data's way.
func (q *Queue) Stats(ctx context.Context) ([]Stats, error) {
	var list []Stats
	for _, s := range q.cfg.streams() {
		st, err := q.stat(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("state of stream %s: %w", s.name, err)
		}
		list = append(list, st)
	}
	return list, nil
}

func (q *Queue) stat(ctx context.Context, s stream) (Stats, error) {
	js, err := q.js.Stream(ctx, s.name)
	if err != nil {
		return Stats{}, err
	}
	info := js.CachedInfo()
	st := Stats{Stream: s.name, Messages: info.State.Msgs, Bytes: info.State.Bytes, MaxBytes: info.Config.MaxBytes}
	if s.consumer == "" {
		return st, nil
	}
	c, err := js.Consumer(ctx, s.consumer)
	if err != nil {
		return Stats{}, err
	}
	st.InHand, st.Retried = c.CachedInfo().NumAckPending, c.CachedInfo().NumRedelivered
	return st, nil
}

// Drained waits until the named streams are empty, all at once; with no name,
// all but DEAD. It polls: JetStream does not tell of it.
func (q *Queue) Drained(ctx context.Context, streams ...string) error {
	if len(streams) == 0 {
		streams = []string{Mentions, Visits, Stored, Outbox}
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		left, err := q.left(ctx, streams)
		if err == nil && left == "" {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for the queue to empty: %w (%s)", ctx.Err(), left)
		}
	}
}

// left looks twice at streams that are empty: a message may move from one that
// was not yet looked at to one that was.
func (q *Queue) left(ctx context.Context, streams []string) (string, error) {
	for range 2 {
		for _, name := range streams {
			n, err := q.waiting(ctx, q.streams[name])
			if err != nil {
				return "", err
			}
			if n > 0 {
				return fmt.Sprintf("%d messages in %s", n, name), nil
			}
		}
	}
	return "", nil
}

// waiting counts the messages of a stream that are not acknowledged, and removes
// those that are: a kill may come when JetStream has written that a message is
// acknowledged, and not yet that it is gone. Nobody would ever get it.
func (q *Queue) waiting(ctx context.Context, s stream) (uint64, error) {
	js, err := q.js.Stream(ctx, s.name)
	if err != nil {
		return 0, err
	}
	state := js.CachedInfo().State
	if state.Msgs == 0 || s.consumer == "" {
		return state.Msgs, nil
	}
	c, err := js.Consumer(ctx, s.consumer)
	if err != nil {
		return 0, err
	}
	acknowledged := c.CachedInfo().AckFloor.Stream // with all before it
	if acknowledged < state.FirstSeq {
		return state.Msgs, nil
	}
	if err := js.Purge(ctx, jetstream.WithPurgeSequence(acknowledged+1)); err != nil {
		return 0, fmt.Errorf("remove acknowledged messages from stream %s: %w", s.name, err)
	}
	info, err := js.Info(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.Msgs, nil
}
