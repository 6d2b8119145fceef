package text

import (
	"unicode"
	"unicode/utf8"
)

// decode is utf8.DecodeRuneInString at byte i, quick where a letter has one byte
// or two.
func decode(s string, i int) (rune, int) {
	c := s[i]
	if c < utf8.RuneSelf {
		return rune(c), 1
	}
	if c >= 0xC2 && c < 0xE0 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
		return rune(c&0x1F)<<6 | rune(s[i+1]&0x3F), 2
	}
	return utf8.DecodeRuneInString(s[i:])
}

// joined returns where the joiners at i end: one typed twice is one.
func joined(s string, i int) int {
	for i < len(s) && s[i] >= utf8.RuneSelf {
		r, size := decode(s, i)
		if r != '\u200c' && r != '\u200d' && r != '\u00ad' {
			break
		}
		i += size
	}
	return i
}

func letterAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := decode(s, i)
	return isLetter(r)
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	if r < 0x250 {
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 || r == 0xAA || r == 0xB5 || r == 0xBA
	}
	if r >= 0x600 && r <= 0x6FF {
		return r >= 0x620 && r <= 0x64A || r >= 0x66E && r <= 0x6D5 && r != 0x670 && r != 0x6D4
	}
	if punctuation(r) {
		return false
	}
	return unicode.IsLetter(r)
}

// punctuation reports whether r is in the block of dashes, quotes and joiners, in
// which there are no letters, marks or digits.
func punctuation(r rune) bool { return r >= 0x2000 && r < 0x2070 }

// shortLetter reports whether two bytes are a letter of those that nearly all
// words of our languages beyond a to z are written with. Of others it says no.
func shortLetter(a, b byte) bool {
	r := rune(a&0x1F)<<6 | rune(b&0x3F)
	return a&0xE0 == 0xC0 && b&0xC0 == 0x80 &&
		(r >= 0x620 && r <= 0x64A || r >= 0xDE && r < 0x250 && r != 0xF7 || r >= 0x671 && r <= 0x6D3 || r == 'Ç' || r == 'Ö' || r == 'Ü')
}

func isMark(r rune) bool {
	if r < 0x300 || r >= 0x600 && r < 0x610 || r >= 0x61B && r <= 0x64A || punctuation(r) {
		return false
	}
	return unicode.Is(unicode.Mn, r) && !dropped(r)
}

func isDigit(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9'
	}
	if r < 0x660 || punctuation(r) {
		return false
	}
	return unicode.IsDigit(r)
}

func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' '
	}
	return unicode.IsSpace(r) && r != 0x2028 && r != 0x2029
}

func digitAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := decode(s, i)
	return isDigit(r)
}
