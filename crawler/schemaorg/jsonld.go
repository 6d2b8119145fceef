package schemaorg

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// parser reads JSON-LD as sites write it: besides JSON it takes comments and
// CDATA marks around the block, control characters and unescaped quotes in
// strings, commas too many, semicolons after the block, several values in one
// block, and a block that ends too early, of which it keeps the complete nodes.
type parser struct {
	b     []byte
	i     int
	nodes int
	depth int
}

var (
	errDepth = errors.New("nested too deeply")
	errNodes = errors.New("too many nodes")
	errEnd   = errors.New("ends too early")
)

// parseJSONLD reads one block. Nodes come with an error when a part is good.
func parseJSONLD(block []byte) ([]*Node, error) {
	block = bytes.TrimSpace(block)
	if bytes.HasPrefix(block, []byte("{&quot;")) || bytes.HasPrefix(block, []byte("[{&quot;")) {
		block = []byte(unescape(string(block)))
	}
	p := &parser{b: block}
	var list []value
	var err error
	for {
		p.junk()
		if p.i >= len(p.b) || err != nil {
			return things(list), err
		}
		var vs []value
		vs, err = p.value()
		list = append(list, vs...)
		if err != nil {
			err = fmt.Errorf("byte %d of %d: %w", p.i, len(p.b), err)
		}
	}
}

// things are the nodes among the values, those of @graph in place of the node
// that only holds them.
func things(list []value) []*Node {
	var nodes []*Node
	for _, v := range list {
		if v.node == nil {
			continue
		}
		graph := v.node.values("@graph")
		if len(graph) == 0 || len(v.node.types) > 0 {
			nodes = append(nodes, v.node)
		}
		nodes = append(nodes, things(graph)...)
	}
	return nodes
}

// junk skips what may stand before and after a block and between its parts.
func (p *parser) junk() {
	for p.i < len(p.b) {
		rest := p.b[p.i:]
		switch {
		case rest[0] <= ' ' || rest[0] == ',' || rest[0] == ';':
			p.i++
		case bytes.HasPrefix(rest, []byte("\ufeff")), bytes.HasPrefix(rest, []byte("-->")):
			p.i += 3
		case bytes.HasPrefix(rest, []byte("<!--")):
			p.i += 4
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			p.i += 9
		case bytes.HasPrefix(rest, []byte("]]>")):
			p.i += 3
		case bytes.HasPrefix(rest, []byte("/*")):
			p.skipPast("*/")
		case bytes.HasPrefix(rest, []byte("//")):
			p.lineComment()
		default:
			return
		}
	}
}

// lineComment skips "// …", but of "//<![CDATA[" and "//-->" no more than that:
// what follows on the line may be the block.
func (p *parser) lineComment() {
	p.i += 2
	for p.i < len(p.b) && (p.b[p.i] == ' ' || p.b[p.i] == '\t') {
		p.i++
	}
	rest := p.b[p.i:]
	for _, mark := range [...]string{"<![CDATA[", "]]>", "<!--", "-->"} {
		if bytes.HasPrefix(rest, []byte(mark)) {
			return
		}
	}
	p.skipPast("\n")
}

func (p *parser) skipPast(mark string) {
	if n := bytes.Index(p.b[p.i:], []byte(mark)); n >= 0 {
		p.i += n + len(mark)
	} else {
		p.i = len(p.b)
	}
}

// value reads one value; an array is its values.
func (p *parser) value() ([]value, error) {
	p.space()
	if p.i >= len(p.b) {
		return nil, errEnd
	}
	switch c := p.b[p.i]; c {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		s, err := p.str(false)
		return []value{{text: s}}, err
	default:
		return p.scalar()
	}
}

func (p *parser) space() {
	for p.i < len(p.b) && p.b[p.i] <= ' ' {
		p.i++
	}
	if p.i < len(p.b) && (p.b[p.i] == '/' || p.b[p.i] == 0xef) {
		p.junk()
	}
}

func (p *parser) array() (list []value, err error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errDepth
	}
	defer func() { p.depth-- }()
	p.i++
	for {
		if p.separators(']') {
			return list, nil
		}
		vs, err := p.value()
		list = append(list, vs...)
		if err != nil {
			return list, err
		}
	}
}

// separators skips commas, one or more; it reports and takes the closing mark.
func (p *parser) separators(closing byte) bool {
	for {
		p.space()
		if p.i >= len(p.b) || p.b[p.i] != ',' {
			break
		}
		p.i++
	}
	if p.i < len(p.b) && p.b[p.i] == closing {
		p.i++
		return true
	}
	return false
}

func (p *parser) object() ([]value, error) {
	p.depth, p.nodes = p.depth+1, p.nodes+1
	if p.depth > maxDepth {
		return nil, errDepth
	}
	if p.nodes > maxNodes {
		return nil, errNodes
	}
	defer func() { p.depth-- }()
	p.i++
	n := &Node{}
	for {
		if p.separators('}') {
			return n.plainValue(), nil
		}
		if err := p.member(n); err != nil {
			n.cut = true
			return []value{{node: n}}, err
		}
	}
}

func (p *parser) member(n *Node) error {
	switch {
	case p.i >= len(p.b):
		return errEnd
	case p.b[p.i] != '"':
		return fmt.Errorf("%q instead of a name", p.b[p.i])
	}
	key, err := p.str(true)
	if err != nil {
		return err
	}
	p.space()
	if p.i >= len(p.b) {
		return errEnd
	}
	if p.b[p.i] != ':' {
		return fmt.Errorf("%q instead of a colon", p.b[p.i])
	}
	p.i++
	vs, err := p.value()
	n.set(key, vs, err)
	return err
}

// set adds a member; a text that was cut off is not one.
func (n *Node) set(key string, vs []value, err error) {
	switch key {
	case "@type", "type":
		for _, v := range vs {
			if v.text != "" {
				n.types = append(n.types, local(v.text))
			}
		}
		return
	case "@id":
		if len(vs) > 0 && err == nil {
			n.id = strings.TrimSpace(vs[0].text)
		}
		return
	case "@context":
		return
	}
	name := strings.ToLower(key)
	if !strings.HasPrefix(name, "@") {
		name = local(name)
	}
	for _, v := range vs {
		if err == nil || v.node != nil {
			n.add(name, v)
		}
	}
}

// plainValue unwraps {"@value": …}, {"@list": […]} and {"@set": […]}.
func (n *Node) plainValue() []value {
	if len(n.types) == 0 && len(n.props) > 0 && len(n.props) <= 2 {
		if vs := n.values("@value", "@list", "@set"); len(vs) > 0 {
			return vs
		}
	}
	return []value{{node: n}}
}

// scalar reads a number, true or false as text; null is no value.
func (p *parser) scalar() ([]value, error) {
	start := p.i
	for p.i < len(p.b) && (p.b[p.i] == '-' || p.b[p.i] == '+' || p.b[p.i] == '.' || p.b[p.i] >= '0' && p.b[p.i] <= '9' || p.b[p.i]|0x20 >= 'a' && p.b[p.i]|0x20 <= 'z') {
		p.i++
	}
	switch s := string(p.b[start:p.i]); s {
	case "":
		return nil, fmt.Errorf("%q instead of a value", p.b[start])
	case "null", "undefined", "NaN":
		return nil, nil
	default:
		return []value{{text: s}}, nil
	}
}
