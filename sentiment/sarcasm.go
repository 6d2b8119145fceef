package sentiment

import "slices"

// When thanks and lone praise are meant the other way round.
const (
	sarcasmWords  = 40   // a longer text has room for both praise and blame
	sarcasmBad    = 1.0  // complaint beside the praise, at least
	sarcasmGood   = 0.3  // other praise beside them, at most this share of the complaint
	sarcasmFactor = -0.6 // of the weight of the praise
	lonePraise    = 1.5  // weight of an adjective that can be an exclamation
)

// doubt marks the chosen matches whose sense depends on the rest of the text:
// thanks, and praise that stands alone at the head of a sentence ("Brilliant,
// another cancelled train").
func (t *tally) doubt() {
	for _, i := range t.chosen {
		m := &t.found[i]
		p := &t.x.payloads[m.payload]
		m.doubtful = p.thanks || p.adjective && p.weight >= lonePraise && !m.negated && t.standsAlone(m)
	}
}

// standsAlone reports whether a match of one word opens its sentence, is all that
// its clause says, and has something behind it.
func (t *tally) standsAlone(m *match) bool {
	if m.length > 1 || m.from > 0 && t.words[m.from-1].sentence == t.words[m.from].sentence {
		return false
	}
	for j := m.to + 1; int(j) < len(t.words); j++ {
		w := &t.words[j]
		if w.clause != t.words[m.from].clause {
			return w.begins == 0 // no contrast: "great, but"
		}
		if w.traits.has(withContent) {
			return false
		}
	}
	return false
}

// readIrony decides, once all but the doubtful is summed, whether that can be
// sarcastic: in a short text with a complaint, hardly any other praise, and no
// word that things were put right.
func (t *tally) readIrony() {
	t.ironic = len(t.words) <= sarcasmWords && t.bad >= sarcasmBad && t.good <= sarcasmGood*t.bad && !t.settled()
}

// sarcastic reports whether the praise in m means a complaint: a problem stands in
// its sentence or the next. Thanks that close a complaint are good manners,
// applause is not.
func (t *tally) sarcastic(m *match) bool {
	p := &t.x.payloads[m.payload]
	if !t.ironic || !m.doubtful || m.negated || p.weight <= 0 {
		return false
	}
	s := int(t.words[m.from].sentence)
	near := t.sentences[s:min(s+2, len(t.sentences))]
	if p.applause && s > 0 {
		near = t.sentences[s-1 : min(s+2, len(t.sentences))]
	}
	return slices.ContainsFunc(near, func(s sentence) bool { return s.problem })
}

// settled reports whether the text says that a problem has been solved.
func (t *tally) settled() bool {
	if t.effects&settles == 0 {
		return false
	}
	for i := range t.found {
		if m := &t.found[i]; m.payload >= 0 && !m.negated && t.x.payloads[m.payload].settled {
			return true
		}
	}
	return false
}
