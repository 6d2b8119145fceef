package alert

import (
	"context"
	"slices"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

const (
	// coverageEvery is how often sources are looked at.
	coverageEvery = 5 * time.Minute
	// asleep is the pause between two looks from which on this program was not
	// there: what was silent meanwhile says nothing.
	asleep = time.Hour
	// burst is how long after its return a source may bring what it missed: the
	// longest of the windows that spikes are looked for in.
	burst = 6 * time.Hour
)

// watched is what is known of a source between looks.
type watched struct {
	Good   bool      `json:"good,omitempty"`   // it could be read once
	Run    time.Time `json:"run,omitzero"`     // start of the last run that was counted
	Failed int       `json:"failed,omitempty"` // runs in a row without a good page
	First  time.Time `json:"first,omitzero"`   // start of the first of them
	Back   time.Time `json:"back,omitzero"`    // since when it is there again, or watched at all
	Lost   time.Time `json:"lost,omitzero"`    // since when it is told as lost; zero while it is not
	Silent bool      `json:"silent,omitempty"` // it is told for its silence
}

// coverageRule looks for sources that are not covered any more.
type coverageRule struct {
	of      Rule
	home    calendar.Market
	sources map[string]time.Duration
	counts  sourceReports

	learnt time.Time
	usual  map[string]trend.Baseline
	last   map[string]time.Time // when a source was heard of
	plan   trend.QuietPlan
}

func (r *coverageRule) rule() Rule { return r.of }

func (r *coverageRule) due(last, now time.Time) bool { return now.Sub(last) >= coverageEvery }

func (r *coverageRule) promised() float64 { return r.plan.FalseAlarms }

func (r *coverageRule) outlook(ctx context.Context, now time.Time) (Outlook, error) {
	err := r.learn(ctx, now)
	return Outlook{r.of.Name, r.of.Trend.FalseAlarms, r.plan.FalseAlarms, r.plan.Series, r.plan.Young}, err
}

// learn learns once an hour, and hears of every source at each look.
func (r *coverageRule) learn(ctx context.Context, now time.Time) error {
	if age := now.Sub(r.learnt); age >= 0 && age < learnEvery {
		return r.counts.HourlySeen(ctx, r.learnt.Truncate(time.Hour), now, func(s mention.Series) error {
			r.hear(s, now)
			return nil
		})
	}
	r.usual, r.last = map[string]trend.Baseline{}, map[string]time.Time{}
	var all []trend.Baseline
	err := r.counts.HourlySeen(ctx, now.Add(-trend.History), now, func(s mention.Series) error {
		b := trend.Learn(s, r.home, now)
		r.usual[s.Source], all = b, append(all, b)
		r.hear(s, now)
		return nil
	})
	if err == nil {
		r.learnt, r.plan = now, trend.CalibrateQuiet(r.of.Trend.quiet(), all)
	}
	return err
}

// hear notes the end of the last hour in which a source gave anything.
func (r *coverageRule) hear(s mention.Series, now time.Time) {
	for _, h := range s.Hours {
		end := h.At.Add(time.Hour)
		if end.After(now) {
			end = now
		}
		if h.N > 0 && end.After(r.last[s.Source]) {
			r.last[s.Source] = end
		}
	}
}

func (r *coverageRule) look(ctx context.Context, now time.Time, s *seen) error {
	if err := r.learn(ctx, now); err != nil {
		return err
	}
	reports, err := r.counts.Coverage(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	reports = slices.DeleteFunc(reports, func(h mention.SourceHealth) bool { _, ours := r.sources[h.Source]; return !ours })
	slept := now.Sub(s.Looked) >= asleep
	for _, h := range reports {
		w := s.Sources[h.Source]
		if w == nil {
			w = &watched{}
			s.Sources[h.Source] = w
		}
		if slept {
			w.Back = now
		}
		w.visit(h, r.of.Trend.Runs, now)
		r.judge(h.Source, w, now, s)
	}
	r.drop(reports, now, s)
	return nil
}

// drop forgets sources that are no longer configured, or not visited for a month.
func (r *coverageRule) drop(reports []mention.SourceHealth, now time.Time, s *seen) {
	for source, w := range s.Sources {
		if slices.ContainsFunc(reports, func(h mention.SourceHealth) bool { return h.Source == source }) {
			continue
		}
		if !w.Lost.IsZero() {
			s.tell(trend.Over, 0, noteGone, about(r.of, "", source, beginOf(w.Lost), now, mention.Figures{Kind: mention.FiguresQuiet}))
		}
		delete(s.Sources, source)
	}
}

// visit counts the last run, once.
func (w *watched) visit(h mention.SourceHealth, most int, now time.Time) {
	switch {
	case h.Healthy:
		if w.Failed >= most {
			w.Back = now
		}
		w.Good, w.Failed, w.First = true, 0, time.Time{}
	case h.RunStarted.After(w.Run) && (w.Good || !h.LastOK.IsZero()):
		if w.Failed++; w.Failed == 1 {
			w.First = h.RunStarted
		}
	}
	w.Run = h.RunStarted
}

// judge tells of a source that is lost, and of one that is back.
func (r *coverageRule) judge(source string, w *watched, now time.Time, s *seen) {
	failing := w.Failed >= r.of.Trend.Runs
	silence := r.silence(source, w, now)
	// What is silent stays so until something comes: a quiet night is no return.
	silent := w.Failed == 0 && (silence.Verdict == trend.Unusual || w.Silent && !r.last[source].After(w.Lost))
	switch {
	case w.Lost.IsZero() && (failing || silent):
		w.Lost, w.Silent = now, !failing
		f := mention.Figures{Kind: mention.FiguresFailing, Observed: float64(w.Failed), Hours: hoursOf(now.Sub(w.First))}
		if w.Silent {
			f = mention.Figures{Kind: mention.FiguresQuiet, Expected: silence.Expected, Hours: hoursOf(now.Sub(silence.From))}
		}
		s.tell(trend.Begun, 0, "", about(r.of, "", source, beginOf(w.Lost), now, f))
	case !w.Lost.IsZero() && !silent && w.Failed == 0:
		s.tell(trend.Over, 0, noteBack, about(r.of, "", source, beginOf(w.Lost), now, mention.Figures{Kind: mention.FiguresQuiet}))
		w.Lost, w.Silent, w.Back = time.Time{}, false, now
	}
}

// silence is that since the source was heard of, or since it is back.
func (r *coverageRule) silence(source string, w *watched, now time.Time) trend.Finding {
	b, known := r.usual[source]
	if !known {
		return trend.Finding{Verdict: trend.Young}
	}
	last := r.last[source]
	if w.Back.After(last) {
		last = w.Back
	}
	f := r.plan.Look(b, last, now)
	if now.Sub(last) < 2*r.sources[source] { // every source is silent between two visits
		f.Verdict = trend.Usual
	}
	return f
}

// bursting are the sources that are back for so short a time that what they
// bring may be of days.
func (t *Trends) bursting(ctx context.Context, coverage []string, now time.Time) (sources []string, err error) {
	for _, rule := range coverage {
		s, _, err := t.load(ctx, rule)
		if err != nil {
			return nil, err
		}
		for source, w := range s.Sources {
			if now.Sub(w.Back) < burst || w.Failed > 0 {
				sources = append(sources, source)
			}
		}
	}
	slices.Sort(sources)
	return slices.Compact(sources), nil
}
