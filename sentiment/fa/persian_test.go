package fa_test

import (
	"testing"

	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/sentimenttest"
	"feryat/sentiment/tr"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, fa.Language(), ".") }

func TestCases(t *testing.T) {
	s, err := sentiment.New(tr.Language(), fa.Language(), en.Language())
	if err != nil {
		t.Fatal(err)
	}
	sentimenttest.Cases(t, s, "fa", ".", sentimenttest.Floors{Mood: 0.95, Topics: 0.97, Praise: 0.92, Signals: 0.96, Customer: 0.98, Blamed: 0.98, Evidence: 0.99})
}
