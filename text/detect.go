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

// DetectBytes is how much of a text Detect looks at: enough to be sure.
const DetectBytes = 1500

// combining is the first byte of the marks that Latin letters are composed with.
const combining = 0xCC

// Detect says which language s is in: "tr", "fa", "en", or "und" for any other
// and for texts without words. Turkish typed without its letters counts as
// Turkish, Persian typed in Latin letters as Persian. Confidence goes from 0 (a
// guess) to 1; a single word that several languages share gives a low one.
func Detect(s string) (lang string, confidence float64) {
	var all Evidence
	for i := 0; i < min(len(s), DetectBytes); {
		kind, end, ok := next(s, i)
		if ok && (kind == Word || kind == Hashtag) {
			all.Add(Look(s[i:end]))
		}
		i = end
	}
	return all.Language()
}

// gather shows l and a the letters of a word that are theirs, and counts the others.
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
