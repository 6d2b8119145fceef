package storage

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"feryat/mention"
)

// memory is a store in memory: what fold decides is what it knows the next time.
type memory map[string]*state

func (m memory) insert(t *testing.T, batch []mention.Scored) []bool {
	before := map[rowKey]uint64{}
	for id, k := range m {
		for brand, r := range k.brands {
			before[rowKey{id, brand}] = r.Version
		}
	}
	c := fold(batch, m, time.Time{})
	for key, r := range c.mentions {
		if r.Version <= before[key] {
			t.Errorf("a row of version %d is written over one of version %d: ClickHouse would keep the old one", r.Version, before[key])
		}
	}
	return c.fresh
}

// look is what a reader would see, and what the next batch depends on.
func (m memory) look() []string {
	var lines []string
	for id, k := range m {
		for brand, r := range k.brands {
			lines = append(lines, fmt.Sprint(id, brand, r.Version, r.Gone, r.GoneWhy, r.Revision, r.Lexicon, r.Collected, r.Scored, r.Written, r.SeenFirst, r.GoneSeen))
		}
		lines = append(lines, fmt.Sprint(id, slices.Sorted(maps.Keys(k.revisions))))
	}
	slices.Sort(lines)
	return lines
}

func at(n int) time.Time { return time.Date(2025, 3, 1, 0, n, 0, 0, time.UTC) }

// randomBatch is a visit, or a rescore of what m holds, at minute n.
func randomBatch(random *rand.Rand, m memory, n int) []mention.Scored {
	var batch []mention.Scored
	brands := [][]string{{"a"}, {"b"}, {"a", "b"}, {""}}
	if random.IntN(4) == 0 {
		for id, k := range m {
			if base := k.newest(); base != nil {
				for _, b := range brands[random.IntN(4)] {
					x := mention.Mention{ID: mention.ID(id), Revision: mention.Revision(base.Revision), Collected: at(n), Origin: mention.OriginRescore}
					batch = append(batch, mention.Scored{Mention: x, Brand: b, Verdict: mention.Verdict{Lexicon: fmt.Sprint(n)}})
				}
			}
		}
		return batch
	}
	for id := range 2 {
		text := fmt.Sprint("text ", random.IntN(2))
		x := mention.Mention{ID: mention.ID(fmt.Sprint(id)), Text: text, Collected: at(n), Gone: random.IntN(5) == 0}.Revise()
		for _, b := range brands[random.IntN(4)] {
			batch = append(batch, mention.Scored{Mention: x, Brand: b, Verdict: mention.Verdict{Lexicon: "1"}})
		}
	}
	return batch
}

// TestRedeliveryInMemory repeats earlier batches at random, thousands of times: only the first time may count.
func TestRedeliveryInMemory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 7))
		calm, rough := memory{}, memory{}
		var done [][]mention.Scored
		for n := range 8 {
			batch := randomBatch(random, calm, n)
			calm.insert(t, batch)
			rough.insert(t, batch)
			done = append(done, batch)
			for random.IntN(3) > 0 {
				if fresh := rough.insert(t, done[random.IntN(len(done))]); slices.Contains(fresh, true) {
					t.Errorf("seed %d: something is fresh for the second time", seed)
				}
			}
		}
		if got, want := rough.look(), calm.look(); !slices.Equal(got, want) {
			t.Fatalf("seed %d:\n got %q\nwant %q", seed, got, want)
		}
	}
}

// TestOneBatchInMemory plays several visits in one batch, in any order, against one after another.
func TestOneBatchInMemory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1000) {
		random := rand.New(rand.NewPCG(seed, 9))
		single, many := memory{}, memory{}
		var all []mention.Scored
		for n := range 5 {
			batch := randomBatch(random, memory{}, n)
			many.insert(t, batch)
			all = append(batch, all...)
		}
		single.insert(t, all)
		if got, want := single.look(), many.look(); !slices.Equal(got, want) {
			t.Fatalf("seed %d:\n got %q\nwant %q", seed, got, want)
		}
	}
}
