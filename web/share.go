package web

import (
	"context"
	"time"

	"feryat/mention"
)

// shareFor is how long an answer is shared at most: a deletion is not told as a change.
const shareFor = 5 * time.Second

// waitingCases is one answer of the store, shared by all pages that ask as of the
// same change: a change wakes them all at once.
type waitingCases struct {
	turn  chan struct{} // held by who asks; the others wait for his answer
	at    uint64
	asked time.Time
	open  []mention.OpenEscalation // nobody changes it
}

func newWaitingCases() *waitingCases { return &waitingCases{turn: make(chan struct{}, 1)} }

// forget lets the next page ask anew, for who acted wants to see it.
func (c *waitingCases) forget() {
	c.turn <- struct{}{}
	c.at = 0
	<-c.turn
}

// openCases gives what waits as of a change; 0 is not known, and shares nothing.
func (s *Server) openCases(ctx context.Context, at uint64) ([]mention.OpenEscalation, error) {
	if at == 0 {
		return s.store.OpenEscalations(ctx, escalatedAsked)
	}
	c := s.cases
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c.at == at && time.Since(c.asked) < shareFor {
		return c.open, nil
	}
	asked := time.Now()
	open, err := s.store.OpenEscalations(ctx, escalatedAsked)
	if err == nil {
		c.at, c.asked, c.open = at, asked, open
	}
	return open, err
}
