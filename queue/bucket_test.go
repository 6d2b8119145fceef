package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func bucket(t *testing.T, ttl time.Duration) *Bucket {
	t.Helper()
	b, err := open(t, small()).Bucket(t.Context(), "test", ttl)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBucket(t *testing.T) {
	b, ctx := bucket(t, 0), t.Context()
	names := []string{"", "a.b", "Şikâyet sitesi", "خرید/۱", "..", "=", "*.>"}
	for _, key := range names {
		if v, rev, err := b.Load(ctx, key); v != nil || rev != 0 || err != nil {
			t.Errorf("%q before: %q, %d, %v", key, v, rev, err)
		}
		if created, err := b.Create(ctx, key, []byte(key+"1")); !created || err != nil {
			t.Errorf("create %q: %v, %v", key, created, err)
		}
		if created, err := b.Create(ctx, key, []byte("other")); created || err != nil {
			t.Errorf("create %q again: %v, %v", key, created, err)
		}
		if v, err := b.Get(ctx, key); string(v) != key+"1" || err != nil {
			t.Errorf("get %q: %q, %v", key, v, err)
		}
		if err := b.Put(ctx, key, []byte{}); err != nil {
			t.Errorf("put %q: %v", key, err)
		}
	}
	keys, err := b.Keys(ctx)
	slices.Sort(keys)
	slices.Sort(names)
	if err != nil || !slices.Equal(keys, names) {
		t.Errorf("keys %q, %v; want %q", keys, err, names)
	}
	for _, key := range names {
		if err := errors.Join(b.Delete(ctx, key), b.Delete(ctx, key)); err != nil {
			t.Errorf("delete %q: %v", key, err)
		}
	}
	if keys, err = b.Keys(ctx); len(keys) != 0 || err != nil {
		t.Errorf("keys after all were deleted: %q, %v", keys, err)
	}
	if created, err := b.Create(ctx, "a.b", nil); !created || err != nil {
		t.Errorf("create after delete: %v, %v", created, err)
	}
}

func TestKeysSurviveEscaping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := string(rapid.SliceOf(rapid.Byte()).Draw(t, "key"))
		if got := unescapeKey(escapeKey(key)); got != key {
			t.Fatalf("%q came back as %q by way of %q", key, got, escapeKey(key))
		}
	})
}

// Of many writers that read the same revision exactly one wins, each time.
func TestCompareAndSetRace(t *testing.T) {
	b, ctx := bucket(t, 0), t.Context()
	const writers, rounds = 16, 20
	for round := range rounds {
		_, revision, err := b.Load(ctx, "state")
		if err != nil {
			t.Fatal(err)
		}
		var won atomic.Int32
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				next, err := b.Update(ctx, "state", fmt.Appendf(nil, "round %d by %d", round, w), revision)
				if err != nil {
					t.Error(err)
				}
				if next != 0 {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d of %d writers won, want one", round, won.Load(), writers)
		}
	}
}

func TestBucketSurvivesARestart(t *testing.T) {
	dir, cfg := t.TempDir(), small()
	s, stop := serve(t, dir, cfg)
	q := connect(t, s, cfg)
	b, err := q.Bucket(t.Context(), "cursors", 0)
	if err == nil {
		err = b.Put(t.Context(), "source", []byte("page 7"))
	}
	if err = errors.Join(err, q.Close()); err != nil {
		t.Fatal(err)
	}
	stop()
	s, _ = serve(t, dir, cfg)
	b, err = connect(t, s, cfg).Bucket(t.Context(), "cursors", 0)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := b.Get(t.Context(), "source"); string(v) != "page 7" || err != nil {
		t.Errorf("after a restart: %q, %v", v, err)
	}
}

func TestLease(t *testing.T) {
	q, ctx := open(t, small()), t.Context()
	leases := func(holder string) *Leases {
		l, err := q.Leases(ctx, "leases", holder, 600*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a, b := leases("a"), leases("b")
	held, release, ok, err := a.Hold(ctx, "shop")
	if !ok || err != nil {
		t.Fatalf("a holds: %v, %v", ok, err)
	}
	if _, _, ok, err := b.Hold(ctx, "shop"); ok || err != nil {
		t.Fatalf("b holds what a has: %v, %v", ok, err)
	}
	<-time.After(900 * time.Millisecond) // beyond the ttl: a has renewed it
	if _, _, ok, _ := b.Hold(ctx, "shop"); ok || held.Err() != nil {
		t.Fatalf("a was not kept up: b %v, %v", ok, held.Err())
	}
	release()
	if held.Err() == nil {
		t.Error("the context outlives the release")
	}
	_, release, ok, err = b.Hold(ctx, "shop")
	if !ok || err != nil {
		t.Fatalf("b after the release: %v, %v", ok, err)
	}
	release()
}

// A holder that vanished without giving back blocks the name for ttl, not longer;
// one that was overtaken learns of it.
func TestLeaseOfTheDead(t *testing.T) {
	q, ctx := open(t, small()), t.Context()
	l, err := q.Leases(ctx, "leases", "b", 300*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.bucket.Create(ctx, "shop", []byte("a, killed")); err != nil {
		t.Fatal(err)
	}
	wait, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		held, release, ok, err := l.Hold(ctx, "shop")
		if err != nil || wait.Err() != nil {
			t.Fatalf("the lease of the dead never ended: %v", err)
		}
		if !ok {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		defer release()
		if err := l.bucket.Put(ctx, "shop", []byte("c, by force")); err != nil {
			t.Fatal(err)
		}
		<-held.Done()
		if !errors.Is(context.Cause(held), ErrLeaseLost) {
			t.Errorf("cause %v, want ErrLeaseLost", context.Cause(held))
		}
		return
	}
}

// A bucket whose keys come and go does not grow.
func TestDeletedKeysLeaveNothing(t *testing.T) {
	b := bucket(t, 0)
	for i := range 200 {
		key := fmt.Sprintf("%d.case.x y", i)
		if err := errors.Join(b.Put(t.Context(), key, []byte("v")), b.Delete(t.Context(), key), b.Delete(t.Context(), key)); err != nil {
			t.Fatal(err)
		}
	}
	info, err := b.stream.Info(t.Context())
	if err != nil || info.State.Msgs != 0 {
		t.Errorf("%d messages are left, %v", info.State.Msgs, err)
	}
	if created, err := b.Create(t.Context(), "0.case.x y", []byte("again")); err != nil || !created {
		t.Errorf("a deleted key cannot be made again: %v", err)
	}
}
