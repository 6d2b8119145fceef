package alert

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// Route says whose an escalation is. The first route that fits takes it; where
// none does, all channels are told.
type Route struct {
	// Team is shown with the escalation and counted by in the one-hour promise.
	Team string `mapstructure:"team" yaml:"team"`
	// Brands, Sources, Topics, Languages, Severities and Rules narrow the route; an empty list
	// takes all. A topic fits if the customer complains of any of them.
	Brands     []string `mapstructure:"brands" yaml:"brands"`
	Sources    []string `mapstructure:"sources" yaml:"sources"`
	Topics     []string `mapstructure:"topics" yaml:"topics"`
	Languages  []string `mapstructure:"languages" yaml:"languages"`
	Severities []string `mapstructure:"severities" yaml:"severities"`
	Rules      []string `mapstructure:"rules" yaml:"rules"`
	// Hours narrow it to a part of the day, "09:00-18:00", in Zone.
	Hours string `mapstructure:"hours" yaml:"hours"`
	// Channels are told at once.
	Channels []string `mapstructure:"channels" yaml:"channels"`
	// Chain are those who are told while nobody acknowledges.
	Chain []Link `mapstructure:"chain" yaml:"chain"`
	// Quiet are hours in which only critical escalations are told at once; the
	// others are told when the hours end.
	Quiet string `mapstructure:"quiet" yaml:"quiet"`
	// Zone is that of hours and quiet (IANA).
	Zone string `mapstructure:"zone" yaml:"zone"`
}

// Link is one step of a chain.
type Link struct {
	// After is the time since the opening (or reopening) without anybody who
	// takes it.
	After time.Duration `mapstructure:"after" yaml:"after"`
	// Channels are told then.
	Channels []string `mapstructure:"channels" yaml:"channels"`
}

// ValidateRoutes tells all faults; channels are the names there are.
func ValidateRoutes(routes []Route, channels []string) error {
	var faults []error
	fault := func(i int, format string, args ...any) {
		faults = append(faults, fmt.Errorf("routes[%d]: %w", i, fmt.Errorf(format, args...)))
	}
	for i, r := range routes {
		if _, err := parseHours(r.Hours); err != nil {
			fault(i, "hours: %w", err)
		}
		if _, err := parseHours(r.Quiet); err != nil {
			fault(i, "quiet: %w", err)
		}
		if _, err := time.LoadLocation(r.Zone); err != nil {
			fault(i, "zone: %w", err)
		}
		for _, s := range r.Severities {
			if rankOf(s) < 0 {
				fault(i, "severities: %q is not critical, high or normal", s)
			}
		}
		for _, c := range r.allChannels() {
			if !slices.Contains(channels, c) {
				fault(i, "channel %q is not under alert.channels", c)
			}
		}
		for j, l := range r.Chain {
			if l.After <= 0 || len(l.Channels) == 0 || (j > 0 && l.After <= r.Chain[j-1].After) {
				fault(i, "chain[%d]: needs channels, and a time after that of the step before", j)
			}
		}
	}
	return errors.Join(faults...)
}

func (r Route) allChannels() []string {
	all := slices.Clone(r.Channels)
	for _, l := range r.Chain {
		all = append(all, l.Channels...)
	}
	return all
}

// severities, the mildest first.
func severities() []string { return []string{"normal", "high", "critical"} }

// rankOf is -1 for what is no severity.
func rankOf(severity string) int { return slices.Index(severities(), severity) }

// routeOf is the first route that fits, or one that tells all channels.
func routeOf(routes []Route, all []string, e mention.Escalation, now time.Time) Route {
	for _, r := range routes {
		if r.fits(e, now) {
			return r
		}
	}
	return Route{Channels: all}
}

func (r Route) fits(e mention.Escalation, now time.Time) bool {
	of := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	topic := len(r.Topics) == 0 || slices.ContainsFunc(e.Topics, func(t string) bool { return slices.Contains(r.Topics, t) })
	return topic && of(r.Brands, e.Brand) && of(r.Sources, e.Source) && of(r.Languages, e.Language) && of(r.Severities, e.Severity) &&
		of(r.Rules, e.Rule) && within(r.Hours, r.Zone, now)
}

// within reports whether now is in the hours, which were validated; empty ones
// are always.
func within(hours, zone string, now time.Time) bool {
	h, err := parseHours(hours)
	z, bad := time.LoadLocation(zone)
	return err != nil || bad != nil || h.in(now.In(z))
}

// quietUntil is when a message that may wait goes out; now outside quiet hours
// and for what is critical.
func (r Route) quietUntil(severity string, now time.Time) time.Time {
	if r.Quiet == "" || severity == "critical" || !within(r.Quiet, r.Zone, now) {
		return now
	}
	h, err := parseHours(r.Quiet)
	z, bad := time.LoadLocation(r.Zone)
	if err != nil || bad != nil { // refused by ValidateRoutes
		return now
	}
	t := now.Truncate(time.Minute)
	for range 24 * 60 {
		if t = t.Add(time.Minute); !h.in(t.In(z)) {
			break
		}
	}
	return t
}
