package sentiment

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"feryat/text"
)

// Lint checks the data files of a language by the rules of FORMATS.md and
// returns every fault with file and line.
func Lint(l Language) []error {
	var faults []error
	for _, t := range tables() {
		lines, err := readLines(l.Data, t)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		faults = append(faults, lintOrder(lines)...)
		records, err := readTable(l.Data, t)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		faults = append(faults, lintTable(l.Code, t, records)...)
	}
	return faults
}

func lintOrder(lines []record) []error {
	var faults []error
	for i := 1; i < len(lines); i++ {
		if line := strings.Join(lines[i].cols, "\t"); line < strings.Join(lines[i-1].cols, "\t") {
			faults = append(faults, lines[i].errorf("not sorted: %q", line))
		}
	}
	return faults
}

func lintTable(code string, t table, records []record) []error {
	var faults []error
	seen := map[string]int{}
	for _, r := range records {
		if t.entry < 0 {
			continue
		}
		if err := lintEntry(code, r.col(t.entry)); err != nil {
			faults = append(faults, r.errorf("%v", err))
		}
		key := strings.Join(r.cols[:t.entry+1], "\t")
		if seen[key] > 0 {
			faults = append(faults, r.errorf("%q is on line %d already", key, seen[key]))
		}
		seen[key] = r.line
		if err := lintColumns(t, r); err != nil {
			faults = append(faults, err)
		}
	}
	return faults
}

// FoldEntry returns an entry in the form in which it must stand in a data file.
func FoldEntry(entry, code string) string {
	if head, rest, grouped := strings.Cut(entry, "{"); grouped {
		group, tail, _ := strings.Cut(rest, "}")
		choices := strings.Split(group, "|")
		for i, c := range choices {
			choices[i] = FoldEntry(c, code)
		}
		return spaced(FoldEntry(head, code), strings.HasSuffix(head, " ")) + "{" + strings.Join(choices, "|") + "}" + foldTail(tail, code)
	}
	words := strings.Fields(strings.TrimPrefix(entry, "!"))
	for i, w := range words {
		if w != "<n>" && w != ".." && !isFace(w) {
			words[i] = text.Fold(w, code)
		}
	}
	folded := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	if strings.HasPrefix(entry, "!") {
		folded = "!" + folded
	}
	return folded
}

// foldTail folds what stands behind a group.
func foldTail(tail, code string) string {
	folded := FoldEntry(tail, code)
	if strings.HasPrefix(tail, " ") && folded != "" {
		return " " + folded
	}
	return folded
}

func spaced(s string, space bool) string {
	if space && s != "" {
		return s + " "
	}
	return s
}

// isFace reports whether a word of an entry is an emoticon in lexicon form.
func isFace(w string) bool {
	tokens := text.Tokens(nil, w)
	return len(tokens) == 1 && tokens[0].Kind == text.Emoticon
}

func lintEntry(code, entry string) error {
	if isEnding(entry) {
		entry = entry[1:]
	}
	if want := FoldEntry(entry, code); want != entry {
		return fmt.Errorf("entry %q is not folded, want %q", entry, want)
	}
	words := strings.Fields(strings.TrimPrefix(entry, "!"))
	if len(words) == 0 {
		return fmt.Errorf("empty entry %q", entry)
	}
	if len(words) > maxPhrase {
		return fmt.Errorf("entry %q has more than %d words", entry, maxPhrase)
	}
	for i, w := range words {
		if w == ".." && (i == 0 || i == len(words)-1) {
			return fmt.Errorf("entry %q begins or ends with a gap", entry)
		}
		if err := lintWord(w); err != nil {
			return fmt.Errorf("entry %q: %w", entry, err)
		}
	}
	return nil
}

// lintWord refuses words that a text can never give.
func lintWord(w string) error {
	if w == "<n>" || w == ".." {
		return nil
	}
	stem, prefix := strings.CutSuffix(w, "*")
	if prefix && utf8.RuneCountInString(stem) < minPrefix {
		return fmt.Errorf("%q is shorter than %d letters", w, minPrefix)
	}
	tokens := text.Tokens(nil, stem)
	if len(tokens) != 1 || tokens[0].Start != 0 || tokens[0].End != len(stem) {
		return fmt.Errorf("%q is not one word of a text", w)
	}
	return nil
}

func lintColumns(t table, r record) error {
	var err error
	switch t.name {
	case "lexicon.tsv":
		if _, err = r.number(1, -4, 4, 0); err == nil {
			_, err = r.number(2, 0, 1, 0)
		}
		if err == nil && r.col(3) != "" && !slices.Contains(parts(), r.col(3)) {
			err = r.errorf("part %q, want one of %v", r.col(3), parts())
		}
	case "negators.tsv":
		err = oneOf(r, 1, "before", "after")
		if err == nil {
			_, err = r.number(2, 1, 8, 0)
		}
	case "boosters.tsv":
		if _, err = r.number(1, 0.1, 3, 0); err == nil {
			err = oneOf(r, 2, "", "before", "after")
		}
	case "contrasts.tsv":
		if _, err = r.number(1, 0.1, 3, 0); err == nil {
			_, err = r.number(2, 0.1, 3, 0)
		}
	case "frames.tsv":
		if err = oneOf(r, 1, frameKinds()...); err == nil {
			_, err = r.number(2, -1, 1, 0)
		}
	case "switches.tsv":
		err = oneOf(r, 1, roleKinds()...)
	case "topics.tsv":
		if err = oneOf(r, 0, Topics()...); err == nil {
			err = oneOf(r, 2, "problem", "praise", "aspect")
		}
	case "signals.tsv":
		if err = oneOf(r, 0, Signals()...); err == nil {
			err = oneOf(r, 2, "", "unhappy", "happy")
		}
	case "customers.tsv":
		if err = oneOf(r, 0, Customers()...); err == nil {
			err = oneOf(r, 2, "", "unhappy", "happy")
		}
	case "blamed.tsv":
		err = oneOf(r, 0, Blamed()...)
	}
	return err
}

func oneOf(r record, i int, allowed ...string) error {
	if slices.Contains(allowed, r.col(i)) {
		return nil
	}
	return r.errorf("column %d is %q, want one of %q", i+1, r.col(i), allowed)
}

// parts lists the parts of speech that a lexicon line may name.
func parts() []string {
	return []string{"noun", "verb", "adj", "adv", "phrase", "emoji", "slang", "curse", "interj", "thanks", "applause"}
}
