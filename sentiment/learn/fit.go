package learn

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"feryat/sentiment"
)

// learner is one course of learning over one body of texts.
type learner struct {
	Options
	build   Build
	priors  map[string]float64 // weights that regressions are pulled to
	weights map[string]float64 // as learnt so far, rounded
	chosen  map[string]bool    // entries that the search has found
}

func newLearner(o Options, build Build) *learner {
	l := &learner{Options: o, build: build, priors: map[string]float64{}, weights: map[string]float64{}, chosen: map[string]bool{}}
	maps.Copy(l.priors, o.Priors)
	maps.Copy(l.weights, o.Priors)
	return l
}

func (l *learner) isChosen(entry string) bool { return l.chosen[entry] }

// priorOf returns the weight that an entry is pulled to: that of the data files
// when it was first met.
func (l *learner) priorOf(entry string, now float64) float64 {
	if w, ok := l.priors[entry]; ok {
		return w
	}
	l.priors[entry] = now
	return now
}

func (l *learner) strength(entry string) float64 {
	if l.chosen[entry] {
		return l.NewPull
	}
	return l.Pull
}

// fit learns from texts. It leaves the scorer with all that was learnt and the
// model that the last regression made.
func (l *learner) fit(texts []Text) (*sentiment.Scorer, *model, error) {
	s, err := l.build(sentiment.Overlay{})
	if err != nil {
		return nil, nil, err
	}
	for words := 1; ; words++ {
		m := l.model(s, texts)
		m.solution = m.solve()
		l.keep(m)
		if s, err = l.scorer(); err != nil {
			return nil, nil, err
		}
		if words > l.Phrase {
			return s, m, nil
		}
		// Words first: a phrase is worth an entry for what its words do not explain.
		if s, err = l.extend(s, texts, words); err != nil {
			return nil, nil, err
		}
	}
}

// extend searches for new entries of so many words and returns a scorer that
// knows them.
func (l *learner) extend(s *sentiment.Scorer, texts []Text, words int) (*sentiment.Scorer, error) {
	m := l.model(s, texts)
	copy(m.prior, m.now) // look from where the scorer stands
	m.solution = m.still()
	for _, c := range l.search(s, m, texts, words) {
		l.chosen[c.entry] = true
		if _, known := l.priors[c.entry]; !known {
			l.priors[c.entry] = rounded(c.present / float64(c.support))
		}
		// A first guess, so that negators work on it: one cautious Newton step.
		step := -c.slope / (c.curve + l.NewPull)
		l.weights[c.entry] = nonzero(rounded(l.priors[c.entry]+max(-1, min(1, step))), step)
	}
	return l.scorer()
}

// nonzero keeps a first guess from being 0, which would hide it from negators.
func nonzero(w, sign float64) float64 {
	if w != 0 {
		return w
	}
	return math.Copysign(0.1, sign)
}

// keep takes over what a regression found.
func (l *learner) keep(m *model) {
	for j, entry := range m.entries {
		w := rounded(m.weights[j])
		if prior := l.priors[entry]; l.KeepSign && !l.chosen[entry] && w*prior < 0 {
			w = 0
		}
		l.weights[entry] = w
	}
}

// scorer makes a scorer with all weights that differ from the data files.
func (l *learner) scorer() (*sentiment.Scorer, error) {
	var b strings.Builder
	if l.Brand != "" {
		fmt.Fprintf(&b, "brand=%s\n", l.Brand)
	}
	for _, entry := range l.changed() {
		fmt.Fprintf(&b, "%s\tlexicon\t%s\t%g\n", l.Language, entry, l.weights[entry])
	}
	o, err := sentiment.ParseOverlay("learnt", strings.NewReader(b.String()))
	if err != nil {
		return nil, err
	}
	return l.build(o)
}

// changed returns the entries whose weight is not that of the data files, sorted.
func (l *learner) changed() []string {
	var out []string
	for entry, w := range l.weights {
		if _, given := l.Priors[entry]; given || l.chosen[entry] || w != l.priors[entry] {
			out = append(out, entry)
		}
	}
	slices.Sort(out)
	return out
}

// rounded is a weight as it is written in a data file.
func rounded(w float64) float64 {
	return math.Round(max(-maxWeight, min(maxWeight, w))*10) / 10
}

// still is the solution that changes no weight.
func (p *problem) still() *solution {
	s := p.start()
	for range 5 {
		p.moveConstants(s)
	}
	return s
}

// Train learns from texts and returns the scorer that knows what was learnt.
func Train(o Options, build Build, texts []Text) (*sentiment.Scorer, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	s, _, err := newLearner(o, build).fit(texts)
	return s, err
}
