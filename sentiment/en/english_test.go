package en_test

import (
	"testing"

	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/sentimenttest"
	"feryat/sentiment/tr"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, en.Language(), ".") }

func TestCases(t *testing.T) {
	sentimenttest.Cases(t, scorer(t), "en", ".", sentimenttest.Floors{Mood: 0.92, Topics: 0.98, Praise: 1, Signals: 0.98, Customer: 0.97, Blamed: 1, Switch: 0.80, Evidence: 1})
}

// TestFalseAlarms holds what users of VADER found judged the wrong way round, in
// sentences of our own that show the same fault.
func TestFalseAlarms(t *testing.T) {
	sentimenttest.CasesOf(t, scorer(t), "en", "false_alarms.tsv", sentimenttest.Floors{Mood: 0.90})
}

func scorer(t *testing.T) *sentiment.Scorer {
	t.Helper()
	s, err := sentiment.New(tr.Language(), fa.Language(), en.Language())
	if err != nil {
		t.Fatal(err)
	}
	return s
}
