package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"feryat/mention"
)

// Drift is what a rescore changes.
type Drift struct {
	Seen    int64 // verdicts looked at
	Changed int64 // of these, those that say something else now; the lexicon's version apart
	Moved   int64 // mentions whose brands are others now
	moods   map[[2]mention.Mood]int64
}

// Changes counts the verdicts by mood before and after, the most frequent first;
// those whose mood stays are left out.
func (d Drift) Changes() []mention.Change {
	list := []mention.Change{}
	for m, n := range d.moods {
		if m[0] != m[1] {
			list = append(list, mention.Change{From: m[0], To: m[1], Count: n})
		}
	}
	slices.SortFunc(list, func(a, b mention.Change) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return list
}

func (d *Drift) add(before, after mention.Verdict) {
	d.Seen++
	d.moods[[2]mention.Mood{before.Mood, after.Mood}]++
	if differ(before, after) {
		d.Changed++
	}
}

func differ(a, b mention.Verdict) bool {
	const precision = 1e-6 // of what a database keeps of a number
	return a.Mood != b.Mood || math.Abs(a.Score-b.Score) > precision || math.Abs(a.Anger-b.Anger) > precision || a.Language != b.Language ||
		!slices.Equal(a.Topics, b.Topics) || !slices.Equal(a.Praise, b.Praise) || !slices.Equal(a.Signals, b.Signals) ||
		!slices.Equal(a.Customer, b.Customer) || !slices.Equal(a.Blamed, b.Blamed)
}

// Rescore matches and scores stored mentions again with the present brands and
// lexicons, and stores the verdicts unless dry is set. It tells nobody of the
// rows: a rescore is no news. Called again it finds nothing left to change.
func (p *Pipeline) Rescore(ctx context.Context, f mention.Filter, dry bool) (Drift, error) {
	d := Drift{moods: map[[2]mention.Mood]int64{}}
	now := time.Now().UTC() // of the run: the version of all its rows
	err := p.archive.Each(ctx, f, func(page []mention.Scored) error {
		var rows []mention.Scored
		for _, stored := range byMention(page) {
			rows = append(rows, p.again(&d, stored, now)...)
		}
		if dry {
			return nil
		}
		_, err := p.store.Insert(ctx, rows)
		return err
	})
	if err != nil {
		return d, fmt.Errorf("rescore after %d verdicts: %w", d.Seen, err)
	}
	return d, nil
}

// again judges one mention again.
func (p *Pipeline) again(d *Drift, stored []mention.Scored, now time.Time) []mention.Scored {
	m := stored[0].Mention
	m.Origin, m.Collected = mention.OriginRescore, now
	brands := p.judge.matcher.Match(m)
	if len(brands) == 0 && m.Author.Own {
		brands = brandsOf(stored) // as inherited
	}
	rows := p.judge.rows(m, brands)
	before := map[string]mention.Verdict{}
	for _, r := range stored {
		before[r.Brand] = r.Verdict
	}
	kept := 0
	for _, r := range rows {
		if old, ok := before[r.Brand]; ok {
			d.add(old, r.Verdict)
			kept++
		}
	}
	if kept != len(stored) || kept != len(brands) {
		d.Moved++
	}
	return rows
}

// byMention groups rows that follow one another.
func byMention(rows []mention.Scored) [][]mention.Scored {
	var groups [][]mention.Scored
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].Mention.ID == rows[from].Mention.ID {
			to++
		}
		groups = append(groups, rows[from:to])
		from = to
	}
	return groups
}
