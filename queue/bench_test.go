package queue

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"feryat/mention"
)

// BenchmarkThrough is the way of one mention through the embedded queue:
// published, handed over in batches and acknowledged.
func BenchmarkThrough(b *testing.B) {
	cfg := DefaultConfig()
	s := NewServer(b.TempDir(), cfg, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	defer func() { cancel(); <-done }()
	if err := s.Ready(ctx); err != nil {
		b.Fatal(err)
	}
	q, err := Connect(ctx, s.Access(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = q.Close() }()
	consumed, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- q.ConsumeMentions(consumed, 5000, 50*time.Millisecond, func(context.Context, []Delivery[mention.Mention]) error { return nil })
	}()
	for i := 0; b.Loop(); i++ {
		if err := q.PublishMention(ctx, sample(i)); err != nil {
			b.Fatal(err)
		}
	}
	if err := q.Drained(ctx, Mentions); err != nil {
		b.Fatal(err)
	}
	stop()
	<-ended
}
