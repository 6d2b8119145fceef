package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"feryat/mention"
)

// slow is a journal that can be held, refuses the event "bad", and counts.
type slow struct {
	mu      sync.Mutex
	inserts [][]string
	entered chan struct{}
	gate    chan struct{}
	down    error
}

func (s *slow) InsertEvents(ctx context.Context, events []mention.Event) error {
	var ids []string
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	s.mu.Lock()
	s.inserts = append(s.inserts, ids)
	s.mu.Unlock()
	s.entered <- struct{}{}
	select {
	case <-s.gate:
	case <-ctx.Done():
		return ctx.Err()
	}
	if slices.Contains(ids, "bad") {
		return errors.New("refused")
	}
	return s.down
}

func one(id string) []mention.Event { return []mention.Event{{ID: id}} }

// crowd calls InsertEvents for each of ids while the insert of "first" is held,
// and answers once all of them wait.
func crowd(ctx context.Context, t *testing.T, g *GroupedJournal, s *slow, ids ...string) (answers map[string]chan error) {
	t.Helper()
	answers = map[string]chan error{}
	call := func(ctx context.Context, id string) {
		answer := make(chan error, 1)
		answers[id] = answer
		go func() { answer <- g.InsertEvents(ctx, one(id)) }()
	}
	call(t.Context(), "first")
	<-s.entered
	for _, id := range ids {
		call(ctx, id)
	}
	for waiting := 0; waiting < len(ids); {
		g.mu.Lock()
		waiting = len(g.waiting)
		g.mu.Unlock()
	}
	return answers
}

func newSlow() *slow { return &slow{entered: make(chan struct{}, 1000), gate: make(chan struct{})} }

func TestWhatComesTogetherIsStoredTogether(t *testing.T) {
	s := newSlow()
	g := GroupJournal(s)
	var ids []string
	for i := range 100 {
		ids = append(ids, fmt.Sprint(i))
	}
	answers := crowd(t.Context(), t, g, s, ids...)
	close(s.gate)
	for id, a := range answers {
		if err := <-a; err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.inserts) != 2 || len(s.inserts[1]) != 100 {
		t.Errorf("%d inserts: %v", len(s.inserts), s.inserts)
	}
}

func TestEachCallerHasTheAnswerOfItsOwnEvents(t *testing.T) {
	s := newSlow()
	answers := crowd(t.Context(), t, GroupJournal(s), s, "a", "bad", "b")
	close(s.gate)
	for id, a := range answers {
		if err := <-a; (err != nil) != (id == "bad") {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestAnOutageIsToldToAllWithOneTry(t *testing.T) {
	s := newSlow()
	s.down = fmt.Errorf("storage: %w", mention.ErrUnavailable)
	answers := crowd(t.Context(), t, GroupJournal(s), s, "a", "b")
	close(s.gate)
	for id, a := range answers {
		if err := <-a; !errors.Is(err, mention.ErrUnavailable) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if len(s.inserts) != 2 {
		t.Errorf("inserts %v", s.inserts)
	}
}

// Whoever leaves does not cut off the others; when all leave, the insert ends.
func TestCallersThatLeave(t *testing.T) {
	s := newSlow()
	g := GroupJournal(s)
	ctx, cancel := context.WithCancel(t.Context())
	answers := crowd(ctx, t, g, s, "a", "b")
	stays := make(chan error, 1)
	go func() { stays <- g.InsertEvents(t.Context(), one("stays")) }()
	for waiting := 0; waiting < 3; {
		g.mu.Lock()
		waiting = len(g.waiting)
		g.mu.Unlock()
	}
	s.gate <- struct{}{}
	<-s.entered // the group of three is under way
	cancel()
	for _, id := range []string{"a", "b"} {
		if err := <-answers[id]; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", id, err)
		}
	}
	s.gate <- struct{}{}
	if err := <-stays; err != nil {
		t.Errorf("the one that stays: %v", err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { gone <- g.InsertEvents(ctx, one("gone")) }()
	<-s.entered
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() { stays <- g.InsertEvents(t.Context(), one("after")) }()
	<-s.entered // so the one before it has ended, although the gate is shut
	s.gate <- struct{}{}
	if err := <-stays; err != nil {
		t.Error(err)
	}
}
