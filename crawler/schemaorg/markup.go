package schemaorg

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/atom"
)

// key names an element: its atom, or a hash above all atoms for unknown ones.
type key uint64

// keyOf reads the name at the start of a tag's inside. The tokenizer could tell
// it too, at the price of a copy for each tag.
func keyOf(tag []byte) key {
	var name [24]byte
	h, n := uint64(14695981039346656037), 0
	for _, c := range tag {
		if c <= ' ' || c == '/' || c == '>' {
			break
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if n < len(name) {
			name[n] = c
		}
		h, n = (h^uint64(c))*1099511628211, n+1
	}
	if n <= len(name) {
		if a := atom.Lookup(name[:n]); a != 0 {
			return key(a)
		}
	}
	return key(h | 1<<63)
}

// frame is one open element. There are many, and few say anything.
type frame struct {
	tag    key
	start  int // offset of its content
	outer  int // offset of its start tag
	hidden bool
	*said
}

// said is what an element says of items.
type said struct {
	item *Node  // described by the element
	id   string // only kept when the page has itemref
	// where its content goes when it ends: property names of an item
	owner *Node
	names []string
	value value
}

// markup turns microdata, RDFa Lite and h-review into nodes on the way through
// the tokens. The stack of open elements obeys the rules of HTML for end tags
// that were left out or do not fit, as far as items can be affected by them.
type markup struct {
	p       *page
	stack   []frame
	classes bool // the page has h-review: classes matter
	refs    bool // the page has itemref
	inert   int  // depth of template elements
	nodes   int
	prefix  []string // that stand for schema.org
	byID    map[string][]referred
	asked   []asking
	hidden  [][2]int // hidden parts seen while a value is open
	open    int      // elements whose content is a value
	items   []*Node  // open, innermost last
	paras   int      // open paragraphs
}

// referred is a property found in an element that itemref may name.
type referred struct {
	name  string
	value value
}

type asking struct {
	node *Node
	ids  string
}

const (
	maxStack = 512
	maxOpen  = 16 // values within values
)

func (m *markup) init(p *page) {
	m.p = p
	m.classes = bytes.Contains(p.body, []byte("h-review")) || bytes.Contains(p.body, []byte("hreview"))
	m.refs = bytes.Contains(p.body, []byte("itemref"))
	m.prefix = []string{"schema", "s", "v"}
	if m.refs {
		m.byID = map[string][]referred{}
	}
}

func (m *markup) top() key {
	if len(m.stack) == 0 {
		return 0
	}
	return m.stack[len(m.stack)-1].tag
}

// item is the innermost open item; nil outside.
func (m *markup) item() *Node {
	if len(m.items) == 0 {
		return nil
	}
	return m.items[len(m.items)-1]
}

func (m *markup) start(tag key, offset int, selfClosing bool, a *attributes) {
	m.implied(atom.Atom(tag), offset)
	if atom.Atom(tag) == atom.Template {
		m.inert++
	}
	f := frame{tag: tag, start: m.p.offset, outer: offset, hidden: a.hidden && m.open > 0}
	if m.inert == 0 {
		f.said = m.describe(atom.Atom(tag), a)
	}
	if void(atom.Atom(tag)) || selfClosing && m.foreign(tag) {
		f.start = m.p.offset
		m.finishValue(&f, m.p.offset)
		return
	}
	if len(m.stack) >= maxStack { // what lies deeper is not looked at
		m.finishValue(&f, m.p.offset)
		return
	}
	if f.said != nil {
		if f.names != nil {
			m.open++
		}
		if f.item != nil {
			m.items = append(m.items, f.item)
		}
	}
	if atom.Atom(tag) == atom.P {
		m.paras++
	}
	m.stack = append(m.stack, f)
}

// foreign tells elements of SVG and MathML, where "/>" means what it says.
func (m *markup) foreign(tag key) bool {
	if tag>>63 == 1 {
		return true
	}
	for i := len(m.stack) - 1; i >= 0; i-- {
		switch atom.Atom(m.stack[i].tag) {
		case atom.Svg, atom.Math:
			return true
		}
	}
	return false
}

// finishValue hands the value of an element that has ended to its item.
func (m *markup) finishValue(f *frame, end int) {
	if f.said == nil || f.names == nil {
		return
	}
	if f.item != nil && len(f.item.props) == 0 && end > f.start { // <span itemscope itemtype="…/Person">name</span>
		f.item.add("name", value{raw: m.p.body[f.start:min(end, f.start+maxRaw)]})
	}
	if f.value.node == nil && m.open <= maxOpen && end > f.start {
		f.value.raw = m.p.body[f.start:min(end, f.start+maxRaw)]
		for _, h := range m.hidden {
			if h[0] >= f.start && h[1] <= f.start+len(f.value.raw) {
				f.value.hidden = append(f.value.hidden, [2]int{h[0] - f.start, h[1] - f.start})
			}
		}
	}
	for _, name := range f.names {
		if f.owner != nil {
			f.owner.add(name, f.value)
		}
		m.refer(f, referred{name, f.value})
	}
	if f.owner == nil && f.item != nil {
		m.p.nodes = append(m.p.nodes, f.item)
	}
}

// refer remembers a property under the ids of the elements around it, up to the
// item's own element, in case an itemref names one.
func (m *markup) refer(f *frame, r referred) {
	if !m.refs {
		return
	}
	ids := 0
	remember := func(id string) {
		if id != "" && ids < maxOpen && len(m.byID[id]) < maxValues {
			m.byID[id] = append(m.byID[id], r)
			ids++
		}
	}
	remember(f.id)
	for i := len(m.stack) - 1; i >= 0; i-- {
		if e := &m.stack[i]; e.outer < f.outer && e.said != nil {
			if e.item != nil {
				return
			}
			remember(e.id)
		}
	}
}

// end handles an end tag: elements left open inside are closed with it, and one
// that closes nothing is passed over.
func (m *markup) end(tag key, offset int) {
	inline := !special(atom.Atom(tag))
	for i := len(m.stack) - 1; i >= 0; i-- {
		e := m.stack[i].tag
		if e == tag {
			m.pop(i, offset)
			return
		}
		if boundary(atom.Atom(e)) || inline && special(atom.Atom(e)) {
			return
		}
	}
}

// pop closes the elements from the top down to the i-th.
func (m *markup) pop(i, offset int) {
	for n := len(m.stack) - 1; n >= i; n-- {
		f := m.stack[n]
		m.stack = m.stack[:n]
		m.finishValue(&f, offset)
		m.leave(f.said)
		if f.hidden && m.open > 0 {
			m.hide(f.outer, offset)
		}
		switch atom.Atom(f.tag) {
		case atom.Template:
			m.inert--
		case atom.P:
			m.paras--
		}
	}
}

// leave takes the element's item and value off what is open.
func (m *markup) leave(s *said) {
	if s == nil {
		return
	}
	if s.names != nil {
		if m.open--; m.open == 0 {
			m.hidden = m.hidden[:0]
		}
	}
	if s.item != nil {
		m.items = m.items[:len(m.items)-1]
	}
}

// hide notes a hidden part; a part around it swallows it.
func (m *markup) hide(from, to int) {
	for len(m.hidden) > 0 && m.hidden[len(m.hidden)-1][0] >= from {
		m.hidden = m.hidden[:len(m.hidden)-1]
	}
	if len(m.hidden) < maxValues {
		m.hidden = append(m.hidden, [2]int{from, to})
	}
}

// finish closes what the page left open and resolves itemref.
func (m *markup) finish() {
	m.pop(0, len(m.p.body))
	left := maxNodes
	for _, ask := range m.asked {
		for id := range strings.FieldsSeq(ask.ids) {
			for _, r := range m.byID[id] {
				if r.value.node == ask.node {
					continue
				}
				if left--; left < 0 {
					return
				}
				ask.node.add(r.name, r.value)
			}
		}
	}
}
