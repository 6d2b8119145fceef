package alert

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/mention"
	"feryat/queue"
)

// slot is how long rows are gathered before they are handed over.
const slot = 2 * time.Minute

// month is alert on a real JetStream with a clock of its own, and the store,
// the channels and the people around it.
type month struct {
	*shelf
	book     *book // the journal
	watcher  *Watcher
	desk     *Desk
	courier  *Courier
	q        *queue.Queue
	timers   *timers
	post     *postOffice
	channels map[string]*receiver
	watched  []time.Time  // when storms begin
	now      atomic.Int64 // Unix seconds
}

// newMonth begins at a time.
func newMonth(t *testing.T, begin time.Time, rules []Rule) *month {
	t.Helper()
	q := newQueue(t)
	m := &month{shelf: newShelf(), book: &book{}, q: q, channels: map[string]*receiver{}}
	m.now.Store(begin.Unix())
	m.timers = &timers{Bucket: bucket(t, q, "timers"), due: map[string]time.Time{}}
	m.post = &postOffice{q: q, now: m.clock, queued: map[string]time.Time{}}
	notifiers := map[string]notify.Notifier{}
	for _, name := range []string{"desk", "list", "phone", "press"} {
		m.channels[name] = &receiver{tries: map[string]int{}, taken: map[string]notify.Message{}}
		notifiers[name] = m.channels[name]
	}
	deps := Deps{
		History: m.shelf, Replies: m.shelf, Journal: m.book, Outbox: m.post, Log: slog.New(slog.DiscardHandler), Now: m.clock,
		States: bucket(t, q, "escalations"), Marks: bucket(t, q, "told"), Timers: NewTimers(m.timers),
	}
	metrics := NewMetrics(prometheus.NewRegistry())
	m.courier = NewCourier(notifiers, deps, metrics)
	if err := ValidateRoutes(thirtyRoutes(), m.courier.Channels()); err != nil {
		t.Fatal(err)
	}
	kept := bucket(t, q, "incidents")
	m.desk = NewDesk(Config{
		Promise: DefaultPromise(), Routes: thirtyRoutes(), Channels: m.courier.Channels(), Rules: rules, Secret: []byte("thirty"),
		Incidents: incident.NewBook(kept, incident.DefaultConfig(), m.clock), Guard: incident.NewGuard(kept, incident.DefaultStormConfig(), m.clock),
	}, deps, metrics)
	m.watcher = NewWatcher(rules, m.desk, deps, metrics)
	return m
}

func (m *month) clock() time.Time { return time.Unix(m.now.Load(), 0).UTC() }

// play lets all of the plan happen, and the clocks ring between.
func (m *month) play(t *testing.T, plan *plan, until time.Time) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	for _, s := range plan.stormy {
		m.watched = append(m.watched, s.begin)
	}
	done := make(chan error, 1)
	go func() { done <- m.q.ConsumeOutbox(ctx, m.courier.Deliver) }()
	for _, s := range plan.slots() {
		m.pass(t, s.at)
		m.keep(s.rows...)
		if err := m.watcher.Handle(t.Context(), s.rows); err != nil {
			t.Fatalf("%s: %v", s.at, err)
		}
		for _, d := range s.deeds {
			m.do(t, d)
		}
	}
	m.pass(t, until)
	wait, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := m.q.Drained(wait, queue.Outbox); err != nil {
		t.Errorf("the outbox is not empty: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	m.timers.check(t)
}

// pass rings every clock until a time, in the minute in which it is due.
func (m *month) pass(t *testing.T, until time.Time) {
	t.Helper()
	for {
		next, ok := m.rings()
		if !ok || next.After(until) {
			break
		}
		m.now.Store(max(m.now.Load(), next.Unix()))
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
	for _, begin := range m.watched {
		if minute := now.Truncate(time.Minute).Add(time.Minute); !now.Before(begin) && now.Before(begin.Add(stormLasts)) && (!ok || minute.Before(next)) {
			next, ok = minute, true
		}
	}
	return next, ok
}

// do lets a person act on the case of an author.
func (m *month) do(t *testing.T, d deed) {
	t.Helper()
	id, _, err := m.desk.deps.States.Load(t.Context(), authorIndex(d.by.place.brand, mention.Writer{Source: d.by.place.source, Author: d.by.author.Key()}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.desk.Do(t.Context(), string(id), d.act); err != nil {
		t.Errorf("%s: %s of %s: %v", m.clock(), d.act.Type, d.by.author.ID, err)
	}
}

// timers keeps in memory when its bucket's timers are due, so that an idle
// minute costs nothing.
type timers struct {
	*queue.Bucket
	due map[string]time.Time
}

func (b *timers) Keys(context.Context) (keys []string, err error) {
	for k := range b.due {
		keys = append(keys, k)
	}
	return keys, nil
}

func (b *timers) Put(ctx context.Context, key string, value []byte) error {
	unix, err := strconv.ParseInt(strings.SplitN(key, ".", 2)[0], 10, 64)
	if err != nil {
		return err
	}
	b.due[key] = time.Unix(unix, 0).UTC()
	return b.Bucket.Put(ctx, key, value)
}

func (b *timers) Delete(ctx context.Context, key string) error {
	delete(b.due, key)
	return b.Bucket.Delete(ctx, key)
}

func (b *timers) next() (next time.Time, ok bool) {
	for _, due := range b.due {
		if !ok || due.Before(next) {
			next, ok = due, true
		}
	}
	return next, ok
}

// check compares the memory with the bucket.
func (b *timers) check(t *testing.T) {
	t.Helper()
	kept, err := b.Bucket.Keys(t.Context())
	have, _ := b.Keys(t.Context())
	slices.Sort(kept)
	slices.Sort(have)
	if err != nil || !slices.Equal(kept, have) {
		t.Errorf("%d timers in the bucket, %d in memory, %v", len(kept), len(have), err)
	}
}

// postOffice notes when a message was first put into the outbox.
type postOffice struct {
	q      *queue.Queue
	now    func() time.Time
	queued map[string]time.Time
}

func (p *postOffice) Enqueue(ctx context.Context, channel, key string, payload []byte) error {
	if _, ok := p.queued[key]; !ok {
		p.queued[key] = p.now()
	}
	return p.q.Enqueue(ctx, channel, key, payload)
}

// receiver is a channel that knows messages by their keys. It fails for some
// the first time: before it takes them, or after.
type receiver struct {
	sync.Mutex
	tries map[string]int
	taken map[string]notify.Message
}

// fails is how often a message is not said to be taken.
func (r *receiver) fails(key string) int {
	if strings.HasSuffix(key, "0") || strings.HasSuffix(key, "1") {
		return 1
	}
	return 0
}

func (r *receiver) Notify(_ context.Context, m notify.Message) error {
	r.Lock()
	defer r.Unlock()
	r.tries[m.Key]++
	first := r.tries[m.Key] == 1
	if first && strings.HasSuffix(m.Key, "0") {
		return errors.New("no route to the channel")
	}
	r.taken[m.Key] = m
	if first && strings.HasSuffix(m.Key, "1") {
		return errors.New("the answer was lost")
	}
	return nil
}
