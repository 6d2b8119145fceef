package sentiment

// Limits of entries.
const (
	maxPhrase = 8 // words of a phrase, gaps included
	minPrefix = 3 // letters before the star of a prefix
	maxGap    = 3 // words that a gap may skip
)

// Vocabulary numbers all words of a language's data files.
type Vocabulary struct {
	ids map[string]WordID
}
