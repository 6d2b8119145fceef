package schemaorg

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
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

// str reads a string from its opening quote on. The result is valid UTF-8.
func (p *parser) str(key bool) (string, error) {
	p.i++
	start := p.i
	for p.i < len(p.b) {
		switch c := p.b[p.i]; {
		case c == '"' && p.closes(key):
			s := string(p.b[start:p.i])
			p.i++
			return strings.ToValidUTF8(s, "\uFFFD"), nil
		case c == '\\' || c == '"':
			return p.escaped(start, key)
		}
		p.i++
	}
	return "", errEnd
}

// closes tells a closing quote from one that should have been escaped, by what
// follows.
func (p *parser) closes(key bool) bool {
	rest := bytes.TrimLeft(p.b[p.i+1:min(len(p.b), p.i+4096)], " \t\r\n\f")
	if len(rest) == 0 {
		return true
	}
	if key {
		return rest[0] == ':'
	}
	if rest[0] == ',' {
		rest = bytes.TrimLeft(rest[1:], " \t\r\n\f,")
		return len(rest) == 0 || strings.IndexByte(`"}]{[0123456789-/`, rest[0]) >= 0
	}
	return rest[0] == '}' || rest[0] == ']'
}

// escaped goes on with a string that has escapes in it, or stray quotes.
func (p *parser) escaped(start int, key bool) (string, error) {
	var b strings.Builder
	b.Write(p.b[start:p.i])
	for p.i < len(p.b) {
		switch c := p.b[p.i]; {
		case c == '"' && p.closes(key):
			p.i++
			return strings.ToValidUTF8(b.String(), "\uFFFD"), nil
		case c == '\\' && p.i+1 < len(p.b):
			p.escape(&b)
		default:
			b.WriteByte(c)
			p.i++
		}
	}
	return "", errEnd
}

func (p *parser) escape(b *strings.Builder) {
	c := p.b[p.i+1]
	p.i += 2
	switch c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'b', 'f':
		b.WriteByte(' ')
	case 'u':
		b.WriteRune(p.unicode())
	default: // also \" \\ \/ and what JavaScript allows beyond
		b.WriteByte(c)
	}
}

// unicode reads the digits of \uXXXX, and the second half of a pair.
func (p *parser) unicode() rune {
	r, ok := p.hex4()
	if !ok {
		return utf8.RuneError
	}
	if utf16.IsSurrogate(r) {
		if p.i+1 < len(p.b) && p.b[p.i] == '\\' && p.b[p.i+1] == 'u' {
			back := p.i
			p.i += 2
			if low, ok := p.hex4(); ok {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					return pair
				}
			}
			p.i = back
		}
		return utf8.RuneError
	}
	return r
}

func (p *parser) hex4() (rune, bool) {
	if p.i+4 > len(p.b) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.b[p.i:p.i+4]), 16, 32)
	if err != nil {
		return 0, false
	}
	p.i += 4
	return rune(n), true
}
