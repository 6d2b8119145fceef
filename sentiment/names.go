package sentiment

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"feryat/brand"
	"feryat/text"
)

// Names turns the places that a matcher found into those of an input, seen from
// the brand that is scored for.
func Names(hits []brand.Hit, watched string) []Name {
	names := make([]Name, len(hits))
	for i, h := range hits {
		names[i] = Name{Start: h.Start, End: h.End, Ours: h.Brand == watched, Brand: h.Brand}
	}
	return names
}

// owner is whom a word of the text is about, seen from the watched brand.
type owner uint8

const (
	ours    owner = iota
	rivals        // another brand: no opinion of ours
	against       // another brand that ours is compared with: its fault is our merit
)

// againstFactor is what an opinion of another brand is worth to the one that it
// is compared with.
const againstFactor = -0.7

// named is a brand at its place among the words.
type named struct {
	brand    string
	ours     bool
	from, to int32 // first and last word
	role     role  // fromSign or toSign by its case, else noRole
	compared bool  // the text measures something else by it
}

// placeNames finds the words that name brands. They lose their readings: a shop
// called Harika is not praised by being named.
func (t *tally) placeNames() {
	t.names = t.names[:0]
	for _, n := range t.in.Names {
		start, end := int32(n.Start+t.offset), int32(n.End+t.offset)
		from := sort.Search(len(t.words), func(i int) bool { return t.words[i].end > start })
		to := from - 1
		for to+1 < len(t.words) && t.words[to+1].start < end {
			to++
			t.words[to].forget()
		}
		if to >= from {
			t.names = append(t.names, named{brand: n.Brand, ours: n.Ours, from: int32(from), to: int32(to)})
		}
	}
	slices.SortFunc(t.names, func(a, b named) int { return cmp.Compare(a.from, b.from) })
}

// attribute says of every word whom it is about. It costs nothing where nothing
// but the watched brand is named.
func (t *tally) attribute() {
	t.owners = t.owners[:0]
	if len(t.names) == 0 {
		return
	}
	t.markRoles()
	if !slices.ContainsFunc(t.names, func(n named) bool { return !n.ours || n.compared }) {
		return
	}
	t.owners = slices.Grow(t.owners, len(t.words))[:len(t.words)]
	a := attribution{tally: t, current: ours, stranger: !slices.ContainsFunc(t.names, func(n named) bool { return n.ours })}
	if first := slices.IndexFunc(t.names, named.subject); first >= 0 && !a.stranger {
		a.current = ownerOf(t.names[first])
	}
	for lo := 0; lo < len(t.words); {
		hi := lo
		for hi < len(t.words) && t.words[hi].clause == t.words[lo].clause {
			hi++
		}
		a.clause(int32(lo), int32(hi))
		lo = hi
	}
}

func (n named) subject() bool { return !n.compared }

func ownerOf(n named) owner {
	if n.ours {
		return ours
	}
	return rivals
}

// attribution goes through the clauses of a text and remembers whom it was about
// last.
type attribution struct {
	*tally
	next     int   // name
	current  owner // of what follows
	stranger bool  // the text does not name the watched brand: what names nobody is about it
	sentence int32
}

// clause attributes the words from lo to hi: to the brand that they name, else to
// the one that was named last.
func (a *attribution) clause(lo, hi int32) {
	if s := a.words[lo].sentence; s != a.sentence {
		a.sentence = s
		if a.stranger {
			a.current = ours
		}
	}
	first := a.next
	for a.next < len(a.names) && a.names[a.next].from < hi {
		a.next++
	}
	here := a.names[first:a.next]
	if slices.ContainsFunc(here, func(n named) bool { return n.ours && n.compared }) {
		fill(a.owners[lo:hi], against)
		return
	}
	a.share(lo, hi, here)
}

// share parts a clause between the brands named in it. Each has the words behind
// it up to the next, or up to the "and" before that; the first has the beginning
// too. Brands that an "and" alone joins share.
func (a *attribution) share(lo, hi int32, here []named) {
	goal := slices.ContainsFunc(here, func(n named) bool { return n.role == toSign })
	last := int32(-1) // last word of the name before
	for _, n := range here {
		if n.compared || goal && n.role == fromSign {
			continue
		}
		o := ownerOf(n)
		switch {
		case last < 0:
		case a.joined(last, n.from):
			o = min(o, a.current) // said of both: of ours too
		default:
			border := a.border(last, n.from)
			fill(a.owners[lo:border], a.current)
			lo = border
		}
		a.current, last = o, n.to
	}
	fill(a.owners[lo:hi], a.current)
}

// joined reports whether nothing but an "and" stands between two names.
func (a *attribution) joined(last, from int32) bool {
	for i := last + 1; i < from; i++ {
		if a.signs[i] != andSign {
			return false
		}
	}
	return true
}

// border is the word where what is said of a name begins.
func (a *attribution) border(last, from int32) int32 {
	for i := from - 1; i > last; i-- {
		if a.signs[i] == andSign {
			return i
		}
	}
	return from
}

func fill(dst []owner, o owner) {
	for i := range dst {
		dst[i] = o
	}
}

// owner is whom a match is about.
func (t *tally) owner(m *match) owner {
	if len(t.owners) == 0 {
		return ours
	}
	return t.owners[m.from]
}

// markRoles notes the signs beside names, and the roles they give to these.
func (t *tally) markRoles() {
	t.signs = slices.Grow(t.signs[:0], len(t.words))[:len(t.words)]
	clear(t.signs)
	for i := range t.found {
		m := &t.found[i]
		p := t.x.nodes[m.node].plain
		if p < 0 {
			continue
		}
		switch r := t.x.payloads[p].role; r {
		case fromSign, toSign, thanSign, andSign:
			t.signs[m.to] = r
		case compareSign:
			t.signs[m.from] = r
		}
	}
	for i := range t.names {
		t.markRole(i)
	}
}

// markRole reads the role of a name off its ending, and off the word before it.
func (t *tally) markRole(i int) {
	n := &t.names[i]
	n.role = t.endingRole(n)
	for back := int32(1); back <= 2 && n.role == noRole && n.from-back >= 0; back++ {
		w := n.from - back
		if t.words[w].sentence != t.words[n.from].sentence || i > 0 && w <= t.names[i-1].to {
			break
		}
		switch s := t.signs[w]; {
		case s == thanSign:
			n.compared = true
		case back == 1 && (s == fromSign || s == toSign):
			n.role = s
		}
	}
	for next := n.to + 1; next <= n.to+2 && int(next) < len(t.words) && n.role == fromSign; next++ {
		if t.words[next].clause == t.words[n.to].clause && t.signs[next] == compareSign {
			n.compared = true
		}
	}
}

// endingRole reads the role off the ending of a name: what stands behind its
// apostrophe, or behind the letters of the brand.
func (t *tally) endingRole(n *named) role {
	w := &t.words[n.to]
	written := t.text[w.start:w.end]
	rest, apart := afterApostrophe(written)
	if !apart {
		folded := text.Fold(written, t.x.Code)
		stem := strings.Fields(text.Fold(n.brand, t.x.Code))
		if len(stem) == 0 {
			return noRole
		}
		rest, apart = strings.CutPrefix(folded, stem[len(stem)-1])
	}
	if !apart || rest == "" {
		return noRole
	}
	return t.x.roleOf(text.Fold(rest, t.x.Code))
}

// apostrophes part a name from its ending.
const apostrophes = "'’‘ʼ`´"

// afterApostrophe returns what stands behind the apostrophe of a name.
func afterApostrophe(s string) (rest string, ok bool) {
	i := strings.LastIndexAny(s, apostrophes)
	if i < 0 {
		return "", false
	}
	return strings.TrimLeft(s[i:], apostrophes), true
}

// roleOf returns the role that an ending shows.
func (x *lexicon) roleOf(letters string) role {
	for _, e := range x.endings {
		if e.letters == letters {
			return e.role
		}
	}
	return noRole
}
