package i18n

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	tehran := time.FixedZone("Tehran", 3*3600+1800)
	want := time.Date(2026, 11, 6, 0, 0, 0, 0, tehran)
	for _, s := range []string{"2026-11-06", "2026/11/6", " 2026.11.06 ", "۲۰۲۶-۱۱-۰۶", "1405/08/15", "۱۴۰۵/۰۸/۱۵", "١٤٠٥-٨-١٥"} {
		if got, ok := ParseDate(s, tehran); !ok || !got.Equal(want) {
			t.Errorf("%q: %s, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "x", "2026-11", "2026-11-06-1", "2026-02-30", "2026-13-01", "1405/07/31", "0-0-0", "2026-11-99999999999999999999", "३-१-२", "1969-01-01", "2106-01-01", "\xff-1-1"} {
		if got, ok := ParseDate(s, tehran); ok {
			t.Errorf("%q is read as %s", s, got)
		}
	}
}

// TestPlainDate: what is shown is read as the same day, in every language.
func TestPlainDate(t *testing.T) {
	for _, l := range Languages() {
		for n := range 1000 {
			day := time.Date(2025, 1, 1+n, 0, 0, 0, 0, time.UTC)
			if got, ok := ParseDate(PlainDate(l, day, time.UTC), time.UTC); !ok || !got.Equal(day) {
				t.Fatalf("%s in %s: %q is read as %s", day, l, PlainDate(l, day, time.UTC), got)
			}
		}
	}
	if got := PlainDate(Persian, time.Date(2026, 11, 6, 0, 0, 0, 0, time.UTC), time.UTC); got != "۱۴۰۵/۰۸/۱۵" {
		t.Errorf("in Persian %q", got)
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("۱۴۰۵/۰۸/۱۵")
	f.Fuzz(func(t *testing.T, s string) {
		day, ok := ParseDate(s, time.UTC)
		if again, same := ParseDate(PlainDate(Persian, day, time.UTC), time.UTC); ok && (!same || !again.Equal(day)) {
			t.Errorf("%q: %s, again %s", s, day, again)
		}
	})
}
