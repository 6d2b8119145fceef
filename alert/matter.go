package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/mention"
)

// incidentRule is the name under which incidents stand among the rules.
const incidentRule = "incident"

// matterAge is how old a complaint may be to make or feed an incident. What a
// crawler brings that was away for a day may be over by then.
const matterAge = 24 * time.Hour

// incidents makes one matter of what several people complain about.
type incidents interface {
	Add(ctx context.Context, m incident.Member) (incident.Incident, incident.Change, error)
	Open(ctx context.Context) ([]incident.Incident, error)
	Pending(ctx context.Context) ([]incident.Telling, error)
	MarkTold(ctx context.Context, t incident.Telling) error
}

// matter adds an unhappy mention to the incident of its cause and tells of it
// where it opens or grows. It answers the incident's ID while that goes on.
func (w *Watcher) matter(ctx context.Context, row mention.Scored, b *batch) (string, error) {
	if w.desk.incidents == nil || !row.Verdict.Mood.Unhappy() {
		return "", nil
	}
	member, ok := incident.NewMember(w.desk.secret, row)
	if !ok || w.deps.now().Sub(member.At) > matterAge {
		return "", nil
	}
	in, change, err := w.desk.incidents.Add(ctx, member)
	if err != nil {
		return "", fmt.Errorf("incident of %s: %w", row.Mention.ID, err)
	}
	if change.News == incident.Opened || change.News == incident.Grew {
		e, err := w.newEscalation(ctx, nil, row, b)
		if err != nil {
			return "", err
		}
		if err := w.desk.tellIncident(ctx, incident.Telling{Incident: in, Step: change.Step}, &e); err != nil {
			return "", err
		}
	}
	if !in.Open() {
		return "", nil
	}
	return in.ID, nil
}

// tellIncident opens the escalation of an incident, or says that it grew. Last
// is the newest of its mentions; nil where a crash left only the numbers.
func (d *Desk) tellIncident(ctx context.Context, t incident.Telling, last *mention.Escalation) error {
	now := d.deps.now()
	r, err := d.cases.change(ctx, t.Incident.ID, func(r *record) (*record, error) {
		if r == nil {
			r = &record{Escalation: incidentOf(t.Incident, last, now), Told: t.Step}
			r.Escalation.Team = routeOf(d.routes, d.channels, r.Escalation, now).Team
			r.transition("opened", mention.StateOpen, "", "", now)
			r.tell(notify.KindOpened, "opened", d.first(r.Escalation, Rule{}, now))
			return r, nil
		}
		if r.Told >= t.Step {
			return r, errSame
		}
		r.Told = t.Step
		r.grow(t.Incident)
		r.note("grown", "", fmt.Sprintf("%d", t.Step), now)
		if !r.Escalation.State.Ended() {
			r.tell(notify.KindGrown, grown(t.Step), d.first(r.Escalation, Rule{}, now))
		}
		return r, nil
	})
	if err != nil {
		return fmt.Errorf("incident %s: %w", t.Incident.ID, err)
	}
	if err := d.finish(ctx, r); err != nil {
		return err
	}
	return d.incidents.MarkTold(ctx, t)
}

// grown names the telling of a step.
func grown(step int) string { return fmt.Sprintf("grown.%d", step) }

func incidentOf(in incident.Incident, last *mention.Escalation, now time.Time) mention.Escalation {
	e := mention.Escalation{
		ID: in.ID, Rule: incidentRule, Severity: "high", Brand: in.Cause.Brand, Source: in.Cause.Source, Product: in.Cause.Product, Topics: []string{in.Cause.Topic},
		Mood: mention.Angry, Why: []string{"several"}, Opened: now, Incident: in.ID, Priority: 1, Written: in.Opened,
	}
	if in.Campaign {
		e.Why = []string{"campaign"} // few people, one text; told all the same, in place of all of them
	}
	if last != nil {
		e.Excerpt, e.Quotes, e.URL, e.Language, e.Seen, e.Stored, e.Mood = last.Excerpt, last.Quotes, last.URL, last.Language, last.Seen, last.Stored, last.Mood
	}
	e.Reach, e.Mentions, e.Authors = in.Reach, in.Mentions, in.Authors
	return e
}

// grow brings the numbers up to date. What was taken for a campaign and spread
// to more people is an incident like others.
func (r *record) grow(in incident.Incident) {
	e := &r.Escalation
	e.Reach, e.Mentions, e.Authors = in.Reach, in.Mentions, in.Authors
	if !in.Campaign && slices.Contains(e.Why, "campaign") {
		e.Why = []string{"several"}
	}
}

// catchUp tells of steps that a crash left untold, and sends digests that are due.
func (d *Desk) catchUp(ctx context.Context) error {
	var all error
	if last, now := d.looked.Load(), d.deps.now().Unix(); d.incidents != nil && now-last >= 60 {
		d.looked.Store(now)
		pending, err := d.incidents.Pending(ctx)
		all = err
		for _, t := range pending {
			all = errors.Join(all, d.tellIncident(ctx, t, nil))
		}
	}
	if d.guard != nil {
		for _, channel := range d.channels {
			all = errors.Join(all, d.digests(ctx, channel))
		}
	}
	return all
}
