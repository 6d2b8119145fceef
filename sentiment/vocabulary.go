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
	plain    map[string]WordID // typed without Turkish letters
	prefixes map[string]WordID
	shortest int // bytes of the shortest and the longest prefix
	longest  int
	stop     []bool // by WordID
}

func newVocabulary() *Vocabulary {
	return &Vocabulary{ids: map[string]WordID{}, plain: map[string]WordID{}, prefixes: map[string]WordID{}}
}

// ID returns the number of a folded word, NoWord if it is in no data file.
func (v *Vocabulary) ID(word []byte) WordID {
	if id, ok := v.ids[string(word)]; ok {
		return id
	}
	return NoWord
}

// Plain returns the number of the one word that is typed like this without
// Turkish letters, NoWord if there is none or if the letters spell a word of
// their own.
func (v *Vocabulary) Plain(word []byte) WordID {
	if id, ok := v.plain[string(word)]; ok {
		return id
	}
	return NoWord
}

// prefix returns the number of the longest prefix entry that word begins with.
func (v *Vocabulary) prefix(word []byte) WordID {
	for n := min(len(word), v.longest); n >= v.shortest && n > 0; n-- {
		if n < len(word) && !utf8.RuneStart(word[n]) {
			continue
		}
		if id, ok := v.prefixes[string(word[:n])]; ok {
			return id
		}
	}
	return NoWord
}

// IsStop reports whether a word carries no content.
func (v *Vocabulary) IsStop(id WordID) bool { return id >= 0 && v.stop[id] }

func (v *Vocabulary) isStop(id WordID) bool { return v.IsStop(id) }

// add returns the number of a word of an entry, a new one if need be.
func (v *Vocabulary) add(word string) WordID {
	if stem, ok := strings.CutSuffix(word, "*"); ok && stem != "" {
		return v.addPrefix(stem)
	}
	return v.intern(v.ids, word)
}

func (v *Vocabulary) addPrefix(stem string) WordID {
	if len(v.prefixes) == 0 || len(stem) < v.shortest {
		v.shortest = len(stem)
	}
	v.longest = max(v.longest, len(stem))
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
		v.plain[plain] = id
	}
}
