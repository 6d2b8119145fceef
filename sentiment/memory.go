package sentiment

import (
	"hash/maphash"
	"math/bits"

	"feryat/text"
)

// Nine words of ten in a text are among a few thousand, and reading one afresh
// (its clues, folding, stems, endings) costs many times as much as remembering it.
const (
	maxCached     = 16384 // words, or readings of several, after which the next text begins a generation
	maxGeneration = 20480 // words of a generation, whatever its last text has
	maxCachedWord = 48    // bytes of a word
	shortWord     = 15    // bytes of a word that is its own key
)

// memory remembers words as typed: the young generation becomes the old one when
// it is full, and takes over those of its words that are met again.
type memory struct {
	seed       maphash.Seed
	salt       uint64
	young, old *generation
}

func newMemory() *memory {
	seed := maphash.MakeSeed()
	return &memory{seed: seed, salt: maphash.String(seed, ""), young: newGeneration(), old: newGeneration()}
}

// known is a word that was met and how the first lexicon read it: one line of the
// processor's cache, for what a word costs is mostly waiting for memory.
type known struct {
	key   key
	clues text.Clues
	form  form
	by    int32   // 1 + the order of the lexicon that form is of, 0 = none
	first reading // of the form
}

// places is the length of the table of words: a power of two, of which a third
// stays free. A reader has two tables of 2 MB, and as many readers as processors
// work at once.
const places = 1 << 15

// generation holds the words of some thousand texts.
type generation struct {
	words    *[places]known // a table of open addresses; the place of a word is its number
	count    int
	letters  []byte    // of the words that are no keys
	readings []reading // of forms that have several
	folded   []string  // the first is none
	others   map[formKey]form
}

// formKey names the form that a further lexicon gives a word.
type formKey struct {
	word    int32
	lexicon int32
}

func newGeneration() *generation {
	return &generation{words: new([places]known), folded: []string{""}, others: map[formKey]form{}}
}

func (g *generation) clear() {
	clear(g.words[:])
	clear(g.folded)
	clear(g.others)
	g.count, g.letters, g.readings, g.folded = 0, g.letters[:0], g.readings[:0], g.folded[:1]
}

// unnumbered is the number of a word that is not remembered.
const unnumbered = int32(-1)

// number returns the number of a word in the young generation: that of bytes start
// to end of a text. It holds until the next text.
func (m *memory) number(text string, start, end int) int32 {
	if end-start > maxCachedWord {
		return unnumbered
	}
	k, h := m.keyOf(text, start, end)
	return m.numberOf(k, h, text[start:end])
}

func (m *memory) numberOf(k key, h uint64, s string) int32 {
	n, ok := m.young.find(k, h, s)
	switch {
	case ok:
		return n
	case m.young.count >= maxGeneration:
		return unnumbered
	}
	m.young.put(n, k, s)
	if was, ok := m.old.find(k, h, s); ok {
		m.young.takeOver(n, m.old, was)
		return n
	}
	m.young.words[n].clues = text.Look(s)
	return n
}

// age begins a new generation if the young one is full.
func (m *memory) age() {
	if g := m.young; g.count >= maxCached || len(g.readings) >= 4*maxCached || len(g.others) >= maxCached {
		m.young, m.old = m.old, m.young
		m.young.clear()
	}
}

// clues returns those of word n, which is s.
func (m *memory) clues(n int32, s string) text.Clues {
	if n == unnumbered {
		return text.Look(s)
	}
	return m.young.words[n].clues
}

// key is a short word and, uppermost, how many bytes it has; of a longer one it is
// a hash, where its letters are, and how many with the highest bit set.
type key struct{ low, high uint64 }

const longWord = 1 << 63

// keyOf returns the key of the word at start, without the place of its letters, and
// its hash. Nearly always 16 bytes of the text can be taken and those behind the
// word masked: how long a word is cannot be foretold, and a wrong guess costs the
// processor as much as all the rest of this.
func (m *memory) keyOf(text string, start, end int) (k key, h uint64) {
	n := end - start
	k.high = uint64(n) << 56
	switch {
	case n > shortWord:
		k.low = maphash.String(m.seed, text[start:end])
		k.high |= longWord
		return k, k.low
	case start+16 <= len(text):
		low, high := eight(text[start:]), eight(text[start+8:])
		first := min(n, 8)
		k.low = low & (1<<(8*first) - 1)
		k.high |= high & (1<<(8*(n-first)) - 1)
	default:
		for i := range n {
			if i < 8 {
				k.low |= uint64(text[start+i]) << (8 * i)
			} else {
				k.high |= uint64(text[start+i]) << (8 * (i - 8))
			}
		}
	}
	high, low := bits.Mul64(k.low^m.salt, k.high^0x9E3779B97F4A7C15)
	return k, high ^ low
}

// eight returns the first bytes of s as one number.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// find returns the number of a word, or where it can be put.
func (g *generation) find(k key, h uint64, s string) (n int32, ok bool) {
	for i := h % places; ; i = (i + 1) % places {
		at := &g.words[i].key
		switch {
		case at.high == 0:
			return int32(i), false
		case at.low != k.low:
		case at.high == k.high, k.high&longWord != 0 && at.high>>56 == k.high>>56 && g.lettersAt(at.high, len(s)) == s:
			return int32(i), true
		}
	}
}

// lettersAt returns the letters of a long word, from the upper half of its key.
func (g *generation) lettersAt(high uint64, length int) string {
	at := high & (1<<56 - 1)
	return string(g.letters[at : at+uint64(length)])
}

// put puts a word at a free place.
func (g *generation) put(n int32, k key, s string) {
	if k.high&longWord != 0 {
		k.high |= uint64(len(g.letters))
		g.letters = append(g.letters, s...)
	}
	g.words[n].key = k
	g.count++
}

// takeOver gives word n what an older generation knows of it.
func (g *generation) takeOver(n int32, older *generation, was int32) {
	from, to := &older.words[was], &g.words[n]
	to.clues = from.clues
	if from.by > 0 {
		f := from.form
		g.keep(n, from.by-1, f, older.readingsOf(from), older.folded[f.folded])
	}
}

// readingsOf returns the readings of a word's first form.
func (g *generation) readingsOf(w *known) []reading {
	if w.form.readings == 1 {
		return []reading{w.first}
	}
	return g.readings[w.form.lo:w.form.hi()]
}

// keep notes how a lexicon reads word n.
func (g *generation) keep(n, lexicon int32, f form, readings []reading, folded string) {
	f.lo = int32(len(g.readings))
	if f.folded = 0; folded != "" {
		f.folded = int32(len(g.folded))
		g.folded = append(g.folded, folded)
	}
	w := &g.words[n]
	first := w.by == 0
	if first && len(readings) == 1 {
		w.form, w.by, w.first = f, lexicon+1, readings[0]
		return
	}
	g.readings = append(g.readings, readings...)
	if first {
		w.form, w.by = f, lexicon+1
		return
	}
	g.others[formKey{n, lexicon}] = f
}

// recall appends the readings of word n by a lexicon, if it is known, to dst.
func (g *generation) recall(dst []reading, n, lexicon int32) (f form, to []reading, ok bool) {
	lo := int32(len(dst))
	switch w := &g.words[n]; w.by {
	case lexicon + 1:
		f = w.form
		dst = append(dst, g.readingsOf(w)...)
	default:
		if f, ok = g.others[formKey{n, lexicon}]; !ok {
			return f, dst, false
		}
		dst = append(dst, g.readings[f.lo:f.hi()]...)
	}
	f.lo = lo
	return f, dst, true
}
