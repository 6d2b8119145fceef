package queue

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feryat/mention"
)

func TestMain(m *testing.M) {
	if ran, code := child(); ran {
		exit(code)
	}
	goleak.VerifyTestMain(m)
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// small is a configuration whose retries are quick.
func small() Config {
	c := DefaultConfig()
	c.MentionsBytes, c.VisitsBytes, c.StoredBytes, c.OutboxBytes, c.DeadBytes = 16<<20, 16<<20, 16<<20, 16<<20, 16<<20
	c.AckWait = 5 * time.Second // no test is that slow
	c.RetryFirst, c.RetryMax = 4*time.Millisecond, 8*time.Millisecond
	c.MaxDeliver, c.OutboxMaxDeliver = 3, 3
	return c
}

// serve runs a server in dir until the test ends or stop is called.
func serve(t *testing.T, dir string, cfg Config) (s *Server, stop func()) {
	t.Helper()
	return serveLog(t, dir, cfg, quiet())
}

func serveLog(t *testing.T, dir string, cfg Config, log *slog.Logger) (s *Server, stop func()) {
	t.Helper()
	s = NewServer(dir, cfg, log)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("server: %v", err)
		}
	}
	t.Cleanup(stop)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, stop
}

func connect(t *testing.T, s *Server, cfg Config) *Queue {
	t.Helper()
	q, err := Connect(t.Context(), s.Access(), cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

// open is a queue on a server of its own.
func open(t *testing.T, cfg Config) *Queue {
	t.Helper()
	s, _ := serve(t, t.TempDir(), cfg)
	return connect(t, s, cfg)
}

func sample(n int) mention.Mention {
	return mention.Mention{
		ID: mention.NewID("site", "example.org", fmt.Sprint(n)), Source: "sample", Text: fmt.Sprintf("text %d", n),
		Collected: time.Unix(1_700_000_000, 0).UTC(), Origin: mention.OriginLive,
	}.Revise()
}

func publish(t *testing.T, q *Queue, list ...mention.Mention) {
	t.Helper()
	for _, m := range list {
		if err := q.PublishMention(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
}

func messages(t *testing.T, q *Queue, stream string) uint64 {
	t.Helper()
	stats, err := q.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stats {
		if s.Stream == stream {
			return s.Messages
		}
	}
	t.Fatalf("no stream %s", stream)
	return 0
}

// consumeUntilDrained handles MENTIONS until it is empty.
func consumeUntilDrained(t *testing.T, q *Queue, handle func(context.Context, []Delivery[mention.Mention]) error) {
	t.Helper()
	consumeFor(t, q, 20*time.Millisecond, handle)
}

// consumeFor is that with batches gathered for as long as wait.
func consumeFor(t *testing.T, q *Queue, wait time.Duration, handle func(context.Context, []Delivery[mention.Mention]) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	inner, stop := context.WithCancel(ctx)
	go func() { done <- q.ConsumeMentions(inner, 5000, wait, handle) }()
	if err := q.Drained(ctx, Mentions); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestPublishedIsDelivered(t *testing.T) {
	q := open(t, small())
	want := sample(1)
	want.Rating = &mention.Rating{Value: 1, Worst: 1, Best: 5}
	publish(t, q, want)
	var got []Delivery[mention.Mention]
	consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error {
		got = append(got, d...)
		return nil
	})
	if len(got) != 1 || got[0].Redelivered || got[0].Value.ID != want.ID || *got[0].Value.Rating != *want.Rating {
		t.Fatalf("got %+v, want one first delivery of %+v", got, want)
	}
}

func TestEachMessageSynced(t *testing.T) {
	cfg := small()
	cfg.SyncInterval = 0
	q := open(t, cfg)
	publish(t, q, samples(20)...)
	if n := messages(t, q, Mentions); n != 20 {
		t.Errorf("%d messages, want 20", n)
	}
}

func TestDuplicates(t *testing.T) {
	q := open(t, small())
	first := sample(1)
	edited := first
	edited.Text, edited.Collected = "text 1, edited", first.Collected.Add(time.Second)
	edited = edited.Revise()
	restored := first
	restored.Collected = first.Collected.Add(2 * time.Second)
	publish(t, q, first, first, edited, edited, restored)
	if n := messages(t, q, Mentions); n != 3 {
		t.Errorf("%d messages, want 3: a repeated publish is one, an edit and its undoing are others", n)
	}
}

func TestStoredAreOneARowAndVerdict(t *testing.T) {
	q := open(t, small())
	var rows []mention.Scored
	for i := range 600 {
		rows = append(rows, mention.Scored{Mention: sample(i), Brand: "Paytak", Verdict: mention.Verdict{Lexicon: "1"}})
	}
	for range 2 {
		if err := q.PublishStored(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
	}
	other := rows[0]
	other.Brand = "Rakip"
	if err := q.PublishStored(t.Context(), []mention.Scored{other}); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, q, Stored); n != 601 {
		t.Errorf("%d messages in STORED, want 601", n)
	}
}
