package trend_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

// What the simulated world is made of: bins of a quarter of an hour, eight weeks
// of past and ninety days to be judged, with Efsane Cuma, 11.11, Yalda and the
// national days in them.
const (
	bin      = 15 * time.Minute
	binsHour = int(time.Hour / bin)
	pastDays = 56
	simDays  = 90
)

func simStart() time.Time { return time.Date(2025, 8, 25, 0, 0, 0, 0, time.UTC) }

// perDay are the complaints a day of the twenty brands, from one that hardly anybody speaks of to a large shop.
func perDay() []float64 {
	return []float64{2, 4, 8, 15, 25, 40, 60, 80, 100, 130, 160, 200, 250, 320, 400, 500, 650, 800, 1200, 2000}
}

// shares are the topics' shares of the complaints.
func shares() []float64 { return []float64{.5, .3, .2} }

// plant is a planted spike: three times the level for two hours.
type plant struct {
	brand, from, to int     // bins
	level           float64 // complaints that two usual hours there have in the mean
	huginn          bool    // found by the other rule
}

// world is the traffic of the brands: bins[b][s] are the counts of series s of brand b, 0 being all topics.
type world struct {
	markets []calendar.Market
	bins    [][][]int
	plants  []plant
	peaks   int // of the other rule, where nothing was planted
}

func markets(t *testing.T) (tr, ir calendar.Market) {
	t.Helper()
	tr, err := calendar.MarketOf("Europe/Istanbul")
	if err != nil {
		t.Fatal(err)
	}
	if ir, err = calendar.MarketOf("Asia/Tehran"); err != nil {
		t.Fatal(err)
	}
	return tr, ir
}

// clumped tells which brands have days and hours that are better or worse for no
// reason that anybody knows; the others are Poisson.
func clumped(brand int) bool { return brand%4 == 1 }

// The gamma shapes of those days and hours.
const moodShape, hourShape = 45, 25

func simulate(t *testing.T, r *rand.Rand) *world {
	tr, ir := markets(t)
	w := &world{}
	for b, level := range perDay() {
		m := tr
		if b%5 >= 3 {
			m = ir
		}
		w.markets = append(w.markets, m)
		rates := ratesOf(r, m, level)
		w.plantInto(r, b, rates)
		if clumped(b) {
			clump(r, rates)
		}
		w.bins = append(w.bins, draw(r, rates))
	}
	return w
}

// ratesOf are the expected counts of the bins by the hours of the day, the days of
// the week of the market, growth and special days.
func ratesOf(r *rand.Rand, m calendar.Market, perDay float64) []float64 {
	rates := make([]float64, (pastDays+simDays)*24*binsHour)
	growth := 0.3 * r.Float64()
	touched := 0.5 + r.Float64() // how much special days move this brand
	for i := range rates {
		at := simStart().Add(time.Duration(i) * bin)
		local := at.In(m.Zone())
		rates[i] = perDay / float64(24*binsHour) * clock(local.Hour()) * weekday(m, local.Weekday(), local.Hour()) *
			(1 + growth*float64(i)/float64(len(rates))) * math.Pow(moved(m.Day(at)), touched)
	}
	return rates
}

func clump(r *rand.Rand, rates []float64) {
	mood, hourly := 1.0, 1.0
	for i := range rates {
		if i%(24*binsHour) == 0 {
			mood = gamma(r, moodShape)
		}
		if i%binsHour == 0 {
			hourly = gamma(r, hourShape)
		}
		rates[i] *= mood * hourly
	}
}

func clock(hour int) float64 {
	return []float64{.5, .3, .15, .1, .1, .1, .2, .5, .9, 1.3, 1.5, 1.5, 1.4, 1.4, 1.5, 1.5, 1.5, 1.4, 1.3, 1.3, 1.4, 1.5, 1.3, .9}[hour]
}

func weekday(m calendar.Market, d time.Weekday, hour int) float64 {
	weekend := d == time.Saturday || d == time.Sunday
	if m.Country == "ir" {
		weekend = d == time.Thursday || d == time.Friday
	}
	switch {
	case weekend && hour < 12:
		return .5
	case weekend:
		return .8
	}
	return 1.1
}

func moved(d calendar.Day) float64 {
	switch {
	case d.Special == "efsane_cuma":
		return 4
	case d.Special == "efsane_week" || d.Special == "11_11":
		return 2
	case d.Special == "yalda":
		return 1.6
	case d.Holiday != "":
		return .7
	}
	return 1
}

// plantInto plants a spike about every three days of the judged time and raises the rates.
func (w *world) plantInto(r *rand.Rand, brand int, rates []float64) {
	const span = 2 * binsHour
	for at := pastDays*24*binsHour + r.IntN(48*binsHour); at+span < len(rates); at += 48*binsHour + r.IntN(48*binsHour) {
		level := 0.0
		for i := at; i < at+span; i++ {
			level += rates[i]
		}
		if special(w.markets[brand], at) {
			continue // on those days three times the level is nothing unusual
		}
		w.plants = append(w.plants, plant{brand: brand, from: at, to: at + span, level: level})
		for i := at; i < at+span; i++ {
			rates[i] *= 3
		}
	}
}

func special(m calendar.Market, bin0 int) bool {
	d := m.Day(simStart().Add(time.Duration(bin0) * bin))
	return d.Special != "" || d.Holiday != ""
}

// draw gives each complaint a topic; the first series is that of all.
func draw(r *rand.Rand, rates []float64) [][]int {
	series := make([][]int, 1+len(shares()))
	for s := range series {
		series[s] = make([]int, len(rates))
	}
	for i, rate := range rates {
		for s, share := range shares() {
			n := poisson(r, rate*share)
			series[s+1][i] = n
			series[0][i] += n
		}
	}
	return series
}

func poisson(r *rand.Rand, mean float64) int {
	n := 0
	for p := r.ExpFloat64(); p < mean; p += r.ExpFloat64() {
		n++
	}
	return n
}

// gamma is a factor of mean 1 and variance 1/shape.
func gamma(r *rand.Rand, shape int) float64 {
	sum := 0.0
	for range shape {
		sum += r.ExpFloat64()
	}
	return sum / float64(shape)
}

// hourly is a series as storage gives it, of some days.
func hourly(counts []int, fromDay, toDay int) mention.Series {
	s := mention.Series{Since: simStart().AddDate(0, 0, fromDay)}
	for h := fromDay * 24; h < toDay*24; h++ {
		n := 0
		for _, c := range counts[h*binsHour : (h+1)*binsHour] {
			n += c
		}
		if n > 0 {
			s.Hours = append(s.Hours, mention.HourCount{At: simStart().Add(time.Duration(h) * time.Hour), N: int64(n)})
		}
	}
	return s
}

// watch is one series as the rule follows it.
type watch struct {
	brand, series int
	baseline      trend.Baseline
	sums          []int // of the bins before each
	value         *huginn
}

func watches(w *world) []*watch {
	var all []*watch
	for b, series := range w.bins {
		for s, counts := range series {
			sums := make([]int, len(counts)+1)
			for i, n := range counts {
				sums[i+1] = sums[i] + n
			}
			all = append(all, &watch{brand: b, series: s, sums: sums, value: &huginn{last: math.MinInt}})
		}
	}
	return all
}

// learn learns anew from the eight weeks before a day.
func (x *watch) learn(w *world, day int) {
	x.baseline = trend.Learn(hourly(w.bins[x.brand][x.series], day-pastDays, day), w.markets[x.brand], simStart().AddDate(0, 0, day))
}

// windows are what storage says of the windows that end with bin i; one in ten has written twice.
func (x *watch) windows(i int) []mention.WindowCount {
	var all []mention.WindowCount
	for _, w := range trend.Windows() {
		n := x.sums[i+1] - x.sums[i+1-int(w/bin)]
		all = append(all, mention.WindowCount{Window: w, N: int64(n), Authors: int64(math.Ceil(.9 * float64(n)))})
	}
	return all
}

// huginn is PeakDetectorAgent of huginn with its defaults (app/models/agents/peak_detector_agent.rb):
// it remembers the values of 14 days, begins after 4, and finds a peak where the
// newest is above mean + 3 standard deviations of the others, at most one in two days.
type huginn struct {
	values []float64
	last   int // hour of the last peak
}

func (h *huginn) peak(hour int, value float64) bool {
	const window, spacing, minEvents, multiple = 14 * 24, 2 * 24, 4, 3
	past := h.values
	h.values = append(h.values, value)
	if len(h.values) > window {
		h.values = h.values[1:]
	}
	if len(h.values) <= minEvents || h.last > hour-spacing {
		return false
	}
	sum, squares := 0.0, 0.0
	for _, v := range past {
		sum += v
	}
	mean := sum / float64(len(past))
	for _, v := range past {
		squares += (v - mean) * (v - mean)
	}
	if value <= mean+multiple*math.Sqrt(squares/float64(len(past))) {
		return false
	}
	h.last = hour
	return true
}
