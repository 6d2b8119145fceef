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
	sentimenttest.Cases(t, s, "fa", ".", sentimenttest.Floors{Mood: 0.83, Topics: 0.85, Signals: 0.84, Customer: 0.70})
}
