package sentiment

import (
	"unicode"
	"unicode/utf8"

	"feryat/text"
)

// reading is a Reading with the node of the trie that its word leads to.
type reading struct {
	word    WordID
	root    int32  // 0 where no entry begins with the word
	effects effect // of the root
	negated bool
	wished  bool
}

// readNumber adds to the readings of a word that it is a number, where one of
// them is: "five", "beşinci" by its stem.
func (r *reader) readNumber(x *lexicon) {
	for _, f := range r.fresh {
		if x.numbers[f.Word] {
			r.fresh = append(r.fresh, Reading{Word: x.number})
			return
		}
	}
}

func foldToken(dst []byte, kind text.Kind, s, code string) []byte {
	switch kind {
	case text.Emoticon:
		return text.EmoticonKey(dst, s)
	case text.Hashtag:
		return text.AppendFold(dst, s[1:], code)
	}
	return text.AppendFold(dst, s, code)
}

// readExactly adds the word that is written in r.fold.
func (r *reader) readExactly(x *lexicon) {
	if id := x.words.ID(r.fold); id != NoWord {
		r.fresh = append(r.fresh, Reading{Word: id})
	}
}

// readWord collects the readings of the folded word in r.fold: itself, the word
// without its stretched letters, its stems, and what it begins with. It reports
// whether letters were stretched.
func (r *reader) readWord(x *lexicon) (stretched bool) {
	id := x.words.ID(r.fold)
	if id != NoWord {
		r.fresh = append(r.fresh, Reading{Word: id})
		if x.words.IsStop(id) {
			return false
		}
	}
	r.variant, stretched = text.AppendSqueezed(r.variant[:0], r.fold, 1)
	if stretched {
		r.readForm(x, r.variant)
		if len(r.fresh) == 0 {
			r.variant, _ = text.AppendSqueezed(r.variant[:0], r.fold, 2)
			r.readForm(x, r.variant)
		}
	} else if x.Rules != nil {
		r.fresh = x.Rules.Read(r.fresh, r.fold, x.words)
	}
	if id = x.words.prefix(r.fold); id != NoWord {
		r.fresh = append(r.fresh, Reading{Word: id})
	}
	return stretched
}

// readForm adds a word's exact and inflected readings.
func (r *reader) readForm(x *lexicon, form []byte) {
	if id := x.words.ID(form); id != NoWord {
		r.fresh = append(r.fresh, Reading{Word: id})
	}
	if x.Rules != nil {
		r.fresh = x.Rules.Read(r.fresh, form, x.words)
	}
}

// capitalised reports whether a word begins with a capital letter, or with one of
// a script that has none.
func capitalised(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || r >= 0x590
}

// isCapitals reports whether a word of three letters or more is all capitals.
func isCapitals(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLower(r) || r >= 0x590 {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 3
}
