package alert

import (
	"context"
	"fmt"
	"testing"
	"time"

	"feryat/mention"
)

// asking counts the questions about what is stored.
type asking struct {
	*book
	asked int
}

func (c *asking) Mentions(ctx context.Context, ids ...mention.ID) ([]mention.Scored, error) {
	c.asked++
	return c.book.Mentions(ctx, ids...)
}

func (c *asking) Complaints(ctx context.Context, brand string, writers []mention.Writer, since time.Time) ([]mention.Complaint, error) {
	c.asked++
	return c.book.Complaints(ctx, brand, writers, since)
}

func (c *asking) Replies(ctx context.Context, to []mention.ID, since time.Time) ([]mention.Scored, error) {
	c.asked++
	return c.book.Replies(ctx, to, since)
}

// waits is a desk on which people wait for an answer, and what it asks the store.
func waits(t *testing.T, people int) (*desk, *asking) {
	t.Helper()
	rule, err := Parse([]byte(unanswered))
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.rules = []Rule{rule}
	asked := &asking{book: d.book}
	d.Watcher.deps.History, d.Watcher.deps.Replies = asked, asked
	for i := range people {
		d.store(t, by(fmt.Sprint("author ", i), 1, time.Minute, func(r *mention.Scored) { r.Verdict.Signals = nil }))
	}
	asked.asked = 0
	d.late.Add(int64(50 * time.Minute))
	return d, asked
}

// In a storm hundreds of rules fall due at once: they ask together.
func TestRulesThatWaitedAskTogether(t *testing.T) {
	t.Parallel()
	for _, people := range []int{2, 50} {
		d, asked := waits(t, people)
		if err := d.Tick(t.Context(), d.Waited); err != nil {
			t.Fatal(err)
		}
		if len(d.events) != people || asked.asked > 5 {
			t.Errorf("%d of %d cases after %d questions", len(d.events), people, asked.asked)
		}
	}
}

// One that cannot be read keeps no other waiting, and stays due.
func TestAWaitThatFailsKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	d, _ := waits(t, 3)
	if err := d.Desk.deps.Timers.Set(t.Context(), d.Desk.deps.now().Add(-time.Minute), timerWait, "broken", []byte("no JSON")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.Tick(t.Context(), d.Waited); err == nil {
			t.Error("nobody is told of the one that cannot be read")
		}
	}
	if len(d.events) != 3 {
		t.Errorf("%d of 3 cases", len(d.events))
	}
}
