package tr_test

import (
	"testing"

	"feryat/sentiment/tr"
	"feryat/sentiment/sentimenttest"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, tr.Language(), ".") }
