package sentiment

import (
	"slices"

	"feryat/text"
)

// maxReadings is how many readings a word may have.
const maxReadings = 255

// form is how a word as typed is read.
type form struct {
	lo       int32 // of its readings
	folded   int32 // its folded form in the list of them, 0 where the language joins no words
	readings uint8
	traits   traits
}

func (f form) hi() int32 { return f.lo + int32(f.readings) }

// traits is a set of what a word is by itself.
type traits uint8

const (
	withContent traits = 1 << iota // counts for coverage
	inCapitals
	drawnOut   // "çoook"
	denying    // its first reading is a negated form
	asParticle // its first reading is a particle
	entering   // an entry begins with one of its readings
	muted      // and all such entries are mute
)

func (t traits) has(one traits) bool { return t&one != 0 }

// recall returns how word n is read if it is remembered.
func (r *reader) recall(x *lexicon, n int32) (f form, ok bool) {
	if n == unnumbered {
		return f, false
	}
	g := r.memory.young
	if w := &g.words[n]; w.by == x.order+1 && w.form.readings == 1 { // nearly all
		f = w.form
		f.lo = int32(len(r.readings))
		r.readings = append(r.readings, w.first)
	} else if f, r.readings, ok = g.recall(r.readings, n, x.order); !ok {
		return f, false
	}
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
		f.traits |= withContent
		if isCapitals(s) {
			f.traits |= inCapitals
		}
		if r.readWord(x) {
			f.traits |= drawnOut
		}
		r.readNumber(x)
	case text.Number: // as any, and as itself where an entry names it ("5 yıldız")
		r.fresh = append(r.fresh, Reading{Word: x.number})
		r.readExactly(x)
	default:
		r.readExactly(x)
	}
	r.place(x, &f)
	folded := ""
	if x.Joins != nil {
		folded = string(r.fold)
		f.folded = r.keepFolded(folded)
	}
	if n != unnumbered {
		r.memory.young.keep(n, x.order, f, r.readings[f.lo:f.hi()], folded)
	}
	return f
}

// place puts the fresh readings of a word among those of the text.
func (r *reader) place(x *lexicon, f *form) {
	r.fresh = r.fresh[:min(len(r.fresh), maxReadings)]
	f.lo, f.readings = int32(len(r.readings)), uint8(len(r.fresh))
	f.traits |= muted
	for i, fresh := range r.fresh {
		at := reading{word: fresh.Word, negated: fresh.Negated, wished: fresh.Wished}
		if fresh.Word != NoWord {
			at.root = x.roots[fresh.Word]
			at.effects = x.nodes[at.root].effects
		}
		r.readings = append(r.readings, at)
		if at.root != 0 {
			f.traits |= entering
			if at.effects&mute == 0 {
				f.traits &^= muted
			}
		}
		if i == 0 && fresh.Negated && !fresh.Without {
			f.traits |= denying
		}
		if i == 0 && slices.Contains(x.particles, fresh.Word) {
			f.traits |= asParticle
		}
		if x.words.IsStop(fresh.Word) {
			f.traits &^= withContent
		}
	}
}
