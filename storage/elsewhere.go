package storage

import (
	"context"
	"slices"
	"time"

	"feryat/mention"
)

// Elsewhere gives what the customer who a writer is by the list did with a brand as other authors: cases opened and
// complaints written since a time, at most limit of each. Nothing of a writer who is linked to nobody, or alone.
func (s *Store) Elsewhere(ctx context.Context, brand string, writer mention.Writer, since time.Time, limit int) (mention.Elsewhere, error) {
	links, err := s.Linked(ctx, []mention.Writer{writer})
	var others []mention.Writer
	for _, l := range links {
		if w := (mention.Writer{Source: l.Source, Author: l.Author}); w != writer {
			others = append(others, w)
		}
	}
	if err != nil || len(others) == 0 {
		return mention.Elsewhere{}, err
	}
	var found mention.Elsewhere
	if found.Cases, err = s.casesBy(ctx, brand, others, since, limit); err != nil {
		return found, err
	}
	found.Complaints, err = s.unhappyBy(ctx, brand, others, since, limit)
	return found, err
}

func (s *Store) casesBy(ctx context.Context, brand string, writers []mention.Writer, since time.Time, limit int) ([]mention.OpenEscalation, error) {
	w := &where{}
	w.by(authorKey, writers)
	w.add("brand = {brand:String}", "brand", brand)
	w.add("opened >= {since:DateTime64(6, 'UTC')}", "since", micro(since))
	return s.escalations(ctx, "cases of a customer", w.sql()+" ORDER BY opened DESC, id"+limitBy(limit), w.args...)
}

func (s *Store) unhappyBy(ctx context.Context, brand string, writers []mention.Writer, since time.Time, limit int) ([]mention.Scored, error) {
	w := onMentions(mention.Filter{Brand: brand, From: since})
	w.by(authorKey, writers)
	// Keys first, as in Unhappy.
	keys := "SELECT brand, day, id FROM v_mentions WHERE unhappy AND from_customer AND " + w.sql() + " ORDER BY written DESC, id" + limitBy(limit)
	found, err := s.records(ctx, "complaints of a customer", "(brand, day, id) IN ("+keys+")", w.args)
	slices.SortFunc(found, func(a, b mention.Scored) int { return b.Mention.Written.Time.Compare(a.Mention.Written.Time) })
	return found, err
}
