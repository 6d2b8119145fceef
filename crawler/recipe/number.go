package recipe

import (
	"fmt"
	"strconv"
	"strings"
)

// asciiDigits writes Persian and Arabic digits as 0-9.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		}
		return r
	}, s)
}

// number reads a count or a rating as pages show it: "1.234", "1,2K", "۱۲", "4,5".
// A separator before exactly three last digits parts thousands unless decimal is set.
func number(s string, decimal bool) (float64, error) {
	s = strings.NewReplacer("٬", ",", "٫", ".", "\u00a0", "", " ", "").Replace(asciiDigits(strings.TrimSpace(s)))
	end := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.,-+", r) })
	if end < 0 {
		end = len(s)
	}
	digits, unit := s[:end], strings.ToLower(s[end:])
	factor := map[string]float64{"k": 1e3, "b": 1e3, "bin": 1e3, "هزار": 1e3, "m": 1e6, "mn": 1e6, "میلیون": 1e6}[unit]
	if factor == 0 {
		factor = 1
	}
	if i := strings.LastIndexAny(digits, ".,"); i >= 0 {
		if !decimal && factor == 1 && len(digits)-i-1 == 3 {
			digits = strings.NewReplacer(".", "", ",", "").Replace(digits)
		} else {
			digits = strings.NewReplacer(".", "", ",", "").Replace(digits[:i]) + "." + digits[i+1:]
		}
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, fmt.Errorf("number %q: %w", s, err)
	}
	return n * factor, nil
}
