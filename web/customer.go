package web

import (
	"context"
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"

	"feryat/mention"
)

const (
	// saidShown is how much of what a customer said before is shown with a case.
	saidShown = 5
	// casesShown bounds his earlier cases there.
	casesShown = 10
)

// known is what is stored of the customer of a case besides it.
type known struct {
	Cases []mention.OpenEscalation // newest first
	Said  []mention.Scored         // newest first
	More  string                   // where all of it is found
}

// customer is nil where nobody is named, or many may be meant by the name.
func (s *Server) customer(ctx context.Context, e mention.Escalation) (*known, error) {
	if !(mention.Writer{Source: e.Source, Author: e.Author.Key()}).Known() {
		return nil, nil
	}
	k := &known{More: "/explore?" + url.Values{"author": {e.Author.Key()}, "source": {e.Source}, "brand": {e.Brand}}.Encode()}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		cases, err := s.store.EscalationsOf(ctx, e.Author, e.Source)
		cases = slices.DeleteFunc(cases, func(c mention.OpenEscalation) bool { return c.ID == e.ID || c.Brand != e.Brand })
		slices.SortFunc(cases, func(a, b mention.OpenEscalation) int { return b.Opened.Compare(a.Opened) })
		k.Cases = cases[:min(len(cases), casesShown)]
		return err
	})
	g.Go(func() error {
		found, err := s.store.Search(ctx, mention.Search{Filter: mention.Filter{Brand: e.Brand, Source: e.Source}, Author: e.Author.Key()}, saidShown+1)
		found = slices.DeleteFunc(found, func(m mention.Scored) bool { return m.Mention.ID == e.Mention })
		k.Said = found[:min(len(found), saidShown)]
		return err
	})
	return k, g.Wait()
}
