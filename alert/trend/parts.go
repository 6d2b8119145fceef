package trend

import (
	"math"
	"time"

	"feryat/mention"
)

// parts are what a series is made of: the share of its usual mentions that each
// part gives. Where a part is not watched, its share of the usual is not expected
// and what it says is not counted, in the past as of late: hours that nobody
// watched are not hours in which nobody complained.
//
// That takes all parts to have the same week. What is expected of those that are
// left is therefore the less certain, the less is left.
type parts struct {
	share map[part]float64
	n     float64 // mentions that the shares rest on
}

type part struct {
	source  string
	sighted bool
}

// unlike is by how much, relatively, the shares of parts differ from one hour to another.
const unlike = 0.2

// partsOf compares what each part gave in the time in which it was watched.
func partsOf(s mention.Series, until time.Time) parts {
	watched := map[part]float64{}
	for _, p := range s.Parts {
		watched[part{p.Source, p.Sighted}] = until.Sub(s.Since).Hours()
	}
	for _, g := range s.Gaps {
		watched[part{g.Source, g.Sighted}] -= overlap(g, s.Since, until)
	}
	all, total := parts{share: map[part]float64{}}, 0.0
	for _, p := range s.Parts {
		k := part{p.Source, p.Sighted}
		rate := float64(p.N) / math.Max(watched[k], 1)
		all.share[k] = rate
		all.n += float64(p.N)
		total += rate
	}
	for k := range all.share {
		all.share[k] /= math.Max(total, math.SmallestNonzeroFloat64)
	}
	return all
}

// unseen is the share of the usual in [from, to) that gaps hide.
func (p parts) unseen(gaps []mention.Gap, from, to time.Time) float64 {
	sum := 0.0
	for _, g := range gaps {
		if hours := overlap(g, from, to); hours > 0 {
			sum += p.share[part{g.Source, g.Sighted}] * hours / to.Sub(from).Hours()
		}
	}
	return min(sum, 1)
}

// hide takes from hours what gaps hide of them.
func (p parts) hide(hours []hour, gaps []mention.Gap, start time.Time) {
	for _, g := range gaps {
		share := p.share[part{g.Source, g.Sighted}]
		if share == 0 {
			continue
		}
		first := max(0, int(g.From.Sub(start)/time.Hour))
		for i := first; i < len(hours); i++ {
			at := start.Add(time.Duration(i) * time.Hour)
			if !at.Before(g.To) {
				break
			}
			hours[i].seen = max(0, hours[i].seen-share*overlap(g, at, at.Add(time.Hour)))
		}
	}
}

// doubt is the relative variance of a share that is watched: by the mentions that
// it was learnt from, and because parts are not alike.
func (p parts) doubt(watched float64) float64 {
	if watched >= 1 || watched <= 0 {
		return 0
	}
	less := (1 - watched) / watched
	return less/math.Max(p.n, 1) + unlike*less*unlike*less
}

// overlap is how many hours of a gap are in [from, to).
func overlap(g mention.Gap, from, to time.Time) float64 {
	if g.From.After(from) {
		from = g.From
	}
	if g.To.Before(to) {
		to = g.To
	}
	return math.Max(0, to.Sub(from).Hours())
}

// unwatched adds up what was not watched.
func unwatched(hours []hour) time.Duration {
	sum := 0.0
	for _, h := range hours {
		sum += 1 - h.seen
	}
	return time.Duration(sum * float64(time.Hour))
}
