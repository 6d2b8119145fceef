package sentiment

import "slices"

// How far the words that change others reach, in words of the same clause.
const boosterReach = 3

// Limits of the factors that boosters and contrasts make together.
const (
	minFactor = 0.3
	maxFactor = 2.5
)

// mark notes on the words which matches they are part of.
func (r *reader) mark() {
	for i := range r.found {
		m := &r.found[i]
		opinion, plain, negator := m.effects&opines != 0, m.effects&hasPlain != 0, m.effects&negates != 0
		for j := m.from; j <= m.to; j++ {
			if m.members&(1<<uint(j-m.from)) == 0 {
				continue
			}
			w := &r.words[j]
			w.understood = true
			w.opinion = w.opinion || opinion
			w.negator = w.negator || negator
			if plain {
				w.held = max(w.held, m.length)
			}
		}
	}
}

// free reports whether a match of a negator, booster or contrast works: not
// where it is only a part of a longer entry ("sorun yok").
func (r *reader) free(m *match) bool { return r.words[m.from].held <= m.length }

// split begins a new clause at every contrast and lets the last contrast of each
// sentence weigh its two sides.
func (r *reader) splitAtContrasts(x *lexicon) {
	if r.effects&contrasts == 0 {
		return
	}
	any := false
	for i := range r.found {
		m := &r.found[i]
		if m.effects&contrasts == 0 || !r.free(m) {
			continue
		}
		p := x.nodes[m.node].plain
		r.words[m.from].begins = p + 1
		any = true
	}
	if any {
		r.renumber()
		r.found = slices.DeleteFunc(r.found, r.bridges)
		r.weighContrasts(x)
	}
}

// bridges reports whether a match leaps over a contrast: in "ürün güzel ama kargo
// rezalet" nobody says "ürün .. rezalet".
func (r *reader) bridges(m match) bool {
	return int32(m.length) <= m.to-m.from && r.words[m.from].clause != r.words[m.to].clause
}

// renumber gives the words the clauses that contrasts have cut anew.
func (r *reader) renumber() {
	r.split = r.split[:0]
	old := int32(-1)
	for i := range r.words {
		w := &r.words[i]
		if w.clause != old || w.begins > 0 {
			r.split = append(r.split, clause{sentence: w.sentence, factor: 1})
		}
		old = w.clause
		w.clause = int32(len(r.split) - 1)
		if w.begins > 0 {
			s := &r.sentences[w.sentence]
			s.contrast, s.payload = w.clause, w.begins-1
		}
	}
	r.clauses, r.split = r.split, r.clauses
}

// weighContrasts multiplies the clauses on both sides of each sentence's last
// contrast. One that opens its sentence looks back on the sentence before.
func (r *reader) weighContrasts(x *lexicon) {
	for i := range r.clauses {
		c := &r.clauses[i]
		s := &r.sentences[c.sentence]
		if s.contrast >= 0 {
			if int32(i) < s.contrast {
				c.factor *= x.payloads[s.payload].earlier
			} else {
				c.factor *= x.payloads[s.payload].later
			}
		}
		if next := int(c.sentence) + 1; next < len(r.sentences) {
			s := &r.sentences[next]
			if s.contrast > 0 && r.clauses[s.contrast-1].sentence != int32(next) {
				c.factor *= x.payloads[s.payload].earlier
			}
		}
		c.factor = min(maxFactor, max(minFactor, c.factor))
	}
}

// negate lets every negator, and every negated form without an opinion of its
// own, turn round the nearest opinion within its reach.
func (r *reader) negate(x *lexicon) {
	last := int32(-1) // a word with two readings negates once
	for i := range r.found {
		m := &r.found[i]
		if m.effects&negates == 0 || m.from == last || !r.free(m) {
			continue
		}
		p := x.nodes[m.node].plain
		last = m.from
		if j, ok := r.nearest(x, m, x.payloads[p].negator, x.payloads[p].reach); ok {
			r.words[j].negated, r.turned = !r.words[j].negated, true
		}
	}
	if x.FormReach == 0 {
		return
	}
	for i := range r.words {
		w := &r.words[i]
		if !w.traits.has(denying) || w.opinion {
			continue
		}
		m := match{from: int32(i), to: int32(i)}
		if j, ok := r.nearest(x, &m, after, x.FormReach); ok {
			r.words[j].negated, r.turned = !r.words[j].negated, true
		}
	}
}

// boost lets every booster work on the nearest opinion.
func (r *reader) boost(x *lexicon) {
	if r.effects&boosts == 0 {
		return
	}
	last := int32(-1)
	for i := range r.found {
		m := &r.found[i]
		if m.effects&boosts == 0 || m.from == last || !r.free(m) {
			continue
		}
		p := x.nodes[m.node].plain
		last = m.from
		if j, ok := r.nearest(x, m, x.payloads[p].booster, boosterReach); ok {
			w := &r.words[j]
			r.boosted = true
			w.boost = min(maxFactor, max(minFactor, w.boost*x.payloads[p].factor))
		}
	}
}

// nearest returns the nearest word with an opinion within reach of a match and
// in its clause. Side before means that the match stands before that word; one
// that stands after it does not reach back over "and": «آبکیه و رنگ نداره».
func (r *reader) nearest(x *lexicon, m *match, s side, reach int) (int, bool) {
	at, step := int(m.to)+1, 1
	if s == after {
		at, step = int(m.from)-1, -1
	}
	for n := 0; n < reach && at >= 0 && at < len(r.words); n++ {
		w := &r.words[at]
		if w.clause != r.words[m.from].clause {
			break
		}
		if s == after && w.hi > w.lo && r.readings[w.lo].word == x.and {
			break
		}
		if w.opinion {
			return at, true
		}
		at += step
	}
	return 0, false
}
