package alert

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"feryat/alert/notify"
	"feryat/mention"
	"feryat/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// book is a journal and a history in memory that can be made to fail; the
// stored ones are tried where all parts come together, in cmd/feryat.
type book struct {
	sync.Mutex
	events []mention.Event
	stored []mention.Scored
	down   bool
}

func (b *book) InsertEvents(_ context.Context, events []mention.Event) error {
	b.Lock()
	defer b.Unlock()
	if b.down {
		return mention.ErrUnavailable
	}
	for _, e := range events {
		if !slices.ContainsFunc(b.events, func(have mention.Event) bool { return have.ID == e.ID }) {
			b.events = append(b.events, e)
		}
	}
	return nil
}

func (b *book) Complaints(_ context.Context, brand string, writers []mention.Writer, since time.Time) (found []mention.Complaint, err error) {
	if b.down {
		return nil, mention.ErrUnavailable
	}
	for _, r := range b.stored {
		m := r.Mention
		if r.Brand == brand && slices.Contains(writers, m.Writer()) && r.Verdict.Mood.Unhappy() && !m.Written.Time.Before(since) {
			found = append(found, mention.Complaint{ID: m.ID, Author: m.Author, Written: m.Written.Time, Source: m.Source})
		}
	}
	slices.SortFunc(found, func(a, b mention.Complaint) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	return found, nil
}

func (b *book) Mentions(_ context.Context, ids ...mention.ID) (rows []mention.Scored, err error) {
	for _, r := range b.stored {
		if slices.Contains(ids, r.Mention.ID) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (b *book) Replies(_ context.Context, to []mention.ID, since time.Time) (rows []mention.Scored, err error) {
	for _, r := range b.stored {
		if m := r.Mention; m.Author.Own && slices.Contains(to, m.ParentID) && !m.Written.Time.Before(since.Truncate(24*time.Hour)) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (b *book) Loose(_ context.Context, source string, threads []string, since time.Time) (rows []mention.Scored, err error) {
	for _, r := range b.stored {
		m := r.Mention
		if m.Author.Own && m.Source == source && m.ParentID == "" && slices.Contains(threads, m.ThreadID) && !m.Written.Time.Before(since.Truncate(24*time.Hour)) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (b *book) Threads(_ context.Context, source string, threads []string, until time.Time) (rows []mention.Scored, err error) {
	for _, r := range b.stored {
		if m := r.Mention; m.Source == source && slices.Contains(threads, m.ThreadID) && !m.Written.Time.After(until) {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(x, y mention.Scored) int { return x.Mention.Written.Time.Compare(y.Mention.Written.Time) })
	return rows, nil
}

func (b *book) types() (types []string) {
	for _, e := range b.events {
		types = append(types, e.Type)
	}
	return types
}

// phone is a channel that keeps what it was told and answers as it is set.
type phone struct {
	sync.Mutex
	answers []error
	told    []notify.Message
}

func (p *phone) Notify(_ context.Context, m notify.Message) error {
	p.Lock()
	defer p.Unlock()
	p.told = append(p.told, m)
	if len(p.answers) == 0 {
		return nil
	}
	err := p.answers[0]
	p.answers = p.answers[1:]
	return err
}

func (p *phone) count() int {
	p.Lock()
	defer p.Unlock()
	return len(p.told)
}

// desk is alert on a real JetStream.
type desk struct {
	*Watcher
	*Courier
	*Desk
	*book
	*phone
	q    *queue.Queue
	deps Deps
	late *atomic.Int64 // how far its clock is ahead
}

// newQueue is a JetStream of the test's own.
func newQueue(t *testing.T) *queue.Queue {
	t.Helper()
	cfg := queue.DefaultConfig()
	cfg.RetryFirst, cfg.RetryMax = time.Millisecond, 4*time.Millisecond
	quiet := slog.New(slog.DiscardHandler)
	s := queue.NewServer(t.TempDir(), cfg, quiet)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if err := s.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	q, err := queue.Connect(ctx, s.Access(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	q := newQueue(t)
	rules, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	// One rule alone: what it does shall follow from that one.
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Name != "angry_now" })
	quiet := slog.New(slog.DiscardHandler)
	d := &desk{book: &book{}, phone: &phone{}, q: q, late: &atomic.Int64{}}
	d.deps = Deps{
		History: d.book, Replies: d.book, Journal: d.book, Outbox: q, Log: quiet,
		States: bucket(t, q, "escalations"), Marks: bucket(t, q, "told"), Timers: NewTimers(bucket(t, q, "timers")),
		Now: func() time.Time { return time.Now().Add(time.Duration(d.late.Load())) },
	}
	m := NewMetrics(prometheus.NewRegistry())
	d.Courier = NewCourier(map[string]notify.Notifier{"desk": d.phone, "lead": d.phone}, d.deps, m)
	d.Desk = NewDesk(Config{Promise: DefaultPromise(), Channels: []string{"desk"}, Rules: rules}, d.deps, m)
	d.Watcher = NewWatcher(rules, d.Desk, d.deps, m)
	return d
}

func bucket(t *testing.T, q *queue.Queue, name string) *queue.Bucket {
	t.Helper()
	b, err := q.Bucket(t.Context(), name, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pass lets time pass and the clocks do what is due.
func (d *desk) pass(t *testing.T, by time.Duration) {
	t.Helper()
	d.late.Add(int64(by))
	if err := d.Tick(t.Context(), d.Waited); err != nil {
		t.Fatal(err)
	}
}

// carry delivers until n messages were taken in hand, then a moment longer for
// those that should not come.
func (d *desk) carry(t *testing.T, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.q.ConsumeOutbox(ctx, d.Deliver) }()
	for d.count() < n && ctx.Err() == nil {
		time.Sleep(2 * time.Millisecond)
	}
	if err := d.q.Drained(ctx, queue.Outbox); err != nil {
		t.Errorf("the outbox is not empty: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func angry(edit func(*mention.Scored)) mention.Scored {
	now := time.Now().UTC()
	row := mention.Scored{Brand: "Paytak", Mention: mention.Mention{
		ID: mention.NewID("site", "example.org", "1"), Source: "shop", Text: "Yarın hakem heyetine başvuracağım!", URL: "http://example.org/#1", Origin: mention.OriginLive,
		Written: mention.Written{Time: now.Add(-time.Hour), Precision: mention.PrecisionMinute}, Collected: now,
	}, Verdict: mention.Verdict{Mood: mention.Angry, Signals: []string{"legal_threat"}, Priority: 1}}
	if edit != nil {
		edit(&row)
	}
	return row
}

func TestAnAngryThreatReachesTheChannelOnce(t *testing.T) {
	d := newDesk(t)
	rows := []mention.Scored{angry(nil)}
	for range 5 { // deliveries of the same row
		if err := d.Handle(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
	}
	edited := []mention.Scored{angry(func(r *mention.Scored) { r.Mention.Text += " Rezalet!"; r.Mention = r.Mention.Revise() })}
	if err := d.Handle(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	if got := d.types(); d.count() != 1 || !slices.Equal(got, []string{"opened", "notified"}) {
		t.Fatalf("told %d times, events %v", d.count(), got)
	}
	e := d.told[0].Escalation
	if e.Brand != "Paytak" || !slices.Equal(e.Why, []string{"angry", "legal"}) || e.State != mention.StateOpen || d.told[0].Title["tr"] == "" || e.Excerpt == "" {
		t.Errorf("told %+v", d.told[0])
	}
}

func TestNobodyIsPagedFor(t *testing.T) {
	d := newDesk(t)
	for name, edit := range map[string]func(*mention.Scored){
		"an import":                  func(r *mention.Scored) { r.Mention.Origin = mention.OriginImport },
		"a rescore":                  func(r *mention.Scored) { r.Mention.Origin = mention.OriginRescore },
		"a first visit to old pages": func(r *mention.Scored) { r.Mention.Origin = mention.OriginBackfill },
		"an old mention":             func(r *mention.Scored) { r.Mention.Written.Time = time.Now().Add(-25 * time.Hour) },
		"an old one without a time": func(r *mention.Scored) {
			r.Mention.Written.Time = time.Time{}
			r.Mention.SeenFirst = time.Now().Add(-25 * time.Hour)
		},
		"the brand's own words": func(r *mention.Scored) { r.Mention.Author.Own = true },
		"a deleted one":         func(r *mention.Scored) { r.Mention.Gone = true },
		"plain anger":           func(r *mention.Scored) { r.Verdict.Signals = nil },
	} {
		if err := d.Handle(t.Context(), []mention.Scored{angry(edit)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(d.events) != 0 {
		t.Errorf("events %v", d.types())
	}
}

func TestADeadJournalHoldsTheRowUntilItWorks(t *testing.T) {
	d := newDesk(t)
	d.down = true
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); !errors.Is(err, mention.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	d.down = false
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	if d.count() != 1 {
		t.Errorf("told %d times", d.count())
	}
}

func TestAChannelThatFailsIsTriedAgainWithTheSameKey(t *testing.T) {
	d := newDesk(t)
	d.answers = []error{errors.New("no route"), errors.New("no route"), nil}
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 3)
	if d.count() != 3 || d.told[0].Key != d.told[2].Key || d.told[0].Key == "" || d.types()[1] != "notified" {
		t.Errorf("told %d times, events %v", d.count(), d.types())
	}
}

func TestAChannelThatRefusesIsGivenUpAndSaid(t *testing.T) {
	d := newDesk(t)
	d.answers = []error{notify.ErrRefused}
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	if d.count() != 1 || !slices.Equal(d.types(), []string{"opened", "notify_failed"}) || d.events[1].Note == "" {
		t.Errorf("told %d times, events %v", d.count(), d.events)
	}
}

func TestACrashBetweenTellingAndNotingIsMadeGood(t *testing.T) {
	d := newDesk(t)
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	d.events = d.events[:1] // the crash came before "notified" was stored
	payload, err := json.Marshal(d.told[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver(t.Context(), "desk", payload); err != nil || d.count() != 1 || !slices.Equal(d.types(), []string{"opened", "notified"}) {
		t.Errorf("told %d times, events %v, %v", d.count(), d.types(), err)
	}
}

func TestDeliverTellsOnceWhenTheOutboxHandsOverTwice(t *testing.T) {
	d := newDesk(t)
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	again, err := json.Marshal(d.told[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Deliver(t.Context(), "desk", again); err != nil || d.count() != 1 || len(d.events) != 2 {
		t.Errorf("told %d times, events %v, %v", d.count(), d.types(), err)
	}
	if err := d.Deliver(t.Context(), "desk", []byte("{")); err != nil || d.count() != 1 {
		t.Errorf("a broken message must be given up: %v", err)
	}
	if err := d.Deliver(t.Context(), "pigeon", []byte(`{"idempotency_key":"x"}`)); err != nil || d.types()[2] != "notify_failed" {
		t.Errorf("a channel that is gone must be told of: %v %v", err, d.types())
	}
}
