package sentiment

import (
	"slices"
	"strings"

	"feryat/mention"
	"feryat/text"
)

// word is one word of a text, as the scorer sees it.
type word struct {
	boost      float64 // product of the boosters that work on it
	start, end int32   // bytes of the original
	lo, hi     int32   // readings
	clause     int32
	sentence   int32
	begins     int32 // 1 + payload of the contrast that the word begins, 0 = none
	held       int8  // length of the longest plain match that the word is part of
	signals    int8  // length of the longest match with a signal
	praised    int8  // length of the longest match chosen that is no complaint
	scorned    int8  // length of the longest match chosen that is a complaint
	traits     traits
	adjacent   bool // no punctuation between the word before and this one
	understood bool
	used       bool // part of a chosen match
	opinion    bool // part of a match that carries an opinion of its own
	negator    bool // part of one, free or not
	negated    bool // in the scope of an odd number of negators
	quoted     bool // within a long quotation
}

// forget takes from a word what it says: it is a name.
func (w *word) forget() { w.lo, w.traits = w.hi, w.traits&(inCapitals|drawnOut) }

// reader cuts a text into words and keeps what the steps of scoring share. It is
// reused from text to text.
type reader struct {
	memory    *memory
	tokens    []text.Token
	numbers   []int32 // of the tokens in the memory
	ahead     aheadForm
	effects   effect           // of all matches
	traits    traits           // of all words
	turned    bool             // a word is negated
	boosted   bool             // a word is boosted
	reasons   []mention.Reason // as they are found
	words     []word
	readings  []reading
	fresh     []Reading // of a word that is read afresh
	folded    []string  // folded forms of words, where the language joins some; the first is none
	clauses   []clause
	sentences []sentence
	found     []match
	chosen    []int32
	split     []clause
	repeats   []uint8 // how often each payload was chosen
	fold      []byte
	quotes    quotes
	names     []named
	signs     []role  // by word, where brands are named
	owners    []owner // by word, where another brand is named
	variant   []byte
	starred   bool // a star stands in the text
	spoken    int  // words in capitals
	letters   int  // words that could be
}

func (r *reader) reset() {
	r.words, r.readings = r.words[:0], r.readings[:0]
	r.folded = append(r.folded[:0], "")
	r.clauses = append(r.clauses[:0], clause{factor: 1})
	r.sentences = append(r.sentences[:0], newSentence())
	r.found, r.chosen, r.effects = r.found[:0], r.chosen[:0], 0
	r.spoken, r.letters = 0, 0
	r.traits, r.turned, r.boosted = 0, false, false
	r.quotes = quotes{open: -1, found: r.quotes.found[:0]}
	r.ahead = aheadForm{}
}

// cut finds the tokens of s, and what those from a byte on show of its language.
func (r *reader) cut(s string, from int) (all text.Evidence) {
	r.memory.age()
	r.tokens = text.Tokens(slices.Grow(r.tokens[:0], len(s)/8), s)
	r.numbers = slices.Grow(r.numbers[:0], len(r.tokens))[:len(r.tokens)]
	for i := range r.tokens {
		t := &r.tokens[i]
		switch t.Kind {
		case text.Word, text.Hashtag:
			n := r.memory.number(s, t.Start, t.End)
			r.numbers[i] = n
			if t.Start >= from && t.Start < from+text.DetectBytes {
				all.Add(r.memory.clues(n, s[t.Start:t.End]))
			}
		case text.Number, text.Emoji, text.Emoticon:
			r.numbers[i] = r.memory.number(s, t.Start, t.End)
		default:
			r.numbers[i] = unnumbered
		}
	}
	return all
}

// read fills the words of s, whose tokens are known, as lexicon x reads them.
func (r *reader) read(x *lexicon, s string) {
	r.reset()
	r.words = slices.Grow(r.words, len(r.tokens))
	r.readings = slices.Grow(r.readings, len(r.tokens))
	r.starred = strings.IndexByte(s, '*') >= 0
	r.cutClosing(s)
	out := omit(s)
	adjacent := false
	for i := 0; i < len(r.tokens); i++ {
		t := r.tokens[i]
		for len(out) > 0 && out[0].end <= t.Start {
			out = out[1:]
		}
		if len(out) > 0 && out[0].start < t.End {
			if adjacent = adjacent && !endsLine(s[out[0].start:]); !adjacent {
				r.endSentence()
			}
			continue
		}
		switch t.Kind {
		case text.URL, text.Handle:
			continue
		case text.Punct, text.Break:
			adjacent = r.pause(t, s) && adjacent
			continue
		}
		if r.mayHide(t.Start, t.End, s) {
			if n, ok := r.masked(x, i, s); ok {
				i += n
				t.End = r.tokens[i].End
				r.addWord(t, r.readAfresh(x, unnumbered, text.Word, s[t.Start:t.End]), adjacent)
				adjacent = true
				continue
			}
		}
		f := r.formAt(x, i, s)
		if x.Joins != nil && t.Kind == text.Word {
			f, i = r.join(x, i, s, f)
			t.End = r.tokens[i].End
		}
		r.addWord(t, f, adjacent)
		adjacent = true
	}
	r.markQuoted()
}

// aheadForm is the form of a token that was looked at ahead of its turn.
type aheadForm struct {
	token int // 0 = none
	form  form
}

// formAt returns how token i is read; its readings are appended to those of the text.
func (r *reader) formAt(x *lexicon, i int, s string) form {
	if i > 0 && r.ahead.token == i {
		return r.ahead.form
	}
	if f, ok := r.recall(x, r.numbers[i]); ok {
		return f
	}
	t := r.tokens[i]
	typed := s[t.Start:t.End]
	r.fold = foldToken(r.fold[:0], t.Kind, typed, x.Code)
	return r.readAfresh(x, r.numbers[i], t.Kind, typed)
}

// join returns the form of the word at token i with those behind it that are the
// same word, and the last of its tokens.
func (r *reader) join(x *lexicon, i int, s string, f form) (form, int) {
	last := i
	for next := i + 1; next <= i+2 && next < len(r.tokens) && r.tokens[next].Kind == text.Word; next++ {
		right := r.formAt(x, next, s)
		if !x.Joins(r.folded[f.folded], r.folded[right.folded]) {
			r.ahead = aheadForm{next, right}
			break
		}
		typed := s[r.tokens[i].Start:r.tokens[next].End]
		n := r.memory.number(s, r.tokens[i].Start, r.tokens[next].End)
		whole, ok := r.recall(x, n)
		if !ok {
			r.fold = append(append(r.fold[:0], r.folded[f.folded]...), r.folded[right.folded]...)
			whole = r.readAfresh(x, n, text.Word, typed)
		}
		f, last = whole, next
	}
	return f, last
}

// addWord adds the word at t.
func (r *reader) addWord(t text.Token, f form, adjacent bool) {
	if t.Kind == text.Word || t.Kind == text.Hashtag {
		r.letters++
		if f.traits.has(inCapitals) {
			r.spoken++
		}
	}
	n := len(r.words) // there is room, see read
	r.words = r.words[:n+1]
	w := &r.words[n]
	*w = word{}
	w.start, w.end, w.lo, w.hi = int32(t.Start), int32(t.End), f.lo, f.hi()
	w.clause, w.sentence = int32(len(r.clauses)-1), int32(len(r.sentences)-1)
	w.traits, w.adjacent, w.boost = f.traits, adjacent, 1
	r.traits |= f.traits
}
