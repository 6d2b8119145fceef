package crawler

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"

	"feryat/mention"
)

// leasePoll is the wait before a source that another process holds is tried again.
const leasePoll = 500 * time.Millisecond

// schedule runs one source until ctx ends: at its interval, sooner after a
// failure.
func (r *Runner) schedule(ctx context.Context, j Job) {
	retry := &backoff.ExponentialBackOff{InitialInterval: r.limits.RetryAfter, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: max(j.Every, r.limits.RetryAfter)}
	retry.Reset()
	for {
		res := r.attempt(ctx, j)
		wait := r.jittered(j.Every)
		switch {
		case res.Skipped:
			wait = min(wait, r.jittered(10*time.Second))
		case res.broken != nil || res.Outcome == mention.OutcomeFailed:
			wait = min(wait, retry.NextBackOff())
		default:
			retry.Reset()
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// once runs a source that was asked for; one that another process holds is
// waited for, since a holder that was killed keeps its lease for a while.
func (r *Runner) once(ctx context.Context, j Job) Result {
	deadline := time.Now().Add(r.limits.LeaseWait)
	for {
		res := r.attempt(ctx, j)
		if !res.Skipped || time.Now().After(deadline) || !sleep(ctx, leasePoll) {
			return res
		}
	}
}

// jittered moves d by a random part of Limits.Jitter either way.
func (r *Runner) jittered(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1 + r.limits.Jitter*(2*rand.Float64()-1)))
}

// sleep reports whether it slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
