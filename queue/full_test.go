package queue

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"feryat/mention"
)

// lines collects log output from several goroutines.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// heavy is a mention of about 64 KiB.
func heavy(n int) mention.Mention {
	m := sample(n)
	m.Text = strings.Repeat("x", mention.MaxText)
	return m.Revise()
}

// A full stream makes the writer wait and say so; it goes on when there is room.
func TestFullStreamWaitsAndResumes(t *testing.T) {
	cfg := small()
	cfg.MentionsBytes = MaxPayload
	q := open(t, cfg)
	var log lines
	q.log = slog.New(slog.NewTextHandler(&log, nil))
	const count = 200 // 12.5 MiB into 8
	done := make(chan error, 1)
	go func() {
		for i := range count {
			if err := q.PublishMention(t.Context(), heavy(i)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for testutil.ToFloat64(q.metrics.waits.WithLabelValues(Mentions)) == 0 {
		select {
		case err := <-done:
			t.Fatalf("the writer did not wait: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	if !strings.Contains(log.String(), "its consumer is behind") {
		t.Errorf("log does not say what we wait for: %s", log.String())
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := q.PublishMention(short, heavy(count+1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a writer whose context ends: %v", err)
	}
	var ok seen
	ctx, stop := context.WithCancel(t.Context())
	consumed := make(chan error, 1)
	go func() {
		consumed <- q.ConsumeMentions(ctx, 5000, 20*time.Millisecond, func(_ context.Context, d []Delivery[mention.Mention]) error {
			ok.add(d)
			return nil
		})
	}()
	if err := errors.Join(<-done, q.Drained(t.Context(), Mentions)); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-consumed; err != nil {
		t.Error(err)
	}
	if len(ok.n) != count {
		t.Errorf("%d messages came, want %d", len(ok.n), count)
	}
}

func TestTooLargeIsBad(t *testing.T) {
	q := open(t, small())
	if err := q.Enqueue(t.Context(), "c", "k", make([]byte, MaxPayload+1)); !errors.Is(err, mention.ErrBad) {
		t.Errorf("got %v, want ErrBad", err)
	}
	if err := q.Enqueue(t.Context(), "c", "k", make([]byte, MaxPayload-4096)); err != nil {
		t.Errorf("a message just under the limit: %v", err)
	}
}

// A batch stays within its size in memory, whatever the number of messages.
func TestBatchIsBoundedInBytes(t *testing.T) {
	cfg := small()
	cfg.MentionsBytes = 64 << 20
	q := open(t, cfg)
	for i := range 300 { // 19 MiB
		publish(t, q, heavy(i))
	}
	var ok seen
	largest := 0
	consumeFor(t, q, 2*time.Second, func(_ context.Context, d []Delivery[mention.Mention]) error {
		largest = max(largest, len(d))
		ok.add(d)
		return nil
	})
	if limit := maxBatchBytes / mention.MaxText; largest > limit || len(ok.n) != 300 {
		t.Errorf("largest batch %d messages, limit %d; %d in all", largest, limit, len(ok.n))
	}
}

func TestMetrics(t *testing.T) {
	q := open(t, small())
	reg := prometheus.NewPedanticRegistry()
	if err := q.Metrics(reg); err != nil {
		t.Fatal(err)
	}
	publish(t, q, sample(1), sample(1), sample(2))
	want := `
# HELP feryat_queue_messages Messages in the stream.
# TYPE feryat_queue_messages gauge
feryat_queue_messages{stream="DEAD"} 0
feryat_queue_messages{stream="MENTIONS"} 2
feryat_queue_messages{stream="OUTBOX"} 0
feryat_queue_messages{stream="STORED"} 0
feryat_queue_messages{stream="VISITS"} 0
# HELP feryat_queue_published_total Messages that JetStream has acknowledged.
# TYPE feryat_queue_published_total counter
feryat_queue_published_total{stream="MENTIONS"} 2
# HELP feryat_queue_duplicates_total Messages that JetStream has dropped as duplicates.
# TYPE feryat_queue_duplicates_total counter
feryat_queue_duplicates_total{stream="MENTIONS"} 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "feryat_queue_messages", "feryat_queue_published_total", "feryat_queue_duplicates_total"); err != nil {
		t.Error(err)
	}
}

func TestConfig(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Errorf("the default: %v", err)
	}
	bad := Config{Replicas: 3, SyncInterval: -1, User: "u"}
	err := bad.Validate()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, word := range []string{"replicas", "sync_interval", "password", "MENTIONS", "ack_wait", "max_deliver", "retry_first"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not name %s", err, word)
		}
	}
}
