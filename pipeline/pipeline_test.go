package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"feryat/brand"
	"feryat/mention"
	"feryat/pipeline"
	"feryat/queue"
	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/tr"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

func TestMain(m *testing.M) {
	code := enginetest.Run(m)
	if flag.Parsed() && code == 0 { // flags are not parsed in the engine's child
		http.DefaultClient.CloseIdleConnections()
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// scorerFunc makes a function a scorer.
type scorerFunc func(m mention.Mention, watched string, names []brand.Hit) mention.Verdict

func (f scorerFunc) Score(m mention.Mention, watched string, names []brand.Hit) mention.Verdict {
	return f(m, watched, names)
}

func realScorer(t *testing.T) scorerFunc {
	t.Helper()
	s, err := sentiment.New(tr.Language(), fa.Language(), en.Language())
	if err != nil {
		t.Fatal(err)
	}
	return func(m mention.Mention, watched string, names []brand.Hit) mention.Verdict {
		in := sentiment.Input{Text: m.Text, Title: m.Title, Language: m.Language, Brand: watched, Names: sentiment.Names(names, watched)}
		if share, ok := m.Rating.Share(); ok {
			in.Rating = &share
		}
		return s.Score(in)
	}
}

// bench is a pipeline with the real parts around it.
type bench struct {
	t       *testing.T
	queue   *queue.Queue
	store   *storage.Store
	matcher *brand.Matcher
	scorer  scorerFunc
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, queue: openQueue(t), store: openStore(t), scorer: realScorer(t)}
	var err error
	b.matcher, err = brand.New([]brand.Brand{{Name: "Paytak", Aliases: []string{"پایتک"}}, {Name: "Rakip", Rival: true}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func openQueue(t *testing.T) *queue.Queue {
	t.Helper()
	cfg := queue.DefaultConfig()
	cfg.RetryFirst, cfg.RetryMax = 4*time.Millisecond, 20*time.Millisecond
	s := queue.NewServer(t.TempDir(), cfg, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	q, err := queue.Connect(t.Context(), s.Access(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func openStore(t *testing.T) *storage.Store {
	t.Helper()
	a := enginetest.Start(t)
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.Database, cfg.User, cfg.Password, cfg.ReaderUser = a.URL, a.Database, a.WriterUser, a.WriterPassword, a.ReaderUser
	cfg.Secret = []byte("a secret of this installation")
	s, err := storage.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// database is what a pipeline asks of storage.
type database interface {
	Insert(ctx context.Context, rows []mention.Scored) ([]bool, error)
	InsertVisits(ctx context.Context, visits []mention.Visit) error
	Mention(ctx context.Context, id mention.ID) ([]mention.Scored, error)
	Threads(ctx context.Context, source string, threads []string, until time.Time) ([]mention.Scored, error)
	Each(ctx context.Context, f mention.Filter, page func([]mention.Scored) error) error
	Forgotten(ctx context.Context, ms []mention.Mention) ([]bool, error)
}

type outlet interface {
	PublishStored(ctx context.Context, rows []mention.Scored) error
}

func (b *bench) pipeline(db database, out outlet) *pipeline.Pipeline {
	return pipeline.New(b.queue, b.matcher, b.scorer, db, out, slog.New(slog.DiscardHandler))
}

// run lets p work until MENTIONS and VISITS are empty.
func (b *bench) run(p *pipeline.Pipeline) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	inner, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- p.Run(inner) }()
	if err := b.queue.Drained(ctx, queue.Mentions, queue.Visits); err != nil {
		b.t.Error(err)
	}
	stop()
	if err := <-done; err != nil {
		b.t.Error(err)
	}
}

func (b *bench) publish(list ...mention.Mention) {
	b.t.Helper()
	for _, m := range list {
		if err := b.queue.PublishMention(b.t.Context(), m); err != nil {
			b.t.Fatal(err)
		}
	}
}

// stored is what storage shows: mood and text by ID and brand.
func (b *bench) stored() map[string]string {
	b.t.Helper()
	out := map[string]string{}
	err := b.store.Each(b.t.Context(), mention.Filter{}, func(rows []mention.Scored) error {
		for _, r := range rows {
			body, err := json.Marshal(r)
			if err != nil {
				return err
			}
			key := string(r.Mention.ID) + " " + r.Brand
			if out[key] != "" {
				return fmt.Errorf("%s is there twice", key)
			}
			out[key] = string(body)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) messages(stream string) int {
	b.t.Helper()
	stats, err := b.queue.Stats(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	i := slices.IndexFunc(stats, func(s queue.Stats) bool { return s.Stream == stream })
	return int(stats[i].Messages)
}

func start() time.Time { return time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC) }

func say(key, text string) mention.Mention {
	return mention.Mention{
		ID: mention.NewID("site", "shop.example", key), Source: "shop", SourceKind: "site", Kind: mention.KindReview, URL: "https://shop.example/" + key,
		Author: mention.Author{ID: key, Name: "yazar " + key}, Text: text, Written: mention.Written{Time: start().Add(-time.Hour), Precision: mention.PrecisionMinute},
		Collected: start(), Origin: mention.OriginLive,
	}.Revise()
}

func later(m mention.Mention, d time.Duration) mention.Mention {
	m.Collected = m.Collected.Add(d)
	return m
}

func crowd(n int) []mention.Mention {
	texts := []string{
		"Paytak'tan aldığım ürün bozuk çıktı, rezalet!", "Paytak kargosu çok hızlı, teşekkürler", "از پایتک راضی نیستم، خیلی بد بود",
		"Paytak is terrible, Rakip is great", "bugün hava güzel", "Rakip'e geçtim, çok memnunum",
	}
	list := make([]mention.Mention, n)
	for i := range list {
		list[i] = say(fmt.Sprintf("m%d", i), fmt.Sprintf("%s (%d)", texts[i%len(texts)], i))
	}
	return list
}

func TestTheWholeWay(t *testing.T) {
	b := newBench(t)
	p := b.pipeline(b.store, b.queue)
	reg := prometheus.NewPedanticRegistry()
	if err := p.Metrics(reg); err != nil {
		t.Fatal(err)
	}
	complaint := say("1", "Paytak'tan aldım, rezalet, Rakip daha iyi")
	reply := say("2", "Yaşadığınız sorun için üzgünüz.")
	reply.Author.Own, reply.ParentID = true, complaint.ID
	stranger := say("3", "bugün hava güzel")
	about := say("4", "berbat")
	about.About = []string{"Paytak"}
	b.publish(complaint, reply, stranger, about)
	if err := b.queue.PublishVisit(t.Context(), mention.Visit{ID: strings.Repeat("a", 32), Run: "r", Source: "shop", At: start(), Outcome: mention.OutcomeOK}); err != nil {
		t.Fatal(err)
	}
	b.run(p)
	want := []string{string(complaint.ID) + " Paytak", string(complaint.ID) + " Rakip", string(reply.ID) + " Paytak", string(reply.ID) + " Rakip", string(about.ID) + " Paytak"}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(b.stored())); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	if n := b.messages(queue.Stored); n != 5 {
		t.Errorf("%d rows told of, want 5", n)
	}
	if err := testutil.GatherAndCompare(reg, strings.NewReader(`
# HELP feryat_pipeline_mentions_total Mentions handled.
# TYPE feryat_pipeline_mentions_total counter
feryat_pipeline_mentions_total 4
# HELP feryat_pipeline_unmatched_total Mentions that name no brand and were dropped.
# TYPE feryat_pipeline_unmatched_total counter
feryat_pipeline_unmatched_total 1
# HELP feryat_pipeline_visits_total Rows of the coverage ledger stored.
# TYPE feryat_pipeline_visits_total counter
feryat_pipeline_visits_total{outcome="ok"} 1
`), "feryat_pipeline_mentions_total", "feryat_pipeline_unmatched_total", "feryat_pipeline_visits_total"); err != nil {
		t.Error(err)
	}
	coverage, err := b.store.Coverage(t.Context(), start().Add(-time.Hour))
	if err != nil || len(coverage) != 1 || coverage[0].Pages != 1 {
		t.Errorf("coverage %+v, %v", coverage, err)
	}
	// A reply that comes in a later batch inherits from storage.
	late := say("5", "Size ulaştık.")
	late.Author.Own, late.ParentID = true, about.ID
	b.publish(late)
	b.run(p)
	if b.stored()[string(late.ID)+" Paytak"] == "" {
		t.Error("a later reply did not inherit the brand of what it answers")
	}
}

// However often the same mentions come, and whatever is rescored in between,
// the end is that of a single push.
func TestRedeliveryChangesNothing(t *testing.T) {
	b := newBench(t)
	p := b.pipeline(b.store, b.queue)
	list := crowd(120)
	b.publish(list...)
	b.run(p)
	single := b.stored()
	if len(single) != 120 { // of six, one names two brands and one names none
		t.Fatalf("%d rows after a single push, want 120", len(single))
	}
	told := b.messages(queue.Stored)
	for round := range 3 {
		for _, m := range list {
			b.publish(later(m, time.Duration(round)*time.Second), later(m, time.Duration(round)*time.Minute))
		}
		b.run(p)
		if _, err := p.Rescore(t.Context(), mention.Filter{}, false); err != nil {
			t.Fatal(err)
		}
	}
	if again := b.stored(); !maps.Equal(again, single) {
		t.Errorf("%d rows after redelivery, %d before, or other contents", len(again), len(single))
		for k, v := range again {
			if single[k] != v {
				t.Fatalf("first difference: %s\n was %s\n now %s", k, single[k], v)
			}
		}
	}
	if n := b.messages(queue.Stored); n != told {
		t.Errorf("%d rows told of after redelivery, %d before: nothing was new", n, told)
	}
}

// failing is a store and outlet with injected failures around real ones.
type failing struct {
	database
	outlet
	insertFails, tellFails atomic.Int32 // how many calls fail
	bad                    mention.ID   // a row that the store refuses
}

func (f *failing) Insert(ctx context.Context, rows []mention.Scored) ([]bool, error) {
	if f.insertFails.Add(-1) >= 0 {
		return nil, errors.New("connection refused")
	}
	if slices.ContainsFunc(rows, func(r mention.Scored) bool { return r.Mention.ID == f.bad }) {
		return nil, fmt.Errorf("row 3: %w", mention.ErrBad)
	}
	return f.database.Insert(ctx, rows)
}

func (f *failing) PublishStored(ctx context.Context, rows []mention.Scored) error {
	if f.tellFails.Add(-1) >= 0 {
		return errors.New("queue is full")
	}
	return f.outlet.PublishStored(ctx, rows)
}

// A batch that was stored and not told of is told of when it comes again, though
// storage has seen all of it.
func TestStoredButNotToldOf(t *testing.T) {
	b := newBench(t)
	f := &failing{database: b.store, outlet: b.queue}
	f.tellFails.Store(3)
	b.publish(crowd(60)...)
	b.run(b.pipeline(f, f))
	if stored, told := len(b.stored()), b.messages(queue.Stored); stored != 60 || told != 60 {
		t.Errorf("%d rows stored, %d told of, want 60", stored, told)
	}
}

func TestStoreDownForAWhile(t *testing.T) {
	b := newBench(t)
	f := &failing{database: b.store, outlet: b.queue}
	f.insertFails.Store(25)
	b.publish(crowd(60)...)
	b.run(b.pipeline(f, f))
	if stored, dead := len(b.stored()), b.messages(queue.Dead); stored != 60 || dead != 0 {
		t.Errorf("%d rows stored, %d dead, want 60 and none", stored, dead)
	}
}

func TestBadRecordsAreSetAside(t *testing.T) {
	b := newBench(t)
	list := crowd(60)
	f := &failing{database: b.store, outlet: b.queue, bad: list[6].ID}
	noID, noRevision, noTime := say("x", "Paytak"), say("y", "Paytak"), say("z", "Paytak")
	noID.ID, noRevision.Revision, noTime.Collected = "7", "", time.Time{}
	b.publish(append(list, noID, noRevision, noTime)...)
	if err := b.queue.PublishVisit(t.Context(), mention.Visit{URL: "https://shop.example/"}); err != nil {
		t.Fatal(err)
	}
	b.run(b.pipeline(f, f))
	if n := len(b.stored()); n != 59 {
		t.Errorf("%d rows stored, want 59", n)
	}
	dead, err := b.queue.Dead(t.Context(), 10)
	if err != nil || len(dead) != 5 {
		t.Fatalf("%d dead letters, %v; want 5", len(dead), err)
	}
	var reasons []string
	for _, d := range dead {
		reasons = append(reasons, d.Reason)
	}
	for _, want := range []string{"row 3", "32 digits", "no revision", "no time of collection", "has no ID"} {
		if !slices.ContainsFunc(reasons, func(r string) bool { return strings.Contains(r, want) }) {
			t.Errorf("no reason says %q: %q", want, reasons)
		}
	}
}

// A mention that is edited, stops naming a brand, or vanishes, is shown as it
// is now; also where the old state comes late.
func TestChangesOfAMention(t *testing.T) {
	b := newBench(t)
	p := b.pipeline(b.store, b.queue)
	first := say("1", "Paytak rezalet, Rakip de öyle")
	other := say("2", "Paytak süper")
	b.publish(first, other)
	b.run(p)
	edited := later(first, time.Minute)
	edited.Text = "Rakip rezalet"
	edited = edited.Revise()
	b.publish(edited, later(first, time.Second))
	b.run(p)
	if got := b.stored(); len(got) != 2 || !strings.Contains(got[string(first.ID)+" Rakip"], `"text":"Rakip rezalet"`) {
		t.Errorf("after the edit: %v", got)
	}
	unnamed := later(edited, time.Minute)
	unnamed.Text = "vazgeçtim"
	b.publish(unnamed.Revise())
	gone := later(other, time.Hour)
	gone.Gone, gone.Text = true, ""
	b.publish(gone.Revise())
	b.run(p)
	if got := b.stored(); len(got) != 0 {
		t.Errorf("in the end: %v", got)
	}
}

func TestRescoreTellsItsDriftFirst(t *testing.T) {
	b := newBench(t)
	b.publish(crowd(60)...)
	b.run(b.pipeline(b.store, b.queue))
	before, told := b.stored(), b.messages(queue.Stored)
	real := b.scorer
	b.scorer = func(m mention.Mention, watched string, names []brand.Hit) mention.Verdict {
		v := real(m, watched, names)
		v.Lexicon = "next"
		if watched == "Rakip" {
			v.Mood = mention.Unknown
		}
		return v
	}
	p := b.pipeline(b.store, b.queue)
	d, err := p.Rescore(t.Context(), mention.Filter{}, true)
	if err != nil || d.Seen != 60 || d.Changed != 20 || d.Moved != 0 {
		t.Errorf("dry: %+v, %v", d, err)
	}
	var moved int64
	for _, c := range d.Changes() {
		if c.To != mention.Unknown || c.From == c.To {
			t.Errorf("change %+v", c)
		}
		moved += c.Count
	}
	if moved != 20 || !maps.Equal(b.stored(), before) {
		t.Errorf("dry: %d moods moved, or storage was touched", moved)
	}
	if _, err := p.Rescore(t.Context(), mention.Filter{}, false); err != nil {
		t.Fatal(err)
	}
	for k, v := range b.stored() {
		if !strings.Contains(v, `"lexicon":"next"`) || strings.HasSuffix(k, "Rakip") != strings.Contains(v, `"mood":"unknown"`) {
			t.Errorf("after: %s is %s", k, v)
		}
	}
	if d, err = p.Rescore(t.Context(), mention.Filter{}, false); err != nil || d.Changed != 0 || len(d.Changes()) != 0 {
		t.Errorf("again: %+v, %v", d, err)
	}
	if n := b.messages(queue.Stored); n != told {
		t.Errorf("a rescore told of %d rows", n-told)
	}
}

// New brands are found in what is stored for another; what no longer matches is hidden.
func TestRescoreWithOtherBrands(t *testing.T) {
	b := newBench(t)
	m := say("1", "Paytak kötü, Komşu iyi")
	own := say("2", "Üzgünüz")
	own.Author.Own, own.ParentID = true, m.ID
	b.publish(m, own, say("3", "Paytak iyi"))
	b.run(b.pipeline(b.store, b.queue))
	var err error
	if b.matcher, err = brand.New([]brand.Brand{{Name: "Komşu"}}); err != nil {
		t.Fatal(err)
	}
	d, err := b.pipeline(b.store, b.queue).Rescore(t.Context(), mention.Filter{}, false)
	if err != nil || d.Moved != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	want := []string{string(m.ID) + " Komşu", string(own.ID) + " Paytak"}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(b.stored())); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
}
