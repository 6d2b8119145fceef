package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/brand"
	"feryat/calendar"
	"feryat/mention"
)

const (
	// lookAtClocks is how often the clocks of escalations are looked at.
	lookAtClocks = 5 * time.Second
	// rememberTold is how long a message is known to have been told: longer than
	// the outbox keeps any.
	rememberTold = 30 * 24 * time.Hour
)

// alerts are the parts that tell people.
type alerts struct {
	*alert.Watcher
	*alert.Courier
	*alert.Desk
	trends    *alert.Trends
	brands    *brand.Matcher
	precision *alert.Precision
	digests   *alert.Digests // nil where none are wanted
}

func (h *home) newAlerts(ctx context.Context, reg prometheus.Registerer) (*alerts, error) {
	rules, refused := h.cfg.usableRules()
	if len(rules) == 0 {
		return nil, refused
	}
	brands, err := brand.New(h.cfg.Brands)
	if err != nil {
		return nil, err
	}
	log := h.log.With("part", "alert")
	channels, unkeyed, err := newChannels(h.cfg.channels(), log)
	if err != nil {
		return nil, err
	}
	deps, err := h.alertDeps(ctx)
	if err != nil {
		return nil, err
	}
	metrics := alert.NewMetrics(reg)
	if faults := problemsOf("alert.rules", refused); len(faults) > 0 {
		metrics.Refused(len(faults))
		log.Error("rules with faults do not run, the others do", "running", len(rules), "error", refused)
	}
	precision := alert.NewPrecision(h.store, rules, log)
	desk, err := h.newDesk(ctx, deps, rules, precision, metrics)
	if err != nil {
		return nil, err
	}
	trends, err := h.newTrends(rules, desk, deps, metrics)
	if err != nil {
		return nil, err
	}
	digests, err := h.newDigests(ctx, deps)
	if err != nil {
		return nil, err
	}
	courier := alert.NewCourier(channels, deps, metrics).Unkeyed(unkeyed...)
	return &alerts{alert.NewWatcher(rules, desk, deps, metrics), courier, desk, trends, brands, precision, digests}, nil
}

// newTrends runs the rules on a clock for the brands that are ours.
func (h *home) newTrends(rules []alert.Rule, desk *alert.Desk, deps alert.Deps, m *alert.Metrics) (*alert.Trends, error) {
	home, err := calendar.MarketOf(h.cfg.Web.Zone)
	if err != nil {
		return nil, err
	}
	markets := map[string]calendar.Market{}
	for _, b := range h.cfg.Brands {
		switch {
		case b.Rival:
		case b.Zone == "":
			markets[b.Name] = home
		default:
			if markets[b.Name], err = calendar.MarketOf(b.Zone); err != nil {
				return nil, err
			}
		}
	}
	sources := map[string]time.Duration{}
	for _, s := range h.cfg.Sources {
		if s.Every > 0 {
			sources[s.Name] = s.Every
		}
	}
	return alert.NewTrends(rules, alert.Watching{Markets: markets, Home: home, Sources: sources}, h.store, desk, deps, m), nil
}

// newChannels builds the channels, and names those whose receivers cannot tell a repeat.
func newChannels(configs []notify.Config, log *slog.Logger) (channels map[string]notify.Notifier, unkeyed []string, err error) {
	channels = map[string]notify.Notifier{}
	for _, c := range configs {
		if channels[c.Name], err = notify.New(c, log); err != nil {
			return nil, nil, err
		}
		if !notify.Idempotent(c) {
			unkeyed = append(unkeyed, c.Name)
		}
	}
	return channels, unkeyed, nil
}

// outlets are the channels of the courier in this process, for the page. A page
// without a courier beside it knows of none.
type outlets struct{ courier *alert.Courier }

// Channels tells how the channels are doing.
func (o outlets) Channels() []mention.ChannelHealth { return o.courier.Health() }

// run watches, keeps the clocks and delivers until ctx ends.
func (a *alerts) run(ctx context.Context, g *errgroup.Group, h *home) {
	g.Go(func() error { return a.watch(ctx, h) })
	g.Go(func() error { return a.Run(ctx, lookAtClocks, a.Waited) })
	g.Go(func() error { return a.precision.Run(ctx, alert.LookAtPrecision) })
	g.Go(func() error { return a.trends.Run(ctx) })
	if a.digests != nil {
		g.Go(func() error { return a.digests.Run(ctx, lookAtClocks) })
	}
	g.Go(func() error { return h.queue.ConsumeOutbox(ctx, a.Deliver) })
}

// watch hands stored rows to the watcher, in small batches so that a person is
// told soon. A rival's angry customer is for the page, not for our support.
func (a *alerts) watch(ctx context.Context, h *home) error {
	return h.queue.ConsumeStored(ctx, 500, time.Second, func(ctx context.Context, ds []mention.Delivery[mention.Scored]) error {
		var rows []mention.Scored
		for _, d := range ds {
			if a.brands.Watched(d.Value.Brand) {
				rows = append(rows, d.Value)
			}
		}
		rows, err := h.remembered(ctx, rows)
		if err != nil {
			return err
		}
		return a.Handle(ctx, rows)
	})
}

// remembered leaves out the rows of authors who were forgotten since they were stored.
func (h *home) remembered(ctx context.Context, rows []mention.Scored) (kept []mention.Scored, err error) {
	ms := make([]mention.Mention, len(rows))
	for i, r := range rows {
		ms[i] = r.Mention
	}
	gone, err := h.store.Forgotten(ctx, ms)
	for i, g := range gone {
		if !g {
			kept = append(kept, rows[i])
		}
	}
	return kept, err
}

// channels are the configured ones; without any, the log.
func (c config) channels() []notify.Config {
	if len(c.Alert.Channels) == 0 {
		return []notify.Config{{Name: "log", Type: "log"}}
	}
	return c.Alert.Channels
}

// usableRules are those without a fault that tell only channels there are, and
// all faults of the others.
func (c config) usableRules() ([]alert.Rule, error) {
	rules, err := loadRules(c)
	faults := []error{err}
	usable := slices.DeleteFunc(rules, func(r alert.Rule) bool {
		for _, name := range r.Channels {
			if !slices.Contains(c.channelNames(), name) {
				faults = append(faults, fmt.Errorf("rule %s tells channel %q, which is not under alert.channels", r.Name, name))
				return true
			}
		}
		return false
	})
	return usable, errors.Join(faults...)
}

// loadRules reads the rules that the configuration names, or else those that come with feryat.
func loadRules(cfg config) ([]alert.Rule, error) {
	if cfg.Alert.Rules == "" {
		return alert.Bundled()
	}
	dir, err := cfg.folder(cfg.Alert.Rules)
	if err != nil {
		return nil, err
	}
	return alert.Load(os.DirFS(dir))
}

// channelNames lists the names of the channels.
func (c config) channelNames() []string {
	var names []string
	for _, ch := range c.channels() {
		names = append(names, ch.Name)
	}
	return names
}
