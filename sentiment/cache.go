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
	maxReadings   = 255  // of a word
)

// form is how a word as typed is read.
type form struct {
	lo        int32 // of its readings
	folded    int32 // its folded form in the list of them, 0 where the language joins no words
	readings  uint8
	content   bool // counts for coverage
	capitals  bool
	stretched bool // "çoook"
	denies    bool // the first reading is a negated form
	enters    bool // an entry begins with one of the readings
	mute      bool // and all such entries are mute
}

func (f form) hi() int32 { return f.lo + int32(f.readings) }

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

// slot is a place in the table of words, half a line of the processor's cache.
type slot struct {
	key  key
	form form
}

// generation remembers the words of some thousand texts by their letters as
// typed: short ones in a table of open addresses, the few long ones in a map.
type generation struct {
	words    int
	slots    []slot
	long     map[string]form
	readings []reading
	folded   []string
}

// slots is the length of the table: a power of two that leaves half of it free.
const slots = 2 * maxCached

func newGeneration() *generation {
	return &generation{slots: make([]slot, slots), long: map[string]form{}, folded: []string{""}}
}

// slot returns the place of a key, free if it is not there.
func (g *generation) slot(k key) *slot {
	i := (k.low ^ k.high*0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93 >> 40 % slots
	for {
		if s := &g.slots[i]; s.key == k || s.key == (key{}) {
			return s
		}
		i = (i + 1) % slots
	}
}

func (g *generation) get(s string) (f form, ok bool) {
	if len(s) > shortWord {
		f, ok = g.long[s]
		return f, ok
	}
	at := g.slot(keyOf(s))
	return at.form, at.key != key{}
}

func (g *generation) put(s string, f form, readings []reading, folded string) {
	f.lo = int32(len(g.readings))
	g.readings = append(g.readings, readings...)
	if f.folded = 0; folded != "" {
		f.folded = int32(len(g.folded))
		g.folded = append(g.folded, folded)
	}
	g.words++
	if len(s) > shortWord {
		g.long[strings.Clone(s)] = f
		return
	}
	k := keyOf(s)
	*g.slot(k) = slot{k, f}
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
		r.remember(s, f, g.readings[f.lo:f.hi()], g.folded[f.folded])
	}
	lo := int32(len(r.readings))
	r.readings = append(r.readings, g.readings[f.lo:f.hi()]...)
	f.lo = lo
	if f.folded > 0 {
		f.folded = r.keepFolded(g.folded[f.folded])
	}
	return f, true
}

// keepFolded adds to the folded words of the text and returns its place.
func (r *reader) keepFolded(s string) int32 {
	r.folded = append(r.folded, s)
	return int32(len(r.folded) - 1)
}

// readAfresh reads s, whose folded form is in r.fold.
func (r *reader) readAfresh(x *lexicon, kind text.Kind, s string) form {
	r.fresh = r.fresh[:0]
	var f form
	switch kind {
	case text.Word, text.Hashtag:
		f.content, f.capitals = true, isCapitals(s)
		f.stretched = r.readWord(x)
	default:
		if id := x.words.ID(r.fold); id != NoWord {
			r.fresh = append(r.fresh, Reading{Word: id})
		}
	}
	r.place(x, &f)
	folded := ""
	if x.Joins != nil {
		folded = string(r.fold)
		f.folded = r.keepFolded(folded)
	}
	r.remember(s, f, r.readings[f.lo:f.hi()], folded)
	return f
}

// place puts the fresh readings of a word among those of the text.
func (r *reader) place(x *lexicon, f *form) {
	f.mute = true
	r.fresh = r.fresh[:min(len(r.fresh), maxReadings)]
	f.lo, f.readings = int32(len(r.readings)), uint8(len(r.fresh))
	for i, fresh := range r.fresh {
		at := reading{Reading: fresh}
		if fresh.Word != NoWord {
			at.root = x.roots[fresh.Word]
			f.mute = f.mute && (at.root == 0 || x.nodes[at.root].effects&mute != 0)
		}
		r.readings = append(r.readings, at)
		f.enters = f.enters || at.root != 0
		f.denies = f.denies || i == 0 && fresh.Negated
		f.content = f.content && !x.words.IsStop(fresh.Word)
	}
}

// remember keeps a form with its readings and folded form.
func (r *reader) remember(s string, f form, readings []reading, folded string) {
	if len(s) > maxCachedWord {
		return
	}
	c := r.cache
	if c.young.words >= maxCached {
		c.old, c.young = c.young, newGeneration()
	}
	c.young.put(s, f, readings, folded)
}
