// Package crawlertest tests sources: a server of saved pages, and the suite
// that every source passes.
package crawlertest

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

// Client returns a fast client that may fetch from loopback. Its connections
// are closed when the test ends.
func Client(t testing.TB) *fetch.Client {
	t.Helper()
	cfg := fetch.DefaultConfig()
	cfg.RequestsPerSecond, cfg.Concurrency = 1000, 8
	cfg.RetryWait, cfg.MaxRetryAfter = 5*time.Millisecond, 50*time.Millisecond
	cfg.Attempts, cfg.Timeout = 3, 10*time.Second
	cfg.AllowPrivate = []string{"127.0.0.1", "::1", "localhost"}
	c, err := fetch.New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Frontier returns an empty frontier in a folder of the test.
func Frontier(t testing.TB) *frontier.DB {
	t.Helper()
	db, err := frontier.Open(filepath.Join(t.TempDir(), "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Inbox is a Sink that keeps what it is given. It is safe for use by many
// goroutines.
type Inbox struct {
	// Refuse, when set, is asked before a mention is kept; its error is returned.
	Refuse func(n int) error

	mu       sync.Mutex
	mentions []mention.Mention
	visits   []mention.Visit
}

// Mention keeps m.
func (b *Inbox) Mention(ctx context.Context, m mention.Mention) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Refuse != nil {
		if err := b.Refuse(len(b.mentions)); err != nil {
			return err
		}
	}
	b.mentions = append(b.mentions, m)
	return ctx.Err()
}

// Visit keeps v.
func (b *Inbox) Visit(ctx context.Context, v mention.Visit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.visits = append(b.visits, v)
	return ctx.Err()
}

// Mentions returns what was given, in order.
func (b *Inbox) Mentions() []mention.Mention {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.mentions)
}

// Visits returns the ledger, in order.
func (b *Inbox) Visits() []mention.Visit {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.visits)
}
