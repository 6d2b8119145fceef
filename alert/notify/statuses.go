package notify

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"feryat/text"
)

// Meanings are what a status of a help desk may mean: who has it, that the
// customer was answered, how it ended, or none, of which no note is taken.
func Meanings() []string {
	return []string{"acknowledged", "assigned", "answered", "solved", "reopened", "not_winnable", "none"}
}

// Meaning is what a status means in this channel: what the configuration says of
// the word, else the word itself if it is one of Meanings, else nothing.
func (c Config) Meaning(status string) string {
	word := text.Fold(status, "")
	for said, means := range c.Statuses {
		if text.Fold(said, "") == word {
			return means
		}
	}
	if word == "resolved" {
		return "solved"
	}
	if slices.Contains(Meanings(), word) {
		return word
	}
	return ""
}

func (c Config) checkStatuses() error {
	var faults []error
	before := map[string]string{}
	for _, word := range slices.Sorted(maps.Keys(c.Statuses)) {
		means, folded := c.Statuses[word], text.Fold(word, "")
		if !slices.Contains(Meanings(), means) {
			faults = append(faults, c.fault("statuses: %q means %q, which is not %s", word, means, strings.Join(Meanings(), ", ")))
		}
		if other, twice := before[folded]; twice || folded == "" {
			faults = append(faults, c.fault("statuses: %q and %q are the same word", other, word))
		}
		before[folded] = word
	}
	return errors.Join(faults...)
}
