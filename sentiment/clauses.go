package sentiment

import (
	"unicode/utf8"

	"feryat/text"
)

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
	asks     int32   // match of the word that asks, -1 = none
	asked    float64 // factor of praise where one does
	problem  bool    // a complaint by itself stands in it
	contrast int32   // clause that its last contrast begins, -1 = none
	payload  int32   // of that contrast
	score    float64
}

func newSentence() sentence { return sentence{contrast: -1, asks: -1} }

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
