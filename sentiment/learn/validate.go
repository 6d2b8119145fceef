package learn

import (
	"hash/fnv"
	"slices"
	"strings"

	"feryat/sentiment"
	"feryat/text"
)

// Comparison is the worth of the present data files and of what was learnt, on
// texts that the learning did not see.
type Comparison struct {
	Before []Figures `json:"before"` // by set, in the order of names
	After  []Figures `json:"after"`
}

// CrossValidate learns from all folds but one and measures on that one, for
// every fold.
func CrossValidate(o Options, build Build, texts []Text) (Comparison, error) {
	return crossValidate(o, build, texts, func(int, *learner, *sentiment.Scorer, []Text) {})
}

// crossValidate tells each what every fold has learnt.
func crossValidate(o Options, build Build, texts []Text, each func(fold int, l *learner, s *sentiment.Scorer, test []Text)) (Comparison, error) {
	if err := o.Validate(); err != nil {
		return Comparison{}, err
	}
	present, err := build(sentiment.Overlay{})
	if err != nil {
		return Comparison{}, err
	}
	before, after := count(present, texts, o.Brand, o.Language), map[string]*tallies{}
	for fold := range o.Folds {
		train, test := split(texts, fold, o.Folds)
		l := newLearner(o, build)
		s, _, err := l.fit(train)
		if err != nil {
			return Comparison{}, err
		}
		merge(after, count(s, test, o.Brand, o.Language))
		each(fold, l, s, test)
	}
	return Comparison{figuresOf(before), figuresOf(after)}, nil
}

// LeaveOut learns from every set but one and measures on that one, for every
// set.
func LeaveOut(o Options, build Build, texts []Text) (Comparison, error) {
	if err := o.Validate(); err != nil {
		return Comparison{}, err
	}
	present, err := build(sentiment.Overlay{})
	if err != nil {
		return Comparison{}, err
	}
	before, after := count(present, texts, o.Brand, o.Language), map[string]*tallies{}
	for set := range before {
		train, test := leaveOut(texts, set)
		s, _, err := newLearner(o, build).fit(train)
		if err != nil {
			return Comparison{}, err
		}
		merge(after, count(s, test, o.Brand, o.Language))
	}
	return Comparison{figuresOf(before), figuresOf(after)}, nil
}

// split parts texts into those of a fold and the rest. Texts that are alike
// stay together: none is learnt from and measured on.
func split(texts []Text, fold, folds int) (train, test []Text) {
	test, train = partition(texts, func(t *Text) bool {
		h := fnv.New32a()
		_, _ = h.Write([]byte(likeness(t.Text))) // never fails
		return int(h.Sum32()%uint32(folds)) == fold
	})
	return train, test
}

// leaveOut parts texts into those of a set and those of others that are not
// alike to any of them.
func leaveOut(texts []Text, set string) (train, test []Text) {
	test, others := partition(texts, func(t *Text) bool { return t.Set == set })
	seen := map[string]bool{}
	for i := range test {
		seen[likeness(test[i].Text)] = true
	}
	_, train = partition(others, func(t *Text) bool { return seen[likeness(t.Text)] })
	return train, test
}

// likeness is what texts share that differ in spaces and in how Turkish letters
// are typed.
func likeness(s string) string {
	return string(text.AppendSkeleton(nil, []byte(strings.Join(strings.Fields(text.Fold(s, "tr")), " "))))
}

func partition(texts []Text, in func(t *Text) bool) (yes, no []Text) {
	for i := range texts {
		if in(&texts[i]) {
			yes = append(yes, texts[i])
		} else {
			no = append(no, texts[i])
		}
	}
	return yes, no
}

func merge(into, from map[string]*tallies) {
	for set, t := range from {
		if into[set] == nil {
			into[set] = &tallies{}
		}
		into[set].merge(t)
	}
}

func figuresOf(bySet map[string]*tallies) []Figures {
	var out []Figures
	for set, t := range bySet {
		out = append(out, t.figures(set))
	}
	slices.SortFunc(out, func(a, b Figures) int { return strings.Compare(a.Set, b.Set) })
	return out
}

// Mean is the mean of the figures of sets with more than one label.
func Mean(all []Figures) (neg, pol float64) {
	n := 0.0
	for _, f := range all {
		if !f.OneSided {
			neg, pol, n = neg+f.Neg, pol+f.Pol, n+1
		}
	}
	return neg / max(1, n), pol / max(1, n)
}
