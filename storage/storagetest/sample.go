package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"feryat/mention"
	"feryat/storage"
)

// crowd are mentions of two sources, one of them small, with some that must not be drawn.
func crowd() (rows []mention.Scored) {
	for n := range 60 {
		n := n
		rows = append(rows, remark(100+n, "A", hours(n), mention.Moods()[n%6], func(r *mention.Scored) {
			r.Mention.Source = "shop"
			if n%10 == 0 {
				r.Mention.Source = "forum"
			}
			r.Verdict.Language, r.Mention.Text = "tr", fmt.Sprint("text ", n)
		}))
	}
	return append(rows, remark(300, "A", hours(1), mention.Neutral, byBrand),
		remark(301, "A", hours(1), mention.Neutral, func(r *mention.Scored) { r.Mention.Text, r.Mention.Title = "", "" }),
		remark(302, "B", hours(1), mention.Angry, nil))
}

// samples: who is drawn, in which order, how often, and by which seed.
func samples(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	twice(t, s, crowd()...)
	draw := func(name string, seed uint64, n int, even bool) []string {
		t.Helper()
		d := mention.Draw{Filter: mention.Filter{Brand: "A", Topic: "delay"}, Name: name, N: n, Seed: seed, Even: even, At: hours(100)}
		if drawn := must(s.DrawSample(ctx, d))(t); drawn != min(n, 60) {
			t.Errorf("%s: %d of %d drawn", name, drawn, n)
		}
		var ids []string
		for i, it := range must(s.SampleItems(ctx, name, 0, false, 0))(t) {
			if it.Number != i+1 || it.Label != nil || it.Brand != "A" || it.Mention.Text == "" || it.Mention.URL == "" {
				t.Errorf("%s: item %d is %+v", name, i, it)
			}
			ids = append(ids, string(it.Mention.ID)+it.Mention.Source)
		}
		return ids
	}
	one, again, other := draw("one", 7, 20, false), draw("again", 7, 20, false), draw("other", 8, 20, false)
	if !slices.Equal(one, again) || slices.Equal(one, other) || len(slices.Compact(slices.Sorted(slices.Values(one)))) != 20 {
		t.Errorf("seeds: %v, %v, %v", one, again, other)
	}
	if all := draw("all", 1, 500, false); !slices.Equal(all[:5], draw("few", 1, 5, false)) {
		t.Error("a smaller sample of one seed is not the beginning of a larger one")
	}
	draw("even", 7, 12, true)
	wantEqual(t, "parts of an even sample", ask(t, s, "SELECT source, count() FROM sample_labels AS l INNER JOIN mentions AS m FINAL ON l.id = m.id AND l.brand = m.brand WHERE sample = 'even' GROUP BY source ORDER BY source"),
		[]string{"forum\t6", "shop\t6"})
	if _, err := s.DrawSample(ctx, mention.Draw{Name: "one", N: 1, At: hours(100)}); !errors.Is(err, storage.ErrSampleExists) {
		t.Errorf("a name twice: %v", err)
	}
	for _, bad := range []mention.Draw{{N: 1}, {Name: "x"}, {Name: "x", N: storage.MostDrawn + 1}} {
		if _, err := s.DrawSample(ctx, bad); err == nil {
			t.Errorf("%+v was drawn", bad)
		}
	}
	wantEqual(t, "nothing to draw", must(s.DrawSample(ctx, mention.Draw{Filter: mention.Filter{Brand: "nobody's"}, Name: "none", N: 5, At: hours(100)}))(t), 0)
}

// sampleLabels: what becomes of labels after rescore, correction, edit, deletion and forgetting.
func sampleLabels(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	var rows []mention.Scored
	for n, mood := range []mention.Mood{mention.Angry, mention.Angry, mention.Neutral, mention.Satisfied, mention.Mixed} {
		rows = append(rows, remark(3*n, "A", hours(n), mood, topics("delay", "price")))
	}
	twice(t, s, rows...)
	must(s.DrawSample(ctx, mention.Draw{Name: "x", N: 10, At: hours(20)}))(t)
	say := func(row mention.Scored, l mention.Label) error {
		l.Sample, l.Mention, l.Brand, l.By, l.At = "x", row.Mention.ID, row.Brand, "ayse", hours(21)
		return s.LabelSample(ctx, []mention.Label{l})
	}
	for _, err := range []error{
		say(rows[0], mention.Label{Mood: mention.Neutral}), say(rows[0], mention.Label{Mood: mention.Angry, Topics: []string{}}), // the newer counts
		say(rows[1], mention.Label{Mood: mention.Dissatisfied, Topics: []string{"price", "delay"}}), say(rows[2], mention.Label{Mood: mention.Satisfied}),
		say(rows[3], mention.Label{NotOurs: true}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []mention.Label{{}, {Mood: "glad"}, {Mood: mention.Angry, NotOurs: true}} {
		if say(rows[0], bad) == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	if err := say(remark(999, "A", hours(0), mention.Angry, nil), mention.Label{Mood: mention.Angry}); !errors.Is(err, storage.ErrNotInSample) {
		t.Errorf("not drawn: %v", err)
	}
	wantEqual(t, "waiting", len(must(s.SampleItems(ctx, "x", 0, true, 0))(t)), 1)
	wantEqual(t, "how far", must(s.Samples(ctx))(t), []mention.Sample{{Name: "x", Drawn: 5, Labelled: 4, At: hours(20)}})
	show := func(what string, want ...string) {
		t.Helper()
		wantEqual(t, what, ask(t, s, "SELECT lexicon, field, labelled, agreed FROM v_accuracy WHERE basis = 'sample' ORDER BY ALL"), want)
	}
	one := []string{"1\tmood\t3\t1", "1\tours\t4\t3", "1\ttopics\t2\t1", "1\tunhappy\t3\t3"}
	show("accuracy", one...)
	put(t, s, rows[2], mention.FieldMood, "satisfied", hours(22)) // a correction changes neither label nor verdict
	put(t, s, rows[1], mention.FieldNotOurs, "yes", hours(22))
	show("after corrections", one...)
	a := must(s.Accuracy(ctx, ""))(t)
	wantEqual(t, "accuracy now", []any{a.Lexicons, a.Labelled, a.Changed, a.Covered, a.All.Mood.Agreed, a.All.Unhappy.Agreed, a.All.Topics.Agreed, a.All.Ours.Agreed}, []any{[]string{"1"}, 4, 0, 1, 1, 3, 1, 3})
	wantEqual(t, "matrix", a.Matrix, map[mention.Mood]map[mention.Mood]int64{mention.Angry: {mention.Angry: 1}, mention.Dissatisfied: {mention.Angry: 1}, mention.Satisfied: {mention.Neutral: 1}})

	twice(t, s, rejudged(rows[2], hours(30), "2", mention.Satisfied))
	show("after a rescore", append(slices.Clone(one), "2\tmood\t1\t1", "2\tours\t1\t1", "2\tunhappy\t1\t1")...)
	a = must(s.Accuracy(ctx, "x"))(t)
	wantEqual(t, "accuracy after a rescore", []any{a.Lexicons, a.All.Mood.Agreed, a.All.Mood.Labelled}, []any{[]string{"1", "2"}, 2, 3})
	twice(t, s, edited(rows[0], hours(40), "fine", mention.Satisfied, nil), vanished(rows[1], hours(40)))
	a = must(s.Accuracy(ctx, "x"))(t)
	wantEqual(t, "after an edit and a deletion", []any{a.Labelled, a.Changed, a.All.Mood.Labelled}, []any{4, 2, 1})
	wantEqual(t, "the text as drawn", must(s.SampleItems(ctx, "x", 0, false, 0))(t)[0].Mention.Text != "fine", true)
	done := must(s.Forget(ctx, mention.Author{ID: rows[2].Mention.Author.ID}, ""))(t)
	wantEqual(t, "forgotten labels", []any{done.Labels > 0, ask(t, s, "SELECT count() FROM sample_labels FINAL"), len(must(s.SampleItems(ctx, "x", 0, false, 0))(t))}, []any{true, []string{"4"}, 4})
}
