package sentiment

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
		room := len(r.found) + maxMatches
		for k := w.lo; k < w.hi; k++ {
			first := &r.readings[k]
			if first.root == 0 {
				continue
			}
			switch {
			case first.effects&(leads|leaps) == 0: // nearly all
				r.effects |= first.effects
				r.found = append(r.found, match{
					from: int32(i), to: int32(i), length: 1, node: first.root, members: 1,
					inflect: first.negated, wished: first.wished, effects: first.effects,
				})
			case first.effects&(ends|leaps) != 0 || r.goesOn(x, first.root, int32(i)+1):
				m := match{from: int32(i), to: int32(i), length: 1, node: first.root, members: 1, inflect: first.negated, wished: first.wished}
				r.follow(x, &m, room)
			}
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
		if x.wayMarks.has(wayOf(node, r.readings[k].word)) {
			return true
		}
	}
	return false
}

// follow records m if an entry ends there, and goes on along the trie.
func (r *reader) follow(x *lexicon, m *match, room int) {
	if len(r.found) >= room {
		return
	}
	n := &x.nodes[m.node]
	if n.effects&ends != 0 {
		m.effects = n.effects
		r.effects |= n.effects
		r.found = append(r.found, *m)
	}
	if n.effects&leads != 0 {
		r.step(x, m, m.node, m.to+1, room)
		r.skip(x, m, room)
	}
	if n.effects&leaps != 0 {
		r.leap(x, m, n.gap, room)
	}
}

// leap extends m from a node behind a gap.
func (r *reader) leap(x *lexicon, m *match, gap int32, room int) {
	for next := m.to + 1; next <= m.to+1+maxGap && int(next) < len(r.words); next++ {
		if r.words[next].clause != r.words[m.to].clause {
			return
		}
		r.step(x, m, gap, next, room)
	}
}

// maxParticles is how many particles may part two words of a phrase.
const maxParticles = 2

// skip extends m by the word behind one or two particles: "iade de etmediler"
// holds "iade et".
func (r *reader) skip(x *lexicon, m *match, room int) {
	for next := m.to + 1; next <= m.to+maxParticles && int(next)+1 < len(r.words); next++ {
		w := &r.words[next]
		if !w.traits.has(asParticle) || !w.adjacent {
			return
		}
		r.step(x, m, m.node, next+1, room)
	}
}

// maxSpan is how many words a match may span: those of its members that one bit
// each is there for.
const maxSpan = 60

// step extends m from a node by the word at index next.
func (r *reader) step(x *lexicon, m *match, node, next int32, room int) {
	if int(next) >= len(r.words) || next-m.from > maxSpan {
		return
	}
	w := &r.words[next]
	if !w.adjacent {
		return
	}
	for k := w.lo; k < w.hi; k++ {
		reading := r.readings[k]
		if !x.wayMarks.has(wayOf(node, reading.word)) {
			continue
		}
		if to := x.next(&x.nodes[node], reading.word); to != 0 {
			shorter := *m
			m.node, m.to, m.length = to, next, m.length+1
			m.members |= 1 << uint(next-m.from)
			m.inflect, m.wished = m.inflect != reading.negated, reading.wished
			r.follow(x, m, room)
			*m = shorter
		}
	}
}

// weigh chooses what each match says now that negation is known: the entry with
// "!" where it is negated, else the plain one.
func (r *reader) weigh(x *lexicon) {
	for i := range r.found {
		m := &r.found[i]
		m.negated = m.inflect
		if r.anyNegated(m) {
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
