package alert

import (
	"context"
	"slices"
	"time"

	"feryat/mention"
)

// stretch is some days of a replay with what was asked of them so far: what
// their writers had complained of by then, and which of their mentions were
// answered. A day of many pages is asked about once. All questions end with it,
// else each would read from there to the end of what is stored.
type stretch struct {
	archive archive
	from    time.Time // of the first day
	to      time.Time // of the day after the last
	wait    time.Duration
	past    *past
	replies map[mention.ID]time.Time
}

// stretchOf is that of rows; pages of the same days share one.
func (r *Replay) stretchOf(rows []mention.Scored) *stretch {
	if len(rows) == 0 {
		return nil
	}
	const day = 24 * time.Hour
	first := writtenAt(rows[0].Mention)
	last := first
	for _, row := range rows {
		at := writtenAt(row.Mention)
		if at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	from, to := first.UTC().Truncate(day), last.UTC().Truncate(day).Add(day)
	if s := r.asked; s != nil && s.from.Equal(from) && s.to.Equal(to) {
		return s
	}
	var window, wait time.Duration
	for _, rule := range r.Rules {
		window, wait = max(window, rule.RepeatWindow), max(wait, rule.WaitFor)
	}
	s := &stretch{archive: r.Archive, from: from, to: to, wait: wait}
	s.past = &past{history: s, kin: &kin{}, since: from.Add(-window), read: map[string]map[mention.Writer][]mention.Complaint{}}
	r.asked = s
	return s
}

// Complaints are those of all who wrote in the stretch and can be told apart,
// until its end.
func (s *stretch) Complaints(ctx context.Context, brand string, _ []mention.Writer, since time.Time) ([]mention.Complaint, error) {
	found, err := s.archive.ComplaintsOfWriters(ctx, mention.Filter{Brand: brand, From: s.from, To: s.to}, since)
	return slices.DeleteFunc(found, func(c mention.Complaint) bool { return !c.Author.Known() }), err
}

// answered reports whether the brand had answered row by the end of wait.
func (s *stretch) answered(ctx context.Context, row mention.Scored, wait time.Duration) (bool, error) {
	if s.replies == nil {
		found, err := s.archive.FirstReplies(ctx, s.from, s.to.Add(s.wait))
		if err != nil {
			return false, err
		}
		s.replies = found
	}
	at, ok := s.replies[row.Mention.ID]
	return ok && !at.After(writtenAt(row.Mention).Add(wait)), nil
}
