// Package sentimenttest holds the tests that every language passes: the linter
// of its data files and its gold cases.
package sentimenttest

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feryat/sentiment"
)

// update is the flag -update: rewrite data files in the form the linter wants.
//
//nolint:gochecknoglobals // a flag of go test has to be known before tests run
var update = flag.Bool("update", false, "fold, sort and write back the data files of the language")

// Lint checks the data files of a language. dir is their folder on disk, which
// -update writes to.
func Lint(t *testing.T, l sentiment.Language, dir string) {
	t.Helper()
	if *update {
		tidyFolder(t, l.Code, dir)
		l.Data = os.DirFS(dir)
	}
	for _, fault := range slices.Concat(sentiment.Lint(l), sentiment.LintSense(l)) {
		t.Error(fault)
	}
	for _, name := range []string{"cases.tsv", "SOURCES.md"} {
		if _, err := fs.Stat(os.DirFS(dir), name); err != nil {
			t.Error(err)
		}
	}
}

// tidyFolder folds and sorts every data file of a folder.
func tidyFolder(t *testing.T, code, dir string) {
	t.Helper()
	for name, entry := range sentiment.EntryColumns() {
		path := filepath.Join(dir, name)
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(tidy(string(raw), code, entry)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tidy keeps the comments at the head of a file and sorts its folded records;
// of several with the same key the first stays.
func tidy(raw, code string, entry int) string {
	var head, records []string
	seen := map[string]bool{}
	for line := range strings.Lines(raw) {
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case line == "":
		case line[0] == '#':
			head = append(head, line)
		default:
			cols := strings.Split(line, "\t")
			key := line
			if entry >= 0 && entry < len(cols) {
				cols[entry] = sentiment.FoldEntry(cols[entry], code)
				key = strings.Join(cols[:entry+1], "\t")
			}
			if !seen[key] {
				records = append(records, strings.Join(cols, "\t"))
			}
			seen[key] = true
		}
	}
	slices.Sort(records)
	return strings.Join(append(head, records...), "\n") + "\n"
}
