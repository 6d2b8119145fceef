package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// Message is what the outbox keeps for one channel; notify sends it.
type Message = notify.Message

// Courier carries messages from the outbox to their channels.
type Courier struct {
	channels map[string]notify.Notifier
	deps     Deps
	metrics  *Metrics
}

// NewCourier delivers to channels by name.
func NewCourier(channels map[string]notify.Notifier, d Deps, m *Metrics) *Courier {
	return &Courier{channels: channels, deps: d, metrics: m}
}

// Channels lists the names of the channels, sorted.
func (c *Courier) Channels() []string {
	names := make([]string, 0, len(c.channels))
	for name := range c.channels {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Deliver sends one message of the outbox. An error means: try again later,
// with the same key. A message that the channel refuses for good, or that
// cannot be read, is written to the journal and given up.
func (c *Courier) Deliver(ctx context.Context, channel string, payload []byte) error {
	var m Message
	if err := json.Unmarshal(payload, &m); err != nil {
		c.deps.Log.Error("message in the outbox cannot be read; given up", "channel", channel, "error", err)
		return nil
	}
	// What was told before a crash is noted after it.
	if at, err := c.toldAt(ctx, m); err != nil {
		return fmt.Errorf("ask whether channel %s was told: %w", channel, err)
	} else if !at.IsZero() {
		return c.note(ctx, m, "notified", channel, "", at)
	}
	err := c.send(ctx, channel, m)
	switch {
	case errors.Is(err, notify.ErrRefused):
		c.metrics.failed.WithLabelValues(channel, "refused").Inc()
		return c.note(ctx, m, "notify_failed", channel, err.Error(), c.deps.now())
	case err != nil:
		c.metrics.failed.WithLabelValues(channel, "retry").Inc()
		return fmt.Errorf("tell channel %s of escalation %s: %w", channel, m.Escalation.ID, err)
	}
	c.metrics.sent.WithLabelValues(channel).Inc()
	at := c.deps.now()
	if err := c.deps.Marks.Put(ctx, "sent."+m.Key, []byte(at.Format(time.RFC3339Nano))); err != nil {
		return fmt.Errorf("remember that channel %s was told: %w", channel, err)
	}
	return c.note(ctx, m, "notified", channel, "", at)
}

// toldAt is when the channel took the message; zero if it has not.
func (c *Courier) toldAt(ctx context.Context, m Message) (at time.Time, err error) {
	body, err := c.deps.Marks.Get(ctx, "sent."+m.Key)
	if err != nil || body == nil {
		return at, err
	}
	return time.Parse(time.RFC3339Nano, string(body))
}

func (c *Courier) send(ctx context.Context, channel string, m Message) error {
	n := c.channels[channel]
	if n == nil {
		return fmt.Errorf("%w: there is no channel %q in the configuration", notify.ErrRefused, channel)
	}
	return n.Notify(ctx, m)
}

func (c *Courier) note(ctx context.Context, m Message, kind, channel, note string, at time.Time) error {
	told := event(m.Escalation, kind, channel, note, at)
	told.ID = key("event", m.Escalation.ID, kind, m.Key)
	e := []mention.Event{told}
	if err := c.deps.Journal.InsertEvents(ctx, e); err != nil {
		return fmt.Errorf("store that channel %s was told: %w", channel, err)
	}
	return nil
}
