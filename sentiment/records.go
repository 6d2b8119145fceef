package sentiment

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// record is one line of a data file.
type record struct {
	file string
	line int
	cols []string
}

func (r record) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.file, r.line, fmt.Sprintf(format, args...))
}

// col returns column i, empty where the line is shorter.
func (r record) col(i int) string {
	if i < len(r.cols) {
		return r.cols[i]
	}
	return ""
}

// number returns column i as a number between low and high; an empty column is
// the given default.
func (r record) number(i int, low, high, empty float64) (float64, error) {
	s := r.col(i)
	if s == "" {
		return empty, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= low && v <= high) {
		return 0, r.errorf("column %d is %q, want a number from %g to %g", i+1, s, low, high)
	}
	return v, nil
}

// table is the shape of a data file.
type table struct {
	name     string
	entry    int // column of the entry, -1 where there is none
	min, max int // columns
	optional bool
}

// tables lists the data files that move a verdict; a language's version is made
// of these.
func tables() []table {
	return []table{
		{name: "lexicon.tsv", entry: 0, min: 2, max: 5},
		{name: "negators.tsv", entry: 0, min: 3, max: 4},
		{name: "boosters.tsv", entry: 0, min: 2, max: 4},
		{name: "contrasts.tsv", entry: 0, min: 3, max: 4, optional: true},
		{name: "frames.tsv", entry: 0, min: 3, max: 4, optional: true},
		{name: "switches.tsv", entry: 0, min: 2, max: 3, optional: true},
		{name: "topics.tsv", entry: 1, min: 3, max: 4},
		{name: "signals.tsv", entry: 1, min: 2, max: 4},
		{name: "customers.tsv", entry: 1, min: 2, max: 4},
		{name: "blamed.tsv", entry: 1, min: 2, max: 3},
		{name: "stopwords.txt", entry: 0, min: 1, max: 1},
		{name: "particles.txt", entry: 0, min: 1, max: 1, optional: true},
		{name: "numbers.txt", entry: 0, min: 1, max: 1, optional: true},
		{name: "verbs.tsv", entry: -1, min: 2, max: 3, optional: true},
	}
}

// readTable reads a data file, groups spelled out. All its broken lines are told
// at once.
func readTable(data fs.FS, t table) ([]record, error) {
	lines, err := readLines(data, t)
	errs := []error{err}
	out := make([]record, 0, len(lines))
	for _, l := range lines {
		records, err := l.spelledOut(t.entry)
		errs = append(errs, err)
		out = append(out, records...)
	}
	return out, errors.Join(errs...)
}

// readLines reads a data file as it stands.
func readLines(data fs.FS, t table) ([]record, error) {
	raw, err := fs.ReadFile(data, t.name)
	if errors.Is(err, fs.ErrNotExist) && t.optional {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read data file: %w", err)
	}
	var out []record
	var errs []error
	lines := bufio.NewScanner(strings.NewReader(string(raw)))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(lines.Text(), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		r := record{file: t.name, line: n, cols: strings.Split(line, "\t")}
		if len(r.cols) < t.min || len(r.cols) > t.max {
			errs = append(errs, r.errorf("%d columns, want %d to %d", len(r.cols), t.min, t.max))
			continue
		}
		out = append(out, r)
	}
	errs = append(errs, lines.Err())
	return out, errors.Join(errs...)
}

// ReadTable returns the lines of a data file as columns: for language packages
// whose rules have data of their own.
func ReadTable(data fs.FS, name string) ([][]string, error) {
	for _, t := range tables() {
		if t.name != name {
			continue
		}
		records, err := readTable(data, t)
		out := make([][]string, len(records))
		for i, r := range records {
			out[i] = r.cols
		}
		return out, err
	}
	return nil, fmt.Errorf("%s is no data file of a language", name)
}

// EntryColumns returns for every data file the column of its entry, -1 where it
// has none.
func EntryColumns() map[string]int {
	out := map[string]int{}
	for _, t := range tables() {
		out[t.name] = t.entry
	}
	return out
}
