package text

import (
	"unicode"
	"unicode/utf8"
)

// AppendSkeleton appends a folded Turkish word as it is typed without Turkish
// letters: kırık becomes kirik.
func AppendSkeleton(dst []byte, folded []byte) []byte {
	for i := 0; i < len(folded); i++ {
		c := folded[i]
		if c < utf8.RuneSelf || i+1 == len(folded) {
			dst = append(dst, c)
			continue
		}
		if plain := plainTurkish(c, folded[i+1]); plain != 0 {
			dst = append(dst, plain)
			i++
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// plainTurkish returns the plain letter for the two bytes of a Turkish one, 0
// for other bytes.
func plainTurkish(a, b byte) byte {
	switch {
	case a == 0xC3 && b == 0xA7:
		return 'c'
	case a == 0xC3 && b == 0xB6:
		return 'o'
	case a == 0xC3 && b == 0xBC:
		return 'u'
	case a == 0xC4 && b == 0x9F:
		return 'g'
	case a == 0xC4 && b == 0xB1:
		return 'i'
	case a == 0xC5 && b == 0x9F:
		return 's'
	}
	return 0
}

// AppendSqueezed appends word with every letter that stands three times or more
// in a row kept keep times: people stretch a word to raise their voice. It
// reports whether there was such a letter.
func AppendSqueezed(dst []byte, word []byte, keep int) ([]byte, bool) {
	stretched := false
	var last rune = -1
	run := 0
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRune(word[i:])
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		dst = append(dst, word[i:i+size]...)
		if run == 3 && !unicode.IsDigit(r) {
			stretched = true
			dst = dst[:len(dst)-(3-keep)*size]
		} else if run > 3 && !unicode.IsDigit(r) {
			dst = dst[:len(dst)-size]
		}
		i += size
	}
	return dst, stretched
}
