package alert

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/mention"
)

// Watcher reads stored rows and opens escalations.
type Watcher struct {
	rules   []Rule
	desk    *Desk
	deps    Deps
	metrics *Metrics
}

// NewWatcher watches with those rules that have conditions; desk leads what it opens.
func NewWatcher(rules []Rule, desk *Desk, d Deps, m *Metrics) *Watcher {
	rules = slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return r.Trend != nil })
	return &Watcher{rules: rules, desk: desk, deps: d, metrics: m}
}

// Handle judges rows in order, then takes the brand's replies among them. An
// error means that all rows must be handed in again; that does no harm to those
// which are done.
func (w *Watcher) Handle(ctx context.Context, rows []mention.Scored) error {
	// What was written before that has no bearing on what may still page.
	since := w.deps.now().Add(-w.maxAge() - w.longest(func(r Rule) time.Duration { return r.RepeatWindow }))
	recent := w.writtenAfter(rows, since)
	b := w.newBatch(recent, since)
	if err := b.prepare(ctx); err != nil {
		return err
	}
	for _, row := range recent {
		if err := w.judge(ctx, row, b); err != nil {
			return fmt.Errorf("alert on mention %s: %w", row.Mention.ID, err)
		}
	}
	if err := w.takeReplies(ctx, rows, b); err != nil {
		return err
	}
	return w.desk.finish(ctx, b.changed...)
}

// writtenAfter leaves out the old, which a first visit brings by the thousand:
// nothing is asked about them.
func (w *Watcher) writtenAfter(rows []mention.Scored, since time.Time) (recent []mention.Scored) {
	for _, row := range rows {
		if writtenAt(row.Mention).Before(since) {
			w.metrics.tooOld.Inc()
			continue
		}
		recent = append(recent, row)
	}
	return recent
}

// batch is what one call of Handle knows and has changed.
type batch struct {
	kin      *kin
	past     *past
	profiles *profiles
	replied  *replied
	changed  []*record
	opened   []mention.Escalation
}

// reopened asks for the replies to the mention that opened a case again: one may
// have been stored before it.
func (b *batch) reopened(r *record, id mention.ID) {
	if e := r.Escalation; e.State == mention.StateReopened && e.Mention == id {
		b.opened = append(b.opened, e)
	}
}

// prepare asks, all at once, what is asked of every complaint: who its author is,
// how he stands, and what he complained of before.
func (b *batch) prepare(ctx context.Context) error {
	var brands []string
	for _, row := range b.kin.rows {
		if isNews(row.Mention) && row.Verdict.Mood.Unhappy() && !slices.Contains(brands, row.Brand) {
			brands = append(brands, row.Brand)
		}
	}
	if len(brands) == 0 {
		return nil
	}
	if err := b.kin.load(ctx); err != nil {
		return err
	}
	for _, brand := range brands {
		asking, ctx := errgroup.WithContext(ctx)
		asking.Go(func() error { return b.past.load(ctx, brand) })
		asking.Go(func() error { return b.profiles.load(ctx, brand) })
		if err := asking.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// oldest is when the oldest of the complaints that opened cases was written, now at the latest.
func (b *batch) oldest(now time.Time) time.Time {
	for _, e := range b.opened {
		if !e.Written.IsZero() && e.Written.Before(now) {
			now = e.Written
		}
	}
	return now
}

func (w *Watcher) newBatch(rows []mention.Scored, since time.Time) *batch {
	k := &kin{customers: w.deps.Customers, rows: rows}
	return &batch{
		kin:      k,
		past:     &past{history: w.deps.History, kin: k, since: since, read: map[string]map[mention.Writer][]mention.Complaint{}},
		replied:  &replied{replies: w.deps.Replies, rows: rows},
		profiles: newProfiles(w.deps, w.desk.customers, k),
	}
}

// add keeps the newest record of each case.
func (b *batch) add(r *record) {
	b.changed = append(slices.DeleteFunc(b.changed, func(old *record) bool { return old.Escalation.ID == r.Escalation.ID }), r)
}

func (w *Watcher) judge(ctx context.Context, row mention.Scored, b *batch) error {
	if mayPage(row.Mention) {
		if err := w.apply(ctx, row, b); err != nil {
			return err
		}
	}
	if isNews(row.Mention) && row.Verdict.Mood.Unhappy() {
		return w.again(ctx, row, b)
	}
	return nil
}

// maxAge is the longest of the rules.
func (w *Watcher) maxAge() time.Duration {
	return w.longest(func(r Rule) time.Duration { return r.MaxAge })
}

func (w *Watcher) longest(of func(Rule) time.Duration) (d time.Duration) {
	for _, r := range w.rules {
		d = max(d, of(r))
	}
	return d
}

// match is a rule that holds of a mention, and why.
type match struct {
	rule Rule
	why  []string
}

// apply opens an escalation where rules hold of row: one, by the most severe.
// Rules that wait are put off.
func (w *Watcher) apply(ctx context.Context, row mention.Scored, b *batch) error {
	var matches []match
	for _, r := range w.rules {
		now, written := w.deps.now(), writtenAt(row.Mention)
		if now.Sub(written) > r.MaxAge {
			w.metrics.tooOld.Inc()
			continue
		}
		if at := written.Add(r.WaitFor); r.WaitFor > 0 && now.Before(at) {
			if err := w.putOff(ctx, r, row, at, b); err != nil {
				return err
			}
			continue
		}
		m, err := w.holds(ctx, r, row, b)
		if err != nil {
			return err
		}
		if m != nil {
			matches = append(matches, *m)
		}
	}
	matter, err := w.matter(ctx, row, b)
	if err != nil {
		return err
	}
	return w.escalate(ctx, row, matches, matter, b)
}

// holds answers nil where the rule does not.
func (w *Watcher) holds(ctx context.Context, r Rule, row mention.Scored, b *batch) (*match, error) {
	f := factsOf(row)
	f.Complaints = func() (int, error) { return b.past.rank(ctx, row, r.RepeatWindow) }
	f.Answered = func() (bool, error) { return b.replied.to(ctx, row.Mention) }
	f.Solved = func() (bool, error) { return w.solved(ctx, row, b) }
	f.Observed = func() ([]string, error) { p, err := b.profiles.of(ctx, row); return p.Observed, err }
	f.Stands = func() (string, error) { p, err := b.profiles.of(ctx, row); return string(p.Standing), err }
	why, ok, err := r.Holds(f)
	if err != nil {
		return nil, fmt.Errorf("rule %s: %w", r.Name, err)
	}
	if !ok {
		return nil, nil
	}
	return &match{r, why}, nil
}

// mayPage is false of what is not news, not a customer's or no longer there.
func mayPage(m mention.Mention) bool {
	return m.Origin == mention.OriginLive && isNews(m)
}

// isNews is true of what a crawler found and a customer wrote. The history
// that a first visit finds pages nobody by itself, but may show that a
// complaint of today is not the first.
func isNews(m mention.Mention) bool {
	return (m.Origin == mention.OriginLive || m.Origin == mention.OriginBackfill) && !m.Author.Own && !m.Gone
}

// writtenAt falls back to first sight where the source shows no time.
func writtenAt(m mention.Mention) time.Time {
	if !m.Written.Time.IsZero() {
		return m.Written.Time
	}
	if !m.SeenFirst.IsZero() {
		return m.SeenFirst
	}
	return m.Collected
}
