package schemaorg

import (
	"bytes"
	"strings"

	"feryat/crawler/htmltext"
)

// Node is one thing that a page describes, whatever the syntax.
type Node struct {
	types  []string // without vocabulary, lower case
	id     string   // @id, itemid, resource
	anchor string   // id attribute of its element
	data   string   // the site's own key in a data attribute, such as data-review-id
	lang   string   // language of its element
	outer  *Node    // the item around its element
	props  []prop
	cut    bool // the page ended within it
	html   bool // from attributes of HTML, not from JSON
}

type prop struct {
	name   string // without vocabulary, lower case
	values []value
}

// value is a text, a thing, or the content of an element.
type value struct {
	text string // of JSON, or of an attribute (content, datetime, value)
	link string // of href or src
	node *Node
	raw  []byte // inside of the element, as HTML
	// hidden lists the parts of raw that are not displayed, as byte offsets.
	hidden [][2]int
}

// Bounds of one page, far above what real pages have.
const (
	maxNodes  = 20_000
	maxDepth  = 64
	maxValues = 2_000     // of one property
	maxRaw    = 256 << 10 // of an element's content, in bytes
)

func (n *Node) add(name string, v value) {
	for i := range n.props {
		if n.props[i].name == name {
			if len(n.props[i].values) < maxValues {
				n.props[i].values = append(n.props[i].values, v)
			}
			return
		}
	}
	if len(n.props) < maxValues {
		n.props = append(n.props, prop{name, []value{v}})
	}
}

// values are those of the first of the names that has any.
func (n *Node) values(names ...string) []value {
	if n == nil {
		return nil
	}
	for _, name := range names {
		for i := range n.props {
			if n.props[i].name == name {
				return n.props[i].values
			}
		}
	}
	return nil
}

// string is the first text that is not blank, in the order of the names.
func (n *Node) string(names ...string) string {
	if n == nil {
		return ""
	}
	for _, name := range names {
		for _, v := range n.values(name) {
			if s := v.string(); s != "" {
				return s
			}
		}
	}
	return ""
}

// address is the first address, in the order of the names.
func (n *Node) address(names ...string) string {
	for _, name := range names {
		for _, v := range n.values(name) {
			if u := v.url(); u != "" {
				return u
			}
		}
	}
	return ""
}

// node is the first thing, in the order of the names.
func (n *Node) node(names ...string) *Node {
	for _, name := range names {
		for _, v := range n.values(name) {
			if v.node != nil {
				return v.node
			}
		}
	}
	return nil
}

func (n *Node) is(types ...string) bool {
	for _, have := range n.types {
		for _, want := range types {
			if have == want {
				return true
			}
		}
	}
	return false
}

// string is the value on one line: what an attribute says for machines, else
// what a reader sees, else a link.
func (v value) string() string {
	switch {
	case v.text != "":
		return oneLine(plain(v.text))
	case v.node != nil:
		return v.node.string("name", "@value", "alternatename")
	}
	if s := oneLine(v.read()); s != "" {
		return s
	}
	return v.link
}

// url is the value as an address, as it stands on the page.
func (v value) url() string {
	switch {
	case v.link != "":
		return v.link
	case v.node != nil:
		if v.node.id != "" {
			return v.node.id
		}
		return v.node.address("url")
	case v.text != "":
		return strings.TrimSpace(v.text)
	}
	return oneLine(v.read())
}

// body is a text of several lines; where an attribute and the element's content
// both give one, the longer.
func (v value) body() string {
	if v.node != nil {
		return v.node.string("@value", "text", "name")
	}
	s := strings.TrimSpace(v.read())
	if t := strings.TrimSpace(plain(v.text)); len(t) > len(s) {
		return t
	}
	return s
}

// read is the content of an element as a reader sees it. Text that the page
// hides counts too, for it is what "read more" unfolds, unless it says the same
// again.
func (v value) read() string {
	if len(v.raw) == 0 {
		return ""
	}
	if len(v.hidden) == 0 {
		return displayed(v.raw)
	}
	var shown, hid []byte
	from := 0
	for _, h := range v.hidden {
		shown = append(shown, v.raw[from:h[0]]...)
		hid = append(append(hid, v.raw[h[0]:h[1]]...), ' ')
		from = h[1]
	}
	visible, hidden := displayed(append(shown, v.raw[from:]...)), displayed(hid)
	switch {
	case within(visible, hidden):
		return hidden
	case within(hidden, visible):
		return visible
	}
	return displayed(v.raw)
}

// within tells a teaser, with its dots at the end, from the text it teases.
func within(teaser, text string) bool {
	teaser = strings.TrimRight(oneLine(teaser), ". …")
	return strings.HasPrefix(oneLine(text), teaser)
}

// displayed is htmltext.Text with a short cut for what has no white space to
// fold and no markup but single line breaks.
func displayed(raw []byte) string {
	whole := raw // a space behind "</" makes it a tag
	raw = bytes.TrimSpace(raw)
	var b []byte
	from, lines := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '<' && i+1 < len(raw):
			n := lineBreak(raw[i:])
			if n == 0 || i == 0 || i+n >= len(raw) || raw[i+n] <= ' ' || raw[i+n] == '<' || raw[i-1] <= ' ' || lines {
				return htmltext.Text(string(whole))
			}
			b = append(append(b, raw[from:i]...), '\n')
			from, i = i+n, i+n-1
		case c == '<' || c == '&' || c < ' ' && c != '\n' || c == ' ' && raw[i-1] <= ' ' || c == '\n' && raw[i-1] <= ' ':
			return htmltext.Text(string(whole))
		case c == '\n' && b != nil:
			return htmltext.Text(string(whole))
		case c == '\n':
			lines = true
		}
	}
	return string(append(b, raw[from:]...))
}

// lineBreak is the length of a plain br tag at the start of b; 0 for any other.
func lineBreak(b []byte) int {
	for _, tag := range [...]string{"<br>", "<br/>", "<br />"} {
		if len(b) >= len(tag) && bytes.EqualFold(b[:len(tag)], []byte(tag)) {
			return len(tag)
		}
	}
	return 0
}

func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\t\v\f") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// local strips the vocabulary off a name: "https://schema.org/Review",
// "schema:Review" and "Review" are one.
func local(name string) string {
	if i := strings.LastIndexAny(name, "/#:"); i >= 0 {
		name = name[i+1:]
	}
	return strings.ToLower(name)
}
