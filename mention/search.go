package mention

import "time"

// Search selects mentions for people who look around in them. What is empty does
// not narrow.
type Search struct {
	Filter
	// Text are words that all have to stand in title or text, however they are
	// spelt; "words in quotes" one behind the other, and kargo* whatever begins so.
	Text   string
	Author string // name or key, as the source has it
	After  Place
	// Any narrows to those that have one of the values, of each kind for which some are given: brand, source, language, mood,
	// topic, signal, product, or stars, which are 1 to 5 whatever the scale of the source. A kind that is none finds nothing.
	Any map[string][]string
}

// Place is where a list of mentions, newest first, goes on: behind this one. The
// zero Place is the beginning.
type Place struct {
	Written time.Time // whole seconds
	ID      ID
	Brand   string
}

// PlaceOf is the place behind s.
func PlaceOf(s Scored) Place { return Place{s.Mention.Written.Time, s.Mention.ID, s.Brand} }

// Count is how many mentions have a code or name.
type Count struct {
	Value string `json:"value"`
	N     int64  `json:"n"`
}

// Facets are what a search found, by the kinds of Search.Any; of each the most
// frequent, which come first. The values of a kind are counted as if none of it
// were chosen, so that one sees what another would add. Products are counted only
// where the search is narrowed by a first day, or by more than brands and days.
type Facets struct {
	Total int64 // rows: a mention of two brands is two
	By    map[string][]Count
}

// Version is what a mention said at one time.
type Version struct {
	Revision  Revision
	Collected time.Time // visit which first found it so
	Edited    time.Time // as the source shows it; zero when it does not
	Title     string
	Text      string
	Rating    *Rating
}
