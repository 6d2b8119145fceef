package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

const (
	// keepKeys is how many keys of a help desk's last words a case remembers.
	keepKeys = 32
	// maxReopened is how often one help desk may reopen a case: a desk whose
	// automation reopens at each of our messages would else be told for ever.
	maxReopened = 10
)

// Word is what a help desk says of an escalation.
type Word struct {
	Channel string // of the desk
	// Keys tell a repeat; without any a repeat is known by changing nothing.
	Keys []string
	// Act is what it means to us. Without a Type it is a note. By is the agent, who
	// has what is assigned, or the channel; At is when it happened, if that is known.
	Act Act
	// Remark is noted where nothing is done; empty is not noted.
	Remark string
	// Ticket is its number and its address, "4711 https://desk.example.com/4711";
	// either may be missing.
	Ticket string
}

// Heard is what came of a help desk's word.
type Heard string

// What may come of a word. Overtaken is one about a time before the customer
// complained (again); refused is one that reopens too often. Both are noted.
const (
	HeardDone      Heard = "done"
	HeardNothing   Heard = "nothing" // it stood so already
	HeardRepeat    Heard = "repeat"
	HeardNoted     Heard = "noted"
	HeardOvertaken Heard = "overtaken"
	HeardRefused   Heard = "refused"
)

// desked is what a case remembers of one help desk.
type desked struct {
	Keys     []string `json:"keys,omitempty"` // digests, the newest last
	Ticket   string   `json:"ticket,omitempty"`
	Remark   string   `json:"remark,omitempty"` // the newest, unless something was done since
	Reopened int      `json:"reopened,omitempty"`
}

// Hear does what a help desk says of the escalation with that ID, once, and
// answers how it stands then. Whoever comes second gets a TakenError. Nobody is
// told because of it, so that no desk hears its own echo.
func (d *Desk) Hear(ctx context.Context, id string, w Word) (mention.Escalation, Heard, error) {
	if w.Channel == "" || w.Act.By == "" {
		return mention.Escalation{}, "", errors.New("which help desk it is, and who of it, must be said")
	}
	now := d.deps.now()
	var heard Heard
	var second *TakenError
	r, err := d.cases.change(ctx, id, func(r *record) (*record, error) {
		if r == nil {
			return nil, ErrUnknown
		}
		var err error
		heard, err = r.hear(w, now, d.promise)
		if second = nil; errors.As(err, &second) && len(r.Unwritten) > 0 {
			return r, nil // its ticket is new to us all the same
		}
		return r, err
	})
	if err == nil {
		err = d.finish(ctx, r)
	}
	if err == nil && second != nil {
		err = second
	}
	if r == nil {
		return mention.Escalation{}, heard, fmt.Errorf("escalation %s: %w", id, err)
	}
	if err != nil {
		err = fmt.Errorf("escalation %s: %w", id, err)
	}
	return r.Escalation, heard, err
}

// hear changes the record as the word wants; errSame where there is nothing to keep.
func (r *record) hear(w Word, now time.Time, p Promise) (Heard, error) {
	have := r.Desks[w.Channel]
	keys := digests(w)
	if slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(have.Keys, k) }) {
		return HeardRepeat, errSame
	}
	before := len(r.Unwritten)
	if w.Ticket != "" && w.Ticket != have.Ticket {
		have.Ticket = w.Ticket
		r.note("ticket", w.Channel, w.Ticket, now)
	}
	heard, err := r.heed(w, &have, now, p)
	if err != nil && !errors.Is(err, errSame) {
		keys = nil // nothing was done: asked again, it is looked at again
	}
	if have.Keys = append(have.Keys, keys...); len(have.Keys) > keepKeys {
		have.Keys = have.Keys[len(have.Keys)-keepKeys:]
	}
	if r.Desks == nil {
		r.Desks = map[string]desked{}
	}
	r.Desks[w.Channel] = have
	if errors.Is(err, errSame) && (len(keys) > 0 || len(r.Unwritten) > before) {
		err = nil
	}
	return heard, err
}

// heed acts, or notes why not.
func (r *record) heed(w Word, have *desked, now time.Time, p Promise) (Heard, error) {
	a := w.Act
	reopens := a.Type == "reopened" && (r.Escalation.State.Ended() || r.Escalation.State == mention.StateAnswered)
	switch {
	case a.Type == "":
		return HeardNoted, r.remark(w, have, now)
	case !a.At.IsZero() && a.At.Before(r.begun()):
		return HeardOvertaken, r.remark(w, have, now)
	case reopens && have.Reopened >= maxReopened:
		return HeardRefused, r.remark(w, have, now)
	case a.Type == "assigned", a.Type == "acknowledged" && r.Escalation.Holder == w.Channel: // by nobody who was named
		a.Type, a.To = "assigned", a.By
	}
	if err := r.apply(a, now, p); err != nil {
		return HeardNothing, err
	}
	have.Remark = ""
	if reopens {
		have.Reopened++
	}
	return HeardDone, nil
}

// begun is when what the case is about now began: nothing that a desk did before
// can be about it. A page that shows the minute may be a minute wrong.
func (r *record) begun() time.Time {
	began := r.Escalation.Seen
	if written := r.Escalation.Written; !written.IsZero() {
		began = written.Add(-time.Minute)
	}
	return slices.MaxFunc([]time.Time{began, r.Reopened}, time.Time.Compare)
}

// remark notes what the desk says, unless it said so before.
func (r *record) remark(w Word, have *desked, now time.Time) error {
	if w.Remark == "" || w.Remark == have.Remark {
		return errSame
	}
	have.Remark = w.Remark
	r.note("desk_note", w.Act.By, w.Remark, now)
	r.Unwritten[len(r.Unwritten)-1].ID = key("event", r.Escalation.ID, "desk_note", w.Channel, now.Format(time.RFC3339Nano))
	return nil
}

func digests(w Word) (keys []string) {
	for _, k := range w.Keys {
		keys = append(keys, key("word", w.Channel, k))
	}
	return keys
}
