package sentiment

import (
	"math"
	"slices"

	"feryat/mention"
)

// How strongly things other than words move a score. Set by hand, checked by
// the figures of the gold cases.
const (
	flipPraise     = -0.9  // "beğenmedim", "not good"
	leastDenied    = 1.0   // a complaint that praise makes when it is denied: "hızlı değil"
	flipComplaint  = -0.45 // "kötü değil", "not bad": less than praise
	wishedFactor   = -0.4  // of praise that is asked for: "sorunun çözülmesini bekliyorum"
	stretchFactor  = 1.25
	capitalsFactor = 1.2
	exclaimFactor  = 0.08 // added for each exclamation mark, up to three
	repeatFactor   = 0.5  // each time the same entry is met again
	ratingWeight   = 3.0  // of one star or five
	askedPraise    = 0.5  // praise in a question
	loudCalm       = 0.9  // of a complaint in capitals or with stretched letters
	squash         = 8.0  // score = raw / sqrt(raw² + squash)
)

// tally adds up what the matches of one text say.
type tally struct {
	*reader
	x       *lexicon
	in      Input
	text    string // title and text
	offset  int    // where Text begins in text
	keepAll bool   // collect evidence

	raw, good, bad float64
	calm           float64 // 1 - anger so far
	exclaims       int
	moved          move
	ironic         bool // what is doubtful is meant the other way round
	evidence       []Evidence
}

func newTally(r *reader, in Input) *tally {
	r.reasons = r.reasons[:0]
	t := &tally{reader: r, in: in, text: in.Text, calm: 1}
	if in.Title != "" {
		t.text = in.Title + "\n" + in.Text
		t.offset = len(in.Title) + 1
	}
	return t
}

// run takes the steps from the text, which has been cut, to the sum.
func (t *tally) run(x *lexicon) {
	t.x = x
	t.read(t.x, t.text)
	t.forgetBrand(t.x, t.text, t.in.Brand)
	t.placeNames()
	t.find(t.x, t.keepAll || len(t.in.Names) > 0)
	t.mark()
	t.splitAtContrasts(t.x)
	t.enframe(t.x)
	t.attribute()
	t.negate(t.x)
	t.boost(t.x)
	t.weigh(t.x)
	t.choose(t.x)
	t.add()
	t.addMove()
	t.addRating()
}

// add sums the chosen matches.
func (t *tally) add() {
	if len(t.repeats) < len(t.x.payloads) {
		t.repeats = make([]uint8, len(t.x.payloads))
	}
	t.doubt()
	t.addMatches(false)
	t.readIrony()
	t.addMatches(true)
	for _, i := range t.chosen {
		t.repeats[t.found[i].payload] = 0
	}
	for i := range t.sentences {
		t.exclaims += t.sentences[i].exclaims
	}
}

// addMatches sums what is doubtful, or the rest.
func (t *tally) addMatches(doubtful bool) {
	for _, i := range t.chosen {
		if m := &t.found[i]; m.doubtful == doubtful {
			t.addMatch(m)
		}
	}
}

func (t *tally) addMatch(m *match) {
	p := &t.x.payloads[m.payload]
	factor, rule := t.factor(m, p)
	switch t.owner(m) {
	case rivals:
		t.reason("rival", m, 0)
		return
	case against:
		factor, rule = factor*againstFactor, "rival"
	}
	if t.sarcastic(m) {
		factor, rule = factor*sarcasmFactor, "sarcasm"
	}
	w := p.weight * factor
	if t.keepAll {
		t.evidence = append(t.evidence, Evidence{Entry: p.entry, Factor: factor, Weight: w})
	}
	t.cover(m, w >= 0)
	if w == 0 {
		return
	}
	t.raw += w
	c := &t.clauses[t.words[m.from].clause]
	c.score += w
	t.sentences[c.sentence].score += w
	if w > 0 {
		t.good += w
	} else {
		t.bad -= w
		t.sentences[c.sentence].problem = t.sentences[c.sentence].problem || p.problem
		if !m.negated {
			t.calm *= 1 - p.anger
			t.calm *= t.loudness(m)
		}
	}
	t.reason(rule, m, w)
}

// loudness is what is left of the calm of a complaint that is shouted or drawn out.
func (t *tally) loudness(m *match) float64 {
	for j := m.from; j <= m.to && t.traits&(inCapitals|drawnOut) != 0; j++ {
		if t.words[j].traits.has(inCapitals) && t.spoken*2 < t.letters || t.words[j].traits.has(drawnOut) {
			return loudCalm
		}
	}
	return 1
}

// cover marks the words of a match that is a complaint, or is none, so that a
// shorter one among them does not count as the opposite.
func (t *tally) cover(m *match, kind bool) {
	for j := m.from; j <= m.to; j++ {
		if m.members&(1<<uint(j-m.from)) == 0 {
			continue
		}
		if w := &t.words[j]; kind {
			w.praised = max(w.praised, m.length)
		} else {
			w.scorned = max(w.scorned, m.length)
		}
	}
}

// factor returns what the weight of a match is multiplied by, and the rule that
// its reason names.
func (t *tally) factor(m *match, p *payload) (factor float64, rule string) {
	factor, rule = t.clauses[t.words[m.from].clause].factor, "lexicon"
	if t.boosted || t.traits&(inCapitals|drawnOut) != 0 {
		factor, rule = t.stressed(m, factor, rule)
	}
	factor *= 1 + exclaimFactor*float64(min(3, t.sentences[t.words[m.from].sentence].exclaims))
	if m.negated {
		rule = "negated"
		if p.weight > 0 {
			factor *= min(flipPraise, -leastDenied/max(p.weight, 0.4))
		} else {
			factor *= flipComplaint
		}
	}
	if m.wished && p.weight*factor > 0 {
		factor *= wishedFactor
		rule = "wish"
	}
	if t.words[m.from].quoted {
		factor *= quotedFactor
		rule = "quoted"
	}
	if framed, f := t.framed(&t.clauses[t.words[m.from].clause], p.weight*factor); f != plainly {
		factor *= framed
		rule = f.rule()
	}
	n := &t.repeats[m.payload]
	for range *n {
		factor *= repeatFactor
	}
	*n = min(*n+1, 20)
	return factor, rule
}

// stressed lets the boosters, stretched letters and capitals of a match work on its factor.
func (t *tally) stressed(m *match, factor float64, rule string) (float64, string) {
	for j := m.from; j <= m.to; j++ {
		w := &t.words[j]
		if m.members&(1<<uint(j-m.from)) == 0 {
			continue
		}
		if w.boost != 1 {
			factor *= w.boost
			rule = "boosted"
		}
		if w.traits.has(drawnOut) {
			factor *= stretchFactor
		}
		if w.traits.has(inCapitals) && t.spoken*2 < t.letters {
			factor *= capitalsFactor
		}
	}
	return factor, rule
}

// addRating lets the stars speak too.
func (t *tally) addRating() {
	if t.in.Rating == nil {
		return
	}
	share := min(1, max(0, *t.in.Rating))
	if w := (share - 0.5) * 2 * ratingWeight; w != 0 && !math.IsNaN(w) {
		t.raw += w
		t.reasons = append(t.reasons, mention.Reason{Rule: "rating", Weight: w})
	}
}

// reason appends the evidence for a match. A span in the title has no place in
// the text: its rule says so.
func (t *tally) reason(rule string, m *match, weight float64) {
	start, end := int(t.words[m.from].start), int(t.words[m.to].end)
	n := len(t.reasons)
	t.reasons = slices.Grow(t.reasons, 1)[:n+1]
	r := &t.reasons[n] // written where it stays, as matches are
	r.Rule, r.Text, r.Weight = rule, t.text[start:end], weight
	if start >= t.offset {
		r.Start, r.End = start-t.offset, end-t.offset
		return
	}
	r.Rule, r.Start, r.End = "title:"+rule, 0, 0
}

// words of a text that the data files know, as a share of those with content.
func (t *tally) coverage() float64 {
	known, all := 0, 0
	for i := range t.words {
		w := &t.words[i]
		if !w.traits.has(withContent) {
			continue
		}
		all++
		if w.understood {
			known++
		}
	}
	if all == 0 {
		if len(t.chosen) > 0 {
			return 1
		}
		return 0
	}
	return float64(known) / float64(all)
}
