package alert

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// maxLater is how many later complaints of a customer an older one sheds new
// light on: those beyond were repeated ones already.
const maxLater = 20

// past is what is stored of complaints by the authors of one batch of rows, and
// by those who are the same customers. It is read when first asked for, all
// authors of a brand at once: most rules fail before they ask, and a query a row
// would hold up the alerts.
type past struct {
	history complaints
	kin     *kin
	since   time.Time
	read    map[string]map[mention.Writer][]mention.Complaint // by brand
}

// complaints lists those of the row's customer, oldest first.
func (p *past) complaints(ctx context.Context, row mention.Scored) ([]mention.Complaint, error) {
	if err := p.load(ctx, row.Brand); err != nil {
		return nil, err
	}
	writers, err := p.kin.of(ctx, row.Mention.Writer())
	if err != nil || len(writers) == 1 {
		return p.read[row.Brand][writers[0]], err
	}
	var all []mention.Complaint
	for _, w := range writers {
		all = append(all, p.read[row.Brand][w]...)
	}
	slices.SortFunc(all, func(a, b mention.Complaint) int {
		return cmp.Or(a.Written.Compare(b.Written), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

func (p *past) load(ctx context.Context, brand string) error {
	if p.read[brand] != nil {
		return nil
	}
	writers, err := p.kin.wrote(ctx, brand)
	if err != nil {
		return err
	}
	found, err := p.history.Complaints(ctx, brand, writers, p.since)
	if err != nil {
		return err
	}
	p.read[brand] = map[mention.Writer][]mention.Complaint{}
	for _, c := range found {
		p.read[brand][c.Writer()] = append(p.read[brand][c.Writer()], c)
	}
	return nil
}

// rank is the place of row among the customer's complaints of the window that
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

// later lists the customer's complaints that were written after row and since a
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
		return slices.ContainsFunc(p.kin.rows, func(r mention.Scored) bool { return r.Mention.ID == id && r.Brand == row.Brand })
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

// again judges the customer's complaints that were written after row but stored
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
		if r.Brand == row.Brand && mayPage(r.Mention) {
			if err := w.apply(ctx, r, b); err != nil {
				return fmt.Errorf("later mention %s: %w", r.Mention.ID, err)
			}
		}
	}
	return nil
}
