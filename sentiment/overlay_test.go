package sentiment_test

import (
	"strings"
	"testing"

	"feryat/mention"
	"feryat/sentiment"
)

func overlay(t *testing.T, lines string) sentiment.Overlay {
	t.Helper()
	o, err := sentiment.ParseOverlay("mine.tsv", strings.NewReader(strings.ReplaceAll(lines, "|", "\t")))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func with(t *testing.T, o sentiment.Overlay) *sentiment.Scorer {
	t.Helper()
	s, err := sentiment.NewWith(o, toyLanguage())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOverlayReplaces(t *testing.T) {
	tests := []struct {
		name, lines, text string
		raw               float64
	}{
		{"a weight", "en|lexicon|good|-1", "good", -1},
		{"nothing else", "en|lexicon|good|-1", "great", 3},
		{"silenced", "en|lexicon|bad|0", "bad", 0},
		{"a new phrase", "en|lexicon|bad luck|0.5", "bad luck", 0.5},
		{"folded as users write", "en|lexicon|Good|1", "good", 1},
		{"the last line of two files", "en|lexicon|good|1\n", "good", 1},
		{"a negator no more", "en|negators|not|-", "not good", 2},
		{"a new negator", "en|negators|hardly|before|2", "hardly good", 2 * -0.9},
		{"a booster", "en|boosters|very|2", "very good", 4},
		{"a contrast no more", "en|contrasts|but|-", "good but bad", 0},
		{"an emoticon", "en|lexicon|:D|-2", ":D", -2},
		{"with a comment and a mark", "\ufeff# mine\n\nen|lexicon|good|1", "good", 1},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			if got := with(t, overlay(t, c.lines)).Score(sentiment.Input{Text: c.text, Language: "en"}); got.Raw != c.raw {
				t.Errorf("%q: raw %g, want %g: %+v", c.text, got.Raw, c.raw, got.Reasons)
			}
		})
	}
}

// What an overlay leaves open stays: anger, and the curse that is a signal.
func TestOverlayKeepsAngerAndPart(t *testing.T) {
	v := with(t, overlay(t, "en|lexicon|damn|-1")).Score(sentiment.Input{Text: "damn", Language: "en"})
	if v.Raw != -1 || v.Mood != mention.Angry || len(v.Signals) != 1 || v.Signals[0] != "harsh_language" {
		t.Errorf("raw %g, %s, signals %v", v.Raw, v.Mood, v.Signals)
	}
}

func TestOverlayLabels(t *testing.T) {
	s := with(t, overlay(t, "en|topics|-|broken\nen|topics|delay|courier|problem\nen|signals|churn|goodbye for ever"))
	for text, want := range map[string]string{"it is broken": "", "the courier": "delay"} {
		v := s.Score(sentiment.Input{Text: text, Language: "en"})
		if got := strings.Join(v.Topics, ","); got != want {
			t.Errorf("%q: topics %q, want %q", text, got, want)
		}
	}
	if v := s.Score(sentiment.Input{Text: "goodbye for ever", Language: "en"}); len(v.Signals) != 1 || v.Signals[0] != "churn" {
		t.Errorf("signals %v", v.Signals)
	}
}

func TestOverlayOfABrand(t *testing.T) {
	o := overlay(t, "en|lexicon|good|1").Then(overlay(t, "brand=Acme\nen|lexicon|good|-3"))
	s := with(t, o)
	for brand, want := range map[string]float64{"": 1, "Other": 1, "Acme": -3} {
		if v := s.Score(sentiment.Input{Text: "good", Language: "en", Brand: brand}); v.Raw != want {
			t.Errorf("brand %q: raw %g, want %g", brand, v.Raw, want)
		}
	}
}

// The version names the overlay too: another overlay is another scorer.
func TestOverlayVersion(t *testing.T) {
	versions := map[string]bool{}
	for _, lines := range []string{"en|lexicon|good|1", "en|lexicon|good|1.5", "brand=Acme\nen|lexicon|good|1"} {
		versions[with(t, overlay(t, lines)).Version()] = true
	}
	versions[toy(t).Version()] = true
	if len(versions) != 4 {
		t.Errorf("versions %v, want 4 different", versions)
	}
	if a, b := toy(t).Version(), with(t, sentiment.Overlay{}).Version(); a != b {
		t.Errorf("an empty overlay changes the version from %s to %s", a, b)
	}
}

func TestOverlayFaults(t *testing.T) {
	tests := []struct{ name, lines, want string }{
		{"no table", "en|good", "mine.tsv:1: 2 columns"},
		{"unknown table", "en|lexicons|good|1", `mine.tsv:1: table "lexicons", want one of lexicon`},
		{"no weight", "en|lexicon|good", "mine.tsv:1: 1 columns behind the table, want 2 to 5"},
		{"weight is a word", "en|lexicon|good|much", `mine.tsv:1: column 2 is "much", want a number from -4 to 4`},
		{"weight out of range", "\nen|lexicon|good|9", "mine.tsv:2: column 2"},
		{"weight is no number", "en|lexicon|good|NaN", "mine.tsv:1: column 2"},
		{"no entry", "en|lexicon||1", "mine.tsv:1: empty entry"},
		{"two words in one", "en|lexicon|good,bad|1", "is not one word"},
		{"short prefix", "en|lexicon|go*|1", "shorter than 3 letters"},
		{"unknown code", "en|topics|deliverance|post|problem", `mine.tsv:1: column 1 is "deliverance"`},
		{"unknown kind", "en|topics|delay|late|complaint", "mine.tsv:1: column 3"},
		{"unknown side", "en|negators|never|left|2", "mine.tsv:1: column 2"},
		{"brand after lines", "en|lexicon|good|1\nbrand=Acme", "mine.tsv:2: brand="},
		{"brand twice", "brand=Acme\nbrand=Other", "mine.tsv:2: brand="},
		{"brand without name", "brand=", "mine.tsv:1: brand="},
		{"too many columns", "en|lexicon|good|1|0|adj|note|more", "mine.tsv:1: 6 columns"},
		{"all at once", "en|lexicon|good|9\nen|lexicon|bad|-1\nen|x|good|1", "mine.tsv:3: table"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, err := sentiment.ParseOverlay("mine.tsv", strings.NewReader(strings.ReplaceAll(c.lines, "|", "\t")))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := sentiment.NewWith(overlay(t, "xx|lexicon|good|1"), toyLanguage()); err == nil || !strings.Contains(err.Error(), `mine.tsv:1: language "xx"`) {
		t.Errorf("unknown language: %v", err)
	}
}

func TestLintOverlay(t *testing.T) {
	tests := []struct{ name, lines, want string }{
		{"sound", "en|lexicon|good|1\nen|topics|delay|late|problem", ""},
		{"twice", "en|lexicon|good|1\nen|lexicon|Good|2", `mine.tsv:2: "good" is on line 1 already`},
		{"the same in two tables is no double", "en|lexicon|late|-1\nen|topics|delay|late|problem", ""},
		{"praise that is a problem", "en|lexicon|broken|2", `mine.tsv:1: entry "broken" has a weight of praise`},
		{"complaint that is praise", "en|lexicon|fast delivery|-2", `mine.tsv:1: entry "fast delivery" has a weight of complaint`},
		{"no text has it", "en|lexicon|@support|-1", `mine.tsv:1: entry "@support" can never match`},
		{"what can be matched", "en|lexicon|!fit|-1\nen|lexicon|over <n> weeks .. late|-2\nen|lexicon|horribl*|-3\nen|lexicon|😡|-3", ""},
		{"unknown language", "xx|lexicon|good|1", `mine.tsv:1: language "xx"`},
		{"syntax", "en|lexicon|good", "mine.tsv:1: 1 columns"},
	}
	l := toyLanguage()
	l.Joins = func(left, right string) bool { return left == "set" && right == "up" }
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, err := range sentiment.LintOverlay("mine.tsv", strings.NewReader(strings.ReplaceAll(c.lines, "|", "\t")), l) {
				got = append(got, err.Error())
			}
			if all := strings.Join(got, "\n"); (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("got %q, want %q", all, c.want)
			}
		})
	}
}

// Whatever the bytes, an overlay is read or refused, and what is read loads.
func FuzzOverlay(f *testing.F) {
	f.Add("en\tlexicon\tgood\t1\n")
	f.Add("brand=Acme\nen\ttopics\tdelay\tlate .. again\tproblem")
	f.Add("en\tlexicon\t!😡 <n> .. x*\t-4\t1\tcurse\tnote\x00")
	f.Fuzz(func(t *testing.T, in string) {
		o, err := sentiment.ParseOverlay("f", strings.NewReader(in))
		if err != nil {
			return
		}
		s, err := sentiment.NewWith(o, toyLanguage())
		if err != nil {
			return
		}
		s.Score(sentiment.Input{Text: in, Language: "en"})
	})
}
