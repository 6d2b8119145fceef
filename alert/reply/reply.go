// Package reply reads what a brand's public reply to a customer is: canned, a
// hand-off, a solution, or none of these; and whether it promises to come back.
// It says what the words are, not whether the customer is content with them.
//
// It goes by lists of phrases, one a language (tr.tsv, fa.tsv, en.tsv; see
// pattern.go for how they are written). What is done by the list ("your refund
// was issued") makes a solution whatever else is said. What will be done makes
// one when its time is told ("tomorrow") or when the customer is sent nowhere:
// "write to us and you will be refunded" is a hand-off. Work under conditions
// and what is not done ("has not been issued") are no solutions.
package reply

import (
	"embed"
	"errors"
	"strings"

	"feryat/mention"
	"feryat/text"
)

//go:embed tr.tsv fa.tsv en.tsv
var lists embed.FS

// maxBytes is how much of a reply is read; public replies are far shorter.
const maxBytes = 4096

// Reader reads replies in Turkish, Persian and English. It is safe for
// concurrent use.
type Reader struct{ byLanguage map[string]phrases }

// New compiles the lists of phrases. An error means that a list is broken,
// which a test of this package rules out for a release.
func New() (*Reader, error) {
	r := &Reader{byLanguage: map[string]phrases{}}
	var faults []error
	for _, lang := range []string{"tr", "fa", "en"} {
		body, err := lists.ReadFile(lang + ".tsv")
		if err == nil {
			r.byLanguage[lang], err = parse(lang+".tsv", string(body))
		}
		faults = append(faults, err)
	}
	return r, errors.Join(faults...)
}

// Read says what a reply is. A language other than tr, fa and en (an empty one,
// say) is looked for in the text; a reply in none of the three is ReplyOther.
func (r *Reader) Read(reply, language string) mention.Reply {
	s := r.look(reply, language)
	switch {
	case s.done || s.will && !s.handOff:
		return mention.ReplySolution
	case s.handOff:
		return mention.ReplyHandOff
	case s.asks || s.promise:
		return mention.ReplyOther
	case s.canned > 0 && s.canned*2 >= s.sentences:
		return mention.ReplyCanned
	}
	return mention.ReplyOther
}

// Promise tells whether a reply promises that somebody will call or write back.
func (r *Reader) Promise(reply, language string) bool {
	return r.look(reply, language).promise
}

// seen is what the phrases of a language find in a reply.
type seen struct {
	done, will, handOff, promise, asks bool
	sentences, canned                  int // how many there are, and say nothing of the case
}

func (r *Reader) look(reply, language string) (s seen) {
	reply = text.Fold(head(reply), "")
	p, ok := r.byLanguage[language]
	if !ok {
		language, _ = text.Detect(reply)
		p = r.byLanguage[language]
	}
	for _, words := range sentences(reply) {
		s.add(p, words)
	}
	return s
}

func (s *seen) add(p phrases, words []string) {
	s.sentences++
	handOff, when := p.find(handOff, words) >= 0, p.find(when, words) >= 0
	s.handOff = s.handOff || handOff
	s.promise = s.promise || p.find(promise, words) >= 0
	asks := words[len(words)-1] == asked
	s.asks = s.asks || asks
	if !asks && (p.holds(done, words) || when && !handOff && p.holds(will, words)) {
		s.done = true
	} else if !asks && !handOff && p.holds(will, words) {
		s.will = true
	}
	if p.find(canned, words) >= 0 {
		s.canned++
	}
}

// head is the part of a reply that is read, cut at a rune.
func head(s string) string {
	if len(s) > maxBytes {
		s = strings.ToValidUTF8(s[:maxBytes], "")
	}
	return s
}
