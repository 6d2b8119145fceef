// Package en is the English of the scorer: data files and the rules that read
// English word forms.
package en

import (
	"embed"

	"feryat/sentiment"
)

//go:embed *.tsv *.txt
var data embed.FS

// Language returns what the scorer needs to know of English.
func Language() sentiment.Language {
	return sentiment.Language{Code: "en", Data: data}
}
