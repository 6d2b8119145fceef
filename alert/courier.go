package alert

import (
	"cmp"
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

// sentAtOnce bounds the requests that one channel gets at the same time.
const sentAtOnce = 8

// Courier carries messages from the outbox to their channels.
type Courier struct {
	channels map[string]notify.Notifier
	unkeyed  []string
	lines    map[string]chan struct{} // by channel: one token for each message that is being sent
	deps     Deps
	metrics  *Metrics
	health   *health
}

// NewCourier delivers to channels by name.
func NewCourier(channels map[string]notify.Notifier, d Deps, m *Metrics) *Courier {
	c := &Courier{channels: channels, deps: d, metrics: m}
	c.health = newHealth(c.Channels(), d, m)
	c.lines = make(map[string]chan struct{}, len(channels))
	for name := range channels {
		c.lines[name] = make(chan struct{}, sentAtOnce)
	}
	return c
}

// Unkeyed names the channels whose receivers cannot tell a repeat (see
// notify.Idempotent): of those the journal says what may have been told twice.
// It is called before the first delivery.
func (c *Courier) Unkeyed(names ...string) *Courier {
	c.unkeyed = names
	return c
}

// Health tells which channels take messages, by name.
func (c *Courier) Health() []mention.ChannelHealth { return c.health.list() }

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
// cannot be read, is written to the journal and given up; one that the channel
// refuses because of us is kept until that is mended.
func (c *Courier) Deliver(ctx context.Context, channel string, payload []byte) error {
	var m Message
	if err := json.Unmarshal(payload, &m); err != nil {
		c.deps.Log.Error("message in the outbox cannot be read; given up", "channel", channel, "error", err)
		return nil
	}
	// What was told before a crash is noted after it.
	done, err := c.toldOf(ctx, m)
	if err != nil {
		return fmt.Errorf("ask whether channel %s was told: %w", channel, err)
	}
	if done.at.IsZero() {
		if done, err = c.tell(ctx, channel, m); err != nil {
			return err
		}
	}
	return c.note(ctx, channel, m, done)
}

// outcome is how a message ended: taken, or refused for a reason.
type outcome struct {
	at      time.Time
	twice   bool // it may have been told before
	refused string
}

// tell sends a message and remembers that it was taken.
func (c *Courier) tell(ctx context.Context, channel string, m Message) (outcome, error) {
	twice, err := c.send(ctx, channel, m)
	done := outcome{at: c.deps.now(), twice: twice}
	switch {
	case errors.Is(err, notify.ErrRefused) && !errors.Is(err, notify.ErrUnauthorized):
		c.metrics.failed.WithLabelValues(channel, "refused").Inc()
		done.refused = err.Error()
		return done, nil
	case err != nil:
		c.metrics.failed.WithLabelValues(channel, "retry").Inc()
		c.doubt(ctx, channel, m, twice, err)
		return done, fmt.Errorf("tell channel %s of %s: %w", channel, cmp.Or(m.Escalation.ID, m.Key), mendable(err))
	}
	c.metrics.sent.WithLabelValues(channel).Inc()
	if err := c.deps.Marks.Put(ctx, "sent."+m.Key, done.mark()); err != nil {
		return done, fmt.Errorf("remember that channel %s was told: %w", channel, err)
	}
	return done, nil
}

// send reports whether the message may have been told before, and how this try
// went.
func (c *Courier) send(ctx context.Context, channel string, m Message) (twice bool, err error) {
	n := c.channels[channel]
	if n == nil {
		return false, fmt.Errorf("%w: there is no channel %q in the configuration", notify.ErrRefused, channel)
	}
	select {
	case c.lines[channel] <- struct{}{}:
		defer func() { <-c.lines[channel] }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if twice, err = c.begin(ctx, channel, m); err != nil {
		return false, fmt.Errorf("remember that the channel is being told: %w", err)
	}
	err = n.Notify(ctx, m)
	c.health.heard(channel, err)
	return twice, err
}

func (c *Courier) note(ctx context.Context, channel string, m Message, done outcome) error {
	if m.Letter != nil {
		c.noteLetter(channel, m, done)
		return nil
	}
	kind := "notified"
	if done.refused != "" {
		kind = "notify_failed"
	}
	var events []mention.Event
	for _, e := range toldBy(m) {
		events = append(events, eventOf(e, m.Key, kind, channel, done.refused, done.at))
		if done.twice {
			events = append(events, eventOf(e, m.Key, mayBeTwice, channel, "", done.at))
		}
	}
	if err := c.deps.Journal.InsertEvents(ctx, events); err != nil {
		return fmt.Errorf("store that channel %s was told: %w", channel, err)
	}
	return nil
}

// noteLetter writes to the log what became of a letter: the journal is of escalations.
func (c *Courier) noteLetter(channel string, m Message, done outcome) {
	log := c.deps.Log.With("channel", channel, "idempotency_key", m.Key)
	if done.refused != "" {
		log.Error("the channel refuses a letter; given up", "error", done.refused)
		return
	}
	log.Info("letter sent", "may_be_told_twice", done.twice)
}

// toldBy lists the escalations that a message tells of: all of a digest's, none
// of a letter's.
func toldBy(m Message) []mention.Escalation {
	switch {
	case m.Letter != nil:
		return nil
	case len(m.More) > 0:
		return m.More
	}
	return []mention.Escalation{m.Escalation}
}

// eventOf makes the one event of its kind that a message has for an escalation.
func eventOf(e mention.Escalation, message, kind, channel, note string, at time.Time) mention.Event {
	told := event(e, kind, channel, note, at)
	told.ID = key("event", e.ID, kind, message)
	return told
}
