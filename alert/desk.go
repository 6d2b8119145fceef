package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

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

// Desk is the life of escalations: acts of people, clocks, the chain of those
// who are told, and the messages about all of it. Several processes may run one.
type Desk struct {
	cases    cases
	deps     Deps
	promise  Promise
	routes   []Route
	channels []string
	titles   map[string]map[string]string // of rules, by name and language
	adviser  adviser
	links    func(mention.Escalation) notify.Links
	read     func(text, language string) mention.Reply
	metrics  *Metrics
}

// adviser says how to win a customer back.
type adviser interface {
	Advise(e mention.Escalation) (lines map[string][]string, draft, withheld string)
}

// Config is what people decide about escalations.
type Config struct {
	Promise Promise
	Routes  []Route
	// Channels are the names of all channels.
	Channels []string
	Rules    []Rule
	// Adviser may be nil: then messages carry no advice.
	Adviser adviser
	// Links may be nil: then messages lead nowhere but to the original.
	Links func(mention.Escalation) notify.Links
	// ReadReply says what a reply of the brand is; nil leaves that open.
	ReadReply func(text, language string) mention.Reply
}

// NewDesk is inert until its methods are called.
func NewDesk(cfg Config, d Deps, m *Metrics) *Desk {
	desk := &Desk{
		cases: cases{d}, deps: d, promise: cfg.Promise, routes: cfg.Routes, channels: cfg.Channels,
		adviser: cfg.Adviser, links: cfg.Links, read: cfg.ReadReply, metrics: m, titles: map[string]map[string]string{},
	}
	for _, r := range cfg.Rules {
		desk.titles[r.Name] = r.Title
	}
	return desk
}

// Case answers how an escalation stands; nil where it is not known, or ended long ago.
func (d *Desk) Case(ctx context.Context, id string) (*mention.Escalation, error) {
	r, _, err := d.cases.load(ctx, id)
	if err != nil || r == nil {
		return nil, err
	}
	return &r.Escalation, nil
}

// Advise says how to win the customer back; nothing without an adviser.
func (d *Desk) Advise(e mention.Escalation) (lines map[string][]string, draft, withheld string) {
	if d.adviser == nil || e.Figures != nil { // nobody to win back
		return nil, "", ""
	}
	return d.adviser.Advise(e)
}

func (d *Desk) readReply(text, language string) mention.Reply {
	if d.read == nil {
		return mention.ReplyOther
	}
	return d.read(text, language)
}

func (d *Desk) finish(ctx context.Context, records ...*record) error {
	return d.cases.finish(ctx, d.carry, records...)
}

// carry puts the messages of a record into the outbox, or sets a timer where
// they may wait for the end of quiet hours.
func (d *Desk) carry(ctx context.Context, r *record) error {
	now := d.deps.now()
	for _, t := range r.Telling {
		until := routeOf(d.routes, d.channels, r.Escalation, now).quietUntil(r.Escalation.Severity, now)
		if until.After(now) {
			body, err := json.Marshal(t)
			if err != nil {
				return err
			}
			if err := d.deps.Timers.Set(ctx, until, timerQuiet, r.Escalation.ID+"."+t.Name, body); err != nil {
				return err
			}
			continue
		}
		if err := d.send(ctx, r.Escalation, t); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) send(ctx context.Context, e mention.Escalation, t telling) error {
	m := notify.Message{Kind: t.Kind, Title: d.titles[e.Rule], Escalation: e}
	m.Advice, m.Draft, m.Withheld = d.Advise(e)
	if d.links != nil {
		m.Links = d.links(e)
	}
	for _, channel := range t.Channels {
		m.Key = key("message", e.ID, t.Name, channel)
		payload, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if err := d.deps.Outbox.Enqueue(ctx, channel, m.Key, payload); err != nil {
			return fmt.Errorf("queue a message for channel %s: %w", channel, err)
		}
	}
	return nil
}

// Run keeps the clocks until ctx ends.
func (d *Desk) Run(ctx context.Context, tick time.Duration, wait func(ctx context.Context, id string, payload []byte) error) error {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		if err := d.Tick(ctx, wait); err != nil && ctx.Err() == nil {
			d.deps.Log.Warn("clocks of escalations: tried again soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// Tick does what is due. One that fails stays due; the others are done.
func (d *Desk) Tick(ctx context.Context, wait func(ctx context.Context, id string, payload []byte) error) error {
	due, err := d.deps.Timers.due(ctx, d.deps.now())
	for _, t := range due {
		one := d.ring(ctx, t, wait)
		if one == nil {
			one = d.deps.Timers.done(ctx, t)
		}
		err = errors.Join(err, one)
	}
	return err
}

func (d *Desk) ring(ctx context.Context, t timer, wait func(ctx context.Context, id string, payload []byte) error) error {
	switch t.kind {
	case timerCase:
		return d.look(ctx, t.id)
	case timerPrune:
		return d.prune(ctx, t.id)
	}
	payload, err := d.deps.Timers.payload(ctx, t)
	if err != nil || payload == nil {
		return err
	}
	if t.kind == timerWait {
		return wait(ctx, t.id, payload)
	}
	return d.sendHeld(ctx, t.id, payload)
}

// sendHeld sends what quiet hours held back, unless it has ended meanwhile.
func (d *Desk) sendHeld(ctx context.Context, id string, payload []byte) error {
	var t telling
	if err := json.Unmarshal(payload, &t); err != nil {
		return err
	}
	r, _, err := d.cases.load(ctx, id[:len(id)-len(t.Name)-1])
	if err != nil || r == nil || r.Escalation.State.Ended() {
		return err
	}
	return d.send(ctx, r.Escalation, t)
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

// handOn tells the next of the chain while nobody takes the case.
func (d *Desk) handOn(r *record, route Route, now time.Time, sooner func(time.Time)) {
	if rankOf(r.Escalation.Severity) == 0 {
		return // on the list alone: nobody was told, nobody is asked why
	}
	for r.HandedOn < len(route.Chain) {
		step := route.Chain[r.HandedOn]
		at := r.since().Add(step.After)
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
	if rankOf(e.Severity) == 0 {
		told = nil
	}
	warn := e.Due.Add(-d.promise.Warn)
	if !r.Warned && !now.Before(warn) {
		r.Warned = true
		r.note("warned", "feryat", e.Due.Format(time.RFC3339), now)
		if now.Before(e.Due) && now.Sub(r.since()) >= tooSoon {
			r.tell(notify.KindWarned, fmt.Sprintf("warned.%d", e.Due.Unix()), told)
		}
	}
	if !r.Breached && !now.Before(e.Due) {
		r.Breached = true
		r.note("breached", "feryat", e.Due.Format(time.RFC3339), now)
		if e.Due.Sub(r.since()) >= 0 || now.Sub(r.since()) >= tooSoon {
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
	e := r.Escalation
	indexes := []string{authorIndex(e.Brand, e.Source, e.Author)}
	for _, m := range r.Mentions {
		indexes = append(indexes, mentionIndex(e.Brand, m))
	}
	for _, index := range indexes {
		leads, _, err := d.deps.States.Load(ctx, index)
		if err == nil && string(leads) == id { // else the customer has a newer case
			err = d.deps.States.Delete(ctx, index)
		}
		if err != nil {
			return err
		}
	}
	return d.deps.States.Delete(ctx, id) // last: until then it is tried again
}
