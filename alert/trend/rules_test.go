package trend_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/mention"
)

// dropRun is what the rule gives for the stars of many brands in ninety days.
type dropRun struct {
	rule          trend.DropRule
	threshold     float64
	pages         int
	found, plants map[string]int // see cell
}

// bad is what is planted: how many more ones, for how many days.
type bad struct {
	name string
	more float64
	days int
}

func bads() []bad {
	return []bad{{"two in five more ones, a day", .4, 1}, {"one in five more ones, a week", .2, 7}}
}

// cell names a place of the table: what was planted, whether days are better or worse together, and ratings a day.
func cell(b bad, together bool, level float64) string { return fmt.Sprint(b.name, together, level) }

// TestDropsFoundAndFalse shows ninety days of stars: what is promised, told for nothing, found.
func TestDropsFoundAndFalse(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("ninety days of forty brands take a while")
	}
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 1))
	perDay := []float64{2, 5, 10, 20, 50}
	const brands = 40
	g := dropRun{rule: trend.DefaultDropRule(), found: map[string]int{}, plants: map[string]int{}}
	g.rule.FalseAlarms = brands
	g.threshold = g.rule.Threshold(brands)
	for b := range brands {
		level, kind, together := perDay[b%len(perDay)], bads()[b/len(perDay)%2], b >= brands/2
		from := pastDays + 7 + r.IntN(simDays-30)
		g.follow(starsOfBrand(r, level, together, kind, from), level, together, kind, from)
	}
	promised := g.rule.FalseAlarms * simDays * 12 / 365.25
	atMostExp := g.threshold * brands * simDays * float64(len(trend.DropSpans()))
	var table strings.Builder
	fmt.Fprintf(&table, "\npromised %.0f false alarms, expected at most %.1f, told %d; found by ratings a day %v:\n", promised, atMostExp, g.pages, perDay)
	for _, kind := range bads() {
		for _, together := range []bool{false, true} {
			fmt.Fprintf(&table, "%-30s days alike %-5t", kind.name, !together)
			for _, level := range perDay {
				k := cell(kind, together, level)
				fmt.Fprintf(&table, " | %d of %d", g.found[k], g.plants[k])
			}
			table.WriteString("\n")
		}
		if k := cell(kind, false, 50); g.found[k] < g.plants[k] || g.plants[k] == 0 {
			t.Errorf("%s at 50 ratings a day: found %d of %d", kind.name, g.found[k], g.plants[k])
		}
	}
	t.Log(table.String())
	if g.pages > atMost(atMostExp) {
		t.Errorf("%d false alarms, expected at most %.1f", g.pages, atMostExp)
	}
}

// starsOfBrand are the days of a brand, with one planted time of bad stars from a day on.
func starsOfBrand(r *rand.Rand, level float64, together bool, kind bad, from int) (days []mention.RatingDay) {
	for d := range pastDays + simDays {
		ones := .12
		if together {
			ones *= gamma(r, 2)
		}
		if d >= from && d < from+kind.days {
			ones += kind.more
		}
		days = append(days, ratings(simStart().AddDate(0, 0, d+1), []int{poisson(r, level)}, func(int) float64 { return mostlyFive(r, ones) })...)
	}
	return days
}

// follow looks once a day, as the program does. The last seven days may show what was planted.
func (g *dropRun) follow(days []mention.RatingDay, level float64, together bool, kind bad, from int) {
	k := cell(kind, together, level)
	g.plants[k]++
	going, found := false, 0
	for d := pastDays; d < pastDays+simDays; d++ {
		drops := g.rule.Look(days[d-pastDays:d], simStart().AddDate(0, 0, d), g.threshold)
		unusual := slices.ContainsFunc(drops, func(x trend.Drop) bool { return x.Verdict == trend.Unusual })
		warm := slices.ContainsFunc(drops, func(x trend.Drop) bool { return x.Verdict == trend.Usual && x.P < .05 })
		switch {
		case !unusual || going:
		case d > from && d <= from+kind.days+7:
			found = 1
		default:
			g.pages++
		}
		going = unusual || going && warm
	}
	g.found[k] += found
}

// TestSilencesFoundAndFalse shows ninety days of twelve sources that are read every hour.
func TestSilencesFoundAndFalse(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("ninety days of twelve sources take a while")
	}
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 2))
	tr, _ := markets(t)
	perDay := []float64{2, 5, 10, 20, 40, 80, 160, 300, 600, 1000, 2000, 4000}
	var seen [][]int // by source and hour
	for _, level := range perDay {
		var hours []int
		rates := ratesOf(r, tr, level)
		for h := range (pastDays + simDays) * 24 {
			sum := 0.0
			for _, rate := range rates[h*binsHour : (h+1)*binsHour] {
				sum += rate
			}
			if at := h - pastDays*24 - 240; at >= 0 && at%480 < 48 {
				sum = 0 // silent for two days in every twenty
			}
			hours = append(hours, poisson(r, sum))
		}
		seen = append(seen, hours)
	}
	promised := simDays * 12 / 365.25
	pages, plants, found, after := silences(t, seen, trend.QuietRule{FalseAlarms: 1, MinSilence: 6 * time.Hour})
	var table strings.Builder
	fmt.Fprintf(&table, "\npromised %.1f false alarms, told %d; silences of two days:\nmentions a day | told | after hours, in the mean\n", promised, pages)
	for s, level := range perDay {
		fmt.Fprintf(&table, "%14.0f | %d of %d | %.0f\n", level, found[s], plants, float64(after[s])/max(1, float64(found[s])))
	}
	t.Log(table.String())
	if pages > atMost(promised) {
		t.Errorf("%d false alarms, promised %.1f", pages, promised)
	}
	if last := len(seen) - 1; found[last] != plants || found[last-4] != plants {
		t.Errorf("busy sources: found %v of %d each", found, plants)
	}
}

func silences(t *testing.T, seen [][]int, rule trend.QuietRule) (pages, plants int, found, after []int) {
	t.Helper()
	tr, _ := markets(t)
	found, after = make([]int, len(seen)), make([]int, len(seen))
	baselines, going := make([]trend.Baseline, len(seen)), make([]bool, len(seen))
	var plan trend.QuietPlan
	for h := pastDays * 24; h < (pastDays+simDays)*24; h++ {
		now := simStart().Add(time.Duration(h) * time.Hour)
		planted := h - pastDays*24 - 240
		if planted >= 0 && planted%480 == 0 && planted/480 < 4 {
			plants++
		}
		if (h-pastDays*24)%(7*24) == 0 {
			for s, hours := range seen {
				past := mention.Series{Since: now.Add(-trend.History)}
				for back := pastDays * 24; back > 0; back-- {
					past.Hours = append(past.Hours, mention.HourCount{At: now.Add(-time.Duration(back) * time.Hour), N: int64(hours[h-back])})
				}
				baselines[s] = trend.Learn(past, tr, now)
			}
			plan = trend.CalibrateQuiet(rule, baselines)
		}
		for s, hours := range seen {
			silent := 0
			for hours[h-1-silent] == 0 {
				silent++
			}
			told := plan.Look(baselines[s], now.Add(-time.Duration(silent)*time.Hour), now).Verdict == trend.Unusual
			if told && !going[s] {
				if planted >= 0 && planted%480 <= 48 {
					found[s]++
					after[s] += planted % 480
				} else {
					pages++
				}
			}
			going[s] = told || going[s] && silent > 0
		}
	}
	return pages, plants, found, after
}
