package sentiment

import (
	"slices"
	"strings"
)

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

// index turns the ways into edges, once the effects of all nodes are known.
func (x *lexicon) index() {
	x.roots = make([]int32, len(x.words.stop))
	x.edges = newEdges(len(x.ways))
	for w, to := range x.ways {
		if w>>32 == 0 {
			x.roots[w] = to
			continue
		}
		x.edges.add(w, to, x.nodes[to].effects)
	}
	x.ways = nil
}

// joinPhrases makes phrases of two words known as one word also.
func (x *lexicon) joinPhrases() {
	for _, p := range x.payloads {
		key, negated := strings.CutPrefix(p.entry, "!")
		if strings.Count(key, " ") != 1 || strings.ContainsAny(key, "*<.") {
			continue
		}
		words := strings.Fields(key)
		word := words[0] + words[1]
		if _, taken := x.words.ids[word]; taken && !negated {
			continue
		}
		from, to := x.nodes[x.path(words)], x.path([]string{word})
		x.nodes[to].plain, x.nodes[to].negated = from.plain, from.negated
	}
	for _, p := range x.payloads {
		if key := strings.TrimPrefix(p.entry, "!"); strings.Count(key, " ") > 1 {
			x.joinInside(strings.Fields(key))
		}
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
