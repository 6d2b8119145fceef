package schemaorg

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

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
