package incident

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"feryat/mention"
)

func page(n int) Page {
	return Page{Key: fmt.Sprintf("%032d", n), Rank: n % 3, Opened: start().UnixMilli() + int64(n)}
}

func TestStormDecides(t *testing.T) {
	type ask struct {
		after time.Duration
		page  Page
		want  Decision
	}
	must := func(n int) Page { p := page(n); p.Must = true; return p }
	minute := time.Minute
	cfg := StormConfig{Pages: 2, Window: 10 * minute, Every: 10 * minute, Most: 100, Remember: 100}
	for name, asks := range map[string][]ask{
		"few are single":          {{0, page(1), Single}, {minute, page(2), Single}, {10 * minute, page(3), Single}, {11 * minute, page(4), Single}},
		"above the rate":          {{0, page(1), Single}, {minute, page(2), Single}, {2 * minute, page(3), Hold}, {9 * minute, page(4), Hold}},
		"until the storm is over": {{0, page(1), Single}, {0, page(2), Single}, {0, page(3), Hold}, {11 * minute, page(4), Hold}},
		"the same answer again":   {{0, page(1), Single}, {0, page(2), Single}, {0, page(3), Hold}, {0, page(1), Single}, {0, page(3), Hold}},
		"never demoted":           {{0, page(1), Single}, {0, page(2), Single}, {0, page(3), Hold}, {0, must(4), Single}, {0, must(5), Single}},
		"they count, though":      {{0, must(1), Single}, {0, must(2), Single}, {0, page(3), Hold}},
	} {
		var s Storm
		for i, a := range asks {
			if got := s.Allow(start().Add(a.after), a.page, cfg); got != a.want {
				t.Errorf("%s: page %d: %s, want %s", name, i, got, a.want)
			}
		}
	}
}

func TestStormEndsWithADigestThatSaysSo(t *testing.T) {
	cfg := StormConfig{Pages: 2, Window: 10 * time.Minute, Every: 10 * time.Minute, Most: 100, Remember: 100}
	var s Storm
	at := func(minutes int) time.Time { return start().Add(time.Duration(minutes) * time.Minute) }
	for n := range 25 { // one a minute
		s.Allow(at(n), page(n), cfg)
	}
	if due := s.Digests(at(11), "desk", cfg); len(due) != 0 {
		t.Fatalf("a digest before its time: %+v", due)
	}
	first := s.Digests(at(12), "desk", cfg)
	if len(first) != 1 || first[0].Over || len(first[0].Pages) != 23 || first[0].Since != at(2) || len(first[0].Key) != 32 {
		t.Fatalf("got %+v", first)
	}
	if again := s.Digests(at(13), "desk", cfg); len(again) != 1 || again[0].Key != first[0].Key {
		t.Errorf("untold it must be listed again: %+v", again)
	}
	if s.MarkTold(first[0].Key, "night", cfg) || !s.MarkTold(first[0].Key, "desk", cfg) || s.MarkTold(first[0].Key, "desk", cfg) {
		t.Error("each is told once and by its own channel")
	}
	s.Allow(at(21), page(30), cfg)
	last := s.Digests(at(30), "desk", cfg)
	if len(last) != 1 || !last[0].Over || len(last[0].Pages) != 1 || last[0].Key == first[0].Key {
		t.Fatalf("got %+v", last)
	}
	if got := s.Allow(at(41), page(31), cfg); got != Single || len(s.Digests(at(60), "desk", cfg)) != 1 {
		t.Errorf("after the storm a page is %s", got)
	}
}

func TestDigestsAreSortedByUrgencyThenAge(t *testing.T) {
	cfg := DefaultStormConfig()
	var s Storm
	order := rand.New(rand.NewPCG(3, 4)).Perm(40)
	for _, n := range order {
		s.Allow(start(), page(n), cfg)
	}
	pages := s.Digests(start().Add(cfg.Every), "desk", cfg)[0].Pages
	if len(pages) != 30 || !slices.IsSortedFunc(pages, func(a, b Page) int { return 1000*(a.Rank-b.Rank) + int(a.Opened-b.Opened) }) {
		t.Errorf("got %+v", pages)
	}
}

func TestAFullDigestDoesNotWait(t *testing.T) {
	cfg := StormConfig{Pages: 1, Window: time.Minute, Every: time.Minute, Most: 3, Remember: 4}
	var s Storm
	for n := range 9 { // one is single, eight are held
		s.Allow(start(), page(n), cfg)
	}
	due := s.Digests(start(), "desk", cfg)
	if len(due) != 2 || len(due[0].Pages) != 3 || len(due[1].Pages) != 3 || due[0].Key == due[1].Key {
		t.Fatalf("got %+v", due)
	}
	for _, d := range due {
		s.MarkTold(d.Key, "desk", cfg)
	}
	if len(s.Told) != 8*cfg.Remember {
		t.Errorf("%d pages are remembered", len(s.Told)/8)
	}
	last := s.Digests(start().Add(2*time.Minute), "desk", cfg)
	if len(last) != 1 || !last[0].Over || len(last[0].Pages) != 2 {
		t.Errorf("got %+v", last)
	}
}

// Whatever comes when, and how often: each page is single or in one digest, and
// no two digests have a key in common.
func TestEachPageIsToldOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		cfg := StormConfig{Pages: 1 + random.IntN(5), Window: 10 * time.Minute, Every: time.Duration(1+random.IntN(20)) * time.Minute, Most: 1 + random.IntN(50), Remember: 1000}
		var s Storm
		now, decided, in, keys := start(), map[string]Decision{}, map[string]int{}, map[string]bool{}
		tell := func() {
			for _, d := range s.Digests(now, "desk", cfg) {
				if random.IntN(3) == 0 { // a crash: it comes again
					continue
				}
				if keys[d.Key] {
					t.Fatal("a digest after it was told")
				}
				keys[d.Key] = true
				s.MarkTold(d.Key, "desk", cfg)
				for _, p := range d.Pages {
					in[p.Key]++
				}
			}
		}
		for range 400 {
			now = now.Add(time.Duration(random.IntN(60)) * time.Second)
			p := page(random.IntN(300))
			p.Must = p.Key[len(p.Key)-1] == '7'
			got := s.Allow(now, p, cfg)
			if had, known := decided[p.Key]; known && had != got || p.Must && got != Single {
				t.Fatalf("page %s was %s and is %s", p.Key, had, got)
			}
			decided[p.Key] = got
			tell()
		}
		for range 20 {
			now = now.Add(time.Hour)
			tell()
		}
		for key, d := range decided {
			if want := map[Decision]int{Single: 0, Hold: 1}[d]; in[key] != want {
				t.Fatalf("page %s is %s and in %d digests", key, d, in[key])
			}
		}
		if !s.Since.IsZero() || len(s.Cut) != 0 {
			t.Fatal("the storm does not end")
		}
	}
}

func TestPageOf(t *testing.T) {
	for severity, want := range map[string]int{"critical": 0, "high": 1, "normal": 2, "": 2} {
		p := PageOf(mention.Escalation{ID: "x", Severity: severity, Opened: start(), Signals: []string{"legal_threat"}})
		if p.Rank != want || p.Key != "x" || p.Opened != start().UnixMilli() || !p.Must {
			t.Errorf("%q: %+v", severity, p)
		}
	}
}

// Three storms of a thousand escalations in five minutes, one in a hundred with a
// threat of law.
func TestThreeStorms(t *testing.T) {
	kept, c := bucket(t), newClock()
	cfg := DefaultStormConfig()
	told := map[string]int{}
	messages, singles, digests, over := 0, 0, 0, 0
	deliver := func() {
		due, err := c.guard(kept).Due(t.Context(), "desk")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range due {
			messages, digests = messages+1, digests+1
			if d.Over {
				over++
			}
			for _, p := range d.Pages {
				told[p.Key]++
			}
			if err := c.guard(kept).MarkTold(t.Context(), "desk", d.Key); err != nil {
				t.Fatal(err)
			}
		}
	}
	for storm := range 3 {
		for i := range 1000 {
			p := page(1000*storm + i)
			p.Must = i%100 == 99
			for range 1 + i%10/9 { // one in ten is delivered twice
				d, err := c.guard(kept).Allow(t.Context(), "desk", p)
				if err != nil {
					t.Fatal(err)
				}
				if d == Single && told[p.Key] == 0 {
					told[p.Key]++
					messages, singles = messages+1, singles+1
				}
			}
			c.add(300 * time.Millisecond)
			if i%30 == 0 {
				deliver()
			}
		}
		for range 60 { // an hour of calm
			c.add(time.Minute)
			deliver()
		}
	}
	for n := range 3000 {
		if told[page(n).Key] != 1 {
			t.Errorf("escalation %d was told %d times", n, told[page(n).Key])
		}
	}
	want := 3 * (cfg.Pages + 10 + 1)
	if messages != want || singles != 3*(cfg.Pages+10) || digests != 3 || over != 3 {
		t.Errorf("%d messages, want %d: %d single, %d digests of which %d say that it is over", messages, want, singles, digests, over)
	}
	t.Logf("3000 escalations in three storms: %d messages, %d of them single (%d of law), %d digests", messages, singles, 30, digests)
}

func TestTwoGuardsHoldEachPageOnce(t *testing.T) {
	kept, c := bucket(t), newClock()
	process := func(half int) error {
		for n := range 150 {
			if _, err := c.guard(kept).Allow(t.Context(), "desk", page(n+100*half)); err != nil { // a third by both
				return err
			}
		}
		return nil
	}
	done := make(chan error)
	for half := range 2 {
		go func() { done <- process(half) }()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	c.add(time.Hour)
	due, err := c.guard(kept).Due(t.Context(), "desk")
	if err != nil || len(due) != 1 || len(due[0].Pages) != 250-10 {
		t.Fatalf("%d digests, %v", len(due), err)
	}
	crashed, err := c.guard(kept).Due(t.Context(), "desk") // nobody noted it as told
	if err != nil || len(crashed) != 1 || crashed[0].Key != due[0].Key || len(crashed[0].Pages) != 240 {
		t.Errorf("after a crash: %+v, %v", crashed, err)
	}
	if other, err := c.guard(kept).Due(t.Context(), "night"); err != nil || len(other) != 0 {
		t.Errorf("another channel has no storm: %+v, %v", other, err)
	}
	if _, err := c.guard(kept).Allow(t.Context(), "desk", Page{}); err == nil {
		t.Error("a page without a key was allowed")
	}
}
