package fetch

import (
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                                0,
		"0":                               0,
		"120":                             2 * time.Minute,
		" 5 ":                             5 * time.Second,
		"-5":                              0,
		"1.5":                             0,
		"99999999999999999999":            24 * time.Hour,
		"soon":                            0,
		"Sun, 22 Nov 2026 10:01:00 GMT":   time.Minute,
		"Sunday, 22-Nov-26 10:01:00 GMT":  time.Minute,
		"Sun Nov 22 10:01:00 2026":        time.Minute,
		"Sun, 22 Nov 2026 09:00:00 GMT":   0,
		"Sun, 22 Nov 2099 10:01:00 GMT":   24 * time.Hour,
		"Sun, 22 Nov 2026 10:01:00 +0300": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", value, got, want)
		}
	}
}

// FuzzRetryAfter: a pause is never negative nor longer than a day, and seconds
// mean the same at any time.
func FuzzRetryAfter(f *testing.F) {
	f.Add("120", int64(0))
	f.Add("Sun, 22 Nov 2026 10:01:00 GMT", int64(1_700_000_000))
	f.Fuzz(func(t *testing.T, value string, unix int64) {
		now := time.Unix(unix%(1<<40), 0)
		got := retryAfter(value, now)
		if got < 0 || got > longestPause {
			t.Errorf("retryAfter(%q) = %v", value, got)
		}
		if digits(value) && got != retryAfter(value, now.Add(time.Hour)) {
			t.Errorf("%q depends on the time", value)
		}
	})
}
