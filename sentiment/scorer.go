// Package sentiment reads what a customer wrote and says how he feels, what it
// is about, and why: one engine for all languages, which are data files and a
// few rules each (FORMATS.md). It is pure: no I/O after New, the same answer for
// the same input and version.
//
// The way of a text: words with their place → readings of each word (itself, its
// stems) → entries of the data files that occur (a trie over words) → clauses,
// negation, boosters, contrasts → weights → sum → squash → mood, topics, signals.
package sentiment

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"feryat/mention"
)

// rulesVersion is raised with every change of code that moves verdicts.
const rulesVersion = "5"

//go:embed emoji.tsv
var sharedData embed.FS

func emojiTable() table { return table{name: "emoji.tsv", entry: 0, min: 2, max: 5} }

// Scorer gives verdicts. It is safe for concurrent use.
type Scorer struct {
	lexicons map[string]*lexicon
	branded  map[string]map[string]*lexicon // by brand and language, where an overlay has lines for a brand
	faces    *lexicon                       // emoji alone, for texts in other languages
	version  string
	readers  sync.Pool
}

// Input is one text to score. Spans of reasons point into Text.
type Input struct {
	Text     string
	Title    string
	Language string   // ISO 639-1 as the source claims it, may be empty
	Rating   *float64 // the stars given, as a share from 0 to 1
	Brand    string   // the watched brand; its name is no opinion
	Names    []Name   // where Text names brands that are watched, in order
}

// Name is a place where a text names a brand, endings included.
type Name struct {
	Start, End int // bytes of Text
	Ours       bool
	Brand      string
}

// New returns a scorer for the languages given. Faults of all data files are
// told at once.
func New(languages ...Language) (*Scorer, error) { return NewWith(Overlay{}, languages...) }

// NewWith returns a scorer whose data files are corrected by an overlay.
func NewWith(o Overlay, languages ...Language) (*Scorer, error) {
	s := &Scorer{lexicons: map[string]*lexicon{}, branded: map[string]map[string]*lexicon{}}
	errs := []error{o.check(languages)}
	for i, c := range compileAll(languages, o) {
		errs = append(errs, c.err)
		s.lexicons[languages[i].Code] = c.lexicon
	}
	for _, brand := range o.brands() {
		errs = append(errs, s.addBrand(brand, o, languages))
	}
	var err error
	s.faces, err = compile(Language{Code: "und"}, Overlay{}, "")
	errs = append(errs, err)
	version, err := versionOf(languages, o)
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("load lexicons: %w", err)
	}
	s.version = version
	s.number()
	s.readers.New = func() any { return &reader{memory: newMemory()} }
	return s, nil
}

type compiled struct {
	lexicon *lexicon
	err     error
}

// compileAll compiles languages side by side.
func compileAll(languages []Language, o Overlay) []compiled {
	out := make([]compiled, len(languages))
	var all sync.WaitGroup
	for i, l := range languages {
		all.Go(func() { out[i].lexicon, out[i].err = compile(l, o, "") })
	}
	all.Wait()
	return out
}

// number gives each lexicon its order.
func (s *Scorer) number() {
	n := int32(0)
	number := func(x *lexicon) {
		x.order = n
		n++
	}
	number(s.faces)
	for _, x := range s.lexicons {
		number(x)
	}
	for _, own := range s.branded {
		for _, x := range own {
			number(x)
		}
	}
}

// addBrand compiles the languages in which an overlay has lines for a brand.
func (s *Scorer) addBrand(brand string, o Overlay, languages []Language) error {
	var errs []error
	own := o.languages(brand)
	s.branded[brand] = map[string]*lexicon{}
	for _, l := range languages {
		if !own[l.Code] {
			continue
		}
		x, err := compile(l, o, brand)
		errs = append(errs, err)
		s.branded[brand][l.Code] = x
	}
	return errors.Join(errs...)
}

// Version names the data files and rules that verdicts follow from.
func (s *Scorer) Version() string { return s.version }

// Score gives the verdict on a text.
func (s *Scorer) Score(in Input) (v mention.Verdict) {
	r := s.readers.Get().(*reader)
	defer s.release(r)
	t := newTally(r, in)
	code, x := s.language(t)
	t.run(x)
	v.Language, v.Lexicon = code, s.version
	t.fill(&v)
	return v
}

// maxKept is how many words a reader may keep room for: one huge text must not
// hold its memory for ever.
const maxKept = 1 << 15

func (s *Scorer) release(r *reader) {
	if cap(r.words) > maxKept {
		*r = reader{memory: r.memory}
	}
	s.readers.Put(r)
}

// Evidence is one entry of the data files that moved a score.
type Evidence struct {
	Entry  string  // as it stands in the lexicon
	Factor float64 // what its weight was multiplied by
	Weight float64 // as multiplied
}

// Evidence returns what the score of a text is made of, entry by entry: the
// features from which weights are learnt. Entries of weight 0 are among them.
func (s *Scorer) Evidence(in Input) []Evidence {
	r := s.readers.Get().(*reader)
	defer s.release(r)
	t := newTally(r, in)
	t.keepAll = true
	_, x := s.language(t)
	t.run(x)
	return t.evidence
}

// language cuts a text, and says which language it is in and which lexicon reads it. The
// claim of the source decides where the text itself does not.
func (s *Scorer) language(t *tally) (code string, x *lexicon) {
	in := &t.in
	all := t.cut(t.text, t.offset)
	code, sure := all.Language()
	if sure < 0.5 && t.offset > 0 {
		all = t.cut(t.text, 0)
		code, sure = all.Language()
	}
	if sure < 0.5 && s.lexicons[in.Language] != nil {
		code = in.Language
	}
	if x := s.branded[in.Brand][code]; x != nil {
		return code, x
	}
	if x := s.lexicons[code]; x != nil {
		return code, x
	}
	return cmp.Or(code, "und"), s.faces
}

// versionOf is a short hash over all data files, the overlay and the rules' version.
func versionOf(languages []Language, o Overlay) (string, error) {
	all := []byte("rules " + rulesVersion + "\n")
	add := func(code string, data fs.FS, name string) error {
		raw, err := fs.ReadFile(data, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		all = fmt.Appendf(all, "%s/%s %d\n", code, name, len(raw))
		all = append(all, raw...)
		return nil
	}
	err := add("", sharedData, "emoji.tsv")
	sorted := slices.SortedFunc(slices.Values(languages), func(a, b Language) int { return cmp.Compare(a.Code, b.Code) })
	for _, l := range sorted {
		for _, t := range tables() {
			err = errors.Join(err, add(l.Code, l.Data, t.name))
		}
	}
	sum := sha256.Sum256(o.appendTo(all))
	return rulesVersion + "-" + hex.EncodeToString(sum[:5]), err
}
