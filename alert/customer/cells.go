package customer

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"feryat/calendar"
)

// latin writes Persian and Arabic digits and signs as ASCII, and all spaces as one.
func latin(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r == '٫':
			return ','
		case r == '٬', r == '\'', r == '’', unicode.IsSpace(r):
			return ' ' // parts thousands
		case r == '−':
			return '-'
		}
		return r
	}, text)
}

var (
	errNumber = errors.New("not a number such as 1234.5 or 1234,5")
	errEither = errors.New("thousands or a fraction? Say --decimal comma or --decimal point")
	errDate   = errors.New("not a date such as 2026-03-31, 31.03.2026 or 1405/01/11, from 1970 to 2105")
	errWhole  = errors.New("not a whole number from 0 to 1000000000")
)

// number reads amounts as people and programs write them: 1234.5, 1.234,50,
// 1,234.50, 1 234,5.
func (t table) number(text string) (float64, error) {
	digits, negative := strings.CutPrefix(latin(text), "-")
	decimal, err := t.decimalOf(digits)
	if err != nil {
		return 0, err
	}
	whole, fraction := digits, "0"
	if decimal != 0 {
		i := strings.LastIndexByte(digits, decimal)
		whole, fraction = digits[:i], digits[i+1:]
	}
	whole, ok := ungrouped(whole)
	if !ok || !isDigits(fraction) || fraction == "" || whole == "" && decimal == 0 {
		return 0, errNumber
	}
	n, err := strconv.ParseFloat("0"+whole+"."+fraction, 64)
	if err != nil || n > 1e15 {
		return 0, errNumber
	}
	if negative {
		n = math.Copysign(n, -1)
	}
	return n, nil
}

// decimalOf finds the decimal sign of a number, 0 for none: of two signs it is
// the last, and one that comes several times parts thousands.
func (t table) decimalOf(digits string) (byte, error) {
	i := strings.LastIndexAny(digits, ".,")
	if i < 0 {
		return 0, nil
	}
	sign := digits[i]
	switch {
	case strings.Count(digits, string(sign)) > 1:
		return 0, nil
	case strings.ContainsAny(digits[:i], "., "), len(digits)-i-1 != 3, i == 0, i > 3, digits[0] == '0':
		return sign, nil
	case t.decimal == 0:
		return 0, errEither
	case t.decimal == sign:
		return sign, nil
	}
	return 0, nil
}

// ungrouped takes the signs between thousands out.
func ungrouped(whole string) (string, bool) {
	for _, sign := range []string{" ", ".", ","} {
		parts := strings.Split(whole, sign)
		if len(parts) == 1 {
			continue
		}
		for i, p := range parts {
			if !isDigits(p) || i > 0 && len(p) != 3 || i == 0 && (len(p) == 0 || len(p) > 3) {
				return "", false
			}
		}
		return strings.Join(parts, ""), true
	}
	return whole, isDigits(whole)
}

func isDigits(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
}

// date reads a day; a time beside it is left out. A year of the 14th or 15th
// century is Jalali: no customer has been one since then by the Gregorian calendar.
func date(text string) (time.Time, error) {
	day, _, _ := strings.Cut(strings.ReplaceAll(latin(text), "T", " "), " ")
	y, m, d, ok := parts(day)
	if year, month, date, jalali := calendar.FromJalali(y, m, d); ok && jalali {
		y, m, d = year, int(month), date
	}
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if !ok || at.Day() != d || at.Month() != time.Month(m) || y < 1970 || y > 2105 {
		return time.Time{}, errDate
	}
	return at, nil
}

// parts reads 2026-03-31, 1405/1/11 and 31.3.2026; which of 3/4/2026 is the month,
// nobody knows.
func parts(day string) (y, m, d int, ok bool) {
	fields := strings.FieldsFunc(day, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(fields) != 3 {
		return 0, 0, 0, false
	}
	sign := day[len(fields[0]) : len(fields[0])+1]
	if sign == "." {
		slices.Reverse(fields)
	}
	if strings.Count(day, sign) != 2 || len(day) != 2+len(fields[0])+len(fields[1])+len(fields[2]) || len(fields[0]) != 4 || len(fields[1]) > 2 || len(fields[2]) > 2 {
		return 0, 0, 0, false
	}
	for i, target := range []*int{&y, &m, &d} {
		n, err := strconv.Atoi(fields[i])
		if err != nil || !isDigits(fields[i]) {
			return 0, 0, 0, false
		}
		*target = n
	}
	return y, m, d, true
}

func whole(text string) (int64, error) {
	n, err := strconv.ParseInt(latin(text), 10, 64)
	if err != nil || n < 0 || n > 1e9 {
		return 0, errWhole
	}
	return n, nil
}
