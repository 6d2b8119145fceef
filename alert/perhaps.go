package alert

import (
	"context"
	"slices"

	"feryat/mention"
)

// maxPerhaps is how many complaints of a thread, the newest, a reply of which
// nobody knows whom it answers is noted at.
const maxPerhaps = 10

// perhaps notes a word of the brand that its source ties to a thread alone, and
// the pipeline to none of the mentions in it, at the cases that wait there: a
// person may mark them as answered. The clocks run on.
func (w *Watcher) perhaps(ctx context.Context, row mention.Scored, b *batch) error {
	m := row.Mention
	if m.ThreadID == "" {
		return nil
	}
	said, err := w.deps.Replies.Threads(ctx, m.Source, []string{m.ThreadID}, writtenAt(m))
	if err != nil {
		return err
	}
	asked := map[string]bool{}
	complaints := 0
	for _, r := range slices.Backward(said) {
		if r.Brand != row.Brand || r.Mention.Author.Own || !r.Verdict.Mood.Unhappy() || complaints == maxPerhaps {
			continue
		}
		complaints++
		id, _, err := w.deps.States.Load(ctx, mentionIndex(r.Brand, r.Mention.ID))
		if err != nil {
			return err
		}
		if id == nil || asked[string(id)] {
			continue
		}
		asked[string(id)] = true
		if err := w.notePerhaps(ctx, string(id), m, b); err != nil {
			return err
		}
	}
	return nil
}

// perhapsBefore does so for the cases that were just opened: the word may be
// older than they.
func (w *Watcher) perhapsBefore(ctx context.Context, b *batch) error {
	threads := map[string][]string{}
	for _, e := range b.opened {
		if e.Thread != "" && !slices.Contains(threads[e.Source], e.Thread) {
			threads[e.Source] = append(threads[e.Source], e.Thread)
		}
	}
	for source, list := range threads {
		said, err := w.deps.Replies.Loose(ctx, source, list, b.oldest(w.deps.now()))
		if err != nil {
			return err
		}
		for _, e := range b.opened {
			for _, r := range said {
				m := r.Mention
				if e.Source != source || m.ThreadID != e.Thread || r.Brand != e.Brand {
					continue
				}
				if err := w.notePerhaps(ctx, e.ID, m, b); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *Watcher) notePerhaps(ctx context.Context, id string, m mention.Mention, b *batch) error {
	now := w.deps.now()
	noted := false
	r, err := w.desk.cases.change(ctx, id, func(r *record) (*record, error) {
		if r == nil || r.Escalation.State.Ended() || !r.Escalation.Answered.IsZero() || writtenAt(m).Before(r.Escalation.Written) {
			return r, errSame
		}
		r.note("possible_reply", "", m.URL, now)
		noted = true
		return r, nil
	})
	if err == nil && noted {
		b.add(r)
	}
	return err
}
