package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Headers of a message in DEAD.
const (
	headerStream     = "Feryat-Stream"
	headerReason     = "Feryat-Reason"
	headerDeliveries = "Feryat-Deliveries"
)

// DeadLetter is a message that could not be handled.
type DeadLetter struct {
	Sequence   uint64    `json:"sequence"` // names it for Revive and Discard
	Stream     string    `json:"stream"`   // where it came from
	Reason     string    `json:"reason"`
	Deliveries int       `json:"deliveries"` // how often it was tried
	At         time.Time `json:"at"`         // when it was given up
	Payload    []byte    `json:"payload"`

	headers nats.Header
}

// bury moves a message to DEAD. Where DEAD takes nothing, the message stays
// and comes again later: nothing is lost, and nothing else waits.
func (q *Queue) bury(ctx context.Context, s stream, m jetstream.Msg, meta jetstream.MsgMetadata, cause error) {
	dead := q.message(Dead, fmt.Sprintf("%s/%d/%d", s.name, meta.Sequence.Stream, meta.Timestamp.UnixNano()), m.Data())
	dead.Header.Set(headerStream, s.name)
	dead.Header.Set(headerReason, oneLine(cause.Error()))
	dead.Header.Set(headerDeliveries, strconv.FormatUint(meta.NumDelivered, 10))
	dead.Header.Set(headerChannel, m.Headers().Get(headerChannel))
	if _, err := q.try(ctx, dead); err != nil {
		q.log.Error("message cannot be handled and DEAD does not take it; it will come again", "stream", s.name, "reason", cause, "error", err)
		_ = m.NakWithDelay(q.cfg.RetryMax) // lost: it comes again after AckWait
		return
	}
	q.log.Error("message set aside in DEAD", "stream", s.name, "sequence", meta.Sequence.Stream, "deliveries", meta.NumDelivered, "reason", cause)
	q.metrics.dead.WithLabelValues(s.name).Inc()
	_ = m.Ack() // lost: it comes again and is dropped from DEAD as a duplicate
}

// Dead lists at most limit dead letters, oldest first.
func (q *Queue) Dead(ctx context.Context, limit int) ([]DeadLetter, error) {
	var list []DeadLetter
	s, err := q.js.Stream(ctx, Dead)
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", Dead, err)
	}
	for seq := s.CachedInfo().State.FirstSeq; len(list) < limit; seq++ {
		m, err := s.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(q.streams[Dead].subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read stream %s: %w", Dead, err)
		}
		seq = m.Sequence
		list = append(list, deadLetter(m))
	}
	return list, nil
}

func deadLetter(m *jetstream.RawStreamMsg) DeadLetter {
	n, _ := strconv.Atoi(m.Header.Get(headerDeliveries)) // we wrote it
	return DeadLetter{
		Sequence: m.Sequence, Stream: m.Header.Get(headerStream), Reason: m.Header.Get(headerReason),
		Deliveries: n, At: m.Time, Payload: m.Data, headers: m.Header,
	}
}

// Revive puts a dead letter back into the stream that it came from.
func (q *Queue) Revive(ctx context.Context, sequence uint64) error {
	s, err := q.js.Stream(ctx, Dead)
	if err != nil {
		return fmt.Errorf("stream %s: %w", Dead, err)
	}
	m, err := s.GetMsg(ctx, sequence)
	if err != nil {
		return fmt.Errorf("dead letter %d: %w", sequence, err)
	}
	d := deadLetter(m)
	if _, ok := q.streams[d.Stream]; !ok {
		return fmt.Errorf("dead letter %d: there is no stream %q", sequence, d.Stream)
	}
	msg := q.message(d.Stream, fmt.Sprintf("revived/%d/%d", sequence, m.Time.UnixNano()), d.Payload)
	msg.Header.Set(headerChannel, d.headers.Get(headerChannel))
	if err := q.publish(ctx, d.Stream, msg); err != nil {
		return err
	}
	return q.Discard(ctx, sequence)
}

// Discard deletes a dead letter, from the disk too.
func (q *Queue) Discard(ctx context.Context, sequence uint64) error {
	s, err := q.js.Stream(ctx, Dead)
	if err == nil {
		err = s.SecureDeleteMsg(ctx, sequence)
	}
	if err != nil {
		return fmt.Errorf("delete dead letter %d: %w", sequence, err)
	}
	return nil
}

// oneLine makes s fit for a header.
func oneLine(s string) string {
	line := []rune(s)
	for i, r := range line {
		if r < ' ' {
			line[i] = ' '
		}
	}
	return string(line[:min(len(line), 1000)])
}
