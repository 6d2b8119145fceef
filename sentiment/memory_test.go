package sentiment_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"feryat/mention"
	"feryat/sentiment"
)

// goldTexts are the texts of all gold cases.
func goldTexts(t *testing.T) (out []string) {
	t.Helper()
	for _, language := range []string{"tr", "fa", "en"} {
		raw, err := os.ReadFile(language + "/cases.tsv")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			text, _, _ := strings.Cut(line, "\t")
			out = append(out, text)
		}
	}
	return out
}

func verdictOf(t *testing.T, s *sentiment.Scorer, text string) string {
	t.Helper()
	raw, err := json.Marshal(s.Score(sentiment.Input{Text: text}))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// What was read before changes no verdict: not words that are remembered, nor
// those that were forgotten for others.
func TestMemoryChangesNoVerdict(t *testing.T) {
	s, texts := all(t), goldTexts(t)
	texts = append(texts, "کیفیت ـ خوب بود ولی می ـ خواهم پس بدهم ـ ها") // a word of which folding leaves nothing
	first := make([]string, len(texts))
	for i, text := range texts {
		first[i] = verdictOf(t, s, text)
	}
	for round := range 3 {
		for i := len(texts) - 1; i >= 0; i-- {
			if got := verdictOf(t, s, texts[i]); got != first[i] {
				t.Fatalf("round %d: %q\nwas      %s\nnow it is %s", round, texts[i], first[i], got)
			}
		}
		for i := range 1000 { // more words than are remembered
			var strange strings.Builder
			for j := range 20 {
				fmt.Fprintf(&strange, "geldi%dx%d ", i, j)
			}
			s.Score(sentiment.Input{Text: "kargo gelmedi ama " + strange.String(), Language: "tr"})
		}
	}
}

// One scorer that has read whatever came, several goroutines at once, answers as
// one that has read nothing.
func TestPropertyMemory(t *testing.T) {
	warm := all(t)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(sample(), 1, 8).Draw(t, "texts")
		got := make([]mention.Verdict, len(texts))
		var busy sync.WaitGroup
		for i, text := range texts {
			busy.Go(func() { got[i] = warm.Score(sentiment.Input{Text: text}) })
		}
		busy.Wait()
		fresh := sentiment.Forgetful(warm)
		for i, text := range texts {
			if want := fresh.Score(sentiment.Input{Text: text}); !reflect.DeepEqual(got[i], want) {
				t.Fatalf("%q\nread afresh: %+v\nremembered:  %+v", text, want, got[i])
			}
		}
	})
}

// A word that several lexicons read is to each its own.
func TestMemoryOfSeveralLexicons(t *testing.T) {
	o, err := sentiment.ParseOverlay("shop.tsv", strings.NewReader("brand=Paytak\nen\tlexicon\tgood\t-3\nen\tlexicon\tbag\t1\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := sentiment.NewWith(o, toyLanguage())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		for brand, raw := range map[string]float64{"": 2, "Paytak": -2} {
			if v := s.Score(sentiment.Input{Text: "a good bag 😶‍🌫️", Language: "en", Brand: brand}); v.Raw != raw {
				t.Errorf("brand %q: raw %g, want %g; reasons %+v", brand, v.Raw, raw, v.Reasons)
			}
		}
	}
}

// Every verdict but a huge one costs a handful of allocations.
func TestAllocations(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("measures")
	}
	s, texts := all(t), goldTexts(t)
	for _, text := range texts {
		s.Score(sentiment.Input{Text: text})
	}
	n := testing.AllocsPerRun(5, func() {
		for _, text := range texts {
			s.Score(sentiment.Input{Text: text})
		}
	})
	if mean := n / float64(len(texts)); mean > 12 {
		t.Errorf("%.1f allocations a text, want 12 at most", mean)
	}
}
