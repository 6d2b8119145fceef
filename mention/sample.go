package mention

import "time"

// Draw says which mentions a random sample is drawn from, and how.
type Draw struct {
	Filter        // Topic does not narrow: a topic is part of the verdict
	Name   string // of the sample, for ever
	N      int    // how many; fewer where there are fewer
	// Seed makes the draw: the same seed over the same mentions gives the same sample.
	Seed uint64
	// Even draws as many from each source and language as there are, so that small ones are not left to chance; else all
	// mentions have the same chance.
	Even bool
	At   time.Time
}

// Sample is one that was drawn, and how far people are with it.
type Sample struct {
	Name     string    `json:"name"`
	Drawn    int64     `json:"drawn"`
	Labelled int64     `json:"labelled"`
	At       time.Time `json:"at"` // of the draw
}

// SampleItem is one text of a sample, without what the scorer thinks of it.
type SampleItem struct {
	Sample  string
	Number  int // place in the sample, from 1
	Brand   string
	Mention Mention // ID, Revision, Source, Kind, URL, Product, Author.Name, Title, Text, Rating and Written, as drawn
	Label   *Label  // nil as long as there is none
}

// Label is how a person who did not see the verdict reads one text of a sample.
type Label struct {
	Sample  string
	Mention ID
	Brand   string
	Mood    Mood // empty where NotOurs
	// Topics are complained about; nil where the person did not look at them, empty where there are none.
	Topics  []string
	NotOurs bool // the text is not about the brand
	By      string
	Note    string
	At      time.Time
}

// Judged is a label beside the verdict as it is now.
type Judged struct {
	Sample, Brand string
	Mention       ID
	Source        string
	Language      string // as the scorer sees it
	Said          Label  // Mood, Topics and NotOurs
	Mood          Mood   // of the scorer; a correction does not change it
	Topics        []string
	Lexicon       string
	// Changed says that the text was edited, deleted or left the brand since it was drawn: label and verdict are not of
	// the same text, and it counts for nothing.
	Changed bool
}

// Stratum is how many mentions of a source and language there are to draw from.
type Stratum struct {
	Source, Language string
	Mentions         int64
}
