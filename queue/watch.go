package queue

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// errWatchEnded is why Watch ends before its context.
var errWatchEnded = errors.New("the queue stopped telling of changes")

// Watch calls changed after each value that anybody writes, with the revision of
// the bucket, which grows; the first call tells how far it is by now. What is
// deleted is not told. It ends with ctx, or with an error.
func (b *Bucket) Watch(ctx context.Context, changed func(revision uint64)) error {
	w, err := b.kv.WatchAll(ctx, jetstream.UpdatesOnly(), jetstream.MetaOnly())
	if err != nil {
		return fmt.Errorf("watch bucket %s: %w", b.name, err)
	}
	defer func() { _ = w.Stop() }() // its end is what we want
	info, err := b.stream.Info(ctx) // after the watch has begun: nothing falls between
	if err != nil {
		return fmt.Errorf("watch bucket %s: %w", b.name, err)
	}
	last := info.State.LastSeq
	for changed(last); ; {
		select {
		case <-ctx.Done():
			return nil
		case e, more := <-w.Updates():
			if !more {
				return fmt.Errorf("watch bucket %s: %w", b.name, errWatchEnded)
			}
			if e != nil && e.Revision() > last {
				last = e.Revision()
				changed(last)
			}
		}
	}
}
