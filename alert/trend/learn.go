package trend

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"feryat/calendar"
	"feryat/mention"
)

// hour is one hour of the past.
type hour struct {
	slot
	age   float64 // hours before now
	seen  float64 // share of the usual mentions that were watched for, see watches
	count float64
	left  bool // belongs to a past incident: no measure of what is usual
}

// Learn makes a baseline of the hours of a series that ended longest before now.
// Past incidents, at most a twentieth of the history, are left out; what lasts
// longer is the new level.
func Learn(s mention.Series, m calendar.Market, now time.Time) Baseline {
	b := Baseline{market: m, parts: partsOf(s, now), specials: map[string]special{}}
	hours := hoursOf(s, m, now.Add(-longest), b.parts)
	b.watched = max(0, now.Sub(s.Since)-unwatched(hours))
	b.fitRates(hours)
	for range 2 { // what a large incident hides is seen once it is left out
		b.leaveIncidents(hours, usualSpread)
		b.fitRates(hours)
	}
	for range 2 { // what is the nature of the series is no incident
		b.fitSpread(hours)
		b.leaveIncidents(hours, b.spread[1])
		b.fitRates(hours)
	}
	b.fitSpread(hours)
	b.learnSpecials(hours)
	return b
}

// hoursOf lists the whole hours from the series' beginning to an end.
func hoursOf(s mention.Series, m calendar.Market, end time.Time, p parts) []hour {
	start := s.Since.Truncate(time.Hour)
	if start.Before(s.Since) {
		start = start.Add(time.Hour)
	}
	n := max(0, int(end.Sub(start)/time.Hour))
	hours := make([]hour, n)
	var at slot
	for i := range hours {
		t := start.Add(time.Duration(i) * time.Hour)
		at = nextSlot(at, m, t, i == 0)
		hours[i] = hour{slot: at, age: float64(n - i), seen: 1}
	}
	p.hide(hours, s.Gaps, start)
	for _, h := range s.Hours {
		if i := int(h.At.Sub(start) / time.Hour); !h.At.Before(start) && i < n {
			hours[i].count += float64(h.N)
		}
	}
	return hours
}

// usual tells whether an hour is a measure of what is usual.
func (h hour) usual() bool { return h.special == "" && !h.left }

// fitRates sets the rates by what is usual.
func (b *Baseline) fitRates(hours []hour) {
	b.fitShape(hours)
	b.fitLevel(hours)
}

// fitSpread sets the spread of each of Windows.
func (b *Baseline) fitSpread(hours []hour) {
	b.spread = b.spread[:0]
	for _, w := range Windows() {
		b.spread = append(b.spread, spreadOf(b.pairs(hours, int(w/time.Hour))))
	}
}

// fitShape sets the rates of the hours of the week by the whole history.
func (b *Baseline) fitShape(hours []hour) {
	var seen, counts [weekHours]float64
	var n, total float64
	for _, h := range hours {
		if h.usual() {
			seen[h.week] += h.seen
			counts[h.week] += h.count
			n += h.seen
			total += h.count
		}
	}
	mean := (total + 1) / math.Max(n, 1) // nothing seen is not nothing possible
	var clock [24]float64
	for h := range clock {
		clock[h] = factor(seen, counts, func(w int) (float64, bool) { return mean, w%24 == h })
	}
	for day := range 7 {
		f := factor(seen, counts, func(w int) (float64, bool) { return mean * clock[w%24], w/24 == day })
		for w := day * 24; w < (day+1)*24; w++ {
			lean := mean * clock[w%24] * f
			b.rate[w] = (counts[w] + priorCell) / (seen[w] + priorCell/lean)
			b.doubt[w] = 1 / (counts[w] + priorCell)
		}
	}
}

// factor compares the hours of the week that expect selects with what it expects of them.
func factor(seen, counts [weekHours]float64, expect func(week int) (mean float64, in bool)) float64 {
	observed, expected := float64(priorFactor), float64(priorFactor)
	for w := range weekHours {
		if mean, in := expect(w); in {
			observed += counts[w]
			expected += mean * seen[w]
		}
	}
	return observed / expected
}

// fitLevel moves all rates to the level of late.
func (b *Baseline) fitLevel(hours []hour) {
	observed, expected := float64(priorLevel), float64(priorLevel)
	for _, h := range hours {
		if h.usual() {
			weight := math.Exp2(-h.age / halfLife)
			observed += weight * h.count
			expected += weight * h.seen * b.rate[h.week]
		}
	}
	for w := range b.rate {
		b.rate[w] *= observed / expected
	}
	b.level = 1 / observed
}

// pair is what was expected of a window of the past and what came.
type pair struct{ mean, count float64 }

// pairs cuts the history into windows, without those that hold an unusual hour.
func (b *Baseline) pairs(hours []hour, span int) []pair {
	var all []pair
	for part := range slices.Chunk(hours, span) {
		p, whole := pair{}, len(part) == span
		for _, h := range part {
			p.mean, p.count, whole = p.mean+h.seen*b.rate[h.week], p.count+h.count, whole && h.usual()
		}
		if whole && p.mean > 0 {
			all = append(all, p)
		}
	}
	return all
}

// spreadOf finds the spread under which residuals are as large as they should be
// (Huber's proposal 2: a residual counts up to three standard deviations, so that
// incidents which were not left out do not pass for the nature of the series). A
// spread learnt from few weeks is itself uncertain, so a quarter is added.
func spreadOf(pairs []pair) float64 {
	const most, margin = 4, 1.25
	low, high := 0.0, float64(most)
	for range 12 {
		middle := (low + high) / 2
		if tooWild(pairs, middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return margin * high
}

// tooWild tells whether residuals are larger than a spread explains, each
// weighed by what it says about the spread: windows of few mentions say little.
func tooWild(pairs []pair, spread float64) bool {
	const cap2, usual = 9, 0.9901 // E min(z², 9) of a normal z
	weight := func(mean float64) float64 { return mean / (1 + spread*mean) * mean / (1 + spread*mean) }
	sum := priorSpread * (usualSpread - spread)
	for _, p := range pairs {
		z2 := (p.count - p.mean) * (p.count - p.mean) / (p.mean + spread*p.mean*p.mean)
		sum += weight(p.mean) * (math.Min(z2, cap2) - usual)
	}
	return sum > 0
}

// leaveIncidents marks anew the busy ones of two hours that are all but impossible
// if the truth varies by a spread; the loudest twentieth of all if they are more.
func (b *Baseline) leaveIncidents(hours []hour, spread float64) {
	for i := range hours {
		hours[i].left = false
	}
	loud := map[int]float64{}
	for i := range hours[:max(0, len(hours)-1)] {
		z := b.loudness(hours[i], hours[i+1], spread)
		for j := i; z > 0 && j <= i+1; j++ {
			if hours[j].count > hours[j].seen*b.rate[hours[j].week] {
				loud[j] = max(loud[j], z)
			}
		}
	}
	all := slices.SortedFunc(maps.Keys(loud), func(i, j int) int { return cmp.Or(cmp.Compare(loud[j], loud[i]), cmp.Compare(i, j)) })
	for _, i := range all[:min(len(all), len(hours)/20)] {
		hours[i].left = true
	}
}

// loudness is how many standard deviations two hours are above what is expected of
// them, 0 where that is possible.
func (b *Baseline) loudness(h, next hour, spread float64) float64 {
	const impossible, few = 1e-5, 5
	count, mean := h.count+next.count, h.seen*b.rate[h.week]+next.seen*b.rate[next.week]
	variance := b.doubt[h.week] + b.level + spread + b.parts.doubt((h.seen+next.seen)/2)
	if !h.usual() || !next.usual() || count < few || count <= 1.5*mean || AtLeast(int(count), mean, 1/variance) >= impossible {
		return 0
	}
	return (count - mean) / math.Sqrt(mean+variance*mean*mean)
}

// learnSpecials compares the hours of special days with the ordinary rates.
func (b *Baseline) learnSpecials(hours []hour) {
	observed, ordinary, seen := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for _, h := range hours {
		if h.special != "" {
			observed[h.special] += h.count
			ordinary[h.special] += h.seen * b.rate[h.week]
			seen[h.special] += h.seen
		}
	}
	for code, n := range seen {
		b.specials[code] = specialOf(observed[code], ordinary[code], int(n/24))
	}
}
