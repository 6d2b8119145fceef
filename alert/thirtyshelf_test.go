package alert

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// shelf is the store of mentions: the newest revision of each, as each brand
// sees it.
type shelf struct {
	rows    map[string]mention.Scored
	authors map[string][]string // keys of rows by brand, source and author
	replies map[mention.ID][]string
}

func newShelf() *shelf {
	return &shelf{rows: map[string]mention.Scored{}, authors: map[string][]string{}, replies: map[mention.ID][]string{}}
}

func (s *shelf) keep(rows ...mention.Scored) {
	for _, r := range rows {
		m := r.Mention
		name := fmt.Sprint(m.ID, "/", r.Brand)
		old, known := s.rows[name]
		if known && old.Mention.Collected.After(m.Collected) {
			continue
		}
		s.rows[name] = r
		if !known {
			who := authorIndex(r.Brand, m.Writer())
			s.authors[who] = append(s.authors[who], name)
			s.replies[m.ParentID] = append(s.replies[m.ParentID], name)
		}
	}
}

func (s *shelf) Complaints(_ context.Context, brand string, writers []mention.Writer, since time.Time) (found []mention.Complaint, err error) {
	for _, w := range writers {
		for _, name := range s.authors[authorIndex(brand, w)] {
			r := s.rows[name]
			if m := r.Mention; r.Verdict.Mood.Unhappy() && !m.Author.Own && !m.Gone && !m.Written.Time.Before(since) {
				found = append(found, mention.Complaint{ID: m.ID, Author: m.Author, Written: m.Written.Time, Source: m.Source})
			}
		}
	}
	slices.SortFunc(found, func(a, b mention.Complaint) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	return found, nil
}

func (s *shelf) Mention(_ context.Context, id mention.ID) (rows []mention.Scored, err error) {
	for _, p := range places() {
		if r, ok := s.rows[fmt.Sprint(id, "/", p.brand)]; ok && !slices.ContainsFunc(rows, func(have mention.Scored) bool { return have.Brand == r.Brand }) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (s *shelf) Replies(_ context.Context, to []mention.ID, since time.Time) (rows []mention.Scored, err error) {
	for _, id := range to {
		for _, name := range s.replies[id] {
			if r := s.rows[name]; r.Mention.Author.Own && !r.Mention.Written.Time.Before(since.Truncate(24*time.Hour)) {
				rows = append(rows, r)
			}
		}
	}
	return rows, nil
}

// Threads are none here: sources say what each reply answers.
func (s *shelf) Threads(context.Context, string, []string, time.Time) ([]mention.Scored, error) {
	return nil, nil
}
