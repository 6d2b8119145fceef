package sentiment

import (
	"strings"

	"feryat/text"
)

// Nine words of ten in a text are among a few thousand, and reading one afresh
// (folding, stems, endings) costs many times as much as remembering it.
const (
	maxCached     = 8192 // words of a generation
	maxCachedWord = 48   // bytes of a word
)

// form is how a word as typed is read.
type form struct {
	folded    string // empty where the language joins no words
	lo, hi    int32  // readings
	content   bool   // counts for coverage
	capitals  bool
	stretched bool // "çoook"
}

// generation remembers the words of some thousand texts by their letters as typed.
type generation struct {
	forms    map[string]form
	typed    strings.Builder // the keys, so that they keep no text alive
	readings []Reading
}

// cache remembers words: the young generation becomes the old one when it is
// full, and takes over those of its words that are met again.
type cache struct{ young, old *generation }

func newGeneration() *generation { return &generation{forms: make(map[string]form)} }

// cacheOf returns the reader's cache of a lexicon.
func (r *reader) cacheOf(x *lexicon) *cache {
	c := r.caches[x]
	if c == nil {
		if r.caches == nil {
			r.caches = map[*lexicon]*cache{}
		}
		c = &cache{young: newGeneration(), old: newGeneration()}
		r.caches[x] = c
	}
	return c
}

// formOf returns how the word, tag or emoji s is read; its readings are appended
// to those of the text.
func (r *reader) formOf(x *lexicon, kind text.Kind, s string) form {
	if f, ok := r.cached(s); ok {
		return f
	}
	r.fold = foldToken(r.fold[:0], kind, s, x.Code)
	return r.readAfresh(x, kind, s)
}

// cached returns the form of s if it is remembered.
func (r *reader) cached(s string) (form, bool) {
	lo := int32(len(r.readings))
	f, ok := r.cache.young.forms[s]
	if ok {
		r.readings = append(r.readings, r.cache.young.readings[f.lo:f.hi]...)
		f.lo, f.hi = lo, int32(len(r.readings))
		return f, true
	}
	if f, ok = r.cache.old.forms[s]; !ok {
		return f, false
	}
	r.readings = append(r.readings, r.cache.old.readings[f.lo:f.hi]...)
	f.lo, f.hi = lo, int32(len(r.readings))
	r.remember(s, f)
	return f, true
}

// readAfresh reads s, whose folded form is in r.fold.
func (r *reader) readAfresh(x *lexicon, kind text.Kind, s string) form {
	f := form{lo: int32(len(r.readings))}
	switch kind {
	case text.Word, text.Hashtag:
		f.content, f.capitals = true, isCapitals(s)
		f.stretched = r.readWord(x)
	default:
		if id := x.words.ID(r.fold); id != NoWord {
			r.readings = append(r.readings, Reading{Word: id})
		}
	}
	f.hi = int32(len(r.readings))
	for _, reading := range r.readings[f.lo:f.hi] {
		if x.words.isStop(reading.Word) {
			f.content = false
		}
	}
	if x.Joins != nil {
		f.folded = string(r.fold)
	}
	r.remember(s, f)
	return f
}

// remember keeps a form whose readings are among those of the text.
func (r *reader) remember(s string, f form) {
	if len(s) > maxCachedWord {
		return
	}
	c := r.cache
	if len(c.young.forms) >= maxCached {
		c.old, c.young = c.young, newGeneration()
	}
	g := c.young
	at := g.typed.Len()
	g.typed.WriteString(s)
	lo := int32(len(g.readings))
	g.readings = append(g.readings, r.readings[f.lo:f.hi]...)
	f.lo, f.hi = lo, int32(len(g.readings))
	g.forms[g.typed.String()[at:]] = f
}
