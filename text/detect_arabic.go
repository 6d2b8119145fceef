package text

import (
	"strings"
	"unicode/utf8"
)

// arabic gathers what the Arabic letters of a text show.
type arabic struct {
	model   *languageModels
	letters int
	words   int
	persian int // letters that Arabic does not have
	foreign int // letters that Persian does not have, Arabic small words and articles
	word    [48]byte
	n       int
}

func (a *arabic) letter(r rune) {
	if r == 0x200C {
		return
	}
	a.letters++
	switch r {
	case 'پ', 'چ', 'ژ', 'گ', 'ی', 'ک':
		a.persian++
	case 'ة', 'ى', 'إ':
		a.foreign++
	case 'ٹ', 'ڈ', 'ڑ', 'ں', 'ے', 'ہ', 'ھ', 'ڕ', 'ڵ', 'ێ', 'ۆ', 'ە', 'ټ', 'ډ', 'ړ', 'ښ', 'ې', 'ڤ':
		a.foreign += 2
	}
	if r = foldArabic(r); r > 0 && a.n+2 <= len(a.word) {
		a.n += utf8.EncodeRune(a.word[a.n:], r)
	}
}

func (a *arabic) endWord() {
	if a.n == 0 {
		return
	}
	w := a.word[:a.n]
	a.words++
	if a.model.words[string(w)]&arabian != 0 || a.n > 8 && strings.HasPrefix(string(w), "ال") {
		a.foreign++
	}
	a.n = 0
}

func (a *arabic) verdict() (string, float64) {
	if a.foreign*3 > a.words && a.foreign > a.persian {
		return Undetermined, 0.8
	}
	return "fa", min(1, float64(a.letters)/12)
}
