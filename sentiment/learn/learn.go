// Package learn finds weights and entries for the lexicons from texts whose
// mood is known: labelled by people, or by the stars that were given.
//
// The way: the scorer's own evidence (entries, with negation, boosters and
// contrasts applied) is the features of a ridge logistic regression that pulls
// every weight towards the present one; words and short phrases that the
// lexicon lacks are found by a score test on what the present weights leave
// unexplained. What is proposed is measured on texts that were held out.
// It is pure: no files, no clock, no chance; the same texts give the same answer.
package learn

import (
	"errors"
	"fmt"

	"feryat/sentiment"
)

// Label is how the customer feels.
type Label int8

// The labels, ordered.
const (
	Unhappy Label = -1
	Neutral Label = 0
	Content Label = 1
)

// Text is one text whose mood is known.
type Text struct {
	Set   string // where it is from; figures are told by set
	Text  string
	Label Label
}

// Build makes a scorer with an overlay upon the data files.
type Build func(sentiment.Overlay) (*sentiment.Scorer, error)

// Options say how to learn. DefaultOptions has the values that did best.
type Options struct {
	Language string // whose lexicon learns; texts in others are left out
	Brand    string // whose overlay is written, "" = all
	Folds    int    // of cross-validation, at least 2

	Pull     float64 // how strongly weights are held at the present ones, in texts
	NewPull  float64 // how strongly new entries are held at 0
	Support  int     // texts that an entry must occur in
	Phrase   int     // words of the longest new phrase, 0 = no new entries
	FalseNew float64 // share of new entries that may be chance (Benjamini-Hochberg)
	Balance  float64 // 0 = texts count alike, 1 = labels of a set count alike
	EvenSets float64 // 0 = texts count alike, 1 = sets count alike
	Length   float64 // 0 = a long text's words count in full, 0.5 = by the root of their number
	KeepSign bool    // a present weight may shrink to 0 but not change its sign
	// Priors are weights to pull to, instead of the present ones: they stand for
	// what was known before any of the texts were seen. Entries that the texts do
	// not have get them as they are.
	Priors map[string]float64
	MaxNew int // new entries a round at most
}

// DefaultOptions returns the settings that README.md measures.
func DefaultOptions() Options {
	return Options{Folds: 5, Pull: 4, NewPull: 5, Support: 3, Phrase: 2, FalseNew: 0.5, Balance: 0.5, EvenSets: 0.5, Length: 0.5, KeepSign: true, MaxNew: 3000}
}

// Validate tells what of the options cannot be.
func (o Options) Validate() error {
	var errs []error
	if o.Language == "" {
		errs = append(errs, errors.New("no language"))
	}
	if o.Folds < 2 || o.Folds > 50 {
		errs = append(errs, fmt.Errorf("%d folds, want 2 to 50", o.Folds))
	}
	if o.Support < 2 {
		errs = append(errs, fmt.Errorf("support of %d texts, want at least 2", o.Support))
	}
	if o.Pull <= 0 || o.NewPull <= 0 {
		errs = append(errs, errors.New("weights must be pulled: pull is not positive"))
	}
	return errors.Join(errs...)
}
