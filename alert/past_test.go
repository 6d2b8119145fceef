package alert

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"feryat/mention"
)

// plain is an angry mention without a threat, the i-th by an author.
func plain(author string, i int, written time.Time) mention.Scored {
	return angry(func(r *mention.Scored) {
		r.Verdict.Signals = nil
		r.Mention.ID = mention.NewID("site", "example.org", fmt.Sprint(author, i))
		r.Mention.Author = mention.Author{ID: author}
		r.Mention.Written.Time = written
	})
}

// store keeps rows as the pipeline does before it tells alert of them.
func (d *desk) store(t *testing.T, rows ...mention.Scored) {
	t.Helper()
	d.stored = append(d.stored, rows...)
	if err := d.Handle(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
}

// paged lists the mentions that someone was paged for, in order of their IDs.
func (d *desk) paged() (ids []mention.ID) {
	for _, e := range d.events {
		if e.Type == "opened" {
			ids = append(ids, e.Escalation.Mention)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestASecondComplaintPages(t *testing.T) {
	now := time.Now().UTC()
	older := func(edit func(*mention.Scored)) mention.Scored {
		r := plain("ayse", 1, now.Add(-40*time.Hour))
		if edit != nil {
			edit(&r)
		}
		return r
	}
	newer := plain("ayse", 2, now.Add(-time.Hour))
	for name, c := range map[string]struct {
		older mention.Scored
		want  int
	}{
		"after one too old to page":     {older(nil), 1},
		"after a mild one":              {older(func(r *mention.Scored) { r.Verdict.Mood = mention.Dissatisfied }), 1},
		"after one that history had":    {older(func(r *mention.Scored) { r.Mention.Origin = mention.OriginBackfill }), 1},
		"not after praise":              {older(func(r *mention.Scored) { r.Verdict.Mood = mention.Satisfied }), 0},
		"not after another author's":    {older(func(r *mention.Scored) { r.Mention.Author.ID = "veli" }), 0},
		"not after one about another":   {older(func(r *mention.Scored) { r.Brand = "Zinco" }), 0},
		"not after one of last quarter": {older(func(r *mention.Scored) { r.Mention.Written.Time = now.Add(-90 * 24 * time.Hour) }), 0},
	} {
		for _, rows := range [][]mention.Scored{{c.older, newer}, {newer, c.older}} {
			d := newDesk(t)
			d.store(t, rows[0])
			d.store(t, rows[1])
			if got := d.paged(); len(got) != c.want || c.want == 1 && got[0] != newer.Mention.ID {
				t.Errorf("%s, stored in the order of %v: paged for %v", name, []mention.ID{rows[0].Mention.ID, rows[1].Mention.ID}, got)
			}
		}
	}
}

// Import and rescore page nobody, not by what they say of others either.
func TestAnImportShedsNoLight(t *testing.T) {
	now := time.Now().UTC()
	for _, origin := range []mention.Origin{mention.OriginImport, mention.OriginRescore} {
		d := newDesk(t)
		d.store(t, plain("ayse", 2, now.Add(-time.Hour)))
		old := plain("ayse", 1, now.Add(-40*time.Hour))
		old.Mention.Origin = origin
		d.store(t, old)
		if len(d.paged()) != 0 {
			t.Errorf("%s paged someone", origin)
		}
	}
}

// pagedFor lists the authors that someone was paged for, each as often as someone was.
func (d *desk) pagedFor() (authors []string) {
	for _, e := range d.events {
		if e.Type == "opened" {
			authors = append(authors, e.Escalation.Author.ID)
		}
	}
	slices.Sort(authors)
	return authors
}

// Who is paged for follows from what was written, not from the order in which
// it came nor from how often; and nobody is paged twice for one customer.
func TestWhoIsPagedFollowsFromWhatWasWritten(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Minute)
	var rows []mention.Scored
	for n, author := range []string{"a", "b", "c", "d", "e"} {
		for i := range 1 + 2*n%5 {
			// Days apart and, as where a page shows days alone, at one moment.
			rows = append(rows, plain(author, i, now.Add(-time.Duration(i/2)*11*time.Hour)))
		}
	}
	want := []string{"b", "c", "d", "e"} // who complained once is not paged for
	for round := range 8 {
		random := rand.New(rand.NewPCG(7, uint64(round)))
		d := newDesk(t)
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for batch := range slices.Chunk(rows, 1+random.IntN(4)) {
			d.store(t, batch...)
		}
		first := d.pagedFor()
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if err := d.Handle(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		if again := d.pagedFor(); !slices.Equal(first, want) || !slices.Equal(again, want) {
			t.Errorf("round %d: paged for %v, after redelivery for %v, want %v", round, first, again, want)
		}
	}
}

// An author of thousands is no reason to judge thousands again.
func TestLaterComplaintsAreBounded(t *testing.T) {
	now := time.Now().UTC()
	d := newDesk(t)
	for i := range 3 * maxLater {
		d.stored = append(d.stored, plain("veli", i, now.Add(-time.Duration(i)*time.Minute)))
	}
	d.store(t, plain("veli", 4*maxLater, now.Add(-23*time.Hour)))
	if got := len(d.events); len(d.paged()) != 1 || got < maxLater || got > maxLater+1 {
		t.Errorf("paged for %d, %d events", len(d.paged()), got)
	}
}
