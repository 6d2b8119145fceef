package alert

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// maxLater is how many later complaints of an author an older one sheds new
// light on: those beyond were repeated ones already.
const maxLater = 20

// past is what is stored of complaints by the authors of one batch of rows. It
// is read when first asked for, all authors of a brand and source at once:
// most rules fail before they ask, and a query a row would hold up the alerts.
type past struct {
	history complaints
	rows    []mention.Scored
	since   time.Time
	read    map[group]map[string][]mention.Complaint
}

// group is what an author's complaints are counted within.
type group struct{ brand, source string }

func groupOf(row mention.Scored) group { return group{row.Brand, row.Mention.Source} }

// complaints lists those of the row's author, oldest first.
func (p *past) complaints(ctx context.Context, row mention.Scored) ([]mention.Complaint, error) {
	g := groupOf(row)
	if p.read[g] == nil {
		found, err := p.history.Complaints(ctx, g.brand, g.source, authorsOf(p.rows, g), p.since)
		if err != nil {
			return nil, err
		}
		p.read[g] = map[string][]mention.Complaint{}
		for _, c := range found {
			p.read[g][c.Author.Key()] = append(p.read[g][c.Author.Key()], c)
		}
	}
	return p.read[g][row.Mention.Author.Key()], nil
}

// authorsOf lists those who can be told apart, each once.
func authorsOf(rows []mention.Scored, g group) (authors []mention.Author) {
	known := map[string]bool{}
	for _, row := range rows {
		if a := row.Mention.Author; groupOf(row) == g && a.Known() && !known[a.Key()] {
			known[a.Key()] = true
			authors = append(authors, a)
		}
	}
	return authors
}

// rank is the place of row among the author's complaints of the window that
// ends with it, from 1. It counts by time of writing, not of arrival: an answer
// that changed with what came later would page somebody on a mere redelivery.
func (p *past) rank(ctx context.Context, row mention.Scored, window time.Duration) (int, error) {
	found, err := p.complaints(ctx, row)
	c := stored(found, row)
	rank := 1
	for _, f := range found {
		if f.Before(c) && c.Written.Sub(f.Written) <= window {
			rank++
		}
	}
	return rank, err
}

// later lists the author's complaints that were written after row and since a
// time, the next one first, without those of the batch: they are judged anyway.
func (p *past) later(ctx context.Context, row mention.Scored, since time.Time) ([]mention.ID, error) {
	found, err := p.complaints(ctx, row)
	c := stored(found, row)
	var later []mention.ID
	for _, f := range found {
		if c.Before(f) && f.Written.After(since) && len(later) < maxLater {
			later = append(later, f.ID)
		}
	}
	inBatch := func(id mention.ID) bool {
		return slices.ContainsFunc(p.rows, func(r mention.Scored) bool { return r.Mention.ID == id && groupOf(r) == groupOf(row) })
	}
	return slices.DeleteFunc(later, inBatch), err
}

// stored is row as the history has it: what is shown as "two days ago" moves
// from visit to visit, what is stored does not.
func stored(found []mention.Complaint, row mention.Scored) mention.Complaint {
	if i := slices.IndexFunc(found, func(f mention.Complaint) bool { return f.ID == row.Mention.ID }); i >= 0 {
		return found[i]
	}
	return mention.Complaint{ID: row.Mention.ID, Written: writtenAt(row.Mention)}
}

// replied knows which mentions of one batch the brand has answered. It is read
// when first asked for, all at once.
type replied struct {
	replies replies
	rows    []mention.Scored
	read    map[mention.ID]bool
}

func (r *replied) to(ctx context.Context, m mention.Mention) (bool, error) {
	if r.read == nil {
		r.read = map[mention.ID]bool{}
		if err := r.ask(ctx, r.rows...); err != nil {
			return false, err
		}
	}
	if _, asked := r.read[m.ID]; !asked {
		if err := r.ask(ctx, mention.Scored{Mention: m}); err != nil {
			return false, err
		}
	}
	return r.read[m.ID], nil
}

func (r *replied) ask(ctx context.Context, rows ...mention.Scored) error {
	if len(rows) == 0 {
		return nil
	}
	ids, since := make([]mention.ID, len(rows)), writtenAt(rows[0].Mention)
	for i, row := range rows {
		ids[i] = row.Mention.ID
		if at := writtenAt(row.Mention); at.Before(since) {
			since = at
		}
	}
	found, err := r.replies.Replies(ctx, ids, since)
	if err != nil {
		return err
	}
	for _, id := range ids {
		r.read[id] = false
	}
	for _, f := range found {
		r.read[f.Mention.ParentID] = true
	}
	return nil
}

// again judges the author's complaints that were written after row but stored
// before it: only now is it known that they were not the first.
func (w *Watcher) again(ctx context.Context, row mention.Scored, b *batch) error {
	later, err := b.past.later(ctx, row, w.deps.now().Add(-w.maxAge()))
	if err != nil {
		return err
	}
	rows, err := w.deps.History.Mentions(ctx, later...)
	if err != nil {
		return fmt.Errorf("read %d later mentions: %w", len(later), err)
	}
	slices.SortStableFunc(rows, func(x, y mention.Scored) int {
		return cmp.Compare(slices.Index(later, x.Mention.ID), slices.Index(later, y.Mention.ID))
	})
	for _, r := range rows {
		if groupOf(r) == groupOf(row) && mayPage(r.Mention) {
			if err := w.apply(ctx, r, b); err != nil {
				return fmt.Errorf("later mention %s: %w", r.Mention.ID, err)
			}
		}
	}
	return nil
}
