// Package calendar converts between the Gregorian, the Jalali (Solar Hijri) and
// the Islamic calendar, and knows what days are for a market: weekends, holidays
// and times when people write more or less than usual. Dates are read off
// Persian pages and shown to Persian readers with it; alert judges by it what is
// unusual. It imports the standard library only.
package calendar

import "time"

// The Jalali (Solar Hijri) calendar by the arithmetic of its 33-year cycle,
// which agrees with the astronomical calendar of Iran for all years served here.
const (
	firstJalali, lastJalali = 1300, 1499
	jalaliCycle             = 12053   // days in 33 years
	jalaliOrigin            = 979     // a year that begins a cycle
	originDay               = -135061 // its first day, 20 March 1600, in days since 1970
)

// Jalali converts the calendar day that t shows in its own zone.
func Jalali(t time.Time) (year, month, day int) {
	y, m, d := t.Date()
	n := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400) - originDay
	cycles := floorDiv(n, jalaliCycle)
	n -= cycles * jalaliCycle
	year = jalaliOrigin + 33*cycles + 4*(n/1461)
	n %= 1461
	if n > 365 {
		year += (n - 1) / 365
		n = (n - 1) % 365
	}
	if n < 186 {
		return year, 1 + n/31, 1 + n%31
	}
	return year, 7 + (n-186)/30, 1 + (n-186)%30
}

// FromJalali gives the Gregorian day of a Jalali one; ok is false when there is
// no such day or the year is not of the 14th or 15th century.
func FromJalali(year, month, day int) (y int, m time.Month, d int, ok bool) {
	if year < firstJalali || year > lastJalali || month < 1 || month > 12 || day < 1 || day > jalaliDays(year, month) {
		return 0, 0, 0, false
	}
	k := year - jalaliOrigin
	n := 365*k + 8*(k/33) + (k%33+3)/4 + 31*min(month-1, 6) + 30*max(month-7, 0) + day - 1
	y, m, d = time.Unix(int64(originDay+n)*86400, 0).UTC().Date()
	return y, m, d, true
}

func jalaliDays(year, month int) int {
	switch {
	case month <= 6:
		return 31
	case month <= 11 || jalaliLeap(year):
		return 30
	}
	return 29
}

func jalaliLeap(year int) bool {
	switch year % 33 {
	case 1, 5, 9, 13, 17, 22, 26, 30:
		return true
	}
	return false
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
