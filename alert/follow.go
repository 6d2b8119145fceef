package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// caseOf is the ID of the case that a mention belongs to: the author's, if
// there is one that counts, else e's own.
func (w *Watcher) caseOf(ctx context.Context, e mention.Escalation, row mention.Scored) (id string, err error) {
	id = e.ID
	if e.Author.Known() {
		id, err = w.desk.cases.point(ctx, authorIndex(e.Brand, mention.Writer{Source: e.Source, Author: e.Author.Key()}), id, func(other string) (bool, error) {
			return w.counts(ctx, other, row)
		})
	}
	if err != nil {
		return "", err
	}
	return w.desk.cases.point(ctx, mentionIndex(e.Brand, e.Mention), id, func(string) (bool, error) { return true, nil })
}

// counts reports whether what a customer writes now belongs to an older case. It
// does until the case has expired; one that was solved is opened again.
func (w *Watcher) counts(ctx context.Context, id string, row mention.Scored) (bool, error) {
	r, _, err := w.desk.cases.load(ctx, id)
	if err != nil || r == nil { // one that another process is just about to open
		return err == nil, err
	}
	return r.Escalation.State != mention.StateExpired || r.Escalation.Mention == row.Mention.ID, nil
}

// add joins e to the customer's case: it raises it, reopens it, or is noted.
func (w *Watcher) add(r *record, e mention.Escalation, rule Rule, now time.Time) error {
	have := &r.Escalation
	joined := r.join(e.Mention)
	raised := rankOf(e.Severity) > rankOf(have.Severity)
	e.Why = joining(e.Why, have.Severity)
	switch {
	case !joined && !raised:
		return errSame // a redelivery, or an edit that makes it no worse
	case raised && !have.State.Ended():
		r.update(e)
		have.Incident, have.Team = e.Incident, e.Team
		have.Severity, have.Rule = e.Severity, e.Rule
		r.transition("raised", have.State, "", rule.Name, now)
		r.tell(notify.KindOpened, "raised."+e.Severity, w.desk.first(*have, rule, now))
	case joined && w.back(*have, e):
		r.update(e)
		have.Incident = e.Incident
		have.Severity, have.Rule = severer(have, e)
		r.reopen("", "", e.Due, now)
		r.tell(notify.KindReopened, fmt.Sprintf("reopened.%d", r.Step), w.desk.first(*have, rule, now))
	default:
		r.note("wrote_again", "", string(e.Mention), now)
	}
	return nil
}

// back reports whether a customer whose case was answered or solved complains
// after that. One that cannot be won stays so.
func (w *Watcher) back(have, e mention.Escalation) bool {
	done := have.Answered
	if have.Resolved.After(done) {
		done = have.Resolved
	}
	return (have.State == mention.StateAnswered || have.State == mention.StateResolved) && e.Seen.After(done) && (e.Written.IsZero() || e.Written.After(done))
}

func severer(have *mention.Escalation, e mention.Escalation) (severity, rule string) {
	if rankOf(e.Severity) > rankOf(have.Severity) {
		return e.Severity, e.Rule
	}
	return have.Severity, have.Rule
}

// update shows the newest of what the customer wrote.
func (r *record) update(e mention.Escalation) {
	have := &r.Escalation
	have.Mention, have.URL, have.Excerpt, have.Quotes, have.Mood = e.Mention, e.URL, e.Excerpt, e.Quotes, e.Mood
	have.Topics, have.Signals, have.Customer, have.Blamed = e.Topics, e.Signals, e.Customer, e.Blamed
	have.Priority, have.Reach, have.Standing, have.Observed = min(have.Priority, e.Priority), max(have.Reach, e.Reach), e.Standing, e.Observed
	if len(e.Why) > 0 {
		have.Why = e.Why
	}
	if e.Language != "" {
		have.Language = e.Language
	}
	have.Written, have.Seen, have.Stored, have.Thread = e.Written, e.Seen, e.Stored, e.Thread
}

// follow takes what a customer with a case writes and no rule holds of: a
// complaint reopens what was answered or solved, thanks for a solution end it.
func (w *Watcher) follow(ctx context.Context, row mention.Scored, matter string, b *batch) error {
	m, v := row.Mention, row.Verdict
	if !m.Author.Known() || (!v.Mood.Unhappy() && !contented(v)) {
		return nil
	}
	id, _, err := w.deps.States.Load(ctx, authorIndex(row.Brand, m.Writer()))
	if err != nil || id == nil {
		return err
	}
	now := w.deps.now()
	e, err := w.newEscalation(ctx, nil, row, b)
	if err != nil {
		return err
	}
	e.Incident = matter
	r, err := w.desk.cases.change(ctx, string(id), func(r *record) (*record, error) {
		switch {
		case r == nil || r.Escalation.State == mention.StateExpired:
			return r, errSame
		case contented(v):
			return r, r.thanks(e, now)
		}
		return r, w.add(r, e, Rule{}, now)
	})
	if err != nil || r == nil {
		return err
	}
	b.add(r)
	b.reopened(r, m.ID)
	if !slices.Contains(r.Mentions, m.ID) || contented(v) {
		return nil
	}
	// The brand's answer to it answers the case.
	_, err = w.desk.cases.point(ctx, mentionIndex(row.Brand, m.ID), r.Escalation.ID, func(string) (bool, error) { return true, nil })
	return err
}

// contented reports whether the customer says that it is solved.
func contented(v mention.Verdict) bool {
	for _, s := range v.Signals {
		if (s == "resolved" || s == "win_back") && !v.Mood.Unhappy() {
			return true
		}
	}
	return false
}

// thanks ends the case by the customer's own word.
func (r *record) thanks(e mention.Escalation, now time.Time) error {
	if r.Escalation.State.Ended() || !r.join(e.Mention) || e.Written.Before(r.Escalation.Written) {
		return errSame
	}
	r.Escalation.Resolved = now
	if !e.Written.IsZero() {
		r.Escalation.Resolved = e.Written
	}
	r.transition("resolved", mention.StateResolved, e.Author.Key(), "", now)
	return nil
}

// solved reports whether an escalation of the customer, on any source that he is
// linked on, was solved before row was written.
func (w *Watcher) solved(ctx context.Context, row mention.Scored, b *batch) (bool, error) {
	if !row.Mention.Author.Known() {
		return false, nil
	}
	writers, err := b.kin.of(ctx, row.Mention.Writer())
	for _, x := range writers {
		was, bad := w.solvedOf(ctx, x, row)
		if err = errors.Join(err, bad); was || err != nil {
			return was, err
		}
	}
	return false, err
}

func (w *Watcher) solvedOf(ctx context.Context, x mention.Writer, row mention.Scored) (bool, error) {
	id, _, err := w.deps.States.Load(ctx, authorIndex(row.Brand, x))
	if err != nil || id == nil {
		return false, err
	}
	r, _, err := w.desk.cases.load(ctx, string(id))
	if err != nil || r == nil {
		return false, err
	}
	return !r.Escalation.Resolved.IsZero() && r.Escalation.Resolved.Before(writtenAt(row.Mention)), nil
}

// takeReplies stops the clocks of the cases that replies of the brand answer: those
// among the rows, and those that were stored before the case was opened.
func (w *Watcher) takeReplies(ctx context.Context, rows []mention.Scored, b *batch) error {
	var ids []mention.ID
	for _, e := range b.opened {
		ids = append(ids, e.Mention)
	}
	var stored []mention.Scored
	if len(ids) > 0 {
		var err error
		if stored, err = w.deps.Replies.Replies(ctx, ids, b.oldest(w.deps.now())); err != nil {
			return err
		}
	}
	for _, row := range append(stored, rows...) {
		if !row.Mention.Author.Own || row.Mention.Gone {
			continue
		}
		take := w.answered
		if row.Mention.ParentID == "" {
			take = w.perhaps
		}
		if err := take(ctx, row, b); err != nil {
			return fmt.Errorf("take reply %s: %w", row.Mention.ID, err)
		}
	}
	return w.perhapsBefore(ctx, b)
}

func (w *Watcher) answered(ctx context.Context, row mention.Scored, b *batch) error {
	id, _, err := w.deps.States.Load(ctx, mentionIndex(row.Brand, row.Mention.ParentID))
	if err != nil || id == nil {
		return err
	}
	return w.takeReply(ctx, string(id), row.Mention, row.Verdict.Language, b)
}

func (w *Watcher) takeReply(ctx context.Context, id string, m mention.Mention, language string, b *batch) error {
	now := w.deps.now()
	at := m.Written.Time
	if m.Written.Precision == mention.PrecisionDay || at.IsZero() {
		at = m.Collected
	}
	a := Act{Type: "answered", By: "brand", Note: m.URL, At: at, Reply: w.desk.readReply(m.Text, language)}
	r, err := w.desk.cases.change(ctx, id, func(r *record) (*record, error) {
		if r == nil || at.Before(r.Escalation.Written.Add(-time.Minute)) { // an answer to what was before
			return r, errSame
		}
		return r, r.apply(a, now, w.desk.promise)
	})
	if err != nil || r == nil {
		return err
	}
	b.add(r)
	return nil
}
