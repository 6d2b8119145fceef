package incident

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feryat/mention"
)

// story is a random set of revisions with copies, edits and many authors, all
// within one quiet time.
func story(random *rand.Rand) (rows []mention.Scored) {
	topics := []string{"delivery", "outage", "quality"}
	for range 5 + random.IntN(120) {
		r := row(random.IntN(40), random.IntN(350), topic(topics[random.IntN(3)]))
		r.Mention.ID += mention.ID(string(rune('a' + random.IntN(26)))) // one author may write twice a minute
		r.Mention.Source = []string{"shop", "forum"}[random.IntN(2)]
		r.Mention.Author.Followers = random.Int64N(1000)
		if random.IntN(4) == 0 {
			r.Mention.Text = said(0, random.IntN(3))
		}
		r.Mention.Collected = r.Mention.Collected.Add(time.Duration(len(rows)) * time.Microsecond) // no two revisions at once
		rows = append(rows, r)
		if random.IntN(5) == 0 {
			rows = append(rows, newer(r, topic(topics[random.IntN(3)])))
		}
	}
	return rows
}

// final hands rows in and shows what comes of it, without the names.
func final(t *testing.T, cfg Config, rows []mention.Scored) (out []Incident) {
	l := &ledger{}
	told(t, l, cfg, rows...)
	for _, g := range l.Groups {
		if (g.ID == "") != (g.Step == 0) || g.Step > 0 && !slices.Contains(g.Due, g.Step) {
			t.Errorf("group %q is at step %d, due %v", g.ID, g.Step, g.Due)
		}
		in := g.Incident(start(), cfg)
		in.ID = ""
		out = append(out, in)
	}
	slices.SortFunc(out, func(a, b Incident) int { return strings.Compare(a.Cause.Topic, b.Cause.Topic) })
	return out
}

func TestOrderAndRedeliveryDoNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, cfg := range []Config{DefaultConfig(), edited(func(c *Config) { c.Authors = 5 })} {
		for range 8 {
			rows := story(random)
			want := final(t, cfg, rows)
			for range 3 {
				again := slices.Concat(rows, rows[:random.IntN(len(rows))], rows)
				random.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
				// A step that was reached is not taken back when a mention moves away.
				if diff := cmp.Diff(want, final(t, cfg, again), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Step" }, cmp.Ignore())); diff != "" {
					t.Fatalf("of %d rows (-in order +in disorder)\n%s", len(rows), diff)
				}
			}
		}
	}
}

// Without edits the steps, too, are the same in any order, and the name as long
// as the first hour of the window is.
func TestStepsDoNotDependOnTheOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for range 12 {
		var rows []mention.Scored
		for author := range 3 + random.IntN(30) {
			rows = append(rows, row(author, 30+random.IntN(60), nil))
		}
		var first *Group
		for range 5 {
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			l := &ledger{}
			told(t, l, DefaultConfig(), append(rows, rows...)...)
			if first == nil {
				first = l.Groups[0]
			}
			if diff := cmp.Diff(first, l.Groups[0]); diff != "" {
				t.Fatal(diff)
			}
		}
	}
}
