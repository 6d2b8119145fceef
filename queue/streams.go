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
	// patience is how old a message must be before it may go to DEAD for having
	// failed too often.
	patience time.Duration
	inFlight int // how many messages may be out and not acknowledged; -1 is no limit
}

func (c Config) streams() []stream {
	return []stream{
		{name: Mentions, subject: "feryat.mentions", consumer: "pipeline", maxBytes: c.MentionsBytes, maxDeliver: c.MaxDeliver, inFlight: maxInFlight},
		{name: Visits, subject: "feryat.visits", consumer: "pipeline", maxBytes: c.VisitsBytes, maxDeliver: c.MaxDeliver, inFlight: maxInFlight},
		{name: Stored, subject: "feryat.stored", consumer: "alert", maxBytes: c.StoredBytes, maxAge: c.StoredAge, maxDeliver: c.MaxDeliver, inFlight: maxInFlight},
		{name: Outbox, subject: "feryat.outbox", consumer: "alert", maxBytes: c.OutboxBytes, maxDeliver: c.OutboxMaxDeliver,
			patience: c.outboxPatience(), inFlight: -1}, // a channel that is down keeps its messages out for long; OutboxBytes bounds them
		{name: Dead, subject: "feryat.dead", maxBytes: c.DeadBytes},
	}
}

// outboxPatience is the least time that OutboxMaxDeliver tries take. A message
// that was handed out in vain, because its lane was full, is not given up sooner.
func (c Config) outboxPatience() (sum time.Duration) {
	for n := 1; n < c.OutboxMaxDeliver; n++ {
		sum += grown(c.RetryFirst, c.RetryMax, uint64(n)) * 4 / 5 // the jitter
	}
	return sum
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
		Name: s.name, Subjects: []string{s.subject, s.subject + fillerSuffix}, Retention: retention, Storage: jetstream.FileStorage, Replicas: q.cfg.Replicas,
		MaxBytes: s.maxBytes, MaxAge: s.maxAge, Discard: jetstream.DiscardNew, Duplicates: DuplicateWindow, MaxMsgSize: MaxPayload, AllowDirect: true,
	}
}

// consumerConfig sets no MaxDeliver: JetStream would then stop delivering
// without a word. Package queue counts and moves the message to DEAD itself.
func (q *Queue) consumerConfig(s stream) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable: s.consumer, FilterSubject: s.subject, AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.cfg.AckWait, MaxAckPending: s.inFlight, MaxDeliver: -1,
	}
}
