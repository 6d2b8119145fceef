package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"feryat/mention"
)

// seen counts how often each mention was handled with success.
type seen struct {
	mu sync.Mutex
	n  map[mention.ID]int
}

func (s *seen) add(d []Delivery[mention.Mention]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == nil {
		s.n = map[mention.ID]int{}
	}
	for _, x := range d {
		s.n[x.Value.ID]++
	}
}

func samples(n int) []mention.Mention {
	list := make([]mention.Mention, n)
	for i := range list {
		list[i] = sample(i)
	}
	return list
}

func has(d []Delivery[mention.Mention], id mention.ID) bool {
	for _, x := range d {
		if x.Value.ID == id {
			return true
		}
	}
	return false
}

// One bad message in a batch is found and set aside; the others are done once.
func TestFaultsOfAMessage(t *testing.T) {
	const count = 300
	bad := sample(123).ID
	cases := map[string]struct {
		fail       func() error
		deliveries int
		reason     string
	}{
		"marked bad":     {func() error { return fmt.Errorf("insert: %w: rating is not a number", mention.ErrBad) }, 1, "rating is not a number"},
		"panic":          {func() error { panic("index out of range") }, 1, "index out of range"},
		"any other time": {func() error { return errors.New("code 117") }, 3, "code 117"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			q := open(t, small())
			publish(t, q, samples(count)...)
			var ok seen
			consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error {
				if has(d, bad) {
					return c.fail()
				}
				ok.add(d)
				return nil
			})
			if len(ok.n) != count-1 || ok.n[bad] != 0 {
				t.Errorf("%d messages done, want %d", len(ok.n), count-1)
			}
			for id, n := range ok.n {
				if n != 1 {
					t.Errorf("message %s done %d times", id, n)
				}
			}
			dead, err := q.Dead(t.Context(), 10)
			if err != nil || len(dead) != 1 {
				t.Fatalf("dead letters: %+v, %v", dead, err)
			}
			if d := dead[0]; d.Stream != Mentions || d.Deliveries != c.deliveries || !strings.Contains(d.Reason, c.reason) || !strings.Contains(string(d.Payload), string(bad)) {
				t.Errorf("dead letter %+v", d)
			}
		})
	}
}

// An outage is not the messages' fault, however long it lasts.
func TestOutageBuriesNothing(t *testing.T) {
	cfg := small()
	cfg.AckWait = 2 * time.Second // the outage outlasts it
	q := open(t, cfg)
	publish(t, q, samples(50)...)
	var calls, unmarked int
	var ok seen
	down := time.Now().Add(2500 * time.Millisecond)
	consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error {
		calls++
		if time.Now().Before(down) {
			return fmt.Errorf("storage: %w: connection refused", mention.ErrUnavailable)
		}
		for _, x := range d {
			if !x.Redelivered {
				unmarked++
			}
		}
		ok.add(d)
		return nil
	})
	if len(ok.n) != 50 || calls < 5 {
		t.Errorf("%d of 50 done after %d calls", len(ok.n), calls)
	}
	if unmarked > 0 {
		t.Errorf("%d messages were handed over again without the mark", unmarked)
	}
	for id, n := range ok.n {
		if n != 1 {
			t.Errorf("message %s was done %d times: it came again while we held it", id, n)
		}
	}
	if n := messages(t, q, Dead); n != 0 {
		t.Errorf("%d dead letters after an outage, want none", n)
	}
}

// An error that comes and goes brings the batch again, marked.
func TestErrorBringsTheBatchAgain(t *testing.T) {
	q := open(t, small())
	publish(t, q, samples(20)...)
	var calls int
	var marked []bool
	consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error {
		if calls++; calls == 1 {
			return errors.New("not this time")
		}
		for _, x := range d {
			marked = append(marked, x.Redelivered)
		}
		return nil
	})
	if len(marked) != 20 {
		t.Fatalf("%d done, want 20", len(marked))
	}
	for _, m := range marked {
		if !m {
			t.Fatal("a message came again without the mark")
		}
	}
}

// A handler that takes one message's fault for an outage holds up nothing for ever.
func TestFaultTakenForAnOutage(t *testing.T) {
	q := open(t, small())
	publish(t, q, samples(100)...)
	bad := sample(42).ID
	var ok seen
	consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error {
		if has(d, bad) {
			return fmt.Errorf("insert: %w: code 27", mention.ErrUnavailable)
		}
		ok.add(d)
		return nil
	})
	dead, err := q.Dead(t.Context(), 10)
	if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Reason, "code 27") || len(ok.n) != 99 {
		t.Errorf("%d done, dead %+v, %v", len(ok.n), dead, err)
	}
}

func TestPoisonIsBuriedAndRevived(t *testing.T) {
	q := open(t, small())
	poison := nats.NewMsg("feryat.mentions")
	poison.Data = []byte(`{"id": 7, "text": "فریاد`)
	if err := q.publish(t.Context(), Mentions, poison); err != nil {
		t.Fatal(err)
	}
	publish(t, q, sample(1))
	var ok seen
	handle := func(_ context.Context, d []Delivery[mention.Mention]) error { ok.add(d); return nil }
	consumeUntilDrained(t, q, handle)
	dead, err := q.Dead(t.Context(), 10)
	if err != nil || len(dead) != 1 || string(dead[0].Payload) != string(poison.Data) || !strings.HasPrefix(dead[0].Reason, "decode: ") || len(ok.n) != 1 {
		t.Fatalf("dead %+v, %v; done %v", dead, err, ok.n)
	}
	if err := q.Revive(t.Context(), dead[0].Sequence); err != nil {
		t.Fatal(err)
	}
	if n := messages(t, q, Mentions); n != 1 {
		t.Errorf("%d messages after the revival, want 1", n)
	}
	consumeUntilDrained(t, q, handle)
	if dead, err = q.Dead(t.Context(), 10); err != nil || len(dead) != 1 {
		t.Fatalf("the poison should be dead again: %+v, %v", dead, err)
	}
	if err := q.Discard(t.Context(), dead[0].Sequence); err != nil || messages(t, q, Dead) != 0 {
		t.Errorf("discard: %v, %d left", err, messages(t, q, Dead))
	}
}

// A batch under way when the consumer is told to stop is finished and leaves
// the queue; one that waits for storage is handed back.
func TestStop(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		left   uint64
	}{
		"batch under way": {nil, 0},
		"batch on hold":   {mention.ErrUnavailable, 5},
	} {
		t.Run(name, func(t *testing.T) {
			q := open(t, small())
			publish(t, q, samples(5)...)
			ctx, cancel := context.WithCancel(t.Context())
			var inner atomic.Value
			err := q.ConsumeMentions(ctx, 5, 20*time.Millisecond, func(work context.Context, _ []Delivery[mention.Mention]) error {
				cancel()
				if err := work.Err(); err != nil {
					inner.Store(err)
				}
				return c.answer
			})
			if err != nil || inner.Load() != nil {
				t.Errorf("consume: %v, the handler's context: %v", err, inner.Load())
			}
			if err := q.conn.Flush(); err != nil {
				t.Fatal(err)
			}
			for range 100 { // acknowledgements are asynchronous in the server
				if messages(t, q, Mentions) == c.left {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("%d messages left, want %d", messages(t, q, Mentions), c.left)
		})
	}
}

func TestOutboxCarriesEachOnItsOwn(t *testing.T) {
	q := open(t, small())
	for i := range 20 {
		for range 2 { // the second is a duplicate
			if err := q.Enqueue(t.Context(), fmt.Sprintf("channel%d", i%2), fmt.Sprintf("key%d", i), fmt.Appendf(nil, "payload%d", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var mu sync.Mutex
	tries, done := map[string]int{}, map[string]string{}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	result := make(chan error, 1)
	inner, stop := context.WithCancel(ctx)
	go func() {
		result <- q.ConsumeOutbox(inner, func(_ context.Context, channel string, payload []byte) error {
			mu.Lock()
			defer mu.Unlock()
			tries[string(payload)]++
			switch n := tries[string(payload)]; {
			case string(payload) == "payload7":
				return errors.New("channel is down for good")
			case n == 1:
				return errors.New("channel is down")
			}
			done[string(payload)] = channel
			return nil
		})
	}()
	if err := q.Drained(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-result; err != nil {
		t.Error(err)
	}
	if len(done) != 19 || done["payload4"] != "channel0" || tries["payload4"] != 2 || tries["payload7"] != 3 {
		t.Errorf("done %v, tries %v", done, tries)
	}
	dead, err := q.Dead(t.Context(), 5)
	if err != nil || len(dead) != 1 || string(dead[0].Payload) != "payload7" || dead[0].headers.Get(headerChannel) != "channel1" {
		t.Errorf("dead letters %+v, %v", dead, err)
	}
}

func TestRetryDelayGrowsToItsLimit(t *testing.T) {
	var last time.Duration
	for n := uint64(1); n < 70; n++ {
		d := retryDelay(time.Second, time.Minute, n)
		if d > time.Minute || d < last*3/5 {
			t.Fatalf("delay %d is %s after %s", n, d, last)
		}
		last = d
	}
	if last < 48*time.Second {
		t.Errorf("the last delay is %s", last)
	}
}

func TestConsumeThatIsStoppedAtOnceEndsWell(t *testing.T) {
	q := open(t, small())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.ConsumeMentions(ctx, 1, time.Second, func(context.Context, []Delivery[mention.Mention]) error { return nil }); err != nil {
		t.Error(err)
	}
}
