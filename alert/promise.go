package alert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Promise is what the brand promises its customers: an answer in time.
type Promise struct {
	// Answer is how long a customer may wait for a public answer, from the time
	// of writing; 0 promises none.
	Answer time.Duration `mapstructure:"answer" yaml:"answer"`
	// Warn is how long before the end of that time somebody is reminded.
	Warn time.Duration `mapstructure:"warn" yaml:"warn"`
	// Target is the share of customers who are to be answered in time.
	Target float64 `mapstructure:"target" yaml:"target"`
	// Hours are those in which the clock runs, "09:00-18:00"; empty means always.
	Hours string `mapstructure:"hours" yaml:"hours"`
	// Days are those in which the clock runs: mon tue wed thu fri sat sun; empty means all.
	Days []string `mapstructure:"days" yaml:"days"`
	// Holidays are days on which it stands still, as 2026-01-01.
	Holidays []string `mapstructure:"holidays" yaml:"holidays"`
	// Zone is that of hours and days (IANA).
	Zone string `mapstructure:"zone" yaml:"zone"`
}

// DefaultPromise is the hour within which four of five who complain in public
// expect an answer, day and night.
func DefaultPromise() Promise {
	return Promise{Answer: time.Hour, Warn: 15 * time.Minute, Target: 0.95, Zone: "Europe/Istanbul"}
}

// Validate tells all faults.
func (p Promise) Validate() error {
	var faults []error
	if p.Answer < 0 || p.Warn < 0 || (p.Answer > 0 && p.Warn >= p.Answer) {
		faults = append(faults, errors.New("warn must be shorter than answer, and neither below 0"))
	}
	if !(p.Target > 0 && p.Target < 1) {
		faults = append(faults, fmt.Errorf("target: %v is no share above 0 and below 1", p.Target))
	}
	if _, err := time.LoadLocation(p.Zone); err != nil {
		faults = append(faults, fmt.Errorf("zone: %w", err))
	}
	if _, err := parseHours(p.Hours); err != nil {
		faults = append(faults, fmt.Errorf("hours: %w", err))
	}
	for _, d := range p.Days {
		if !slices.Contains(weekdays(), d) {
			faults = append(faults, fmt.Errorf("days: %q is not one of %s", d, strings.Join(weekdays(), " ")))
		}
	}
	for _, d := range p.Holidays {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			faults = append(faults, fmt.Errorf("holidays: %q is not a day as 2026-01-01", d))
		}
	}
	return errors.Join(faults...)
}

func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// hours is a part of each day, in minutes since midnight; one that ends before
// it begins runs over midnight.
type hours struct{ from, to int }

func parseHours(s string) (h hours, err error) {
	if s == "" {
		return hours{0, 24 * 60}, nil
	}
	var a, b, c, d int
	if n, err := fmt.Sscanf(s, "%d:%d-%d:%d", &a, &b, &c, &d); n != 4 || err != nil || a < 0 || a > 24 || c < 0 || c > 24 || b < 0 || b > 59 || d < 0 || d > 59 {
		return h, fmt.Errorf("%q is not a time of day as 09:00-18:00", s)
	}
	h = hours{a*60 + b, c*60 + d}
	if h.from == h.to || max(h.from, h.to) > 24*60 {
		return h, fmt.Errorf("%q holds no time", s)
	}
	return h, nil
}

// in reports whether t's time of day is within the hours.
func (h hours) in(t time.Time) bool {
	m := t.Hour()*60 + t.Minute()
	if h.from < h.to {
		return m >= h.from && m < h.to
	}
	return m >= h.from || m < h.to
}

// Due is when the answer to something written at a time is due; zero where
// nothing is promised. The clock counts only minutes of the hours and days.
func (p Promise) Due(written time.Time) time.Time {
	if p.Answer <= 0 {
		return time.Time{}
	}
	if p.Hours == "" && len(p.Days) == 0 && len(p.Holidays) == 0 {
		return written.Add(p.Answer)
	}
	zone, err := time.LoadLocation(p.Zone)
	h, bad := parseHours(p.Hours)
	if err != nil || bad != nil { // refused by Validate
		return written.Add(p.Answer)
	}
	left, t := p.Answer, written.In(zone)
	for range 60 * 24 * 60 { // minutes of two months: longer than any closing
		if p.runs(t, h) {
			next := t.Truncate(time.Minute).Add(time.Minute)
			if step := next.Sub(t); step >= left {
				return t.Add(left).UTC()
			}
			left -= next.Sub(t)
		}
		t = t.Truncate(time.Minute).Add(time.Minute)
	}
	return t.UTC()
}

func (p Promise) runs(t time.Time, h hours) bool {
	return h.in(t) && (len(p.Days) == 0 || slices.Contains(p.Days, weekdays()[t.Weekday()])) && !slices.Contains(p.Holidays, t.Format(time.DateOnly))
}
