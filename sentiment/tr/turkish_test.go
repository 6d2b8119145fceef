package tr_test

import (
	"testing"

	"feryat/sentiment/sentimenttest"
	"feryat/sentiment/tr"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, tr.Language(), ".") }
