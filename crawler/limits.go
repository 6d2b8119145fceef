package crawler

import (
	"errors"
	"fmt"
	"time"
)

// Limits say when and how sources are run. Their keys stand beside those of
// fetch.Config.
type Limits struct {
	// Parallel is how many sources are collected at once.
	Parallel int `yaml:"parallel" mapstructure:"parallel"`
	// Jitter is the share of a source's interval by which its runs are moved at random, so that sources do not march in step.
	Jitter float64 `yaml:"jitter" mapstructure:"jitter"`
	// BackfillAge is the age beyond which the mentions of a source's first run are history, which pages nobody.
	BackfillAge time.Duration `yaml:"backfill_age" mapstructure:"backfill_age"`
	// RetryAfter is the wait after a failed run; it doubles with each failure in a row, up to the source's interval.
	RetryAfter time.Duration `yaml:"retry_after" mapstructure:"retry_after"`
	// MaxRun bounds one run of one source.
	MaxRun time.Duration `yaml:"max_run" mapstructure:"max_run"`
	// LeaseWait is how long a run that was asked for waits for another process to let go of the source; longer than a lease outlives its holder.
	LeaseWait time.Duration `yaml:"lease_wait" mapstructure:"lease_wait"`
}

// DefaultLimits suit a few dozen sources on a small machine.
func DefaultLimits() Limits {
	return Limits{Parallel: 4, Jitter: 0.1, BackfillAge: 24 * time.Hour, RetryAfter: time.Minute, MaxRun: 6 * time.Hour, LeaseWait: 90 * time.Second}
}

// Validate reports everything that is wrong, joined.
func (l Limits) Validate() error {
	var errs []error
	check := func(ok bool, key, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: must be %s", key, want))
		}
	}
	check(l.Parallel >= 1 && l.Parallel <= 256, "parallel", "1 to 256")
	check(l.Jitter >= 0 && l.Jitter <= 0.5, "jitter", "0 to 0.5")
	check(l.BackfillAge >= 0, "backfill_age", "0 or more")
	check(l.RetryAfter > 0, "retry_after", "above 0")
	check(l.MaxRun > 0, "max_run", "above 0")
	check(l.LeaseWait >= 0, "lease_wait", "0 or more")
	return errors.Join(errs...)
}
