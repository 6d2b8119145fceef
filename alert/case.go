package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/alert/notify"
	"feryat/mention"
)

const (
	// maxTogether is how many mentions of one customer a case remembers; more
	// are counted as long as none of those comes again.
	maxTogether = 200
	// finishAfter is when a case is looked at again whose change may have been
	// cut short by a crash.
	finishAfter = 30 * time.Second
)

// record is what states keeps of one case: an escalation, which holds all that
// one customer writes of a brand until it ends. Everything that has to follow
// from a change stands in the record with it, so that a crash loses none of it.
type record struct {
	Escalation mention.Escalation `json:"escalation"`
	Step       int                `json:"step"`               // number of the newest transition
	Moved      time.Time          `json:"moved"`              // time of the newest transition
	Mentions   []mention.ID       `json:"mentions,omitempty"` // that belong to the case
	Telling    []telling          `json:"telling,omitempty"`  // not yet in the outbox
	Unwritten  []mention.Event    `json:"unwritten,omitempty"`
	HandedOn   int                `json:"handed_on,omitempty"` // steps of the chain that were told
	Warned     bool               `json:"warned,omitempty"`    // of the promise of now; a reopening promises anew
	Breached   bool               `json:"breached,omitempty"`
	Told       int                `json:"told,omitempty"`    // of an incident: the largest step that was told
	Size       float64            `json:"size,omitempty"`    // of a spike when it was last told
	Reopened   time.Time          `json:"reopened,omitzero"` // by a person, the last time
	Desks      map[string]desked  `json:"desks,omitempty"`   // what help desks said, by channel
}

// telling is a message that has to go out. Name tells it apart from the others
// of its case for ever.
type telling struct {
	Name     string      `json:"name"`
	Kind     notify.Kind `json:"kind"`
	Channels []string    `json:"channels"`
}

// note adds an event that changes neither state nor holder.
func (r *record) note(kind, actor, note string, at time.Time) {
	e := event(r.Escalation, kind, actor, note, at)
	e.ID = key("event", r.Escalation.ID, kind, actor, note)
	r.Unwritten = append(r.Unwritten, e)
}

// transition numbers a step and sets the state after it.
func (r *record) transition(kind string, to mention.State, actor, note string, at time.Time) {
	r.Step++
	r.Moved, r.Escalation.State = at, to
	e := event(r.Escalation, kind, actor, note, at)
	e.ID, e.Step = key("event", r.Escalation.ID, "step", fmt.Sprint(r.Step)), r.Step
	r.Unwritten = append(r.Unwritten, e)
}

// tell asks for a message; one without channels is for the list alone.
func (r *record) tell(kind notify.Kind, name string, channels []string) {
	if len(channels) > 0 {
		r.Telling = append(r.Telling, telling{Name: name, Kind: kind, Channels: channels})
	}
}

// join adds a mention; false if it is there already.
func (r *record) join(id mention.ID) bool {
	if id == "" || slices.Contains(r.Mentions, id) {
		return false
	}
	if r.Mentions = append(r.Mentions, id); len(r.Mentions) > maxTogether {
		r.Mentions = r.Mentions[1:]
	}
	r.Escalation.Mentions++
	return true
}

// cases reads and changes records.
type cases struct{ deps Deps }

// errSame says that a change has nothing to change.
var errSame = errors.New("nothing to change")

// load answers nil where there is no such case.
func (c cases) load(ctx context.Context, id string) (*record, uint64, error) {
	body, revision, err := c.deps.States.Load(ctx, id)
	if err != nil || body == nil {
		return nil, 0, err
	}
	r := &record{}
	if err := json.Unmarshal(body, r); err != nil {
		return nil, 0, fmt.Errorf("the record of escalation %s: %w", id, err)
	}
	return r, revision, nil
}

// change lets f change the record as it stands (nil: there is none) and stores
// what f answers, unless somebody was quicker: then f is asked again. Nothing
// that follows from it is done yet, see finish; should this process end before,
// the timer brings the case back.
func (c cases) change(ctx context.Context, id string, f func(*record) (*record, error)) (*record, error) {
	for {
		r, revision, err := c.load(ctx, id)
		if err != nil {
			return nil, err
		}
		next, err := f(r)
		if errors.Is(err, errSame) {
			return r, nil
		}
		if err != nil {
			return r, err
		}
		body, err := json.Marshal(next)
		if err != nil {
			return nil, err
		}
		if err := c.deps.Timers.Set(ctx, c.deps.now().Add(finishAfter), timerCase, id, nil); err != nil {
			return nil, err
		}
		if revision, err = c.deps.States.Update(ctx, id, body, revision); err != nil {
			return nil, err
		}
		if revision != 0 {
			return next, nil
		}
	}
}

// settlers is how many records are settled at once: each waits for the store of
// states twice, and who comes next in a rush waits for them all.
const settlers = 8

// finish does what has to follow from changes: the messages go into the outbox,
// then the events into the journal, all in one insert, then the records forget
// them. Done twice it does no harm.
func (c cases) finish(ctx context.Context, carry func(context.Context, *record) error, records ...*record) error {
	var events []mention.Event
	for _, r := range records {
		if err := carry(ctx, r); err != nil {
			return err
		}
		events = append(events, r.Unwritten...)
	}
	if len(events) > 0 {
		if err := c.deps.Journal.InsertEvents(ctx, events); err != nil {
			return fmt.Errorf("store %d steps of escalations: %w", len(events), err)
		}
	}
	settling, ctx := errgroup.WithContext(ctx)
	settling.SetLimit(settlers)
	for _, r := range records {
		settling.Go(func() error { return c.settle(ctx, r) })
	}
	return settling.Wait()
}

// settle forgets what was done; what others added meanwhile stays.
func (c cases) settle(ctx context.Context, done *record) error {
	if len(done.Unwritten)+len(done.Telling) == 0 {
		return nil
	}
	_, err := c.changeQuietly(ctx, done.Escalation.ID, func(r *record) {
		r.Unwritten = slices.DeleteFunc(r.Unwritten, func(e mention.Event) bool {
			return slices.ContainsFunc(done.Unwritten, func(d mention.Event) bool { return d.ID == e.ID })
		})
		r.Telling = slices.DeleteFunc(r.Telling, func(t telling) bool {
			return slices.ContainsFunc(done.Telling, func(d telling) bool { return d.Name == t.Name })
		})
	})
	return err
}

// changeQuietly changes what needs no finishing.
func (c cases) changeQuietly(ctx context.Context, id string, f func(*record)) (*record, error) {
	for {
		r, revision, err := c.load(ctx, id)
		if err != nil || r == nil {
			return nil, err
		}
		f(r)
		body, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		if revision, err = c.deps.States.Update(ctx, id, body, revision); err != nil || revision != 0 {
			return r, err
		}
	}
}

// point lets an index key (of an author, of a mention) lead to a case, unless
// it leads to another that keep says still counts; it answers where it leads.
func (c cases) point(ctx context.Context, index, id string, keep func(id string) (bool, error)) (string, error) {
	// Most keys are new ones: looking first would be one more wait for each.
	if revision, err := c.deps.States.Update(ctx, index, []byte(id), 0); err != nil || revision != 0 {
		return id, err
	}
	for {
		body, revision, err := c.deps.States.Load(ctx, index)
		if err != nil {
			return "", err
		}
		if body != nil {
			kept, err := keep(string(body))
			if err != nil || kept {
				return string(body), err
			}
		}
		if revision, err = c.deps.States.Update(ctx, index, []byte(id), revision); err != nil || revision != 0 {
			return id, err
		}
	}
}

func authorIndex(brand string, w mention.Writer) string {
	return "author." + key("author", brand, w.Source, w.Author)
}

func mentionIndex(brand string, id mention.ID) string {
	return "mention." + key("mention", brand, string(id))
}
