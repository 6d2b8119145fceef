package trend_test

import (
	"encoding/json"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

func TestYoungSeriesAreNotJudged(t *testing.T) {
	tr, _ := markets(t)
	now := tuesday()
	young := trend.Learn(series(now.AddDate(0, 0, -13), now, flat(1), tr.Zone()), tr, now)
	empty := trend.Learn(mention.Series{Since: now.Add(time.Hour)}, tr, now)
	grown := trend.Learn(series(now.AddDate(0, 0, -14), now, flat(1), tr.Zone()), tr, now)
	plan := trend.Calibrate(trend.DefaultRule(), []trend.Baseline{young, empty, grown})
	if plan.Series != 1 || plan.Young != 2 {
		t.Errorf("%d series judged, %d young", plan.Series, plan.Young)
	}
	many := []mention.WindowCount{{Window: time.Hour, N: 500, Authors: 400}}
	if f := plan.Look(young, now, many)[0]; f.Verdict != trend.Young {
		t.Errorf("after 13 days: %+v", f)
	}
	if f := plan.Look(grown, now, many)[0]; f.Verdict != trend.Unusual {
		t.Errorf("after 14 days: %+v", f)
	}
}

func TestFewAreNoSpike(t *testing.T) {
	now := tuesday()
	b := learnt(t, flat(.01), now)
	plan := trend.Calibrate(trend.DefaultRule(), []trend.Baseline{b})
	for _, c := range []struct {
		n, authors int64
		want       trend.Verdict
	}{{4, 4, trend.Few}, {50, 2, trend.Few}, {5, 3, trend.Unusual}, {0, 0, trend.Few}} {
		if f := plan.Look(b, now, []mention.WindowCount{{Window: time.Hour, N: c.n, Authors: c.authors}})[0]; f.Verdict != c.want {
			t.Errorf("%d by %d: %s, want %s", c.n, c.authors, f.Verdict, c.want)
		}
	}
	busy := learnt(t, flat(3000), now)
	plan = trend.Calibrate(trend.DefaultRule(), []trend.Baseline{busy})
	if f := plan.Look(busy, now, []mention.WindowCount{{Window: time.Hour, N: 4400, Authors: 4000}})[0]; f.Verdict != trend.Usual {
		t.Errorf("less than one and a half times the usual: %+v", f)
	}
}

// TestThePromiseIsShared: more series, lower thresholds; less promised, lower thresholds; never more than promised.
func TestThePromiseIsShared(t *testing.T) {
	b := learnt(t, flat(5), tuesday())
	last := 1.0
	for _, n := range []int{1, 10, 100} {
		plan := trend.Calibrate(trend.DefaultRule(), times(b, n))
		if plan.Threshold > last || plan.FalseAlarms > 1 || plan.FalseAlarms < .5 && plan.Threshold < 1e-3 {
			t.Errorf("%d series: %+v", n, plan)
		}
		last = plan.Threshold
	}
	rule := trend.DefaultRule()
	rule.FalseAlarms = .1
	if plan := trend.Calibrate(rule, times(b, 100)); plan.Threshold >= last || plan.FalseAlarms > .1 {
		t.Errorf("a tenth promised: %+v", plan)
	}
	if plan := trend.Calibrate(rule, nil); plan.FalseAlarms != 0 || plan.Series != 0 {
		t.Errorf("no series: %+v", plan)
	}
}

func times(b trend.Baseline, n int) []trend.Baseline {
	all := make([]trend.Baseline, n)
	for i := range all {
		all[i] = b
	}
	return all
}

func TestASpikeFromBeginToEnd(t *testing.T) {
	now := tuesday()
	usual := func(n int) trend.Finding {
		return trend.Finding{Verdict: trend.Usual, From: now.Add(-time.Hour), To: now, Observed: n, Expected: 10, P: .4}
	}
	warm := func(n int) trend.Finding { f := usual(n); f.P = .01; return f }
	unusual := func(n int, span time.Duration) trend.Finding {
		return trend.Finding{Verdict: trend.Unusual, From: now.Add(-span), To: now, Observed: n, Expected: 10, P: 1e-9}
	}
	few := trend.Finding{Verdict: trend.Few, From: now.Add(-time.Hour), To: now}
	var s trend.Spike
	for i, step := range []struct {
		findings []trend.Finding
		want     trend.News
	}{
		{nil, trend.NoNews}, {[]trend.Finding{usual(12), few}, trend.NoNews},
		{[]trend.Finding{usual(12), unusual(30, 2*time.Hour), unusual(40, 6*time.Hour)}, trend.Begun},
		{[]trend.Finding{unusual(60, time.Hour)}, trend.NoNews}, {[]trend.Finding{unusual(70, time.Hour)}, trend.Grown},
		{[]trend.Finding{unusual(129, time.Hour)}, trend.NoNews}, {[]trend.Finding{unusual(130, time.Hour)}, trend.Grown},
		{[]trend.Finding{warm(20)}, trend.NoNews}, {nil, trend.NoNews}, {[]trend.Finding{{Verdict: trend.Young}}, trend.NoNews},
		{[]trend.Finding{usual(12), few}, trend.Over},
	} {
		before := s
		body, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var kept trend.Spike // as whoever looks keeps it
		if err := json.Unmarshal(body, &kept); err != nil {
			t.Fatal(err)
		}
		var news trend.News
		s, news = kept.Next(step.findings)
		if news != step.want {
			t.Errorf("step %d: %q, want %q", i, news, step.want)
		}
		if before.Going() && !s.Start.Equal(before.Start) {
			t.Errorf("step %d: the spike's name moved from %v to %v", i, before.Start, s.Start)
		}
	}
	if !s.Start.Equal(now.Add(-2*time.Hour)) || s.Peak.Observed != 130 {
		t.Errorf("the spike %+v should begin with its shortest window and keep its peak", s)
	}
	if (trend.Spike{}).Going() {
		t.Error("no spike goes on")
	}
}

func TestASilentSource(t *testing.T) {
	now := tuesday()
	busy, rare := learnt(t, flat(20), now), learnt(t, flat(.05), now)
	plan := trend.CalibrateQuiet(trend.QuietRule{FalseAlarms: 1, MinSilence: 2 * time.Hour}, []trend.Baseline{busy, rare})
	if plan.Series != 2 || plan.FalseAlarms > 1.0001 || plan.FalseAlarms < .99 {
		t.Errorf("%+v", plan)
	}
	for _, c := range []struct {
		name   string
		b      trend.Baseline
		silent time.Duration
		want   trend.Verdict
	}{
		{"busy, ten minutes", busy, 10 * time.Minute, trend.Usual}, {"busy, an hour and a half", busy, 90 * time.Minute, trend.Usual},
		{"busy, three hours", busy, 3 * time.Hour, trend.Unusual}, {"rare, two days", rare, 48 * time.Hour, trend.Usual},
		{"rare, a month", rare, 30 * 24 * time.Hour, trend.Unusual}, {"busy, nothing", busy, 0, trend.Usual},
	} {
		if f := plan.Look(c.b, now.Add(-c.silent), now); f.Verdict != c.want {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
	friday := time.Date(2025, 11, 28, 9, 0, 0, 0, time.UTC)
	b := learnt(t, flat(20), friday)
	if f := plan.Look(b, friday.Add(-time.Hour), friday); f.Special != "efsane_cuma" || f.P < 1e-3 {
		t.Errorf("a special day: %+v", f)
	}
	if f := plan.Look(trend.Learn(mention.Series{Since: now}, calendar.Market{}, now), now.Add(-99*time.Hour), now); f.Verdict != trend.Young {
		t.Errorf("a new source: %+v", f)
	}
}
