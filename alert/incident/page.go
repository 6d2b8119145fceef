package incident

import (
	"errors"
	"fmt"
	"time"

	"feryat/mention"
)

// StormConfig says when single pages give way to a digest. It holds for each
// channel by itself.
type StormConfig struct {
	// Pages is how many single pages a channel may get within Window; 0 is no bound.
	Pages  int           `mapstructure:"pages" yaml:"pages"`
	Window time.Duration `mapstructure:"window" yaml:"window"`
	// Every is how often a digest comes while the storm lasts. It is over when in
	// the half Window before a digest no more pages came than may in that time.
	Every time.Duration `mapstructure:"every" yaml:"every"`
	// Most is how many pages a digest holds; one that is full comes at once.
	Most int `mapstructure:"most" yaml:"most"`
	// Remember is how many pages that were told are known again when they are asked
	// for twice.
	Remember int `mapstructure:"remember" yaml:"remember"`
}

// DefaultStormConfig is ten pages in ten minutes, then a digest every ten.
func DefaultStormConfig() StormConfig {
	return StormConfig{Pages: 10, Window: 10 * time.Minute, Every: 10 * time.Minute, Most: 2000, Remember: 2000}
}

// Validate tells all faults of the configuration.
func (c StormConfig) Validate() error {
	var faults []error
	if c.Pages < 0 || c.Most < 1 {
		faults = append(faults, errors.New("storm guard: pages must not be negative, most at least 1"))
	}
	if c.Remember < 2*c.Pages {
		faults = append(faults, fmt.Errorf("storm guard: remember must be at least twice pages, %d", 2*c.Pages))
	}
	if c.Window <= 0 || c.Every <= 0 {
		faults = append(faults, errors.New("storm guard: window and every must be longer than nothing"))
	}
	return errors.Join(faults...)
}

// Decision is what becomes of a page.
type Decision string

// The decisions. What is held comes in a digest.
const (
	Single Decision = "single"
	Hold   Decision = "hold"
)

// Page is one message that would page somebody.
type Page struct {
	Key    string // ID of the escalation, or any other text: the same when it is asked for again
	Rank   int    // urgency: 0 critical, 1 high, 2 all other
	Opened int64  // Unix milliseconds
	Must   bool   // never held
}

// PageOf is the page of an escalation.
func PageOf(e mention.Escalation) Page {
	return Page{Key: e.ID, Rank: rank(e.Severity), Opened: e.Opened.UnixMilli(), Must: NeverDemoted(e)}
}

func rank(severity string) int {
	switch severity {
	case "critical":
		return 0
	case "high":
		return 1
	}
	return 2
}
