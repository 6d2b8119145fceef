// Package brand finds the brands that a mention names, in Turkish, Persian and
// English: with endings, with and without apostrophe, ZWNJ or diacritics, in
// handles, hashtags and addresses.
//
// A brand is what its configuration says: a name and aliases (OR), phrases that
// look like it and are not (NOT), and words of which one has to be near (AND).
package brand

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"feryat/mention"
	"feryat/text"
)

// Brand is one brand to watch, or a rival to compare with.
type Brand struct {
	// Name is what the brand is called in storage and on the screen. It is an
	// alias of its own.
	Name string `yaml:"name" mapstructure:"name"`
	// Aliases are other ways to write it: other scripts, abbreviations, old names,
	// stems that change before an ending ("Paytağ" for "Paytağa").
	Aliases []string `yaml:"aliases" mapstructure:"aliases"`
	// Exclude are phrases that contain an alias and mean something else: "mavi renk"
	// (the colour blue) for the brand Mavi.
	Exclude []string `yaml:"exclude" mapstructure:"exclude"`
	// With are words of which one has to stand in the mention as well, for a name
	// that is a common word. Empty means that the name is enough.
	With []string `yaml:"with" mapstructure:"with"`
	// Ambiguous says that the name is also a common word: it then counts only with a
	// capital letter and with endings only after an apostrophe, as "Getir'den" but not
	// "getirin" or "Getir bana"; in scripts without capitals only near a word of trade.
	Ambiguous bool `yaml:"ambiguous" mapstructure:"ambiguous"`
	// Languages whose endings the name takes, of tr, fa, en; empty means all.
	Languages []string `yaml:"languages" mapstructure:"languages"`
	// Zone is the IANA time zone of most of its customers: weekends, holidays and
	// the usual hours follow it. Empty means that of the pages (web.zone).
	Zone string `yaml:"zone" mapstructure:"zone"`
	// Rival says that the brand is not ours: it is stored and compared, and pages nobody.
	Rival bool `yaml:"rival" mapstructure:"rival"`
}

// Hit is a place where a text names a brand.
type Hit struct {
	Brand      string
	Start, End int // byte span in the text, endings included
}

// Matcher finds brands. It is safe for concurrent use.
type Matcher struct {
	brands  []Brand
	phrases map[string][]phrase // by first word
	with    [][]phrase          // by brand
	longest int                 // words of the longest phrase
}

// New refuses brands that cannot work, all at once: no name, two of one name, an
// alias of fewer than two letters or of two brands, an unknown language.
func New(brands []Brand) (*Matcher, error) {
	if err := Validate(brands); err != nil {
		return nil, err
	}
	m := &Matcher{brands: slices.Clone(brands), phrases: map[string][]phrase{}, with: make([][]phrase, len(brands))}
	for i, b := range brands {
		for _, a := range append([]string{b.Name}, b.Aliases...) {
			m.add(phrase{brand: i, strict: b.Ambiguous, endings: endingsOf(b.Languages, false)}, a)
		}
		for _, x := range b.Exclude {
			m.add(phrase{brand: i, exclude: true, endings: endingsOf(nil, true)}, x)
		}
		for _, x := range b.With {
			m.with[i] = append(m.with[i], phrases(phrase{brand: i, endings: endingsOf(nil, true)}, x)...)
		}
	}
	return m, nil
}

func (m *Matcher) add(p phrase, s string) {
	for _, p := range phrases(p, s) {
		m.phrases[p.words[0]] = append(m.phrases[p.words[0]], p)
		m.longest = max(m.longest, len(p.words))
	}
}

// Validate names all that is wrong with brands.
func Validate(brands []Brand) error {
	var errs []error
	names, owners := map[string]bool{}, map[string]string{}
	for i, b := range brands {
		if strings.TrimSpace(b.Name) == "" {
			errs = append(errs, fmt.Errorf("brand %d has no name", i+1))
			continue
		}
		if key := text.Fold(b.Name, ""); names[key] {
			errs = append(errs, fmt.Errorf("brand %q is there twice", b.Name))
		} else {
			names[key] = true
		}
		errs = append(errs, checkWords(b), checkAliases(b, owners))
		if _, err := time.LoadLocation(b.Zone); err != nil {
			errs = append(errs, fmt.Errorf("brand %q: zone: %w", b.Name, err))
		}
		for _, l := range b.Languages {
			if !slices.Contains([]string{"tr", "fa", "en"}, l) {
				errs = append(errs, fmt.Errorf("brand %q: language %q is not tr, fa or en", b.Name, l))
			}
		}
	}
	return errors.Join(errs...)
}

func checkWords(b Brand) error {
	for _, s := range slices.Concat([]string{b.Name}, b.Aliases, b.Exclude, b.With) {
		if n := utf8.RuneCountInString(strings.Join(foldedWords(s), "")); n < 2 {
			return fmt.Errorf("brand %q: %q has fewer than two letters", b.Name, s)
		}
	}
	return nil
}

// checkAliases finds an alias that two brands claim: which is meant, nobody knows.
func checkAliases(b Brand, owners map[string]string) error {
	for _, a := range append([]string{b.Name}, b.Aliases...) {
		key := strings.Join(foldedWords(a), " ")
		if other, ok := owners[key]; ok && other != b.Name {
			return fmt.Errorf("brands %q and %q are both called %q", other, b.Name, a)
		}
		owners[key] = b.Name
	}
	return nil
}

// Match lists the brands that a mention names in title, text or product, or that
// its source vouches for (About), in the order of the configuration.
func (m *Matcher) Match(x mention.Mention) []string {
	parts := [][]word{split(x.Title), split(x.Text), split(x.Product)}
	named := make([]bool, len(m.brands))
	for _, words := range parts {
		for _, f := range m.find(words) {
			named[f.brand] = true
		}
	}
	var out []string
	for i, b := range m.brands {
		if named[i] && m.hasCompany(i, parts) || vouched(x.About, b.Name) {
			out = append(out, b.Name)
		}
	}
	return out
}

func vouched(about []string, name string) bool {
	return slices.ContainsFunc(about, func(a string) bool { return text.Fold(a, "") == text.Fold(name, "") })
}

// hasCompany tells whether one of the brand's With words stands in the mention.
func (m *Matcher) hasCompany(brand int, parts [][]word) bool {
	if len(m.with[brand]) == 0 {
		return true
	}
	for _, words := range parts {
		for i := range words {
			if slices.ContainsFunc(m.with[brand], func(p phrase) bool { _, ok := p.at(words, i); return ok }) {
				return true
			}
		}
	}
	return false
}

// Find lists the places where s names a brand, in their order. With is not
// looked at: it concerns a mention as a whole.
func (m *Matcher) Find(s string) []Hit {
	var out []Hit
	for _, h := range m.find(split(s)) {
		out = append(out, Hit{Brand: m.brands[h.brand].Name, Start: h.start, End: h.end})
	}
	return out
}

// Watched tells whether name is a brand of ours: known, and no rival.
func (m *Matcher) Watched(name string) bool {
	return slices.ContainsFunc(m.brands, func(b Brand) bool { return b.Name == name && !b.Rival })
}

// Names lists all brands, in the order of the configuration.
func (m *Matcher) Names() []string {
	names := make([]string, len(m.brands))
	for i, b := range m.brands {
		names[i] = b.Name
	}
	return names
}
