package sentimenttest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feryat/mention"
	"feryat/sentiment"
)

// Floors are the shares of gold cases that must come out right.
type Floors struct{ Mood, Topics, Signals float64 }

// gold is one line of cases.tsv.
type gold struct {
	text            string
	moods           []mention.Mood // any of these is right
	topics, signals []string       // all of these must be there; "-" alone: none may be
}

// Cases scores the gold cases of a language in the folder dir, prints what came
// out and fails below the floors. The scorer has the language among others, so
// that its detection is tested too.
func Cases(t *testing.T, s *sentiment.Scorer, code, dir string, floors Floors) {
	t.Helper()
	cases := readCases(t, filepath.Join(dir, "cases.tsv"))
	confusion := map[[2]mention.Mood]int{}
	var mood, topics, signals, languages rate
	for _, c := range cases {
		v := s.Score(sentiment.Input{Text: c.text})
		languages.add(v.Language == code)
		right := slices.Contains(c.moods, v.Mood)
		mood.add(right)
		want := c.moods[0]
		if right {
			want = v.Mood
		}
		confusion[[2]mention.Mood{want, v.Mood}]++
		topicsRight, signalsRight := true, true
		if c.topics != nil {
			topicsRight = agrees(c.topics, v.Topics)
			topics.add(topicsRight)
		}
		if c.signals != nil {
			signalsRight = agrees(c.signals, v.Signals)
			signals.add(signalsRight)
		}
		if !right || !topicsRight || !signalsRight {
			t.Logf("%s\n\tmood %s, want %v; topics %v, want %v; signals %v, want %v; raw %.2f", c.text, v.Mood, c.moods,
				v.Topics, c.topics, v.Signals, c.signals, v.Raw)
		}
	}
	t.Logf("%s: %d cases, mood %s, topics %s, signals %s, language %s\n%s", code, len(cases), &mood, &topics, &signals, &languages, table(confusion))
	check(t, "mood", &mood, floors.Mood)
	check(t, "topics", &topics, floors.Topics)
	check(t, "signals", &signals, floors.Signals)
	check(t, "language", &languages, 0.95)
}

func readCases(t *testing.T, path string) []gold {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []gold
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cols := append(strings.Split(line, "\t"), "", "", "", "")
		c := gold{text: cols[0], topics: list(cols[2], ","), signals: list(cols[3], ",")}
		for _, m := range list(cols[1], "|") {
			if !slices.Contains(mention.Moods(), mention.Mood(m)) {
				t.Fatalf("%s: %q is no mood: %s", path, m, line)
			}
			c.moods = append(c.moods, mention.Mood(m))
		}
		if len(c.moods) == 0 {
			t.Fatalf("%s: no mood: %s", path, line)
		}
		for _, topic := range c.topics {
			if topic != "-" && !slices.Contains(sentiment.Topics(), topic) {
				t.Fatalf("%s: %q is no topic: %s", path, topic, line)
			}
		}
		for _, signal := range c.signals {
			if signal != "-" && !slices.Contains(sentiment.Signals(), signal) {
				t.Fatalf("%s: %q is no signal: %s", path, signal, line)
			}
		}
		out = append(out, c)
	}
	return out
}

func list(s, sep string) []string {
	var out []string
	for _, item := range strings.Split(s, sep) {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// agrees reports whether got has all of want, or nothing where want is "-".
func agrees(want, got []string) bool {
	if slices.Equal(want, []string{"-"}) {
		return len(got) == 0
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			return false
		}
	}
	return true
}

// rate counts how many of all were right.
type rate struct{ right, all int }

func (r *rate) add(right bool) {
	r.all++
	if right {
		r.right++
	}
}

func (r *rate) share() float64 {
	if r.all == 0 {
		return 1
	}
	return float64(r.right) / float64(r.all)
}

func (r *rate) String() string { return fmt.Sprintf("%.3f (%d of %d)", r.share(), r.right, r.all) }

func check(t *testing.T, what string, r *rate, floor float64) {
	t.Helper()
	if r.share() < floor {
		t.Errorf("%s: %s right, want at least %.3f", what, r, floor)
	}
}

// table prints a confusion table: a row a wanted mood, a column a given one.
func table(confusion map[[2]mention.Mood]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-14s", "want \\ got")
	for _, m := range mention.Moods() {
		fmt.Fprintf(&b, "%13s", m)
	}
	for _, want := range mention.Moods() {
		fmt.Fprintf(&b, "\n%-14s", want)
		for _, got := range mention.Moods() {
			fmt.Fprintf(&b, "%13d", confusion[[2]mention.Mood{want, got}])
		}
	}
	return b.String()
}
