package dates

import (
	"errors"
	"time"
)

// clockTime reads 14:30, 14:30:05.123, and 14.30 where a date stands before it
// or "saat" does.
func (f *fields) clockTime(ts []token, i int) (int, error) {
	if i+2 >= len(ts) || !ts[i+2].number() || ts[i].digits > 2 || ts[i+2].digits != 2 {
		return 0, nil
	}
	if sep := ts[i+1]; !sep.is(':') && (!sep.is('.') || !f.dotted(ts, i)) {
		return 0, nil
	}
	precision, second, n := minuteClock, 0, 3
	if i+4 < len(ts) && ts[i+1].is(':') && ts[i+3].is(':') && ts[i+4].number() {
		if ts[i+4].digits != 2 {
			return 0, errOrder
		}
		precision, second, n = secondClock, ts[i+4].value, 5
		n += f.fraction(ts, i+5)
	}
	return n, f.setClock(ts[i].value, ts[i+2].value, second, precision)
}

// dotted tells the time 14.30 from the beginning of the date 14.03.2024.
func (f *fields) dotted(ts []token, i int) bool {
	if i+3 < len(ts) && ts[i+3].is('.') && i+4 < len(ts) && ts[i+4].number() {
		return false
	}
	return f.day != 0 && f.month != 0 || f.hasDayWord || i > 0 && ts[i-1].class == hour
}

func (f *fields) fraction(ts []token, i int) int {
	if i+1 >= len(ts) || !ts[i].is('.') && !ts[i].is(',') || !ts[i+1].number() || !ts[i].glued || !ts[i+1].glued {
		return 0
	}
	n, digits := ts[i+1].value, ts[i+1].digits
	for ; digits < 9; digits++ {
		n *= 10
	}
	for ; digits > 9; digits-- {
		n /= 10
	}
	f.nano = n
	return 2
}

func (f *fields) setClock(h, m, s int, precision clock) error {
	if f.clock != noClock {
		return errTwice
	}
	if h > 24 || m > 59 || s > 60 || h == 24 && (m > 0 || s > 0) {
		return errors.New("no such time of day")
	}
	f.hour, f.minute, f.second, f.clock = h, m, min(s, 59), precision
	return nil
}

// numericDate reads three numbers joined by the same mark: 2024-03-12,
// 12.03.2024, 1405/08/15.
func (f *fields) numericDate(ts []token, i int) (int, error) {
	if i+4 >= len(ts) || !ts[i+2].number() || !ts[i+4].number() {
		return 0, nil
	}
	sep := ts[i+1]
	if !sep.is('.') && !sep.is('/') && !sep.is('-') || !ts[i+3].is(sep.mark) {
		return 0, nil
	}
	if f.day != 0 || f.month != 0 || f.year != 0 {
		return 0, errTwice
	}
	a, b, c := ts[i], ts[i+2], ts[i+4]
	if b.digits > 2 || a.digits > 2 && c.digits > 2 {
		return 0, errOrder
	}
	switch {
	case a.digits == 4:
		f.year, f.month, f.day, f.yearDigits = a.value, b.value, c.value, 4
	case c.digits == 4 || c.digits == 2 && sep.mark != '-' && f.order.Language != "fa":
		f.year, f.yearDigits = c.value, c.digits
		f.setOrder(a.value, b.value, sep.mark)
	default:
		return 0, errOrder
	}
	return 5, nil
}

// setOrder decides which of two numbers is the day.
func (f *fields) setOrder(a, b int, mark rune) {
	dayFirst := mark == '.' || f.order.DayFirst || f.order.Language == "tr" || f.order.Language == "fa" || f.year/100 == 13 || f.year/100 == 14
	f.day, f.month = a, b
	if !dayFirst {
		f.day, f.month = b, a
	}
	if f.month > 12 && f.day <= 12 {
		f.day, f.month = f.month, f.day
	}
	f.slashed = mark != '.'
}

// compact reads the ISO forms without marks: 20240312, 20240312T1345, 20240312134500.
func (f *fields) compact(ts []token, i int) (int, error) {
	t := ts[i]
	if t.digits != 8 && t.digits != 14 && t.digits != 12 {
		return 0, nil
	}
	if f.day != 0 || f.month != 0 || f.year != 0 {
		return 0, errTwice
	}
	date, clockValue, clockDigits, n := t.value, 0, int8(0), 1
	switch {
	case t.digits == 14:
		date, clockValue, clockDigits = t.value/1e6, t.value%1e6, 6
	case t.digits == 12:
		date, clockValue, clockDigits = t.value/1e4, t.value%1e4, 4
	case i+2 < len(ts) && ts[i+1].class == clockT && ts[i+2].number():
		clockValue, clockDigits, n = ts[i+2].value, ts[i+2].digits, 3
	}
	f.year, f.month, f.day, f.yearDigits = date/1e4, date/100%100, date%100, 4
	switch clockDigits {
	case 6:
		n += f.fraction(ts, i+n)
		return n, f.setClock(clockValue/1e4, clockValue/100%100, clockValue%100, secondClock)
	case 4:
		return n, f.setClock(clockValue/100, clockValue%100, 0, minuteClock)
	case 0:
		return n, nil
	}
	return 0, errOrder
}

// zoneOffset reads +03:00, +0330, -07 right after a time or a zone's name; any
// other plus or minus is a mere dash.
func (f *fields) zoneOffset(ts []token, i int) (int, error) {
	if f.clock == noClock || i+1 >= len(ts) || !ts[i+1].number() || !ts[i+1].glued || f.day == 0 && ts[i].is('-') {
		return 1, nil
	}
	h, m, n := ts[i+1].value, 0, 2
	switch {
	case i+3 < len(ts) && ts[i+2].is(':') && ts[i+3].number() && ts[i+1].digits <= 2:
		m, n = ts[i+3].value, 4
	case ts[i+1].digits == 4:
		h, m = h/100, h%100
	case ts[i+1].digits > 2:
		return 0, errOrder
	}
	if h > 14 || m%15 != 0 || m > 45 || h > 12 && ts[i].is('-') {
		return 0, errors.New("no such time zone") // or the end of a range: 13:45-14:02
	}
	f.offset, f.hasOffset = 60*h+m, true
	if ts[i].is('-') {
		f.offset = -f.offset
	}
	return n, nil
}

// at makes a moment of a wall clock. One that a change to summer time skips is
// read by the offset before the change, so that midnight stays on its day.
func at(y int, m time.Month, d, h, mi, s, ns int, zone *time.Location) time.Time {
	t := time.Date(y, m, d, h, mi, s, ns, zone)
	asked := time.Date(y, m, d, h, mi, s, ns, time.UTC)
	_, offset := t.Zone()
	shown := t.Unix() + int64(offset)
	if missing := asked.Unix() - shown; missing > 0 {
		t = t.Add(time.Duration(missing) * time.Second)
	}
	return t
}
