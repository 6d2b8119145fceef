package fa_test

import (
	"testing"

	"feryat/sentiment/fa"
	"feryat/sentiment/sentimenttest"
)

func TestLint(t *testing.T) { sentimenttest.Lint(t, fa.Language(), ".") }
