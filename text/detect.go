package text

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
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

// Detect says which language s is in: "tr", "fa", "en", or "und" for any other
// and for texts without words. Turkish typed without its letters counts as
// Turkish, Persian typed in Latin letters as Persian. Confidence goes from 0 (a guess) to 1; a single word that several
// languages share gives a low one.
func Detect(s string) (lang string, confidence float64) {
	if len(s) > detectBytes {
		s = s[:detectBytes]
	}
	var l latin
	var a arabic
	l.model = models()
	a.model = l.model
	other := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf && !isLetter(rune(c)) {
			if skip := address(s, i); skip > i {
				l.forgetWord() // the scheme of the address
				i = skip
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r < 0x250 && isLetter(r):
			l.letter(r)
		case r >= 0x600 && r <= 0x6FF && unicode.IsLetter(r), r == 0x200C:
			a.letter(r)
		case r >= 0x300 && r <= 0x36F, r == '\'' || r == '’':
		case unicode.IsLetter(r):
			other++
			fallthrough
		default:
			l.endWord()
			a.endWord()
		}
	}
	l.endWord()
	a.endWord()
	switch {
	case other > l.letters && other > a.letters, l.letters == 0 && a.letters == 0:
		return Undetermined, 0
	case a.letters >= l.letters:
		return a.verdict()
	}
	return l.verdict()
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
	words    map[string]languages                          // small words
}

//nolint:gochecknoglobals // read from the embedded files once, never changed
var models = sync.OnceValue(loadModels)

func loadModels() *languageModels {
	m := &languageModels{words: map[string]languages{}}
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
			m.words[Fold(w, "")] |= setOf(lang)
		}
	}
	return m
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

// latin gathers what the Latin letters of a text show.
type latin struct {
	model   *languageModels
	letters int
	words   int
	sum     int    // of trigrams
	turkish int    // letters that of the three only Turkish has: ğ ş ı İ
	marks   int    // letters with marks that Turkish and English do not have
	foreign int    // small words of other languages that are not ours
	small   [2]int // small words of Turkish, of English
	persian int    // words of Persian in Latin letters
	word    [24]byte
	n       int
	long    bool
}

func (l *latin) letter(r rune) {
	l.letters++
	switch r {
	case 'ğ', 'Ğ', 'ş', 'Ş', 'ı', 'İ':
		l.turkish++
	case 'ç', 'Ç', 'ö', 'Ö', 'ü', 'Ü', 'â', 'î', 'û', 'Â', 'Î', 'Û':
	default:
		if r >= utf8.RuneSelf {
			l.marks++
		}
	}
	r = foldLatin(r, false)
	if r < 'a' || r > 'z' {
		return
	}
	if l.n == len(l.word) {
		l.long = true
		return
	}
	l.word[l.n] = byte(r)
	l.n++
}

func (l *latin) forgetWord() {
	l.letters -= l.n
	l.n, l.long = 0, false
}

func (l *latin) endWord() {
	if l.n == 0 {
		return
	}
	w := l.word[:l.n]
	if !l.long {
		l.words++
		var a, b byte = '_', w[0]
		for _, c := range w[1:] {
			l.sum += int(l.model.trigrams[trigramIndex(a, b, c)])
			a, b = b, c
		}
		l.sum += int(l.model.trigrams[trigramIndex(a, b, '_')])
		l.count(w)
	}
	l.n, l.long = 0, false
}

// count notes whose small word w is.
func (l *latin) count(w []byte) {
	set := l.model.words[string(w)]
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
