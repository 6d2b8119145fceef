package trend

import (
	"cmp"
	"math"
	"slices"
	"time"

	"feryat/mention"
)

// DropRule says when stars have dropped. It looks once a day, when a day is over.
type DropRule struct {
	FalseAlarms float64 // a month, of all brands and sources together
	MinRatings  int     // fewer ratings are never a drop
	MinDrop     float64 // nor is a smaller loss, as a share of the scale: 0.1 is 0.4 of five stars
}

// DefaultDropRule promises one false alarm a month.
func DefaultDropRule() DropRule { return DropRule{FalseAlarms: 1, MinRatings: 8, MinDrop: 0.1} }

// Threshold is the probability under which a drop is unusual, where so many
// pairs of brand and source are looked at every day over DropSpans.
func (r DropRule) Threshold(series int) float64 {
	return math.Min(leastSure, r.FalseAlarms/(float64(max(series, 1)*len(DropSpans()))*monthHours/24))
}

// DropSpans are the numbers of days that are compared with the weeks before them.
func DropSpans() []int { return []int{1, 7} }

// leastPast is how many ratings the weeks before must hold.
const leastPast = 30

// Drop is what the ratings of some days are against those before.
type Drop struct {
	Verdict  Verdict   `json:"verdict"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Ratings  int64     `json:"ratings"`
	Mean     float64   `json:"mean"`     // 0 worst to 1 best
	Expected float64   `json:"expected"` // the mean before
	P        float64   `json:"p"`        // of a mean as low, were the ratings drawn from all of them
}

// Look compares the last days before today, over each of DropSpans, with those
// between the longest span and History before today that were no drop themselves. The days are of one brand
// and source.
//
// The test is that of all permutations: could these ratings have been drawn from
// all of them? It asks nothing of the shape of ratings, which is mostly all fives
// and ones, and is exact however few they are. Where whole days were good or bad
// together in the past, a mean must be lower by as much.
func (r DropRule) Look(days []mention.RatingDay, today time.Time, threshold float64) []Drop {
	spans := DropSpans()
	longest := today.AddDate(0, 0, -slices.Max(spans))
	past := r.withoutDrops(daysOf(days, today.Add(-History), longest))
	var drops []Drop
	for _, n := range spans {
		from := today.AddDate(0, 0, -n)
		drops = append(drops, r.judge(Drop{Verdict: Usual, From: from, To: today}, past, daysOf(days, from, today), threshold))
	}
	return drops
}

func (r DropRule) judge(d Drop, past, recent []mention.RatingDay, threshold float64) Drop {
	p, q := starsOf(past), starsOf(recent)
	d.Ratings = int64(q.n)
	switch {
	case p.n < leastPast || len(past) == 0 || d.From.Sub(past[0].Day) < mention.SettledAfter:
		d.Verdict = Young
		return d
	case q.n < float64(r.MinRatings):
		d.Verdict = Few
		return d
	}
	d.Mean, d.Expected = q.mean(), p.mean()
	perDay := q.n / (d.To.Sub(d.From).Hours() / 24)
	d.P = lowerBy(p, q, 1+clumping(past, p)*math.Max(0, perDay-1))
	if d.P <= threshold && d.Expected-d.Mean >= r.MinDrop {
		d.Verdict = Unusual
	}
	return d
}

// withoutDrops leaves out past drops: what is impossible as far as the other days
// differ from each other.
func (r DropRule) withoutDrops(past []mention.RatingDay) []mention.RatingDay {
	usual := past
	for range 2 { // what a large drop hides is seen once it is left out
		usual = r.leaveDrops(past, usual, 0)
	}
	for range 2 { // what is the nature of the series is no drop
		usual = r.leaveDrops(past, usual, clumping(usual, starsOf(usual)))
	}
	return usual
}

// span is a time of the past and how many standard deviations its stars are too low.
type span struct {
	from, to int
	worse    float64
}

// leaveDrops leaves the worst spans out, at most a quarter of all days: what lasts longer is the new level.
func (r DropRule) leaveDrops(past, usual []mention.RatingDay, alike float64) (kept []mention.RatingDay) {
	const impossible = 3.1 // which is leastSure
	var spans []span
	for _, n := range DropSpans() {
		for from := range max(0, len(past)-n+1) {
			if z := r.worse(past[from:from+n], starsOf(usual), alike); z > impossible {
				spans = append(spans, span{from, from + n, z})
			}
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(b.worse, a.worse) })
	left, n := make([]bool, len(past)), 0
	for _, s := range spans {
		if !slices.Contains(left[s.from:s.to], true) && n+s.to-s.from <= len(past)/4 {
			n += s.to - s.from
			for i := s.from; i < s.to; i++ {
				left[i] = true
			}
		}
	}
	for i, d := range past {
		if !left[i] {
			kept = append(kept, d)
		}
	}
	return kept
}

func (r DropRule) worse(days []mention.RatingDay, usual stars, alike float64) float64 {
	q := starsOf(days)
	if q.n < float64(r.MinRatings) || usual.mean()-q.mean() < r.MinDrop {
		return 0
	}
	return worse(usual.with(q), q, 1+alike*math.Max(0, q.n/float64(len(days))-1))
}

// daysOf selects the days in [from, to), in order.
func daysOf(days []mention.RatingDay, from, to time.Time) []mention.RatingDay {
	var in []mention.RatingDay
	for _, d := range days {
		if !d.Day.Before(from) && d.Day.Before(to) {
			in = append(in, d)
		}
	}
	slices.SortFunc(in, func(a, b mention.RatingDay) int { return a.Day.Compare(b.Day) })
	return in
}

// clumping is how alike the ratings of one day are, beyond what all are: the
// correlation within days (0 none, 1 each day has its own stars).
func clumping(days []mention.RatingDay, all stars) float64 {
	between, squares, mean, variance := 0.0, 0.0, all.mean(), all.variance()
	for _, d := range days {
		s := starsOf([]mention.RatingDay{d})
		between += s.n * (s.mean() - mean) * (s.mean() - mean)
		squares += s.n * s.n
	}
	perDay := squares / all.n
	if len(days) < 2 || variance == 0 || perDay <= 1 {
		return 0
	}
	times := between / (float64(len(days)-1) * variance) // 1 where days do not differ
	return math.Min(1, math.Max(0, (times-1)/(perDay-1)))
}
