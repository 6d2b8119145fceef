package sentiment

import "io/fs"

// Language is what the engine must be told about one language.
type Language struct {
	Code string // ISO 639-1
	// Data holds the files of FORMATS.md at its root.
	Data fs.FS
	// Rules knows the forms of words. Nil means that only exact forms match.
	Rules Rules
	// Joins reports whether two neighbouring words are one, typed with a space in
	// between (Persian "می خواهم"). They are folded. Nil means never.
	Joins func(left, right string) bool
	// FormReach is how many words before a negated form of a word without opinion
	// are negated by it ("iyi hizmet vermiyorlar"). 0 means none.
	FormReach int
	// And is the word that joins two clauses. A negator behind them is about the
	// second only.
	And string
	// JoinedPhrases says that phrases of two words are also written as one.
	JoinedPhrases bool
}

// Rules finds the known words that a word is a form of.
type Rules interface {
	// Read appends the readings of a folded word to dst, the best first. The
	// exact form has been looked up before; Read answers for inflected ones.
	Read(dst []Reading, word []byte, v *Vocabulary) []Reading
}

// Reading is one way to understand a word.
type Reading struct {
	Word    WordID // of the vocabulary
	Negated bool   // the form itself says no: "gelmedi", «نیامد»
	Without bool   // and denies that word alone, nothing before it: "sebepsiz"
	Wished  bool   // the form is of what is asked for: "çözülmesini"
}

// WordID names a word of a vocabulary.
type WordID int32

// NoWord is the WordID of words that are in no data file.
const NoWord WordID = -1
