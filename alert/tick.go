package alert

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Run keeps the clocks until ctx ends.
func (d *Desk) Run(ctx context.Context, tick time.Duration, wait waiters) error {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		if err := d.Tick(ctx, wait); err != nil && ctx.Err() == nil {
			d.deps.Log.Warn("clocks of escalations: tried again soon", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// waiters looks at mentions again for rules that waited; an error means that all
// payloads have to be handed in again.
type waiters func(ctx context.Context, payloads [][]byte) error

// waitsAtOnce is how many rules that waited look again in one go.
const waitsAtOnce = 200

// Tick does what is due. One that fails stays due; the others are done.
func (d *Desk) Tick(ctx context.Context, wait waiters) error {
	due, err := d.deps.Timers.due(ctx, d.deps.now())
	var waits []timer
	for _, t := range due {
		switch t.kind {
		case timerDigest: // see Digests
			continue
		case timerWait:
			waits = append(waits, t)
			continue
		}
		one := d.ring(ctx, t)
		if one == nil {
			one = d.deps.Timers.done(ctx, t)
		}
		err = errors.Join(err, one)
	}
	for some := range slices.Chunk(waits, waitsAtOnce) {
		err = errors.Join(err, d.ringWaits(ctx, some, wait))
	}
	return errors.Join(err, d.catchUp(ctx))
}

// ringWaits lets rules that waited look again, all together; each by itself if
// that fails, so that one keeps no other waiting.
func (d *Desk) ringWaits(ctx context.Context, due []timer, wait waiters) error {
	var payloads [][]byte
	for _, t := range due {
		payload, err := d.deps.Timers.payload(ctx, t)
		if err != nil {
			return err
		}
		if payload != nil {
			payloads = append(payloads, payload)
		}
	}
	err := wait(ctx, payloads)
	if err != nil && len(due) > 1 && ctx.Err() == nil {
		err = nil
		for i := range due {
			err = errors.Join(err, d.ringWaits(ctx, due[i:i+1], wait))
		}
		return err
	}
	for _, t := range due {
		if err == nil {
			err = d.deps.Timers.done(ctx, t)
		}
	}
	return err
}

func (d *Desk) ring(ctx context.Context, t timer) error {
	switch t.kind {
	case timerCase:
		return d.look(ctx, t.id)
	case timerPrune:
		return d.prune(ctx, t.id)
	case timerQuiet:
		payload, err := d.deps.Timers.payload(ctx, t)
		if err != nil || payload == nil {
			return err
		}
		return d.sendHeld(ctx, t.id, payload)
	}
	return nil
}
