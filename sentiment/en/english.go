// Package en is the English of the scorer: data files and the rules that read
// English word forms.
package en

import (
	"bytes"
	"embed"

	"feryat/sentiment"
)

//go:embed *.tsv *.txt
var data embed.FS

// Language returns what the scorer needs to know of English.
func Language() sentiment.Language {
	return sentiment.Language{Code: "en", Data: data, Rules: rules{endings()}}
}

// rules reads English word forms.
type rules struct{ endings []ending }

// Read finds the base form of a word: contractions typed without their
// apostrophe, and words with a regular ending.
func (r rules) Read(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary) []sentiment.Reading {
	if i := bytes.IndexByte(word, '\''); i > 0 {
		return add(dst, v, word[:i], "")
	}
	if stem, ok := bytes.CutSuffix(word, []byte("nt")); ok {
		if out := add(dst, v, stem, "n't"); len(out) > len(dst) {
			return out
		}
	}
	for i := range r.endings {
		e := &r.endings[i]
		stem, ok := bytes.CutSuffix(word, []byte(e.cut))
		if !ok || len(stem) < 2 || e.cut == "s" && stem[len(stem)-1] == 's' {
			continue
		}
		for _, tail := range e.put {
			if out := add(dst, v, stem, tail); len(out) > len(dst) {
				return out
			}
		}
		if n := len(stem); e.doubles && n > 2 && stem[n-1] == stem[n-2] {
			if out := add(dst, v, stem[:n-1], ""); len(out) > len(dst) {
				return out
			}
		}
	}
	return dst
}

// ending is a regular ending: what is cut, and what the base form may have in
// its place.
type ending struct {
	cut     string
	put     []string
	doubles bool // the last consonant may be doubled before it: "stopped"
}

func endings() []ending {
	return []ending{
		{"iest", []string{"y"}, false},
		{"ies", []string{"y", "ie"}, false},
		{"ied", []string{"y"}, false},
		{"ier", []string{"y"}, false},
		{"ily", []string{"y"}, false},
		{"ing", []string{"", "e"}, true},
		{"est", []string{"", "e"}, true},
		{"es", []string{"", "e"}, false},
		{"ed", []string{"", "e"}, true},
		{"er", []string{"", "e"}, true},
		{"ly", []string{"", "le"}, false},
		{"s", []string{""}, false},
	}
}

func add(dst []sentiment.Reading, v *sentiment.Vocabulary, stem []byte, tail string) []sentiment.Reading {
	var buf [48]byte
	word := append(append(buf[:0], stem...), tail...)
	if id := v.ID(word); id != sentiment.NoWord {
		return append(dst, sentiment.Reading{Word: id})
	}
	return dst
}
