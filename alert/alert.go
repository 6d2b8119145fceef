// Package alert decides which stored mentions a person must see now, and sees
// to it that the person is told, once.
//
// Rules are YAML files (see rules/) with a condition each and examples that
// prove it. Watcher reads stored rows and opens an escalation where a rule
// holds; what the same customer writes later joins it, raises or reopens it.
// Trends does the same for rules on a clock, which judge counts (package trend).
// Desk is its life from then on: who has it, the promised answer, the chain of
// those who are told. Courier carries messages from the outbox to the channels
// (package notify) until they are taken.
//
// All of them may see the same thing again after a crash, and several processes
// may run each: an escalation is a record with compare-and-set that holds all
// that is still to be done about it, its ID follows from mention and brand, and
// a message's idempotency key from escalation, telling and channel. So nothing
// is lost and nothing is told twice.
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

// complaints answers who complained before.
type complaints interface {
	// Complaints lists the unhappy mentions that some wrote of brand since a
	// time, oldest first.
	Complaints(ctx context.Context, brand string, writers []mention.Writer, since time.Time) ([]mention.Complaint, error)
}

// history answers what is stored.
type history interface {
	complaints
	// Mentions gives some mentions as each brand sees them.
	Mentions(ctx context.Context, ids ...mention.ID) ([]mention.Scored, error)
}

// states keeps one small record an escalation, and the indexes that lead to it,
// with compare-and-set.
type states interface {
	// Load answers the value and its revision, 0 where there is no such key.
	Load(ctx context.Context, key string) (value []byte, revision uint64, err error)
	// Update stores value if the key still has that revision (0: is not there),
	// and answers the new revision, or 0 if somebody else was quicker.
	Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error)
}

// marks keeps which messages were told; they may be forgotten after some weeks.
type marks interface {
	Put(ctx context.Context, key string, value []byte) error
	// Get answers nil when there is no such key.
	Get(ctx context.Context, key string) ([]byte, error)
}

// replies answers what brands have said.
type replies interface {
	// Replies lists what brands themselves wrote in answer to mentions since a time.
	Replies(ctx context.Context, to []mention.ID, since time.Time) ([]mention.Scored, error)
	// Loose lists what brands themselves wrote in threads since a time, in answer to no mention that is known.
	Loose(ctx context.Context, source string, threads []string, since time.Time) ([]mention.Scored, error)
	// Threads lists what is stored of some threads of a source until a time, oldest first.
	Threads(ctx context.Context, source string, threads []string, until time.Time) ([]mention.Scored, error)
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
	Replies replies
	States  interface {
		states
		Delete(ctx context.Context, key string) error
	}
	Customers customers // nil: nothing is known of them but what they write
	Marks     marks
	Timers    Timers
	Outbox    outbox
	Journal   journal
	Log       *slog.Logger
	Now       func() time.Time // nil means time.Now
}

func (d Deps) now() time.Time {
	if d.Now == nil {
		return time.Now().UTC()
	}
	return d.Now().UTC()
}

// escalationID is 32 hex digits and follows from the mention and brand that
// opened it alone.
func escalationID(row mention.Scored) string {
	return key("escalation", string(row.Mention.ID), row.Brand)
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
