package storage

import (
	"context"
	"time"

	"feryat/mention"
)

// maxHistory bounds the history of one author; package alert/customer and view v_authors_state reckon with as many.
const maxHistory = 1000

// Histories lists what some writers said of a brand, written since a time, oldest first; of more than maxHistory by one
// of them the newest. The histories are mixed: Past.Writer tells them apart. One without ID and name has none. What alert/customer makes of a history needs that of its Memory, a year; more gives more transitions.
func (s *Store) Histories(ctx context.Context, brand string, writers []mention.Writer, since time.Time) ([]mention.Past, error) {
	w := onMentions(mention.Filter{Brand: brand, From: since})
	if !w.by("author", writers) {
		return nil, nil
	}
	var rows []struct {
		ID       string    `ch:"id"`
		AuthorID string    `ch:"author_id"`
		Name     string    `ch:"name"`
		Written  time.Time `ch:"written"`
		Mood     string    `ch:"mood"`
		Signals  []string  `ch:"signals"`
		Answered time.Time `ch:"answered"`
		Source   string    `ch:"source"`
	}
	err := s.conn.Select(ctx, &rows, "SELECT id, author_id, name, written, mood, signals, answered, source FROM v_author_history WHERE "+w.sql()+
		" ORDER BY written DESC, id DESC"+limitBy(maxHistory)+" BY source, author", w.args...)
	found := make([]mention.Past, len(rows))
	for i, r := range rows {
		found[len(rows)-1-i] = mention.Past{
			ID: mention.ID(r.ID), Author: mention.Author{ID: r.AuthorID, Name: r.Name}, Written: r.Written.UTC(), Mood: mention.Mood(r.Mood),
			Signals: filled(r.Signals), Answered: orZero(r.Answered), Source: r.Source,
		}
	}
	return found, s.explain("histories", err)
}
