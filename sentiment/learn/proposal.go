package learn

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"feryat/sentiment"
)

// Entry is a line of the lexicon as learnt.
type Entry struct {
	Entry string `json:"entry"`
	// Before is its present weight; of a new entry what its words weigh without it.
	Before  float64 `json:"before"`
	Weight  float64 `json:"weight"`
	New     bool    `json:"new"`
	Support int     `json:"support"` // texts that it counts in
	// Agreement is the share of folds and sets whose own texts want the change.
	Agreement float64 `json:"agreement"`
	// Gain is how much likelier the change makes the labels of held-out texts, in
	// nats over all of them.
	Gain float64 `json:"gain"`
}

// Proposal is what was learnt, and its worth on texts that were held out.
type Proposal struct {
	Comparison
	Entries []Entry `json:"entries"` // by gain, the greatest first
	Texts   int     `json:"texts"`
}

// leastGain is what a change must be worth on held-out texts, in nats.
const leastGain = 1

// Learn measures by cross-validation what there is to gain, then learns from
// all texts. Changes that do not help on held-out texts are left out.
func Learn(o Options, build Build, texts []Text, progress func(done, of int)) (Proposal, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	trial := &trial{gains: map[string]float64{}}
	c, err := trial.crossValidate(o, build, texts, func(fold int) { progress(fold+1, o.Folds+1) })
	if err != nil {
		return Proposal{}, err
	}
	l := newLearner(o, build)
	s, _, err := l.fit(texts)
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{Comparison: c, Texts: len(texts), Entries: []Entry{}}
	m := l.standing(s, texts)
	for j, entry := range m.entries {
		e := l.entry(m, j)
		if e.Gain = trial.gains[entry]; e.Gain >= leastGain && e.Weight != e.Before && e.Support >= o.Support && e.Agreement > 0.5 {
			p.Entries = append(p.Entries, e)
		}
	}
	slices.SortFunc(p.Entries, func(a, b Entry) int { return cmp.Or(cmp.Compare(b.Gain, a.Gain), cmp.Compare(a.Entry, b.Entry)) })
	progress(o.Folds+1, o.Folds+1)
	return p, nil
}

// standing is the model of texts with the weights as the scorer has them.
func (l *learner) standing(s *sentiment.Scorer, texts []Text) *model {
	m := l.model(s, texts)
	copy(m.prior, m.now)
	m.solution = m.still()
	return m
}

// entry describes what became of column j.
func (l *learner) entry(m *model, j int) Entry {
	name := m.entries[j]
	e := Entry{Entry: name, Before: l.priors[name], Weight: rounded(m.now[j]), New: l.chosen[name], Support: m.support[j]}
	groups := make([]float64, l.Folds+m.sets) // slope of the loss, were the change taken back
	for _, c := range m.columns[j] {
		g, _ := m.slopesAt(m.solution, c.row, m.sums[c.row]-(e.Weight-e.Before)*float64(c.value))
		g *= float64(c.value)
		groups[int(c.row)%l.Folds] += g
		groups[l.Folds+int(m.set[c.row])] += g
	}
	agree, all := 0, 0
	for _, g := range groups {
		if g != 0 {
			all++
			agree += index(g*(e.Weight-e.Before) < 0)
		}
	}
	e.Agreement = float64(agree) / float64(max(1, all))
	return e
}

// trial adds up over the folds what each change is worth.
type trial struct{ gains map[string]float64 }

func (t *trial) crossValidate(o Options, build Build, texts []Text, progress func(int)) (Comparison, error) {
	return crossValidate(o, build, texts, func(fold int, l *learner, s *sentiment.Scorer, test []Text) {
		t.add(l, l.standing(s, test))
		progress(fold)
	})
}

// add adds what the changes of a fold are worth on its held-out texts.
func (t *trial) add(l *learner, m *model) {
	for j, entry := range m.entries {
		change := m.now[j] - l.priors[entry]
		if change == 0 {
			continue
		}
		for _, c := range m.columns[j] {
			sum := m.sums[c.row]
			t.gains[entry] += m.loss(m.solution, int(c.row), sum-change*float64(c.value)) - m.loss(m.solution, int(c.row), sum)
		}
	}
}

// OverlayOf makes an overlay of entries.
func OverlayOf(o Options, entries []Entry) (sentiment.Overlay, error) {
	var b strings.Builder
	if err := WriteOverlay(&b, o, entries, nil); err != nil {
		return sentiment.Overlay{}, err
	}
	return sentiment.ParseOverlay("learnt", strings.NewReader(b.String()))
}

// WriteOverlay writes entries as an overlay file. Every line of about is a
// comment at its head.
func WriteOverlay(w io.Writer, o Options, entries []Entry, about []string) error {
	var b strings.Builder
	for _, line := range about {
		fmt.Fprintf(&b, "# %s\n", strings.Join(strings.Fields(line), " "))
	}
	if o.Brand != "" {
		fmt.Fprintf(&b, "brand=%s\n", o.Brand)
	}
	sorted := slices.SortedFunc(slices.Values(entries), func(x, y Entry) int { return cmp.Compare(x.Entry, y.Entry) })
	for _, e := range sorted {
		was := fmt.Sprintf("was %g", e.Before)
		if e.New {
			was = "new"
		}
		fmt.Fprintf(&b, "%s\tlexicon\t%s\t%g\t\t\tlearnt: %d texts, gain %.1f, %s\n", o.Language, e.Entry, e.Weight, e.Support, math.Round(e.Gain*10)/10, was)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
