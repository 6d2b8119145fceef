// Package fa is the Persian of the scorer: data files and the rules that read
// Persian word forms.
package fa

import (
	"bytes"
	"embed"
	"unicode/utf8"

	"feryat/sentiment"
)

//go:embed *.tsv *.txt
var data embed.FS

// Language returns what the scorer needs to know of Persian.
func Language() sentiment.Language {
	forms, err := conjugate(data)
	if err != nil {
		panic("sentiment/fa: embedded verbs.tsv: " + err.Error()) // the linter test reads the same file
	}
	return sentiment.Language{
		Code:          "fa",
		Data:          data,
		Rules:         &rules{forms: forms, endings: byLastLetter(endings())},
		Joins:         joins,
		FormReach:     2,
		And:           "و",
		JoinedPhrases: true,
	}
}

// rules reads Persian word forms.
type rules struct {
	forms   map[string]form
	endings map[rune][]string // by their last letter, the longest first
}

// Read finds the verb that a word is a form of, or the noun or adjective it is
// an ending longer than, or the two words that it is without the space.
func (r *rules) Read(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary) []sentiment.Reading {
	if out := r.readStem(dst, word, v); len(out) > len(dst) || v.ID(word) != sentiment.NoWord {
		return out
	}
	return r.readRunOn(dst, word, v)
}

// readStem reads a verb form, or a known word with an ending or two
// («کتابهاشونه»).
func (r *rules) readStem(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary) []sentiment.Reading {
	if out := r.readVerb(dst, word, v); len(out) > len(dst) {
		return out
	}
	if out := r.readEnding(dst, word, v, shortStem); len(out) > len(dst) {
		return out
	}
	last, _ := utf8.DecodeLastRune(word)
	for _, e := range r.endings[last] {
		stem, found := bytes.CutSuffix(word, []byte(e))
		if !found || utf8.RuneCount(stem) <= shortStem {
			continue
		}
		if out := r.readEnding(dst, stem, v, shortStem+1); len(out) > len(dst) {
			return out
		}
	}
	return dst
}

// readEnding reads a known word of at least so many letters with one ending.
func (r *rules) readEnding(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary, letters int) []sentiment.Reading {
	last, _ := utf8.DecodeLastRune(word)
	for _, e := range r.endings[last] {
		stem, found := bytes.CutSuffix(word, []byte(e))
		if !found || !longEnough(stem, e, letters) {
			continue
		}
		if id := v.ID(stem); id != sentiment.NoWord {
			return append(dst, sentiment.Reading{Word: id})
		}
		if out := r.readVerb(dst, stem, v); len(out) > len(dst) {
			return out
		}
	}
	return dst
}

// readVerb reads a form of a known verb. A negated form of a verb that no entry
// has still negates what stands before it.
func (r *rules) readVerb(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary) []sentiment.Reading {
	f, ok := r.forms[string(word)]
	if !ok {
		return dst
	}
	id := v.ID([]byte(f.infinitive))
	if id == sentiment.NoWord && !f.negated {
		return dst
	}
	return append(dst, sentiment.Reading{Word: id, Negated: f.negated})
}

// endings are what is written at the end of nouns and adjectives: plural,
// comparison, possessives, copula, ezafe. The longest comes first.
func endings() []string {
	return []string{
		"هایشان", "هایمان", "هایتان", "هاشون", "هامون", "هاتون", "ترینش", "هایم", "هایت", "هایش", "هایی", "هامو", "هاتو", "هاشو", "یتون", "یشون", "ترش", "ترین",
		"هاست", "های", "هاش", "هام", "هات", "هاش", "ایم", "اید", "اند", "است", "شان", "مان", "تان", "شون", "مون", "تونو", "شونو", "مونو",
		"تون", "تره", "ها", "تر", "امو", "اشو", "مو", "شو", "تو", "ست", "یه", "ان", "ام", "ات", "اش", "ای", "ایه", "رو", "هم", "ین", "ه", "ی", "م", "ت", "ش", "ن", "و", "ا",
	}
}

// byLastLetter parts a list: a word is compared with the endings alone that end
// as it does.
func byLastLetter(list []string) map[rune][]string {
	out := map[rune][]string{}
	for _, e := range list {
		last, _ := utf8.DecodeLastRuneInString(e)
		out[last] = append(out[last], e)
	}
	return out
}

// shortStem is how many letters must be left when an ending is cut off, and one
// more when it is the second: «بدستم» is no form of «بد».
const shortStem = 3

// longEnough reports whether a stem is sure enough to be cut from an ending.
// Stems of two letters take endings that say nothing but "is", "more" or "a".
func longEnough(stem []byte, ending string, letters int) bool {
	n := utf8.RuneCount(stem)
	return n >= letters || n == 2 && letters == shortStem && bareEnding(ending) && !isParticle(stem)
}

// bareEnding reports whether an ending may follow a stem of two letters: «بدتره»،
// «کمه»، but «بدان» is another word.
func bareEnding(e string) bool {
	switch e {
	case "ترین", "تره", "تر", "یه", "ست", "است", "ها", "های", "هایی", "ه", "ی":
		return true
	}
	return false
}

// isParticle reports whether a stem of two letters is a particle, which takes no
// endings: «بیت» is no form of «بی».
func isParticle(stem []byte) bool {
	switch string(stem) {
	case "بی", "نا", "نه", "هر", "هم", "از", "با", "به", "تا", "در", "رو", "چه", "که":
		return true
	}
	return false
}

// joins reports whether two words are one with a space in between: «می خواهم»،
// «کتاب ها».
func joins(left, right string) bool {
	switch left {
	case "می", "نمی":
		return true
	}
	switch right {
	case "ها", "های", "هایی", "هایش", "هایم", "هاش", "هام", "هاشون", "تر", "ترین", "تون", "شون", "مون", "اند", "ایم", "اید":
		return len(left) > 2
	}
	return false
}
