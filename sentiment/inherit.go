package sentiment

import "strings"

// atLeastItsWords returns the weight of an entry that has labels and no line in
// the lexicon: what its labels are worth, or what the weightiest phrase or word
// within it says to the same effect, so that a phrase that is known does not say
// less than its words would.
func (x *lexicon) atLeastItsWords(p *payload) float64 {
	if p.weight == 0 || strings.HasPrefix(p.entry, "!") {
		return p.weight
	}
	weight := p.weight
	words := strings.Fields(p.entry)
	for from := range words {
		node := int32(0)
		for _, w := range words[from:] {
			if node = x.leadsTo(node, w); node == 0 {
				break
			}
			within := x.nodes[node].plain
			if within < 0 || &x.payloads[within] == p {
				continue
			}
			if w := x.payloads[within].weight; w*weight > 0 && abs(w) > abs(weight) {
				weight = w
			}
		}
	}
	return weight
}

// leadsTo returns the node behind one more word of an entry, 0 if there is none.
func (x *lexicon) leadsTo(node int32, word string) int32 {
	if word == gapWord {
		return x.nodes[node].gap
	}
	id, ok := x.words.ids[word]
	if stem, prefix := strings.CutSuffix(word, "*"); prefix {
		id, ok = x.words.prefixes[stem]
	}
	if !ok {
		return 0
	}
	return x.ways[wayOf(node, id)]
}
