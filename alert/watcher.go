package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"feryat/alert/customer"
	"feryat/alert/notify"
	"feryat/mention"
)

// Watcher reads stored rows and opens escalations.
type Watcher struct {
	rules   []Rule
	desk    *Desk
	deps    Deps
	metrics *Metrics
}

// NewWatcher watches with those rules that have conditions; desk leads what it opens.
func NewWatcher(rules []Rule, desk *Desk, d Deps, m *Metrics) *Watcher {
	rules = slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return r.Trend != nil })
	return &Watcher{rules: rules, desk: desk, deps: d, metrics: m}
}

// Handle judges rows in order, then takes the brand's replies among them. An
// error means that all rows must be handed in again; that does no harm to those
// which are done.
func (w *Watcher) Handle(ctx context.Context, rows []mention.Scored) error {
	// What was written before that has no bearing on what may still page.
	since := w.deps.now().Add(-w.maxAge() - w.longest(func(r Rule) time.Duration { return r.RepeatWindow }))
	b := w.newBatch(rows, since)
	for _, row := range rows {
		if writtenAt(row.Mention).Before(since) {
			w.metrics.tooOld.Inc()
			continue
		}
		if err := w.judge(ctx, row, b); err != nil {
			return fmt.Errorf("alert on mention %s: %w", row.Mention.ID, err)
		}
	}
	if err := w.takeReplies(ctx, rows, b); err != nil {
		return err
	}
	return w.desk.finish(ctx, b.changed...)
}

// batch is what one call of Handle knows and has changed.
type batch struct {
	past     *past
	profiles *profiles
	replied  *replied
	changed  []*record
	opened   []mention.Escalation
}

// reopened asks for the replies to the mention that opened a case again: one may
// have been stored before it.
func (b *batch) reopened(r *record, id mention.ID) {
	if e := r.Escalation; e.State == mention.StateReopened && e.Mention == id {
		b.opened = append(b.opened, e)
	}
}

func (w *Watcher) newBatch(rows []mention.Scored, since time.Time) *batch {
	return &batch{
		past:     &past{history: w.deps.History, rows: rows, since: since, read: map[group]map[string][]mention.Complaint{}},
		replied:  &replied{replies: w.deps.Replies, rows: rows},
		profiles: &profiles{customers: w.deps.Customers, rule: w.desk.customers, rows: rows, now: w.deps.now(), read: map[group]map[string]customer.Profile{}},
	}
}

// add keeps the newest record of each case.
func (b *batch) add(r *record) {
	b.changed = append(slices.DeleteFunc(b.changed, func(old *record) bool { return old.Escalation.ID == r.Escalation.ID }), r)
}

func (w *Watcher) judge(ctx context.Context, row mention.Scored, b *batch) error {
	if mayPage(row.Mention) {
		if err := w.apply(ctx, row, b); err != nil {
			return err
		}
	}
	if isNews(row.Mention) && row.Verdict.Mood.Unhappy() {
		return w.again(ctx, row, b)
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

// match is a rule that holds of a mention, and why.
type match struct {
	rule Rule
	why  []string
}

// apply opens an escalation where rules hold of row: one, by the most severe.
// Rules that wait are put off.
func (w *Watcher) apply(ctx context.Context, row mention.Scored, b *batch) error {
	var matches []match
	for _, r := range w.rules {
		now, written := w.deps.now(), writtenAt(row.Mention)
		if now.Sub(written) > r.MaxAge {
			w.metrics.tooOld.Inc()
			continue
		}
		if at := written.Add(r.WaitFor); r.WaitFor > 0 && now.Before(at) {
			if err := w.putOff(ctx, r, row, at, b); err != nil {
				return err
			}
			continue
		}
		m, err := w.holds(ctx, r, row, b)
		if err != nil {
			return err
		}
		if m != nil {
			matches = append(matches, *m)
		}
	}
	matter, err := w.matter(ctx, row, b)
	if err != nil {
		return err
	}
	return w.escalate(ctx, row, matches, matter, b)
}

// holds answers nil where the rule does not.
func (w *Watcher) holds(ctx context.Context, r Rule, row mention.Scored, b *batch) (*match, error) {
	f := factsOf(row)
	f.Complaints = func() (int, error) { return b.past.rank(ctx, row, r.RepeatWindow) }
	f.Answered = func() (bool, error) { return b.replied.to(ctx, row.Mention) }
	f.Solved = func() (bool, error) { return w.solved(ctx, row) }
	f.Observed = func() ([]string, error) { p, err := b.profiles.of(ctx, row); return p.Observed, err }
	f.Stands = func() (string, error) { p, err := b.profiles.of(ctx, row); return string(p.Standing), err }
	why, ok, err := r.Holds(f)
	if err != nil {
		return nil, fmt.Errorf("rule %s: %w", r.Name, err)
	}
	if !ok {
		return nil, nil
	}
	return &match{r, why}, nil
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

// waiting is a rule that looks at a mention later.
type waiting struct {
	Rule    string     `json:"rule"`
	Mention mention.ID `json:"mention"`
	Brand   string     `json:"brand"`
}

// putOff sets a timer if what the rule can know by now holds already. A rule
// must not ask before its time whether the customer was answered.
func (w *Watcher) putOff(ctx context.Context, r Rule, row mention.Scored, at time.Time, b *batch) error {
	m, err := w.holds(ctx, r, row, b)
	if err != nil || m == nil {
		return err
	}
	body, err := json.Marshal(waiting{r.Name, row.Mention.ID, row.Brand})
	if err != nil {
		return err
	}
	return w.deps.Timers.Set(ctx, at, timerWait, key("wait", r.Name, string(row.Mention.ID), row.Brand), body)
}

// Waited looks at a mention again for a rule that waited, as the mention stands
// now: edited, deleted or answered meanwhile.
func (w *Watcher) Waited(ctx context.Context, _ string, payload []byte) error {
	var wait waiting
	if err := json.Unmarshal(payload, &wait); err != nil {
		return fmt.Errorf("a rule's timer: %w", err)
	}
	rows, err := w.deps.History.Mention(ctx, wait.Mention)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(w.rules, func(r Rule) bool { return r.Name == wait.Rule })
	for _, row := range rows {
		if i < 0 || row.Brand != wait.Brand || !isNews(row.Mention) {
			continue // the rule is gone, or nobody complains any more
		}
		b := w.newBatch(rows, w.deps.now().Add(-w.rules[i].MaxAge-w.rules[i].RepeatWindow))
		m, err := w.holds(ctx, w.rules[i], row, b)
		if err != nil {
			return err
		}
		if m == nil {
			continue
		}
		matter, err := w.matter(ctx, row, b)
		if err != nil {
			return err
		}
		if err := w.escalate(ctx, row, []match{*m}, matter, b); err != nil {
			return err
		}
		if err := w.takeReplies(ctx, nil, b); err != nil {
			return err
		}
		if err := w.desk.finish(ctx, b.changed...); err != nil {
			return err
		}
	}
	return nil
}

// escalate opens a case for the matches, or adds to the customer's case. What is
// part of an incident that goes on (matter, its ID) pages nobody singly, unless
// a person must see it whatever happens.
func (w *Watcher) escalate(ctx context.Context, row mention.Scored, matches []match, matter string, b *batch) error {
	if len(matches) == 0 {
		return w.follow(ctx, row, matter, b)
	}
	w.desk.precision.lead(matches)
	now := w.deps.now()
	e, err := w.newEscalation(ctx, matches, row, b)
	if err != nil {
		return err
	}
	if e.ID, err = w.caseOf(ctx, e, row); err != nil {
		return err
	}
	id := e.ID
	e.Incident = matter
	opened := false
	r, err := w.desk.cases.change(ctx, id, func(r *record) (*record, error) {
		opened = r == nil
		if opened {
			r = &record{Escalation: e}
			r.join(row.Mention.ID)
			r.transition("opened", mention.StateOpen, "", "", now)
			r.tell(notify.KindOpened, "opened", w.desk.first(e, matches[0].rule, now))
			return r, nil
		}
		return r, w.add(r, e, matches[0].rule, now)
	})
	if err != nil || r == nil {
		return err
	}
	if opened {
		w.metrics.opened.WithLabelValues(e.Rule, e.Severity).Inc()
		b.opened = append(b.opened, e)
	}
	b.add(r)
	b.reopened(r, row.Mention.ID)
	return nil
}

// first are the channels that hear of e first: none for what is normal, or told
// of as part of an incident.
func (d *Desk) first(e mention.Escalation, r Rule, now time.Time) []string {
	switch {
	case forTheList(e):
		return nil
	case len(r.Channels) > 0 && e.Incident == "":
		return r.Channels
	case listed(e):
		return nil
	}
	return routeOf(d.routes, d.channels, e, now).Channels
}

// newEscalation is what row would open: the first of matches names the rule, all
// of them give reasons. Without any it only tells of the row.
func (w *Watcher) newEscalation(ctx context.Context, matches []match, row mention.Scored, b *batch) (mention.Escalation, error) {
	m, v, now := row.Mention, row.Verdict, w.deps.now()
	e := mention.Escalation{
		ID: escalationID(row), Severity: "normal", Brand: row.Brand, Source: m.Source, Mention: m.ID, Thread: m.ThreadID, Product: m.Product,
		URL: m.URL, Author: m.Author, Excerpt: excerpt(m.Text), Quotes: quotes(m.Text, v.Reasons), Mood: v.Mood, Topics: v.Topics, Signals: v.Signals,
		Customer: v.Customer, Blamed: v.Blamed, Reach: max(m.Author.Followers, m.Views), State: mention.StateOpen, Opened: now,
		Written: m.Written.Time, Seen: m.Collected, Stored: row.Stored, Language: v.Language, Due: w.desk.promise.Due(clockStart(m)),
	}
	for i, x := range matches {
		if i == 0 {
			e.Rule, e.Severity = x.rule.Name, x.rule.Severity
		}
		for _, why := range x.why {
			if !slices.Contains(e.Why, why) {
				e.Why = append(e.Why, why)
			}
		}
	}
	p, err := b.profiles.of(ctx, row)
	e.Standing, e.Observed, e.Priority = p.Standing, p.Observed, customer.Priority(v.Priority, v.Signals, p, e.Reach)
	w.desk.precision.demote(&e)
	e.Team = routeOf(w.desk.routes, w.desk.channels, e, now).Team
	return e, err
}

// clockStart is the time of writing, or first sight where the source shows only
// the day: nobody is late by an hour that nobody knows.
func clockStart(m mention.Mention) time.Time {
	switch m.Written.Precision {
	case mention.PrecisionSecond, mention.PrecisionMinute, mention.PrecisionHour:
		return m.Written.Time
	}
	if !m.SeenFirst.IsZero() {
		return m.SeenFirst
	}
	return m.Collected
}

// maxQuotes is how many words of the customer a message quotes.
const maxQuotes = 3

// quotes are the words that weigh most against the brand, in the order of the text.
func quotes(text string, reasons []mention.Reason) []string {
	var heavy []mention.Reason
	for _, r := range reasons {
		if r.Weight < 0 && r.Start >= 0 && r.Start < r.End && r.End <= len(text) {
			heavy = append(heavy, r)
		}
	}
	slices.SortStableFunc(heavy, func(a, b mention.Reason) int {
		switch {
		case a.Weight < b.Weight:
			return -1
		case a.Weight > b.Weight:
			return 1
		}
		return 0
	})
	heavy = heavy[:min(len(heavy), maxQuotes)]
	slices.SortFunc(heavy, func(a, b mention.Reason) int { return a.Start - b.Start })
	var words []string
	for _, r := range heavy {
		if q := excerpt(strings.ToValidUTF8(text[r.Start:r.End], "")); q != "" && !slices.Contains(words, q) {
			words = append(words, q)
		}
	}
	return words
}

// event makes a step of e's life; its ID follows from the step, so that telling
// it again stores it once.
func event(e mention.Escalation, kind, actor, note string, at time.Time) mention.Event {
	return mention.Event{ID: key("event", e.ID, kind, actor), At: at, Type: kind, State: e.State, Actor: actor, Note: note, Escalation: e}
}
