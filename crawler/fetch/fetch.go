// Package fetch is the one polite HTTP client of the crawler: it obeys
// robots.txt, keeps to a rate per site, honours Retry-After, asks conditionally,
// bounds what it reads, refuses private networks, and hands out valid UTF-8.
package fetch

import (
	"net/http"
	"time"
)

// Request asks for one page. Only URL is needed.
type Request struct {
	URL     string
	Referer string
	// ETag and LastModified are the validators of an earlier Response; with one
	// of them set, Response.NotModified may be true.
	ETag         string
	LastModified string
	Accept       string // defaults to HTML and feeds
	// Header is sent besides; it does not travel to another host on a redirect.
	Header http.Header
}

// Response is a whole answer with status 2xx or 304. A page that came in part,
// or was too large, is an *Error instead: half a page never looks like one.
type Response struct {
	URL          string // final, after redirects, without fragment
	Status       int
	Header       http.Header
	Body         []byte // decoded to valid UTF-8; shared with other callers, do not change; nil when NotModified
	ContentType  string // media type without parameters, lower case
	Charset      string // what Body was decoded from, lower case
	ETag         string
	LastModified string
	NotModified  bool          // what the validators stand for is still true
	Memo         bool          // answered from the run's memo: no request was made
	Bytes        int64         // decoded, before conversion to UTF-8
	At           time.Time     // start of the first attempt
	Took         time.Duration // all attempts, redirects and waits
	Attempts     int           // 1 when the first try succeeded
}
