// Package digest writes the mail that sums up a day or a week: how customers
// felt, what grew, how the promise was kept, of what nothing is known, and the
// good news.
//
// The figures come from the store in one record (mention.Digest). A page is made
// of it in one language, and written out as HTML and as plain text. Charts are
// cells of tables, for mail programs show neither SVG nor scripts
// (docs/decisions/0015-charts-in-mail.md).
package digest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// Config is one digest.
type Config struct {
	// Name tells digests apart, for ever: a digest that is renamed is another.
	Name string `mapstructure:"name" yaml:"name"`
	// Period is daily or weekly. A daily digest tells of the day before, a weekly
	// one of the seven days before.
	Period string `mapstructure:"period" yaml:"period"`
	// At is the time of day at which it is sent, "09:00", in the zone of the promise.
	At string `mapstructure:"at" yaml:"at"`
	// Day is the day of the week on which a weekly digest is sent; monday unless set.
	Day string `mapstructure:"day" yaml:"day"`
	// Brands are told of in this order; empty means all of ours.
	Brands []string `mapstructure:"brands" yaml:"brands"`
	// Channel is the name of an e-mail channel.
	Channel string `mapstructure:"channel" yaml:"channel"`
	// Language is tr, fa or en; empty means that of the channel.
	Language string `mapstructure:"language" yaml:"language"`
}

// The periods.
const (
	Daily  = "daily"
	Weekly = "weekly"
	// Reported is that of a report, of any length. A digest has none such.
	Reported = "report"
)

func weekdays() []string {
	return []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
}

// defaultAt is when a digest is sent that does not say when.
const defaultAt = "09:00"

// Validate tells all faults but those of brands and channels, which others know.
func (c Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if c.Name == "" || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		fault("name: %q is not made of letters, digits, - and _", c.Name)
	}
	if c.Period != Daily && c.Period != Weekly {
		fault("period: %q is not daily or weekly", c.Period)
	}
	if _, err := c.clock(); err != nil {
		fault("at: %q is not a time of day as 09:00", c.At)
	}
	switch {
	case c.Day != "" && c.Period == Daily:
		fault("day: a daily digest is sent every day")
	case c.Day != "" && !slices.Contains(weekdays(), c.Day):
		fault("day: %q is not one of %s", c.Day, strings.Join(weekdays(), " "))
	}
	if c.Language != "" && !slices.Contains(i18n.Languages(), i18n.Language(c.Language)) {
		fault("language: %q is not tr, fa or en", c.Language)
	}
	if c.Channel == "" {
		fault("channel: names none")
	}
	return errors.Join(faults...)
}

// clock is the time of day at which it is sent.
func (c Config) clock() (time.Time, error) {
	if c.At == "" {
		return time.Parse("15:04", defaultAt)
	}
	return time.Parse("15:04", c.At)
}

// days is the length of its period.
func (c Config) days() int {
	if c.Period == Weekly {
		return 7
	}
	return 1
}

// patience is how late a digest is still worth sending: half its period.
func (c Config) patience() time.Duration { return time.Duration(c.days()) * 12 * time.Hour }

// Due is when the newest digest was to be sent that is due by now.
func (c Config) Due(now time.Time, zone *time.Location) time.Time {
	due := c.on(now.In(zone))
	for due.After(now) || !c.today(due) {
		due = c.on(due.AddDate(0, 0, -1))
	}
	return due
}

// Next is when the first digest after now is to be sent.
func (c Config) Next(now time.Time, zone *time.Location) time.Time {
	due := c.on(now.In(zone))
	for !due.After(now) || !c.today(due) {
		due = c.on(due.AddDate(0, 0, 1))
	}
	return due
}

// on is the time of day of the digest on the day of t. A time that clocks leave
// out in spring is an hour later, as time.Date has it.
func (c Config) on(t time.Time) time.Time {
	at, err := c.clock()
	if err != nil {
		at = time.Time{} // refused by Validate
	}
	return time.Date(t.Year(), t.Month(), t.Day(), at.Hour(), at.Minute(), 0, 0, t.Location())
}

// today reports whether it is sent on the day of t.
func (c Config) today(t time.Time) bool {
	day := c.Day
	if day == "" {
		day = "monday"
	}
	return c.Period == Daily || weekdays()[t.Weekday()] == day
}

// Ask is the question about the period that ends with the midnight before at,
// which is in the zone whose days are counted.
func (c Config) Ask(at time.Time) mention.DigestAsk {
	to := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	return mention.DigestAsk{From: to.AddDate(0, 0, -c.days()), To: to, Zone: at.Location().String(), Brands: c.Brands, Most: mostExamples}
}

// edition names the digest that was due at a time for ever: daily.2026-11-22,
// weekly.2026-W47, by the last day that it tells of. Editions of one period
// sort by time.
func (c Config) edition(due time.Time) string {
	last := due.AddDate(0, 0, -1)
	if c.Period == Daily {
		return last.Format(time.DateOnly)
	}
	year, week := last.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}
