// Package alert decides which stored mentions a person must see now, and sees
// to it that the person is told, once.
//
// Rules are YAML files (see rules/) with a condition each and examples that
// prove it. Watcher reads stored rows, opens an escalation where a rule holds
// and puts one message a channel into the outbox; Courier carries messages
// from the outbox to the channels (package notify) until they are taken. Both
// may see the same row or message again after a crash: an escalation's ID
// follows from rule, mention and brand, and a message's idempotency key from
// escalation and channel, so that nothing is told twice.
package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf8"

	"feryat/mention"
)

// maxExcerpt is the longest excerpt of a mention in an escalation, in runes.
const maxExcerpt = 280

// history answers what is stored.
type history interface {
	// Complaints lists the unhappy mentions that authors wrote of brand in source
	// since a time, oldest first.
	Complaints(ctx context.Context, brand, source string, authors []mention.Author, since time.Time) ([]mention.Complaint, error)
	// Mention gives one mention as each brand sees it.
	Mention(ctx context.Context, id mention.ID) ([]mention.Scored, error)
}

// states keeps one small record per escalation, with compare-and-set creation.
type states interface {
	// Create stores value under key unless the key exists.
	Create(ctx context.Context, key string, value []byte) (created bool, err error)
	// Put stores value under key.
	Put(ctx context.Context, key string, value []byte) error
	// Get answers nil when there is no such key.
	Get(ctx context.Context, key string) ([]byte, error)
}

// outbox keeps messages until a channel has taken them.
type outbox interface {
	// Enqueue keeps payload for channel; key names the message for ever.
	Enqueue(ctx context.Context, channel, key string, payload []byte) error
}

// journal keeps the events of escalations, idempotent by Event.ID.
type journal interface {
	InsertEvents(ctx context.Context, events []mention.Event) error
}

// Deps are the parts that alert works with.
type Deps struct {
	History history
	States  states
	Outbox  outbox
	Journal journal
	Log     *slog.Logger
	Now     func() time.Time // nil means time.Now
}

func (d Deps) now() time.Time {
	if d.Now == nil {
		return time.Now().UTC()
	}
	return d.Now().UTC()
}

// escalationID is 32 hex digits and follows from its cause alone.
func escalationID(rule string, row mention.Scored) string {
	return key("escalation", rule, string(row.Mention.ID), row.Brand)
}

func key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// excerpt cuts s at a rune boundary, with an ellipsis where something is left out.
func excerpt(s string) string {
	if utf8.RuneCountInString(s) <= maxExcerpt {
		return s
	}
	return string([]rune(s)[:maxExcerpt-1]) + "…"
}
