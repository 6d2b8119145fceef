// Package tr is the Turkish of the scorer: data files and the rules that read
// Turkish word forms.
package tr

import (
	"embed"

	"feryat/sentiment"
)

//go:embed *.tsv *.txt
var data embed.FS

// Language returns what the scorer needs to know of Turkish.
func Language() sentiment.Language {
	return sentiment.Language{
		Code:      "tr",
		Data:      data,
		Rules:     &rules{endings: newChains()},
		FormReach: 2,
		And:       "ve",
	}
}
