package trend_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

const (
	dayBins = 24 * binsHour
	begin   = pastDays * dayBins // of what is judged
	judged  = 10                 // days
	back    = begin + 3*dayBins + 9*binsHour
)

// absence is when a source is out, or not yet there: bins [from, to). What a shop that tells the day only missed in its last
// two days comes at its return; what the forum missed is lost.
type absence struct {
	name     string
	shop     bool
	from, to int
	settles  int // bin from which on a new source counts
}

func absences() []absence {
	return []absence{
		{"none", true, 0, 0, 0},
		{"shop 1 h", true, back - binsHour, back, 0}, {"shop 1 day", true, back - dayBins, back, 0}, {"shop 5 days", true, back - 5*dayBins, back, 0},
		{"forum 1 h", false, back - binsHour, back, 0}, {"forum 1 day", false, back - dayBins, back, 0}, {"forum 5 days", false, back - 5*dayBins, back, 0},
		{"new shop", true, 0, begin - 11*dayBins, begin + 3*dayBins},
	}
}

// halves is the traffic of a brand: half from a forum that tells the hour, half from a shop that tells the day.
type halves [2][]int

// deal draws the traffic and takes from it what an absence takes. Three times the level for two hours is planted where planted says so.
func deal(r *rand.Rand, m calendar.Market, perDay float64, a absence, planted bool) (h halves) {
	rates := ratesOf(r, m, perDay)
	for i, rate := range rates[:begin+judged*dayBins] {
		for s := range h {
			n := poisson(r, rate/2)
			if extra := poisson(r, rate); planted && i >= back && i < back+2*binsHour {
				n += extra
			}
			h[s] = append(h[s], n)
		}
	}
	missed := h[a.part()][a.from:a.to]
	late := 0
	for i, n := range missed {
		if a.shop && a.settles == 0 && i >= len(missed)-2*dayBins {
			late += n
		}
		missed[i] = 0
	}
	h[a.part()][a.to] += late
	return h
}

func (a absence) part() int {
	if a.shop {
		return 1
	}
	return 0
}

func (a absence) source() string { return []string{"forum", "shop"}[a.part()] }

func at15(i int) time.Time { return simStart().Add(time.Duration(i) * bin) }

// gap is what the store knows at bin i: see storage.
func (a absence) gap(i int) (g mention.Gap, known bool) {
	const noticed = 2 * binsHour
	if a.from == a.to || i < a.from+noticed && i < a.to {
		return g, false
	}
	to := min(i+1, a.to)
	if a.shop {
		to = a.to + min(a.to-a.from, 6*binsHour)
	}
	return mention.Gap{Source: a.source(), Sighted: a.shop, From: at15(a.from), To: at15(to)}, true
}

// sumOf counts the bins [from, to) without what lies in the gap or does not count yet.
func (h halves) sumOf(from, to int, a absence, g mention.Gap, young bool) (parts [2]int) {
	for s := range h {
		for i := from; i < to; i++ {
			if s == a.part() && (young || !at15(i).Before(g.From) && at15(i).Before(g.To)) {
				continue
			}
			parts[s] += h[s][i]
		}
	}
	return parts
}

// series is what the store gives at bin end; g is the zero Gap where nobody knows of it.
func (h halves) series(end int, a absence, g mention.Gap) mention.Series {
	s := mention.Series{Since: at15(end - begin), Parts: []mention.Part{{Source: "forum"}, {Source: "shop", Sighted: true}}}
	if !g.To.IsZero() {
		s.Gaps = []mention.Gap{g}
	}
	for i := end - begin; i < end; i += binsHour {
		n := h.sumOf(i, i+binsHour, a, g, end < a.settles)
		s.Hours = append(s.Hours, mention.HourCount{At: at15(i), N: int64(n[0] + n[1])})
		s.Parts[0].N, s.Parts[1].N = s.Parts[0].N+int64(n[0]), s.Parts[1].N+int64(n[1])
	}
	return s
}

// TestHoursThatNobodyWatched: two sources, of which one is out or new. Zeros is as if nobody had complained then.
func TestHoursThatNobodyWatched(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("ten days of five brands, eight times over, take a while")
	}
	t.Parallel()
	levels := []float64{60, 130, 320, 650, 1200}
	rule := trend.DefaultRule()
	rule.Every, rule.FalseAlarms = bin, float64(len(levels))
	promised := rule.FalseAlarms * judged * 12 / 365.25
	var table strings.Builder
	fmt.Fprintf(&table, "\npromised %.1f false alarms | as zeros | as gaps | spikes at the return found, of %d\n", promised, len(levels))
	for n, a := range absences() {
		var brands [2][]halves
		for b, level := range levels {
			tr, _ := markets(t)
			for k := range brands {
				brands[k] = append(brands[k], deal(rand.New(rand.NewPCG(uint64(n), uint64(b))), tr, level, a, k == 1))
			}
		}
		zeros, _ := watchHalves(t, rule, brands[0], a, false)
		gaps, _ := watchHalves(t, rule, brands[0], a, true)
		_, found := watchHalves(t, rule, brands[1], a, true)
		fmt.Fprintf(&table, "%-25s | %8d | %7d | %v\n", a.name, zeros, gaps, found)
		if gaps > atMost(promised) {
			t.Errorf("%s: %d false alarms, promised %.1f", a.name, gaps, promised)
		}
		if !found[3] || !found[4] {
			t.Errorf("%s: a spike at the return is not found: %v", a.name, found)
		}
	}
	t.Log(table.String())
}

// watchHalves looks for ten days; found are the spikes that begin at the return and shortly after.
func watchHalves(t *testing.T, rule trend.Rule, brands []halves, a absence, known bool) (pages int, found []bool) {
	t.Helper()
	tr, _ := markets(t)
	found = make([]bool, len(brands))
	baselines, spikes := make([]trend.Baseline, len(brands)), make([]trend.Spike, len(brands))
	var plan trend.Plan
	for i := begin; i < begin+judged*dayBins; i++ {
		g, _ := a.gap(i)
		if !known {
			g = mention.Gap{}
		}
		if (i-begin)%(2*dayBins) == 0 || i == a.settles {
			for b, h := range brands {
				baselines[b] = trend.Learn(h.series(i, a, g), tr, at15(i))
			}
			plan = trend.Calibrate(rule, baselines)
		}
		for b, h := range brands {
			var news trend.News
			spikes[b], news = spikes[b].Next(plan.Look(baselines[b], at15(i+1), h.windows(i, a, g), g))
			switch {
			case news == trend.Over:
				spikes[b] = trend.Spike{}
			case news == trend.Begun && i >= back && i < back+4*binsHour:
				found[b] = true
				pages++
			case news == trend.Begun:
				pages++
			}
		}
	}
	return pages, found
}

func (h halves) windows(i int, a absence, g mention.Gap) (all []mention.WindowCount) {
	for _, w := range trend.Windows() {
		n := int64(0)
		for _, k := range h.sumOf(i+1-int(w/bin), i+1, a, g, i < a.settles) {
			n += int64(k)
		}
		all = append(all, mention.WindowCount{Window: w, N: n, Authors: n})
	}
	return all
}
