package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/mention"
)

// tuesday is an ordinary day in Turkey, at noon there.
func tuesday() time.Time { return time.Date(2025, 10, 7, 9, 0, 0, 0, time.UTC) }

// series is what rate makes of the hours before a time, without chance: what is left of an hour goes to the next.
func series(since, until time.Time, rate func(local time.Time) float64, zone *time.Location) mention.Series {
	s := mention.Series{Since: since}
	rest := 0.5
	for at := since; at.Before(until); at = at.Add(time.Hour) {
		rest += rate(at.In(zone))
		if n := math.Floor(rest); n > 0 {
			s.Hours = append(s.Hours, mention.HourCount{At: at, N: int64(n)})
			rest -= n
		}
	}
	return s
}

func flat(perHour float64) func(time.Time) float64 { return func(time.Time) float64 { return perHour } }

func learnt(t *testing.T, rate func(time.Time) float64, now time.Time) trend.Baseline {
	t.Helper()
	tr, _ := markets(t)
	return trend.Learn(series(now.Add(-trend.History), now, rate, tr.Zone()), tr, now)
}

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if math.Abs(got-want) > by*want {
		t.Errorf("%s: %.4g, want about %.4g", what, got, want)
	}
}

func TestABaselineKnowsTheHoursOfTheMarketsWeek(t *testing.T) {
	rate := func(at time.Time) float64 {
		r := 1.0
		if at.Hour() >= 10 && at.Hour() < 22 {
			r = 12
		}
		if at.Weekday() == time.Sunday {
			r /= 3
		}
		return r
	}
	b := learnt(t, rate, tuesday())
	at := func(day, hour int) time.Time {
		return tuesday().AddDate(0, 0, day).Add(time.Duration(hour-12) * time.Hour)
	}
	near(t, "an hour of the day", b.Expect(at(0, 14), at(0, 15)).Mean, 12, .1)
	near(t, "an hour of the night", b.Expect(at(0, 3), at(0, 4)).Mean, 1, .2)
	near(t, "an hour of Sunday", b.Expect(at(5, 14), at(5, 15)).Mean, 4, .15)
	near(t, "from night to day", b.Expect(at(0, 9), at(0, 11)).Mean, 13, .1)
	near(t, "parts of hours", b.Expect(at(0, 9).Add(45*time.Minute), at(0, 10).Add(30*time.Minute)).Mean, 6.25, .1)
	near(t, "a day", b.Expect(at(1, 0), at(2, 0)).Mean, 156, .05)
	if e := b.Expect(at(0, 12), at(0, 12)); e.Mean != 0 {
		t.Errorf("in no time %+v is expected", e)
	}
}

func TestABaselineInAZoneOfHalfHours(t *testing.T) {
	_, ir := markets(t)
	night := func(at time.Time) float64 {
		if at.Hour() < 12 {
			return 1
		}
		return 10
	}
	now := tuesday()
	b := trend.Learn(series(now.Add(-trend.History), now, night, ir.Zone()), ir, now)
	noon := time.Date(2025, 10, 8, 12, 30, 0, 0, ir.Zone()) // an hour of the store begins
	near(t, "after noon in Tehran", b.Expect(noon, noon.Add(time.Hour)).Mean, 10, .1)
	near(t, "before noon in Tehran", b.Expect(noon.Add(-2*time.Hour), noon.Add(-time.Hour)).Mean, 1, .3)
}

func TestTheLevelFollowsTheLastWeeks(t *testing.T) {
	now := tuesday()
	b := learnt(t, func(at time.Time) float64 {
		if now.Sub(at) < 28*24*time.Hour {
			return 12
		}
		return 4
	}, now)
	if got := b.Expect(now, now.Add(time.Hour)).Mean; got < 9 || got > 12 {
		t.Errorf("%.2f expected after four weeks at 12 and four at 4", got)
	}
}

// TestSparseSeriesLeanOnTheirWeek: eight weeks of one mention a day say nothing of
// Tuesday at noon, but something of noon.
func TestSparseSeriesLeanOnTheirWeek(t *testing.T) {
	tr, _ := markets(t)
	now := tuesday()
	s := mention.Series{Since: now.Add(-trend.History)}
	for d := 1; d <= 56; d++ {
		s.Hours = append(s.Hours, mention.HourCount{At: now.AddDate(0, 0, -d).Add(time.Duration(d%3) * time.Hour), N: 1})
	}
	b := trend.Learn(s, tr, now)
	noon, night := b.Expect(now, now.Add(3*time.Hour)), b.Expect(now.Add(-12*time.Hour), now.Add(-9*time.Hour))
	if noon.Mean < .2 || noon.Mean > 1 || night.Mean > .2 || noon.Mean < 2*night.Mean {
		t.Errorf("noon %.3f, night %.3f", noon.Mean, night.Mean)
	}
	never := trend.Learn(mention.Series{Since: s.Since}, tr, now)
	if e := never.Expect(now, now.Add(time.Hour)); e.Mean <= 0 || e.Mean > .01 {
		t.Errorf("of what never came %.4f is expected", e.Mean)
	}
	if p := trend.AtLeast(5, never.Expect(now, now.Add(time.Hour)).Mean, never.Expect(now, now.Add(time.Hour)).Size); p > 1e-9 {
		t.Errorf("five of what never came have p = %g", p)
	}
}

func TestPastIncidentsAreNotUsual(t *testing.T) {
	now := tuesday()
	incident := now.AddDate(0, 0, -10)
	rate := func(at time.Time) float64 {
		if d := at.Sub(incident); d >= 0 && d < 8*time.Hour {
			return 90
		}
		return 4
	}
	with, without := learnt(t, rate, now), learnt(t, flat(4), now)
	a, b := with.Expect(now.AddDate(0, 0, 4), now.AddDate(0, 0, 4).Add(2*time.Hour)), without.Expect(now, now.Add(2*time.Hour))
	near(t, "expected", a.Mean, b.Mean, .1)
	near(t, "size", a.Size, b.Size, .3)
}

func TestSeriesThatClumpAreKnownBy(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	now := tuesday()
	steady := learnt(t, func(time.Time) float64 { return float64(poisson(r, 10)) }, now)
	clumped := learnt(t, func(time.Time) float64 { return float64(poisson(r, 10*gamma(r, 4))) }, now)
	s, c := steady.Expect(now, now.Add(time.Hour)).Size, clumped.Expect(now, now.Add(time.Hour)).Size
	if s < 20 || c > 5 || c < 1.5 {
		t.Errorf("size %.1f of a Poisson series, %.1f of one whose hours vary with shape 4", s, c)
	}
}

// at is the finding of the window of a length.
func at(findings []trend.Finding, window time.Duration) trend.Finding {
	for _, f := range findings {
		if f.To.Sub(f.From) == window {
			return f
		}
	}
	return trend.Finding{}
}

// TestEfsaneCumaIsNoIncident: ten times the usual are nothing unusual on that day;
// on an ordinary Friday five times are.
func TestEfsaneCumaIsNoIncident(t *testing.T) {
	friday := time.Date(2025, 11, 28, 9, 0, 0, 0, time.UTC)
	b := learnt(t, flat(10), friday)
	plan := trend.Calibrate(trend.DefaultRule(), times(b, 20))
	five := []mention.WindowCount{{Window: 2 * time.Hour, N: 100, Authors: 90}}
	ten := []mention.WindowCount{{Window: 2 * time.Hour, N: 200, Authors: 180}}
	f := at(plan.Look(b, friday, ten), 2*time.Hour)
	if f.Verdict != trend.Usual || f.Special != "efsane_cuma" {
		t.Errorf("Efsane Cuma: %+v", f)
	}
	ordinary := friday.AddDate(0, 0, -35)
	if f := at(plan.Look(learnt(t, flat(10), ordinary), ordinary, five), 2*time.Hour); f.Verdict != trend.Unusual || f.Special != "" {
		t.Errorf("an ordinary Friday: %+v", f)
	}
}

// TestASpecialDayIsLearntWhileItLasts: on the third day of Bayram its level is known.
func TestASpecialDayIsLearntWhileItLasts(t *testing.T) {
	now := time.Date(2025, 6, 8, 9, 0, 0, 0, time.UTC)
	tr, _ := markets(t)
	b := learnt(t, func(at time.Time) float64 {
		if tr.Day(at).Special == "kurban_bayrami" {
			return 3
		}
		return 10
	}, now)
	first := learnt(t, flat(10), time.Date(2025, 6, 5, 0, 0, 0, 0, time.UTC))
	third, begin := b.Expect(now, now.Add(2*time.Hour)), first.Expect(now, now.Add(2*time.Hour))
	near(t, "expected on the third day", third.Mean, 6, .1)
	if begin.Special != "kurban_bayrami" || begin.Size >= third.Size || begin.Mean < 20 {
		t.Errorf("before it began %+v, on the third day %+v", begin, third)
	}
}
