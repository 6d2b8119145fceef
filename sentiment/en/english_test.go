package en_test

import (
	"testing"

	"feryat/sentiment/en"
	"feryat/sentiment/sentimenttest"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, en.Language(), ".") }
