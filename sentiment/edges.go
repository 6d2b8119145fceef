package sentiment

// edges are the ways between the nodes of a trie, as a table of open addresses.
// Most words lead nowhere: the marks say so in less memory than the processor
// keeps nearest, and at times say yes wrongly.
type edges struct {
	marks [1 << 12]uint64
	table []edge
	mask  uint64
}

// edge leads to a node, of which it knows what an entry that ends there does: most
// are only passed, and need not be fetched.
type edge struct {
	way     way
	to      int32 // 0 = a free place
	effects effect
}

// newEdges has room for n of them, of which at most half the places are taken: a
// search that finds nothing is short.
func newEdges(n int) edges {
	places := uint64(16)
	for places < 2*uint64(n) {
		places *= 2
	}
	return edges{table: make([]edge, places), mask: places - 1}
}

// hash spreads a way: its upper bits say where the mark is, its lower the place.
func (w way) hash() uint64 {
	h := uint64(w) * 0x9E3779B97F4A7C15
	return h ^ h>>32
}

func (e *edges) add(w way, to int32, effects effect) {
	h := w.hash()
	e.marks[h>>52] |= 1 << (h >> 46 & 63)
	for ; e.table[h&e.mask].to != 0; h++ {
	}
	e.table[h&e.mask] = edge{w, to, effects}
}

// may reports whether w may be a way. No is certain.
func (e *edges) may(w way) bool {
	h := w.hash()
	return e.marks[h>>52]&(1<<(h>>46&63)) != 0
}

// next returns where w leads to, nil if nowhere.
func (e *edges) next(w way) *edge {
	for h := w.hash(); ; h++ {
		switch at := &e.table[h&e.mask]; {
		case at.way == w:
			return at
		case at.to == 0:
			return nil
		}
	}
}
