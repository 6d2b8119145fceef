package calendar

import (
	"fmt"
	"time"
)

// Market is where a brand's customers live: its time zone, and the country whose
// weekends and special days move how much they write. The zero Market is UTC
// without weekends.
type Market struct {
	Country         string // tr, ir, or empty: no special days are known
	zone            *time.Location
	weekend         [2]time.Weekday
	holidays, times []fact // made once: a day is asked for often
}

// Day says what a calendar day is in a market.
type Day struct {
	Weekend bool
	// Holiday is the code of a public holiday, empty on other days. One that
	// follows the moon is reckoned by Hijri and may be a day off.
	Holiday string
	// Special is the code of a time when people are known to write more, less or
	// at other hours than usual. It allows for the error of Hijri: a day more on
	// both sides.
	Special string
}

// MarketOf gives the market of an IANA time zone. A zone of no country that is
// known here has weekends on Saturday and Sunday and no special days.
func MarketOf(zone string) (Market, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return Market{}, fmt.Errorf("market: %w", err)
	}
	m := Market{zone: loc, weekend: [2]time.Weekday{time.Saturday, time.Sunday}}
	switch zone {
	case "Europe/Istanbul", "Asia/Istanbul", "Turkey":
		m.Country, m.holidays, m.times = "tr", turkishHolidays(), turkishTimes()
	case "Asia/Tehran", "Iran":
		m.Country, m.holidays, m.times = "ir", iranianHolidays(), iranianTimes()
		m.weekend = [2]time.Weekday{time.Thursday, time.Friday}
	}
	return m, nil
}

// Zone is the market's time zone.
func (m Market) Zone() *time.Location {
	if m.zone == nil {
		return time.UTC
	}
	return m.zone
}

// Day tells of the day that t is in, in the market's zone.
func (m Market) Day(t time.Time) Day {
	d := dateOf(t.In(m.Zone()))
	return Day{Weekend: m.zone != nil && (d.weekday == m.weekend[0] || d.weekday == m.weekend[1]), Holiday: first(d, m.holidays), Special: first(d, m.times)}
}

// date is one day in the three calendars. A monthDay is month*100 + day, so that
// days of one year compare.
type date struct {
	noon                     time.Time // in UTC, so that days can be added
	weekday                  time.Weekday
	gregorian, jalali, hijri int    // monthDay
	nearHijri                [2]int // monthDays of the day before and of the day after
}

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	return date{
		noon: noon, weekday: noon.Weekday(), gregorian: int(m)*100 + d, jalali: monthDay(Jalali(noon)), hijri: monthDay(Hijri(noon)),
		nearHijri: [2]int{monthDay(Hijri(noon.AddDate(0, 0, -1))), monthDay(Hijri(noon.AddDate(0, 0, 1)))},
	}
}

func monthDay(_, month, day int) int { return month*100 + day }

// fact names the days for which is holds.
type fact struct {
	code string
	is   func(date) bool
}

// first gives the code of the first fact that holds of d: a list begins with what moves people most.
func first(d date, facts []fact) string {
	for _, f := range facts {
		if f.is(d) {
			return f.code
		}
	}
	return ""
}

func gregorian(code string, from, to int) fact {
	return fact{code, func(d date) bool { return d.gregorian >= from && d.gregorian <= to }}
}

func jalali(code string, from, to int) fact {
	return fact{code, func(d date) bool { return d.jalali >= from && d.jalali <= to }}
}

func hijri(code string, from, to int) fact {
	return fact{code, func(d date) bool { return d.hijri >= from && d.hijri <= to }}
}

// aroundHijri holds also of a day before and a day after.
func aroundHijri(code string, from, to int) fact {
	return fact{code, func(d date) bool {
		in := func(at int) bool { return at >= from && at <= to }
		return in(d.hijri) || in(d.nearHijri[0]) || in(d.nearHijri[1])
	}}
}
