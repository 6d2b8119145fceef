package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"feryat/alert/notify"
	"feryat/mention"
	"feryat/queue"
)

// message is the payload of one message in the outbox.
func message(t *testing.T, key string) []byte {
	t.Helper()
	body, err := json.Marshal(Message{Key: key, Kind: notify.KindOpened, Title: map[string]string{"en": "Angry"}, Escalation: mention.Escalation{ID: "e" + key, Brand: "Paytak"}})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// dropped gives a real error that says the message never left.
func dropped(t *testing.T) error {
	t.Helper()
	n, err := notify.New(notify.Config{Name: "gone", Type: "webhook", URL: "http://127.0.0.1:1/", Secret: "s"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	err = n.Notify(t.Context(), Message{Key: "k"})
	if err == nil || !notify.NotTaken(err) {
		t.Fatalf("nobody listens on port 1, and got %v", err)
	}
	return err
}

var errUnsure = errors.New("no answer in time")

func TestTheLedgerMarksWhatMayBeToldTwice(t *testing.T) {
	d := newDesk(t)
	certain := dropped(t)
	for name, c := range map[string]struct {
		keyed   bool
		answers []error
		want    string // of events
	}{
		"taken at once":                 {false, nil, "notified"},
		"an answer was lost":            {false, []error{errUnsure}, "may_be_told_twice notified"},
		"two answers were lost":         {false, []error{errUnsure, errUnsure}, "may_be_told_twice notified"},
		"never left":                    {false, []error{certain, certain}, "notified"},
		"lost, then never left":         {false, []error{errUnsure, certain}, "may_be_told_twice notified"},
		"never left, then lost":         {false, []error{certain, errUnsure}, "may_be_told_twice notified"},
		"lost, then refused":            {false, []error{errUnsure, notify.ErrRefused}, "may_be_told_twice notify_failed"},
		"the token was wrong":           {false, []error{notify.ErrUnauthorized}, "notified"},
		"a repeat can be told by a key": {true, []error{errUnsure, errUnsure}, "notified"},
	} {
		t.Run(name, func(t *testing.T) {
			d.events, d.answers, d.told = nil, slices.Clone(c.answers), nil
			courier := NewCourier(map[string]notify.Notifier{"desk": d.phone}, d.deps, NewMetrics(prometheus.NewRegistry()))
			if !c.keyed {
				courier.Unkeyed("desk")
			}
			tries := 1
			for courier.Deliver(t.Context(), "desk", message(t, name)) != nil {
				tries++
			}
			got := d.types()
			slices.Sort(got)
			sent := len(c.answers) + 1
			if strings.Contains(c.want, "failed") {
				sent--
			}
			if strings.Join(got, " ") != c.want || tries != sent || d.count() != sent {
				t.Errorf("events %v after %d tries, told %d times", got, tries, d.count())
			}
		})
	}
}

// killed is a channel in which this process dies: the message arrives, what
// comes after it does not happen.
type killed struct{ *phone }

func (k killed) Notify(ctx context.Context, m notify.Message) error {
	_ = k.phone.Notify(ctx, m)
	panic("kill -9")
}

func TestACrashBeforeTheAnswerIsInTheLedger(t *testing.T) {
	for _, keyed := range []bool{false, true} {
		d := newDesk(t)
		courier := func(n notify.Notifier) *Courier {
			c := NewCourier(map[string]notify.Notifier{"desk": n}, d.deps, NewMetrics(prometheus.NewRegistry()))
			if !keyed {
				c.Unkeyed("desk")
			}
			return c
		}
		func() {
			defer func() { _ = recover() }()
			_ = courier(killed{d.phone}).Deliver(t.Context(), "desk", message(t, "k"))
		}()
		d.down = true // and the journal is away just then
		if err := courier(d.phone).Deliver(t.Context(), "desk", message(t, "k")); !errors.Is(err, mention.ErrUnavailable) {
			t.Fatal(err)
		}
		d.down = false
		if err := courier(d.phone).Deliver(t.Context(), "desk", message(t, "k")); err != nil {
			t.Fatal(err)
		}
		want := []string{"notified", "may_be_told_twice"}
		if keyed {
			want = want[:1]
		}
		if d.count() != 2 || !slices.Equal(d.types(), want) {
			t.Errorf("keyed %t: told %d times, events %v", keyed, d.count(), d.types())
		}
	}
}

func TestAWrongTokenIsReportedOnce(t *testing.T) {
	d := newDesk(t)
	var mended atomic.Bool
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !mended.Load() {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer hook.Close()
	n, err := notify.New(notify.Config{Name: "desk", Type: "webhook", URL: hook.URL, Secret: "geheim"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	d.deps.Log = slog.New(slog.NewTextHandler(&log, nil))
	m := NewMetrics(prometheus.NewRegistry())
	c := NewCourier(map[string]notify.Notifier{"desk": n, "other": d.phone}, d.deps, m)
	for i := range 20 {
		err := c.Deliver(t.Context(), "desk", message(t, fmt.Sprint(i)))
		var wait interface{ RetryAfter() time.Duration }
		if !errors.Is(err, notify.ErrUnauthorized) || !errors.As(err, &wait) || wait.RetryAfter() < time.Minute {
			t.Fatalf("got %v: it must be kept and tried again slowly", err)
		}
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "level=ERROR") || !strings.Contains(got, "channel=desk") || !strings.Contains(got, "token") || strings.Contains(got, "geheim") {
		t.Errorf("the log says\n%s", got)
	}
	h := c.Health()
	if len(h) != 2 || h[0].Name != "desk" || h[0].Up || h[0].Reason != "unauthorized" || h[0].Since.IsZero() || !h[1].Up || len(d.events) != 0 {
		t.Errorf("health %+v, events %v", h, d.types())
	}
	if down, up := testutil.ToFloat64(m.up.WithLabelValues("desk")), testutil.ToFloat64(m.up.WithLabelValues("other")); down != 0 || up != 1 {
		t.Errorf("feryat_channel_up is %v and %v", down, up)
	}
	mended.Store(true)
	if err := c.Deliver(t.Context(), "desk", message(t, "0")); err != nil || !c.Health()[0].Up || testutil.ToFloat64(m.up.WithLabelValues("desk")) != 1 {
		t.Errorf("after it was mended: %v, %+v", err, c.Health())
	}
	mended.Store(false)
	_ = c.Deliver(t.Context(), "desk", message(t, "x"))
	if strings.Count(log.String(), "level=ERROR") != 2 {
		t.Errorf("a second fault is not said:\n%s", log.String())
	}
}

func TestAChannelThatFailsInARowIsDown(t *testing.T) {
	d := newDesk(t)
	m := NewMetrics(prometheus.NewRegistry())
	h := newHealth([]string{"desk"}, d.deps, m)
	begun := time.Now()
	fail := func(n int) {
		for range n {
			h.heard("desk", errUnsure)
		}
	}
	fail(failingAfter - 1)
	h.heard("desk", &notify.RetryAfterError{After: time.Second})
	h.heard("nobody", errUnsure)
	if !h.list()[0].Up {
		t.Error("down too soon")
	}
	h.heard("desk", notify.ErrRefused) // of one message: the channel works
	fail(failingAfter - 1)
	if !h.list()[0].Up {
		t.Error("the failures were not in a row")
	}
	d.late.Store(int64(time.Hour))
	fail(1)
	if s := h.list()[0]; s.Up || s.Reason != "failing" || s.Since.Sub(begun) > 30*time.Minute {
		t.Errorf("%+v: it has been down since the first failure", s)
	}
	h.heard("desk", notify.ErrUnauthorized)
	fail(3)
	if s := h.list()[0]; s.Reason != "unauthorized" {
		t.Errorf("%+v: the graver reason stays", s)
	}
}

// A thousand messages that become due at once reach a webhook once each.
func TestAThousandAtOnce(t *testing.T) {
	d := newDesk(t)
	var got, now, most atomic.Int64
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		got.Add(1)
		now.Add(-1)
	}))
	defer hook.Close()
	n, err := notify.New(notify.Config{Name: "hook", Type: "webhook", URL: hook.URL, Secret: "s"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	d.deps.Journal = GroupJournal(d.book)
	c := NewCourier(map[string]notify.Notifier{"hook": n}, d.deps, NewMetrics(prometheus.NewRegistry()))
	for i := range 1000 {
		if err := d.q.Enqueue(t.Context(), "hook", fmt.Sprint(i), message(t, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan error, 1)
	begin := time.Now()
	go func() { done <- d.q.ConsumeOutbox(ctx, c.Deliver) }()
	if err := d.q.Drained(ctx, queue.Outbox); err != nil {
		t.Error(err)
	}
	t.Logf("1,000 messages in %s", time.Since(begin))
	cancel()
	if err := <-done; err != nil || got.Load() != 1000 || len(d.events) != 1000 {
		t.Errorf("%v: %d arrived, %d noted", err, got.Load(), len(d.events))
	}
	if most.Load() > sentAtOnce {
		t.Errorf("%d requests at once", most.Load())
	}
	http.DefaultClient.CloseIdleConnections()
}
