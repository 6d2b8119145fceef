package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// Watcher reads stored rows and opens escalations.
type Watcher struct {
	rules    []Rule
	channels []string
	deps     Deps
	metrics  *Metrics
}

// NewWatcher watches with rules; channels are the names that a rule without
// channels of its own tells.
func NewWatcher(rules []Rule, channels []string, d Deps, m *Metrics) *Watcher {
	return &Watcher{rules: rules, channels: channels, deps: d, metrics: m}
}

// Handle judges rows in order. An error means that the rows from the one at
// fault on must be handed in again; those before it are done, and handing them
// in again does no harm.
func (w *Watcher) Handle(ctx context.Context, rows []mention.Scored) error {
	// What was written before that has no bearing on what may still page.
	since := w.deps.now().Add(-w.maxAge() - w.longest(func(r Rule) time.Duration { return r.RepeatWindow }))
	p := &past{history: w.deps.History, rows: rows, since: since, read: map[group]map[string][]mention.Complaint{}}
	for _, row := range rows {
		if writtenAt(row.Mention).Before(since) {
			w.metrics.tooOld.Inc()
			continue
		}
		if err := w.judge(ctx, row, p); err != nil {
			return fmt.Errorf("alert on mention %s: %w", row.Mention.ID, err)
		}
	}
	return nil
}

func (w *Watcher) judge(ctx context.Context, row mention.Scored, p *past) error {
	if mayPage(row.Mention) {
		if err := w.apply(ctx, row, p); err != nil {
			return err
		}
	}
	if isNews(row.Mention) && row.Verdict.Mood.Unhappy() {
		return w.again(ctx, row, p)
	}
	return nil
}

// maxAge is the longest of the rules.
func (w *Watcher) maxAge() time.Duration {
	return w.longest(func(r Rule) time.Duration { return r.MaxAge })
}

func (w *Watcher) longest(of func(Rule) time.Duration) (d time.Duration) {
	for _, r := range w.rules {
		d = max(d, of(r))
	}
	return d
}

// apply opens an escalation for each rule that holds of row.
func (w *Watcher) apply(ctx context.Context, row mention.Scored, p *past) error {
	now, written := w.deps.now(), writtenAt(row.Mention)
	for _, r := range w.rules {
		if now.Sub(written) > r.MaxAge {
			w.metrics.tooOld.Inc()
			continue
		}
		f := factsOf(row)
		f.Complaints = func() (int, error) { return p.rank(ctx, row, r.RepeatWindow) }
		why, ok, err := r.Holds(f)
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.Name, err)
		}
		if ok {
			if err := w.escalate(ctx, r, row, why); err != nil {
				return fmt.Errorf("rule %s: %w", r.Name, err)
			}
		}
	}
	return nil
}

// mayPage is false of what is not news, not a customer's or no longer there.
func mayPage(m mention.Mention) bool {
	return m.Origin == mention.OriginLive && isNews(m)
}

// isNews is true of what a crawler found and a customer wrote. The history
// that a first visit finds pages nobody by itself, but may show that a
// complaint of today is not the first.
func isNews(m mention.Mention) bool {
	return (m.Origin == mention.OriginLive || m.Origin == mention.OriginBackfill) && !m.Author.Own && !m.Gone
}

// writtenAt falls back to first sight where the source shows no time.
func writtenAt(m mention.Mention) time.Time {
	if !m.Written.Time.IsZero() {
		return m.Written.Time
	}
	if !m.SeenFirst.IsZero() {
		return m.SeenFirst
	}
	return m.Collected
}

// record is what states keeps of an escalation. Told is set once its messages
// are safely in the outbox: until then a redelivery finishes the work.
type record struct {
	Escalation mention.Escalation `json:"escalation"`
	Told       bool               `json:"told"`
}

func (w *Watcher) escalate(ctx context.Context, r Rule, row mention.Scored, why []string) error {
	rec, err := w.open(ctx, newEscalation(r, row, why, w.deps.now()))
	if err != nil || rec.Told {
		return err
	}
	e := rec.Escalation
	if err := w.deps.Journal.InsertEvents(ctx, []mention.Event{event(e, "opened", "", "", e.Opened)}); err != nil {
		return fmt.Errorf("store the opening of escalation %s: %w", e.ID, err)
	}
	for _, channel := range w.channelsOf(r) {
		payload, err := json.Marshal(Message{Key: messageKey(e, channel), Kind: notify.KindOpened, Title: r.Title, Escalation: e})
		if err != nil {
			return err
		}
		if err := w.deps.Outbox.Enqueue(ctx, channel, messageKey(e, channel), payload); err != nil {
			return fmt.Errorf("queue a message for channel %s: %w", channel, err)
		}
	}
	rec.Told = true
	w.metrics.opened.WithLabelValues(r.Name, e.Severity).Inc()
	return w.put(ctx, rec)
}

// open creates the record of e, or reads the one that an earlier delivery made.
func (w *Watcher) open(ctx context.Context, e mention.Escalation) (record, error) {
	rec := record{Escalation: e}
	body, err := json.Marshal(rec)
	if err != nil {
		return rec, err
	}
	created, err := w.deps.States.Create(ctx, e.ID, body)
	if err != nil || created {
		return rec, err
	}
	if body, err = w.deps.States.Get(ctx, e.ID); err != nil {
		return rec, err
	}
	return rec, json.Unmarshal(body, &rec)
}

func (w *Watcher) put(ctx context.Context, rec record) error {
	body, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	return w.deps.States.Put(ctx, rec.Escalation.ID, body)
}

func (w *Watcher) channelsOf(r Rule) []string {
	if len(r.Channels) > 0 {
		return r.Channels
	}
	return w.channels
}

func newEscalation(r Rule, row mention.Scored, why []string, now time.Time) mention.Escalation {
	m, v := row.Mention, row.Verdict
	return mention.Escalation{
		ID: escalationID(r.Name, row), Rule: r.Name, Severity: r.Severity, Brand: row.Brand, Mention: m.ID, URL: m.URL, Author: m.Author,
		Excerpt: excerpt(m.Text), Mood: v.Mood, Topics: v.Topics, Signals: v.Signals, Why: why, State: mention.StateOpen, Opened: now,
		Written: m.Written.Time, Language: v.Language, Priority: v.Priority,
	}
}

// event makes a step of e's life; its ID follows from the step, so that telling
// it again stores it once.
func event(e mention.Escalation, kind, actor, note string, at time.Time) mention.Event {
	return mention.Event{ID: key("event", e.ID, kind, actor), At: at, Type: kind, State: e.State, Actor: actor, Note: note, Escalation: e}
}
