package storage

import (
	"context"
	"time"

	"feryat/mention"
)

// maxComplaints bounds the history of one author: a name such as "anonymous" may stand for thousands.
const maxComplaints = 1000

// Complaints lists the unhappy mentions of a brand by some authors on a source, written since a time, oldest first; of
// more than maxComplaints by one author the newest. One without ID and name has none.
func (s *Store) Complaints(ctx context.Context, brand, source string, authors []mention.Author, since time.Time) ([]mention.Complaint, error) {
	keys := keysOf(authors)
	if len(keys) == 0 {
		return nil, nil
	}
	w := onMentions(mention.Filter{Brand: brand, Source: source, From: since})
	w.add("if(author_id != '', author_id, author) IN {authors:Array(String)}", "authors", keys)
	return s.complaints(ctx, w)
}

func (s *Store) complaints(ctx context.Context, w *where) ([]mention.Complaint, error) {
	var rows []struct {
		ID       string    `ch:"id"`
		AuthorID string    `ch:"author_id"`
		Author   string    `ch:"author"`
		Written  time.Time `ch:"written"`
	}
	err := s.conn.Select(ctx, &rows, "SELECT id, author_id, author, written FROM v_mentions WHERE unhappy AND from_customer AND "+w.sql()+
		" ORDER BY written DESC, id DESC"+limitBy(maxComplaints)+" BY if(author_id != '', author_id, author)", w.args...)
	found := make([]mention.Complaint, len(rows))
	for i, r := range rows {
		found[len(rows)-1-i] = mention.Complaint{ID: mention.ID(r.ID), Author: mention.Author{ID: r.AuthorID, Name: r.Author}, Written: r.Written}
	}
	return found, s.explain("complaints", err)
}
