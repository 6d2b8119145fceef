// Package i18n holds every text that people see, in Turkish, Persian and
// English, and shows numbers, days and spans of time as each of the three
// languages writes them. The texts stand in strings.tsv, one key a line.
package i18n

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed strings.tsv
var table string

// Language is one of the three languages of the screen.
type Language string

// The languages of the screen.
const (
	Turkish Language = "tr"
	Persian Language = "fa"
	English Language = "en"
)

// Languages lists the languages of the screen in the order of the columns of strings.tsv.
func Languages() []Language { return []Language{Turkish, Persian, English} }

// Dir is the direction of writing, as HTML's dir attribute names it.
func (l Language) Dir() string { return Dir(string(l)) }

// Dir is the direction of writing of a language code; unknown codes are "auto".
func Dir(code string) string {
	switch code {
	case "fa", "ar", "he", "ur", "ckb":
		return "rtl"
	case "tr", "en":
		return "ltr"
	}
	return "auto"
}

// Texts answers keys in the three languages.
type Texts struct{ byKey map[string][3]string }

// Load reads the table that is built in. An error means that the table is
// broken, which a test of this package rules out for a release.
func Load() (*Texts, error) { return parse(table) }

func parse(table string) (*Texts, error) {
	t := &Texts{byKey: map[string][3]string{}}
	for i, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 4 {
			return nil, fmt.Errorf("strings.tsv line %d: %d columns, want key, tr, fa, en", i+1, len(cells))
		}
		if _, ok := t.byKey[cells[0]]; ok {
			return nil, fmt.Errorf("strings.tsv line %d: key %s stands twice", i+1, cells[0])
		}
		t.byKey[cells[0]] = [3]string{cells[1], cells[2], cells[3]}
	}
	return t, nil
}

// T is the text of key in language l; args fill its %s in order. A key that is
// not in the table is shown as itself, so that a code of a newer lexicon reads
// as the code and not as nothing.
func (t *Texts) T(l Language, key string, args ...any) string {
	cells, ok := t.byKey[key]
	if !ok {
		return key[strings.IndexByte(key, '.')+1:]
	}
	text := cells[column(l)]
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Rule translates the code of a rule: "negated", "topic:delay",
// "title:praise:delivery". What is not known is shown as it is.
func (t *Texts) Rule(l Language, rule string) string {
	kind, code, ok := strings.Cut(rule, ":")
	if key := "rule." + kind; !t.Has(key) {
		return rule
	} else if !ok {
		return t.T(l, key)
	}
	switch kind {
	case "title":
		return t.T(l, "rule.title", t.Rule(l, code))
	case "praise":
		return t.T(l, "rule.praise", t.Code(l, "praised", code))
	}
	return t.T(l, "rule."+kind, t.Code(l, kind, code))
}

// Code translates a code of a family, such as "topic" or "signal". A topic that is
// praised, of the family "praised", has the name of the topic, but for those whose
// name is a complaint: "Helpful support" is praise of support_unhelpful.
func (t *Texts) Code(l Language, family, code string) string {
	key := family + "." + code
	if family == "praised" && !t.Has(key) {
		key = "topic." + code
	}
	return t.T(l, key)
}

// Has tells whether the table has key.
func (t *Texts) Has(key string) bool { _, ok := t.byKey[key]; return ok }

// Family lists the codes of a family of keys, such as all moods, sorted, and the
// word of each in language l.
func (t *Texts) Family(family string, l Language) (codes, words []string) {
	for key := range t.byKey {
		if code, ok := strings.CutPrefix(key, family+"."); ok {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		words = append(words, t.T(l, family+"."+code))
	}
	return codes, words
}

func column(l Language) int {
	for i, have := range Languages() {
		if l == have {
			return i
		}
	}
	return 2
}

// Choose picks the language of the screen: the asked one if it is ours, else
// the first of an Accept-Language header that is, else English.
func Choose(asked, acceptLanguage string) Language {
	for _, tag := range append([]string{asked}, strings.Split(acceptLanguage, ",")...) {
		base := strings.ToLower(strings.TrimSpace(tag))
		base, _, _ = strings.Cut(base, ";")
		base, _, _ = strings.Cut(base, "-")
		for _, l := range Languages() {
			if base == string(l) {
				return l
			}
		}
	}
	return English
}
