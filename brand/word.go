package brand

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"feryat/text"
)

const zwnj = "\u200c"

// word is a word of a text with the forms in which a name may stand in it:
// folded, cut at each seam, the whole last. "Domino’s'tan" gives domino,
// dominos and dominostan.
type word struct {
	start, end int
	forms      []string
	capital    bool // begins with a capital, or its script has none
	cased      bool // begins with a capital of a script that has small letters
	first      bool // opens a sentence
	sure       bool // of a tag or an address: a name, not a word
	tag        bool // handle or hashtag
	close      bool // nothing but space or a hyphen parts it from the word before
}

func (w word) is(want string) bool {
	for _, f := range w.forms {
		if f == want {
			return true
		}
	}
	return false
}

// split cuts s into words.
func split(s string) []word {
	var words []word
	last := 0
	for _, t := range text.Tokens(nil, s) {
		if t.Kind != text.Word && t.Kind != text.Number && t.Kind != text.Handle && t.Kind != text.Hashtag && t.Kind != text.URL {
			continue
		}
		near := strings.Trim(s[last:t.Start], " \t\u00a0-–&."+zwnj) == "" && len(words) > 0
		for _, w := range wordsOf(s, t) {
			w.close = near
			w.first = len(words) == 0 || strings.ContainsAny(s[last:t.Start], ".!?…؟\n")
			words = append(words, w)
			near = true
		}
		last = t.End
	}
	return words
}

// wordsOf is one word for a token, or the labels of an address' host.
func wordsOf(s string, t text.Token) []word {
	switch t.Kind {
	case text.Handle, text.Hashtag:
		return []word{{start: t.Start, end: t.End, forms: tagForms(s[t.Start+1 : t.End]), capital: true, sure: true, tag: true}}
	case text.URL:
		return hostWords(s, t)
	}
	original := s[t.Start:t.End]
	first, _ := utf8.DecodeRuneInString(original)
	small := unicode.ToUpper(first) != first
	return []word{{start: t.Start, end: t.End, forms: formsOf(original), capital: !small, cased: unicode.ToLower(first) != first}}
}

func formsOf(original string) []string {
	var forms []string
	whole := ""
	for _, piece := range strings.FieldsFunc(original, isSeam) {
		whole += text.Fold(piece, "")
		forms = append(forms, whole)
	}
	if len(forms) == 0 {
		forms = []string{text.Fold(original, "")}
	}
	return forms
}

// isSeam is true of the signs that part a name from its ending: apostrophes and ZWNJ.
func isSeam(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´', '′', '\u200c':
		return true
	}
	return false
}

// tagForms are the parts of a tag up to each underscore, run together.
func tagForms(tag string) []string {
	var forms []string
	whole := ""
	for _, piece := range strings.Split(tag, "_") {
		whole += text.Fold(piece, "")
		forms = append(forms, whole)
	}
	return forms
}

// hostWords are the labels of an address' host. They stand for themselves:
// nothing is close to them.
func hostWords(s string, t text.Token) []word {
	from := t.Start
	if i := strings.Index(s[from:t.End], "://"); i >= 0 {
		from += i + len("://")
	}
	var words []word
	for at := from; at < t.End; {
		n := strings.IndexAny(s[at:t.End], "./:?#@")
		if n < 0 {
			n = t.End - at
		}
		if n > 0 {
			words = append(words, word{start: at, end: at + n, forms: []string{text.Fold(s[at:at+n], "")}, capital: true, sure: true})
		}
		if at+n >= t.End || s[at+n] != '.' {
			break
		}
		at += n + 1
	}
	return words
}

// foldedWords are the words of a name, folded, without seams.
func foldedWords(s string) []string {
	var out []string
	for _, w := range split(s) {
		out = append(out, w.forms[len(w.forms)-1])
	}
	return out
}
