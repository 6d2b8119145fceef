package text

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed trigrams.tsv
var trigramFile string

//go:embed functionwords.tsv
var functionWordFile string

// Undetermined is what Detect says of texts in other languages and of texts
// without words.
const Undetermined = "und"

// detectBytes is how much of a text is looked at: enough to be sure.
const detectBytes = 1500

// combining is the first byte of the marks that Latin letters are composed with.
const combining = 0xCC

// Detect says which language s is in: "tr", "fa", "en", or "und" for any other
// and for texts without words. Turkish typed without its letters counts as
// Turkish, Persian typed in Latin letters as Persian. Confidence goes from 0 (a guess) to 1; a single word that several
// languages share gives a low one.
func Detect(s string) (lang string, confidence float64) {
	if len(s) > detectBytes {
		s = s[:detectBytes]
	}
	if strings.IndexByte(s, combining) >= 0 {
		s = norm.NFC.String(s) // "ç" typed as two runes is the letter that tells Turkish
	}
	m := models()
	l, a := latin{model: m}, arabic{model: m}
	other := gather(s, &l, &a)
	switch {
	case other > l.letters && other > a.letters, l.letters == 0 && a.letters == 0:
		return Undetermined, 0
	case a.letters >= l.letters:
		return a.verdict()
	}
	return l.verdict()
}

// gather shows l and a the letters of s that are theirs, and counts the others.
func gather(s string, l *latin, a *arabic) (other int) {
	for i := 0; i < len(s); {
		r, size := decode(s, i)
		switch {
		case r < latinLetters && l.model.latin[r] != 0:
			i = l.run(s, i)
			continue
		case r >= 0x600 && r <= 0x6FF && l.model.arabic[r-0x600].is:
			a.letter(l.model.arabic[r-0x600])
		case r == 0x200C, r >= 0x300 && r <= 0x36F, r == '\'', r == '’':
		case r == '@' || r == ':':
			if end := address(s, i); end > i {
				l.forgetWord() // the scheme of the address
				i = end
				continue
			}
			l.endWord()
			a.endWord()
		default:
			if r >= utf8.RuneSelf && unicode.IsLetter(r) {
				other++
			}
			l.endWord()
			a.endWord()
		}
		i += size
	}
	l.endWord()
	a.endWord()
	return other
}

// address returns the end of a web address or handle at i, i if there is none:
// they are in no language. The letters of "http" have been seen already; what is
// skipped is what follows them.
func address(s string, i int) int {
	if s[i] != '@' && !strings.HasPrefix(s[i:], "://") {
		return i
	}
	for i < len(s) && s[i] > ' ' {
		i++
	}
	return i
}

// trigramSide is the number of letters of a trigram: a to z and the edge.
const trigramSide = 27

// languages is a set of the languages that a small word is of.
type languages uint8

const (
	turkish  languages = 1 << iota
	english            //
	finglish           // Persian in Latin letters
	arabian            //
	foreign            // any other
)

// languageModels are the figures that Detect knows.
type languageModels struct {
	trigrams [trigramSide * trigramSide * trigramSide]int8 // positive is Turkish
	words    [1 << 12]smallWord                            // in Latin letters, a table of open addresses
	arabian  map[uint64]bool                               // small words of Arabic, by the key of arabic
	latin    [latinLetters]latinLetter
	arabic   [256]arabicLetter // from U+0600 on
}

//nolint:gochecknoglobals // read from the embedded files once, never changed
var models = sync.OnceValue(loadModels)

func loadModels() *languageModels {
	m := &languageModels{arabian: map[uint64]bool{}}
	for r := range rune(latinLetters) {
		m.latin[r] = latinLetterOf(r)
	}
	for i := range m.arabic {
		m.arabic[i] = arabicLetterOf(0x600 + rune(i))
	}
	for line := range strings.Lines(trigramFile) {
		weight, list, ok := strings.Cut(strings.TrimSpace(line), "\t")
		w, err := strconv.ParseInt(weight, 10, 8)
		if !ok || err != nil {
			continue // a comment; the test counts what was read
		}
		for _, t := range strings.Fields(list) {
			m.trigrams[trigramIndex(t[0], t[1], t[2])] = int8(w)
		}
	}
	for line := range strings.Lines(functionWordFile) {
		lang, list, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(list) {
			m.addWord(Fold(w, ""), setOf(lang))
		}
	}
	return m
}

// addWord notes whose small word w is.
func (m *languageModels) addWord(w string, set languages) {
	if set == arabian {
		a := arabic{model: m}
		for _, r := range w {
			a.letter(m.arabic[r&0xFF])
		}
		m.arabian[a.key] = true
		return
	}
	l := latin{model: m}
	if l.run(w, 0) == len(w) {
		w := m.word(l.word.key)
		w.key, w.of = l.word.key, w.of|set
	}
}

// smallWord is a word by which a language is known, by its key.
type smallWord struct {
	key uint64
	of  languages
}

// word returns the place of a small word, with an empty set if there is none.
func (m *languageModels) word(key uint64) *smallWord {
	i := key * 0x9E3779B97F4A7C15 >> 52
	for m.words[i].key != key && m.words[i].key != 0 {
		i = (i + 1) % uint64(len(m.words))
	}
	return &m.words[i]
}

// setOf returns the set that a line of the file of small words is about.
func setOf(lang string) languages {
	switch lang {
	case "tr":
		return turkish
	case "en":
		return english
	case "fa":
		return finglish
	case "ar":
		return arabian
	}
	return foreign
}

func trigramIndex(a, b, c byte) int {
	return (letterIndex(a)*trigramSide+letterIndex(b))*trigramSide + letterIndex(c)
}

func letterIndex(c byte) int {
	if c >= 'a' && c <= 'z' {
		return int(c-'a') + 1
	}
	return 0
}

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

// latin gathers what the Latin letters of a text show.
type latin struct {
	model   *languageModels
	letters int
	words   int
	sum     int    // of trigrams
	turkish int    // Turkish letters
	marks   int    // marked letters
	foreign int    // small words of other languages that are not ours
	small   [2]int // small words of Turkish, of English
	persian int    // words of Persian in Latin letters
	word    latinWord
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

func (l *latin) forgetWord() {
	l.letters -= l.word.n
	l.word = latinWord{}
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

// verdict weighs the evidence. One Turkish letter is worth about as much as a
// common Turkish word.
func (l *latin) verdict() (string, float64) {
	if l.words == 0 {
		return Undetermined, 0
	}
	score := float64(l.sum) + 20*float64(min(l.turkish, 10))
	confidence := min(1, absolute(score)/80)
	lang, native := "en", l.small[1]
	if score > 0 {
		lang, native = "tr", l.small[0]
	}
	if l.persian >= 2 && l.persian > native && l.turkish == 0 {
		return "fa", min(1, float64(l.persian)/4)
	}
	if l.turkish == 0 && l.isForeign(native) {
		return Undetermined, 0.8
	}
	return lang, confidence
}

// isForeign reports whether small words or marked letters show another language.
func (l *latin) isForeign(native int) bool {
	if l.foreign >= 2 && l.foreign > native+l.words/12 {
		return true
	}
	return l.marks >= 2 && l.marks*12 > l.words && l.foreign+l.marks > native
}

func absolute(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}
