package sentimenttest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feryat/brand"
	"feryat/mention"
	"feryat/sentiment"
)

// Floors are the shares of judged gold cases that must come out right, by column.
type Floors struct{ Mood, Topics, Praise, Signals, Customer, Blamed, Switch, Evidence float64 }

func (f Floors) byColumn() map[string]float64 {
	return map[string]float64{
		"mood": f.Mood, "topics": f.Topics, "praise": f.Praise, "signals": f.Signals, "customer": f.Customer,
		"blamed": f.Blamed, "switch": f.Switch, "evidence": f.Evidence, "language": 0.95,
	}
}

// judgedColumns are the columns of cases.tsv that say what a verdict must be.
func judgedColumns() []string {
	return []string{"mood", "topics", "praise", "signals", "customer", "blamed", "switch", "evidence"}
}

// codesOf lists the codes that a column of labels may name.
func codesOf(column string) []string {
	switch column {
	case "topics", "praise":
		return sentiment.Topics()
	case "signals":
		return sentiment.Signals()
	case "customer":
		return sentiment.Customers()
	case "blamed":
		return sentiment.Blamed()
	}
	return nil
}

// gold is one line of cases.tsv, by the names of its columns.
type gold map[string]string

// Cases scores the gold cases of a language in the folder dir, prints what came
// out and fails below the floors. The scorer has the language among others, so
// that its detection is tested too.
func Cases(t *testing.T, s *sentiment.Scorer, code, dir string, floors Floors) {
	t.Helper()
	CasesOf(t, s, code, filepath.Join(dir, "cases.tsv"), floors)
}

// CasesOf is Cases for a file of another name.
func CasesOf(t *testing.T, s *sentiment.Scorer, code, path string, floors Floors) {
	t.Helper()
	r := newReport()
	for _, c := range readCases(t, path) {
		in := input(t, c)
		v := s.Score(in)
		if wrong := r.judge(c, v, code); len(wrong) > 0 {
			t.Logf("%s\n%s", c["text"], explainWrong(c, &v, wrong))
		}
	}
	t.Logf("%s\n%s", code, r)
	for column, floor := range floors.byColumn() {
		if got := r.columns[column]; got != nil && got.share() < floor {
			t.Errorf("%s: %s right, want at least %.3f", column, got, floor)
		}
	}
}

// input is what a case hands to the scorer: the first of its brands is watched.
func input(t *testing.T, c gold) sentiment.Input {
	t.Helper()
	in := sentiment.Input{Text: c["text"]}
	names := list(c["brands"], ",")
	if len(names) == 0 {
		return in
	}
	in.Brand = names[0]
	brands := make([]brand.Brand, len(names))
	for i, n := range names {
		brands[i] = brand.Brand{Name: n, Rival: i > 0}
	}
	m, err := brand.New(brands)
	if err != nil {
		t.Fatalf("brands of %q: %v", c["text"], err)
	}
	in.Names = sentiment.Names(m.Find(in.Text), in.Brand)
	return in
}

// readCases reads lines under a header that names their columns.
func readCases(t *testing.T, path string) []gold {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var header []string
	var out []gold
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cols := strings.Split(line, "\t")
		if header == nil {
			header = checkedHeader(t, path, cols)
			continue
		}
		if len(cols) > len(header) {
			t.Fatalf("%s: %d columns, the header has %d: %s", path, len(cols), len(header), line)
		}
		c := gold{}
		for i, col := range cols {
			c[header[i]] = strings.TrimSpace(col)
		}
		checkCase(t, path, c)
		out = append(out, c)
	}
	return out
}

func checkedHeader(t *testing.T, path string, names []string) []string {
	t.Helper()
	known := append(judgedColumns(), "text", "brands", "note")
	for _, n := range names {
		if !slices.Contains(known, n) {
			t.Fatalf("%s: column %q of the header is none of %q", path, n, known)
		}
	}
	if !slices.Contains(names, "text") || !slices.Contains(names, "mood") {
		t.Fatalf("%s: the header %q lacks text or mood", path, names)
	}
	return names
}

// checkCase refuses a case that could never come out right.
func checkCase(t *testing.T, path string, c gold) {
	t.Helper()
	moods := list(c["mood"], "|")
	if len(moods) == 0 {
		t.Fatalf("%s: no mood: %s", path, c["text"])
	}
	for _, m := range moods {
		if !slices.Contains(mention.Moods(), mention.Mood(m)) {
			t.Fatalf("%s: %q is no mood: %s", path, m, c["text"])
		}
	}
	for _, column := range judgedColumns() {
		known := codesOf(column)
		for _, code := range list(c[column], ",") {
			if known != nil && code != "-" && !slices.Contains(known, code) {
				t.Fatalf("%s: %s %q is no code: %s", path, column, code, c["text"])
			}
		}
	}
	for _, piece := range list(c["evidence"], " | ") {
		if !strings.Contains(c["text"], piece) {
			t.Fatalf("%s: evidence %q is not in the text: %s", path, piece, c["text"])
		}
	}
}

func list(s, sep string) []string {
	var out []string
	for item := range strings.SplitSeq(s, sep) {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}
