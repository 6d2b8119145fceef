package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrLeaseLost is the cause of a context of Hold that ended because the lease
// could not be kept up.
var ErrLeaseLost = errors.New("lease lost")

// Leases is a bucket of leases: of several processes one at a time holds a name.
type Leases struct {
	bucket *Bucket
	ttl    time.Duration
	holder string
}

// Leases opens the bucket of that name for leases, which end ttl after their
// holder has vanished. Holder says who holds, for people.
func (q *Queue) Leases(ctx context.Context, name, holder string, ttl time.Duration) (*Leases, error) {
	b, err := q.Bucket(ctx, name, ttl)
	if err != nil {
		return nil, err
	}
	return &Leases{bucket: b, ttl: ttl, holder: holder}, nil
}

// Hold takes the lease of name, or answers ok=false when somebody else has it.
// The context that it returns ends when the lease is lost (see context.Cause) or
// with ctx. Release gives the lease back and must be called.
func (l *Leases) Hold(ctx context.Context, name string) (held context.Context, release func(), ok bool, err error) {
	revision, err := l.bucket.Update(ctx, name, []byte(l.holder), 0)
	if err != nil || revision == 0 {
		return ctx, func() {}, false, err
	}
	held, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		cancel(l.keep(held, name, revision))
	}()
	return held, func() { cancel(context.Canceled); <-done }, true, nil
}

// keep renews the lease until ctx ends, and then gives it back. It answers why
// it stopped.
func (l *Leases) keep(ctx context.Context, name string, revision uint64) error {
	tick := time.NewTicker(l.ttl / 3)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return l.giveBack(ctx, name, revision)
		case <-tick.C:
		}
		next, err := l.bucket.Update(ctx, name, []byte(l.holder), revision)
		switch {
		case err == nil && next == 0:
			return fmt.Errorf("%w: %s was taken over", ErrLeaseLost, name)
		case err == nil:
			revision, renewed = next, time.Now()
		case time.Since(renewed) > l.ttl*2/3:
			return fmt.Errorf("%w: %s: %w", ErrLeaseLost, name, err)
		}
	}
}

func (l *Leases) giveBack(ctx context.Context, name string, revision uint64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return l.bucket.deleteRevision(ctx, name, revision)
}
