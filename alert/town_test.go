package alert

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert/notify"
	"feryat/calendar"
	"feryat/mention"
)

// said is one complaint.
type said struct {
	brand, topic, author string
	at                   time.Time
}

// town counts what is said in it, by its own simple means; the store's are
// tried in cmd/feryat.
type town struct {
	sync.Mutex
	said     []said
	seen     map[string][]time.Time // by source
	health   []mention.SourceHealth
	stars    []mention.RatingDay
	bursting []string // as the last question had it
}

func (w *town) HourlyComplaints(_ context.Context, since, until time.Time, each func(mention.Series) error) error {
	w.Lock()
	defer w.Unlock()
	by := map[[2]string][]time.Time{}
	for _, s := range w.said {
		by[[2]string{s.brand, ""}] = append(by[[2]string{s.brand, ""}], s.at)
		by[[2]string{s.brand, s.topic}] = append(by[[2]string{s.brand, s.topic}], s.at)
	}
	for k, times := range by {
		if err := each(mention.Series{Brand: k[0], Topic: k[1], Since: since, Hours: hourly(times, since, until)}); err != nil {
			return err
		}
	}
	return nil
}

func hourly(times []time.Time, since, until time.Time) (hours []mention.HourCount) {
	n := map[time.Time]int64{}
	for _, at := range times {
		if !at.Before(since) && at.Before(until) {
			n[at.Truncate(time.Hour)]++
		}
	}
	for at, k := range n {
		hours = append(hours, mention.HourCount{At: at, N: k})
	}
	slices.SortFunc(hours, func(a, b mention.HourCount) int { return a.At.Compare(b.At) })
	return hours
}

func (w *town) RecentComplaints(_ context.Context, now, _ time.Time, windows []time.Duration, bursting []string) (recent []mention.Recent, gaps []mention.Gap, err error) {
	w.Lock()
	defer w.Unlock()
	w.bursting = bursting
	for _, s := range w.said {
		for _, topic := range []string{"", s.topic} {
			if !slices.ContainsFunc(recent, func(r mention.Recent) bool { return r.Brand == s.brand && r.Topic == topic }) {
				recent = append(recent, mention.Recent{Brand: s.brand, Topic: topic})
			}
		}
	}
	for i := range recent {
		for _, d := range windows {
			c, people := mention.WindowCount{Window: d}, map[string]bool{}
			for _, s := range w.said {
				if s.brand == recent[i].Brand && (recent[i].Topic == "" || s.topic == recent[i].Topic) && s.at.After(now.Add(-d)) && !s.at.After(now) {
					c.N++
					people[s.author] = true
				}
			}
			c.Authors = int64(len(people))
			recent[i].Windows = append(recent[i].Windows, c)
		}
	}
	return recent, nil, nil
}

func (w *town) HourlySeen(_ context.Context, since, until time.Time, each func(mention.Series) error) error {
	for source, times := range w.seen {
		if hours := hourly(times, since, until); len(hours) > 0 {
			if err := each(mention.Series{Source: source, Since: since, Hours: hours}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *town) Coverage(context.Context, time.Time) ([]mention.SourceHealth, error) {
	return w.health, nil
}

func (w *town) DailyRatings(_ context.Context, since, until time.Time) (days []mention.RatingDay, err error) {
	for _, d := range w.stars {
		if !d.Day.Before(since) && d.Day.Before(until) {
			days = append(days, d)
		}
	}
	return days, nil
}

// talk adds complaints at a mean rate an hour, as chance has it.
func (w *town) talk(brand, topic string, from, to time.Time, rate float64) {
	chance := rand.New(rand.NewPCG(1, uint64(len(w.said))))
	for at := from; ; {
		at = at.Add(time.Duration(-math.Log(1-chance.Float64()) / rate * float64(time.Hour)))
		if !at.Before(to) {
			return
		}
		w.said = append(w.said, said{brand, topic, fmt.Sprint("u", len(w.said)), at})
	}
}

// cry adds n complaints of one moment.
func (w *town) cry(brand, topic string, at time.Time, n int) {
	for range n {
		w.said = append(w.said, said{brand, topic, fmt.Sprint("u", len(w.said)), at})
	}
}

// watch is a town and a desk on a clock of their own.
type watch struct {
	*desk
	*town
	rules  []Rule
	market calendar.Market
	at     *atomic.Int64
	m      *Metrics

	started int // processes
	sources map[string]time.Duration
}

func newWatch(t *testing.T, zone string, start time.Time, names ...string) *watch {
	t.Helper()
	market, err := calendar.MarketOf(zone)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return !slices.Contains(names, r.Name) })
	w := &watch{newDesk(t), &town{seen: map[string][]time.Time{}}, rules, market, &atomic.Int64{}, NewMetrics(prometheus.NewRegistry()), 0, map[string]time.Duration{"shop": time.Hour, "never": time.Hour, "seldom": time.Hour}}
	w.at.Store(start.UnixNano())
	w.deps.Now = func() time.Time { return time.Unix(0, w.at.Load()).UTC() }
	w.Courier = NewCourier(map[string]notify.Notifier{"desk": w.phone}, w.deps, w.m)
	w.Desk = NewDesk(Config{Promise: DefaultPromise(), Channels: []string{"desk"}, Rules: rules}, w.deps, w.m)
	return w
}

// process is one of several that watch; the clock of each goes differently.
func (w *watch) process() *Trends {
	w.started++
	d, ahead := w.deps, time.Duration(w.started*7)*time.Second
	d.Now = func() time.Time { return w.deps.Now().Add(ahead) }
	all := Watching{map[string]calendar.Market{"Paytak": w.market}, w.market, w.sources}
	return NewTrends(w.rules, all, w.town, w.Desk, d, w.m)
}

// until lets processes look every five minutes at once until a time, and keeps
// the clocks of what they open.
func (w *watch) until(t *testing.T, end time.Time, processes ...*Trends) {
	t.Helper()
	for now := w.deps.Now(); !now.After(end); now = now.Add(5 * time.Minute) {
		w.at.Store(now.UnixNano())
		var all sync.WaitGroup
		for _, p := range processes {
			all.Go(func() {
				if err := p.Tick(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	if err := w.Tick(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// steps are the events without those that only say that a channel was told.
func (w *watch) steps() (steps []string) {
	for _, e := range w.events {
		if e.Type != "notified" {
			steps = append(steps, e.Type)
		}
	}
	return steps
}

func (w *watch) want(t *testing.T, when string, steps ...string) {
	t.Helper()
	if got := w.steps(); !slices.Equal(got, steps) {
		var notes []string
		for _, e := range w.events {
			notes = append(notes, e.Escalation.Excerpt)
		}
		t.Fatalf("%s: steps %v, want %v; %q", when, got, steps, notes)
	}
}
