package sentiment_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"feryat/mention"
	"feryat/sentiment"
)

// toy is a small English whose weights are round numbers, so that a test shows
// what each rule does to them.
func toy(t *testing.T) *sentiment.Scorer {
	t.Helper()
	s, err := sentiment.New(toyLanguage())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func toyLanguage() sentiment.Language {
	file := func(lines ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.ReplaceAll(strings.Join(lines, "\n"), "|", "\t"))}
	}
	return sentiment.Language{Code: "en", And: "and", Data: fstest.MapFS{
		"lexicon.tsv": file("!work|-2", "awful|-3|0.3", "bad|-2|0.1", "damn|-3|1|curse", "good|2", "great|3", "great deal|0",
			"no problem|1", "over <n> days|-1", "parcel .. lost|-3", "problem|-2", "terribl*|-3", "waste of money|-4|0.3"),
		"negators.tsv":   file("no|before|2", "not|before|3", "nothing|after|2"),
		"boosters.tsv":   file("slightly|0.5", "very|1.5", "indeed|2|after"),
		"contrasts.tsv":  file("but|0.5|1.5"),
		"topics.tsv":     file("damaged|awful crack|problem", "damaged|broken|problem", "delivery|courier|aspect", "delivery|fast delivery|praise", "quality|screen|aspect"),
		"signals.tsv":    file("advise_against|avoid this shop", "authority_filed|sued them", "legal_threat|sue", "legal_threat|sued", "refund_demand|money back|unhappy", "safety_hazard|caught fire"),
		"customers.tsv":  file("loyal|for years"),
		"blamed.tsv":     file("courier|courier"),
		"stopwords.txt":  file("a", "and", "but", "is", "it", "the", "this", "was"),
		"unrelated.text": file("ignored"),
	}}
}

func TestRules(t *testing.T) {
	s := toy(t)
	tests := []struct {
		name, in string
		raw      float64
		mood     mention.Mood
	}{
		{"word", "a good day", 2, mention.Satisfied},
		{"nothing known", "zebras graze quietly here", 0, mention.Unknown},
		{"known but without mood", "the courier screen", 0, mention.Neutral},
		{"phrase wins over its words", "a great deal of people", 0, mention.Neutral},
		{"prefix", "terribly done", -3, mention.Dissatisfied},
		{"number", "over 12 days", -1, mention.Dissatisfied},
		{"gap", "my parcel has got lost today", -3, mention.Dissatisfied},
		{"gap ends at a contrast", "my parcel came but lost", 0, mention.Neutral},
		{"gap ends with its clause", "my parcel, they lost", 0, mention.Unknown},
		{"a phrase of a topic weighs what its words do", "an awful crack", -3, mention.Dissatisfied},
		{"a negator behind what it denies", "great nothing", 3 * -0.9, mention.Dissatisfied},
		{"a negator behind and denies nothing before it", "great and nothing", 3, mention.Satisfied},
		{"negated praise", "not good", 2 * -0.9, mention.Dissatisfied},
		{"negated complaint is faint praise", "not bad", -2 * -0.45, mention.Satisfied},
		{"negated entry", "it does not work", -2, mention.Dissatisfied},
		{"negated entry without negation", "it does work", 0, mention.Neutral},
		{"negator within a phrase", "no problem", 1, mention.Satisfied},
		{"negator behind", "good nothing", 2 * -0.9, mention.Dissatisfied},
		{"negation stops at the clause", "not here, good", 2, mention.Satisfied},
		{"double negation", "not no good", 2, mention.Satisfied},
		{"booster", "very bad", -3, mention.Dissatisfied},
		{"dampener", "slightly bad", -1, mention.Dissatisfied},
		{"booster behind", "bad indeed", -4, mention.Dissatisfied},
		{"contrast", "good but bad", 2*0.5 - 2*1.5, mention.Dissatisfied},
		{"contrast opens a sentence", "It was good. But bad", 2*0.5 - 2*1.5, mention.Dissatisfied},
		{"stretched", "goood", 2 * 1.25, mention.Satisfied},
		{"capitals among others", "it was AWFUL today sir", -3 * 1.2, mention.Dissatisfied},
		{"all in capitals", "IT WAS AWFUL TODAY", -3, mention.Angry},
		{"exclamation marks", "bad!!", -2 * 1.16, mention.Dissatisfied},
		{"repetition fades", "bad bad", -2 - 1, mention.Dissatisfied},
		{"emoji alone", "😍", 3, mention.Satisfied},
		{"emoji that is not listed", "🧱", 0, mention.Unknown},
		{"both sides strong", "great great. awful awful", 0, mention.Mixed},
		{"curse", "damn", -3, mention.Angry},
		{"line ends part words", "good\nbad\ttable", 0, mention.Mixed},
		{"empty", "", 0, mention.Unknown},
		{"address only", "https://good.example/great", 0, mention.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := s.Score(sentiment.Input{Text: tt.in, Language: "en"})
			if math.Abs(v.Raw-tt.raw) > 1e-9 || v.Mood != tt.mood {
				t.Errorf("%q: raw %.3f mood %s, want %.3f %s; reasons %+v", tt.in, v.Raw, v.Mood, tt.raw, tt.mood, v.Reasons)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	s := toy(t)
	tests := []struct {
		name, in                        string
		topics, praise, signals, blamed string
		priority                        int
	}{
		{"problem", "it came broken", "damaged", "", "", "", 3},
		{"negated problem", "it was not broken", "", "", "", "", 4},
		{"aspect of a complaint", "the courier was awful", "delivery", "", "", "courier", 3},
		{"aspect of praise", "the courier was great", "", "delivery", "", "", 4},
		{"aspects told apart by clause", "the screen is great, the courier awful", "delivery", "quality", "", "courier", 3},
		{"aspect in a neutral clause of an unhappy text", "the courier came. awful", "delivery", "", "", "courier", 3},
		{"praise", "fast delivery", "", "delivery", "", "", 4},
		{"signal", "avoid this shop", "", "", "advise_against", "", 2},
		{"the longer signal wins", "i sued them", "", "", "authority_filed", "", 2},
		{"signal with a condition", "money back guarantee great", "", "", "", "", 4},
		{"its condition holds", "awful, i want my money back", "", "", "refund_demand", "", 3},
		{"curses are harsh", "damn", "", "", "harsh_language", "", 2},
		{"hazard comes first", "it caught fire", "", "", "safety_hazard", "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := s.Score(sentiment.Input{Text: tt.in, Language: "en"})
			got := [4]string{strings.Join(v.Topics, ","), strings.Join(v.Praise, ","), strings.Join(v.Signals, ","), strings.Join(v.Blamed, ",")}
			if want := [4]string{tt.topics, tt.praise, tt.signals, tt.blamed}; got != want || v.Priority != tt.priority {
				t.Errorf("%q: topics, praise, signals, blamed %q priority %d, want %q %d (%s, raw %.2f)", tt.in, got, v.Priority, want, tt.priority, v.Mood, v.Raw)
			}
		})
	}
}

func TestRating(t *testing.T) {
	s := toy(t)
	one, five := 0.0, 1.0
	v := s.Score(sentiment.Input{Rating: &one})
	if v.Mood != mention.Dissatisfied || len(v.Reasons) != 1 || v.Reasons[0].Rule != "rating" {
		t.Errorf("one star without text: %s, reasons %+v", v.Mood, v.Reasons)
	}
	v = s.Score(sentiment.Input{Text: "awful", Language: "en", Rating: &five})
	if !slices.Contains(v.Signals, "contradiction") {
		t.Errorf("five stars for awful: signals %v, want contradiction", v.Signals)
	}
	v = s.Score(sentiment.Input{Text: "awful", Language: "en", Rating: &one})
	if slices.Contains(v.Signals, "contradiction") {
		t.Errorf("one star for awful: signals %v", v.Signals)
	}
}

// The name of the brand is no opinion, the same word in lower case is.
func TestBrandIsNoOpinion(t *testing.T) {
	s := toy(t)
	for in, raw := range map[string]float64{
		"Good Parcel is awful": -3, "Good Parcel's courier": 0, "a good parcel": 2, "good": 2, "Good": 2,
	} {
		if v := s.Score(sentiment.Input{Text: in, Language: "en", Brand: "Good Parcel"}); v.Raw != raw {
			t.Errorf("%q: raw %.2f, want %.2f", in, v.Raw, raw)
		}
	}
}

// Evidence in the title has no place in the text, and says so.
func TestTitle(t *testing.T) {
	v := toy(t).Score(sentiment.Input{Title: "awful", Text: "the good courier", Language: "en"})
	if v.Raw != -1 {
		t.Errorf("raw %.2f, want title and text together: -1", v.Raw)
	}
	for _, r := range v.Reasons {
		if strings.HasPrefix(r.Rule, "title:") {
			if r.Start != 0 || r.End != 0 || r.Text != "awful" {
				t.Errorf("title reason %+v", r)
			}
		} else if got := "the good courier"[r.Start:r.End]; got != r.Text {
			t.Errorf("span %d-%d is %q, want %q", r.Start, r.End, got, r.Text)
		}
	}
}

func TestEvidence(t *testing.T) {
	got := toy(t).Evidence(sentiment.Input{Text: "not good, does not work", Language: "en"})
	want := []sentiment.Evidence{{Entry: "good", Factor: -0.9, Weight: -1.8}, {Entry: "!work", Factor: 1, Weight: -2}}
	if !slices.Equal(got, want) {
		t.Errorf("evidence %+v, want %+v", got, want)
	}
}

// The version follows the data: one changed weight is another version.
func TestVersion(t *testing.T) {
	a := toy(t).Version()
	if b := toy(t).Version(); a != b {
		t.Errorf("same data, versions %s and %s", a, b)
	}
	l := toyLanguage()
	l.Data.(fstest.MapFS)["lexicon.tsv"].Data = []byte("good\t2.5\n")
	s, err := sentiment.New(l)
	if err != nil {
		t.Fatal(err)
	}
	if s.Version() == a {
		t.Errorf("changed lexicon kept version %s", a)
	}
}

// Faults of data files are told together, with file and line.
func TestNewTellsAllFaults(t *testing.T) {
	l := toyLanguage()
	data := l.Data.(fstest.MapFS)
	data["lexicon.tsv"].Data = []byte("good\tmuch\nbad\t-9\nlonely\n")
	data["topics.tsv"].Data = []byte("speed\tslow\tproblem\n")
	delete(data, "signals.tsv")
	_, err := sentiment.New(l)
	if err == nil {
		t.Fatal("broken data loaded")
	}
	for _, want := range []string{"lexicon.tsv:1", "lexicon.tsv:2", "lexicon.tsv:3", "topics.tsv:1", "signals.tsv"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name %s: %v", want, err)
		}
	}
}

func TestLintFindsFaults(t *testing.T) {
	l := toyLanguage()
	data := l.Data.(fstest.MapFS)
	data["lexicon.tsv"].Data = []byte("zebra\t1\nGood\t2\nab*\t1\nbad\t-9\nbad\t-1\nnice\t1\t\tpronoun\n")
	data["signals.tsv"].Data = []byte("hope\tsoon\n")
	data["negators.tsv"].Data = []byte("not\tabove\t3\n")
	faults := ""
	for _, err := range sentiment.Lint(l) {
		faults += err.Error() + "\n"
	}
	for _, want := range []string{"not sorted", `want "good"`, "shorter than 3", "from -4 to 4", "already", "pronoun", "hope", "above"} {
		if !strings.Contains(faults, want) {
			t.Errorf("linter does not tell %q:\n%s", want, faults)
		}
	}
}
