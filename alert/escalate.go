package alert

import (
	"context"
	"slices"
	"strings"
	"time"

	"feryat/alert/customer"
	"feryat/alert/notify"
	"feryat/mention"
)

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
		Written: m.Written.Time, Seen: m.Collected, Stored: row.Stored, Language: v.Language, Due: w.desk.promise.Due(m.WrittenOrSeen()),
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
