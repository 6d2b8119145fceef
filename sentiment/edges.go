package sentiment

import "math/bits"

// edges are the ways between the nodes of a trie, as a table of open addresses.
// Most words lead nowhere: the marks say so in no more memory than the processor
// keeps nearest, and at times say yes wrongly.
type edges struct {
	marks [1 << 12]uint64
	table []edge
	shift int // that leaves of a hash the place in the table
}

// edge leads to a node, of which it knows what an entry that ends there does: most
// nodes are only passed, and need not be fetched.
type edge struct {
	way     way
	to      int32 // 0 = a free place
	effects effect
}

// newEdges has room for n of them. Half the places or more stay free, so that a
// search for nothing is short.
func newEdges(n int) edges {
	log := bits.Len(uint(2 * n))
	return edges{table: make([]edge, 1<<log), shift: 64 - log}
}

func (w way) hash() uint64 { return uint64(w) * 0x9E3779B97F4A7C15 }

func (e *edges) add(w way, to int32, effects effect) {
	h := w.hash()
	e.marks[h>>52] |= 1 << (h >> 46 & 63)
	i := int(h >> e.shift)
	for e.table[i].to != 0 {
		i = (i + 1) % len(e.table)
	}
	e.table[i] = edge{w, to, effects}
}

// may reports whether w may be a way. No is certain.
func (e *edges) may(w way) bool {
	h := w.hash()
	return e.marks[h>>52]&(1<<(h>>46&63)) != 0
}

// next returns where w leads to, nil if nowhere.
func (e *edges) next(w way) *edge {
	for i := int(w.hash() >> e.shift); ; i++ {
		switch at := &e.table[i&(len(e.table)-1)]; {
		case at.way == w:
			return at
		case at.to == 0:
			return nil
		}
	}
}
