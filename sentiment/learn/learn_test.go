package learn_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"feryat/sentiment"
	"feryat/sentiment/learn"
)

// known are the weights by which the texts of these tests get their labels.
func known() map[string]float64 {
	return map[string]float64{"superb": 2.5, "lovely": 1.5, "decent": 0.7, "tepid": -0.7, "shoddy": -1.5, "dreadful": -2.5, "!arrive": -2, "never again": -2}
}

// toy knows some of the words with a wrong weight, some not at all.
func toy(o sentiment.Overlay) (*sentiment.Scorer, error) {
	file := func(lines ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.ReplaceAll(strings.Join(lines, "\n"), "|", "\t"))}
	}
	return sentiment.NewWith(o, sentiment.Language{Code: "en", Data: fstest.MapFS{
		"lexicon.tsv": file("!arrive|-1", "decent|1", "lovely|1", "shoddy|-1", "superb|1"), "negators.tsv": file("not|before|3"),
		"boosters.tsv": file("very|1.5"), "topics.tsv": file("delay|late|problem"), "signals.tsv": file("churn|goodbye"),
		"customers.tsv": file("loyal|for years"), "blamed.tsv": file("courier|courier"), "stopwords.txt": file("a", "it", "the", "was"),
	}})
}

// texts makes texts of known and of empty words, labelled by the sum of their
// weights with some noise.
func texts(set string, n int, seed uint64) []learn.Text {
	r := rand.New(rand.NewPCG(seed, 1))
	var words []string
	for w := range known() {
		words = append(words, w)
	}
	words = append(words, "never", "again") // apart they say nothing
	slices.Sort(words)
	for i := range 40 {
		words = append(words, fmt.Sprintf("thing%c%c", 'a'+i%26, 'a'+i/26))
	}
	out := make([]learn.Text, n)
	for i := range out {
		sum, said := 0.0, []string{"the shop"}
		for range 2 + r.IntN(5) {
			w := words[r.IntN(len(words))]
			sum += known()[w]
			said = append(said, strings.Replace(w, "!", "does not ", 1))
		}
		out[i] = learn.Text{Set: set, Text: strings.Join(said, " "), Label: label(sum, r)}
	}
	return out
}

// label draws from the ordinal model that the regression assumes.
func label(sum float64, r *rand.Rand) learn.Label {
	u := r.Float64()
	noise := math.Log(u / (1 - u))
	switch {
	case sum+noise < -0.5:
		return learn.Unhappy
	case sum+noise > 0.5:
		return learn.Content
	}
	return learn.Neutral
}

func options() learn.Options {
	o := learn.DefaultOptions()
	o.Language, o.Length, o.Balance = "en", 0, 0
	return o
}

// The weights by which labels were made come back in sign, order and size.
func TestRecoversKnownWeights(t *testing.T) {
	p, err := learn.Learn(options(), toy, texts("a", 3000, 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]learn.Entry{}
	for _, e := range p.Entries {
		got[e.Entry] = e
	}
	for entry, want := range known() {
		e, ok := got[entry]
		if !ok && entry == "decent" {
			continue // its present weight is near enough
		}
		if !ok || math.Abs(e.Weight-want) > 0.5 {
			t.Errorf("%s: weight %.1f, want about %.1f", entry, e.Weight, want)
		}
		if wantNew := entry == "tepid" || entry == "dreadful" || entry == "never again"; ok && e.New != wantNew {
			t.Errorf("%s: new %v", entry, e.New)
		}
		if ok && (e.Support < 100 || e.Agreement < 0.8 || e.Gain <= 0) {
			t.Errorf("%s: %+v", entry, e)
		}
	}
	for _, e := range p.Entries {
		if w := strconv.FormatFloat(e.Weight, 'g', -1, 64); len(strings.TrimPrefix(w, "-")) > 3 {
			t.Errorf("%s: weight %s, want one digit behind the point", e.Entry, w)
		}
		if strings.HasPrefix(e.Entry, "thing") && !strings.Contains(e.Entry, " ") && math.Abs(e.Weight) > 0.6 {
			t.Errorf("%s says nothing and weighs %.1f", e.Entry, e.Weight)
		}
	}
	if b, a := p.Before[0], p.After[0]; a.Neg < b.Neg+0.05 || a.Pol < b.Pol+0.05 {
		t.Errorf("held out: before %+v, after %+v", b, a)
	}
}

// Labels by chance teach nothing: hardly an entry is new.
func TestChanceTeachesNothing(t *testing.T) {
	all := texts("a", 1000, 2)
	r := rand.New(rand.NewPCG(3, 3))
	for i := range all {
		all[i].Label = learn.Label(r.IntN(3) - 1)
	}
	o := options()
	o.FalseNew = 0.1
	p, err := learn.Learn(o, toy, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Entries {
		if e.New {
			t.Errorf("%+v", e)
		}
	}
}

// What is said in one set alone, or written as a name, is no entry.
func TestNamesAreLeftOut(t *testing.T) {
	var all []learn.Text
	for i, set := range []string{"a", "b", "c"} {
		all = append(all, texts(set, 600, uint64(10+i))...)
	}
	for i := range all {
		if all[i].Label == learn.Unhappy {
			all[i].Text += " says Wilkins"
			if all[i].Set == "a" {
				all[i].Text += " about gizmos"
			}
		}
	}
	p, err := learn.Learn(options(), toy, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Entries {
		if strings.Contains(e.Entry, "gizmos") || e.Entry == "wilkins" {
			t.Errorf("%+v", e)
		}
	}
}

// The same texts give the same overlay, which the scorer takes.
func TestLearnIsDeterministic(t *testing.T) {
	var out [2]strings.Builder
	for i := range out {
		p, err := learn.Learn(options(), toy, texts("a", 400, 4), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := learn.WriteOverlay(&out[i], options(), p.Entries, []string{"about\nit"}); err != nil {
			t.Fatal(err)
		}
	}
	if out[0].String() != out[1].String() {
		t.Error("two runs differ")
	}
	if !strings.HasPrefix(out[0].String(), "# about it\nen\tlexicon\t") {
		t.Errorf("overlay begins %.60q", out[0].String())
	}
	if faults := sentiment.LintOverlay("learnt", strings.NewReader(out[0].String()), sentiment.Language{Code: "en", Data: fstest.MapFS{}}); strings.Contains(fmt.Sprint(faults), "learnt:") {
		t.Error(faults)
	}
}

// A set that was left out is measured with what the others teach, and texts that
// it shares with them are not learnt from.
func TestLeaveOut(t *testing.T) {
	all := append(texts("a", 800, 5), texts("b", 800, 6)...)
	all = append(all, texts("c", 800, 7)...)
	c, err := learn.LeaveOut(options(), toy, all)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.After) != 3 || c.After[2].Set != "c" || c.After[2].Texts != 800 {
		t.Fatalf("%+v", c.After)
	}
	for i := range c.After {
		if c.After[i].Neg < c.Before[i].Neg+0.03 {
			t.Errorf("%s: %.3f → %.3f", c.After[i].Set, c.Before[i].Neg, c.After[i].Neg)
		}
	}
}

func TestMean(t *testing.T) {
	neg, pol := learn.Mean([]learn.Figures{{Neg: 0.5, Pol: 0.7}, {Neg: 0.7, Pol: 0.9}, {Neg: 1, OneSided: true}})
	if math.Abs(neg-0.6) > 1e-9 || math.Abs(pol-0.8) > 1e-9 {
		t.Errorf("neg %g, pol %g", neg, pol)
	}
}

func TestOptions(t *testing.T) {
	if err := options().Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*learn.Options){
		"language": func(o *learn.Options) { o.Language = "" }, "folds": func(o *learn.Options) { o.Folds = 1 },
		"support": func(o *learn.Options) { o.Support = 1 }, "pull": func(o *learn.Options) { o.Pull = 0 },
	} {
		o := options()
		if change(&o); o.Validate() == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}
