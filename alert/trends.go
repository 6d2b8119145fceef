package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

// complaintCounts answers how often customers complained, see storage.
type complaintCounts interface {
	HourlyComplaints(ctx context.Context, since, until time.Time, each func(mention.Series) error) error
	RecentComplaints(ctx context.Context, now, learnt time.Time, windows []time.Duration, bursting []string) ([]mention.Recent, []mention.Gap, error)
}

// starCounts answers what stars were given.
type starCounts interface {
	DailyRatings(ctx context.Context, since, until time.Time) ([]mention.RatingDay, error)
}

// sourceReports answer how sources are doing.
type sourceReports interface {
	HourlySeen(ctx context.Context, since, until time.Time, each func(mention.Series) error) error
	Coverage(ctx context.Context, since time.Time) ([]mention.SourceHealth, error)
}

// Counts is what rules on a clock ask the store.
type Counts interface {
	complaintCounts
	starCounts
	sourceReports
}

// Trends runs the rules that have a Trend, and opens and ends escalations by
// what they find.
//
// A rule keeps what it has seen in one record with compare-and-set: whoever
// looks first of several processes has looked for all, and what follows from a
// look stands in the record until it is done, so that a crash loses none of it.
// The ID of an escalation follows from rule, series and begin, so that doing it
// twice does no harm.
type Trends struct {
	desk    *Desk
	deps    Deps
	metrics *Metrics
	lookers []looker
}

// looker is one rule with what it has learnt.
type looker interface {
	rule() Rule
	// due tells whether it is time to look again.
	due(last, now time.Time) bool
	// look compares what is stored with what is usual, and changes s.
	look(ctx context.Context, now time.Time, s *seen) error
	// promised is how many false alarms a month are expected, as of the last look.
	promised() float64
	// outlook is what is to be expected of the rule, after it has learnt.
	outlook(ctx context.Context, now time.Time) (Outlook, error)
}

// Outlook is what a rule promises and what follows from it as of now.
type Outlook struct {
	Rule        string
	Promised    float64 // false alarms a month, of all brands together
	FalseAlarms float64 // expected a month: an upper bound, at most what is promised
	Series      int     // of brands, topics or sources that are judged
	Young       int     // that are not yet, for want of history
}

// seen is what a rule keeps between looks.
type seen struct {
	Looked  time.Time            `json:"looked,omitzero"`
	Brands  map[string]*spiking  `json:"brands,omitempty"`  // that have a spike
	Drops   map[string]time.Time `json:"drops,omitempty"`   // brand and source: the begin of a drop
	Sources map[string]*watched  `json:"sources,omitempty"` // all there are
	Pending []finding            `json:"pending,omitempty"` // not yet done
}

// finding is what a look has changed about an escalation.
type finding struct {
	News       trend.News         `json:"news"`
	Size       float64            `json:"size,omitempty"`
	Note       string             `json:"note,omitempty"`
	Escalation mention.Escalation `json:"escalation"`
}

// Watching is what rules on a clock look at.
type Watching struct {
	Markets map[string]calendar.Market // of the brands that are ours
	Home    calendar.Market            // of the sources
	// Sources are those that are visited by themselves, with the pause between two
	// visits; others may well be silent.
	Sources map[string]time.Duration
}

// NewTrends runs those of rules that have a Trend. Nothing happens before Tick;
// one Trends is for one goroutine.
func NewTrends(rules []Rule, w Watching, counts Counts, desk *Desk, d Deps, m *Metrics) *Trends {
	t := &Trends{desk: desk, deps: d, metrics: m}
	var coverage []string
	for _, r := range rules {
		if r.Trend != nil && r.Trend.Kind == trendCoverage {
			coverage = append(coverage, r.Name)
			t.lookers = append(t.lookers, &coverageRule{of: r, home: w.Home, sources: w.Sources, counts: counts})
		}
	}
	held := func(ctx context.Context, now time.Time) ([]string, error) { return t.bursting(ctx, coverage, now) }
	for _, r := range rules {
		switch {
		case r.Trend == nil:
		case r.Trend.Kind == trendSpike:
			t.lookers = append(t.lookers, &spikeRule{of: r, markets: w.Markets, counts: counts, held: held})
		case r.Trend.Kind == trendDrop:
			t.lookers = append(t.lookers, &dropRule{of: r, markets: w.Markets, counts: counts})
		}
	}
	return t
}

// lookEvery is how often a rule is asked whether it is time.
const lookEvery = time.Minute

// Run looks until ctx ends.
func (t *Trends) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := t.Tick(ctx); err != nil && ctx.Err() == nil {
			t.deps.Log.Warn("rules on a clock: tried again soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Tick lets every rule look whose time has come. One that fails is tried at the
// next; the others have looked.
func (t *Trends) Tick(ctx context.Context) error {
	var faults []error
	for _, l := range t.lookers {
		if err := t.turn(ctx, l); err != nil {
			faults = append(faults, fmt.Errorf("rule %s: %w", l.rule().Name, err))
		}
	}
	return errors.Join(faults...)
}

// Outlooks tells what is to be expected of each rule, by what is stored.
func (t *Trends) Outlooks(ctx context.Context) ([]Outlook, error) {
	var all []Outlook
	for _, l := range t.lookers {
		o, err := l.outlook(ctx, t.deps.now())
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", l.rule().Name, err)
		}
		all = append(all, o)
	}
	return all, nil
}

func (t *Trends) turn(ctx context.Context, l looker) error {
	s, revision, err := t.load(ctx, l.rule().Name)
	if err != nil {
		return err
	}
	if len(s.Pending) > 0 { // a crash cut it short, or another process is at it
		if err := t.settle(ctx, l.rule(), s.Pending); err != nil {
			return err
		}
		return t.turn(ctx, l)
	}
	now := t.deps.now()
	if !l.due(s.Looked, now) {
		return nil
	}
	if err := l.look(ctx, now, s); err != nil {
		return err
	}
	t.metrics.expected.WithLabelValues(l.rule().Name).Set(l.promised())
	s.Looked = now
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if revision, err = t.deps.States.Update(ctx, seenKey(l.rule().Name), body, revision); err != nil || revision == 0 {
		return err // somebody else has looked
	}
	return t.settle(ctx, l.rule(), s.Pending)
}

func seenKey(rule string) string { return "trend." + key("trend", rule) }

func (t *Trends) load(ctx context.Context, rule string) (*seen, uint64, error) {
	body, revision, err := t.deps.States.Load(ctx, seenKey(rule))
	s := &seen{Brands: map[string]*spiking{}, Drops: map[string]time.Time{}, Sources: map[string]*watched{}}
	if err == nil && body != nil {
		err = json.Unmarshal(body, s)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("what rule %s has seen: %w", rule, err)
	}
	return s, revision, nil
}

// settle does what is pending, then forgets it.
func (t *Trends) settle(ctx context.Context, r Rule, pending []finding) error {
	if len(pending) == 0 {
		return nil
	}
	for _, f := range pending {
		if err := t.do(ctx, r, f); err != nil {
			return fmt.Errorf("escalation %s: %w", f.Escalation.ID, err)
		}
	}
	for {
		s, revision, err := t.load(ctx, r.Name)
		if err != nil || len(s.Pending) == 0 || s.Pending[0].key() != pending[0].key() {
			return err // somebody else has done the same
		}
		s.Pending = nil
		body, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if revision, err = t.deps.States.Update(ctx, seenKey(r.Name), body, revision); err != nil || revision != 0 {
			return err
		}
	}
}

// key names what a finding asks for, for ever.
func (f finding) key() string { return fmt.Sprint(f.Escalation.ID, f.News, f.Size) }

// do opens, grows or ends the escalation of a finding.
func (t *Trends) do(ctx context.Context, rule Rule, f finding) error {
	now, opened := t.deps.now(), false
	var err error
	if f.Escalation.Incident, err = t.within(ctx, f.Escalation); err != nil {
		return err
	}
	r, err := t.desk.cases.change(ctx, f.Escalation.ID, func(r *record) (*record, error) {
		opened = r == nil && f.News != trend.Over
		switch {
		case opened:
			return t.open(rule, f, now), nil
		case r == nil:
			return nil, errSame // it ended long ago
		case f.News == trend.Grown:
			return r, t.grow(r, rule, f, now)
		case f.News == trend.Over:
			return r, r.over(f, now)
		}
		return r, errSame
	})
	if err != nil || r == nil {
		return err
	}
	if opened {
		t.metrics.opened.WithLabelValues(rule.Name, rule.Severity).Inc()
	}
	return t.desk.finish(ctx, r)
}
