package text

import (
	"math"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Clues is what one word shows of the language that it is in: up to fourteen
// counts of a byte each, and over them what its trigrams add up to. It is that
// small, and added up by a few instructions, because every word of every text is
// asked for it. Counts stop at 255.
type Clues struct{ low, high uint64 }

// clue is a count of Clues and Evidence.
type clue uint

const (
	latinCount clue = iota // letters
	latinWords
	turkishLetters
	markedLetters
	foreignWords // small ones of other languages in Latin letters
	turkishWords // small ones, as the next
	englishWords
	finglishWords
	arabicCount // letters
	arabicWords
	persianLetters
	arabianClues // letters that Persian does not have, Arabic small words and articles
	otherCount   // letters of other scripts
	clueCount
)

// sumShift is where in the upper half the sum of the trigrams stands.
const sumShift = 48

// Look returns the clues of a token of kind Word or Hashtag.
func Look(word string) Clues {
	if strings.IndexByte(word, combining) >= 0 {
		word = norm.NFC.String(word) // "ç" typed as two runes is the letter that tells Turkish
	}
	m := models()
	l, a := latin{model: m}, arabic{model: m}
	other := gather(word, &l, &a)
	sum := int16(max(math.MinInt16, min(math.MaxInt16, l.sum)))
	c := Clues{high: uint64(uint16(sum)) << sumShift}
	for of, n := range [clueCount]int{
		latinCount: l.letters, latinWords: l.words, turkishLetters: l.turkish, markedLetters: l.marks,
		foreignWords: l.foreign, turkishWords: l.small[0], englishWords: l.small[1], finglishWords: l.persian,
		arabicCount: a.letters, arabicWords: a.words, persianLetters: a.persian, arabianClues: a.foreign, otherCount: other,
	} {
		c.set(clue(of), uint64(min(n, math.MaxUint8)))
	}
	return c
}

func (c *Clues) set(of clue, n uint64) {
	if of < 8 {
		c.low |= n << (8 * of)
		return
	}
	c.high |= n << (8 * (of - 8))
}

// Evidence is the sum of the clues of a text's words: those of DetectBytes of it
// are enough, and twenty times as many can be added. The zero value is that of no
// word.
type Evidence struct {
	even, odd [2]uint64 // counts of two bytes: those at even places of Clues, and the others
	sum       int
}

// Add adds the clues of one more word.
func (e *Evidence) Add(c Clues) {
	const every = 0x00FF00FF00FF00FF
	high := c.high & (1<<sumShift - 1)
	e.even[0] += c.low & every
	e.odd[0] += c.low >> 8 & every
	e.even[1] += high & every
	e.odd[1] += high >> 8 & every
	e.sum += int(int16(c.high >> sumShift))
}

func (e *Evidence) count(of clue) int {
	from := &e.even
	if of%2 == 1 {
		from = &e.odd
	}
	return int(uint16(from[of/8] >> (16 * (of % 8 / 2))))
}

// Language says which language the evidence shows, as Detect does.
func (e *Evidence) Language() (lang string, confidence float64) {
	latin, arabic, other := e.count(latinCount), e.count(arabicCount), e.count(otherCount)
	switch {
	case other > latin && other > arabic, latin == 0 && arabic == 0:
		return Undetermined, 0
	case arabic >= latin:
		return e.arabic(arabic)
	}
	return e.latin()
}
