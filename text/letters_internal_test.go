package text

import (
	"testing"
	"unicode/utf8"
)

// The table of letters of two bytes has those of the ranges that it is made of, and
// all of them are letters.
func TestShortLetters(t *testing.T) {
	for r := rune(0x80); r < 0x800; r++ {
		var b [2]byte
		utf8.EncodeRune(b[:], r)
		want := r >= 0x620 && r <= 0x64A || r >= 0xDE && r < 0x250 && r != 0xF7 || r >= 0x671 && r <= 0x6D3 || r == 'Ç' || r == 'Ö' || r == 'Ü'
		if got := shortLetter(b[0], b[1]); got != want || got && !isLetter(r) {
			t.Errorf("%U: %v, want %v; letter: %v", r, got, want, isLetter(r))
		}
	}
	for a := range 256 {
		for b := range 256 {
			if shortLetter(byte(a), byte(b)) != (utf8.Valid([]byte{byte(a), byte(b)}) && a >= 0xC2 && shortLetter(byte(a), byte(b))) {
				t.Errorf("% x is no letter", []byte{byte(a), byte(b)})
			}
		}
	}
}
