package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// carry carries OUTBOX until stop is called, which waits for the end.
func carry(t *testing.T, q *Queue, deliver func(ctx context.Context, channel string, payload []byte) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.ConsumeOutbox(ctx, deliver) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

func enqueue(t *testing.T, q *Queue, channel string, n int) {
	t.Helper()
	for i := range n {
		if err := q.Enqueue(t.Context(), channel, fmt.Sprint(channel, i), fmt.Append(nil, i)); err != nil {
			t.Fatal(err)
		}
	}
}

func drained(t *testing.T, q *Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := q.Drained(ctx, Outbox); err != nil {
		t.Error(err)
	}
}

// A channel that hangs with more messages than its lane holds lets the others
// pass; none of its own is lost, and none set aside for having waited.
func TestAChannelThatHangsHoldsUpNoOther(t *testing.T) {
	cfg := small()
	cfg.AckWait = time.Second // the wait in the lane outlasts it
	cfg.OutboxMaxDeliver = 3
	q := open(t, cfg)
	const hanging, working = laneWaiting + laneWorkers + 100, 50
	enqueue(t, q, "hangs", hanging)
	enqueue(t, q, "works", working)
	release, passed := make(chan struct{}), make(chan struct{}, working)
	var mu sync.Mutex
	told := map[string]int{}
	carry(t, q, func(_ context.Context, channel string, payload []byte) error {
		if channel == "works" {
			passed <- struct{}{}
			return nil
		}
		<-release
		mu.Lock()
		defer mu.Unlock()
		told[string(payload)]++
		return nil
	})
	deadline := time.After(20 * time.Second)
	for i := range working {
		select {
		case <-passed:
		case <-deadline:
			t.Fatalf("%d of %d passed a channel that hangs", i, working)
		}
	}
	time.Sleep(cfg.AckWait + cfg.AckWait/2)
	close(release)
	drained(t, q)
	mu.Lock()
	defer mu.Unlock()
	if len(told) != hanging || messages(t, q, Dead) != 0 {
		t.Errorf("%d of %d told, %d set aside", len(told), hanging, messages(t, q, Dead))
	}
	for payload, n := range told {
		if n != 1 {
			t.Errorf("message %s was told %d times", payload, n)
		}
	}
}

// later is a failure that asks for patience.
type later time.Duration

func (l later) Error() string             { return "later" }
func (l later) RetryAfter() time.Duration { return time.Duration(l) }

func TestAReceiverIsNotAskedBeforeTheTimeItNamed(t *testing.T) {
	q := open(t, small())
	const wait = 400 * time.Millisecond
	var mu sync.Mutex
	var first, again, other time.Time
	tries := 0
	asked, passed := make(chan struct{}), make(chan struct{})
	carry(t, q, func(_ context.Context, channel string, payload []byte) error {
		mu.Lock()
		defer mu.Unlock()
		switch tries++; {
		case channel == "works":
			close(passed)
		case first.IsZero():
			first = time.Now()
			close(asked)
			return fmt.Errorf("tell: %w", later(wait))
		case string(payload) == "0":
			again = time.Now()
		default:
			other = time.Now()
		}
		return nil
	})
	enqueue(t, q, "busy", 1)
	<-asked
	enqueue(t, q, "busy", 2) // the first is a duplicate
	enqueue(t, q, "works", 1)
	<-passed // while the other lane rests
	mu.Lock()
	if tries != 2 {
		t.Errorf("%d tries while the channel wants to be left alone", tries)
	}
	mu.Unlock()
	drained(t, q)
	mu.Lock()
	defer mu.Unlock()
	if again.Sub(first) < wait || other.Sub(first) < wait {
		t.Errorf("asked to wait %s, tried again after %s, others after %s", wait, again.Sub(first), other.Sub(first))
	}
}

// What waits in the lanes when the consumer stops is there for the next one.
func TestStopHandsBackTheLanes(t *testing.T) {
	q := open(t, small())
	const n = 3 * laneWorkers
	enqueue(t, q, "a", n)
	begun := make(chan struct{}, n)
	hang := make(chan struct{})
	stop := carry(t, q, func(context.Context, string, []byte) error {
		begun <- struct{}{}
		<-hang
		return nil
	})
	for range laneWorkers {
		<-begun
	}
	go func() {
		// The first fetch is over by then, so the workers find the context ended.
		time.Sleep(1500 * time.Millisecond)
		close(hang)
	}()
	stop()
	var mu sync.Mutex
	rest := map[string]int{}
	carry(t, q, func(_ context.Context, _ string, payload []byte) error {
		mu.Lock()
		defer mu.Unlock()
		rest[string(payload)]++
		return nil
	})
	drained(t, q)
	mu.Lock()
	defer mu.Unlock()
	if len(rest) != n-len(begun)-laneWorkers {
		t.Errorf("%d of %d were handed to the next, %d had been begun", len(rest), n, len(begun)+laneWorkers)
	}
}

// A message that was handed out often is given up only when that many tries
// would have taken as long.
func TestNoMessageIsGivenUpEarly(t *testing.T) {
	cfg := small()
	cfg.RetryFirst, cfg.RetryMax, cfg.OutboxMaxDeliver = 300*time.Millisecond, 300*time.Millisecond, 3
	if got := cfg.outboxPatience(); got != 480*time.Millisecond {
		t.Fatalf("patience is %s", got)
	}
	if got := DefaultConfig().outboxPatience(); got < 5*time.Hour || got > 7*time.Hour {
		t.Errorf("by default a channel may be down for %s", got)
	}
	q := open(t, cfg)
	w := worker[[]byte]{q: q, s: q.streams[Outbox]}
	young, old := item[[]byte]{}, item[[]byte]{}
	young.meta.NumDelivered, old.meta.NumDelivered = 99, 99
	young.meta.Timestamp, old.meta.Timestamp = time.Now().Add(time.Hour), time.Now().Add(-time.Second)
	if tired, fresh := w.split([]item[[]byte]{young, old}); len(tired) != 1 || len(fresh) != 1 || tired[0].meta.Timestamp != old.meta.Timestamp {
		t.Errorf("tired %v, fresh %v", tired, fresh)
	}
	enqueue(t, q, "down", 1)
	carry(t, q, func(context.Context, string, []byte) error { return errors.New("down") })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := q.Drained(ctx, Outbox); err != nil {
		t.Fatal(err)
	}
	dead, err := q.Dead(t.Context(), 5)
	if err != nil || len(dead) != 1 || dead[0].Deliveries < 3 || !strings.Contains(dead[0].Reason, "down") {
		t.Errorf("dead letters %+v, %v", dead, err)
	}
}
