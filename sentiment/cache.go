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
	lo, hi    int32 // readings
	content   bool  // counts for coverage
	capitals  bool
	stretched bool   // "çoook"
	folded    string // empty where the language joins no words
}

// key is a word of 15 bytes or fewer and, uppermost, how many they are.
type key struct{ low, high uint64 }

func keyOf(s string) (k key) {
	n := len(s)
	switch {
	case n >= 8:
		k.low, k.high = eight(s), eight(s[n-8:])>>(8*(16-n))
	case n >= 4:
		k.low = four(s) | four(s[n-4:])>>(8*(8-n))<<32
	default:
		for i := range n {
			k.low = k.low<<8 | uint64(s[i])
		}
	}
	k.high |= uint64(n) << 56
	return k
}

// eight and four return the first bytes of s as one number.
func eight(s string) uint64 { return four(s) | four(s[4:])<<32 }

func four(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

const shortWord = 15

// generation remembers the words of some thousand texts by their letters as
// typed: short ones in a table of open addresses, the few long ones in a map.
type generation struct {
	words    int
	keys     []key
	forms    []form
	long     map[string]form
	readings []Reading
}

// slots is the length of the table: a power of two that leaves half of it free.
const slots = 2 * maxCached

func newGeneration() *generation {
	return &generation{keys: make([]key, slots), forms: make([]form, slots), long: map[string]form{}}
}

// slot returns the place of a key, free if it is not there.
func (g *generation) slot(k key) uint64 {
	i := (k.low ^ k.high*0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93 >> 40 % slots
	for g.keys[i] != k && g.keys[i] != (key{}) {
		i = (i + 1) % slots
	}
	return i
}

func (g *generation) get(s string) (f form, ok bool) {
	if len(s) > shortWord {
		f, ok = g.long[s]
		return f, ok
	}
	i := g.slot(keyOf(s))
	return g.forms[i], g.keys[i] != key{}
}

func (g *generation) put(s string, f form, readings []Reading) {
	f.lo = int32(len(g.readings))
	g.readings = append(g.readings, readings...)
	f.hi = int32(len(g.readings))
	g.words++
	if len(s) > shortWord {
		g.long[strings.Clone(s)] = f
		return
	}
	k := keyOf(s)
	i := g.slot(k)
	g.keys[i], g.forms[i] = k, f
}

// cache remembers words: the young generation becomes the old one when it is
// full, and takes over those of its words that are met again.
type cache struct{ young, old *generation }

// cacheOf returns the reader's cache of a lexicon.
func (r *reader) cacheOf(x *lexicon) *cache {
	c := r.caches[x]
	if c == nil {
		if r.caches == nil {
			r.caches = map[*lexicon]*cache{}
		}
		c = &cache{young: newGeneration()}
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
	g := r.cache.young
	f, ok := g.get(s)
	if !ok {
		if g = r.cache.old; g == nil {
			return f, false
		}
		if f, ok = g.get(s); !ok {
			return f, false
		}
		r.remember(s, f, g.readings[f.lo:f.hi])
	}
	lo := int32(len(r.readings))
	r.readings = append(r.readings, g.readings[f.lo:f.hi]...)
	f.lo, f.hi = lo, int32(len(r.readings))
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
		if x.words.IsStop(reading.Word) {
			f.content = false
		}
	}
	if x.Joins != nil {
		f.folded = string(r.fold)
	}
	r.remember(s, f, r.readings[f.lo:f.hi])
	return f
}

// remember keeps a form and its readings.
func (r *reader) remember(s string, f form, readings []Reading) {
	if len(s) > maxCachedWord {
		return
	}
	c := r.cache
	if c.young.words >= maxCached {
		c.old, c.young = c.young, newGeneration()
	}
	c.young.put(s, f, readings)
}
