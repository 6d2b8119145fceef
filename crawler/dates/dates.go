// Package dates reads the times that pages show beside their texts, in Turkish,
// Persian and English: absolute ("03 Eylül 2024 04:28", "۱۵ آبان ۱۴۰۵ ساعت ۱۴:۳۰",
// ISO 8601, RFC 1123), relative ("3 saat önce", "دیروز", "an hour ago") and
// shortened ("4 Ağustos 14:02", "Salı 17:03", "3d").
//
// A time that it cannot read is an error, never a guess: an unknown word, a
// second month or an impossible day is refused. What the page leaves open is
// settled by the rules beside Options.
package dates

import (
	"fmt"
	"strings"
	"time"

	"feryat/mention"
)

// MaxLen is the longest text looked at, in bytes; no date is longer.
const MaxLen = 256

// Options settle what the text itself leaves open.
//
// A missing year is the nearest one that does not lie ahead. A year of 13xx or
// 14xx is Jalali. Numbers joined by dots are day first, for nobody writes the
// month first with dots; with slashes and hyphens the Language decides (Turkish
// and Persian are day first), else DayFirst, else a weekday that stands beside.
type Options struct {
	// Now is the time of the visit, for relative and shortened times.
	Now time.Time
	// Zone is the time zone the page writes in; nil is UTC. A zone in the text wins.
	Zone *time.Location
	// Language is the page's, as ISO 639-1; it only settles what is ambiguous.
	Language string
	// DayFirst reads 03/04/2024 as 3 April.
	DayFirst bool
	// Unix reads a bare number as seconds or, from 12 digits on, milliseconds
	// since 1970. Without it a bare number is refused.
	Unix bool
}

// Parse reads s. The result is in UTC with the precision that s has; a day
// without a time is that day's start in the zone. Weeks, months and years ago
// are given to the day, and "a few hours ago" to the next coarser unit. A time
// ahead of Now is returned as it stands: clamping is up to the caller.
func Parse(s string, o Options) (mention.Written, error) {
	r, err := read(s, o)
	if err != nil {
		return mention.Written{}, fmt.Errorf("date %q: %w", shorten(s), err)
	}
	w := mention.Written{Time: r.time.UTC(), Precision: r.precision, Shown: strings.TrimSpace(s)}
	if o.Zone != nil {
		w.Zone = o.Zone.String()
	}
	return w, nil
}

// Absolute reports whether s names its moment by itself, year included, so that
// the page will show the same characters at every visit.
func Absolute(s string, o Options) bool {
	r, err := read(s, o)
	return err == nil && r.absolute
}

// reading is a moment with what is known about it.
type reading struct {
	time      time.Time
	precision mention.Precision
	absolute  bool
}

func read(s string, o Options) (reading, error) {
	if len(s) > MaxLen {
		return reading{}, fmt.Errorf("longer than %d bytes", MaxLen)
	}
	if o.Unix {
		if r, ok := unix(strings.TrimSpace(s)); ok {
			return r, nil
		}
	}
	var ts tokens
	if err := ts.lex(s); err != nil {
		return reading{}, err
	}
	var f fields
	f.order = o
	if err := f.scan(ts.list()); err != nil {
		return reading{}, err
	}
	return f.resolve()
}

// unix reads seconds (9 to 11 digits) or milliseconds (12 to 14 digits).
func unix(s string) (reading, bool) {
	whole, _, _ := strings.Cut(s, ".")
	if len(whole) < 9 || len(whole) > 14 {
		return reading{}, false
	}
	var n int64
	for _, r := range whole {
		if r < '0' || r > '9' {
			return reading{}, false
		}
		n = n*10 + int64(r-'0')
	}
	t := time.Unix(n, 0)
	if len(whole) > 11 {
		t = time.UnixMilli(n)
	}
	return reading{t, mention.PrecisionSecond, true}, true
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
