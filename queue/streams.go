package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// stream is one stream and the durable consumer that empties it.
type stream struct {
	name, subject string
	consumer      string // empty: nobody empties it
	maxBytes      int64
	maxAge        time.Duration
	maxDeliver    int
}

func (c Config) streams() []stream {
	return []stream{
		{name: Mentions, subject: "feryat.mentions", consumer: "pipeline", maxBytes: c.MentionsBytes, maxDeliver: c.MaxDeliver},
		{name: Visits, subject: "feryat.visits", consumer: "pipeline", maxBytes: c.VisitsBytes, maxDeliver: c.MaxDeliver},
		{name: Stored, subject: "feryat.stored", consumer: "alert", maxBytes: c.StoredBytes, maxAge: c.StoredAge, maxDeliver: c.MaxDeliver},
		{name: Outbox, subject: "feryat.outbox", consumer: "alert", maxBytes: c.OutboxBytes, maxDeliver: c.OutboxMaxDeliver},
		{name: Dead, subject: "feryat.dead", maxBytes: c.DeadBytes},
	}
}

func (q *Queue) setUp(ctx context.Context) error {
	for _, s := range q.cfg.streams() {
		if _, err := q.js.CreateOrUpdateStream(ctx, q.streamConfig(s)); err != nil {
			return fmt.Errorf("stream %s of %d bytes: %w", s.name, s.maxBytes, err)
		}
		if s.consumer == "" {
			continue
		}
		if _, err := q.js.CreateOrUpdateConsumer(ctx, s.name, q.consumerConfig(s)); err != nil {
			return fmt.Errorf("consumer %s of stream %s: %w", s.consumer, s.name, err)
		}
		if _, err := q.waiting(ctx, s); err != nil {
			return fmt.Errorf("look through stream %s: %w", s.name, err)
		}
	}
	return nil
}

// streamConfig: a message leaves the stream when it is acknowledged (work
// queue), and a full stream refuses new messages rather than dropping old ones.
func (q *Queue) streamConfig(s stream) jetstream.StreamConfig {
	retention := jetstream.WorkQueuePolicy
	if s.consumer == "" {
		retention = jetstream.LimitsPolicy
	}
	return jetstream.StreamConfig{
		Name: s.name, Subjects: []string{s.subject}, Retention: retention, Storage: jetstream.FileStorage, Replicas: q.cfg.Replicas,
		MaxBytes: s.maxBytes, MaxAge: s.maxAge, Discard: jetstream.DiscardNew, Duplicates: DuplicateWindow, MaxMsgSize: MaxPayload, AllowDirect: true,
	}
}

// consumerConfig sets no MaxDeliver: JetStream would then stop delivering
// without a word. Package queue counts and moves the message to DEAD itself.
func (q *Queue) consumerConfig(s stream) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable: s.consumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.cfg.AckWait, MaxAckPending: maxInFlight, MaxDeliver: -1,
	}
}
