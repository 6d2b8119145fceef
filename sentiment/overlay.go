package sentiment

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"feryat/text"
)

// Overlay holds lines that replace entries of the built-in data files: what
// users correct and what was learnt. The zero value changes nothing.
type Overlay struct{ files []overlayFile }

// overlayFile is one file; what it says of an entry replaces all that the
// built-in data and the files before it say in the same table.
type overlayFile struct {
	brand string // whom its lines are for, "" = all
	lines []overlayLine
}

type overlayLine struct {
	language, table string
	record
}

// silent in the column beside the entry takes an entry out of its table.
const silent = "-"

// ParseOverlay reads one overlay file (FORMATS.md). Errors name it as given.
func ParseOverlay(name string, in io.Reader) (Overlay, error) {
	f := overlayFile{}
	var errs []error
	s := bufio.NewScanner(in)
	s.Buffer(nil, 1<<20)
	n := 0
	for s.Scan() {
		n++
		line := strings.TrimRight(strings.TrimPrefix(s.Text(), "\ufeff"), "\r\t ")
		if line == "" || line[0] == '#' {
			continue
		}
		if brand, ok := strings.CutPrefix(line, "brand="); ok {
			errs = append(errs, f.limit(strings.TrimSpace(brand), record{file: name, line: n}))
			continue
		}
		l, err := overlayLineOf(record{file: name, line: n, cols: strings.Split(line, "\t")})
		if err == nil {
			f.lines = append(f.lines, l)
		}
		errs = append(errs, err)
	}
	if err := s.Err(); err != nil {
		errs = append(errs, fmt.Errorf("%s:%d: %w", name, n+1, err))
	}
	return Overlay{files: []overlayFile{f}}, errors.Join(errs...)
}

func (f *overlayFile) limit(brand string, at record) error {
	if brand == "" || f.brand != "" || len(f.lines) > 0 {
		return at.errorf("brand= must name one brand, once, before all lines")
	}
	f.brand = brand
	return nil
}

// overlayLineOf checks a line by the rules of the table that it names. Its
// entry is folded here: users write as they speak.
func overlayLineOf(r record) (overlayLine, error) {
	if len(r.cols) < 3 {
		return overlayLine{}, r.errorf("%d columns, want language, table, and the columns of that table", len(r.cols))
	}
	l := overlayLine{language: r.cols[0], table: strings.TrimSuffix(r.cols[1], ".tsv")}
	l.record = record{file: r.file, line: r.line, cols: slices.Clone(r.cols[2:])}
	t, err := overlayTable(l.table)
	if err != nil {
		return l, r.errorf("%v", err)
	}
	if len(l.cols) <= t.entry || len(l.cols) > t.max {
		return l, r.errorf("%d columns behind the table, want %d to %d", len(l.cols), t.min, t.max)
	}
	if face, ok := faceKey(l.cols[t.entry]); ok {
		l.cols[t.entry] = face
	} else {
		l.cols[t.entry] = FoldEntry(l.cols[t.entry], l.language)
		if err := lintEntry(l.language, l.cols[t.entry]); err != nil {
			return l, r.errorf("%v", err)
		}
	}
	if l.silences(t) {
		return l, nil
	}
	if len(l.cols) < t.min {
		return l, r.errorf("%d columns behind the table, want %d to %d", len(l.cols), t.min, t.max)
	}
	return l, lintColumns(t, l.record)
}

// faceKey returns the form in which emoticons are looked up: ":D" and ":d" are
// one.
func faceKey(entry string) (string, bool) {
	if upper := strings.ToUpper(entry); isFace(upper) {
		entry = upper
	} else if !isFace(entry) {
		return "", false
	}
	return string(text.EmoticonKey(nil, entry)), true
}

func overlayTable(name string) (table, error) {
	var known []string
	for _, t := range tables() {
		short, ok := strings.CutSuffix(t.name, ".tsv")
		if !ok || t.entry < 0 {
			continue
		}
		if short == name {
			return t, nil
		}
		known = append(known, short)
	}
	return table{}, fmt.Errorf("table %q, want one of %s", name, strings.Join(known, ", "))
}

// silences reports whether a line takes its entry out of the table. In the
// lexicon weight 0 does so.
func (l overlayLine) silences(t table) bool {
	beside := 1 - min(t.entry, 1)
	return t.name != "lexicon.tsv" && l.col(beside) == silent
}

// Then returns an overlay in which the entries of next replace those of o.
func (o Overlay) Then(next Overlay) Overlay {
	return Overlay{files: slices.Concat(o.files, next.files)}
}

// Len returns how many lines there are.
func (o Overlay) Len() int {
	n := 0
	for _, f := range o.files {
		n += len(f.lines)
	}
	return n
}

// brands returns the brands that have lines of their own.
func (o Overlay) brands() []string {
	var out []string
	for _, f := range o.files {
		if f.brand != "" && !slices.Contains(out, f.brand) {
			out = append(out, f.brand)
		}
	}
	return out
}

// languages returns the languages that the lines of a brand are in.
func (o Overlay) languages(brand string) map[string]bool {
	out := map[string]bool{}
	for _, f := range o.files {
		if f.brand == brand {
			for _, l := range f.lines {
				out[l.language] = true
			}
		}
	}
	return out
}

// applied returns the records of a table with the overlay's lines in place of
// those that they replace: lines for all brands, then those of the one given.
func (o Overlay) applied(records []record, t table, language, brand string) []record {
	for _, f := range o.files {
		if t.entry < 0 || f.brand != "" && f.brand != brand {
			continue
		}
		replaced := map[string]bool{}
		for _, l := range f.lines {
			if l.language == language && l.table+".tsv" == t.name {
				replaced[l.col(t.entry)] = true
			}
		}
		if len(replaced) == 0 {
			continue
		}
		old := map[string]record{}
		records = slices.DeleteFunc(slices.Clone(records), func(r record) bool {
			entry := r.col(t.entry)
			if replaced[entry] {
				old[entry] = r
			}
			return replaced[entry]
		})
		for _, l := range f.lines {
			if l.language == language && l.table+".tsv" == t.name && !l.silences(t) {
				records = append(records, l.completed(old[l.col(t.entry)], t))
			}
		}
	}
	return records
}

// completed is a line of the lexicon with the anger and part of the line that it
// replaces where it leaves them open.
func (l overlayLine) completed(old record, t table) record {
	if t.name != "lexicon.tsv" {
		return l.record
	}
	cols := append(slices.Clone(l.cols), "", "", "")[:4]
	for c := 2; c < len(cols); c++ {
		cols[c] = cmp.Or(cols[c], old.col(c))
	}
	return record{file: l.file, line: l.line, cols: cols}
}

// check refuses lines in languages that there are not.
func (o Overlay) check(languages []Language) error {
	var errs []error
	for _, f := range o.files {
		for _, l := range f.lines {
			if !slices.ContainsFunc(languages, func(x Language) bool { return x.Code == l.language }) {
				errs = append(errs, l.errorf("language %q is not one that is loaded", l.language))
			}
		}
	}
	return errors.Join(errs...)
}

// appendTo adds the overlay's content to the bytes that a version is made of.
func (o Overlay) appendTo(all []byte) []byte {
	for _, f := range o.files {
		all = fmt.Appendf(all, "overlay %q\n", f.brand)
		for _, l := range f.lines {
			all = fmt.Appendf(all, "%s\t%s\t%q\n", l.language, l.table, l.cols)
		}
	}
	return all
}

// LintOverlay checks an overlay file: what ParseOverlay refuses, and entries
// that stand twice or can never match.
func LintOverlay(name string, in io.Reader, languages ...Language) []error {
	o, err := ParseOverlay(name, in)
	errs := []error{err, o.check(languages)}
	for _, f := range o.files {
		seen := map[string]overlayLine{}
		for _, l := range f.lines {
			t, _ := overlayTable(l.table) // parsed: it is one
			key := strings.Join(append([]string{l.language, l.table}, l.cols[:t.entry+1]...), "\t")
			if first, twice := seen[key]; twice {
				errs = append(errs, l.errorf("%q is on line %d already", l.col(t.entry), first.line))
			}
			seen[key] = l
		}
	}
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 0 {
		for _, l := range languages {
			errs = append(errs, lintSenseOf(l, o)...)
		}
	}
	return errs
}

// lintSenseOf tells what LintSense finds in the lines of an overlay alone.
func lintSenseOf(l Language, o Overlay) []error {
	all := Overlay{}
	for _, f := range o.files {
		all.files = append(all.files, overlayFile{lines: f.lines}) // for any brand
	}
	own := map[string]bool{}
	for _, f := range o.files {
		for _, line := range f.lines {
			own[line.file] = true
		}
	}
	return lintSense(l, all, func(r record) bool { return own[r.file] })
}
