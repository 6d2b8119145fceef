package incident

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feryat/mention"
	"feryat/queue"
)

// bucket is a store of a real JetStream.
func bucket(t *testing.T) *queue.Bucket {
	t.Helper()
	cfg, quiet := queue.DefaultConfig(), slog.New(slog.DiscardHandler)
	s := queue.NewServer(t.TempDir(), cfg, quiet)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if err := s.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	q, err := queue.Connect(ctx, s.Access(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	b, err := q.Bucket(ctx, "incidents", 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// clock is a time that a test moves.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanos.Store(start().UnixNano())
	return c
}

func (c *clock) now() time.Time            { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) add(d time.Duration)       { c.nanos.Add(int64(d)) }
func (c *clock) book(s states) *Book       { return NewBook(s, DefaultConfig(), c.now) }
func (c *clock) guard(s states) *Guard     { return NewGuard(s, DefaultStormConfig(), c.now) }
func tellingKey(in Incident, n int) string { return Telling{Incident: in, Step: n}.Key("desk") }

// Two processes add five hundred members each: five matters of 200 authors, each
// half to one and half to the other, three brands.
func TestTwoBooksLoseNothingAndTellOnce(t *testing.T) {
	kept, c := bucket(t), newClock()
	var mu sync.Mutex
	toldBy := map[string]int{}
	process := func(book *Book, half int) error {
		for i := range 500 {
			r := row(2*i+half, i%100, topic([]string{"delivery", "outage", "quality", "billing", "app"}[i%5]))
			r.Brand = []string{"Paytak", "Berqa", "Sahra", "Paytak", "Berqa"}[i%5]
			m, _ := NewMember([]byte("secret"), r)
			in, change, err := book.Add(t.Context(), m)
			if err != nil {
				return err
			}
			if change.News != Opened && change.News != Grew {
				continue
			}
			mu.Lock()
			toldBy[tellingKey(in, change.Step)]++
			mu.Unlock()
			if err := book.MarkTold(t.Context(), Telling{in, change.Step}); err != nil {
				return err
			}
		}
		return nil
	}
	done := make(chan error)
	for half := range 2 {
		go func() { done <- process(c.book(kept), half) }()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	open, err := c.book(kept).Open(t.Context())
	if err != nil || len(open) != 5 {
		t.Fatalf("%d incidents, %v", len(open), err)
	}
	for _, in := range open {
		if in.Mentions != 200 || in.Authors != 200 || in.Step != 192 {
			t.Errorf("%s: %d mentions by %d, step %d", in.Cause.Topic, in.Mentions, in.Authors, in.Step)
		}
		for step := 3; step <= 192; step *= 2 {
			if n := toldBy[tellingKey(in, step)]; n != 1 {
				t.Errorf("%s: step %d was told %d times", in.Cause.Topic, step, n)
			}
		}
	}
	if pending, err := c.book(kept).Pending(t.Context()); err != nil || len(pending) != 0 || len(toldBy) != 5*7 {
		t.Errorf("%d keys told, %d steps pending, %v", len(toldBy), len(pending), err)
	}
}

// add hands rows to a book and answers the last change.
func add(t *testing.T, b *Book, rows ...mention.Scored) (in Incident, change Change) {
	t.Helper()
	for _, r := range rows {
		var err error
		if in, change, err = b.Add(t.Context(), member(t, r)); err != nil {
			t.Fatal(err)
		}
	}
	return in, change
}

func TestACrashBetweenDecidingAndTellingTellsAgainWithTheSameKey(t *testing.T) {
	kept, c := bucket(t), newClock()
	rows := []mention.Scored{row(1, 0, nil), row(2, 0, nil), row(3, 0, nil)}
	in, change := add(t, c.book(kept), rows...)
	if change.News != Opened {
		t.Fatalf("got %+v", change)
	}
	after := c.book(kept) // the process died here; another goes on
	if _, change := add(t, after, rows...); change.News != Known {
		t.Errorf("a redelivery is %s", change.News)
	}
	add(t, after, row(4, 1, nil), row(5, 2, nil), row(6, 3, nil)) // and it grows before anybody looks
	for n := 2; n > 0; n-- {
		pending, err := after.Pending(t.Context())
		if err != nil || len(pending) != n {
			t.Fatalf("%d steps pending, %v; want %d", len(pending), err, n)
		}
		if n == 2 && pending[0].Key("desk") != tellingKey(in, change.Step) {
			t.Error("the key is another after the crash")
		}
		for range 2 { // noting it twice does no harm
			if err := after.MarkTold(t.Context(), pending[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if pending, _ := after.Pending(t.Context()); len(pending) != 0 {
		t.Errorf("still pending: %v", pending)
	}
}

func TestKeysOfTellings(t *testing.T) {
	keys := map[string]bool{}
	for _, id := range []string{"a", "b"} {
		for _, step := range []int{3, 6} {
			for _, channel := range []string{"desk", "night"} {
				keys[Telling{Incident{ID: id}, step}.Key(channel)] = true
			}
		}
	}
	if len(keys) != 8 {
		t.Errorf("%d different keys of 8", len(keys))
	}
}

func TestBookForgetsWhatEnded(t *testing.T) {
	kept, c := bucket(t), newClock()
	b := c.book(kept)
	in, change := add(t, b, row(1, 0, nil), row(2, 0, nil), row(3, 0, nil))
	if err := b.MarkTold(t.Context(), Telling{in, change.Step}); err != nil {
		t.Fatal(err)
	}
	c.add(DefaultConfig().Quiet + time.Second)
	if open, err := b.Open(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("%d incidents go on, %v", len(open), err)
	}
	if again, change := add(t, b, row(3, 0, nil)); change.News != Known || again.ID != in.ID || !again.Ended {
		t.Errorf("a late redelivery is %q of %+v", change.News, again)
	}
	c.add(DefaultConfig().Remember)
	if _, err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if body, _, err := kept.Load(t.Context(), brandKey("Paytak")); err != nil || strings.Contains(string(body), in.ID) {
		t.Errorf("it is still kept: %s, %v", body, err)
	}
	if again, _ := add(t, b, row(1, 0, nil), row(2, 0, nil), row(3, 0, nil)); again.ID != "" {
		t.Error("what is long past opens an incident")
	}
	// A store that was lost gives it the same name, so that nobody is told twice.
	if err := kept.Delete(t.Context(), brandKey("Paytak")); err != nil {
		t.Fatal(err)
	}
	if again, _ := add(t, newClock().book(kept), row(1, 0, nil), row(2, 0, nil), row(3, 0, nil)); again.ID != in.ID {
		t.Error("it got another name")
	}
}

func TestBookRefusesWhatItCannotGroup(t *testing.T) {
	kept, c := bucket(t), newClock()
	for name, m := range map[string]Member{
		"nothing":  {},
		"no topic": {Mention: "x", Cause: Cause{Brand: "Paytak"}, At: start()},
		"no time":  {Mention: "x", Cause: Cause{Brand: "Paytak", Topic: "delivery"}},
	} {
		if _, _, err := c.book(kept).Add(t.Context(), m); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := kept.Put(t.Context(), brandKey("Berqa"), []byte("{")); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.book(kept).Add(t.Context(), member(t, row(1, 0, func(r *mention.Scored) { r.Brand = "Berqa" })))
	if err == nil || !strings.Contains(err.Error(), brandKey("Berqa")) {
		t.Errorf("a broken record: %v", err)
	}
}

// busy always has somebody who was quicker; down answers nothing but an error.
type (
	busy struct{}
	down struct{ err error }
)

func (busy) Load(context.Context, string) ([]byte, uint64, error)             { return nil, 0, nil }
func (busy) Update(context.Context, string, []byte, uint64) (uint64, error)   { return 0, nil }
func (d down) Load(context.Context, string) ([]byte, uint64, error)           { return nil, 0, d.err }
func (d down) Update(context.Context, string, []byte, uint64) (uint64, error) { return 0, d.err }

func TestBookGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	c := newClock()
	if _, _, err := c.book(busy{}).Add(ctx, member(t, row(1, 0, nil))); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	gone := fmt.Errorf("no store")
	if _, _, err := c.book(down{gone}).Add(t.Context(), member(t, row(1, 0, nil))); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
	if _, err := c.book(down{gone}).Open(t.Context()); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}

// A record that somebody else wrote is refused or used, but never crashes.
func FuzzRecord(f *testing.F) {
	l, cfg := &ledger{}, DefaultConfig()
	var s Storm
	for n := range 20 {
		m, _ := NewMember(nil, row(n, n, nil))
		l.add(m.Cause, keep(m), cfg)
		s.Allow(start(), page(n), DefaultStormConfig())
	}
	for _, record := range []any{l, s} {
		var out bytes.Buffer
		if err := gob.NewEncoder(&out).Encode(record); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes())
	}
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, body []byte) {
		c := newClock()
		store := foreign{body}
		if in, _, err := c.book(store).Add(t.Context(), member(t, row(1, 0, nil))); err == nil {
			_ = in.Open()
		}
		if _, err := c.guard(store).Allow(t.Context(), "desk", page(1)); err == nil {
			c.add(time.Hour)
			_, _ = c.guard(store).Due(t.Context(), "desk")
		}
	})
}

// foreign holds the same bytes under all brands and channels.
type foreign struct{ body []byte }

func (f foreign) Load(_ context.Context, key string) ([]byte, uint64, error) {
	if key == brandsKey {
		return nil, 0, nil
	}
	return f.body, 1, nil
}

func (foreign) Update(context.Context, string, []byte, uint64) (uint64, error) { return 2, nil }
