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
	return a&0xE0 == 0xC0 && b&0xC0 == 0x80 && shortLetters[a&0x1F<<3|b&0x38>>3]>>(b&7)&1 != 0
}

// shortLetters has a bit for every letter of two bytes that shortLetter knows, eight
// bytes for each first byte: a table, for which letter comes next cannot be foretold.
const (
	noLetters    = "\x00\x00\x00\x00\x00\x00\x00\x00"
	allLetters   = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
	shortLetters = noLetters + noLetters + noLetters +
		"\x80\x00\x40\xD0\xFF\xFF\x7F\xFF" + // Ç, Ö, Ü, U+00DE to U+00FF without ÷
		allLetters + allLetters + allLetters + allLetters + allLetters + // U+0100 to U+023F
		"\xFF\xFF\x00\x00\x00\x00\x00\x00" + // to U+024F
		noLetters + noLetters + noLetters + noLetters + noLetters + noLetters + noLetters +
		noLetters + noLetters + noLetters + noLetters + noLetters + noLetters + noLetters +
		"\x00\x00\x00\x00\xFF\xFF\xFF\xFF" + // U+0620 to U+063F
		"\xFF\x07\x00\x00\x00\x00\xFE\xFF" + // to U+064A, U+0671 to U+067F
		allLetters + // U+0680 to U+06BF
		"\xFF\xFF\x0F\x00\x00\x00\x00\x00" + // to U+06D3
		noLetters + noLetters + noLetters + noLetters
)

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
