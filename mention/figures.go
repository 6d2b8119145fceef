package mention

import "fmt"

// The kinds of Figures.
const (
	FiguresSpike      = "spike"       // more complaints than usual
	FiguresRatingDrop = "rating_drop" // worse stars than before
	FiguresQuiet      = "quiet"       // a source that gives nothing
	FiguresFailing    = "failing"     // a source without a good page
)

// Figures are what an escalation rests on that no single mention caused.
type Figures struct {
	Kind string `json:"kind"`
	// Observed are complaints, the mean of stars (0 worst to 1 best), or runs
	// without a good page; 0 of what is quiet.
	Observed float64 `json:"observed"`
	// Expected is the same on a usual day; of what is quiet, mentions in Hours.
	Expected float64 `json:"expected"`
	Hours    int64   `json:"hours"`  // that were looked at
	People   int64   `json:"people"` // authors of the complaints, or ratings
}

// String says it in English and in one way only, so that ParseFigures finds it
// again where no more than the text of an escalation was kept.
func (f Figures) String() string {
	switch f.Kind {
	case FiguresSpike:
		return fmt.Sprintf(spikeText, int64(f.Observed), f.People, f.Hours, f.Expected)
	case FiguresRatingDrop:
		return fmt.Sprintf(dropText, f.People, f.Hours, f.Observed, f.Expected)
	case FiguresQuiet:
		return fmt.Sprintf(quietText, f.Hours, f.Expected)
	case FiguresFailing:
		return fmt.Sprintf(failingText, int64(f.Observed), f.Hours)
	}
	return ""
}

// The sentences, for printing and for scanning.
const (
	spikeText   = "%d complaints by %d people in %d h, %.1f expected"
	dropText    = "mean of %d ratings in %d h is %.2f of 1, %.2f before"
	quietText   = "nothing for %d h, %.1f expected"
	failingText = "%d runs over %d h without a good page"
)

// ParseFigures reads what String wrote, to the digits that stand there; nil for
// any other text.
func ParseFigures(s string) *Figures {
	for _, kind := range []string{FiguresSpike, FiguresRatingDrop, FiguresQuiet, FiguresFailing} {
		f := Figures{Kind: kind}
		if f.scan(s) == nil && f.String() == s {
			return &f
		}
	}
	return nil
}

func (f *Figures) scan(s string) (err error) {
	var observed int64
	switch f.Kind {
	case FiguresSpike:
		_, err = fmt.Sscanf(s, "%d complaints by %d people in %d h, %f expected", &observed, &f.People, &f.Hours, &f.Expected)
		f.Observed = float64(observed)
	case FiguresRatingDrop:
		_, err = fmt.Sscanf(s, "mean of %d ratings in %d h is %f of 1, %f before", &f.People, &f.Hours, &f.Observed, &f.Expected)
	case FiguresQuiet:
		_, err = fmt.Sscanf(s, "nothing for %d h, %f expected", &f.Hours, &f.Expected)
	case FiguresFailing:
		_, err = fmt.Sscanf(s, "%d runs over %d h without a good page", &observed, &f.Hours)
		f.Observed = float64(observed)
	}
	return err
}
