package queue

import (
	"context"
	"log/slog"
	"os/signal"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"feryat/mention"
)

// limitFiles makes the kernel refuse to let any file grow beyond size, as a full
// disk would.
func limitFiles(t *testing.T, size uint64) (lift func()) {
	t.Helper()
	signal.Ignore(unix.SIGXFSZ)
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	lift = func() {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(lift)
	return lift
}

// When the disk is full, writers wait; when there is room again they go on, and
// nothing that was acknowledged is lost.
func TestFullDiskHeals(t *testing.T) {
	cfg := small()
	var log lines
	s, _ := serveLog(t, t.TempDir(), cfg, slog.New(slog.NewTextHandler(&log, nil)))
	q := connect(t, s, cfg)
	lift := limitFiles(t, 1<<20)
	const count = 30 // 2 MiB
	acknowledged := make(chan mention.ID, count)
	done := make(chan error, 1)
	go func() {
		for i := range count {
			m := heavy(i)
			if err := q.PublishMention(t.Context(), m); err != nil {
				done <- err
				return
			}
			acknowledged <- m.ID
		}
		done <- nil
	}()
	for !strings.Contains(log.String(), "queue cannot write to its folder") {
		select {
		case err := <-done:
			t.Fatalf("the writer did not meet the full disk: %v", err)
		case <-t.Context().Done():
			t.Fatal("the full disk was not noticed")
		case <-time.After(10 * time.Millisecond):
		}
	}
	if len(acknowledged) == 0 || len(acknowledged) == count {
		t.Fatalf("%d of %d acknowledged before the disk was full", len(acknowledged), count)
	}
	lift()
	var ok seen
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error { ok.add(d); return nil })
	for range count {
		if id := <-acknowledged; ok.n[id] == 0 {
			t.Errorf("message %s was acknowledged and is lost", id)
		}
	}
	if err := q.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
