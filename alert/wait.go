package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// waiting is a rule that looks at a mention later.
type waiting struct {
	Rule    string     `json:"rule"`
	Mention mention.ID `json:"mention"`
	Brand   string     `json:"brand"`
}

// putOff sets a timer if what the rule can know by now holds already. A rule
// must not ask before its time whether the customer was answered.
func (w *Watcher) putOff(ctx context.Context, r Rule, row mention.Scored, at time.Time, b *batch) error {
	m, err := w.holds(ctx, r, row, b)
	if err != nil || m == nil {
		return err
	}
	body, err := json.Marshal(waiting{r.Name, row.Mention.ID, row.Brand})
	if err != nil {
		return err
	}
	return w.deps.Timers.Set(ctx, at, timerWait, key("wait", r.Name, string(row.Mention.ID), row.Brand), body)
}

// Waited looks at mentions again for rules that waited, as they stand now: edited,
// deleted or answered meanwhile. All of them ask the store together, for in a
// storm hundreds fall due within a minute. An error means that all must be handed
// in again; that does no harm to those which are done.
func (w *Watcher) Waited(ctx context.Context, payloads [][]byte) error {
	all := make([]waiting, len(payloads))
	var ids []mention.ID
	for i, p := range payloads {
		if err := json.Unmarshal(p, &all[i]); err != nil {
			return fmt.Errorf("a rule's timer: %w", err)
		}
		if !slices.Contains(ids, all[i].Mention) {
			ids = append(ids, all[i].Mention)
		}
	}
	rows, err := w.deps.History.Mentions(ctx, ids...)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r mention.Scored) bool { return !isNews(r.Mention) }) // nobody complains any more
	b := w.newBatch(rows, w.deps.now().Add(-w.maxAge()-w.longest(func(r Rule) time.Duration { return r.RepeatWindow })))
	for _, wait := range all {
		if err := w.lookAgain(ctx, wait, rows, b); err != nil {
			return fmt.Errorf("rule %s, which waited on mention %s: %w", wait.Rule, wait.Mention, err)
		}
	}
	if err := w.takeReplies(ctx, nil, b); err != nil {
		return err
	}
	return w.desk.finish(ctx, b.changed...)
}

// lookAgain opens an escalation if the rule is still there and holds.
func (w *Watcher) lookAgain(ctx context.Context, wait waiting, rows []mention.Scored, b *batch) error {
	r := slices.IndexFunc(w.rules, func(r Rule) bool { return r.Name == wait.Rule })
	i := slices.IndexFunc(rows, func(s mention.Scored) bool { return s.Mention.ID == wait.Mention && s.Brand == wait.Brand })
	if r < 0 || i < 0 {
		return nil
	}
	m, err := w.holds(ctx, w.rules[r], rows[i], b)
	if err != nil || m == nil {
		return err
	}
	matter, err := w.matter(ctx, rows[i], b)
	if err != nil {
		return err
	}
	return w.escalate(ctx, rows[i], []match{*m}, matter, b)
}
