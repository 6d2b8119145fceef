package schemaorg

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/atom"
)

// concerns reports whether a start tag, as it stands on the page, can have an
// attribute that matters to items: most have none, and decoding is dear.
func (m *markup) concerns(raw []byte) bool {
	for i := 1; i < len(raw); i++ {
		switch raw[i] | 0x20 {
		case 'i':
			if foldPrefix(raw[i:], "item") || m.refs && foldPrefix(raw[i:], "id") {
				return true
			}
		case 'p':
			if foldPrefix(raw[i:], "property") || foldPrefix(raw[i:], "prefix") {
				return true
			}
		case 't':
			if foldPrefix(raw[i:], "typeof") {
				return true
			}
		case 'c':
			if m.classes && foldPrefix(raw[i:], "class") {
				return true
			}
		case 'h', 'd':
			if m.open > 0 && (foldPrefix(raw[i:], "hidden") || foldPrefix(raw[i:], "display")) {
				return true
			}
		}
	}
	return false
}

func foldPrefix(b []byte, lower string) bool {
	if len(b) < len(lower) {
		return false
	}
	for i := range len(lower) {
		if b[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

// describe reads what the element says of an item, and which item it is; nil if
// it says nothing.
func (m *markup) describe(tag atom.Atom, a *attributes) *said {
	if len(a.prefix) > 0 {
		m.prefixes(string(a.prefix))
	}
	if len(a.itemprop) == 0 && !a.itemscope && len(a.property) == 0 && len(a.typeof) == 0 && !m.classes {
		if m.refs && len(a.id) > 0 {
			return &said{id: string(a.id)}
		}
		return nil
	}
	outer := m.item()
	s := &said{owner: outer, names: m.names(a)}
	if m.refs {
		s.id = string(a.id)
	}
	classType := ""
	if m.classes && len(a.class) > 0 {
		var more []string
		classType, more = microformat(string(a.class), outer)
		s.names = append(s.names, more...)
	}
	if a.itemscope || len(a.typeof) > 0 || classType != "" {
		s.item = m.newNode(a, outer, classType)
	}
	if len(s.names) > 0 {
		s.value = a.given(s.item, tag)
	} else if s.item != nil && outer == nil {
		m.p.nodes = append(m.p.nodes, s.item)
	} else if s.item != nil {
		outer.add("@inside", value{node: s.item})
	}
	return s
}

func (m *markup) newNode(a *attributes, outer *Node, classType string) *Node {
	if m.nodes++; m.nodes > maxNodes {
		return nil
	}
	n := &Node{id: trimmed(a.itemid), anchor: string(a.id), lang: string(a.lang), outer: outer, html: true}
	for t := range strings.FieldsSeq(string(a.itemtype) + " " + string(a.typeof) + " " + classType) {
		n.types = append(n.types, local(t))
	}
	if n.id == "" {
		n.id = trimmed(a.resource)
	}
	if len(a.data) > 0 {
		n.data = string(a.dataName) + ":" + string(a.data)
	}
	if len(a.itemref) > 0 {
		m.asked = append(m.asked, asking{n, string(a.itemref)})
	}
	return n
}

func trimmed(b []byte) string { return string(bytes.TrimSpace(b)) }

// names are the properties that the element is a value of, by itemprop and by
// RDFa's property, of which other vocabularies (og:, dc:) are none of ours.
func (m *markup) names(a *attributes) []string {
	var names []string
	for n := range strings.FieldsSeq(string(a.itemprop)) {
		names = append(names, local(n))
	}
	for n := range strings.FieldsSeq(string(a.property)) {
		if i := strings.IndexByte(n, ':'); i >= 0 && !strings.Contains(n, "://") && !contains(m.prefix, n[:i]) {
			continue
		}
		if n = local(n); !contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

func (m *markup) prefixes(s string) {
	words := strings.Fields(s)
	for i := 0; i+1 < len(words) && len(m.prefix) < 10; i += 2 {
		if strings.Contains(words[i+1], "schema.org") {
			m.prefix = append(m.prefix, strings.TrimSuffix(words[i], ":"))
		}
	}
}

// given is what the element's attributes give; its content is added at its end.
func (a *attributes) given(item *Node, tag atom.Atom) value {
	v := value{node: item}
	if item != nil {
		return v
	}
	switch {
	case len(a.content) > 0:
		v.text = string(a.content)
	case len(a.datetime) > 0:
		v.text = string(a.datetime)
	case tag == atom.Data || tag == atom.Meter || tag == atom.Input:
		v.text = string(a.value)
	}
	for _, link := range [...][]byte{a.href, a.src, a.resource} {
		if len(link) > 0 {
			v.link = string(link)
			break
		}
	}
	return v
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}
