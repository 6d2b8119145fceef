package storagetest

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// operation is something that happens to a store. Done again later, it must change nothing.
type operation func(t *testing.T, s *storage.Store)

// randomOperations does the same to two stores: to one each operation once, to the other with repeats of earlier ones in
// between and roll-ups rebuilt all the while beside them. They must look the same, and the roll-ups like the mentions.
func randomOperations(t *testing.T, open Opener) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	calm, rough := open(t), open(t)
	rest := keepRebuilding(t, rough)
	var done []operation
	for n := range 10 {
		op := randomOperation(random, n)
		op(t, calm)
		op(t, rough)
		done = append(done, op)
		if random.IntN(2) == 0 {
			done[random.IntN(len(done))](t, rough)
		}
	}
	rest()
	checkStandings(t, rough) // while days are dirty
	compare(t, snapshot(t, rough), snapshot(t, calm))
}

// keepRebuilding rebuilds roll-ups in the background until rest is called.
func keepRebuilding(t *testing.T, s *storage.Store) (rest func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			if err := s.FlushRollups(t.Context()); err != nil {
				done <- err
				return
			}
			time.Sleep(20 * time.Millisecond) // leaves the operations time
		}
		done <- nil
	}()
	return func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func randomOperation(random *rand.Rand, n int) operation {
	at := hours(n)
	switch k := random.IntN(10); {
	case k < 5:
		rows := randomVisit(random, n)
		return func(t *testing.T, s *storage.Store) { insert(t, s, rows...) }
	case k < 7:
		lexicon := string(rune('a' + n))
		var batches [][]mention.Scored // of the first time; a redelivery brings these again
		return func(t *testing.T, s *storage.Store) {
			if batches == nil {
				batches = rescore(t, s, at, lexicon)
			}
			for _, b := range batches {
				insert(t, s, b...)
			}
		}
	case k < 9:
		c := mention.Correction{Mention: review(random.IntN(20), at).ID, Brand: "Paytak", Field: mention.FieldMood, Value: "neutral", By: "ayse", At: at}
		if random.IntN(3) == 0 {
			c.Field, c.Value = mention.FieldNotOurs, "yes"
		}
		return func(t *testing.T, s *storage.Store) {
			if err := s.Correct(t.Context(), []mention.Correction{c}); err != nil {
				t.Fatal(err)
			}
		}
	}
	author := review(random.IntN(20), at).Author
	return func(t *testing.T, s *storage.Store) {
		if _, err := s.Forget(t.Context(), author, "shop"); err != nil {
			t.Fatal(err)
		}
	}
}

// randomVisit finds some mentions, some of them edited, deleted, or naming other brands than before.
func randomVisit(random *rand.Rand, n int) []mention.Scored {
	var rows []mention.Scored
	for i := range 20 {
		if random.IntN(3) == 0 {
			continue
		}
		m := review(i, hours(n))
		m.Text += []string{"", "", "", " edited", " edited twice"}[random.IntN(5)]
		m.Gone = random.IntN(8) == 0
		brands := [][]string{{"Paytak"}, {"Paytak"}, {"Paytak", "Rival"}, {"Rival"}, {""}}[random.IntN(5)]
		rows = append(rows, named(m.Revise(), "1", brands...)...)
	}
	return rows
}
