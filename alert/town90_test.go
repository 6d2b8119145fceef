package alert

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

// city is a large town, whose shop alone is heard, and not always.
type city struct {
	perDay map[string]float64         // complaints by brand
	times  map[[2]string][]time.Time  // by brand and topic, in order
	seen   []time.Time                // of all, in order
	stars  []mention.RatingDay        // of all brands
	out    []mention.Gap              // when the shop could not be read
	spikes map[string][]time.Time     // three times the level for two hours
	market map[string]calendar.Market // by brand
}

// newCity lets the town talk from the past that rules learn from to an end.
func newCity(r *rand.Rand, market calendar.Market, begin, end time.Time) *city {
	c := &city{perDay: map[string]float64{"A": 40, "B": 120, "C": 300, "D": 700, "E": 1500}, times: map[[2]string][]time.Time{}, spikes: map[string][]time.Time{}, market: map[string]calendar.Market{}}
	for d, hours := range []int{1, 24, 5, 120} {
		back := begin.AddDate(0, 0, 3+10*d).Add(9 * time.Hour)
		c.out = append(c.out, mention.Gap{Source: "shop", From: back.Add(-time.Duration(hours) * time.Hour), To: back})
	}
	for _, brand := range slices.Sorted(maps.Keys(c.perDay)) {
		c.market[brand] = market
		for at := begin.Add(50 * time.Hour).Add(time.Duration(r.IntN(20)) * time.Hour); at.Before(end); at = at.AddDate(0, 0, 15) {
			c.spikes[brand] = append(c.spikes[brand], at)
		}
		c.talk(r, brand, begin.Add(-trend.History), end)
	}
	slices.SortFunc(c.seen, time.Time.Compare)
	return c
}

func (c *city) talk(r *rand.Rand, brand string, from, to time.Time) {
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		local := at.In(c.market[brand].Zone())
		rate := c.perDay[brand] / 24 / 60 * (1 + .8*math.Sin(float64(local.Hour()-9)/24*2*math.Pi))
		if soonAfter(at, c.spikes[brand], 2*time.Hour) {
			rate *= 3
		}
		for p := r.ExpFloat64(); p < rate; p += r.ExpFloat64() {
			if c.isOut(at) {
				continue
			}
			topic := []string{"delivery", "delivery", "price"}[r.IntN(3)]
			c.times[[2]string{brand, ""}] = append(c.times[[2]string{brand, ""}], at)
			c.times[[2]string{brand, topic}] = append(c.times[[2]string{brand, topic}], at)
			c.seen = append(c.seen, at)
		}
		if at.Equal(at.Truncate(24 * time.Hour)) {
			ones := int64(0)
			for range 15 {
				ones += int64(r.IntN(8)) / 7
			}
			c.stars = append(c.stars, mention.RatingDay{Brand: brand, Source: "shop", Day: at, Stars: []mention.StarCount{{Share: 0, N: ones}, {Share: 1, N: 15 - ones}}})
		}
	}
}

// soonAfter tells whether a time is at most so long after one of others.
func soonAfter(at time.Time, begins []time.Time, by time.Duration) bool {
	return slices.ContainsFunc(begins, func(b time.Time) bool { return !at.Before(b) && at.Before(b.Add(by)) })
}

func (c *city) isOut(at time.Time) bool {
	return slices.ContainsFunc(c.out, func(g mention.Gap) bool { return !at.Before(g.From) && at.Before(g.To) })
}

// between cuts times in order.
func between(times []time.Time, from, to time.Time) []time.Time {
	a, _ := slices.BinarySearchFunc(times, from, time.Time.Compare)
	b, _ := slices.BinarySearchFunc(times, to, time.Time.Compare)
	return times[a:b]
}

// hoursOfSorted counts by the hour.
func hoursOfSorted(times []time.Time) (hours []mention.HourCount) {
	for _, at := range times {
		if n := len(hours) - 1; n < 0 || at.Sub(hours[n].At) >= time.Hour {
			hours = append(hours, mention.HourCount{At: at.Truncate(time.Hour)})
		}
		hours[len(hours)-1].N++
	}
	return hours
}

// gaps are the whole hours of the past in which the shop was out, as the store tells them.
func (c *city) gaps(until time.Time) (gaps []mention.Gap) {
	for _, g := range c.out {
		if g.From.Before(until) {
			gaps = append(gaps, g)
		}
	}
	return gaps
}

func (c *city) HourlyComplaints(_ context.Context, since, until time.Time, each func(mention.Series) error) error {
	for k, times := range c.times {
		times = between(times, since, until)
		s := mention.Series{Brand: k[0], Topic: k[1], Since: since, Hours: hoursOfSorted(times), Gaps: c.gaps(until), Parts: []mention.Part{{Source: "shop", N: int64(len(times))}}}
		if err := each(s); err != nil {
			return err
		}
	}
	return nil
}

func (c *city) RecentComplaints(_ context.Context, now, _ time.Time, windows []time.Duration, _ []string) (recent []mention.Recent, gaps []mention.Gap, err error) {
	for k, times := range c.times {
		r := mention.Recent{Brand: k[0], Topic: k[1]}
		for _, w := range windows {
			n := int64(len(between(times, now.Add(-w), now)))
			r.Windows = append(r.Windows, mention.WindowCount{Window: w, N: n, Authors: n})
		}
		recent = append(recent, r)
	}
	for _, g := range c.gaps(now) {
		if now.Before(g.To) && now.Sub(g.From) > 95*time.Minute {
			gaps = append(gaps, mention.Gap{Source: "shop", From: g.From, To: now})
		}
	}
	return recent, gaps, nil
}

func (c *city) HourlySeen(_ context.Context, since, until time.Time, each func(mention.Series) error) error {
	var gaps []mention.Gap
	for _, g := range c.gaps(until) {
		g.Sighted = true
		gaps = append(gaps, g)
	}
	times := between(c.seen, since, until)
	return each(mention.Series{Source: "shop", Since: since, Hours: hoursOfSorted(times), Gaps: gaps, Parts: []mention.Part{{Source: "shop", Sighted: true, N: int64(len(times))}}})
}

func (c *city) DailyRatings(_ context.Context, since, until time.Time) (days []mention.RatingDay, err error) {
	for _, d := range c.stars {
		if !d.Day.Before(since) && d.Day.Before(until) {
			days = append(days, d)
		}
	}
	return days, nil
}

// health is what the runs of every hour say.
func (c *city) health(now time.Time) []mention.SourceHealth {
	run := now.Truncate(time.Hour)
	return []mention.SourceHealth{{Source: "shop", Healthy: !c.isOut(run), RunStarted: run, LastRun: run, LastOK: now.Add(-time.Hour)}}
}

// heard is a city at a time.
type heard struct {
	*city
	now func() time.Time
}

func (h heard) Coverage(context.Context, time.Time) ([]mention.SourceHealth, error) {
	return h.health(h.now()), nil
}

// TestNinetyDaysOfATown runs the rules on a clock as the program does, but every hour, over complaints and stars in which
// chance happens, four times without the shop, and a spike in fifteen days. What is usual is learnt once a day.
func TestNinetyDaysOfATown(t *testing.T) {
	t.Parallel()
	days := 90
	if testing.Short() || underRace {
		days = 14
	}
	begin := time.Date(2026, 6, 22, 0, 0, 0, 0, time.UTC) // no special days
	w := newWatch(t, "Europe/Istanbul", begin, "spike", "rating_drop", "coverage_lost")
	end := begin.AddDate(0, 0, days)
	c := newCity(rand.New(rand.NewPCG(90, 1)), w.market, begin, end)
	p := NewTrends(w.rules, Watching{c.market, w.market, map[string]time.Duration{"shop": time.Hour}}, heard{c, w.deps.Now}, w.Desk, w.deps, w.m)
	for now := begin; now.Before(end); now = now.Add(time.Hour) {
		w.at.Store(now.UnixNano())
		p.learnNow(now)
		if err := p.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	g := c.judge(w.events, begin, end)
	t.Log(g.table(c))
	months := float64(days) * 12 / 365.25
	for rule, most := range map[string]float64{"spike": 5 * months, "rating_drop": 5 * months, "coverage_lost": months} {
		if g.pages[rule] > int(most+3*math.Sqrt(most)) {
			t.Errorf("%s: %d false alarms in %d days, promised %.1f", rule, g.pages[rule], days, most)
		}
	}
	if g.lost != g.outages {
		t.Errorf("of %d outages of three runs or more %d were told", g.outages, g.lost)
	}
	if e := c.found(g, "E"); e < len(c.seenSpikes("E")) {
		t.Errorf("of %d spikes of the largest brand %d were told", len(c.seenSpikes("E")), e)
	}
}

// learnNow lets rules learn at midnight, and not each hour.
func (t *Trends) learnNow(now time.Time) {
	at := now
	if now.Equal(now.Truncate(24 * time.Hour)) {
		at = time.Time{}
	}
	for _, l := range t.lookers {
		switch r := l.(type) {
		case *spikeRule:
			r.learnt = at
		case *coverageRule:
			r.learnt = at
		}
	}
}

// verdict is what the rules told.
type verdict struct {
	pages         map[string]int // for nothing, by rule
	told          map[string]map[time.Time]bool
	outages, lost int
}

func (c *city) judge(events []mention.Event, begin, end time.Time) verdict {
	g := verdict{pages: map[string]int{}, told: map[string]map[time.Time]bool{}}
	for _, o := range c.out {
		if o.To.Sub(o.From) >= 3*time.Hour && o.To.Before(end) {
			g.outages++
		}
	}
	for _, e := range events {
		x := e.Escalation
		at := slices.IndexFunc(c.spikes[x.Brand], func(b time.Time) bool { return !e.At.Before(b) && e.At.Before(b.Add(8*time.Hour)) })
		switch {
		case e.Type != "opened":
		case x.Rule == "coverage_lost" && slices.ContainsFunc(c.out, func(o mention.Gap) bool { return !e.At.Before(o.From) && e.At.Before(o.To.Add(time.Hour)) }):
			g.lost++
		case x.Rule == "spike" && at >= 0:
			if g.told[x.Brand] == nil {
				g.told[x.Brand] = map[time.Time]bool{}
			}
			g.told[x.Brand][c.spikes[x.Brand][at]] = true
		default:
			g.pages[x.Rule]++
		}
	}
	return g
}

// seenSpikes are those that were not hidden by an outage.
func (c *city) seenSpikes(brand string) (all []time.Time) {
	for _, at := range c.spikes[brand] {
		if !c.isOut(at) && !c.isOut(at.Add(2*time.Hour)) {
			all = append(all, at)
		}
	}
	return all
}

func (c *city) found(g verdict, brand string) (n int) {
	for _, at := range c.seenSpikes(brand) {
		if g.told[brand][at] {
			n++
		}
	}
	return n
}

func (g verdict) table(c *city) string {
	var s strings.Builder
	fmt.Fprintf(&s, "\ntold for nothing %v, outages told %d of %d\nbrand | complaints a day | spikes found\n", g.pages, g.lost, g.outages)
	for _, brand := range slices.Sorted(maps.Keys(c.perDay)) {
		fmt.Fprintf(&s, "%5s | %16.0f | %d of %d\n", brand, c.perDay[brand], c.found(g, brand), len(c.seenSpikes(brand)))
	}
	return s.String()
}
