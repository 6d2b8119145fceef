package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"feryat/mention"
)

const (
	// publishWindow is how many messages of one call are under way at once.
	publishWindow = 256
	// publishTimeout is how long one try waits for its acknowledgement.
	publishTimeout = 5 * time.Second
	// saySoEvery is the time between two log lines about the same wait.
	saySoEvery = 30 * time.Second
)

// Error codes of the JetStream API: server/errors.json of nats-server.
const (
	codeStoreFailed jetstream.ErrorCode = 10077 // the stream is full
	codeNoResources jetstream.ErrorCode = 10023
	codeNoStorage   jetstream.ErrorCode = 10047
	codeTooLarge    jetstream.ErrorCode = 10054
)

// headerChannel names the channel that a message of OUTBOX is for.
const headerChannel = "Feryat-Channel"

// PublishMention hands a mention to the pipeline.
func (q *Queue) PublishMention(ctx context.Context, m mention.Mention) error {
	return q.publishRecord(ctx, Mentions, mentionKey(m), m)
}

// PublishVisit hands a row of the coverage ledger to the pipeline.
func (q *Queue) PublishVisit(ctx context.Context, v mention.Visit) error {
	return q.publishRecord(ctx, Visits, v.ID, v)
}

// PublishStored tells alert of rows that are in storage.
func (q *Queue) PublishStored(ctx context.Context, rows []mention.Scored) error {
	for len(rows) > 0 {
		n := min(len(rows), publishWindow)
		msgs := make([]*nats.Msg, n)
		for i, r := range rows[:n] {
			msg, err := q.record(Stored, mentionKey(r.Mention)+"/"+r.Verdict.Lexicon+"/"+r.Brand, r)
			if err != nil {
				return err
			}
			msgs[i] = msg
		}
		if err := q.publishAll(ctx, Stored, msgs); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Enqueue keeps payload in OUTBOX until channel has taken it. Key names the
// message for ever.
func (q *Queue) Enqueue(ctx context.Context, channel, key string, payload []byte) error {
	msg := q.message(Outbox, key, payload)
	msg.Header.Set(headerChannel, channel)
	return q.publish(ctx, Outbox, msg)
}

func mentionKey(m mention.Mention) string {
	return string(m.ID) + "/" + string(m.Revision) + "/" + strconv.FormatInt(m.Collected.UnixNano(), 36)
}

func (q *Queue) publishRecord(ctx context.Context, stream, key string, record any) error {
	msg, err := q.record(stream, key, record)
	if err != nil {
		return err
	}
	return q.publish(ctx, stream, msg)
}

func (q *Queue) record(stream, key string, record any) (*nats.Msg, error) {
	body, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("encode a message for %s: %w: %w", stream, mention.ErrBad, err)
	}
	return q.message(stream, key, body), nil
}

func (q *Queue) message(stream, key string, body []byte) *nats.Msg {
	msg := nats.NewMsg(q.streams[stream].subject)
	msg.Data = body
	msg.Header.Set(jetstream.MsgIDHeader, key)
	return msg
}

// publishAll keeps a window of messages under way; what JetStream refuses goes
// again one by one, in order.
func (q *Queue) publishAll(ctx context.Context, stream string, msgs []*nats.Msg) error {
	futures := make([]jetstream.PubAckFuture, len(msgs))
	for i, msg := range msgs {
		futures[i], _ = q.js.PublishMsgAsync(msg) // without a future it goes below
	}
	timeout := time.After(publishTimeout)
	for i, f := range futures {
		if q.acknowledged(ctx, stream, f, timeout) {
			continue
		}
		if err := q.publish(ctx, stream, msgs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) acknowledged(ctx context.Context, stream string, f jetstream.PubAckFuture, timeout <-chan time.Time) bool {
	if f == nil {
		return false
	}
	select {
	case ack := <-f.Ok():
		q.metrics.count(stream, ack.Duplicate)
		return true
	case err := <-f.Err():
		q.log.Debug("message refused, publishing it again", "stream", stream, "error", err)
	case <-timeout:
	case <-ctx.Done():
	}
	return false
}

// publish returns after the acknowledgement. It waits while the stream is full
// or the server away, until ctx ends.
func (q *Queue) publish(ctx context.Context, stream string, msg *nats.Msg) error {
	wait, said := newBackoff(50*time.Millisecond, 2*time.Second), time.Time{}
	for {
		ack, err := q.try(ctx, msg)
		if err == nil {
			q.metrics.count(stream, ack.Duplicate)
			return nil
		}
		reason := waitReason(err)
		if reason == "" {
			return fmt.Errorf("publish %d bytes to %s: %w", len(msg.Data), stream, err)
		}
		if time.Since(said) > saySoEvery {
			said = time.Now()
			q.log.Warn("queue does not take messages now; waiting", "stream", stream, "waiting_for", reason, "error", err)
		}
		q.metrics.waits.WithLabelValues(stream).Inc()
		if wait.sleep(ctx) != nil {
			return fmt.Errorf("publish to %s, waiting for %s: %w: %w", stream, reason, ctx.Err(), err)
		}
	}
}

func (q *Queue) try(ctx context.Context, msg *nats.Msg) (*jetstream.PubAck, error) {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	ack, err := q.js.PublishMsg(ctx, &nats.Msg{Subject: msg.Subject, Header: msg.Header, Data: msg.Data})
	var api *jetstream.APIError
	if errors.Is(err, nats.ErrMaxPayload) || errors.As(err, &api) && api.ErrorCode == codeTooLarge {
		err = fmt.Errorf("%w: %w", mention.ErrBad, err)
	}
	return ack, err
}

// waitReason says what a refused message has to wait for; empty when waiting
// does not help.
func waitReason(err error) string {
	var api *jetstream.APIError
	switch {
	case errors.As(err, &api) && api.ErrorCode == codeStoreFailed:
		return "room in the stream: its consumer is behind"
	case errors.As(err, &api) && (api.ErrorCode == codeNoResources || api.ErrorCode == codeNoStorage):
		return "storage on the queue's server"
	case errors.Is(err, mention.ErrBad), errors.As(err, &api), errors.Is(err, nats.ErrConnectionClosed):
		return ""
	}
	return "the queue's server"
}
