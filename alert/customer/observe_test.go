package customer

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

func TestObservedKinds(t *testing.T) {
	ago := func(days float64) time.Time { return onDay(-days) }
	for name, c := range map[string]struct {
		history string
		entry   *mention.Customer
		above   float64
		want    string
	}{
		"nothing known":                 {"", nil, 0, ""},
		"no list, all claimed":          {"0 angry long_tenure high_value", nil, 0, ""},
		"an empty entry":                {"0 angry", &mention.Customer{Key: "k"}, 0, ""},
		"new":                           {"0 angry", &mention.Customer{Since: ago(59)}, 0, "new"},
		"no longer new":                 {"0 angry", &mention.Customer{Since: ago(60)}, 0, ""},
		"since tomorrow":                {"0 angry", &mention.Customer{Since: ago(-1)}, 0, ""},
		"effortless, first complaint":   {"0 angry", &mention.Customer{Since: ago(365)}, 0, "effortless"},
		"effortless, one before":        {"-90 angry, -50 satisfied, 0 angry", &mention.Customer{Since: ago(365)}, 0, "effortless"},
		"not effortless, two before":    {"-90 angry, -50 dissatisfied, 0 angry", &mention.Customer{Since: ago(365)}, 0, ""},
		"effortless without a history":  {"", &mention.Customer{Since: ago(400)}, 0, "effortless"},
		"loyal":                         {"0 angry", &mention.Customer{Since: ago(730)}, 0, "loyal effortless"},
		"loyal by history":              {"-740 neutral, -400 neutral, -300 neutral, -200 neutral, 0 angry", nil, 0, "loyal"},
		"a long history of four":        {"-740 neutral, -400 neutral, -300 neutral, 0 angry", nil, 0, ""},
		"top tenth by value":            {"", &mention.Customer{Value: 10, ValueAbove: 0.9}, 0, "high_value"},
		"top tenth by margin":           {"", &mention.Customer{Margin: 10, MarginAbove: 0.95}, 0, "high_value"},
		"not quite":                     {"", &mention.Customer{Value: 10, ValueAbove: 0.89}, 0, ""},
		"above the company's number":    {"", &mention.Customer{Value: 500}, 500, "high_value"},
		"below it":                      {"", &mention.Customer{Value: 499}, 500, ""},
		"brings others":                 {"", &mention.Customer{Referrals: 1}, 0, "advocate"},
		"advises to buy":                {"-9 satisfied advocacy, -5 satisfied advocacy, 0 neutral resolved advocacy", nil, 0, "advocate"},
		"advised twice":                 {"-9 satisfied advocacy, -5 satisfied advocacy, 0 angry advocacy", nil, 0, ""},
		"renewal near and angry":        {"0 angry", &mention.Customer{Renewal: ago(-59)}, 0, "at_risk"},
		"renewal today and angry":       {"0 angry", &mention.Customer{Renewal: ago(0.5)}, 0, "at_risk"},
		"renewal past":                  {"0 angry", &mention.Customer{Renewal: ago(1)}, 0, ""},
		"renewal far":                   {"0 angry", &mention.Customer{Renewal: ago(-60)}, 0, ""},
		"renewal near and content":      {"0 satisfied", &mention.Customer{Renewal: ago(-5)}, 0, ""},
		"renewal near, one complaint":   {"0 dissatisfied", &mention.Customer{Renewal: ago(-5)}, 0, ""},
		"not seen for long":             {"", &mention.Customer{LastSeen: ago(180)}, 0, "at_risk"},
		"seen lately":                   {"", &mention.Customer{LastSeen: ago(179)}, 0, ""},
		"came back content":             {"-90 angry churn, -60 satisfied", nil, 0, "returned"},
		"content too soon to have left": {"-90 angry churn, -61 satisfied", nil, 0, ""},
		"came back by the list":         {"-90 angry churn", &mention.Customer{LastSeen: ago(10)}, 0, "returned"},
		"left for good":                 {"-90 angry churn", &mention.Customer{LastSeen: ago(95)}, 0, ""},
		"left after he was content":     {"-90 satisfied, -60 angry churn", nil, 0, ""},
	} {
		got := strings.Join(Config{HighValue: c.above}.Observe(told(t, c.history), c.entry, noon()), " ")
		if got != c.want {
			t.Errorf("%s: observed %q, want %q", name, got, c.want)
		}
	}
	if got := Observe(told(t, "0 angry"), &mention.Customer{Value: 1e9}, noon()); len(got) != 0 {
		t.Errorf("without a number of the company's: %v", got)
	}
	crowd := told(t, strings.Repeat("-5 satisfied advocacy,", 60))
	for i := range crowd {
		crowd[i].Author = mention.Author{Name: "misafir"}
	}
	if got := Observe(crowd, nil, noon()); len(got) != 0 {
		t.Errorf("of who may be many people: %v", got)
	}
}

func TestConfig(t *testing.T) {
	for value, ok := range map[float64]bool{0: true, 5000: true, -1: false, math.NaN(): false} {
		if err := (Config{HighValue: value}).Validate(); (err == nil) != ok {
			t.Errorf("high_value %g: %v", value, err)
		}
	}
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
}

func TestProfile(t *testing.T) {
	for history, want := range map[string]Profile{
		"":                             {},
		"0 angry":                      {Standing: "angry", Newest: "angry", Open: 1},
		"-5 satisfied, 0 dissatisfied": {Standing: "good", Before: "happy", Newest: "dissatisfied", Open: 1},
		"-5 angry, 0 satisfied":        {Standing: "good", Before: "angry", Newest: "satisfied"},
		"-5 angry, 0 neutral":          {Standing: "angry", Before: "angry", Newest: "neutral", Open: 1},
		"-179 dissatisfied, 0 angry":   {Standing: "angry", Before: "good", Newest: "angry", Open: 2},
		"-180 dissatisfied, 0 angry":   {Standing: "angry", Before: "good", Newest: "angry", Open: 1},
		"-400 satisfied, 0 angry":      {Standing: "angry", Newest: "angry", Open: 1},
		"0 angry, 1 angry":             {Standing: "angry", Newest: "angry", Open: 1}, // tomorrow is not yet
	} {
		p := DefaultConfig().Profile(told(t, history), nil, noon())
		if p.Standing != want.Standing || p.Before != want.Before || p.Newest != want.Newest || p.Open != want.Open || len(p.Observed) != 0 {
			t.Errorf("%s: %+v, want %+v", history, p, want)
		}
	}
}

func TestPriority(t *testing.T) {
	for _, c := range []struct {
		name    string
		text    int
		history string
		signals string
		kinds   string
		reach   int64
		want    int
	}{
		{"first stays first", 1, "0 angry", "", "", 0, 1},
		{"nothing to do stays so", 4, "-2 angry, -1 angry, 0 satisfied", "", "high_value", 1e6, 4},
		{"not scored", 0, "0 angry", "", "loyal", 1e6, 0},
		{"one angry text is what it is", 2, "0 angry", "", "", 0, 2},
		{"a first complaint too", 3, "0 dissatisfied", "", "", 0, 3},
		{"complaints go on", 3, "-3 dissatisfied, 0 dissatisfied", "", "", 0, 2},
		{"angry again", 2, "-3 angry, 0 angry", "", "", 0, 1},
		{"angry again after peace", 2, "-3 angry, -2 satisfied, 0 angry", "", "", 0, 2},
		{"of value", 3, "0 dissatisfied", "", "high_value", 0, 2},
		{"effortless", 3, "-5 satisfied, 0 dissatisfied", "", "effortless", 0, 2},
		{"an advocate is none of these", 3, "0 dissatisfied", "", "advocate returned", 0, 3},
		{"several kinds count once", 3, "0 dissatisfied", "", "loyal high_value", 0, 2},
		{"heard far", 3, "0 dissatisfied", "", "", 10_000, 2},
		{"not far enough", 3, "0 dissatisfied", "", "", 9_999, 3},
		{"all at once", 3, "-3 angry, 0 angry", "", "new", 1e6, 1},
		{"a good customer may complain", 3, "-50 satisfied, 0 dissatisfied", "", "", 0, 4},
		{"a known one too", 3, "-50 neutral, 0 dissatisfied", "", "", 0, 4},
		{"but not of this", 3, "-50 satisfied, 0 dissatisfied", "legal_threat", "", 0, 3},
		{"nor of this", 3, "-50 satisfied, 0 dissatisfied", "harsh_language fraud_claim", "", 0, 3},
		{"nor if he leaves", 2, "-50 satisfied, 0 dissatisfied", "churn", "", 0, 2},
		{"nor if he is heard far", 3, "-50 satisfied, 0 dissatisfied", "", "", 20_000, 2},
		{"nor if it is the second", 3, "-50 satisfied, -40 dissatisfied, 0 dissatisfied", "", "", 0, 3},
		{"a question is no complaint", 3, "-50 satisfied, -20 dissatisfied, 0 neutral", "question", "", 0, 3},
	} {
		p := DefaultConfig().Profile(told(t, c.history), nil, noon())
		p.Observed = strings.Fields(c.kinds)
		if got := Priority(c.text, strings.Fields(c.signals), p, c.reach); got != c.want {
			t.Errorf("%s: %d, want %d (%+v)", c.name, got, c.want, p)
		}
	}
}

// What talks of law, safety, fraud or the press is never told later than its text alone would have it.
func TestGuardedIsNeverLowered(t *testing.T) {
	standings := []mention.Standing{"", "happy", "good", "unhappy", "angry"}
	for text := range 5 {
		for _, standing := range standings {
			for _, before := range standings {
				for _, signal := range slices.Concat(guarded(), []string{""}) {
					p := Profile{Standing: standing, Before: before, Newest: mention.Dissatisfied, Open: 1}
					got := Priority(text, []string{signal}, p, 0)
					if got > text && signal != "" || got > text+1 || got < text-1 {
						t.Errorf("%d becomes %d with %q, %+v", text, got, signal, p)
					}
				}
			}
		}
	}
}
