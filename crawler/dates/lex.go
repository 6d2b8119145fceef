package dates

import (
	"errors"
	"unicode"
	"unicode/utf8"
)

// token is a number, a known word or a mark of punctuation.
type token struct {
	class  class
	value  int  // of the number, or of the word
	digits int8 // of a number; 0 for a word
	mark   rune // of punctuation
	short  bool // an abbreviated unit such as "h"
	glued  bool // nothing stands between it and the token before
}

func (t token) number() bool { return t.digits > 0 }

func (t token) is(mark rune) bool { return t.class == punctuation && t.mark == mark }

const maxTokens = 40

// tokens is filled on the stack: reading a date allocates next to nothing.
type tokens struct {
	all  [maxTokens]token
	n    int
	word [48]byte
}

var (
	errTooMany = errors.New("too many words")
	errEmpty   = errors.New("empty")
)

func (ts *tokens) list() []token { return ts.all[:ts.n] }

// lex cuts s into tokens. What stands before a label's colon or the last
// separator of a forum header ("by ali » 12 Mart 2024") is dropped, and so is
// what follows in brackets.
func (ts *tokens) lex(s string) error {
	glued := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case digit(r) >= 0:
			i += ts.number(s[i:], glued)
			glued = true
		case unicode.IsLetter(r) || invisible(r) || unicode.IsMark(r):
			i += ts.letters(s[i:], glued)
			glued = true
		case r == '»' || r == '|' || r == '•' || r == '·' || r == '—' && !ts.started():
			if ts.started() {
				ts.push(token{class: punctuation, mark: '|'})
			} else {
				ts.n = 0
			}
			i, glued = i+size, false
		case (r == '(' || r == '~') && ts.n > 0:
			return ts.full()
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			i, glued = i+size, false
		case r == '\'' || r == '’':
			i += size + apostrophe(s[i+size:], glued)
			glued = false
		default:
			ts.punctuation(r, glued)
			i, glued = i+size, true
		}
		if ts.n >= maxTokens-1 {
			return errTooMany
		}
	}
	return ts.full()
}

func (ts *tokens) full() error {
	if ts.n == 0 {
		return errEmpty
	}
	return nil
}

// started tells whether the tokens so far can be the beginning of a date, so
// that what follows is another thing and not the date itself.
func (ts *tokens) started() bool {
	for _, t := range ts.list() {
		switch {
		case t.class == unknown:
			return false
		case t.number() || t.class == dayWord || t.class == weekday || t.class == nowWord:
			return true
		}
	}
	return false
}

func (ts *tokens) push(t token) { ts.all[ts.n] = t; ts.n++ }

func (ts *tokens) punctuation(r rune, glued bool) {
	switch r {
	case '٫':
		r = '.'
	case '،', '؛', ';', '"', '“', '”', '[', ']', '(', ')', '*', '<', '>':
		r = ','
	case '–', '‐', '‑', '−', '—':
		r = '-'
	case '٬', '⁄', '∕':
		r = '/'
	case '：':
		r = ':'
	}
	if r == ':' && ts.n > 0 && !ts.started() { // a label: "Gönderim tarihi:"
		ts.n = 0
		return
	}
	ts.push(token{class: punctuation, mark: r, glued: glued})
}

// number reads digits of any of the three scripts; more than 14 overflow and
// are refused by their count.
func (ts *tokens) number(s string, glued bool) int {
	t := token{class: number, glued: glued}
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		d := digit(r)
		if d < 0 {
			break
		}
		if t.digits < 15 {
			t.value, t.digits = t.value*10+d, t.digits+1
		}
		i += size
	}
	ts.push(t)
	return i
}

// letters reads one word, folds it and looks it up.
func (ts *tokens) letters(s string, glued bool) int {
	w, i := ts.word[:0], 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !invisible(r) {
			if n := abbreviation(s[i:]); n > 0 && len(w) > 0 && len(w) <= 4 {
				i += n
				continue
			}
			break
		}
		if len(w) <= len(ts.word)-utf8.UTFMax {
			w = fold(w, r)
		}
		i += size
	}
	if len(w) == 0 {
		return i
	}
	e, ok := words[string(w)]
	if !ok {
		e = entry{class: unknown}
	}
	if !ts.compound(e) {
		ts.push(token{class: e.class, value: e.value, short: e.short, glued: glued})
	}
	return i
}

// compound joins the two halves of a Persian weekday written apart: "پنج شنبه".
func (ts *tokens) compound(e entry) bool {
	if e.class != weekday || e.value != 6 || ts.n == 0 {
		return false
	}
	p := &ts.all[ts.n-1]
	if p.class != count && p.class != number || p.value < 1 || p.value > 5 {
		return false
	}
	*p = token{class: weekday, value: p.value - 1}
	return true
}

// abbreviation accepts the dot inside "a.m.", "ب.ظ": a dot between two letters.
func abbreviation(s string) int {
	if s[0] != '.' || len(s) < 2 {
		return 0
	}
	r, size := utf8.DecodeRuneInString(s[1:])
	if !unicode.IsLetter(r) {
		return 0
	}
	if next, _ := utf8.DecodeRuneInString(s[1+size:]); unicode.IsLetter(next) {
		return 0 // a word of its own: "16.Oca.2025"
	}
	return 1
}

// apostrophe skips the case ending of "Eylül'de" and "14:30'da"; nothing is
// skipped before the digits of "'24".
func apostrophe(s string, glued bool) int {
	if !glued {
		return 0
	}
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) {
			break
		}
		i += size
	}
	return i
}

func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '۰' && r <= '۹':
		return int(r - '۰')
	case r >= '٠' && r <= '٩':
		return int(r - '٠')
	}
	return -1
}

// invisible marks join the parts of a word: ZWNJ, ZWJ, tatweel, soft hyphen.
func invisible(r rune) bool { return r == '\u200c' || r == '\u200d' || r == 'ـ' || r == '\u00ad' }

// fold appends r without case and diacritics: Turkish letters become their
// ASCII bases, Arabic forms their Persian ones.
func fold(w []byte, r rune) []byte {
	switch r {
	case 'I', 'İ', 'ı', 'î', 'Î', 'í':
		r = 'i'
	case 'ş', 'Ş':
		r = 's'
	case 'ğ', 'Ğ':
		r = 'g'
	case 'ü', 'Ü', 'û':
		r = 'u'
	case 'ö', 'Ö':
		r = 'o'
	case 'ç', 'Ç':
		r = 'c'
	case 'â', 'Â':
		r = 'a'
	case 'é':
		r = 'e'
	case 'ي', 'ى', 'ئ':
		r = 'ی'
	case 'ك':
		r = 'ک'
	case 'أ', 'إ', 'آ', 'ٱ':
		r = 'ا'
	case 'ؤ':
		r = 'و'
	case 'ة', 'ۀ':
		r = 'ه'
	default:
		if unicode.IsMark(r) || invisible(r) {
			return w
		}
		r = unicode.ToLower(r)
	}
	return utf8.AppendRune(w, r)
}
