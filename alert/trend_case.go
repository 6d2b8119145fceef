package alert

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feryat/alert/notify"
	"feryat/alert/trend"
	"feryat/mention"
)

// The notes of what ends by itself; codes of i18n.
const (
	noteUsual = "usual_again"
	noteBack  = "source_back"
	noteGone  = "source_gone"
)

// trendPriority is that of what many customers suffer from: after those who are
// about to leave, before what can wait.
const trendPriority = 2

// about makes the escalation of a series that began to be unusual at a time.
func about(r Rule, brand, source, begin string, now time.Time, f mention.Figures) mention.Escalation {
	return mention.Escalation{
		ID: key("trend", r.Name, brand, source, begin), Rule: r.Name, Severity: r.Severity, Brand: brand, Source: source,
		Excerpt: f.String(), Figures: &f, Topics: []string{}, Signals: []string{}, Why: []string{f.Kind}, Seen: now, Stored: now,
		Priority: trendPriority,
	}
}

// hoursOf is at least one.
func hoursOf(d time.Duration) int64 { return max(1, int64(d.Round(time.Hour)/time.Hour)) }

func beginOf(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// tell puts a finding into the record of the rule.
func (s *seen) tell(news trend.News, size float64, note string, e mention.Escalation) {
	s.Pending = append(s.Pending, finding{News: news, Size: size, Note: note, Escalation: e})
}

// within answers the incident that tells people of a spike already: one of its
// brand and topics that goes on, with at least ofTotal of what is above the usual.
// What is more than one such matter is news, and told.
func (t *Trends) within(ctx context.Context, e mention.Escalation) (id string, err error) {
	if t.desk.incidents == nil || e.Figures == nil || e.Figures.Kind != mention.FiguresSpike {
		return "", nil
	}
	open, err := t.desk.incidents.Open(ctx)
	if err != nil {
		return "", fmt.Errorf("incidents of %s: %w", e.Brand, err)
	}
	most := ofTotal * (e.Figures.Observed - e.Figures.Expected)
	for _, in := range open {
		same := in.Cause.Brand == e.Brand && (len(e.Topics) == 0 || slices.Contains(e.Topics, in.Cause.Topic))
		if n := float64(in.Mentions); same && n >= most {
			id, most = in.ID, n
		}
	}
	return id, nil
}

func (t *Trends) open(rule Rule, f finding, now time.Time) *record {
	e := f.Escalation
	e.State, e.Opened, e.Team = mention.StateOpen, now, routeOf(t.desk.routes, t.desk.channels, e, now).Team
	r := &record{Escalation: e, Size: f.Size}
	r.transition("opened", mention.StateOpen, "", "", now)
	r.tell(notify.KindOpened, "opened", t.desk.first(e, rule, now))
	return r
}

// grow tells of it again. One that was called solved is open again; one that
// nobody can or will do anything about stays so.
func (t *Trends) grow(r *record, rule Rule, f finding, now time.Time) error {
	if f.Size <= r.Size {
		return errSame
	}
	have, e := &r.Escalation, f.Escalation
	r.Size, have.Figures, have.Excerpt, have.Topics, have.Incident = f.Size, e.Figures, e.Excerpt, e.Topics, e.Incident
	switch {
	case have.State == mention.StateResolved:
		r.reopen("feryat", e.Excerpt, time.Time{}, now)
		r.tell(notify.KindReopened, fmt.Sprintf("reopened.%d", r.Step), t.desk.first(*have, rule, now))
	case have.State.Ended():
		r.note("grown", "feryat", e.Excerpt, now)
	default:
		r.note("grown", "feryat", e.Excerpt, now)
		r.tell(notify.KindGrown, fmt.Sprintf("grown.%.1f", f.Size), t.desk.first(*have, rule, now))
	}
	return nil
}

// over ends it unless somebody has done so. A spike then shows what it reached,
// which may be more than was told of it.
func (r *record) over(f finding, now time.Time) error {
	have, e := &r.Escalation, f.Escalation
	if have.State.Ended() {
		return errSame
	}
	if e.Figures.Kind == mention.FiguresSpike && e.Figures.Observed > 0 {
		have.Figures, have.Excerpt, have.Topics = e.Figures, e.Excerpt, e.Topics
	}
	return r.end(Act{Type: string(mention.StateResolved), By: "feryat", Note: f.Note}, now, now)
}
