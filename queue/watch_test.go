package queue

import (
	"context"
	"fmt"
	"testing"
)

// TestWatch: whoever watches hears of what others write, however they came to the
// queue, and how far it was when he began.
func TestWatch(t *testing.T) {
	one := open(t, small())
	b, err := one.Bucket(t.Context(), "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), "old", []byte("1")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	heard, ended := make(chan uint64), make(chan error, 1)
	go func() { ended <- b.Watch(ctx, func(revision uint64) { heard <- revision }) }()
	first := <-heard
	if _, at, err := b.Load(t.Context(), "old"); err != nil || first != at {
		t.Errorf("begins at %d, the bucket is at %d, %v", first, at, err)
	}
	last := first
	for i := range 20 {
		if err := b.Put(t.Context(), fmt.Sprint(i%3), []byte("x")); err != nil {
			t.Fatal(err)
		}
		if now := <-heard; now <= last {
			t.Fatalf("%d after %d", now, last)
		} else {
			last = now
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestWatchEnds: who cannot hear any more is told so.
func TestWatchEnds(t *testing.T) {
	q := open(t, small())
	b, err := q.Bucket(t.Context(), "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	began, ended := make(chan uint64, 1), make(chan error, 1)
	go func() { ended <- b.Watch(t.Context(), func(at uint64) { began <- at }) }()
	<-began
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("the queue is closed, and nobody says so")
	}
	if err := b.Watch(t.Context(), func(uint64) {}); err == nil {
		t.Error("a closed queue is watched")
	}
}
