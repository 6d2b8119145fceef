package dates

import (
	"errors"
	"time"

	"feryat/calendar"
	"feryat/mention"
)

// resolve makes one moment of the fields.
func (f *fields) resolve() (reading, error) {
	if err := f.noon(); err != nil {
		return reading{}, err
	}
	zone := f.zone()
	now := f.order.Now.In(zone)
	dated := f.day != 0 || f.month != 0 || f.year != 0
	relative := f.span.parts > 0
	switch {
	case dated && (relative || f.hasDayWord || f.now):
		return reading{}, errTwice
	case dated:
		return f.date(now, zone)
	case relative && (f.hasDayWord || f.now):
		return reading{}, errTwice
	case relative:
		return f.before(now, zone)
	case f.hasDayWord:
		return f.onDay(now.AddDate(0, 0, f.dayWord), zone), nil
	case f.now && f.clock == noClock:
		return reading{now.Truncate(time.Minute), mention.PrecisionMinute, false}, nil
	case f.hasWeekday:
		return f.lastWeekday(now, zone), nil
	}
	return reading{}, errors.New("names no day")
}

func (f *fields) zone() *time.Location {
	switch {
	case f.hasOffset && f.offset == 0:
		return time.UTC
	case f.hasOffset:
		return time.FixedZone("", 60*f.offset)
	case f.order.Zone != nil:
		return f.order.Zone
	}
	return time.UTC
}

// noon applies "am" and "pm"; a clock of 24 hours beside them is taken at its word.
func (f *fields) noon() error {
	if f.meridiem == 0 || f.clock == noClock {
		return nil
	}
	if f.hour > 12 && f.meridiem == 1 {
		return errors.New("a time after noon said to be before it")
	}
	if f.hour <= 12 {
		f.hour = f.hour%12 + f.meridiem - 1
	}
	return nil
}

func (f *fields) precision() mention.Precision {
	switch f.clock {
	case secondClock:
		return mention.PrecisionSecond
	case minuteClock:
		return mention.PrecisionMinute
	case hourClock:
		return mention.PrecisionHour
	}
	return mention.PrecisionDay
}

// date resolves day, month and year, the year being optional.
func (f *fields) date(now time.Time, zone *time.Location) (reading, error) {
	if f.day == 0 || f.month == 0 || f.span.parts > 0 || f.ago {
		return reading{}, errors.New("day or month is missing")
	}
	if f.yearDigits == 2 {
		f.year += 2000
		if f.year >= 2070 {
			f.year -= 100
		}
	}
	if f.yearDigits == 0 {
		return f.nearestPast(now, zone)
	}
	f.byWeekday()
	y, m, d, err := f.gregorian(f.year)
	if err != nil {
		return reading{}, err
	}
	return reading{at(y, m, d, f.hour, f.minute, f.second, f.nano, zone), f.precision(), true}, nil
}

// byWeekday lets the weekday settle 03/04/2024 when only one order fits it.
func (f *fields) byWeekday() {
	if !f.slashed || !f.hasWeekday || f.day > 12 || f.year < 1900 || f.order.DayFirst || f.order.Language != "" {
		return
	}
	is := func(m, d int) bool {
		return int(time.Date(f.year, time.Month(m), d, 0, 0, 0, 0, time.UTC).Weekday()) == f.weekday
	}
	if !is(f.month, f.day) && is(f.day, f.month) {
		f.day, f.month = f.month, f.day
	}
}

// gregorian gives the day in the given year, Jalali where name or year says so.
func (f *fields) gregorian(year int) (int, time.Month, int, error) {
	century := year / 100
	if f.jalali || century == 13 || century == 14 {
		y, m, d, ok := calendar.FromJalali(year, f.month, f.day)
		if !ok || !f.jalali && f.named {
			return 0, 0, 0, errors.New("no such Jalali day")
		}
		return y, m, d, nil
	}
	if year < 1900 || year > 2199 {
		return 0, 0, 0, errors.New("year out of range")
	}
	t := time.Date(year, time.Month(f.month), f.day, 0, 0, 0, 0, time.UTC)
	if f.month > 12 || t.Day() != f.day || int(t.Month()) != f.month {
		return 0, 0, 0, errors.New("no such day")
	}
	return year, time.Month(f.month), f.day, nil
}

// nearestPast finds the newest year in which the date is at most a day ahead:
// a page may be written further east than its zone says. 29 February and 30
// Esfand may be years away.
func (f *fields) nearestPast(now time.Time, zone *time.Location) (reading, error) {
	newest := now.Year()
	if f.jalali {
		newest, _, _ = calendar.Jalali(now)
	}
	for year := newest + 1; year > newest-9; year-- {
		y, m, d, err := f.gregorian(year)
		if err != nil {
			continue
		}
		t := at(y, m, d, f.hour, f.minute, f.second, f.nano, zone)
		if t.Before(now.AddDate(0, 0, 1)) {
			return reading{t, f.precision(), false}, nil
		}
	}
	return reading{}, errors.New("no such day")
}

// before resolves "3 saat önce", "geçen ay", "2 days ago at 5pm".
func (f *fields) before(now time.Time, zone *time.Location) (reading, error) {
	s := f.span
	if abbreviated := s.short && s.parts == 1; !f.ago && !f.last && !abbreviated {
		return reading{}, errors.New("a span of time, with nothing that says before now")
	}
	if s.finest >= day {
		y, m, d := monthsBefore(now, s.months)
		return f.onDay(time.Date(y, m, d-s.days, 12, 0, 0, 0, time.UTC), zone), nil
	}
	if f.clock != noClock || s.months > 0 {
		return reading{}, errTwice
	}
	t := now.Add(-s.clock).AddDate(0, 0, -s.days)
	finest := s.finest
	if s.approximate {
		finest++
	}
	switch finest {
	case second:
		return reading{t.Truncate(time.Second), mention.PrecisionSecond, false}, nil
	case minute:
		return reading{t.Truncate(time.Minute), mention.PrecisionMinute, false}, nil
	case hourUnit:
		return reading{t.Truncate(time.Minute), mention.PrecisionHour, false}, nil
	}
	return reading{t.Truncate(time.Minute), mention.PrecisionDay, false}, nil
}

// monthsBefore keeps the day inside its month: a month before 31 March is the
// last of February.
func monthsBefore(t time.Time, months int) (int, time.Month, int) {
	y, m, d := t.Date()
	first := time.Date(y, m-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.Year(), first.Month(), min(d, last)
}

// onDay sets the clock time, or midnight, on the calendar day of t.
func (f *fields) onDay(t time.Time, zone *time.Location) reading {
	y, m, d := t.Date()
	return reading{at(y, m, d, f.hour, f.minute, f.second, f.nano, zone), f.precision(), false}
}

// lastWeekday is the newest such weekday that has begun.
func (f *fields) lastWeekday(now time.Time, zone *time.Location) reading {
	back := (int(now.Weekday()) - f.weekday + 7) % 7
	r := f.onDay(now.AddDate(0, 0, -back), zone)
	if r.time.After(now) || back == 0 && f.last {
		r = f.onDay(now.AddDate(0, 0, -back-7), zone)
	}
	return r
}
