package calendar

import "time"

// hijriOrigin is 1 Muharram 1 (16 July 622 of the Julian calendar) in days since 1970.
const hijriOrigin = -492148

// Hijri converts the calendar day that t shows in its own zone to the tabular
// (civil) Islamic calendar: thirty years of which eleven (2, 5, 7, 10, 13, 16,
// 18, 21, 24, 26, 29) have a day more. What a country keeps follows the moon,
// by reckoning in Turkey and by sight in Iran, and is a day off in about every
// second month, two days seldom: whoever needs a day must allow for both sides.
func Hijri(t time.Time) (year, month, day int) {
	y, m, d := t.Date()
	n := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400) - hijriOrigin
	year = floorDiv(30*n+10646, 10631)
	n -= 354*(year-1) + floorDiv(3+11*year, 30)
	month = min(2*n/59+1, 12)
	for n < hijriMonthStart(month) {
		month--
	}
	for month < 12 && n >= hijriMonthStart(month+1) {
		month++
	}
	return year, month, n - hijriMonthStart(month) + 1
}

// hijriMonthStart counts the days of a year before a month: of 30 and 29 days in turn.
func hijriMonthStart(month int) int { return (59*(month-1) + 1) / 2 }
