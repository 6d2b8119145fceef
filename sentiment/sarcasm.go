package sentiment

import "slices"

// When thanks are meant the other way round.
const (
	sarcasmWords  = 40   // a longer text has room for both praise and blame
	sarcasmBad    = 2.0  // complaint beside the thanks, at least
	sarcasmGood   = 0.3  // other praise beside them, at most this share of the complaint
	sarcasmFactor = -0.6 // of the weight of the thanks
)

// readIrony decides, once all but the thanks is summed, whether thanks can be
// sarcastic: in a short text with a complaint, hardly any other praise, and no
// word that things were put right.
func (t *tally) readIrony() {
	t.ironic = len(t.words) <= sarcasmWords && t.bad >= sarcasmBad && t.good <= sarcasmGood*t.bad && !t.settled()
}

// sarcastic reports whether the thanks in m mean a complaint: a problem stands in
// their sentence or the next. Thanks that close a complaint are good manners.
func (t *tally) sarcastic(m *match) bool {
	if !t.ironic || !t.x.payloads[m.payload].thanks || m.negated {
		return false
	}
	s := t.words[m.from].sentence
	return t.sentences[s].problem || int(s)+1 < len(t.sentences) && t.sentences[s+1].problem
}

// settled reports whether the text says that a problem has been solved.
func (t *tally) settled() bool {
	return slices.ContainsFunc(t.found, func(m match) bool {
		return m.effects&says != 0 && m.payload >= 0 && !m.negated && slices.ContainsFunc(t.x.payloads[m.payload].labels, func(l label) bool {
			return l.rule == "signal:resolved" || l.rule == "signal:win_back"
		})
	})
}

// isProblem reports whether an entry is a problem by itself, not a matter of taste.
func isProblem(p *payload) bool {
	return slices.ContainsFunc(p.labels, func(l label) bool { return l.kind == problemLabel })
}
