package queue

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is a pause that doubles up to a limit, with a fifth of jitter.
type backoff struct{ first, limit, next time.Duration }

func newBackoff(first, limit time.Duration) *backoff { return &backoff{first, limit, first} }

func (b *backoff) reset() { b.next = b.first }

// sleep pauses; it returns the context's error when that ends first.
func (b *backoff) sleep(ctx context.Context) error {
	d := jitter(b.next)
	b.next = min(2*b.next, b.limit)
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retryDelay is the pause before delivery n+1 of a message, n counting from 1.
func retryDelay(first, limit time.Duration, n uint64) time.Duration {
	return jitter(grown(first, limit, n))
}

// grown is first, doubled n-1 times up to limit.
func grown(first, limit time.Duration, n uint64) time.Duration {
	d := first
	for i := uint64(1); i < n && d < limit; i++ {
		d *= 2
	}
	return min(d, limit)
}

func jitter(d time.Duration) time.Duration {
	return d - time.Duration(rand.Int64N(int64(d)/5+1))
}
