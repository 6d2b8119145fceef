package alert

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"feryat/mention"
)

// register is a customer list beside the book, that counts what it is asked; the
// stored one is tried in package web.
type register struct {
	*book
	links map[mention.Writer]string
	mu    sync.Mutex // of asked: some are asked at once
	asked map[string]int
	above float64 // share of the list below each customer
}

func (r *register) count(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked[what]++
}

func (r *register) Complaints(ctx context.Context, brand string, writers []mention.Writer, since time.Time) ([]mention.Complaint, error) {
	r.count("complaints")
	return r.book.Complaints(ctx, brand, writers, since)
}

func (r *register) Histories(_ context.Context, brand string, writers []mention.Writer, since time.Time) (past []mention.Past, err error) {
	r.count("histories")
	for _, row := range r.stored {
		if m := row.Mention; row.Brand == brand && slices.Contains(writers, m.Writer()) && !m.Written.Time.Before(since) {
			past = append(past, mention.Past{ID: m.ID, Author: m.Author, Written: m.Written.Time, Mood: row.Verdict.Mood, Source: m.Source})
		}
	}
	return past, nil
}

func (r *register) Linked(_ context.Context, writers []mention.Writer) (links []mention.CustomerLink, err error) {
	r.count("linked")
	for _, w := range writers {
		for other, key := range r.links {
			l := mention.CustomerLink{Source: other.Source, Author: other.Author, Customer: key}
			if key != "" && key == r.links[w] && !slices.Contains(links, l) {
				links = append(links, l)
			}
		}
	}
	return links, nil
}

func (r *register) Customers(_ context.Context, keys []string) (map[string]mention.Customer, error) {
	r.count("customers")
	found := map[string]mention.Customer{}
	for _, key := range keys {
		found[key] = mention.Customer{Key: key, ValueAbove: r.above}
	}
	return found, nil
}

// newRegister gives a desk a customer list.
func newRegister(d *desk, links map[mention.Writer]string) *register {
	r := &register{book: d.book, links: links, asked: map[string]int{}}
	d.Watcher.deps.Customers, d.Watcher.deps.History = r, r
	return r
}

func at(source string, row mention.Scored) mention.Scored {
	row.Mention.ID, row.Mention.Source = mention.NewID("site", source, string(row.Mention.ID)), source
	return row
}

// Whom a link joins complains again wherever he does, in any order; nobody else.
func TestLinksJoinComplaintsOfSeveralSources(t *testing.T) {
	now := time.Now().UTC()
	shop, forum := mention.Writer{Source: "shop", Author: "ayse"}, mention.Writer{Source: "forum", Author: "mavi"}
	one := map[mention.Writer]string{shop: "k1", forum: "k1"}
	for name, c := range map[string]struct {
		links map[mention.Writer]string
		edit  func(older, newer *mention.Scored)
		want  int
	}{
		"linked":                  {one, nil, 1},
		"not linked":              {nil, nil, 0},
		"not where one is":        {map[mention.Writer]string{shop: "k1"}, nil, 0},
		"not as two customers":    {map[mention.Writer]string{shop: "k1", forum: "k2"}, nil, 0},
		"not by the same name":    {nil, func(older, _ *mention.Scored) { older.Mention.Author = mention.Author{ID: "ayse", Name: "Ayse"} }, 0},
		"not of another brand":    {one, func(older, _ *mention.Scored) { older.Brand = "Zinco" }, 0},
		"not after praise":        {one, func(older, _ *mention.Scored) { older.Verdict.Mood = mention.Satisfied }, 0},
		"not of the last quarter": {one, func(older, _ *mention.Scored) { older.Mention.Written.Time = now.Add(-90 * 24 * time.Hour) }, 0},
		"not under a masked name": {one, func(older, newer *mention.Scored) {
			older.Mention.Author, newer.Mention.Author = mention.Author{Name: "A** K**"}, mention.Author{Name: "A** K**"}
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, turned := range []bool{false, true} {
				older, newer := at("forum", plain("mavi", 1, now.Add(-40*time.Hour))), plain("ayse", 2, now.Add(-time.Hour))
				if c.edit != nil {
					c.edit(&older, &newer)
				}
				d, rows := newDesk(t), []mention.Scored{older, newer}
				newRegister(d, c.links)
				if turned {
					slices.Reverse(rows)
				}
				d.store(t, rows[0])
				d.store(t, rows[1])
				if got := d.paged(); len(got) != c.want || c.want == 1 && got[0] != newer.Mention.ID {
					t.Errorf("turned: %t, paged for %v", turned, got)
				}
			}
		})
	}
}

// A link counts for what comes after it, and so does its end; the cases of two
// sources stay two.
func TestLinksCountFromThenOn(t *testing.T) {
	now := time.Now().UTC()
	d := newDesk(t)
	r := newRegister(d, map[mention.Writer]string{})
	shop, forum := mention.Writer{Source: "shop", Author: "ayse"}, mention.Writer{Source: "forum", Author: "mavi"}
	said := func(source, author string, i int, ago time.Duration) {
		d.store(t, at(source, plain(author, i, now.Add(-ago))))
	}
	paged := func(what string, want int) {
		t.Helper()
		if got := len(d.paged()); got != want {
			t.Errorf("%s: %d cases, want %d", what, got, want)
		}
	}
	said("shop", "ayse", 1, 5*time.Hour)
	said("forum", "mavi", 1, 4*time.Hour)
	paged("before the link", 0)
	r.links[shop], r.links[forum] = "k1", "k1"
	said("forum", "other", 1, 4*time.Hour)
	paged("another's word", 0)
	said("forum", "mavi", 2, 3*time.Hour)
	paged("linked", 1)
	said("shop", "ayse", 2, 2*time.Hour)
	paged("on the other source", 2)
	delete(r.links, shop)
	r.links[mention.Writer{Source: "press", Author: "new"}] = "k1"
	said("press", "veli", 1, time.Hour)
	delete(r.links, forum)
	said("press", "new", 1, time.Hour)
	paged("taken back", 2)
}

// Standing and kinds, and so priority, are those of the customer; a name that may be of
// many people adds nothing.
func TestLinksJoinHistories(t *testing.T) {
	now := time.Now().UTC()
	said := plain("ayse", 1, now.Add(-time.Hour))
	said.Verdict.Mood = mention.Dissatisfied
	earlier := at("forum", plain("mavi", 1, now.Add(-48*time.Hour)))
	earlier.Verdict.Mood = mention.Dissatisfied
	stored := []mention.Scored{said, earlier}
	for i := range 60 {
		row := at("press", plain("all", i, now.Add(-time.Duration(i+2)*time.Hour)))
		row.Mention.Author = mention.Author{Name: "all"}
		stored = append(stored, row)
	}
	shop, forum, press := mention.Writer{Source: "shop", Author: "ayse"}, mention.Writer{Source: "forum", Author: "mavi"}, mention.Writer{Source: "press", Author: "all"}
	for name, c := range map[string]struct {
		links    map[mention.Writer]string
		standing mention.Standing
		open     int
		observed []string
	}{
		"not linked":   {nil, mention.StandingGood, 1, nil},
		"listed":       {map[mention.Writer]string{shop: "k1"}, mention.StandingGood, 1, []string{"high_value"}},
		"linked":       {map[mention.Writer]string{shop: "k1", forum: "k1"}, mention.StandingUnhappy, 2, []string{"high_value"}},
		"with a crowd": {map[mention.Writer]string{shop: "k1", press: "k1"}, mention.StandingGood, 1, []string{"high_value"}},
	} {
		d := newDesk(t)
		newRegister(d, c.links).above = 0.95
		d.stored = stored
		p, err := d.newBatch([]mention.Scored{said}, now).profiles.of(t.Context(), said)
		if err != nil || p.Standing != c.standing || p.Open != c.open || !slices.Equal(p.Observed, c.observed) {
			t.Errorf("%s: %q, %d open, %v, %v", name, p.Standing, p.Open, p.Observed, err)
		}
	}
}

// What a batch asks does not grow with its rows, brands apart.
func TestABatchAsksOnce(t *testing.T) {
	now := time.Now().UTC()
	d := newDesk(t)
	r := newRegister(d, map[mention.Writer]string{{Source: "shop", Author: "ayse"}: "k1", {Source: "forum", Author: "ayse"}: "k1", {Source: "press", Author: "veli"}: "k2"})
	var rows []mention.Scored
	for i := range 60 {
		row := at([]string{"shop", "forum", "press"}[i%3], plain([]string{"ayse", "veli"}[i%2], i, now.Add(-time.Duration(i)*time.Minute)))
		row.Brand = []string{"Paytak", "Zinco"}[i/30]
		rows = append(rows, row)
	}
	d.store(t, rows...)
	for what, most := range map[string]int{"linked": 1, "customers": 1, "complaints": 2, "histories": 2} {
		if r.asked[what] != most {
			t.Errorf("asked %d times for %s, want %d", r.asked[what], what, most)
		}
	}
	r.links, r.asked = nil, map[string]int{}
	d.store(t, at("mall", plain("can", 1, now.Add(-time.Minute))), at("mall", plain("can", 2, now)))
	if r.asked["customers"] != 0 || r.asked["linked"] != 1 {
		t.Errorf("without links it asks %v", r.asked)
	}
	r.asked = map[string]int{}
	d.store(t, plain("can", 3, now.AddDate(-1, 0, 0)), plain("can", 4, now.AddDate(-2, 0, 0)))
	if len(r.asked) != 0 {
		t.Errorf("of what is too old to matter it asks %v", r.asked)
	}
}

// What was solved on one source and is complained of on the other is lost again.
func TestSolvedOnTheOtherSource(t *testing.T) {
	shop, forum := mention.Writer{Source: "shop", Author: "ayse"}, mention.Writer{Source: "forum", Author: "mavi"}
	d := newDesk(t)
	r := newRegister(d, nil)
	d.do(t, d.open(t, at("forum", by("mavi", 1, 3*time.Hour, nil))), Act{Type: "resolved", By: "destek", At: time.Now().Add(-2 * time.Hour)})
	now, before := by("ayse", 1, time.Hour, nil), by("ayse", 2, 4*time.Hour, nil)
	for _, c := range []struct {
		row   mention.Scored
		links map[mention.Writer]string
		want  bool
	}{{now, nil, false}, {now, map[mention.Writer]string{shop: "k1", forum: "k1"}, true}, {before, map[mention.Writer]string{shop: "k1", forum: "k1"}, false}} {
		r.links = c.links
		rows := []mention.Scored{c.row}
		if got, err := d.solved(t.Context(), c.row, d.newBatch(rows, time.Time{})); err != nil || got != c.want {
			t.Errorf("%s with %v: %t, %v", c.row.Mention.ID, c.links, got, err)
		}
	}
}
