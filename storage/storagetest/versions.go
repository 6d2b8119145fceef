package storagetest

import (
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

func batchOf(n int, at time.Time, lexicon string) []mention.Scored {
	var rows []mention.Scored
	for i := range n {
		brands := []string{"Paytak"}
		if i%4 == 0 {
			brands = append(brands, "Rival")
		}
		rows = append(rows, named(review(i, at), lexicon, brands...)...)
	}
	return rows
}

func twiceIsOnce(t *testing.T, open Opener) {
	s := open(t)
	rows := batchOf(20, start(), "1")
	if fresh := insert(t, s, rows...); slices.Contains(fresh, false) {
		t.Errorf("first time: %v", fresh)
	}
	once := snapshot(t, s)
	if fresh := insert(t, s, rows...); slices.Contains(fresh, true) {
		t.Errorf("second time: %v", fresh)
	}
	again := batchOf(20, hours(5), "1") // a later visit that finds all as it was
	if fresh := insert(t, s, again...); slices.Contains(fresh, true) {
		t.Errorf("unchanged: %v", fresh)
	}
	compare(t, snapshot(t, s), once)
	if fresh, err := s.Insert(t.Context(), nil); err != nil || len(fresh) != 0 {
		t.Errorf("empty batch: %v, %v", fresh, err)
	}
}

// rescore gives every stored mention a verdict by another lexicon, as the command does.
func rescore(t *testing.T, s *storage.Store, at time.Time, lexicon string) [][]mention.Scored {
	t.Helper()
	var batches [][]mention.Scored
	err := s.Each(t.Context(), mention.Filter{}, func(rows []mention.Scored) error {
		var batch []mention.Scored
		for _, r := range rows {
			m := r.Mention
			m.Origin, m.Collected = mention.OriginRescore, at
			batch = append(batch, judge(m, r.Brand, lexicon))
		}
		batches = append(batches, batch)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		insert(t, s, b...)
	}
	return batches
}

func redelivery(t *testing.T, open Opener) {
	rows := batchOf(150, start(), "1")
	single := open(t)
	insert(t, single, rows...)
	rescore(t, single, hours(3), "2")

	tenfold := open(t)
	for range 5 {
		insert(t, tenfold, rows...)
	}
	rescored := rescore(t, tenfold, hours(3), "2")
	for range 5 {
		insert(t, tenfold, rows...)
		for _, b := range rescored {
			insert(t, tenfold, b...)
		}
	}
	compare(t, snapshot(t, tenfold), snapshot(t, single))
	if got := ask(t, tenfold, "SELECT DISTINCT lexicon FROM v_mentions"); len(got) != 1 || got[0] != "2" {
		t.Errorf("lexicons in the view: %v, want the rescored one alone", got)
	}
}

func edits(t *testing.T, open Opener) {
	s := open(t)
	m := review(1, start())
	insert(t, s, judge(m, "Paytak", "1"))
	edited := m
	edited.Text, edited.Collected, edited.Likes = "Kargo geldi, teşekkürler", hours(48), 99
	edited.Written.Time = m.Written.Time.Add(50 * time.Hour) // "2 days ago", read again
	edited = edited.Revise()
	if fresh := insert(t, s, judge(edited, "Paytak", "1")); !fresh[0] {
		t.Error("an edit is not fresh")
	}
	got := stored(t, s, m.ID)["Paytak"].Mention
	want := edited
	want.Written, want.SeenFirst = m.Written, m.Collected
	wantEqual(t, "edited mention", got, want)
	wantEqual(t, "rows", ask(t, s, "SELECT count(), toDate(any(written)) = any(day) FROM v_mentions"), []string{"1\t1"})
	wantEqual(t, "versions", ask(t, s, "SELECT text FROM mention_versions FINAL ORDER BY collected"), []string{m.Text, edited.Text})

	back := m
	back.Collected = hours(72)
	if fresh := insert(t, s, judge(back, "Paytak", "1")); !fresh[0] {
		t.Error("an edit taken back is not fresh")
	}
	wantEqual(t, "text", stored(t, s, m.ID)["Paytak"].Mention.Text, m.Text)
	wantEqual(t, "versions", ask(t, s, "SELECT count() FROM mention_versions FINAL"), []string{"2"})
}

func late(t *testing.T, open Opener) {
	s := open(t)
	first, second := review(1, start()), review(1, hours(24))
	second.Text = "edited"
	second = second.Revise()
	insert(t, s, named(second, "1", "Paytak")...)
	if fresh := insert(t, s, named(first, "1", "Paytak", "Rival")...); fresh[0] || fresh[1] {
		t.Errorf("a late visit is fresh: %v", fresh)
	}
	found := stored(t, s, first.ID)
	if len(found) != 1 || found["Paytak"].Mention.Text != "edited" {
		t.Errorf("a late visit changed what is shown: %v", found)
	}
	wantEqual(t, "versions", ask(t, s, "SELECT count() FROM mention_versions FINAL"), []string{"2"})

	deleted := review(1, hours(2))
	deleted.Gone = true
	insert(t, s, judge(deleted.Revise(), "Paytak", "1"))
	if len(stored(t, s, first.ID)) != 1 || stored(t, s, first.ID)["Paytak"].Mention.Gone {
		t.Error("a late deletion hid the mention")
	}
}

// A rescore reads the store while an edit, collected before it, still waits in the queue.
func rescoreAndEdit(t *testing.T, open Opener) {
	m := review(1, start())
	edited := review(1, hours(5))
	edited.Text = "edited"
	edited = edited.Revise()
	again := m
	again.Origin, again.Collected = mention.OriginRescore, hours(9)
	steps := [][]mention.Scored{{judge(again, "Paytak", "2")}, {judge(edited, "Paytak", "1")}}
	for range 2 {
		s := open(t)
		insert(t, s, judge(m, "Paytak", "1"))
		for _, step := range steps {
			insert(t, s, step...)
		}
		got := stored(t, s, m.ID)["Paytak"]
		if got.Mention.Text != "edited" || !got.Mention.Collected.Equal(hours(5)) {
			t.Errorf("the edit was lost to a rescore of the text before it: %q", got.Mention.Text)
		}
		slices.Reverse(steps)
	}
}

func oneBatch(t *testing.T, open Opener) {
	one, many := open(t), open(t)
	var all []mention.Scored
	for n := range 4 {
		var visit []mention.Scored
		for i := range 10 {
			m := review(i, hours(n))
			m.Text += []string{"", " a", "", " b"}[n]
			m.Gone = i == 3 && n == 2
			visit = append(visit, named(m.Revise(), "1", "Paytak", []string{"Rival", "Other"}[n%2])...)
		}
		insert(t, many, visit...)
		all = append(visit, all...) // newest first
	}
	insert(t, one, append(all, all...)...)
	compare(t, snapshot(t, one), snapshot(t, many))
}
