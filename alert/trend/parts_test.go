package trend_test

import (
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/mention"
)

// TestWhatIsNotWatchedIsNotExpected: three in four come from a forum that is out now.
func TestWhatIsNotWatchedIsNotExpected(t *testing.T) {
	tr, _ := markets(t)
	now := tuesday()
	s := series(now.Add(-trend.History), now, flat(40), tr.Zone())
	s.Parts = []mention.Part{{Source: "forum", N: 3000}, {Source: "shop", N: 1000}}
	b := trend.Learn(s, tr, now)
	gap := func(source string, hours int) mention.Gap {
		return mention.Gap{Source: source, From: now.Add(-time.Duration(hours) * time.Hour), To: now}
	}
	whole, left := b.Expect(now.Add(-time.Hour), now), b.Expect(now.Add(-time.Hour), now, gap("forum", 9))
	near(t, "expected of what is left", left.Mean, whole.Mean/4, .01)
	near(t, "of a part of the time", b.Expect(now.Add(-2*time.Hour), now, gap("forum", 1)).Watched, 1-.75/2, .05)
	if left.Size >= whole.Size || whole.Watched != 1 {
		t.Errorf("what is left should be less certain: %+v, %+v", left, whole)
	}
	plan := trend.Calibrate(trend.DefaultRule(), []trend.Baseline{b})
	counts := func(n int64) []mention.WindowCount {
		return []mention.WindowCount{{Window: time.Hour, N: n, Authors: n}}
	}
	for _, c := range []struct {
		name string
		n    int64
		gaps []mention.Gap
		want trend.Verdict
	}{
		{"as ever", 40, nil, trend.Usual}, {"a quarter of it", 10, nil, trend.Usual}, {"a quarter, of a quarter", 10, []mention.Gap{gap("forum", 9)}, trend.Blind},
		{"as much from the shop alone", 90, []mention.Gap{gap("forum", 9)}, trend.Unusual}, {"the shop is out", 30, []mention.Gap{gap("shop", 9)}, trend.Usual},
		{"nothing is watched", 50, []mention.Gap{gap("forum", 9), gap("shop", 9)}, trend.Blind}, {"another is out", 40, []mention.Gap{gap("other", 9)}, trend.Usual},
	} {
		if f := at(plan.Look(b, now, counts(c.n), c.gaps...), time.Hour); f.Verdict != c.want {
			t.Errorf("%s: %+v, want %s", c.name, f, c.want)
		}
	}
	spike, _ := trend.Spike{}.Next(plan.Look(b, now, counts(150)))
	if _, news := spike.Next(plan.Look(b, now, counts(9), gap("forum", 9))); news != trend.NoNews {
		t.Errorf("a spike that nobody can see is %q", news)
	}
	if _, news := spike.Next(plan.Look(b, now, counts(30), gap("shop", 9))); news != trend.Over {
		t.Errorf("a spike that is over where most is watched is %q", news)
	}
}

// TestGapsOfThePastAreNoSilence: what is usual is the same with five days out and with a part that is new, and history is shorter by them.
func TestGapsOfThePastAreNoSilence(t *testing.T) {
	tr, _ := markets(t)
	now := tuesday()
	even := learnt(t, flat(12), now)
	begin := now.Add(-trend.History)
	out, until := begin.AddDate(0, 0, 40), begin.AddDate(0, 0, 45)
	half := begin.AddDate(0, 0, 30) // since when the shop is read
	s := series(begin, now, func(local time.Time) float64 {
		switch {
		case !local.Before(out) && local.Before(until):
			return 0
		case local.Before(half):
			return 6
		}
		return 12
	}, tr.Zone())
	n := int64(6 * 24)
	s.Parts = []mention.Part{{Source: "forum", N: 51 * n}, {Source: "shop", N: 21 * n}}
	s.Gaps = []mention.Gap{{Source: "forum", From: out, To: until}, {Source: "shop", From: begin, To: half}, {Source: "shop", From: out, To: until}}
	b := trend.Learn(s, tr, now)
	got, want := b.Expect(now, now.Add(2*time.Hour)), even.Expect(now, now.Add(2*time.Hour))
	near(t, "expected", got.Mean, want.Mean, .03)
	if got.Size < want.Size/2 || got.Size > want.Size {
		t.Errorf("size %.0f after less of a past, %.0f after all of it", got.Size, want.Size)
	}
	near(t, "days watched", b.Watched().Hours()/24, 56-15-5, .02)
	s.Gaps = append(s.Gaps, mention.Gap{Source: "forum", From: begin, To: now.AddDate(0, 0, -13)}, mention.Gap{Source: "shop", From: half, To: now.AddDate(0, 0, -13)})
	if trend.Learn(s, tr, now).Ready() {
		t.Error("less than two weeks were watched, and it is judged")
	}
}
