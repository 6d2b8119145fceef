package trend

import "time"

// Spike is one spike of a series from its first look to its last. The zero Spike
// is none; whoever looks keeps it between looks, as JSON if need be.
type Spike struct {
	// Start names the spike: the beginning of the window that first showed it.
	Start time.Time `json:"start,omitzero"`
	Size  float64   `json:"size,omitempty"` // mentions above the usual when it was last told
	Peak  Finding   `json:"peak,omitzero"`  // the look that showed most
}

// News is what a look changes about a spike.
type News string

// The news. A spike that goes on without growing is none.
const (
	NoNews News = ""
	Begun  News = "begun"
	Grown  News = "grown"
	Over   News = "over"
)

// growth is how many times as large a spike must be to be told again.
const growth = 2

// backToNormal is the probability from which on a window is usual again; between
// it and the threshold a spike goes on.
const backToNormal = 0.05

// Going tells whether there is a spike.
func (s Spike) Going() bool { return !s.Start.IsZero() }

// Next takes the findings of one look, of all windows, and gives the spike as it
// is then and what there is to tell. Over comes with the spike that has ended;
// the next look begins with a zero Spike.
func (s Spike) Next(findings []Finding) (Spike, News) {
	if s.Going() && s.ended(findings) {
		return s, Over
	}
	top, found := largest(findings)
	switch {
	case !found:
		return s, NoNews
	case !s.Going():
		return Spike{Start: nearest(findings), Size: excess(top), Peak: top}, Begun
	}
	if excess(top) > excess(s.Peak) {
		s.Peak = top
	}
	if excess(top) < growth*s.Size {
		return s, NoNews
	}
	s.Size = excess(top)
	return s, Grown
}

// ended tells whether every window is back to normal. Nothing known is no end.
func (s Spike) ended(findings []Finding) bool {
	for _, f := range findings {
		if f.Verdict == Unusual || f.Verdict == Young || f.Verdict == Blind || f.Verdict == Usual && f.P < backToNormal {
			return false
		}
	}
	return len(findings) > 0
}

// largest is the unusual window with most mentions above the usual.
func largest(findings []Finding) (top Finding, found bool) {
	for _, f := range findings {
		if f.Verdict == Unusual && (!found || excess(f) > excess(top)) {
			top, found = f, true
		}
	}
	return top, found
}

// nearest is when the shortest unusual window begins: nearest to the true start.
func nearest(findings []Finding) (start time.Time) {
	for _, f := range findings {
		if f.Verdict == Unusual && f.From.After(start) {
			start = f.From
		}
	}
	return start
}

func excess(f Finding) float64 { return float64(f.Observed) - f.Expected }
