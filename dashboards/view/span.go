package view

import (
	"net/url"
	"regexp"
	"strconv"
	"time"

	"feryat/i18n"
)

// Span is the time that a reader looks at, with the texts that stand for it in an address.
type Span struct {
	From, To       time.Time
	RawFrom, RawTo string
}

// latest is the last second that ClickHouse's DateTime holds; the first is zero.
const latest = 1<<32 - 1

// spanOf reads from and to as Grafana writes them: now-7d, now/d, milliseconds since 1970. Without or with nonsense it is
// the dashboard's own; ok tells of nonsense.
func spanOf(query url.Values, b Board, now time.Time, zone *time.Location) (s Span, ok bool) {
	usual := Span{RawFrom: b.Time.From, RawTo: b.Time.To}
	if usual.RawFrom == "" || usual.RawTo == "" {
		usual.RawFrom, usual.RawTo = "now-30d", "now"
	}
	s = Span{RawFrom: query.Get("from"), RawTo: query.Get("to")}
	if s.RawFrom == "" && s.RawTo == "" {
		s = usual
	}
	if s.RawTo == "" {
		s.RawTo = "now"
	}
	if s.resolve(now, zone) {
		return s, true
	}
	usual.resolve(now, zone)
	return usual, false
}

func (s *Span) resolve(now time.Time, zone *time.Location) bool {
	var first, last bool
	s.From, first = moment(s.RawFrom, now.In(zone), false)
	s.To, last = moment(s.RawTo, now.In(zone), true)
	return first && last && s.From.Before(s.To) && s.From.Unix() >= 0 && s.To.Unix() <= latest
}

var (
	fromNow = regexp.MustCompile(`^now((?:[+-]\d{1,6}[smhdwMy]){0,20})(?:/([smhdwMy]))?$`)
	shifts  = regexp.MustCompile(`([+-]\d+)([smhdwMy])`)
	period  = regexp.MustCompile(`^[<>]?(\d{1,6})(ms|[smhdw])$`)
)

// moment reads one end; with end a rounded one is the last second of its day, month and so on.
func moment(text string, now time.Time, end bool) (time.Time, bool) {
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.UnixMilli(ms), ms >= 0 && ms < 1<<42
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true
	}
	m := fromNow.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	for _, step := range shifts.FindAllStringSubmatch(m[1], -1) {
		n, _ := strconv.Atoi(step[1]) // the pattern is one of a number
		now = shift(now, n, step[2])
	}
	if m[2] == "" {
		return now, true
	}
	begin := floor(now, m[2])
	if end {
		return shift(begin, 1, m[2]).Add(-time.Second), true
	}
	return begin, true
}

func shift(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "y":
		return t.AddDate(n, 0, 0)
	case "M":
		return t.AddDate(0, n, 0)
	case "w":
		return t.AddDate(0, 0, 7*n)
	case "d":
		return t.AddDate(0, 0, n)
	}
	return t.Add(time.Duration(n) * map[string]time.Duration{"h": time.Hour, "m": time.Minute, "s": time.Second}[unit])
}

// floor is the beginning of what t lies in; weeks begin on Monday.
func floor(t time.Time, unit string) time.Time {
	y, m, d := t.Date()
	switch unit {
	case "y":
		m, d = 1, 1
	case "M":
		d = 1
	case "w":
		d -= (int(t.Weekday()) + 6) % 7
	case "h": // of the clock there: not all zones are whole hours away
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case "m":
		return t.Truncate(time.Minute)
	case "s":
		return t.Truncate(time.Second)
	}
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// longestPeriod is how many of a unit a period has at most: so many weeks are more than any chart shows.
const longestPeriod = 5000

// duration reads a period such as 30s, 1h or 1d; what is none is zero.
func duration(text string) time.Duration {
	m := period.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return time.Duration(min(n, longestPeriod)) * map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[m[2]]
}

// steps are those of which a chart takes one, the last for what lies beyond.
func steps() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
		day, 2 * day, 7 * day, 14 * day, 30 * day, 60 * day, 180 * day, 360 * day}
}

// chartSteps is how many a chart has at most.
const chartSteps = 46

// first is when the step begins that t lies in, as ClickHouse parts time: from 1970 in UTC.
func first(t time.Time, step time.Duration) time.Time {
	seconds := max(int64(step/time.Second), 1)
	return time.Unix(t.Unix()-t.Unix()%seconds, 0).UTC()
}

// interval is the step of a chart: the least that makes it no finer than chartSteps.
func (s Span) interval(least time.Duration) time.Duration {
	all := steps()
	for _, step := range all {
		if step >= least && s.To.Sub(s.From) <= step*chartSteps {
			return step
		}
	}
	return all[len(all)-1]
}

// Days reads the two days of a form, both included, and answers the ends as they stand in an address. Without the last
// day it is now.
func Days(from, to string, zone *time.Location) (rawFrom, rawTo string, ok bool) {
	first, ok1 := i18n.ParseDate(from, zone)
	last, ok2 := i18n.ParseDate(to, zone)
	rawTo = "now"
	if to != "" {
		rawTo = strconv.FormatInt(last.AddDate(0, 0, 1).UnixMilli()-1, 10)
	}
	return strconv.FormatInt(first.UnixMilli(), 10), rawTo, ok1 && (ok2 || to == "")
}
