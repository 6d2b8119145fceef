package storage

import (
	"context"
	"time"

	"feryat/mention"
)

// maxComplaints bounds the history of one author: a name such as "anonymous" may stand for thousands.
const maxComplaints = 1000

// authorKey is Author.Key in SQL.
const authorKey = "if(author_id != '', author_id, author)"

// Complaints lists the unhappy mentions of a brand by some writers, written since a time, oldest first; of more than
// maxComplaints by one of them the newest. One without ID and name has none.
func (s *Store) Complaints(ctx context.Context, brand string, writers []mention.Writer, since time.Time) ([]mention.Complaint, error) {
	w := onMentions(mention.Filter{Brand: brand, From: since})
	if !w.by(authorKey, writers) {
		return nil, nil
	}
	return s.complaints(ctx, w)
}

func (s *Store) complaints(ctx context.Context, w *where) ([]mention.Complaint, error) {
	var rows []struct {
		ID       string    `ch:"id"`
		AuthorID string    `ch:"author_id"`
		Author   string    `ch:"author"`
		Written  time.Time `ch:"written"`
		Source   string    `ch:"source"`
	}
	err := s.conn.Select(ctx, &rows, "SELECT id, author_id, author, written, source FROM v_mentions WHERE unhappy AND from_customer AND "+w.sql()+
		" ORDER BY written DESC, id DESC"+limitBy(maxComplaints)+" BY source, "+authorKey, w.args...)
	found := make([]mention.Complaint, len(rows))
	for i, r := range rows {
		found[len(rows)-1-i] = mention.Complaint{ID: mention.ID(r.ID), Author: mention.Author{ID: r.AuthorID, Name: r.Author}, Written: r.Written, Source: r.Source}
	}
	return found, s.explain("complaints", err)
}
