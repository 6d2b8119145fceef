package sentiment

import (
	"hash/maphash"
	"slices"

	"feryat/text"
)

// Nine words of ten in a text are among a few thousand, and reading one afresh
// (its clues, folding, stems, endings) costs many times as much as remembering it.
const (
	maxCached     = 8192          // words after which the next text begins a generation
	maxGeneration = 2 * maxCached // words of a generation, whatever its last text has
	maxCachedWord = 48            // bytes of a word
	maxReadings   = 255           // of a word
)

// form is how a word as typed is read.
type form struct {
	lo        int32 // of its readings
	folded    int32 // its folded form in the list of them, 0 where the language joins no words
	readings  uint8
	known     bool // it has been read
	content   bool // counts for coverage
	capitals  bool
	stretched bool // "çoook"
	denies    bool // the first reading is a negated form
	particle  bool // and this one is a particle
	enters    bool // an entry begins with one of the readings
	mute      bool // and all such entries are mute
}

func (f form) hi() int32 { return f.lo + int32(f.readings) }

// memory remembers words as typed: the young generation becomes the old one when
// it is full, and takes over those of its words that are met again.
type memory struct {
	lexicons   int // that read words
	seed       maphash.Seed
	young, old *generation
}

func newMemory(lexicons int) *memory {
	return &memory{lexicons: lexicons, seed: maphash.MakeSeed(), young: newGeneration(), old: newGeneration()}
}

// unnumbered is the number of a word that is not remembered.
const unnumbered = int32(-1)

// number returns the number of a word in the young generation.
func (m *memory) number(s string) int32 {
	if len(s) > maxCachedWord {
		return unnumbered
	}
	h := maphash.String(m.seed, s)
	if n, ok := m.young.find(h, s); ok {
		return n
	}
	if len(m.young.words) >= maxGeneration {
		return unnumbered
	}
	if n, ok := m.old.find(h, s); ok {
		return m.takeOver(n, h, s)
	}
	return m.young.add(h, s, text.Look(s), m.lexicons)
}

// takeOver makes word n of the old generation one of the young.
func (m *memory) takeOver(n int32, h uint64, s string) int32 {
	from, to := m.old, m.young
	taken := to.add(h, s, from.words[n].clues, m.lexicons)
	for i := range m.lexicons {
		if f := from.forms[int(n)*m.lexicons+i]; f.known {
			to.keep(int(taken)*m.lexicons+i, f, from.readings[f.lo:f.hi()], from.folded[f.folded])
		}
	}
	return taken
}

// age begins a new generation if the young one is full. Numbers hold until then.
func (m *memory) age() {
	if len(m.young.words) >= maxCached {
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

// generation holds the words of some thousand texts and how lexicons read them.
type generation struct {
	slots    []slot // a table of open addresses
	words    []known
	letters  []byte // of the words
	forms    []form // of each word for each lexicon
	readings []reading
	folded   []string // the first is none
}

// slot is a place in the table of words.
type slot struct {
	tag  uint32 // of the hash
	word int32  // 1 + its number, 0 = free
}

// known is a word that was met.
type known struct {
	at, length int32 // of its letters
	clues      text.Clues
}

// slots is the length of the table: a power of two that leaves half of it free.
const slots = 2 * maxGeneration

func newGeneration() *generation {
	return &generation{slots: make([]slot, slots), folded: []string{""}}
}

func (g *generation) clear() {
	clear(g.slots)
	clear(g.folded)
	g.words, g.letters, g.forms, g.readings, g.folded = g.words[:0], g.letters[:0], g.forms[:0], g.readings[:0], g.folded[:1]
}

// find returns the number of a word with hash h.
func (g *generation) find(h uint64, s string) (n int32, ok bool) {
	for i := h % slots; ; i = (i + 1) % slots {
		at := g.slots[i]
		if at.word == 0 {
			return 0, false
		}
		if at.tag == uint32(h>>32) && g.spells(at.word-1, s) {
			return at.word - 1, true
		}
	}
}

func (g *generation) spells(n int32, s string) bool {
	w := &g.words[n]
	return string(g.letters[w.at:w.at+w.length]) == s
}

// add numbers a word that is not there.
func (g *generation) add(h uint64, s string, clues text.Clues, lexicons int) int32 {
	n := int32(len(g.words))
	g.words = append(g.words, known{int32(len(g.letters)), int32(len(s)), clues})
	g.letters = append(g.letters, s...)
	g.forms = slices.Grow(g.forms, lexicons)[:len(g.forms)+lexicons]
	clear(g.forms[len(g.forms)-lexicons:])
	i := h % slots
	for g.slots[i].word != 0 {
		i = (i + 1) % slots
	}
	g.slots[i] = slot{uint32(h >> 32), n + 1}
	return n
}

// keep puts a form with its readings and folded form at its place.
func (g *generation) keep(place int, f form, readings []reading, folded string) {
	f.lo, f.known = int32(len(g.readings)), true
	g.readings = append(g.readings, readings...)
	if f.folded = 0; folded != "" {
		f.folded = int32(len(g.folded))
		g.folded = append(g.folded, folded)
	}
	g.forms[place] = f
}

// formOf returns how word n, tag or emoji s, is read; its readings are appended
// to those of the text.
func (r *reader) formOf(x *lexicon, n int32, kind text.Kind, s string) form {
	if f, ok := r.recall(x, n); ok {
		return f
	}
	r.fold = foldToken(r.fold[:0], kind, s, x.Code)
	return r.readAfresh(x, n, kind, s)
}

// recall returns how word n is read if it is remembered.
func (r *reader) recall(x *lexicon, n int32) (f form, ok bool) {
	if n == unnumbered {
		return f, false
	}
	g := r.memory.young
	f = g.forms[int(n)*r.memory.lexicons+x.order]
	if !f.known {
		return f, false
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

// readAfresh reads word n, s, whose folded form is in r.fold.
func (r *reader) readAfresh(x *lexicon, n int32, kind text.Kind, s string) form {
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
	if n != unnumbered {
		r.memory.young.keep(int(n)*r.memory.lexicons+x.order, f, r.readings[f.lo:f.hi()], folded)
	}
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
		f.particle = f.particle || i == 0 && slices.Contains(x.particles, fresh.Word)
		f.content = f.content && !x.words.IsStop(fresh.Word)
	}
}
