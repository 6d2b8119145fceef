package text

import "unicode"

// arabicLetter is what an Arabic letter shows.
type arabicLetter struct {
	is      bool  // a letter at all
	persian uint8 // 1 if Arabic does not have it
	foreign uint8 // over 0 if Persian does not have it
	folded  uint8 // counted from U+0600, 0 where folding drops it
}

func arabicLetterOf(r rune) arabicLetter {
	if !unicode.IsLetter(r) {
		return arabicLetter{}
	}
	out := arabicLetter{is: true}
	switch r {
	case 'پ', 'چ', 'ژ', 'گ', 'ی', 'ک':
		out.persian = 1
	case 'ة', 'ى', 'إ':
		out.foreign = 1
	case 'ٹ', 'ڈ', 'ڑ', 'ں', 'ے', 'ہ', 'ھ', 'ڕ', 'ڵ', 'ێ', 'ۆ', 'ە', 'ټ', 'ډ', 'ړ', 'ښ', 'ې', 'ڤ':
		out.foreign = 2
	}
	if r = foldArabic(r); r > 0 {
		out.folded = uint8(r - 0x600)
	}
	return out
}

// arabicWord is how many letters of a word are looked at.
const arabicWord = 24

// arabic gathers the clues of Arabic letters.
type arabic struct {
	model   *languageModels
	letters int
	words   int
	persian int    // letters that Arabic does not have
	foreign int    // letters that Persian does not have, Arabic small words and articles
	n       int    // letters of the present word
	key     uint64 // that names it: exact up to 8 letters
	first   uint64 // key of its first two letters
}

func (a *arabic) letter(l arabicLetter) {
	a.letters++
	a.persian += int(l.persian)
	a.foreign += int(l.foreign)
	if l.folded == 0 || a.n == arabicWord {
		return
	}
	a.key = a.key*257 + uint64(l.folded)
	if a.n++; a.n == 2 {
		a.first = a.key
	}
}

func (a *arabic) endWord() {
	if a.n == 0 {
		return
	}
	const article = ('ا'-0x600)*257 + 'ل' - 0x600
	a.words++
	if a.model.arabian[a.key] || a.n > 4 && a.first == article {
		a.foreign++
	}
	a.n, a.key = 0, 0
}

// arabic weighs the evidence of so many Arabic letters.
func (e *Evidence) arabic(letters int) (string, float64) {
	foreign := e.count(arabianClues)
	if foreign*3 > e.count(arabicWords) && foreign > e.count(persianLetters) {
		return Undetermined, 0.8
	}
	return "fa", min(1, float64(letters)/12)
}
