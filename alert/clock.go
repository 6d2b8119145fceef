package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/mention"
)

const (
	// expireAfter is how long after its last step an escalation that nobody
	// brought to an end ends by itself.
	expireAfter = 14 * 24 * time.Hour
	// keepEnded is how long an ended one is remembered, so that a customer's next
	// complaint reopens it; the journal keeps it for ever.
	keepEnded = 60 * 24 * time.Hour
	// tooSoon is how soon after a message another of the same case says nothing new:
	// what was late already when it was found is told so in its first message.
	tooSoon = 10 * time.Minute
)

// sendHeld sends what quiet hours held back, unless it says nothing any more.
func (d *Desk) sendHeld(ctx context.Context, id string, payload []byte) error {
	var t telling
	if err := json.Unmarshal(payload, &t); err != nil {
		return err
	}
	of, ok := strings.CutSuffix(id, "."+t.Name)
	if !ok {
		return fmt.Errorf("timer %s holds back message %q of another escalation", id, t.Name)
	}
	r, _, err := d.cases.load(ctx, of)
	if err != nil || r == nil || r.Escalation.State.Ended() || d.stale(r, t) {
		return err
	}
	return d.send(ctx, r.Escalation, t)
}

// stale reports whether a message that was held back is overtaken by what
// happened since.
func (d *Desk) stale(r *record, t telling) bool {
	e, now := r.Escalation, d.deps.now()
	switch t.Kind {
	case notify.KindWarned:
		return !e.Answered.IsZero() || !now.Before(e.Due)
	case notify.KindBreached:
		return !e.Answered.IsZero()
	case notify.KindHandedOn:
		return e.State != mention.StateOpen && e.State != mention.StateReopened
	case notify.KindGrown: // by a later step, or by the first message, which has the numbers of now
		return t.Name != grown(r.Told) || now.Sub(d.heard(r, routeOf(d.routes, d.channels, e, now))) < tooSoon
	}
	return false
}

// heard is when those of the route hear that the case waits for somebody: not
// before quiet hours end. Whoever took it knows of it from then on.
func (d *Desk) heard(r *record, route Route) time.Time {
	if s := r.Escalation.State; s != mention.StateOpen && s != mention.StateReopened {
		return r.since()
	}
	return route.quietUntil(r.Escalation.Severity, r.since())
}

// look keeps the clocks of one case and sets the next timer.
func (d *Desk) look(ctx context.Context, id string) error {
	now := d.deps.now()
	var next time.Time
	r, err := d.cases.change(ctx, id, func(r *record) (*record, error) {
		if r == nil {
			return nil, errSame
		}
		before := len(r.Unwritten) + len(r.Telling)
		next = d.keep(r, now)
		if before == 0 && len(r.Unwritten)+len(r.Telling) == 0 {
			return r, errSame
		}
		return r, nil
	})
	if err != nil || r == nil {
		return err
	}
	if err := d.finish(ctx, r); err != nil {
		return err
	}
	kind := timerCase
	if r.Escalation.State.Ended() {
		kind, next = timerPrune, r.last().Add(keepEnded)
	}
	return d.deps.Timers.Set(ctx, next, kind, id, nil)
}

// last is when somebody or something last moved the case.
func (r *record) last() time.Time {
	return slices.MaxFunc([]time.Time{r.Escalation.Opened, r.Moved}, time.Time.Compare)
}

// keep tells the next of the chain, reminds of the promise, and ends what
// nobody ended. It answers when to look again.
func (d *Desk) keep(r *record, now time.Time) time.Time {
	e := &r.Escalation
	if e.State.Ended() {
		return now
	}
	next := r.last().Add(expireAfter)
	if !now.Before(next) {
		r.transition("expired", mention.StateExpired, "feryat", "", now)
		return now
	}
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	route := routeOf(d.routes, d.channels, *e, now)
	if e.State == mention.StateOpen || e.State == mention.StateReopened {
		d.handOn(r, route, now, sooner)
	}
	if e.Answered.IsZero() && !e.Due.IsZero() {
		d.remind(r, route, now, sooner)
	}
	return next
}

// listed reports whether an escalation waits on the list alone: what is normal,
// and what is told of as part of an incident.
func listed(e mention.Escalation) bool {
	return rankOf(e.Severity) <= 0 || (e.Incident != "" && e.Rule != incidentRule && !incident.NeverDemoted(e))
}

// handOn tells the next of the chain while nobody takes the case.
func (d *Desk) handOn(r *record, route Route, now time.Time, sooner func(time.Time)) {
	if listed(r.Escalation) {
		return // nobody was told, nobody is asked why
	}
	for r.HandedOn < len(route.Chain) {
		step := route.Chain[r.HandedOn]
		at := d.heard(r, route).Add(step.After)
		if now.Before(at) {
			sooner(at)
			return
		}
		r.HandedOn++
		r.note("handed_on", "feryat", fmt.Sprintf("%d.%d", r.Step, r.HandedOn), now)
		r.tell(notify.KindHandedOn, fmt.Sprintf("handed_on.%d.%d", r.Step, r.HandedOn), step.Channels)
	}
}

// since is when the case began to wait for somebody: its opening, or its last
// reopening.
func (r *record) since() time.Time {
	if r.Moved.After(r.Escalation.Opened) {
		return r.Moved
	}
	return r.Escalation.Opened
}

// remind warns before the promise is broken and says when it is.
func (d *Desk) remind(r *record, route Route, now time.Time, sooner func(time.Time)) {
	e := &r.Escalation
	told := route.Channels
	if listed(*e) {
		told = nil
	}
	warn, heard := e.Due.Add(-d.promise.Warn), d.heard(r, route)
	if !r.Warned && !now.Before(warn) {
		r.Warned = true
		if now.Before(e.Due) { // else it is late already, and the next step says so
			r.note("warned", "feryat", e.Due.Format(time.RFC3339), now)
		}
		if now.Before(e.Due) && now.Sub(heard) >= tooSoon {
			r.tell(notify.KindWarned, fmt.Sprintf("warned.%d", e.Due.Unix()), told)
		}
	}
	if !r.Breached && !now.Before(e.Due) {
		r.Breached = true
		r.note("breached", "feryat", e.Due.Format(time.RFC3339), now)
		if !e.Due.Before(heard) || now.Sub(heard) >= tooSoon {
			r.tell(notify.KindBreached, fmt.Sprintf("breached.%d", e.Due.Unix()), told)
		}
	}
	if !r.Warned {
		sooner(warn)
	} else if !r.Breached {
		sooner(e.Due)
	}
}

// prune forgets an ended case, so that the store of states does not grow for
// ever; the journal has all of it.
func (d *Desk) prune(ctx context.Context, id string) error {
	r, _, err := d.cases.load(ctx, id)
	if err != nil || r == nil || !r.Escalation.State.Ended() || d.deps.now().Before(r.last().Add(keepEnded)) {
		return err
	}
	return d.remove(ctx, r)
}

// remove deletes a record and the indexes that lead to it.
func (d *Desk) remove(ctx context.Context, r *record) error {
	e := r.Escalation
	indexes := []string{authorIndex(e.Brand, mention.Writer{Source: e.Source, Author: e.Author.Key()})}
	for _, m := range r.Mentions {
		indexes = append(indexes, mentionIndex(e.Brand, m))
	}
	for _, index := range indexes {
		leads, _, err := d.deps.States.Load(ctx, index)
		if err == nil && string(leads) == e.ID { // else the customer has a newer case
			err = d.deps.States.Delete(ctx, index)
		}
		if err != nil {
			return err
		}
	}
	return d.deps.States.Delete(ctx, e.ID) // last: until then it is tried again
}
