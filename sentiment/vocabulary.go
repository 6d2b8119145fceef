package sentiment

import (
	"strings"
	"unicode/utf8"

	"feryat/text"
)

// Limits of entries.
const (
	maxPhrase = 8 // words of a phrase, gaps included
	minPrefix = 3 // letters before the star of a prefix
	maxGap    = 3 // words that a gap may skip
)

// Words of entries that stand for more than one word.
const (
	numberWord = "<n>"
	gapWord    = ".."
)

// Vocabulary numbers all words of a language's data files.
type Vocabulary struct {
	ids      map[string]WordID
	plain    map[string]spelledWord // by what it is without Turkish letters
	prefixes map[string]WordID
	longest  int    // bytes of the longest prefix
	stop     []bool // by WordID
	spelt    sketch // of all words without Turkish letters
	begun    sketch // of the prefixes
}

func newVocabulary(words int) *Vocabulary {
	return &Vocabulary{ids: make(map[string]WordID, words), plain: map[string]spelledWord{}, prefixes: map[string]WordID{}}
}

// ID returns the number of a folded word, NoWord if it is in no data file.
func (v *Vocabulary) ID(word []byte) WordID {
	if id, ok := v.ids[string(word)]; ok {
		return id
	}
	return NoWord
}

// spelledWord is a word with its letters as they stand in the data files.
type spelledWord struct {
	id   WordID
	word string
}

// Plain returns the number of the one word that is plain without Turkish
// letters and that may have been typed like this. NoWord if there is none, if
// the plain letters spell a word of their own, or if a letter was typed that the
// word has not: "basında" may be meant by "basinda", not by "başında".
func (v *Vocabulary) Plain(plain, typed []byte) WordID {
	w, ok := v.plain[string(plain)]
	if !ok || !carelessly(w.word, typed) {
		return NoWord
	}
	return w.id
}

// carelessly reports whether typed is word with some Turkish letters left out;
// ı and i are mixed up both ways.
func carelessly(word string, typed []byte) bool {
	for _, want := range word {
		got, size := utf8.DecodeRune(typed)
		if got != want && got >= utf8.RuneSelf && got != 'ı' {
			return false
		}
		typed = typed[size:]
	}
	return true
}

// prefix returns the number of the longest prefix entry that word begins with.
func (v *Vocabulary) prefix(word []byte) WordID {
	id := NoWord
	var sum Sum
	for n := 1; n <= min(len(word), v.longest); n++ {
		sum = sum.Add(word[n-1])
		if !v.begun.has(sum) {
			continue
		}
		if longer, ok := v.prefixes[string(word[:n])]; ok {
			id = longer
		}
	}
	return id
}

// MaySpell reports whether a word of the vocabulary may have this sum, as typed
// without Turkish letters. No is certain: rules that try many stems ask it first.
func (v *Vocabulary) MaySpell(s Sum) bool { return v.spelt.has(s) }

// Sum is a running sum over the letters of a word. The zero value is that of no
// letter.
type Sum uint64

// Add returns the sum with one letter more.
func (s Sum) Add(letter byte) Sum { return (s + Sum(letter) + 1) * 0x9E3779B97F4A7C15 }

func sumOf(word string) (s Sum) {
	for i := range len(word) {
		s = s.Add(word[i])
	}
	return s
}

// sketch is a set of sums that is quick to ask and at times says yes wrongly.
type sketch [1 << 11]uint64

func (k *sketch) add(s Sum)      { k[s>>53] |= 1 << (s >> 47 & 63) }
func (k *sketch) has(s Sum) bool { return k[s>>53]&(1<<(s>>47&63)) != 0 }

// IsStop reports whether a word carries no content.
func (v *Vocabulary) IsStop(id WordID) bool { return id >= 0 && v.stop[id] }

// add returns the number of a word of an entry, a new one if need be.
func (v *Vocabulary) add(word string) WordID {
	if stem, ok := strings.CutSuffix(word, "*"); ok && stem != "" {
		return v.addPrefix(stem)
	}
	return v.intern(v.ids, word)
}

func (v *Vocabulary) addPrefix(stem string) WordID {
	v.longest = max(v.longest, len(stem))
	v.begun.add(sumOf(stem))
	return v.intern(v.prefixes, stem)
}

func (v *Vocabulary) intern(in map[string]WordID, word string) WordID {
	if id, ok := in[word]; ok {
		return id
	}
	id := WordID(len(v.stop))
	in[word] = id
	v.stop = append(v.stop, false)
	return id
}

// indexPlain fills the index of words typed without Turkish letters. Where two
// words look the same so, or a word of plain letters exists, nothing is sure and
// the spelling stays out.
func (v *Vocabulary) indexPlain() {
	taken := map[string]bool{}
	for word, id := range v.ids {
		plain := string(text.AppendSkeleton(nil, []byte(word)))
		v.spelt.add(sumOf(plain))
		if plain == word || taken[plain] {
			continue
		}
		if _, own := v.ids[plain]; own {
			continue
		}
		if _, twice := v.plain[plain]; twice {
			delete(v.plain, plain)
			taken[plain] = true
			continue
		}
		v.plain[plain] = spelledWord{id, word}
	}
}
