package storagetest

import (
	"slices"
	"testing"

	"feryat/mention"
	"feryat/storage"
)

func forget(t *testing.T, open Opener) {
	s := open(t)
	rows := batchOf(30, start(), "1")
	elsewhere := review(100, start())
	elsewhere.Source, elsewhere.Author.ID = "other", "u3"
	rows = append(rows, judge(elsewhere.Revise(), "Paytak", "1"))
	insert(t, s, rows...)
	his := slices.IndexFunc(rows, func(r mention.Scored) bool { return r.Mention.Author.ID == "u3" && r.Mention.Source == "shop" })
	m := rows[his].Mention
	event := mention.Event{ID: "e", At: start(), Type: "opened", State: mention.StateOpen, Escalation: mention.Escalation{ID: "x", Mention: m.ID, Author: m.Author, Excerpt: m.Text, Opened: start()}}
	if err := s.InsertEvents(t.Context(), []mention.Event{event}); err != nil {
		t.Fatal(err)
	}
	correct(t, s, mention.Correction{Mention: m.ID, Brand: "Paytak", Field: mention.FieldMood, Value: "angry", At: start()})
	flush(t, s)

	done := must(s.Forget(t.Context(), mention.Author{ID: "u3"}, "shop"))(t)
	if done.Mentions == 0 || done.Versions == 0 || done.Verdicts == 0 || done.Events != 1 || done.Corrections != 1 || done.Left != 0 {
		t.Errorf("forget says %+v", done)
	}
	for _, table := range []string{"mentions", "mention_versions"} {
		wantEqual(t, table, ask(t, s, "SELECT count() FROM "+table+" WHERE author_id = 'u3' AND source = 'shop'"), []string{"0"})
	}
	wantEqual(t, "escalations", ask(t, s, "SELECT count() FROM escalation_events"), []string{"0"})
	wantEqual(t, "verdicts", ask(t, s, "SELECT count() FROM verdicts WHERE id = '"+string(m.ID)+"'"), []string{"0"})
	for _, table := range []string{"rollup_mention", "rollup_author"} { // at once, not with the next rebuild
		wantEqual(t, table, ask(t, s, "SELECT countIf(source = 'shop'), countIf(source = 'other') FROM "+table+" WHERE author = 'u3'"), []string{"0\t1"})
	}
	wantEqual(t, "the other source", ask(t, s, "SELECT count() FROM v_mentions WHERE author_id = 'u3' AND source = 'other'"), []string{"1"})
	checkAfter(t, s)

	edited := m
	edited.Text, edited.Collected = "I am back", hours(5)
	if fresh := insert(t, s, judge(m, "Paytak", "1"), judge(edited.Revise(), "Paytak", "1"), rows[0]); slices.Contains(fresh, true) {
		t.Errorf("the next crawl brought him back: %v", fresh)
	}
	wantEqual(t, "after the next crawl", ask(t, s, "SELECT count() FROM mention_versions WHERE author_id = 'u3' AND source = 'shop'"), []string{"0"})
	byName := mention.Author{Name: "Author 5"}
	if done = must(s.Forget(t.Context(), byName, ""))(t); done.Mentions == 0 {
		t.Errorf("forget by name says %+v", done)
	}
	if done = must(s.Forget(t.Context(), byName, ""))(t); done.Mentions != 0 {
		t.Errorf("the second time says %+v", done)
	}
	if fresh := insert(t, s, rows...); slices.Contains(fresh, true) {
		t.Error("the next crawl brought somebody back")
	}
	if _, err := s.Forget(t.Context(), mention.Author{}, "shop"); err == nil {
		t.Error("nobody was forgotten without an error")
	}
	if done = must(s.Forget(t.Context(), mention.Author{ID: "Author 6", Name: "Author 6"}, "shop"))(t); done.Mentions == 0 {
		t.Errorf("forget by key or name says %+v", done)
	}
	for _, hash := range ask(t, s, "SELECT hash FROM forgotten") {
		if len(hash) != 64 {
			t.Errorf("forgotten keeps %q", hash)
		}
	}
}

func correct(t *testing.T, s *storage.Store, c ...mention.Correction) {
	t.Helper()
	if err := s.Correct(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func corrections(t *testing.T, open Opener) {
	s := open(t)
	insert(t, s, batchOf(12, start(), "1")...)
	flush(t, s)
	id := review(4, start()).ID
	put := func(n int, field mention.Field, value string) {
		t.Helper()
		correct(t, s, mention.Correction{Mention: id, Brand: "Paytak", Field: field, Value: value, By: "ayse", At: hours(n)})
	}
	scorer := stored(t, s, id)["Paytak"].Verdict
	other := mention.Mixed
	if scorer.Mood == other {
		other = mention.Neutral
	}
	put(1, mention.FieldMood, string(other))
	put(1, mention.FieldTopics, "price,promo")
	check := func(what string, mood mention.Mood, topics ...string) {
		t.Helper()
		got := stored(t, s, id)["Paytak"].Verdict
		if got.Mood != mood || !slices.Equal(got.Topics, topics) {
			t.Errorf("%s: %s %v, want %s %v", what, got.Mood, got.Topics, mood, topics)
		}
	}
	check("corrected", other, "price", "promo")
	put(0, mention.FieldMood, string(mention.Angry)) // older: comes late
	check("late correction", other, "price", "promo")
	rescore(t, s, hours(2), "2")
	check("after a rescore", other, "price", "promo")
	wantEqual(t, "the other brand", stored(t, s, id)["Rival"].Verdict.Mood, judge(review(4, start()), "Rival", "2").Verdict.Mood)
	checkAfter(t, s)
	put(3, mention.FieldTopics, mention.NoTopics)
	check("no topics", other)
	put(4, mention.FieldMood, "")
	put(4, mention.FieldTopics, "")
	now := judge(review(4, start()), "Paytak", "2").Verdict
	check("taken back", now.Mood, now.Topics...)

	put(5, mention.FieldNotOurs, "yes")
	if _, there := stored(t, s, id)["Paytak"]; there {
		t.Error("a mention that is not ours is shown")
	}
	put(6, mention.FieldNotOurs, "")
	put(6, mention.FieldNotCustomer, "yes")
	wantEqual(t, "not a customer", ask(t, s, "SELECT from_customer, own FROM v_mentions WHERE brand = 'Paytak' AND id = '"+string(id)+"'"), []string{"false\tfalse"})
	checkAfter(t, s)
	for _, wrong := range []mention.Correction{{Field: mention.FieldMood, Value: "furious"}, {Field: "anger", Value: "1"}} {
		if err := s.Correct(t.Context(), []mention.Correction{wrong}); err == nil {
			t.Errorf("%+v was accepted", wrong)
		}
	}
}
