package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// serveRequests answers subject until the test ends.
func serveRequests(t *testing.T, q *Queue, subject string, handle Handler) {
	t.Helper()
	before := q.conn.NumSubscriptions()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Serve(ctx, subject, handle) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for q.conn.NumSubscriptions() == before {
		if err := q.conn.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.conn.Flush(); err != nil {
		t.Fatal(err)
	}
}

func TestRequest(t *testing.T) {
	cfg := small()
	s, _ := serve(t, t.TempDir(), cfg)
	owner, client := connect(t, s, cfg), connect(t, s, cfg)
	serveRequests(t, owner, "collect", func(_ context.Context, body []byte, progress func([]byte)) ([]byte, error) {
		switch string(body) {
		case "fail":
			return nil, errors.New("no such source")
		case "panic":
			panic("oops")
		}
		for i := range 3 {
			progress(fmt.Appendf(nil, "page %d", i))
		}
		return append([]byte("done: "), body...), nil
	})
	var shown []string
	answer, err := client.Request(t.Context(), "collect", []byte("all"), func(p []byte) { shown = append(shown, string(p)) })
	if err != nil || string(answer) != "done: all" || !slices.Equal(shown, []string{"page 0", "page 1", "page 2"}) {
		t.Errorf("answer %q, %v, shown %q", answer, err, shown)
	}
	var remote *RemoteError
	if _, err := client.Request(t.Context(), "collect", []byte("fail"), nil); !errors.As(err, &remote) || remote.Message != "no such source" {
		t.Errorf("error of the handler: %v", err)
	}
	if _, err := client.Request(t.Context(), "collect", []byte("panic"), nil); !errors.As(err, &remote) {
		t.Errorf("panic of the handler: %v", err)
	}
	if _, err := client.Request(t.Context(), "other", nil, nil); !errors.Is(err, ErrNobodyServes) {
		t.Errorf("nobody serves: %v", err)
	}
}

func TestRequestEndsWithItsContext(t *testing.T) {
	q := open(t, small())
	entered := make(chan struct{})
	serveRequests(t, q, "slow", func(ctx context.Context, _ []byte, _ func([]byte)) ([]byte, error) {
		close(entered)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	if _, err := q.Request(ctx, "slow", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
