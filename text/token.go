package text

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Kind is the sort of a token.
type Kind uint8

// The kinds of token.
const (
	Word     Kind = iota // letters, with apostrophes and joiners inside
	Number               // digits, with points, colons and the like inside
	Emoji                // one emoji, all runes of its sequence
	Emoticon             // ":-)"
	Punct                // one or more of the same punctuation mark
	URL                  //
	Handle               // "@shop"
	Hashtag              // "#shame"
	Break                // one or more line ends
)

// Token is a piece of a text: bytes Start to End of the original.
type Token struct {
	Kind       Kind
	Start, End int
}

// Tokens appends the tokens of s to dst. Spans are in order, do not overlap and
// begin and end at rune boundaries; white space and invalid bytes are in none.
func Tokens(dst []Token, s string) []Token {
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' {
			i++
			continue
		}
		kind, end, ok := Word, i, true
		if c |= 0x20; 'a' <= c && c <= 'z' {
			end = plainWord(s, i)
		} else if i+1 < len(s) && shortLetter(s[i], s[i+1]) {
			end = word(s, i, false)
		}
		if end == i {
			kind, end, ok = next(s, i)
		}
		if ok {
			dst = append(dst, Token{kind, i, end})
		}
		i = end
	}
	return dst
}

// plainWord returns the end of the word at i if it begins with letters a to z, and
// behind them a letter beyond follows, or a space or mark that is in no word and no
// address; else i. Nearly all words of Latin script are such.
func plainWord(s string, i int) int {
	end := i
	for end+8 <= len(s) {
		n := lettersAhead(s[end : end+8])
		end += n
		if n < 8 {
			break
		}
	}
	for end < len(s) && 'a' <= s[end]|0x20 && s[end]|0x20 <= 'z' {
		end++
	}
	if end < len(s) {
		switch c := s[end]; {
		case c == ' ', c == ',', c == '!', c == '?', c == '\n':
		case end+1 < len(s) && shortLetter(c, s[end+1]):
			return restOfWord(s, i, end, false)
		default:
			return i
		}
	}
	return end
}

// lettersAhead returns how many of the eight bytes of s are letters a to z before
// the first that is none. All are compared at once: how long a word is cannot be
// foretold, and a wrong guess costs the processor as much as the word.
func lettersAhead(s string) int {
	const every, high = 0x0101010101010101, 0x8080808080808080
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	small := x | 0x20*every
	ascii := small &^ high
	letters := (ascii + (0x80-'a')*every) &^ (ascii + (0x7F-'z')*every) &^ small
	return bits.TrailingZeros64(^letters&high) / 8
}

// next finds the token that begins at i; where none does, ok is false and end
// is where to go on.
func next(s string, i int) (kind Kind, end int, ok bool) {
	c := s[i]
	switch {
	case 'a' <= c|0x20 && c|0x20 <= 'z':
		if c |= 0x20; (c == 'h' || c == 'w') && i+1 < len(s) && (s[i+1]|0x20 == 't' || s[i+1]|0x20 == 'w') {
			if end := url(s, i); end > i {
				return URL, end, true
			}
		}
		return Word, word(s, i, false), true
	case i+1 < len(s) && shortLetter(c, s[i+1]):
		return Word, word(s, i, false), true
	case c == '\n' || c == '\r':
		return Break, i + spanOf(s[i:], "\r\n \t"), true
	case c <= ' ' || c == 0x7F:
		return 0, i + 1, false
	case c == '@' || c == '#':
		if end := word(s, i+1, true); end > i+1 {
			if c == '@' {
				return Handle, end, true
			}
			return Hashtag, end, true
		}
	case strings.HasPrefix(s[i:], "://"): // "aidhttps://…": an address that no space parts from a word
		return URL, addressEnd(s, i), true
	case c == ':' || c == ';' || c == '=' || c == '<':
		if end := emoticon(s, i); end > i {
			return Emoticon, end, true
		}
	}
	r, size := decode(s, i)
	switch {
	case isLetter(r):
		return Word, word(s, i, false), true
	case isDigit(r):
		return Number, number(s, i), true
	case isEmoji(r):
		return Emoji, emoji(s, i), true
	case r == utf8.RuneError && size <= 1, isSpace(r), dropped(r):
		return 0, i + size, false
	case r == 0x2028 || r == 0x2029:
		return Break, i + size, true
	}
	end = i + size
	for strings.HasPrefix(s[end:], s[i:i+size]) {
		end += size
	}
	return Punct, end, true
}

func spanOf(s, set string) int {
	n := 0
	for n < len(s) && strings.IndexByte(set, s[n]) >= 0 {
		n++
	}
	return n
}

// word returns the end of the word at i. Inside a word an apostrophe, a joiner
// or an asterisk stays if a letter follows ("don't", "s*ktir"); digits belong to
// it once it has begun with a letter. In a tag, digits and underscores may begin it.
func word(s string, i int, tag bool) int { return restOfWord(s, i, i, tag) }

// restOfWord returns the end of the word at i, of which what stands before end is known.
func restOfWord(s string, i, end int, tag bool) int {
	for end < len(s) {
		c := s[end]
		if 'a' <= c|0x20 && c|0x20 <= 'z' {
			end++
			continue
		}
		if c <= ' ' {
			return end
		}
		if end+1 < len(s) && shortLetter(c, s[end+1]) {
			end += 2
			for end+1 < len(s) && shortLetter(s[end], s[end+1]) {
				end += 2
			}
			continue
		}
		r, size := decode(s, end)
		switch {
		case isLetter(r), isMark(r), isDigit(r) && (tag || end > i), r == '_' && tag:
			end += size
		case end > i && !tag && inWord(r) && letterAt(s, joined(s, end+size)):
			end = joined(s, end+size)
		case end > i && r == '.' && !tag && initials(s, i, end):
			end += size
		default:
			return end
		}
	}
	return end
}

// initials reports whether s has one letter, a point and one last letter at i:
// "a.q", which is a word with a fig leaf.
func initials(s string, i, dot int) bool {
	if dot-i != 1 || dot+1 >= len(s) || !letterAt(s, dot+1) {
		return false
	}
	_, size := utf8.DecodeRuneInString(s[dot+1:])
	return !letterAt(s, dot+1+size)
}

func inWord(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´', '*', '\u200c', '\u200d', '\u00ad':
		return true
	}
	return false
}

// number returns the end of the number at i: "1.250,00", "12/05/2024", "16:30".
func number(s string, i int) int {
	end := i
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		switch {
		case isDigit(r):
			end += size
		case strings.ContainsRune(".,:/-٫٬", r) && digitAt(s, end+size):
			end += size
		default:
			return end
		}
	}
	return end
}

// url returns the end of the address at i, or i if none begins there.
func url(s string, i int) int {
	if !hasFold(s[i:], "http://") && !hasFold(s[i:], "https://") && !hasFold(s[i:], "www.") {
		return i
	}
	return addressEnd(s, i)
}

// addressEnd returns where the address ends that i is in.
func addressEnd(s string, i int) int {
	end := i
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if r <= ' ' || r == utf8.RuneError || isSpace(r) || strings.ContainsRune("<>\"“”«»)", r) {
			break
		}
		end += size
	}
	for end > i && strings.IndexByte(".,;:!?'", s[end-1]) >= 0 {
		end--
	}
	return end
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
