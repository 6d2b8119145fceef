package trend

import (
	"math"
	"time"
)

// QuietRule says when a source that gives nothing has gone quiet. Its baselines
// are learnt from all mentions of a source by the time that they were seen
// (storage.HourlySeen).
type QuietRule struct {
	FalseAlarms float64 // a month, of all sources together
	// MinSilence is the shortest silence that is told: at least twice the pause
	// between two visits, within which every source is silent.
	MinSilence time.Duration
}

// QuietPlan is a rule with the threshold that its promise allows.
type QuietPlan struct {
	Rule        QuietRule
	Threshold   float64 // the probability under which a silence is unusual
	FalseAlarms float64 // expected a month
	Series      int
	Young       int
}

// CalibrateQuiet shares the rule's promise among sources. After each mention
// there is one silence, which is too long by chance with the probability of the
// threshold: the busier the sources are, the lower it must be.
func CalibrateQuiet(r QuietRule, sources []Baseline) QuietPlan {
	p := QuietPlan{Rule: r}
	silences := 0.0
	for _, b := range sources {
		if !b.Ready() {
			p.Young++
			continue
		}
		p.Series++
		for _, rate := range b.rate {
			silences += rate * monthHours / weekHours
		}
	}
	p.Threshold = math.Min(leastSure, r.FalseAlarms/math.Max(silences, 1))
	p.FalseAlarms = p.Threshold * silences
	return p
}

// Look judges the silence of a source since its last mention.
func (p QuietPlan) Look(b Baseline, last, now time.Time) Finding {
	f := Finding{Verdict: Usual, From: last, To: now, P: 1}
	if !b.Ready() {
		f.Verdict, f.P = Young, 0
		return f
	}
	e := b.Expect(last, now)
	f.Expected, f.Special, f.P = e.Mean, e.Special, None(e.Mean, e.Size)
	if f.P <= p.Threshold && now.Sub(last) >= p.Rule.MinSilence {
		f.Verdict = Unusual
	}
	return f
}
