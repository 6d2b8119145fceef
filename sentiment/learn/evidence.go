package learn

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"feryat/sentiment"
)

// eachText calls do for every index on all processors. What do writes must
// belong to its index alone.
func eachText(texts []Text, do func(i int)) {
	const run = 64
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for from := range next {
				for i := from; i < min(from+run, len(texts)); i++ {
					do(i)
				}
			}
		})
	}
	for from := 0; from < len(texts); from += run {
		next <- from
	}
	close(next)
	wg.Wait()
}

// term is what one entry does in one text.
type term struct {
	entry          string
	factor, weight float64 // weight is that of the entry itself
}

// terms returns the evidence of every text.
func (l *learner) terms(s *sentiment.Scorer, texts []Text) [][]term {
	out := make([][]term, len(texts))
	eachText(texts, func(i int) {
		for _, e := range s.Evidence(l.input(&texts[i])) {
			t := term{entry: e.Entry, factor: e.Factor}
			if e.Factor != 0 {
				t.weight = e.Weight / e.Factor
			}
			out[i] = append(out[i], t)
		}
	})
	return out
}

func (l *learner) input(t *Text) sentiment.Input {
	return sentiment.Input{Text: t.Text, Language: l.Language, Brand: l.Brand}
}

// model is a set of texts with the regression that they make.
type model struct {
	problem
	entries []string
	index   map[string]int
	support []int
	now     []float64 // weights that the scorer has
	*solution
}

// model makes the regression of texts as a scorer reads them. Entries of weight
// 0 that were not chosen say nothing and are left out.
func (l *learner) model(s *sentiment.Scorer, texts []Text) *model {
	m := &model{index: map[string]int{}}
	m.count = l.counts(texts)
	m.fixed = make([]float64, len(texts))
	m.set, m.sets = setsOf(texts)
	for _, t := range texts {
		m.labels = append(m.labels, t.Label)
	}
	for i, terms := range l.terms(s, texts) {
		for _, t := range terms {
			if t.weight == 0 && !l.isChosen(t.entry) {
				continue
			}
			t.factor *= scale(len(terms), l.Length)
			l.addTerm(m, int32(i), t)
		}
	}
	for j, column := range m.columns {
		m.pull[j] *= l.strength(m.entries[j])
		if len(column) < 2 {
			m.pull[j] *= 4 // a single text proves little
		}
	}
	return m
}

// scale brings long texts nearer to short ones: their many words are not as many
// reasons.
func scale(terms int, length float64) float64 {
	const usual = 5
	return math.Pow(float64(usual)/float64(terms), length)
}

func (l *learner) addTerm(m *model, row int32, t term) {
	j, ok := m.index[t.entry]
	if !ok {
		j = len(m.columns)
		m.index[t.entry] = j
		m.entries = append(m.entries, t.entry)
		m.columns = append(m.columns, nil)
		m.support = append(m.support, 0)
		m.now = append(m.now, t.weight)
		m.prior = append(m.prior, l.priorOf(t.entry, t.weight))
		m.pull = append(m.pull, 1)
	}
	if n := len(m.columns[j]); n > 0 && m.columns[j][n-1].row == row {
		m.columns[j][n-1].value += float32(t.factor)
		return
	}
	m.columns[j] = append(m.columns[j], cell{row, float32(t.factor)})
	m.support[j]++
}

// setsOf numbers the sets in the order of their names.
func setsOf(texts []Text) (set []int32, sets int) {
	var names []string
	for i := range texts {
		if at, ok := slices.BinarySearch(names, texts[i].Set); !ok {
			names = slices.Insert(names, at, texts[i].Set)
		}
	}
	set = make([]int32, len(texts))
	for i := range texts {
		at, _ := slices.BinarySearch(names, texts[i].Set)
		set[i] = int32(at)
	}
	return set, len(names)
}

// counts says how much each text counts: labels of a set are brought nearer to
// balance, and so are sets of different size.
func (l *learner) counts(texts []Text) []float64 {
	type key struct {
		set   string
		label Label
	}
	labels, sets := map[key]int{}, map[string]int{}
	for i := range texts {
		labels[key{texts[i].Set, texts[i].Label}]++
		sets[texts[i].Set]++
	}
	kinds := map[string]int{}
	for k := range labels {
		kinds[k.set]++
	}
	out := make([]float64, len(texts))
	for i := range texts {
		set := texts[i].Set
		fair := float64(sets[set]) / float64(kinds[set]*labels[key{set, texts[i].Label}])
		even := float64(len(texts)) / float64(len(sets)*sets[set])
		out[i] = math.Pow(fair, l.Balance) * math.Pow(even, l.EvenSets)
	}
	return out
}
