package trend

import (
	"math"
	"time"

	"feryat/calendar"
	"feryat/mention"
)

// Baseline is what is usual for one series. The hours of the week each have a
// rate, learnt from ordinary days; sparse ones lean on what the hour of the day
// and the day of the week make of the level. The level follows the last weeks.
// How much more than Poisson counts vary is learnt for each of Windows.
//
// Days that the calendar calls special take no part in this. What is expected on
// one is the ordinary rate times a factor that is known only as far as such days
// were seen in the history: before the first hours of it are in, ten times the
// usual is nothing unusual, and a true spike on that day is seen only if it is
// larger than that.
type Baseline struct {
	market   calendar.Market
	parts    parts
	watched  time.Duration      // without what was not
	rate     [weekHours]float64 // of ordinary days, an hour
	doubt    [weekHours]float64 // relative variance of rate
	level    float64            // relative variance of the level
	spread   []float64          // relative variance of the truth around its rate, by Windows
	specials map[string]special
}

// special is how the days of one code compare with ordinary ones.
type special struct{ factor, doubt float64 }

// Priors, in counts: a rate that rests on as many mentions is half its own.
const (
	priorFactor = 10   // hours of the day and days of the week
	priorCell   = 20   // hours of the week
	priorLevel  = 10   // the level of late
	priorSpread = 10   // in windows of which about one mention is expected
	usualSpread = 0.02 // the spread of a series of which nothing is known
	halfLife    = 14 * 24
)

// Expectation is what is expected of a span of time.
type Expectation struct {
	Mean float64
	// Size is that of the negative binomial (see AtLeast): the smaller, the less is known.
	Size    float64
	Special string // code of the special day that moves the expectation
	// Watched is the share of the usual that was watched for; Mean is that of it.
	Watched float64
}

// Ready tells whether there is history enough to judge by.
func (b Baseline) Ready() bool { return b.watched >= mention.SettledAfter }

// Watched is how long the series was watched when the baseline was learnt.
func (b Baseline) Watched() time.Duration { return b.watched }

// Expect tells what is usual in [from, to), which may be parts of hours, of what
// is watched in spite of gaps.
func (b Baseline) Expect(from, to time.Time, gaps ...mention.Gap) Expectation {
	var e Expectation
	var variance, ordinary, strange, all float64
	var s slot
	for at := from; at.Before(to); {
		start := at.Truncate(time.Hour) // as it was learnt, also where the zone is half an hour off
		end := start.Add(time.Hour)
		if end.After(to) {
			end = to
		}
		s = nextSlot(s, b.market, start, at.Equal(from))
		mean := b.rate[s.week] * end.Sub(at).Hours()
		all += mean
		mean *= 1 - b.parts.unseen(gaps, at, end)
		variance += mean * mean * b.doubt[s.week]
		ordinary += mean
		if s.special != "" {
			f := b.onSpecial(s.special)
			mean *= f.factor
			strange += mean * f.doubt
			e.Special = s.special
		}
		e.Mean += mean
		at = end
	}
	if e.Mean > 0 {
		e.Watched = ordinary / all
		e.Size = 1 / (variance/(ordinary*ordinary) + b.level + b.spreadOf(to.Sub(from)) + strange/e.Mean + b.parts.doubt(e.Watched))
	}
	return e
}

// spreadOf is the spread of the shortest window that is at least as long.
func (b Baseline) spreadOf(span time.Duration) float64 {
	for i, w := range Windows() {
		if span <= w {
			return b.spread[i]
		}
	}
	return b.spread[len(b.spread)-1]
}

// onSpecial is what is known of days of a code. Where nothing is known, the
// factor is exponential with mean 2; each day that was seen tells more.
func (b Baseline) onSpecial(code string) special {
	if s, ok := b.specials[code]; ok {
		return s
	}
	return specialOf(0, 0, 0)
}

// specialOf learns from observed counts, from what ordinary days would have had,
// and from the number of days.
func specialOf(observed, ordinary float64, days int) special {
	const shape, mean = 1, 2
	sure := math.Min(shape+observed, shape+float64(days)) // thousands of mentions on one day are still one day
	return special{factor: (shape + observed) / (shape/mean + ordinary), doubt: 1 / sure}
}

// slot is the place of an hour in the week, and the special time it is in.
type slot struct {
	week    int // 0 is the first hour of Sunday
	special string
}

// nextSlot is the place of the hour that begins at a time. Last is the place of
// the hour before, so that the calendar is asked once a day; begin: there is none.
func nextSlot(last slot, m calendar.Market, at time.Time, begin bool) slot {
	local := at.In(m.Zone())
	s := slot{week: int(local.Weekday())*24 + local.Hour(), special: last.special}
	if begin || s.week/24 != last.week/24 {
		s.special = specialTime(m.Day(at))
	}
	return s
}

// specialTime is the code of a day that is not ordinary: a public holiday is
// none, whether or not it is also known to move people.
func specialTime(d calendar.Day) string {
	if d.Special == "" {
		return d.Holiday
	}
	return d.Special
}
