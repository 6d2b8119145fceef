package alert

import (
	"context"
	"errors"
	"time"
)

// editor sends digests.
type editor interface {
	// Names lists the digests.
	Names() []string
	// Ring sends the digest of a name if one is due, and answers when to ring
	// again; the zero time means never.
	Ring(ctx context.Context, name string, now time.Time) (next time.Time, err error)
}

// Digests rings for digests when they are due. It has a clock of its own, for the
// figures of a week take longer to count than a customer may wait.
type Digests struct {
	editor editor
	deps   Deps
	wound  bool
}

// NewDigests is inert until Run is called.
func NewDigests(e editor, d Deps) *Digests { return &Digests{editor: e, deps: d} }

// Run looks at the clock every tick until ctx ends. What was due while nobody
// looked is sent at once, if the digest still wants to.
func (x *Digests) Run(ctx context.Context, tick time.Duration) error {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		if err := x.Tick(ctx); err != nil && ctx.Err() == nil {
			x.deps.Log.Warn("digests: tried again soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// Tick rings for what is due. One that fails stays due; the others are sent.
func (x *Digests) Tick(ctx context.Context) error {
	if err := x.wind(ctx); err != nil {
		return err
	}
	due, err := x.deps.Timers.due(ctx, x.deps.now())
	for _, t := range due {
		if t.kind != timerDigest {
			continue
		}
		err = errors.Join(err, x.ring(ctx, t))
	}
	return err
}

// wind rings for each digest once, so that those that are new get a timer.
func (x *Digests) wind(ctx context.Context) error {
	if x.wound {
		return nil
	}
	now := x.deps.now()
	for _, name := range x.editor.Names() {
		if err := x.deps.Timers.Set(ctx, now.Add(-time.Second), timerDigest, name, nil); err != nil {
			return err
		}
	}
	x.wound = true
	return nil
}

func (x *Digests) ring(ctx context.Context, t timer) error {
	next, err := x.editor.Ring(ctx, t.id, x.deps.now())
	if err == nil && !next.IsZero() {
		err = x.deps.Timers.Set(ctx, next, timerDigest, t.id, nil)
	}
	if err != nil {
		return err
	}
	return x.deps.Timers.done(ctx, t)
}
