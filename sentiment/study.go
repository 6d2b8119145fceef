package sentiment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Study shows how a scorer reads the words of texts: for those who look for
// entries that it lacks. It is safe for concurrent use.
type Study struct {
	scorer *Scorer
	names  map[*lexicon][]string // words by WordID
}

// StudiedWord is one word of a text.
type StudiedWord struct {
	// Form is the word as folded, "" for what is neither word nor emoji.
	Form string
	// Entry is the known word that it is a form of, "!" in front where the form
	// says no; Form itself where none is known.
	Entry   string
	Clause  int
	Joined  bool // no punctuation between the word before and this one
	Known   bool // stands in a data file or is a form of one that does
	Stop    bool // carries no content
	Capital bool // begins with a capital inside a sentence
	// Weight is its part of what the entry that it belongs to added to the score.
	Weight float64
}

// Study returns the scorer's way to read.
func (s *Scorer) Study() *Study {
	st := &Study{scorer: s, names: map[*lexicon][]string{}}
	for _, x := range s.lexicons {
		st.names[x] = x.words.all()
	}
	for _, xs := range s.branded {
		for _, x := range xs {
			st.names[x] = x.words.all()
		}
	}
	return st
}

// all returns the words by number, prefixes with their star.
func (v *Vocabulary) all() []string {
	out := make([]string, len(v.stop))
	for word, id := range v.ids {
		out[id] = word
	}
	for stem, id := range v.prefixes {
		out[id] = stem + "*"
	}
	return out
}

// Words returns the words of a text and the language that it is read in.
func (st *Study) Words(in Input) (language string, words []StudiedWord) {
	r := st.scorer.readers.Get().(*reader)
	defer st.scorer.release(r)
	t := newTally(r, in)
	t.keepAll = true
	language, x := st.scorer.language(t)
	t.run(x)
	words = make([]StudiedWord, len(r.words))
	for i := range r.words {
		words[i] = st.word(t, i)
	}
	for k, e := range t.evidence {
		m := &t.found[t.chosen[k]]
		for j := m.from; j <= m.to; j++ {
			if m.members&(1<<uint(j-m.from)) != 0 {
				words[j].Weight = e.Weight / float64(m.length)
			}
		}
	}
	return language, words
}

func (st *Study) word(t *tally, i int) StudiedWord {
	w := &t.words[i]
	shown := t.text[w.start:w.end]
	out := StudiedWord{Form: FoldEntry(shown, t.x.Code), Clause: int(w.clause), Joined: w.adjacent, Known: w.understood}
	if strings.ContainsRune(out.Form, ' ') {
		out.Form = ""
	}
	out.Entry = out.Form
	names := st.names[t.x]
	if w.lo < w.hi {
		first := t.readings[w.lo]
		if first.word >= 0 && int(first.word) < len(names) {
			out.Entry = names[first.word]
			out.Known = true
			out.Stop = t.x.words.IsStop(first.word)
		}
		if first.negated {
			out.Entry = "!" + out.Entry
		}
	}
	begins := i == 0 || t.words[i-1].sentence != w.sentence
	c, _ := utf8.DecodeRuneInString(shown)
	out.Capital = !begins && !w.traits.has(inCapitals) && unicode.IsUpper(c)
	return out
}
