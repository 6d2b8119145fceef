package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"feryat/alert/customer"
	"feryat/alert/notify"
	"feryat/mention"
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
	// incidents and guard are nil where they are not wanted.
	incidents incidents
	guard     stormGuard
	secret    []byte
	customers customer.Config
	looked    atomic.Int64 // when incidents were last looked through, Unix seconds

	precision *Precision
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
	// Incidents and Guard may be nil: then each page stands for itself. Secret is
	// the key of the hashes by which incidents tell authors apart.
	Incidents incidents
	Guard     stormGuard
	Secret    []byte
	// Customers says what makes a customer of the imported list stand out.
	Customers customer.Config
	// IncidentTitle is by language.
	IncidentTitle map[string]string
	// Precision demotes rules that are wrong too often; nil demotes none.
	Precision *Precision
}

// NewDesk is inert until its methods are called.
func NewDesk(cfg Config, d Deps, m *Metrics) *Desk {
	desk := &Desk{
		cases: cases{d}, deps: d, promise: cfg.Promise, routes: cfg.Routes, channels: cfg.Channels,
		adviser: cfg.Adviser, links: cfg.Links, read: cfg.ReadReply, metrics: m, titles: map[string]map[string]string{incidentRule: cfg.IncidentTitle},
		incidents: cfg.Incidents, guard: cfg.Guard, secret: cfg.Secret, customers: cfg.Customers,
		precision: cfg.Precision,
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
		single, err := d.single(ctx, channel, e, t)
		if err != nil {
			return err
		}
		if !single {
			continue
		}
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
