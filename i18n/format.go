package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"feryat/calendar"
)

// Digits shows the digits of s as language l writes them.
func Digits(l Language, s string) string {
	if l != Persian {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '۰' + r - '0'
		}
		return r
	}, s)
}

// Number shows n with the thousands apart: 12.345, ۱۲٬۳۴۵, 12,345.
func Number(l Language, n int64) string {
	sep := map[Language]string{Turkish: ".", Persian: "٬", English: ","}[l]
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	return signed(l, sign) + Digits(l, b.String())
}

// signed keeps the sign on the left of a number in a text from right to left.
func signed(l Language, sign string) string {
	if l == Persian && sign != "" {
		return "\u200e" + sign
	}
	return sign
}

// Decimal shows f with places digits after the mark of language l. What rounds
// to nothing has no sign.
func Decimal(l Language, f float64, places int) string { return decimal(l, f, places, "") }

// Signed is Decimal with a plus before what is more than nothing.
func Signed(l Language, f float64, places int) string { return decimal(l, f, places, "+") }

func decimal(l Language, f float64, places int, sign string) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	if strings.Trim(s, "0.") == "" {
		sign = ""
	}
	switch l {
	case Turkish:
		s = strings.Replace(s, ".", ",", 1)
	case Persian:
		s = strings.Replace(s, ".", "٫", 1)
	}
	return signed(l, sign) + Digits(l, s)
}

// Percent shows a share of 0 to 1 in whole percent: %12, ۱۲٪, 12%.
func Percent(l Language, share float64) string {
	n := strconv.Itoa(int(math.Round(share * 100)))
	switch l {
	case Turkish:
		return "%" + n
	case Persian:
		return Digits(l, n) + "٪"
	}
	return n + "%"
}

// Date shows the day of t in zone as people write it: 3 Kas 2026, ۱۲ آبان ۱۴۰۵, 3 Nov 2026.
func (t *Texts) Date(l Language, at time.Time, zone *time.Location) string {
	at = at.In(zone)
	if l == Persian {
		y, m, d := calendar.Jalali(at)
		return Digits(l, strconv.Itoa(d)) + " " + t.T(l, "jalali."+strconv.Itoa(m)) + " " + Digits(l, strconv.Itoa(y))
	}
	return strconv.Itoa(at.Day()) + " " + t.T(l, "month."+strconv.Itoa(int(at.Month()))) + " " + strconv.Itoa(at.Year())
}

// Day is Date without the year.
func (t *Texts) Day(l Language, at time.Time, zone *time.Location) string {
	whole := t.Date(l, at, zone)
	return whole[:strings.LastIndexByte(whole, ' ')]
}

// DateTime shows day and minute of t in zone.
func (t *Texts) DateTime(l Language, at time.Time, zone *time.Location) string {
	return t.Date(l, at, zone) + " " + Digits(l, at.In(zone).Format("15:04"))
}

// Span shows how long something takes, in its largest unit that leaves at least
// two of it: "90 dakika", "3 saat".
func (t *Texts) Span(l Language, d time.Duration) string {
	switch n := int64(d / time.Minute); {
	case n < 1:
		return t.T(l, "span.now")
	case n < 120:
		return t.count(l, "span.minute", n)
	case n < 48*60:
		return t.count(l, "span.hour", n/60)
	default:
		return t.count(l, "span.day", n/(24*60))
	}
}

// count is the text of key for n things; what is one has a text of its own.
func (t *Texts) count(l Language, key string, n int64) string {
	if n == 1 {
		return t.T(l, key+".one")
	}
	return t.T(l, key, Number(l, n))
}

// Ago shows how long ago something was, in its largest unit: "3 saat önce".
// Less than a minute, and what lies ahead, is "just now".
func (t *Texts) Ago(l Language, since time.Duration) string {
	for _, u := range []struct {
		key  string
		unit time.Duration
	}{{"ago.day", 24 * time.Hour}, {"ago.hour", time.Hour}, {"ago.minute", time.Minute}} {
		if n := int64(since / u.unit); n > 0 {
			return t.count(l, u.key, n)
		}
	}
	return t.T(l, "ago.now")
}

// PlainDate shows the day of t in zone in digits alone, as ParseDate reads it:
// 2026-11-06, in Persian the Jalali ۱۴۰۵/۰۸/۱۵.
func PlainDate(l Language, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if l != Persian {
		return t.Format(time.DateOnly)
	}
	y, m, d := calendar.Jalali(t)
	return Digits(l, fmt.Sprintf("%04d/%02d/%02d", y, m, d))
}

// LastMonth gives the midnights between which the last whole month before a day lies, of the calendar of the language.
func LastMonth(l Language, day time.Time) (from, to time.Time) {
	at := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, day.Location()) }
	if l != Persian {
		to = at(day.Year(), day.Month(), 1)
		return to.AddDate(0, -1, 0), to
	}
	y, m, _ := calendar.Jalali(day)
	first := func(year, month int) time.Time {
		gy, gm, gd, _ := calendar.FromJalali(year, month, 1) // of a day that there is
		return at(gy, gm, gd)
	}
	if m == 1 {
		return first(y-1, 12), first(y, 1)
	}
	return first(y, m-1), first(y, m)
}

// ParseDate reads year, month and day with any sign between them and digits of any
// script, and answers the midnight in zone that begins the day. A year of the 14th
// or 15th century is Jalali.
func ParseDate(s string, zone *time.Location) (time.Time, bool) {
	var n [3]int
	parts := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	if len(parts) != 3 || len(s) > 40 {
		return time.Time{}, false
	}
	for i, part := range parts {
		for _, r := range part {
			digit, ok := digitOf(r)
			if !ok || n[i] > 9999 {
				return time.Time{}, false
			}
			n[i] = 10*n[i] + digit
		}
	}
	if y, m, d, ok := calendar.FromJalali(n[0], n[1], n[2]); ok {
		return time.Date(y, m, d, 0, 0, 0, 0, zone), true
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, zone)
	return t, n[0] >= 1970 && n[0] < 2106 && t.Day() == n[2] && int(t.Month()) == n[1]
}

// digitOf is the value of a Western, Persian or Arabic digit.
func digitOf(r rune) (int, bool) {
	for _, zero := range "0۰٠" {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}
