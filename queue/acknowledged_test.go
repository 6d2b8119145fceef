package queue

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feryat/mention"
)

// A kill between two writes of JetStream leaves a message in its stream that is
// acknowledged already. It is put together here from two states of the folder.
func TestAcknowledgedButKept(t *testing.T) {
	dir, cfg := t.TempDir(), small()
	s, stop := serve(t, dir, cfg)
	publish(t, connect(t, s, cfg), sample(1), sample(2))
	stop()
	found, err := filepath.Glob(filepath.Join(dir, "*", "jetstream", "*", "streams", Mentions, "msgs"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	before := filepath.Join(t.TempDir(), "msgs")
	if err := os.CopyFS(before, os.DirFS(found[0])); err != nil {
		t.Fatal(err)
	}

	s, stop = serve(t, dir, cfg)
	consumeUntilDrained(t, connect(t, s, cfg), func(context.Context, []Delivery[mention.Mention]) error { return nil })
	stop()
	if err := os.RemoveAll(found[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(found[0], os.DirFS(before)); err != nil {
		t.Fatal(err)
	}

	s, _ = serve(t, dir, cfg)
	q := connect(t, s, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := q.Drained(ctx); err != nil {
		t.Error(err)
	}
	publish(t, q, sample(3))
	got := 0
	consumeUntilDrained(t, q, func(_ context.Context, d []Delivery[mention.Mention]) error { got += len(d); return nil })
	if got != 1 || messages(t, q, Mentions) != 0 {
		t.Errorf("%d messages handed over, %d left", got, messages(t, q, Mentions))
	}
}
