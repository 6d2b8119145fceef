package sentiment

import (
	"errors"
	"fmt"
)

// side is where a negator or booster stands, seen from the word it works on.
type side uint8

const (
	none side = iota
	before
	after
)

// payload is all that the data files say of one entry.
type payload struct {
	lex               bool // has a weight
	thanks            bool // praise that may be meant the other way round
	applause          bool // and that is no good manners: also where it closes a complaint
	adjective         bool // may be an exclamation by itself
	signals           bool // one of the labels is a signal
	settled           bool // that things were put right
	filed             bool // that an authority has been applied to
	problem           bool // one is a problem by itself, not a matter of taste
	carriesOwnOpinion bool // weight or label that a negator turns round
	negator           side
	booster           side
	frame             frame
	role              role
	weight            float64
	anger             float64
	labels            []label
	factor            float64 // of a booster

	entry          string
	reach          int // of a negator
	contrast       bool
	earlier, later float64 // factors of a contrast
	frameFactor    float64
}

// way names an edge of the trie: the node that it leads from in the upper half,
// its word in the lower.
type way uint64

func wayOf(node int32, word WordID) way { return way(node)<<32 | way(word) }

// node is a place in the trie; entries end in nodes.
type node struct {
	plain, negated int32 // payloads, -1 = none
	gap            int32 // node behind a gap, 0 = none
	effects        effect
}

// effect is what an entry does beside its weight, as a set.
type effect uint16

const (
	hasPlain effect = 1 << iota // the entry stands without "!"
	opines                      // has an opinion that a negator turns round
	contrasts
	negates
	boosts
	enframes
	ends          // an entry ends here, with or without "!"
	says          // an entry has labels
	weighs        // the plain entry has a weight
	weighsNegated // of the entry with "!"
	mute          // a word that is known and does nothing at all, and begins no longer entry
	leads         // to longer entries by the next word
	leaps         // to longer entries by a gap
	signs         // a label is a signal
	settles       // and says that things were put right
)

// lexicon is a language made ready for matching. It does not change once built.
type lexicon struct {
	Language
	order     int32 // among those of a scorer
	words     *Vocabulary
	number    WordID
	and       WordID          // of Language.And
	numbers   map[WordID]bool // words that are read as one too
	particles []WordID        // part the words of a phrase and say nothing
	roots     []int32         // node by first word, 0 = none
	nodes     []node
	ways      map[way]int32 // nodes, until the trie is whole
	edges     edges         // then
	payloads  []payload
	codes     codes
	rules     map[[2]string]string // by kind and code
	endings   []ending             // of names
	curses    [][]rune             // single words
}

// compile reads the data files of a language as an overlay corrects them for a
// brand, and the emoji that all share.
func compile(l Language, o Overlay, brand string) (*lexicon, error) {
	var errs []error
	entries := 0
	read := map[string][]record{}
	for _, t := range tables() {
		if l.Data == nil {
			break // emoji alone
		}
		records, err := readTable(l.Data, t)
		errs = append(errs, err)
		read[t.name] = o.applied(records, t, l.Code, brand)
		entries += len(records)
	}
	x := newLexicon(l, entries)
	for _, t := range tables() {
		errs = append(errs, x.load(t.name, read[t.name]))
	}
	emoji, err := readTable(sharedData, emojiTable())
	errs = append(errs, err, x.load("emoji.tsv", emoji))
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("language %s: %w", l.Code, err)
	}
	x.finish()
	return x, nil
}

// newLexicon has room for so many entries.
func newLexicon(l Language, entries int) *lexicon {
	x := &lexicon{
		Language: l, codes: allCodes(), words: newVocabulary(entries), numbers: map[WordID]bool{}, rules: map[[2]string]string{},
		payloads: make([]payload, 0, entries), nodes: make([]node, 1, 2*entries+1), ways: make(map[way]int32, 2*entries),
	}
	x.nodes[0] = node{plain: -1, negated: -1}
	x.number, x.and = x.words.add(numberWord), x.words.add(l.And)
	return x
}

// finish sets what follows from the whole: joined spellings, default weights,
// the index of first words.
func (x *lexicon) finish() {
	if x.JoinedPhrases {
		x.joinPhrases()
	}
	for i := range x.payloads {
		p := &x.payloads[i]
		if !p.lex {
			p.weight, p.lex = defaultWeight(p.labels)
			p.weight = x.atLeastItsWords(p)
		}
		for _, l := range p.labels {
			p.signals = p.signals || l.kind == signalLabel
			p.settled = p.settled || l.rule == "signal:resolved" || l.rule == "signal:win_back"
			p.filed = p.filed || l.rule == "signal:authority_filed"
			p.problem = p.problem || l.kind == problemLabel
		}
		p.carriesOwnOpinion = p.lex && p.weight != 0 || opinionated(p.labels)
	}
	for i := range x.nodes {
		x.nodes[i].effects = x.effectsOf(&x.nodes[i])
	}
	x.words.indexPlain()
	for w := range x.ways {
		x.nodes[w>>32].effects |= leads
	}
	for i := range x.nodes {
		x.nodes[i].effects |= x.waysOn(&x.nodes[i])
	}
	x.index()
}

func (x *lexicon) effectsOf(n *node) (out effect) {
	if n.negated >= 0 {
		out |= opines | ends
		out |= x.labelled(n.negated)
		if x.payloads[n.negated].lex {
			out |= weighsNegated
		}
	}
	if n.plain < 0 {
		return out
	}
	p := &x.payloads[n.plain]
	out |= hasPlain | ends | x.labelled(n.plain)
	for _, e := range []struct {
		is     bool
		effect effect
	}{{p.lex, weighs}, {p.carriesOwnOpinion, opines}, {p.contrast, contrasts}, {p.negator != none, negates}, {p.booster != none, boosts}, {p.frame != plainly, enframes}} {
		if e.is {
			out |= e.effect
		}
	}
	return out
}

func (x *lexicon) labelled(payload int32) (out effect) {
	p := &x.payloads[payload]
	if len(p.labels) > 0 {
		out |= says
	}
	if p.signals {
		out |= signs
	}
	if p.settled {
		out |= settles
	}
	return out
}

// waysOn returns whether longer entries leap on from a node; where none go on and
// the entry does nothing it is mute.
func (x *lexicon) waysOn(n *node) (out effect) {
	if n.gap != 0 {
		return leaps
	}
	if n.effects&^weighs == hasPlain|ends {
		if p := &x.payloads[n.plain]; p.weight == 0 && p.role == noRole && !p.thanks {
			out |= mute
		}
	}
	return out
}
