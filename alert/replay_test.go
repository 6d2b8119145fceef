package alert

import (
	"context"
	"slices"
	"testing"
	"time"

	"feryat/mention"
)

func TestReplayTellsWhatRulesWouldHaveDone(t *testing.T) {
	rules, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	at := func(author string, i int, after time.Duration, edit func(*mention.Scored)) mention.Scored {
		return by(author, i, 0, func(r *mention.Scored) {
			r.Mention.Written.Time, r.Mention.Origin = day.Add(after), mention.OriginBackfill
			if edit != nil {
				edit(r)
			}
		})
	}
	plain := func(r *mention.Scored) { r.Verdict.Signals = nil }
	waits, answered := at("veli", 1, time.Hour, plain), at("can", 1, time.Hour, plain)
	late := reply(waits, 0)
	late.Mention.Written.Time = day.Add(3 * time.Hour)
	soon := reply(answered, time.Second)
	soon.Mention.Written.Time = day.Add(80 * time.Minute)
	gone := at("gone", 1, 0, func(r *mention.Scored) { r.Mention.Gone = true })
	b := &book{stored: []mention.Scored{
		at("ayse", 1, 0, nil), at("ayse", 2, time.Hour, nil), at("ayse", 3, 26*time.Hour, nil), // threats
		waits, late, answered, soon, gone,
		at("kim", 1, 0, func(r *mention.Scored) { r.Verdict = mention.Verdict{Mood: mention.Satisfied} }),
	}}
	r := &Replay{Rules: rules, Archive: b, Feedback: map[mention.ID]map[string]bool{b.stored[0].Mention.ID: {"Paytak": true}, b.stored[1].Mention.ID: {"Paytak": false}, waits.Mention.ID: {"Zinco": true}}}
	for i := range b.stored { // pages of one
		if err := r.Page(t.Context(), b.stored[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string][2]int{}
	for _, d := range r.Days() {
		got[d.Rule+" "+d.Day.Format("2")] = [2]int{d.Fired, d.Customers}
	}
	for name, want := range map[string][2]int{
		"angry_now 2": {2, 1}, "angry_now 3": {1, 1}, "threat 2": {2, 1}, "repeat_complainer 3": {1, 1},
		"unanswered 2": {3, 2}, "angry 2": {4, 3}, "safety 2": {},
	} {
		if got[name] != want {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	for _, q := range r.Judged() {
		if q.Judged != 2 || q.True != 1 {
			t.Errorf("%+v", q)
		}
	}
	if r.Seen != 6 || len(r.Judged()) == 0 {
		t.Errorf("%d seen, judged %v", r.Seen, r.Judged())
	}
}

func (b *book) ComplaintsOfWriters(ctx context.Context, f mention.Filter, since time.Time) ([]mention.Complaint, error) {
	var wrote []mention.Writer
	for _, r := range b.stored {
		if at := r.Mention.Written.Time; !at.Before(f.From) && at.Before(f.To) {
			wrote = append(wrote, r.Mention.Writer())
		}
	}
	found, err := b.Complaints(ctx, f.Brand, wrote, since)
	return slices.DeleteFunc(found, func(c mention.Complaint) bool { return !c.Written.Before(f.To) }), err
}

func (b *book) FirstReplies(_ context.Context, from, to time.Time) (map[mention.ID]time.Time, error) {
	found := map[mention.ID]time.Time{}
	for _, r := range b.stored {
		m := r.Mention
		if at := m.Written.Time; m.Author.Own && m.ParentID != "" && !at.Before(from) && at.Before(to) && (found[m.ParentID].IsZero() || at.Before(found[m.ParentID])) {
			found[m.ParentID] = at
		}
	}
	return found, nil
}
