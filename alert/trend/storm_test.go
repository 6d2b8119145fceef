package trend_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

// stormDay is the day of the storms, after as many days of history.
const stormDay = 24

// storm is how many complaints more came within half an hour, so many hours after
// the begin of stormDay.
type storm struct{ hour, n int }

// storms are what the past of a brand may hold beside what is usual.
func storms() map[string][]storm {
	few := []storm{{-200, 48}, {-77, 48}, {-52, 48}, {9, 48}, {14, 48}, {15, 48}, {33, 48}}
	many := slices.Clone(few)
	for h := -16 * 24; h < 24; h += 70 {
		many = append(many, storm{h, 60})
	}
	return map[string][]storm{
		"one of 300": {{12, 300}}, "one of 300 in the night": {{0, 300}}, "one of 3000": {{12, 3000}}, "seven of 48": few,
		"one of 300, seven of 48": append(slices.Clone(few), storm{12, 300}), "every third day": many,
	}
}

// TestAStormBlindsNobody: what came before a spike hides it no more than a quiet
// past does.
func TestAStormBlindsNobody(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("learning seven hundred times takes a while")
	}
	t.Parallel()
	tr, _ := markets(t)
	const seeds = 8
	var table strings.Builder
	for _, level := range []float64{4, 20, 60, 200} {
		rise := max(20, 3*level/12) // in half an hour
		for _, later := range []int{2, 5, 19} {
			found := map[string]int{}
			for seed := range uint64(seeds) {
				r := rand.New(rand.NewPCG(300, seed))
				counts := draw(r, ratesOf(r, tr, level))[0]
				spike := (stormDay+later)*24 + r.IntN(24)
				for name, past := range storms() {
					found[name] += sees(tr, counts, past, spike, int(rise))
				}
				found[""] += sees(tr, counts, nil, spike, int(rise))
			}
			for name, n := range found {
				fmt.Fprintf(&table, "\n%5.0f a day, %2d days later: %2d of %d found after %s", level, later, n, seeds, name)
				if n < found[""]-1 {
					t.Errorf("%.0f a day, %d days later: %d of %d found after %s, %d without", level, later, n, seeds, name, found[""])
				}
			}
		}
	}
	if testing.Verbose() {
		t.Log(table.String())
	}
}

// sees tells (0 or 1) whether rise complaints more in half an hour are a spike.
func sees(m calendar.Market, quiet []int, past []storm, hour, rise int) int {
	counts := slices.Clone(quiet)
	for _, s := range append(slices.Clip(past), storm{hour - stormDay*24, rise}) {
		at := (stormDay*24 + s.hour) * binsHour
		counts[at] += s.n / 2
		counts[at+1] += s.n - s.n/2
	}
	w := &world{bins: [][][]int{{counts}}}
	day, last := hour/24, hour*binsHour+1
	b := trend.Learn(hourly(counts, 0, day), m, simStart().AddDate(0, 0, day))
	rule := trend.DefaultRule()
	rule.FalseAlarms = .5
	found := trend.Calibrate(rule, []trend.Baseline{b}).Look(b, simStart().Add(time.Duration(last+1)*bin), watches(w)[0].windows(last))
	if slices.ContainsFunc(found, func(f trend.Finding) bool { return f.Verdict == trend.Unusual }) {
		return 1
	}
	return 0
}

// TestADropBlindsNobody: the second drop of a brand and source is found as often as
// if it were the first, and so is the fourth.
func TestADropBlindsNobody(t *testing.T) {
	t.Parallel()
	const seeds = 12
	for _, kind := range append(bads(), bad{"ones for a day", .8, 1}) {
		for _, level := range []float64{25, 60} {
			for _, later := range []int{10, 20, 30} {
				alone := drops(seeds, kind, level, later)
				for _, past := range [][]int{{0}, {0, -8, -16}} {
					n := drops(seeds, kind, level, later, past...)
					t.Logf("%s, %.0f ratings a day, %d days after %d drops: %d of %d found, %d without", kind.name, level, later, len(past), n, seeds, alone)
					if len(past)*kind.days > 7 {
						continue // three weeks of five: that is how it is now
					}
					if n < alone-1 && len(past) == 1 || n < alone/2 {
						t.Error("this is fewer")
					}
				}
			}
		}
	}
}

// drops counts, of some seeds, those whose last days are found; day 0 comes after
// 24 days, past are the days on which the same began before.
func drops(seeds uint64, kind bad, level float64, later int, past ...int) (found int) {
	rule := trend.DefaultDropRule()
	for seed := range seeds {
		r := rand.New(rand.NewPCG(400, seed))
		var days []mention.RatingDay
		for d := -stormDay; d < later+kind.days; d++ {
			ones := .12
			if d >= later || slices.ContainsFunc(past, func(p int) bool { return d >= p && d < p+kind.days }) {
				ones += kind.more
			}
			days = append(days, ratings(simStart().AddDate(0, 0, d+1), []int{poisson(r, level)}, func(int) float64 { return mostlyFive(r, ones) })...)
		}
		today := simStart().AddDate(0, 0, later+kind.days)
		if slices.ContainsFunc(rule.Look(days, today, rule.Threshold(1)), func(d trend.Drop) bool { return d.Verdict == trend.Unusual }) {
			found++
		}
	}
	return found
}
