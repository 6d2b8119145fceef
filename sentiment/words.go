package sentiment

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"feryat/mention"
	"feryat/text"
)

// word is one word of a text, as the scorer sees it.
type word struct {
	start, end int32 // bytes of the original
	lo, hi     int32 // readings
	clause     int32
	sentence   int32
	adjacent   bool // no punctuation between the word before and this one
	content    bool // counts for coverage
	understood bool
	used       bool    // part of a chosen match
	opinion    bool    // part of a match that carries an opinion of its own
	negated    bool    // in the scope of an odd number of negators
	held       int32   // length of the longest plain match that the word is part of
	signals    int32   // length of the longest match with a signal
	begins     int32   // 1 + payload of the contrast that the word begins, 0 = none
	praised    int32   // length of the longest match chosen that is no complaint
	boost      float64 // product of the boosters that work on it
	quoted     bool    // within a long quotation
	stretched  bool    // "çoook"
	capitals   bool
}

// clause is a stretch of words between commas, full stops and contrasts.
type clause struct {
	sentence int32
	factor   float64 // from contrasts
	frame    frame
	framed   float64 // factor of the frame
	filed    bool    // says that an authority has been applied to
	score    float64
}

// sentence ends at a full stop, a question or exclamation mark, or a line end.
type sentence struct {
	exclaims int // exclamation marks at its end
	question bool
	problem  bool  // a complaint by itself stands in it
	contrast int32 // clause that its last contrast begins, -1 = none
	payload  int32 // of that contrast
	score    float64
}

func newSentence() sentence { return sentence{contrast: -1} }

// reader cuts a text into words and keeps what the steps of scoring share. It is
// reused from text to text.
type reader struct {
	tokens    []text.Token
	cache     *cache // of the lexicon that reads the text
	ahead     aheadForm
	effects   effect           // of all matches
	reasons   []mention.Reason // as they are found
	words     []word
	readings  []Reading
	clauses   []clause
	sentences []sentence
	found     []match
	chosen    []int32
	split     []clause
	repeats   []uint8 // how often each payload was chosen
	fold      []byte
	caches    map[*lexicon]*cache
	quotes    quotes
	names     []named
	signs     []role  // by word, where brands are named
	owners    []owner // by word, where another brand is named
	variant   []byte
	spoken    int // words in capitals
	letters   int // words that could be
}

func (r *reader) reset(x *lexicon) {
	r.cache = r.cacheOf(x)
	r.tokens, r.words, r.readings = r.tokens[:0], r.words[:0], r.readings[:0]
	r.clauses = append(r.clauses[:0], clause{factor: 1})
	r.sentences = append(r.sentences[:0], newSentence())
	r.found, r.chosen, r.effects = r.found[:0], r.chosen[:0], 0
	r.spoken, r.letters = 0, 0
	r.quotes = quotes{open: -1, found: r.quotes.found[:0]}
	r.ahead = aheadForm{}
}

// read fills the words of s, as lexicon x knows them.
func (r *reader) read(x *lexicon, s string) {
	r.reset(x)
	r.tokens = text.Tokens(slices.Grow(r.tokens, len(s)/8), s)
	r.words = slices.Grow(r.words, len(r.tokens))
	r.readings = slices.Grow(r.readings, len(r.tokens))
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
		if n, ok := r.masked(x, i, s); ok {
			i += n
			t.End = r.tokens[i].End
			r.addWord(t, r.readAfresh(x, text.Word, s[t.Start:t.End]), adjacent)
			adjacent = true
			continue
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

// formAt returns how token i is read.
func (r *reader) formAt(x *lexicon, i int, s string) form {
	t := r.tokens[i]
	switch {
	case t.Kind == text.Number:
		return r.number(x, s[t.Start:t.End])
	case i > 0 && r.ahead.token == i:
		return r.ahead.form
	}
	return r.formOf(x, t.Kind, s[t.Start:t.End])
}

// number returns how a number is read: as any number, and as itself where an
// entry names it ("5 yıldız").
func (r *reader) number(x *lexicon, s string) form {
	lo := int32(len(r.readings))
	r.readings = append(r.readings, Reading{Word: x.number})
	r.variant = text.AppendFold(r.variant[:0], s, x.Code)
	if id := x.words.ID(r.variant); id != NoWord {
		r.readings = append(r.readings, Reading{Word: id})
	}
	return form{lo: lo, hi: int32(len(r.readings))}
}

// join returns the form of the word at token i with those behind it that are the
// same word, and the last of its tokens.
func (r *reader) join(x *lexicon, i int, s string, f form) (form, int) {
	last := i
	for next := i + 1; next <= i+2 && next < len(r.tokens) && r.tokens[next].Kind == text.Word; next++ {
		right := r.formAt(x, next, s)
		if !x.Joins(f.folded, right.folded) {
			r.ahead = aheadForm{next, right}
			break
		}
		typed := s[r.tokens[i].Start:r.tokens[next].End]
		whole, ok := r.cached(typed)
		if !ok {
			r.fold = append(append(r.fold[:0], f.folded...), right.folded...)
			whole = r.readAfresh(x, text.Word, typed)
		}
		f, last = whole, next
	}
	return f, last
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

// pause notes a punctuation mark or line end: it may end a clause or a sentence.
// It reports whether the words on its two sides still stand together.
func (r *reader) pause(t text.Token, s string) bool {
	last := &r.sentences[len(r.sentences)-1]
	c, _ := utf8.DecodeRuneInString(s[t.Start:t.End])
	switch c {
	case '!', '！':
		last.exclaims += utf8.RuneCountInString(s[t.Start:t.End])
		r.endSentence()
	case '?', '؟':
		last.question = true
		r.endSentence()
	case '.', '…', '۔', '\n', '\r':
		r.endSentence()
	case '/':
		if isDigit(s, t.Start-1) && isDigit(s, t.End) {
			return true // "10/10"
		}
		r.endClause()
	case ',', '،', ';', '؛', ':', '(', ')', '–', '—', '|':
		r.endClause()
	case '-':
		if t.End-t.Start > 1 || t.Start > 0 && s[t.Start-1] == ' ' {
			r.endClause()
			return false
		}
		return true
	case '“', '”', '«', '»':
		r.quotes.mark(c, len(r.words))
		return true
	case '"', '\'', '*', '_', '’':
		return true
	}
	return false
}

func isDigit(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

// endClause begins a new clause if the present one has words.
func (r *reader) endClause() {
	current := int32(len(r.clauses) - 1)
	if n := len(r.words); n > 0 && r.words[n-1].clause == current {
		r.clauses = append(r.clauses, clause{sentence: int32(len(r.sentences) - 1), factor: 1})
	}
}

// endSentence begins a new sentence if the present one has words.
func (r *reader) endSentence() {
	current := int32(len(r.sentences) - 1)
	n := len(r.words)
	if n == 0 || r.words[n-1].sentence != current {
		return
	}
	r.sentences = append(r.sentences, newSentence())
	r.endClause()
	r.clauses[len(r.clauses)-1].sentence = current + 1
}

// addWord adds the word at t.
func (r *reader) addWord(t text.Token, f form, adjacent bool) {
	if t.Kind == text.Word || t.Kind == text.Hashtag {
		r.letters++
		if f.capitals {
			r.spoken++
		}
	}
	r.words = append(r.words, word{
		start: int32(t.Start), end: int32(t.End), lo: f.lo, hi: f.hi,
		clause: int32(len(r.clauses) - 1), sentence: int32(len(r.sentences) - 1), adjacent: adjacent, boost: 1,
		content: f.content, capitals: f.capitals, stretched: f.stretched,
	})
}

// readWord adds the readings of the folded word in r.fold: itself, the word
// without its stretched letters, its stems, and what it begins with. It reports
// whether letters were stretched.
func (r *reader) readWord(x *lexicon) (stretched bool) {
	lo := len(r.readings)
	id := x.words.ID(r.fold)
	if id != NoWord {
		r.readings = append(r.readings, Reading{Word: id})
		if x.words.IsStop(id) {
			return false
		}
	}
	r.variant, stretched = text.AppendSqueezed(r.variant[:0], r.fold, 1)
	if stretched {
		r.readForm(x, r.variant)
		if len(r.readings) == lo {
			r.variant, _ = text.AppendSqueezed(r.variant[:0], r.fold, 2)
			r.readForm(x, r.variant)
		}
	} else if x.Rules != nil {
		r.readings = x.Rules.Read(r.readings, r.fold, x.words)
	}
	if id = x.words.prefix(r.fold); id != NoWord {
		r.readings = append(r.readings, Reading{Word: id})
	}
	return stretched
}

// readForm adds a word's exact and inflected readings.
func (r *reader) readForm(x *lexicon, form []byte) {
	if id := x.words.ID(form); id != NoWord {
		r.readings = append(r.readings, Reading{Word: id})
	}
	if x.Rules != nil {
		r.readings = x.Rules.Read(r.readings, form, x.words)
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
