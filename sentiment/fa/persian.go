// Package fa is the Persian of the scorer: data files and the rules that read
// Persian word forms.
package fa

import (
	"embed"

	"feryat/sentiment"
)

//go:embed *.tsv *.txt
var data embed.FS

// Language returns what the scorer needs to know of Persian.
func Language() sentiment.Language {
	return sentiment.Language{Code: "fa", Data: data}
}
