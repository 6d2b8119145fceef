package sentiment

import (
	"maps"
	"math"
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
		x.wayMarks.add(w)
		n.last = int32(len(x.edges))
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

// wayMarks is a set of ways that is quick to ask and at times says yes wrongly:
// most words lead nowhere, and it spares them the search.
type wayMarks [1 << 12]uint64

func (k *wayMarks) add(w way) {
	h := uint64(w) * 0x9E3779B97F4A7C15
	k[h>>52] |= 1 << (h >> 46 & 63)
}

func (k *wayMarks) has(w way) bool {
	h := uint64(w) * 0x9E3779B97F4A7C15
	return k[h>>52]&(1<<(h>>46&63)) != 0
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
