package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert"
	"feryat/mention"
	"feryat/queue"
)

// slot is how long rows are gathered before they are stored and handed over.
const slot = 2 * time.Minute

// month is alert with the real store, queue and channels, on a clock of its own.
type month struct {
	*home
	watcher  *alert.Watcher
	desk     *alert.Desk
	courier  *alert.Courier
	trends   *alert.Trends
	timers   *timetable
	post     *postOffice
	clerk    *clerk
	channels map[string]*receiver
	watched  []span       // when digests may be due, of which no timer tells
	looked   time.Time    // when rules on a clock were last asked
	now      atomic.Int64 // Unix seconds
}

// span is from a time to another.
type span struct{ from, to time.Time }

func (s span) has(at time.Time) bool { return !at.Before(s.from) && at.Before(s.to) }

// monthConfig are the routes that places tell of in other words.
const monthConfig = `
brands: [{name: Paytak, zone: Europe/Istanbul}, {name: Zinco, zone: Asia/Tehran}, {name: Kargom, zone: Europe/Istanbul}]
sources: [%s]
storage: {embedded: {listen: "127.0.0.1:0"}}
queue: {retry_first: 1ms, retry_max: 4ms}
alert:
  channels: [%s]
  routes:
    - {team: phone, severities: [critical], channels: [phone], chain: [{after: 10m, channels: [press]}]}
    - {team: press, rules: [threat], channels: [press], chain: [{after: 20m, channels: [phone]}]}
    - {team: fa, languages: [fa], channels: [list], quiet: "23:00-08:00", zone: Asia/Tehran}
    - {team: billing, brands: [Paytak], topics: [refund_return], channels: [desk, press], zone: Europe/Istanbul, chain: [{after: 20m, channels: [phone]}]}
    - {team: desk, channels: [desk], quiet: "23:00-08:00", zone: Europe/Istanbul, chain: [{after: 30m, channels: [phone]}]}
`

// newMonth begins at a time.
func newMonth(t *testing.T, begin time.Time) *month {
	t.Helper()
	m := &month{clerk: &clerk{cases: map[string]string{}}, channels: map[string]*receiver{}}
	var channels, sources []string
	for _, name := range []string{"desk", "list", "phone", "press"} {
		t.Setenv("FERYAT_CHANNEL_"+strings.ToUpper(name)+"_SECRET", "only-for-tests")
		m.channels[name] = newReceiver(t)
		channels = append(channels, fmt.Sprintf("{name: %s, type: webhook, url: %q}", name, m.channels[name].URL))
	}
	for _, p := range slices.Concat(places(), elsewhere()) {
		sources = append(sources, fmt.Sprintf("{name: %s, type: feed, urls: [%q], every: %s}", p.source, "https://"+p.source+".example/feed", runEvery))
	}
	m.home = ownHome(t, writeConfig(t, fmt.Sprintf(monthConfig, strings.Join(sources, ", "), strings.Join(channels, ", "))))
	m.onClose(func() error { m.hangUp(); return nil })
	t.Cleanup(func() {
		if err := m.close(); err != nil {
			t.Error(err)
		}
	})
	m.now.Store(begin.Unix())
	m.wire(t)
	return m
}

// wire joins the parts as newAlerts does, each with the month's clock, and with
// somebody who looks on where that costs nothing.
func (m *month) wire(t *testing.T) {
	t.Helper()
	deps, err := m.alertDeps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := m.queue.Bucket(t.Context(), "alert_timers", 0)
	if err != nil {
		t.Fatal(err)
	}
	m.timers = &timetable{Bucket: kept, due: map[string]time.Time{}}
	m.post = &postOffice{q: m.queue, now: m.clock, queued: map[string]time.Time{}}
	m.clerk.journal = deps.Journal
	deps.Now, deps.Timers, deps.Outbox, deps.Journal = m.clock, alert.NewTimers(m.timers), m.post, m.clerk
	rules, err := m.cfg.usableRules()
	if err != nil {
		t.Fatal(err)
	}
	channels, _, err := newChannels(m.cfg.channels(), m.log)
	if err != nil {
		t.Fatal(err)
	}
	metrics := alert.NewMetrics(prometheus.NewRegistry())
	if m.desk, err = m.newDesk(t.Context(), deps, rules, alert.NewPrecision(m.store, rules, m.log), metrics); err != nil {
		t.Fatal(err)
	}
	if m.trends, err = m.newTrends(rules, m.desk, deps, metrics); err != nil {
		t.Fatal(err)
	}
	m.watcher, m.courier = alert.NewWatcher(rules, m.desk, deps, metrics), alert.NewCourier(channels, deps, metrics)
}

func (m *month) clock() time.Time { return time.Unix(m.now.Load(), 0).UTC() }

func (m *month) hangUp() {
	for _, r := range m.channels {
		r.Close()
	}
}

// play lets all of the plan happen, and the clocks ring between.
func (m *month) play(t *testing.T, p *plan, until time.Time) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.queue.ConsumeOutbox(ctx, m.courier.Deliver) }()
	m.watched = p.watched
	for _, s := range p.slots() {
		if s.at.After(until) {
			break
		}
		m.pass(t, p, s.at)
		m.happens(t, s)
	}
	m.pass(t, p, until)
	wait, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := m.queue.Drained(wait, queue.Outbox); err != nil {
		t.Errorf("the outbox is not empty: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	m.timers.check(t)
}

// happens stores what a slot brings, tells alert of it as the pipeline does, and
// lets people act.
func (m *month) happens(t *testing.T, s happening) {
	t.Helper()
	if err := m.store.InsertVisits(t.Context(), s.visits); err != nil {
		t.Fatalf("%s: %v", s.at, err)
	}
	if len(s.rows) > 0 {
		m.keep(t, s.rows)
		if err := m.watcher.Handle(t.Context(), s.rows); err != nil {
			t.Fatalf("%s: %v", s.at, err)
		}
	}
	for _, d := range s.deeds {
		if _, err := m.desk.Do(t.Context(), m.clerk.caseOf(d.by.key()), d.act); err != nil {
			t.Errorf("%s: %s of %s: %v", m.clock(), d.act.Type, d.by.author.ID, err)
		}
	}
}

// keep stores rows; those of one time together.
func (m *month) keep(t *testing.T, rows []mention.Scored) {
	t.Helper()
	for part := range slices.Chunk(rows, 1000) {
		if _, err := m.store.Insert(t.Context(), part); err != nil {
			t.Fatalf("%s: %v", m.clock(), err)
		}
	}
}

// pass rings every clock until a time, in the minute in which it is due.
func (m *month) pass(t *testing.T, p *plan, until time.Time) {
	t.Helper()
	for {
		rings, rang := m.rings()
		looks := p.nextLook(m.looked)
		if (!rang || rings.After(until)) && looks.After(until) {
			break
		}
		next := looks
		if rang && rings.Before(looks) {
			next = rings
		}
		m.now.Store(max(m.now.Load(), next.Unix()))
		if !looks.After(m.clock()) {
			m.looked = m.clock()
			if err := m.trends.Tick(t.Context()); err != nil {
				t.Fatalf("%s: %v", m.clock(), err)
			}
		}
		if err := m.desk.Tick(t.Context(), m.watcher.Waited); err != nil {
			t.Fatalf("%s: %v", m.clock(), err)
		}
	}
	m.now.Store(until.Unix())
}

// rings is the next minute in which something is due: a timer, or a digest, of
// which no timer tells.
func (m *month) rings() (time.Time, bool) {
	next, ok := m.timers.next()
	next = next.Add(time.Minute - 1).Truncate(time.Minute)
	now := m.clock()
	for _, s := range m.watched {
		if minute := now.Truncate(time.Minute).Add(time.Minute); s.has(now) && (!ok || minute.Before(next)) {
			next, ok = minute, true
		}
	}
	return next, ok
}

// timetable keeps in memory when its bucket's timers are due, so that an idle
// minute costs nothing.
type timetable struct {
	*queue.Bucket
	due map[string]time.Time
}

// Keys answers from memory.
func (b *timetable) Keys(context.Context) (keys []string, err error) {
	for k := range b.due {
		keys = append(keys, k)
	}
	return keys, nil
}

// Put notes when the timer is due.
func (b *timetable) Put(ctx context.Context, key string, value []byte) error {
	unix, err := strconv.ParseInt(strings.SplitN(key, ".", 2)[0], 10, 64)
	if err != nil {
		return err
	}
	b.due[key] = time.Unix(unix, 0).UTC()
	return b.Bucket.Put(ctx, key, value)
}

// Delete forgets the timer.
func (b *timetable) Delete(ctx context.Context, key string) error {
	delete(b.due, key)
	return b.Bucket.Delete(ctx, key)
}

func (b *timetable) next() (next time.Time, ok bool) {
	for _, due := range b.due {
		if !ok || due.Before(next) {
			next, ok = due, true
		}
	}
	return next, ok
}

// check compares the memory with the bucket.
func (b *timetable) check(t *testing.T) {
	t.Helper()
	kept, err := b.Bucket.Keys(t.Context())
	have, _ := b.Keys(t.Context())
	slices.Sort(kept)
	slices.Sort(have)
	if err != nil || !slices.Equal(kept, have) {
		t.Errorf("%d timers in the bucket, %d in memory, %v", len(kept), len(have), err)
	}
}
