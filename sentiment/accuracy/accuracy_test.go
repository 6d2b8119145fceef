// Package accuracy_test measures the scorer on labelled texts that are not part
// of the repository. README.md says what its tables mean.
package accuracy_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/learn"
	"feryat/sentiment/tr"
)

func languages() []sentiment.Language {
	return []sentiment.Language{tr.Language(), fa.Language(), en.Language()}
}

// data is the folder of labelled texts. Without it, and in runs of all tests,
// there is nothing to measure.
func data(t *testing.T) string {
	t.Helper()
	if os.Getenv("FERYAT_ACCURACY") == "" {
		t.Skip("takes minutes: run make accuracy")
	}
	dir := os.Getenv("FERYAT_ACCURACY_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no labelled texts (FERYAT_ACCURACY_DATA names their folder): %v", err)
	}
	return dir
}

// TestProgram measures the program as it is with the script beside the texts.
func TestProgram(t *testing.T) {
	dir := data(t)
	script := filepath.Join(dir, "..", "eval", "eval.py")
	if _, err := os.Stat(script); err != nil {
		t.Skip(err)
	}
	program := os.Getenv("FERYAT_ACCURACY_PROGRAM")
	if program == "" {
		program = "../../bin/feryat"
	}
	report := filepath.Join(t.TempDir(), "report.json")
	out, err := exec.Command("python3", script, "--data", dir, "--json", report, "--", program, "score").CombinedOutput()
	t.Logf("the program as it is (its weights have seen these texts)\n%s", out)
	if err != nil {
		t.Fatal(err)
	}
	checkFloors(t, means(t, report))
}

// means reads the report: the mean over sets by language and metric.
func means(t *testing.T, report string) map[[2]string]float64 {
	t.Helper()
	raw, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var sets map[string]map[string]any
	if err := json.Unmarshal(raw, &sets); err != nil {
		t.Fatal(err)
	}
	sum, n := map[[2]string]float64{}, map[[2]string]float64{}
	for set, figures := range sets {
		language, _, _ := strings.Cut(set, "/")
		for metric, value := range figures {
			if list, ok := value.([]any); ok {
				value = list[0] // of F1, recall and precision the first
			}
			k := [2]string{language, metric}
			sum[k] += value.(float64)
			n[k]++
		}
	}
	for k := range sum {
		sum[k] /= n[k]
	}
	return sum
}

func checkFloors(t *testing.T, got map[[2]string]float64) {
	t.Helper()
	for _, cols := range table(t, "floors.tsv") {
		floor, err := strconv.ParseFloat(cols[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		have, measured := got[[2]string{cols[0], cols[1]}]
		if measured && have < floor {
			t.Errorf("%s %s: mean %.3f, want at least %.3f", cols[0], cols[1], have, floor)
		}
	}
}

// table reads the lines of a file as columns, comments left out.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// TestHeldOut relearns the weights with a fifth of the texts held out, and with
// each whole set left out.
func TestHeldOut(t *testing.T) {
	dir := data(t)
	for _, l := range languages() {
		t.Run(l.Code, func(t *testing.T) {
			texts := read(t, dir, l.Code)
			o := learn.DefaultOptions()
			o.Language, o.Pull, o.Priors = l.Code, 1, priors(t, l)
			folds, err := learn.CrossValidate(o, build, texts)
			if err != nil {
				t.Fatal(err)
			}
			sets, err := learn.LeaveOut(o, build, texts)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: weights learnt anew from the weights by hand\n%s", l.Code, tables(folds, sets))
			got := map[[2]string]float64{}
			for name, figures := range map[string][]learn.Figures{"fold": folds.After, "unseen": sets.After} {
				got[[2]string{l.Code, name + " neg"}], got[[2]string{l.Code, name + " pol"}] = learn.Mean(figures)
			}
			checkFloors(t, got)
		})
	}
}

func build(o sentiment.Overlay) (*sentiment.Scorer, error) {
	return sentiment.NewWith(o, languages()...)
}

// TestTenth learns from every tenth text of one set, with weights that have seen
// none of the texts, and holds that the rest of the set gains and the other sets
// lose nothing.
func TestTenth(t *testing.T) {
	const set = "eticaret_urun"
	all := read(t, data(t), "tr")
	f, err := os.Open("tr.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	byHand, err := sentiment.ParseOverlay("tr.tsv", f)
	if err != nil {
		t.Fatal(err)
	}
	unseen := func(o sentiment.Overlay) (*sentiment.Scorer, error) { return build(byHand.Then(o)) }
	tenth, rest := everyTenth(all, set)
	if len(tenth) == 0 {
		t.Skip("the texts of " + set + " are not there")
	}
	o := learn.DefaultOptions()
	o.Language = "tr"
	p, err := learn.Learn(o, unseen, tenth, nil)
	if err != nil {
		t.Fatal(err)
	}
	learnt, err := learn.OverlayOf(o, p.Entries)
	if err != nil {
		t.Fatal(err)
	}
	own0, others0 := measure(t, unseen, sentiment.Overlay{}, rest, set)
	own1, others1 := measure(t, unseen, learnt, rest, set)
	t.Logf("%d entries learnt from %d texts; neg / pol: the rest of the set %.4f / %.4f → %.4f / %.4f, mean of the other sets %.4f / %.4f → %.4f / %.4f",
		len(p.Entries), len(tenth), own0[0], own0[1], own1[0], own1[1], others0[0], others0[1], others1[0], others1[1])
	if own1[0] <= own0[0] || own1[1] <= own0[1] || others1[0] < others0[0] || others1[1] < others0[1] {
		t.Error("learning does not pay, or others pay for it")
	}
}

func everyTenth(all []learn.Text, set string) (tenth, rest []learn.Text) {
	n := 0
	for _, text := range all {
		if text.Set == set {
			if n++; n%10 == 1 {
				tenth = append(tenth, text)
				continue
			}
		}
		rest = append(rest, text)
	}
	return tenth, rest
}

// measure returns neg and pol of a set and the mean of the others'.
func measure(t *testing.T, build learn.Build, o sentiment.Overlay, texts []learn.Text, set string) (own, others [2]float64) {
	t.Helper()
	s, err := build(o)
	if err != nil {
		t.Fatal(err)
	}
	var rest []learn.Figures
	for _, f := range learn.Measure(s, texts, "tr") {
		if f.Set == set {
			own = [2]float64{f.Neg, f.Pol}
			continue
		}
		rest = append(rest, f)
	}
	others[0], others[1] = learn.Mean(rest)
	return own, others
}

func read(t *testing.T, dir, language string) []learn.Text {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, language, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []learn.Text
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		texts, _, err := learn.ReadJSON(f, strings.TrimSuffix(filepath.Base(name), ".jsonl"), language)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, texts...)
		f.Close()
	}
	return all
}

// priors are the weights by hand: those of the overlay here, and of the entries
// that are not in it those of the lexicon, unless its note says that they were
// learnt.
func priors(t *testing.T, l sentiment.Language) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	lexicon, err := sentiment.ReadTable(l.Data, "lexicon.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, cols := range lexicon {
		if len(cols) > 4 && strings.HasPrefix(cols[4], "learnt") {
			out[cols[0]] = 0
		}
	}
	for _, cols := range table(t, l.Code+".tsv") {
		w, err := strconv.ParseFloat(cols[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		out[cols[2]] = w
	}
	return out
}

// tables prints three pairs of figures for each set.
func tables(folds, sets learn.Comparison) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-24s %6s   %-13s %-13s %-13s\n", "neg / pol", "texts", "as it is", "fold held out", "set left out")
	pair := func(neg, pol float64) string { return fmt.Sprintf("%.3f / %.3f", neg, pol) }
	for i, f := range folds.Before {
		if f.OneSided {
			fmt.Fprintf(&b, "%-24s %6d   %-13.3f %-13.3f %-13.3f\n", f.Set, f.Texts, f.Neg, folds.After[i].Neg, sets.After[i].Neg)
			continue
		}
		fmt.Fprintf(&b, "%-24s %6d   %-13s %-13s %-13s\n", f.Set, f.Texts, pair(f.Neg, f.Pol), pair(folds.After[i].Neg, folds.After[i].Pol), pair(sets.After[i].Neg, sets.After[i].Pol))
	}
	fmt.Fprintf(&b, "%-24s %6s   %-13s %-13s %-13s\n", "mean", "", pair(learn.Mean(folds.Before)), pair(learn.Mean(folds.After)), pair(learn.Mean(sets.After)))
	return b.String()
}
