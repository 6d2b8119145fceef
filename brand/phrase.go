package brand

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// phrase is one way to write a brand: folded words, the last of which may take endings.
type phrase struct {
	brand   int
	words   []string
	exclude bool // looks like the brand and is not
	strict  bool // see Brand.Ambiguous
	endings []ending
}

// phrases are the ways to write s: its words, the same run together (#PaytakExpress,
// دیجیکالا), and where a ZWNJ joins them, apart.
func phrases(p phrase, s string) []phrase {
	forms := [][]string{foldedWords(s), {strings.Join(foldedWords(s), "")}, foldedWords(strings.ReplaceAll(s, zwnj, " "))}
	var out []phrase
	for i, words := range forms {
		if slices.ContainsFunc(forms[:i], func(f []string) bool { return slices.Equal(f, words) }) {
			continue
		}
		p.words = words
		out = append(out, p)
	}
	return out
}

// found is a phrase at its place: words[from:to], bytes start to end.
type found struct {
	phrase
	from, to, start, end int
}

// find lists the brands that words name. Of overlapping phrases the longest
// holds; what a phrase that the brand excludes covers is not named.
func (m *Matcher) find(words []word) []found {
	var all, out []found
	for i := range words {
		all = append(all, m.startingAt(words, i)...)
	}
	for i, f := range all {
		again := len(out) > 0 && out[len(out)-1].brand == f.brand && out[len(out)-1].start == f.start
		if !f.exclude && !again && !m.covered(all, i) {
			out = append(out, f)
		}
	}
	return out
}

// covered looks at the neighbours only: all is in order, and no phrase is longer
// than m.longest words.
func (m *Matcher) covered(all []found, i int) bool {
	first, end := i, i+1
	for first > 0 && all[first-1].from > all[i].from-m.longest {
		first--
	}
	for end < len(all) && all[end].from == all[i].from {
		end++
	}
	return slices.ContainsFunc(all[first:end], all[i].coveredBy)
}

func (f found) coveredBy(o found) bool {
	if o.from > f.from || o.to < f.to || o.size() <= f.size() {
		return false
	}
	return o.exclude == (o.brand == f.brand)
}

// size orders phrases at one place: by words, then by letters (in a tag several
// words are one).
func (f found) size() int {
	return (f.to-f.from)<<16 + len(strings.Join(f.words, ""))
}

// startingAt looks up every beginning of the word's forms: the beginning may be
// a name and the rest an ending.
func (m *Matcher) startingAt(words []word, i int) []found {
	var out []found
	for _, form := range words[i].forms {
		for end := range len(form) + 1 {
			if end < len(form) && !utf8.RuneStart(form[end]) {
				continue
			}
			for _, p := range m.phrases[form[:end]] {
				if n, ok := p.at(words, i); ok {
					out = append(out, found{p, i, i + n, words[i].start, words[i+n-1].end})
				}
			}
		}
	}
	return out
}

// at tells whether the phrase begins at words[i], and how many words it takes.
func (p phrase) at(words []word, i int) (n int, ok bool) {
	if i+len(p.words) > len(words) || p.strict && !p.meant(words, i) {
		return 0, false
	}
	last := len(p.words) - 1
	for k, want := range p.words {
		w := words[i+k]
		if k > 0 && !w.close {
			return 0, false
		}
		if !w.is(want) && (k < last || !p.bends(w, want)) {
			return 0, false
		}
	}
	return len(p.words), true
}

// bends tells whether w is want with an ending, without a sign between them.
func (p phrase) bends(w word, want string) bool {
	if p.strict {
		return false
	}
	if w.tag { // #paytakrezalet, @paytakdestek
		return utf8.RuneCountInString(want) >= 5 && strings.HasPrefix(w.forms[len(w.forms)-1], want)
	}
	for _, form := range w.forms {
		rest, ok := strings.CutPrefix(form, want)
		if ok && rest != "" && slices.ContainsFunc(p.endings, func(e ending) bool { return e.fits(want, rest) }) {
			return true
		}
	}
	return false
}
