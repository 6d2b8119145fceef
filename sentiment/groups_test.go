package sentiment_test

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"feryat/sentiment"
)

// TestGroups holds that a line with groups is as good as a line for each choice.
func TestGroups(t *testing.T) {
	l := toyLanguage()
	data := l.Data.(fstest.MapFS)
	data["lexicon.tsv"].Data = []byte("!{open|start}\t-1\n:|\t-0.5\nbatter{ies|y} dead\t-1.5\ngood\t2\n{box|gift bag} .. {soaking wet|torn}\t-3\n")
	s, err := sentiment.New(l)
	if err != nil {
		t.Fatal(err)
	}
	for in, raw := range map[string]float64{
		"the box was torn": -3, "my gift bag is soaking wet": -3, "the box is wet": 0, "the bag is torn": 0,
		"battery dead": -1.5, "batteries dead": -1.5, "it does not start": -1, "not open": -1, "hm :|": -0.5,
	} {
		if v := s.Score(sentiment.Input{Text: in, Language: "en"}); math.Abs(v.Raw-raw) > 1e-9 {
			t.Errorf("%q: raw %g, want %g; reasons %+v", in, v.Raw, raw, v.Reasons)
		}
	}
	for _, fault := range sentiment.Lint(l) {
		if strings.Contains(fault.Error(), "lexicon.tsv") {
			t.Error(fault)
		}
	}
}

func TestBrokenGroups(t *testing.T) {
	for _, entry := range []string{"{box", "box}", "{box|{bag}}", "{a|b} } c", strings.Repeat("{a|b|c|d|e|f|g|h|i|j}", 4)} {
		l := toyLanguage()
		l.Data.(fstest.MapFS)["lexicon.tsv"].Data = []byte("good\t2\n" + entry + "\t-3\n")
		if _, err := sentiment.New(l); err == nil || !strings.Contains(err.Error(), "lexicon.tsv:2") {
			t.Errorf("%.30q: error %v, want one that names the line", entry, err)
		}
	}
}

func TestFoldEntry(t *testing.T) {
	for in, want := range map[string]string{
		"Good": "good", "!{Box|Gift  bag} ..  {Torn|wet}": "!{box|gift bag} .. {torn|wet}", "Batter{ies|Y}": "batter{ies|y}",
		"over <n> Days": "over <n> days", ":(": ":(",
	} {
		if got := sentiment.FoldEntry(in, "en"); got != want {
			t.Errorf("FoldEntry(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNumberWords holds that five is 5.
func TestNumberWords(t *testing.T) {
	l := toyLanguage()
	l.Data.(fstest.MapFS)["numbers.txt"] = &fstest.MapFile{Data: []byte("five\ntwenty\n")}
	s, err := sentiment.New(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{"over 5 days", "over five days", "over Twenty days"} {
		if v := s.Score(sentiment.Input{Text: in, Language: "en"}); v.Raw != -1 {
			t.Errorf("%q: raw %g, want -1", in, v.Raw)
		}
	}
}
