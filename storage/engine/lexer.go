package engine

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// tokenKind tells apart what the checks need to know; it is coarser than ClickHouse's own list.
type tokenKind byte

const (
	tokenEnd     tokenKind = iota
	tokenWord              // a bare word: keyword, name or the start of a number
	tokenQuoted            // a quoted identifier: "a", `a`, “a”
	tokenString            // a string: 'a', $x$a$x$, ‘a’
	tokenSymbol            // one byte of anything else
	tokenInvalid           // a quote or comment that does not end
)

// token is a piece of SQL text: text[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

// lexer cuts SQL text into tokens as ClickHouse's lexer does, leaving out white space and comments. It never fails: what
// it cannot understand becomes tokenInvalid, after which the text is over.
type lexer struct {
	text []byte
	pos  int
	last effect // of the last token: what a point and digits mean depends on it
}

// effect is what a token means for a point or digits behind it.
type effect byte

const (
	otherEffect effect = iota
	ownsPoint          // a point leads to a part of it, so that no number can begin there
	partPoint          // digits are a part
)

func (l *lexer) next() token {
	if unended := l.skipBlank(); unended {
		return l.cut(tokenInvalid, len(l.text))
	}
	rest := l.text[l.pos:]
	if len(rest) == 0 {
		return token{tokenEnd, l.pos, l.pos}
	}
	switch c := rest[0]; {
	case c == '\'':
		return l.quoted(tokenString, c)
	case c == '"' || c == '`':
		return l.quoted(tokenQuoted, c)
	case bytes.HasPrefix(rest, []byte("‘")):
		return l.enclosed(tokenString, "‘", "’")
	case bytes.HasPrefix(rest, []byte("“")):
		return l.enclosed(tokenQuoted, "“", "”")
	case c == '$' && heredocSize(rest) > 0:
		return l.cut(tokenString, l.pos+heredocSize(rest))
	case strings.IndexByte("xXbB", c) >= 0 && len(rest) > 1 && rest[1] == '\'':
		return l.digits(rest)
	case isDigit(c) || c == '.' && (l.pos == 0 || len(rest) > 1 && isDigit(rest[1]) && l.last != ownsPoint):
		return l.number(rest)
	case isWordByte(c) && !isLoneDollar(rest):
		return l.cut(tokenWord, l.pos+prefixSize(rest, isWordByte))
	default:
		return l.cut(tokenSymbol, l.pos+1)
	}
}

// cut makes a token that ends at end and moves there.
func (l *lexer) cut(kind tokenKind, end int) token {
	t := token{kind, l.pos, end}
	l.pos, l.last = end, l.effectOf(t)
	return t
}

func (l *lexer) effectOf(t token) effect {
	switch t.kind {
	case tokenWord, tokenQuoted:
		return ownsPoint
	case tokenSymbol:
		if c := l.text[t.start]; c == '.' {
			return partPoint
		} else if c == ')' || c == ']' {
			return ownsPoint
		}
	}
	return otherEffect
}

// skipBlank moves over white space and comments. It tells whether a comment does not end.
func (l *lexer) skipBlank() (unended bool) {
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		switch {
		case isSpace(rest[0]):
			l.pos++
		case startsLineComment(rest):
			end := bytes.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest) - 1
			}
			l.pos += end + 1
		case bytes.HasPrefix(rest, []byte("/*")):
			size := blockCommentSize(rest)
			if size < 0 {
				return true
			}
			l.pos += size
		case unicodeSpaceSize(rest) > 0:
			l.pos += unicodeSpaceSize(rest)
		default:
			return false
		}
	}
	return false
}

// quoted reads what stands between two equal quotes; a backslash or a doubled quote escapes.
func (l *lexer) quoted(kind tokenKind, quote byte) token {
	for i := l.pos + 1; i < len(l.text); i++ {
		switch l.text[i] {
		case '\\':
			i++
		case quote:
			if i+1 < len(l.text) && l.text[i+1] == quote {
				i++
				continue
			}
			return l.cut(kind, i+1)
		}
	}
	return l.cut(tokenInvalid, len(l.text))
}

// digits reads x'4f' or b'01', in which nothing is escaped.
func (l *lexer) digits(rest []byte) token {
	const prefix = 2
	allowed := "01"
	if rest[0] == 'x' || rest[0] == 'X' {
		allowed = "0123456789abcdefABCDEF"
	}
	body := rest[prefix:]
	size := len(body) - len(bytes.TrimLeft(body, allowed))
	if size == len(body) || body[size] != '\'' {
		return l.cut(tokenInvalid, len(l.text))
	}
	return l.cut(tokenString, l.pos+prefix+size+1)
}

func (l *lexer) enclosed(kind tokenKind, opening, closing string) token {
	from := l.pos + len(opening)
	end := bytes.Index(l.text[from:], []byte(closing))
	if end < 0 {
		return l.cut(tokenInvalid, len(l.text))
	}
	return l.cut(kind, from+end+len(closing))
}

// startsLineComment knows -- and //, and # when a space or an exclamation mark follows.
func startsLineComment(s []byte) bool {
	if len(s) < 2 {
		return false
	}
	switch s[0] {
	case '-':
		return s[1] == '-'
	case '/':
		return s[1] == '/'
	case '#':
		return s[1] == ' ' || s[1] == '!'
	}
	return false
}

// blockCommentSize measures a comment that starts with /*; such comments nest. -1: it does not end.
func blockCommentSize(s []byte) int {
	depth := 0
	for i := 0; i+1 < len(s); {
		switch {
		case s[i] == '/' && s[i+1] == '*':
			depth++
			i += 2
		case s[i] == '*' && s[i+1] == '/':
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return -1
}

// heredocSize measures $tag$ … $tag$ at the start of s; 0: there is none. The tag may be any bytes without a dollar sign.
func heredocSize(s []byte) int {
	end := bytes.IndexByte(s[1:], '$')
	if end < 0 {
		return 0
	}
	tag := s[:end+2]
	closing := bytes.Index(s[len(tag):], tag)
	if closing < 0 {
		return 0
	}
	return closing + 2*len(tag)
}

// number reads a number, or a name that begins with a digit.
func (l *lexer) number(rest []byte) token {
	n := numberSize(rest, l.last == partPoint && rest[0] != '.') // x.1 has a part, ..1 a fraction
	tail := prefixSize(rest[n:], func(c byte) bool { return isWordByte(c) && c != '$' })
	if rest[0] == '.' || tail == 0 {
		return l.cut(tokenWord, l.pos+n)
	}
	if bytes.ContainsAny(rest[:n], ".+-") {
		return l.cut(tokenInvalid, len(l.text))
	}
	return l.cut(tokenWord, l.pos+n+tail)
}

// numberSize measures a number: decimal, 0x with hexadecimal digits or 0b, with a fraction and an exponent; of the parts
// of a tuple (x.1.2) only the digits. An e before anything is an exponent, as for ClickHouse.
func numberSize(s []byte, part bool) int {
	if part {
		return digitsSize(s, isDigit)
	}
	n, digit, exponent := 0, isDigit, "eE"
	if len(s) > 2 && s[0] == '0' {
		switch kind := s[1] | 0x20; {
		case kind == 'x' && isHexDigit(s[2]):
			n, digit, exponent = 2, isHexDigit, "pP"
		case kind == 'b' && (s[2] == '0' || s[2] == '1'):
			n = 2
		}
	}
	n += digitsSize(s[n:], digit)
	if n < len(s) && s[n] == '.' {
		n += 1 + digitsSize(s[n+1:], digit)
	}
	if n+1 < len(s) && strings.IndexByte(exponent, s[n]) >= 0 {
		n++
		if n+1 < len(s) && (s[n] == '-' || s[n] == '+') {
			n++
		}
		n += digitsSize(s[n:], isDigit)
	}
	return n
}

// digitsSize measures digits; a single underscore may stand between two of them.
func digitsSize(s []byte, digit func(byte) bool) int {
	n := 0
	for n < len(s) && (digit(s[n]) || n > 0 && s[n] == '_' && n+1 < len(s) && digit(s[n+1])) {
		n++
	}
	return n
}

func isHexDigit(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func prefixSize(s []byte, belongs func(byte) bool) int {
	n := 0
	for n < len(s) && belongs(s[n]) {
		n++
	}
	return n
}

// isLoneDollar: a dollar sign that begins no word is a symbol.
func isLoneDollar(s []byte) bool {
	return s[0] == '$' && (len(s) == 1 || s[1] == '$' || !isWordByte(s[1]))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// unicodeSpaceSize measures the white space beyond ASCII that ClickHouse skips (texts pasted from word processors).
func unicodeSpaceSize(s []byte) int {
	r, size := utf8.DecodeRune(s)
	switch {
	case r == 0x85, r == 0xA0, r == 0x1680, r == 0x180E, r == 0x2028, r == 0x2029, r == 0x202F, r == 0x205F, r == 0x3000,
		0x2000 <= r && r <= 0x200D, r == 0x2060, r == 0xFEFF:
		return size
	}
	return 0
}
