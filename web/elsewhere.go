package web

import (
	"context"
	"time"

	"feryat/mention"
)

// others answers what the customer who a writer is did as other authors, by the customer list.
type others interface {
	Elsewhere(ctx context.Context, brand string, writer mention.Writer, since time.Time, limit int) (mention.Elsewhere, error)
}

// elsewhere is nil where there is nothing.
func (s *Server) elsewhere(ctx context.Context, e mention.Escalation) (*mention.Elsewhere, error) {
	writer := mention.Writer{Source: e.Source, Author: e.Author.Key()}
	if !writer.Known() {
		return nil, nil
	}
	found, err := s.store.Elsewhere(ctx, e.Brand, writer, s.now().Add(-mention.ElsewhereAge), mention.ElsewhereShown)
	if err != nil || len(found.Cases)+len(found.Complaints) == 0 {
		return nil, err
	}
	return &found, nil
}
