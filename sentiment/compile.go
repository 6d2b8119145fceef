package sentiment

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
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
	entry  string
	lex    bool // has a weight
	weight float64
	anger  float64

	negator side
	reach   int
	booster side
	factor  float64

	contrast          bool
	earlier, later    float64 // factors of a contrast
	frame             frame
	frameFactor       float64
	role              role
	thanks            bool // praise that may be meant the other way round
	labels            []label
	signals           bool // one of the labels is a signal
	carriesOwnOpinion bool // weight or label that a negator turns round
}

// edge leads from a node of the trie to the next by one word.
type edge struct {
	word WordID
	to   int32
}

// way names an edge while the trie grows: the node that it leads from in the
// upper half, its word in the lower.
type way uint64

func wayOf(node int32, word WordID) way { return way(node)<<32 | way(word) }

// node is a place in the trie; entries end in nodes.
type node struct {
	plain, negated int32 // payloads, -1 = none
	first, last    int32 // edges, the last not among them
	gap            int32 // node behind a gap, 0 = none
	effects        effect
}

// effect is what an entry does beside its weight, as a set.
type effect uint8

const (
	hasPlain effect = 1 << iota // the entry stands without "!"
	opines                      // has an opinion that a negator turns round
	contrasts
	negates
	boosts
	enframes
)

// lexicon is a language made ready for matching. It does not change once built.
type lexicon struct {
	Language
	words    *Vocabulary
	number   WordID
	roots    []int32 // node by first word, 0 = none
	nodes    []node
	edges    []edge        // by node, then by word
	ways     map[way]int32 // nodes, until the trie is whole
	payloads []payload
	codes    codes
	endings  []ending // of names
	curses   [][]rune // single words
}

// compile reads the data files of a language as an overlay corrects them for a
// brand, and the emoji that all share.
func compile(l Language, o Overlay, brand string) (*lexicon, error) {
	x := &lexicon{Language: l, words: newVocabulary(), nodes: []node{{plain: -1, negated: -1}}, ways: map[way]int32{}, codes: allCodes()}
	x.number = x.words.add(numberWord)
	var errs []error
	for _, t := range tables() {
		if l.Data == nil {
			break // emoji alone
		}
		records, err := readTable(l.Data, t)
		errs = append(errs, err)
		errs = append(errs, x.load(t.name, o.applied(records, t, l.Code, brand)))
	}
	emoji, err := readTable(sharedData, emojiTable())
	errs = append(errs, err, x.load("emoji.tsv", emoji))
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("language %s: %w", l.Code, err)
	}
	x.finish()
	return x, nil
}

// load adds the records of one data file.
func (x *lexicon) load(name string, records []record) error {
	var errs []error
	for _, r := range records {
		errs = append(errs, x.loadRecord(name, r))
	}
	return errors.Join(errs...)
}

func (x *lexicon) loadRecord(name string, r record) error {
	var err error
	switch name {
	case "stopwords.txt":
		x.words.stop[x.words.add(r.col(0))] = true
	case "lexicon.tsv":
		err = x.loadWeight(r)
	case "emoji.tsv":
		if p := x.at(r.col(0)); !p.lex {
			err = x.loadWeight(r)
		}
	case "negators.tsv":
		p := x.at(r.col(0))
		reach, bad := r.number(2, 1, 8, 3)
		p.negator, p.reach, err = sideOf(r.col(1)), int(reach), bad
	case "boosters.tsv":
		p := x.at(r.col(0))
		p.booster = sideOf(r.col(2))
		p.factor, err = r.number(1, 0.1, 3, 1)
	case "contrasts.tsv":
		p := x.at(r.col(0))
		p.contrast = true
		p.earlier, err = r.number(1, 0.1, 3, 1)
		if err == nil {
			p.later, err = r.number(2, 0.1, 3, 1)
		}
	case "frames.tsv":
		err = x.loadFrame(r)
	case "switches.tsv":
		err = x.loadRole(r)
	case "topics.tsv", "signals.tsv", "customers.tsv", "blamed.tsv":
		err = x.loadLabel(name, r)
	}
	return err
}

func sideOf(s string) side {
	if s == "after" {
		return after
	}
	return before
}

func (x *lexicon) loadWeight(r record) error {
	weight, err := r.number(1, -4, 4, 0)
	if err != nil {
		return err
	}
	anger, err := r.number(2, 0, 1, 0)
	if err != nil {
		return err
	}
	p := x.at(r.col(0))
	p.lex, p.weight, p.anger = true, weight, anger
	switch r.col(3) {
	case "curse":
		p.labels = append(p.labels, harshLanguage())
		x.addCurse(r.col(0))
	case "thanks":
		p.thanks = true
	}
	return nil
}

func (x *lexicon) loadLabel(name string, r record) error {
	l, err := labelOf(name, r)
	if err != nil {
		return err
	}
	p := x.at(r.col(1))
	p.labels = append(p.labels, l)
	return nil
}

// at returns the payload of an entry, a new one if need be. The pointer is good
// until the next call.
func (x *lexicon) at(entry string) *payload {
	key, negated := strings.CutPrefix(entry, "!")
	words := strings.Fields(key)
	end := x.path(words)
	slot := &x.nodes[end].plain
	if negated {
		slot = &x.nodes[end].negated
	}
	if *slot < 0 {
		*slot = int32(len(x.payloads))
		x.payloads = append(x.payloads, payload{entry: entry})
	}
	return &x.payloads[*slot]
}

// path returns the node that the words lead to, and makes the way.
func (x *lexicon) path(words []string) int32 {
	var at int32
	for _, w := range words {
		if w == gapWord {
			if x.nodes[at].gap == 0 {
				x.nodes[at].gap = x.newNode()
			}
			at = x.nodes[at].gap
			continue
		}
		e := wayOf(at, x.words.add(w))
		to, ok := x.ways[e]
		if !ok {
			to = x.newNode()
			x.ways[e] = to
		}
		at = to
	}
	return at
}

func (x *lexicon) newNode() int32 {
	x.nodes = append(x.nodes, node{plain: -1, negated: -1})
	return int32(len(x.nodes) - 1)
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
		}
		p.signals = slices.ContainsFunc(p.labels, func(l label) bool { return l.kind == signalLabel })
		p.carriesOwnOpinion = p.lex && p.weight != 0 || opinionated(p.labels)
	}
	for i := range x.nodes {
		x.nodes[i].effects = x.effectsOf(&x.nodes[i])
	}
	x.words.indexPlain()
	x.index()
}

func (x *lexicon) effectsOf(n *node) (out effect) {
	if n.negated >= 0 {
		out |= opines
	}
	if n.plain < 0 {
		return out
	}
	p := &x.payloads[n.plain]
	for e, has := range map[effect]bool{
		hasPlain: true, opines: p.carriesOwnOpinion, contrasts: p.contrast,
		negates: p.negator != none, boosts: p.booster != none, enframes: p.frame != plainly,
	} {
		if has {
			out |= e
		}
	}
	return out
}

// index turns the ways into edges.
func (x *lexicon) index() {
	x.roots = make([]int32, len(x.words.stop))
	x.edges = make([]edge, 0, len(x.ways))
	for _, w := range slices.Sorted(maps.Keys(x.ways)) {
		at, e := int32(w>>32), edge{WordID(w & math.MaxUint32), x.ways[w]}
		if at == 0 {
			x.roots[e.word] = e.to
			continue
		}
		n := &x.nodes[at]
		if n.last == 0 {
			n.first = int32(len(x.edges))
		}
		x.edges = append(x.edges, e)
		n.last = int32(len(x.edges))
	}
	x.ways = nil
}

// joinPhrases makes phrases of two words known as one word also.
func (x *lexicon) joinPhrases() {
	for _, p := range x.payloads {
		key, negated := strings.CutPrefix(p.entry, "!")
		words := strings.Fields(key)
		if len(words) != 2 || strings.ContainsAny(key, "*<.") {
			continue
		}
		word := words[0] + words[1]
		if _, taken := x.words.ids[word]; taken && !negated {
			continue
		}
		from, to := x.nodes[x.path(words)], x.path([]string{word})
		x.nodes[to].plain, x.nodes[to].negated = from.plain, from.negated
	}
	for _, p := range x.payloads {
		x.joinInside(strings.Fields(strings.TrimPrefix(p.entry, "!")))
	}
}

// joinInside makes a longer phrase known with two of its words joined, where
// they are one word elsewhere too.
func (x *lexicon) joinInside(words []string) {
	for i := 1; i < len(words) && len(words) > 2; i++ {
		word := words[i-1] + words[i]
		if _, known := x.words.ids[word]; !known || words[i-1] == gapWord || words[i] == gapWord {
			continue
		}
		to := x.path(slices.Concat(words[:i-1], []string{word}, words[i+1:]))
		if from := x.nodes[x.path(words)]; x.nodes[to].plain < 0 && x.nodes[to].negated < 0 {
			x.nodes[to].plain, x.nodes[to].negated = from.plain, from.negated
		}
	}
}

// next returns the node that word leads to from n, 0 if none.
func (x *lexicon) next(n *node, word WordID) int32 {
	low, high := n.first, n.last
	for low < high {
		mid := (low + high) / 2
		switch e := x.edges[mid]; {
		case e.word == word:
			return e.to
		case e.word < word:
			low = mid + 1
		default:
			high = mid
		}
	}
	return 0
}
