// Package calendar converts between the Gregorian and the Jalali (Solar Hijri)
// calendar, for reading dates off Persian pages and for showing them to Persian
// readers. It imports the standard library only.
package calendar

import (
	"slices"
	"time"
)

// The years served: in them the 33-year cycle used here agrees with Iran's
// astronomical calendar.
const (
	FirstYear = 1300
	LastYear  = 1499
)

// 1 Farvardin 1405 is 21 March 2026.
const anchorYear = 1405

// leapYears are the years of a 33-year cycle, by remainder, that have 366 days.
func leapYears() []int { return []int{1, 5, 9, 13, 17, 22, 26, 30} }

// Jalali converts the calendar day that t shows in its own zone.
func Jalali(t time.Time) (year, month, day int) {
	n := dayNumber(t.Date())
	since := n - newYear(anchorYear)
	year = anchorYear + min(floorDiv(since, 365), floorDiv(since, 366)) // never past the year sought
	for newYear(year+1) <= n {
		year++
	}
	n -= newYear(year)
	if n < 186 {
		return year, 1 + n/31, 1 + n%31
	}
	return year, 7 + (n-186)/30, 1 + (n-186)%30
}

// FromJalali gives the Gregorian day of a Jalali one; ok is false when there is
// no such day or the year is not served.
func FromJalali(year, month, day int) (y int, m time.Month, d int, ok bool) {
	if year < FirstYear || year > LastYear || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return 0, 0, 0, false
	}
	n := newYear(year) + 31*min(month-1, 6) + 30*max(month-7, 0) + day - 1
	y, m, d = time.Unix(int64(n)*86400, 0).UTC().Date()
	return y, m, d, true
}

func monthDays(year, month int) int {
	switch {
	case month <= 6:
		return 31
	case month <= 11 || isLeap(year):
		return 30
	}
	return 29
}

func isLeap(year int) bool { return slices.Contains(leapYears(), year-33*floorDiv(year, 33)) }

// newYear is the day number of 1 Farvardin.
func newYear(year int) int {
	return dayNumber(2026, time.March, 21) + 365*(year-anchorYear) + leapsBefore(year) - leapsBefore(anchorYear)
}

func leapsBefore(year int) int {
	cycle := floorDiv(year, 33)
	n := 8 * cycle
	for _, r := range leapYears() {
		if r < year-33*cycle {
			n++
		}
	}
	return n
}

// dayNumber counts days since 1 January 1970.
func dayNumber(y int, m time.Month, d int) int {
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
