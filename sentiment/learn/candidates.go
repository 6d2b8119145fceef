package learn

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"feryat/sentiment"
)

// candidate is a word or phrase that might be worth an entry.
type candidate struct {
	entry    string
	support  int
	capitals int
	slope    float64   // of the loss by its weight, at no change
	curve    float64   // its variance were it chance
	byFold   []float64 // slope by inner fold
	bySet    []float64
	seenIn   []int32 // texts by set
	present  float64 // what its words weigh without it, summed over texts
	z        float64
}

// innerFolds are the parts of the texts in which a candidate's sign must agree.
const innerFolds = 5

// grams counts how many texts hold each candidate, in bounded memory: names are
// hashed, so that a rare one may be taken for a frequent one but never the
// other way round.
type grams []uint16

const gramBits = 22

func newGrams() grams { return make(grams, 1<<gramBits) }

func (g grams) slot(entry string) *uint16 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(entry)) // never fails
	sum := h.Sum64()
	return &g[(sum^sum>>gramBits)&(1<<gramBits-1)]
}

func (g grams) add(entry string) {
	if s := g.slot(entry); *s < math.MaxUint16 {
		*s++
	}
}

// search finds the phrases of so many words whose presence the model does not explain.
func (l *learner) search(s *sentiment.Scorer, m *model, texts []Text, length int) []*candidate {
	study := s.Study()
	frequent := newGrams()
	l.eachGrams(study, texts, length, func(_ int, found []gram) {
		for _, g := range found {
			frequent.add(g.entry)
		}
	})
	all := map[string]*candidate{}
	l.eachGrams(study, texts, length, func(i int, found []gram) {
		for _, g := range found {
			if int(*frequent.slot(g.entry)) < l.Support {
				continue
			}
			c := all[g.entry]
			if c == nil {
				c = &candidate{entry: g.entry, byFold: make([]float64, innerFolds), bySet: make([]float64, m.sets), seenIn: make([]int32, m.sets)}
				all[g.entry] = c
			}
			c.see(m, i, g)
		}
	})
	return l.significant(all, m)
}

// see adds one text that holds the candidate.
func (c *candidate) see(m *model, i int, g gram) {
	slope, curve := m.slope(m.solution, int32(i))
	c.support++
	if g.capital {
		c.capitals++
	}
	c.slope += slope
	c.curve += curve
	c.byFold[i%innerFolds] += slope
	c.bySet[m.set[i]] += slope
	c.seenIn[m.set[i]]++
	c.present += g.weight
}

// significant keeps the candidates that chance does not explain: a score test
// with Benjamini and Hochberg's correction for how many were tried.
func (l *learner) significant(all map[string]*candidate, m *model) []*candidate {
	var tried []*candidate
	for _, c := range all {
		if c.support < l.Support || 2*c.capitals > c.support {
			continue
		}
		if _, known := m.index[c.entry]; known || m.embodied(c) {
			continue
		}
		c.z = -c.slope / math.Sqrt(c.curve+1e-9)
		tried = append(tried, c)
	}
	slices.SortFunc(tried, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(math.Abs(b.z), math.Abs(a.z)), cmp.Compare(a.entry, b.entry))
	})
	last := 0
	for i, c := range tried {
		if chance(c.z) <= l.FalseNew*float64(i+1)/float64(len(tried)) {
			last = i + 1
		}
	}
	kept := slices.DeleteFunc(tried[:last], func(c *candidate) bool { return !c.steady(m.sets) || !sayable(c.entry, l.Language) })
	return kept[:min(len(kept), l.MaxNew)]
}

// embodied reports whether a phrase is nearly all that one of its words occurs
// in: the word says it already.
func (m *model) embodied(c *candidate) bool {
	words := strings.Fields(strings.TrimPrefix(c.entry, "!"))
	return len(words) > 1 && slices.ContainsFunc(words, func(w string) bool {
		j, known := m.index[w]
		return known && 10*c.support > 8*m.support[j]
	})
}

// chance is how likely a z as great as this is without any cause, either way.
func chance(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// steady reports whether the sign stays the same whichever fold is left out, and
// whether more than one set has it where there are several: what one set alone
// says is a name or a subject of the day.
func (c *candidate) steady(sets int) bool {
	for _, g := range c.byFold {
		if (c.slope-g)*c.slope <= 0 {
			return false
		}
	}
	agree, against := 0, 0
	for k, n := range c.seenIn {
		switch {
		case n == 0:
		case c.bySet[k]*c.slope > 0:
			agree++
		default:
			against++
		}
	}
	return sets == 1 || agree >= 2 && agree > 2*against
}

// sayable reports whether the scorer takes an entry.
func sayable(entry, language string) bool {
	_, err := sentiment.ParseOverlay("", strings.NewReader(language+"\tlexicon\t"+entry+"\t1\n"))
	return err == nil
}

// gram is a candidate as it stands in one text.
type gram struct {
	entry   string
	capital bool
	weight  float64
}

// eachGrams calls do with the candidates of every text, each told once a text,
// in the order of texts.
func (l *learner) eachGrams(study *sentiment.Study, texts []Text, length int, do func(i int, found []gram)) {
	const block = 4096
	for from := 0; from < len(texts); from += block {
		part := texts[from:min(from+block, len(texts))]
		found := make([][]gram, len(part))
		eachText(part, func(i int) {
			language, words := study.Words(l.input(&part[i]))
			if language == l.Language {
				found[i] = gramsOf(words, length)
			}
		})
		for i := range part {
			do(from+i, found[i])
		}
	}
}

// gramsOf returns the candidates of so many words in a text, as the scorer reads
// them; single words also as they are written, where that differs.
func gramsOf(words []sentiment.StudiedWord, length int) []gram {
	var out []gram
	seen := map[string]bool{}
	add := func(g gram, ok bool) {
		if ok && !seen[g.entry] {
			seen[g.entry] = true
			out = append(out, g)
		}
	}
	for i := 0; i+length <= len(words); i++ {
		add(gramAt(words[i : i+length]))
		if w := words[i]; length == 1 && w.Form != strings.TrimPrefix(w.Entry, "!") {
			add(gram{w.Form, w.Capital, w.Weight}, !w.Stop && w.Form != "")
		}
	}
	return out
}

// gramAt makes a candidate of neighbouring words, at least one of which carries
// content.
func gramAt(words []sentiment.StudiedWord) (g gram, ok bool) {
	no, content := false, false
	entries := make([]string, len(words))
	g.capital = true
	for n, w := range words {
		if w.Form == "" || n > 0 && !w.Joined {
			return g, false
		}
		entry, negated := strings.CutPrefix(w.Entry, "!")
		entries[n] = entry
		no = no != negated
		content = content || !w.Stop
		g.weight += w.Weight
		g.capital = g.capital && w.Capital
	}
	g.entry = strings.Join(entries, " ")
	if no {
		g.entry = "!" + g.entry
	}
	return g, content
}
