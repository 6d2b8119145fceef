package main

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert"
	"feryat/alert/advice"
	"feryat/alert/incident"
	"feryat/alert/reply"
	"feryat/i18n"
	"feryat/mention"
	"feryat/queue"
	"feryat/web"
)

// caseStates keeps how cases stand. Whoever changes one, here, in another process
// or from the shell, writes there last.
func (h *home) caseStates(ctx context.Context) (*queue.Bucket, error) {
	return h.queue.Bucket(ctx, "escalations", 0)
}

// alertDeps are the store and the buckets that alert works with.
func (h *home) alertDeps(ctx context.Context) (alert.Deps, error) {
	states, err := h.caseStates(ctx)
	if err != nil {
		return alert.Deps{}, err
	}
	timers, err := h.queue.Bucket(ctx, "alert_timers", 0)
	if err != nil {
		return alert.Deps{}, err
	}
	told, err := h.queue.Bucket(ctx, "alert_told", rememberTold)
	if err != nil {
		return alert.Deps{}, err
	}
	return alert.Deps{
		History: h.store, Replies: h.store, Customers: h.store, Journal: alert.GroupJournal(h.store), Outbox: h.queue, Log: h.log.With("part", "alert"),
		States: states, Marks: told, Timers: alert.NewTimers(timers), Now: time.Now,
	}, nil
}

func (h *home) newDesk(ctx context.Context, deps alert.Deps, rules []alert.Rule, p *alert.Precision, m *alert.Metrics) (*alert.Desk, error) {
	signer, err := h.signer(ctx)
	if err != nil {
		return nil, err
	}
	cfg := alert.Config{
		Promise: h.cfg.Alert.Promise, Routes: h.cfg.Alert.Routes, Channels: h.cfg.channelNames(), Rules: rules, Links: signer.Links,
		Customers: h.cfg.Alert.Customers, Precision: p,
	}
	if err := h.languageOf(&cfg); err != nil {
		return nil, err
	}
	states, err := h.queue.Bucket(ctx, "incidents", 0)
	if err != nil {
		return nil, err
	}
	if cfg.Secret, err = h.sharedSecret(ctx, "incident_authors"); err != nil {
		return nil, err
	}
	if h.cfg.Alert.Incidents.Authors > 0 {
		cfg.Incidents = incident.NewBook(states, h.cfg.Alert.Incidents, deps.Now)
	}
	if h.cfg.Alert.Storm.Pages > 0 {
		cfg.Guard = incident.NewGuard(states, h.cfg.Alert.Storm, deps.Now)
	}
	return alert.NewDesk(cfg, deps, m), nil
}

// languageOf gives the desk what it needs to read and to write.
func (h *home) languageOf(cfg *alert.Config) error {
	book, err := loadAdvice(h.cfg)
	if err != nil {
		return err
	}
	replies, err := reply.New()
	if err != nil {
		return err
	}
	texts, err := i18n.Load()
	if err != nil {
		return err
	}
	cfg.Adviser, cfg.ReadReply, cfg.IncidentTitle = adviser{book}, replies.Read, map[string]string{}
	for _, l := range i18n.Languages() {
		cfg.IncidentTitle[string(l)] = texts.T(l, "rule.incident")
	}
	return nil
}

// adviser lets the desk ask the book of advice.
type adviser struct{ book *advice.Book }

func (a adviser) Advise(e mention.Escalation) (lines map[string][]string, draft, withheld string) {
	found := a.book.For(e)
	return found.Lines, found.Draft, found.Withheld
}

func loadAdvice(cfg config) (*advice.Book, error) {
	if cfg.Alert.Advice == "" {
		return advice.Bundled()
	}
	dir, err := cfg.folder(cfg.Alert.Advice)
	if err != nil {
		return nil, err
	}
	return advice.Load(os.DirFS(dir))
}

// folder is a folder that the configuration names; relative ones start beside the file.
func (c config) folder(dir string) (string, error) {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.dir(), dir)
	}
	_, err := os.Stat(dir) // its error names the folder
	return dir, err
}

// signer makes and reads the links of messages.
func (h *home) signer(ctx context.Context) (*alert.Signer, error) {
	secret, err := h.sharedSecret(ctx, "signed_links")
	if err != nil {
		return nil, err
	}
	return alert.NewSigner(secret, h.cfg.Web.PublicURL, time.Now), nil
}

// sharedSecret is made once and kept in the queue's store: other machines of a
// cluster have data folders of their own, and must come to the same.
func (h *home) sharedSecret(ctx context.Context, name string) ([]byte, error) {
	b, err := h.queue.Bucket(ctx, "secrets", 0)
	if err != nil {
		return nil, err
	}
	if _, err := b.Create(ctx, name, []byte(rand.Text()+rand.Text())); err != nil {
		return nil, err
	}
	return b.Get(ctx, name)
}

// deskOf is the desk alone, for commands and the page: what is decided there is
// told by whoever runs the role alert.
func (h *home) deskOf(ctx context.Context) (*alert.Desk, error) {
	rules, err := h.cfg.usableRules()
	if len(rules) == 0 {
		return nil, err
	}
	deps, err := h.alertDeps(ctx)
	if err != nil {
		return nil, err
	}
	return h.newDesk(ctx, deps, rules, nil, alert.NewMetrics(prometheus.NewRegistry()))
}

// office does what people decide on the page.
type office struct {
	*alert.Desk
	*alert.Signer
}

func (h *home) newOffice(ctx context.Context) (*office, error) {
	desk, err := h.deskOf(ctx)
	if err != nil {
		return nil, err
	}
	signer, err := h.signer(ctx)
	return &office{desk, signer}, err
}

// Act hands the page's acts to the desk.
func (o *office) Act(ctx context.Context, a web.Act) (mention.Escalation, error) {
	if a.Do != "false_alarm" {
		return o.Do(ctx, a.Escalation, alert.Act{Type: a.Do, By: a.By, To: a.To, Note: a.Note})
	}
	return mention.Escalation{ID: a.Escalation}, o.Feedback(ctx, a.Escalation, a.By, true)
}
