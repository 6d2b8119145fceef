package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestPause bounds what a Retry-After can ask for.
const longestPause = 24 * time.Hour

// retryAfter reads a Retry-After header: seconds or an HTTP date (RFC 9110
// section 10.2.3). What does not parse or lies in the past is 0.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if digits(value) {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n > int64(longestPause/time.Second) {
			return longestPause
		}
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(longestPause, max(0, at.Sub(now)))
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
