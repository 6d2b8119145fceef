package tr_test

import (
	"testing"

	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/sentimenttest"
	"feryat/sentiment/tr"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, tr.Language(), ".") }

func TestCases(t *testing.T) {
	s, err := sentiment.New(tr.Language(), fa.Language(), en.Language())
	if err != nil {
		t.Fatal(err)
	}
	sentimenttest.Cases(t, s, "tr", ".", sentimenttest.Floors{
		Mood: 0.94, Topics: 0.96, Praise: 0.95, Signals: 0.96, Customer: 0.91, Blamed: 0.95, Switch: 0.75, Evidence: 0.95,
	})
}
