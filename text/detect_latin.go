package text

import (
	"math"
	"unicode/utf8"
)

// latinLetter is what a Latin letter shows: in its low bits its number in the
// alphabet without marks (0 where it has none), above them these.
type latinLetter uint8

const (
	alphabet      latinLetter = 1<<5 - 1
	turkishLetter latinLetter = 1 << 5 // that of the three languages only Turkish has: ğ ş ı İ
	markedLetter  latinLetter = 1 << 6 // with marks that Turkish and English do not have
	aLetter       latinLetter = 1 << 7
)

func latinLetterOf(r rune) latinLetter {
	if !isLetter(r) {
		return 0
	}
	out := aLetter
	switch r {
	case 'ğ', 'Ğ', 'ş', 'Ş', 'ı', 'İ':
		out |= turkishLetter
	case 'ç', 'Ç', 'ö', 'Ö', 'ü', 'Ü', 'â', 'î', 'û', 'Â', 'Î', 'Û':
	default:
		if r >= utf8.RuneSelf {
			out |= markedLetter
		}
	}
	if r = foldLatin(r, false); r >= 'a' && r <= 'z' {
		out |= latinLetter(letterIndex(byte(r)))
	}
	return out
}

// maxLatin is how many letters a word may have and still be one.
const maxLatin = 24

// latin gathers the clues of Latin letters.
type latin struct {
	model   *languageModels
	word    latinWord
	letters int
	words   int
	sum     int    // of trigrams
	turkish int    // Turkish letters
	marks   int    // marked letters
	foreign int    // small words of other languages that are not ours
	small   [2]int // small words of Turkish, of English
	persian int    // words of Persian in Latin letters
}

// run takes the Latin letters of s from i on, and returns where they end.
func (l *latin) run(s string, i int) int {
	w, m := l.word, l.model
	for i < len(s) {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = decode(s, i)
		}
		if r >= latinLetters || m.latin[r] == 0 {
			break
		}
		i += size
		l.letters++
		k := m.latin[r]
		if k&turkishLetter != 0 {
			l.turkish++
		}
		if k&markedLetter != 0 {
			l.marks++
		}
		if c := k & alphabet; c != 0 {
			w.add(m, int(c))
		}
	}
	l.word = w
	return i
}

// latinWord is a word as far as it has been read.
type latinWord struct {
	n    int    // letters
	key  uint64 // that names it: exact up to 13 letters
	sum  int    // of trigrams
	last int    // letter
	pair int    // the last two letters
	long bool
}

func (w *latinWord) add(m *languageModels, letter int) {
	if w.n == maxLatin {
		w.long = true
		return
	}
	if w.n > 0 {
		w.sum += int(m.trigrams[w.pair*trigramSide+letter])
	}
	w.pair, w.last = w.last*trigramSide+letter, letter
	w.key = w.key*trigramSide + uint64(letter)
	w.n++
}

func (l *latin) endWord() {
	w := &l.word
	if w.n == 0 {
		return
	}
	if !w.long {
		l.words++
		l.sum += w.sum + int(l.model.trigrams[w.pair*trigramSide])
		l.count()
	}
	*w = latinWord{}
}

// count notes whose small word the present one is.
func (l *latin) count() {
	set := l.model.word(l.word.key).of
	if set == 0 {
		return
	}
	if set&turkish != 0 {
		l.small[0]++
	}
	if set&english != 0 {
		l.small[1]++
	}
	if set&finglish != 0 {
		l.persian++
	}
	if set&(turkish|english) == 0 && set&foreign != 0 {
		l.foreign++
	}
}

// latin weighs the evidence of Latin letters. One Turkish letter is worth about as
// much as a common Turkish word.
func (e *Evidence) latin() (string, float64) {
	if e.count(latinWords) == 0 {
		return Undetermined, 0
	}
	turkish, finglish := e.count(turkishLetters), e.count(finglishWords)
	score := float64(e.sum) + 20*float64(min(turkish, 10))
	confidence := min(1, math.Abs(score)/80)
	lang, native := "en", e.count(englishWords)
	if score > 0 {
		lang, native = "tr", e.count(turkishWords)
	}
	if finglish >= 2 && finglish > native && turkish == 0 {
		return "fa", min(1, float64(finglish)/4)
	}
	if turkish == 0 && e.isForeign(native) {
		return Undetermined, 0.8
	}
	return lang, confidence
}

// isForeign reports whether small words or marked letters show another language.
func (e *Evidence) isForeign(native int) bool {
	foreign, marks, words := e.count(foreignWords), e.count(markedLetters), e.count(latinWords)
	if foreign >= 2 && foreign > native+words/12 {
		return true
	}
	return marks >= 2 && marks*12 > words && foreign+marks > native
}
