package sentiment

import "slices"

// match is an entry found in the text.
type match struct {
	from, to int32 // first and last word
	node     int32
	payload  int32  // what applies, set once negation is known; -1 = nothing
	members  uint64 // which words from "from" on it has
	length   int8   // words that it has itself, gaps left out
	inflect  bool   // an odd number of its words are negated by their form
	negated  bool
	weighs   bool // its payload has a weight
	wished   bool // its last word is a form of what is asked for
	doubtful bool // praise that may be meant the other way round
	effects  effect
}

// maxMatches caps the matches that begin at one word: a guard against data files
// that branch without end.
const maxMatches = 32

// find collects every entry that occurs in the text. Where mute ones need not be
// shown, their words are marked as understood and that is all.
func (r *reader) find(x *lexicon, showMute bool) {
	for i := range r.words {
		w := &r.words[i]
		if !w.traits.has(entering) {
			continue
		}
		if w.traits&(muted|withContent) == muted|withContent && !showMute {
			w.understood = true
			continue
		}
		r.begin(x, int32(i))
	}
}

// pursuit is a search for the entries that begin at a word.
type pursuit struct {
	from int32
	room int // how many matches there may be at its end
}

// soFar is what is known of a match that may grow: the effects of its node in the
// lower half, over them its length and whether it is inflected and wished. It is
// one number because a search hands it on at every word.
type soFar uint32

const (
	inflected soFar = 1 << 30 // an odd number of its words are negated by their form
	wishes    soFar = 1 << 31 // its last word is a form of what is asked for
)

func so(e effect, length int8, negated, wished bool) soFar {
	m := soFar(e) | soFar(length)<<16
	if negated {
		m |= inflected
	}
	if wished {
		m |= wishes
	}
	return m
}

func (m soFar) has(e effect) bool { return effect(m)&e != 0 }
func (m soFar) effects() effect   { return effect(m) }
func (m soFar) length() int8      { return int8(m >> 16 & 63) }

// begin collects the entries that begin at a word.
func (r *reader) begin(x *lexicon, i int32) {
	p := pursuit{from: i, room: len(r.found) + maxMatches}
	w := &r.words[i]
	for k := w.lo; k < w.hi; k++ {
		first := &r.readings[k]
		e := first.effects
		switch {
		case e&(leads|leaps) == 0:
			if e&ends != 0 {
				r.keep(p, i, first.root, 1, so(e, 1, first.negated, first.wished))
			}
		case e&(ends|leaps) != 0 || r.goesOn(x, first.root, i+1):
			r.follow(x, p, i, first.root, 1, so(e, 1, first.negated, first.wished))
		}
	}
}

// goesOn reports whether the word at index next may lead on from a node.
func (r *reader) goesOn(x *lexicon, node, next int32) bool {
	if int(next) >= len(r.words) || !r.words[next].adjacent {
		return false
	}
	w := &r.words[next]
	if w.traits.has(asParticle) {
		return true
	}
	for k := w.lo; k < w.hi; k++ {
		if x.edges.may(wayOf(node, r.readings[k].word)) {
			return true
		}
	}
	return false
}

// follow records a match if an entry ends at its node, and goes on along the trie.
func (r *reader) follow(x *lexicon, p pursuit, to, node int32, members uint64, m soFar) {
	if len(r.found) >= p.room {
		return
	}
	if m.has(ends) {
		r.keep(p, to, node, members, m)
	}
	if m.has(leads) {
		r.step(x, p, to+1, node, members, m)
		r.skip(x, p, to, node, members, m)
	}
	if m.has(leaps) {
		r.leap(x, p, to, x.nodes[node].gap, members, m)
	}
}

// keep adds a match to those found. It is written where it stays: the processor is
// slow to copy what has just been written in pieces.
func (r *reader) keep(p pursuit, to, node int32, members uint64, m soFar) {
	n := len(r.found)
	r.found = slices.Grow(r.found, 1)[:n+1]
	at := &r.found[n]
	*at = match{}
	at.from, at.to, at.node, at.members = p.from, to, node, members
	at.effects, at.length, at.inflect, at.wished = m.effects(), m.length(), m&inflected != 0, m&wishes != 0
	r.effects |= at.effects
}

// leap extends a match from a node behind a gap.
func (r *reader) leap(x *lexicon, p pursuit, to, gap int32, members uint64, m soFar) {
	clause := r.words[to].clause
	for next := to + 1; next <= to+1+maxGap && int(next) < len(r.words); next++ {
		if r.words[next].clause != clause {
			return
		}
		r.step(x, p, next, gap, members, m)
	}
}

// maxParticles is how many particles may part two words of a phrase.
const maxParticles = 2

// skip extends a match by the word behind one or two particles: "iade de etmediler"
// holds "iade et".
func (r *reader) skip(x *lexicon, p pursuit, to, node int32, members uint64, m soFar) {
	for next := to + 1; next <= to+maxParticles && int(next)+1 < len(r.words); next++ {
		w := &r.words[next]
		if !w.traits.has(asParticle) || !w.adjacent {
			return
		}
		r.step(x, p, next+1, node, members, m)
	}
}

// maxSpan is how many words a match may span: those of its members that one bit
// each is there for.
const maxSpan = 60

// step extends a match from a node by the word at index next.
func (r *reader) step(x *lexicon, p pursuit, next, node int32, members uint64, m soFar) {
	if int(next) >= len(r.words) || next-p.from > maxSpan {
		return
	}
	w := &r.words[next]
	if !w.adjacent {
		return
	}
	for k := w.lo; k < w.hi; k++ {
		reading := &r.readings[k]
		way := wayOf(node, reading.word)
		if !x.edges.may(way) {
			continue
		}
		if to := x.edges.next(way); to != nil {
			longer := so(to.effects, m.length()+1, (m&inflected != 0) != reading.negated, reading.wished)
			r.follow(x, p, next, to.to, members|1<<uint(next-p.from), longer)
		}
	}
}

// weigh chooses what each match says now that negation is known: the entry with
// "!" where it is negated, else the plain one.
func (r *reader) weigh(x *lexicon) {
	for i := range r.found {
		m := &r.found[i]
		m.negated = m.inflect
		if r.turned && r.anyNegated(m) {
			m.negated = !m.negated
		}
		n := &x.nodes[m.node]
		m.payload, m.weighs = n.plain, n.effects&weighs != 0
		if m.negated && n.negated >= 0 {
			m.payload, m.negated, m.weighs = n.negated, false, n.effects&weighsNegated != 0
		}
	}
}

// anyNegated reports whether a negator's scope holds a word of the match.
func (r *reader) anyNegated(m *match) bool {
	for j := m.from; j <= m.to; j++ {
		if m.members&(1<<uint(j-m.from)) != 0 && r.words[j].negated {
			return true
		}
	}
	return false
}

// choose picks the matches that move the score: from left to right the longest
// with a weight, no word twice.
func (r *reader) choose(x *lexicon) {
	for i := 0; i < len(r.found); {
		best, from := -1, r.found[i].from
		for ; i < len(r.found) && r.found[i].from == from; i++ {
			m := &r.found[i]
			if !m.weighs || r.taken(m) || r.belied(m, i+1) {
				continue
			}
			if best < 0 || m.length > r.found[best].length {
				best = i
			}
		}
		if best < 0 {
			continue
		}
		r.take(&r.found[best])
		if !r.onlyStrengthens(x, &r.found[best], i) {
			r.chosen = append(r.chosen, int32(best))
		}
	}
}

// onlyStrengthens reports whether a match is a word of complaint that stands
// before praise as its booster: "terribly nice", "damn good". Matches that begin
// behind it are at next and after.
func (r *reader) onlyStrengthens(x *lexicon, m *match, next int) bool {
	if m.effects&boosts == 0 {
		return false
	}
	if p := &x.payloads[m.payload]; p.booster != before || p.weight >= 0 {
		return false
	}
	for ; next < len(r.found) && r.found[next].from <= m.to+1; next++ {
		n := &r.found[next]
		if n.from == m.to+1 && n.payload >= 0 && !n.negated && x.payloads[n.payload].weight > 0 && r.words[n.from].clause == r.words[m.to].clause {
			return true
		}
	}
	return false
}

// belied reports whether a longer match that begins within m and ends behind it
// ends in a negator: of "ürün iyi" and "iyi değil" the second is meant. What m
// says is then not so. Matches that begin behind m are at next and after.
func (r *reader) belied(m *match, next int) bool {
	if r.effects&negates == 0 || m.length < 2 || r.words[m.to].negator {
		return false
	}
	for ; next < len(r.found) && r.found[next].from <= m.to; next++ {
		n := &r.found[next]
		if n.to > m.to && n.from > m.from && r.words[n.to].negator && n.weighs && m.members&(1<<uint(n.from-m.from)) != 0 {
			m.negated = true
			return true
		}
	}
	return false
}

func (r *reader) taken(m *match) bool {
	for j := m.from; j <= m.to; j++ {
		if m.members&(1<<uint(j-m.from)) != 0 && r.words[j].used {
			return true
		}
	}
	return false
}

func (r *reader) take(m *match) {
	for j := m.from; j <= m.to; j++ {
		if m.members&(1<<uint(j-m.from)) != 0 {
			r.words[j].used = true
		}
	}
}
