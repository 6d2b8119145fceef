package alert

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"feryat/mention"
)

// Act is what somebody does about an escalation.
type Act struct {
	// Type is acknowledged, assigned, answered, resolved, reopened, not_winnable
	// or expired.
	Type string
	By   string // who does it
	To   string // of assigned: who has it from now on
	Note string
	// At is when the customer was answered or it was solved; zero means now.
	At    time.Time
	Reply mention.Reply // of answered; empty when not known
}

// ErrUnknown is the answer to an act on an escalation that is not known.
var ErrUnknown = errors.New("no such escalation")

// TakenError is the answer to whoever comes second.
type TakenError struct {
	Holder string
	State  mention.State
}

func (e *TakenError) Error() string {
	if e.State.Ended() {
		return fmt.Sprintf("it has ended: %s", e.State)
	}
	return fmt.Sprintf("%s has it", e.Holder)
}

// Taken says who has it, and how it stands.
func (e *TakenError) Taken() (holder string, state mention.State) { return e.Holder, e.State }

func (a Act) check() error {
	switch {
	case strings.TrimSpace(a.By) == "":
		return errors.New("who does it must be said")
	case a.Type == "assigned" && strings.TrimSpace(a.To) == "":
		return errors.New("whom it is assigned to must be said")
	}
	return nil
}

// apply changes the record as the act wants. An act that changes nothing any
// more (the same person acknowledges twice) is errSame; one that comes too late
// is a TakenError.
func (r *record) apply(a Act, now time.Time, p Promise) error {
	e := &r.Escalation
	at := a.At
	if at.IsZero() {
		at = now
	}
	switch a.Type {
	case "acknowledged":
		return r.acknowledge(a, now)
	case "assigned":
		return r.assign(a, now)
	case "answered":
		return r.answer(a, at, now)
	case "reopened":
		if !e.State.Ended() && e.State != mention.StateAnswered {
			return errSame
		}
		r.reopen(a.By, a.Note, p.Due(now), now)
		r.Reopened = at
		return nil
	case "resolved", "not_winnable", "expired":
		return r.end(a, at, now)
	}
	return fmt.Errorf("%q is nothing that can be done about an escalation", a.Type)
}

func (r *record) acknowledge(a Act, now time.Time) error {
	e := &r.Escalation
	switch {
	case e.State.Ended(), e.Holder != "" && e.Holder != a.By:
		return &TakenError{Holder: e.Holder, State: e.State}
	case e.Holder == a.By:
		return errSame
	}
	e.Holder = a.By
	r.transition(a.Type, held(e.State), a.By, a.Note, now)
	return nil
}

func (r *record) assign(a Act, now time.Time) error {
	e := &r.Escalation
	if e.State.Ended() {
		return &TakenError{Holder: e.Holder, State: e.State}
	}
	if e.Holder == a.To {
		return errSame
	}
	e.Holder = a.To
	r.transition(a.Type, held(e.State), a.By, a.Note, now)
	return nil
}

// held is the state after somebody took it: what was answered stays so.
func held(s mention.State) mention.State {
	if s == mention.StateAnswered {
		return s
	}
	return mention.StateAcknowledged
}

// answer keeps the first answer's time: the promise was about that one. A later
// and better one (a solution after "we are sorry") is kept for what it is.
func (r *record) answer(a Act, at, now time.Time) error {
	e := &r.Escalation
	if e.State.Ended() && a.Reply == "" {
		return &TakenError{Holder: e.Holder, State: e.State}
	}
	better := worth(a.Reply) > worth(e.Reply)
	first := e.Answered.IsZero() || at.Before(e.Answered)
	if !better && !first {
		return errSame
	}
	if better {
		e.Reply = a.Reply
	}
	if first {
		e.Answered = at
	}
	state := mention.StateAnswered
	if e.State.Ended() {
		state = e.State
	}
	r.transition(a.Type, state, a.By, a.Note, now)
	return nil
}

func worth(r mention.Reply) int {
	switch r {
	case mention.ReplySolution:
		return 4
	case mention.ReplyHandOff:
		return 3
	case mention.ReplyOther:
		return 2
	case mention.ReplyCanned:
		return 1
	}
	return 0
}

func (r *record) end(a Act, at, now time.Time) error {
	e := &r.Escalation
	state := mention.State(a.Type)
	if e.State == state {
		return errSame
	}
	if e.State.Ended() {
		return &TakenError{Holder: e.Holder, State: e.State}
	}
	if state == mention.StateResolved {
		e.Resolved = at
	}
	r.transition(a.Type, state, a.By, a.Note, now)
	return nil
}

// reopen promises anew, from due on.
func (r *record) reopen(by, note string, due, now time.Time) {
	e := &r.Escalation
	e.Answered, e.Resolved, e.Reply, e.Due, e.Holder = time.Time{}, time.Time{}, "", due, ""
	r.HandedOn, r.Warned, r.Breached = 0, false, false
	r.transition("reopened", mention.StateReopened, by, note, now)
}

// Do acts on the escalation with that ID and answers how it stands then. Of two
// who acknowledge at once one wins; the other gets a TakenError with the name.
func (d *Desk) Do(ctx context.Context, id string, a Act) (mention.Escalation, error) {
	if err := a.check(); err != nil {
		return mention.Escalation{}, err
	}
	now := d.deps.now()
	r, err := d.cases.change(ctx, id, func(r *record) (*record, error) {
		if r == nil {
			return nil, ErrUnknown
		}
		return r, r.apply(a, now, d.promise)
	})
	if err == nil {
		err = d.finish(ctx, r)
	}
	if r == nil {
		return mention.Escalation{}, fmt.Errorf("escalation %s: %w", id, err)
	}
	if err != nil {
		err = fmt.Errorf("escalation %s: %w", id, err)
	}
	return r.Escalation, err
}

// Feedback notes whether somebody had to be told; the newest word counts.
func (d *Desk) Feedback(ctx context.Context, id, by string, falseAlarm bool) error {
	word := "true_alarm"
	if falseAlarm {
		word = "false_alarm"
	}
	now := d.deps.now()
	r, err := d.cases.change(ctx, id, func(r *record) (*record, error) {
		if r == nil {
			return nil, ErrUnknown
		}
		r.note("feedback", by, word, now)
		r.Unwritten[len(r.Unwritten)-1].ID = key("event", id, "feedback", by, now.Format(time.RFC3339Nano))
		return r, nil
	})
	if err == nil {
		err = d.finish(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("escalation %s: %w", id, err)
	}
	return nil
}
