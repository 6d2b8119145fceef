package sentiment

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feryat/mention"
	"feryat/text"
)

// What a move between brands is worth to the one that is left or gone to.
const (
	leftWeight   = -1.5
	joinedWeight = 1.0
)

// maxVerbs is how many verbs of a text are looked at: each goes through all names.
const maxVerbs = 16

// strangerReach is how many words before and behind a verb may name a stranger.
const strangerReach = 10

// move is what a text tells of a customer's way from brand to brand.
type move struct {
	from, to named
	verb     *match
}

// findMove reads the first side of a move that each verb tells, in the order of
// the text: first the verbs that speak for themselves, then those that say where
// one went who has left a brand. Text that names no watched brand tells of no
// move: people move house, too.
func (t *tally) findMove() {
	t.moved = move{}
	if len(t.names) == 0 {
		return
	}
	verbs := t.verbs()
	for _, joining := range []bool{false, true} {
		for _, m := range verbs {
			r := t.roleOf(m)
			if (r == joinVerb) == joining && (!joining || t.moved.from.brand != "") {
				t.readMove(m, r)
			}
		}
	}
	t.moved.complete(t.names)
}

// verbs lists the first verbs of a text that say what has happened: none that is
// negated, asked, wished for or part of a longer one.
func (t *tally) verbs() []*match {
	var out []*match
	for i := range t.found {
		m := &t.found[i]
		r := t.roleOf(m)
		c := &t.clauses[t.words[m.from].clause]
		if r == noRole || r > joinVerb || t.anyNegated(m) != m.inflect || c.frame != plainly || t.sentences[c.sentence].question {
			continue
		}
		if n := len(out); n > 0 && m.from <= out[n-1].to {
			if m.length > out[n-1].length {
				out[n-1] = m
			}
			continue
		}
		if len(out) == maxVerbs {
			break
		}
		out = append(out, m)
	}
	return out
}

func (t *tally) roleOf(m *match) role {
	if p := t.x.nodes[m.node].plain; p >= 0 {
		return t.x.payloads[p].role
	}
	return noRole
}

// readMove takes the brands beside a verb by their case; a brand that is left or
// joined may stand in any case but that of the other side.
func (t *tally) readMove(m *match, r role) {
	var from, to named
	for _, n := range t.namesBeside(m) {
		switch {
		case n.compared:
		case n.role == fromSign && from.brand == "":
			from = n
		case n.role == toSign && to.brand == "":
			to = n
		case r == leaveVerb && n.role == noRole && from.brand == "":
			from = n
		case r == joinVerb && n.role == noRole && to.brand == "" && n.brand != t.moved.from.brand:
			to = n
		}
	}
	if from.brand == to.brand {
		return
	}
	mv := &t.moved
	if mv.from.brand == "" {
		mv.from = from
	}
	if mv.to.brand == "" && to.brand != mv.from.brand {
		mv.to = to
	}
	if mv.verb == nil && from.brand+to.brand != "" {
		mv.verb = m
	}
}

// complete fills the side that no verb tells: who left for a rival, or came from
// one, in a text about the watched brand.
func (mv *move) complete(names []named) {
	if mv.verb == nil {
		return
	}
	i := slices.IndexFunc(names, func(n named) bool { return n.ours && !n.compared })
	switch {
	case i < 0:
	case mv.from.brand == "" && !mv.to.ours:
		mv.from = names[i]
	case mv.to.brand == "" && !mv.from.ours && mv.verb.from < names[i].from:
		mv.to = names[i]
	}
}

// namesBeside returns the brands named in the sentence of a verb, those of the
// verb's clause first, and strangers whose capital and case give them away.
func (t *tally) namesBeside(verb *match) []named {
	at := &t.words[verb.from]
	var out []named
	for _, n := range t.names {
		if t.words[n.from].sentence == at.sentence {
			out = append(out, n)
		}
	}
	out = append(out, t.strangers(at.sentence, verb)...)
	slices.SortStableFunc(out, func(a, b named) int { return cmp.Compare(t.distance(a, verb), t.distance(b, verb)) })
	return out
}

// distance orders names by their nearness to a verb: those of its clause first.
func (t *tally) distance(n named, verb *match) int32 {
	d := max(n.from-verb.to, verb.from-n.to)
	if t.words[n.from].clause != t.words[verb.from].clause {
		d += 1 << 20
	}
	return d
}

// strangers finds words of a sentence that must be names: capitals within the
// sentence that stand in the case of one who is left or gone to.
func (t *tally) strangers(sentence int32, verb *match) []named {
	var out []named
	lo, hi := verb.from, verb.to
	for lo > max(0, verb.from-strangerReach) && t.words[lo-1].sentence == sentence {
		lo--
	}
	for int(hi)+1 < len(t.words) && hi < verb.to+strangerReach && t.words[hi+1].sentence == sentence {
		hi++
	}
	if int(lo)+1 < len(t.words) && t.capital(lo+1) {
		lo++ // the capital of the first word says nothing
	}
	for i := lo; i <= hi; i++ {
		if n, ok := t.stranger(i, lo); ok {
			out = append(out, n)
			i = n.to
		}
	}
	return out
}

// stranger reads a name of one or more capitalised words at i.
func (t *tally) stranger(i, first int32) (named, bool) {
	to := i
	for int(to) < len(t.words) && t.capital(to) && (to == i || t.words[to].adjacent) {
		to++
	}
	to--
	if to < i || slices.ContainsFunc(t.names, func(n named) bool { return n.from <= to && i <= n.to }) {
		return named{}, false
	}
	start, end := t.words[i].start, t.words[to].end
	n := named{brand: t.text[start:end], from: i, to: to}
	if rest, ok := afterApostrophe(t.text[t.words[to].start:end]); ok {
		n.brand = strings.TrimRight(strings.TrimSuffix(n.brand, rest), apostrophes)
		n.role = t.x.roleOf(text.Fold(rest, t.x.Code))
	} else if i > first {
		n.role = t.signs[i-1]
	}
	return n, n.role == fromSign || n.role == toSign
}

func (t *tally) capital(i int32) bool {
	c, _ := utf8.DecodeRuneInString(t.text[t.words[i].start:])
	return unicode.IsUpper(c)
}

// of names the kind of customer and the signal that a move makes of the author.
func (mv *move) of() (customer, signal string) {
	switch {
	case mv.from.ours:
		return "churned", "churn"
	case mv.to.ours:
		return "switcher", ""
	}
	return "", ""
}

// addMove lets a move to or from the watched brand speak in the sum.
func (t *tally) addMove() {
	t.findMove()
	mv := &t.moved
	weight := 0.0
	switch {
	case mv.verb == nil:
		return
	case mv.from.ours:
		weight = leftWeight
		t.bad -= weight
	case mv.to.ours:
		weight = joinedWeight
		t.good += weight
	}
	t.raw += weight
	t.reason("switch", mv.verb, weight)
}

// labelMove adds what a move makes of the author.
func (t *tally) labelMove(l *labels) {
	customer, signal := t.moved.of()
	for _, add := range []struct {
		set        *uint64
		codes      []string
		code, rule string
	}{{&l.customers, t.x.codes.customers, customer, "customer:"}, {&l.signals, t.x.codes.signals, signal, "signal:"}} {
		bit := uint64(1) << uint(max(0, slices.Index(add.codes, add.code)))
		if add.code != "" && *add.set&bit == 0 {
			*add.set |= bit
			t.reason(add.rule+add.code, t.moved.verb, 0)
		}
	}
}

// belied reports whether a move says the opposite of a label: who came to the
// watched brand has not left it.
func (mv *move) belied(rule string) bool {
	switch rule {
	case "customer:churned", "signal:churn", "customer:at_risk":
		return mv.to.ours
	case "customer:switcher":
		return mv.from.ours
	}
	return false
}

// record is the move as a verdict tells it, nil where there is none.
func (mv *move) record() *mention.Switch {
	if mv.verb == nil {
		return nil
	}
	return &mention.Switch{From: mv.from.brand, To: mv.to.brand}
}
