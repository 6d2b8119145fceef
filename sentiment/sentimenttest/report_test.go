package sentimenttest

import (
	"slices"
	"testing"

	"feryat/mention"
)

// A verdict that is wrong in one column is told in that column alone.
func TestJudge(t *testing.T) {
	v := mention.Verdict{
		Language: "tr", Mood: mention.Dissatisfied, Topics: []string{"delay"}, Customer: []string{"churned"}, Blamed: []string{"courier"},
		Switches: &mention.Switch{From: "Paytak", To: "Getir"},
		Reasons:  []mention.Reason{{Text: "geç", Start: 6, End: 10}, {Rule: "rating"}},
	}
	right := gold{
		"text": "kargo geç geldi", "mood": "angry|dissatisfied", "topics": "delay", "praise": "-", "customer": "churned",
		"blamed": "courier", "switch": "paytak>getir", "evidence": "geç",
	}
	if wrong := newReport().judge(right, v, "tr"); wrong != nil {
		t.Errorf("a right case is wrong in %q", wrong)
	}
	for column, value := range map[string]string{
		"mood": "satisfied", "topics": "delay,lost", "praise": "quality", "customer": "-", "blamed": "bank", "switch": "-",
		"evidence": "geç | geldi", "signals": "churn",
	} {
		c := gold{}
		for k, s := range right {
			c[k] = s
		}
		c[column] = value
		if wrong := newReport().judge(c, v, "tr"); !slices.Equal(wrong, []string{column}) {
			t.Errorf("%s %q: wrong in %q", column, value, wrong)
		}
	}
}
