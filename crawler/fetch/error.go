package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"code.dny.dev/ssrf"

	"feryat/mention"
)

// The reasons of an Error, which become those of a mention.Visit.
const (
	ReasonAlreadyFetched = "already_fetched"    // another source had it this run, and its body is no longer kept
	ReasonChallenge      = "challenge"          // a captcha or a bot check instead of the page
	ReasonConnection     = "connection"         // refused, reset, broken off before the headers
	ReasonContentType    = "content_type"       // a picture, a film, an archive: no text
	ReasonCredentials    = "credentials"        // user name or password within the URL
	ReasonDNS            = "dns"                // no such host
	ReasonEncoding       = "encoding"           // body does not unpack, or in a coding we did not ask for
	ReasonForbidden      = "forbidden"          // 401, 403, 407, 451
	ReasonGone           = "gone"               // 410
	ReasonHostPaused     = "host_paused"        // the site asked for a pause longer than we wait
	ReasonHTTP           = "http_error"         // any other status
	ReasonInvalidURL     = "invalid_url"        //
	ReasonLogin          = "login"              // a log-in form instead of the page
	ReasonNotFound       = "not_found"          // 404
	ReasonPrivateNetwork = "private_network"    // an address that is not public, and not listed
	ReasonRateLimited    = "rate_limited"       // 429
	ReasonRedirectLoop   = "redirect_loop"      // a redirect back, or too many of them
	ReasonRobots         = "robots"             // forbidden by robots.txt
	ReasonRobotsFailed   = "robots_unreachable" // robots.txt answered 5xx or not at all: nothing may be fetched
	ReasonScheme         = "scheme"             // neither http nor https
	ReasonServer         = "server_error"       // 5xx
	ReasonTimeout        = "timeout"            //
	ReasonTLS            = "tls"                // certificate expired, of another host, …
	ReasonTooLarge       = "too_large"          // over the cap on the wire, unpacked, or in ratio
	ReasonTooSlow        = "too_slow"           // fewer bytes a second than the least rate
	ReasonTruncated      = "truncated"          // the connection ended before the body did
)

// Error says why a page could not be had.
type Error struct {
	URL        string        // of the hop that failed
	Reason     string        // one of the Reason constants
	Detail     string        // one line for a person, without secrets
	Status     int           // 0 when there was no answer
	RetryAfter time.Duration // what the site asked for; 0 when it did not
	Bytes      int64
	At         time.Time
	Took       time.Duration
	Attempts   int
	Err        error // the cause; may be nil
}

// Error says what was fetched and why it failed.
func (e *Error) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("fetch %s: %s", e.URL, e.Reason)
	}
	return fmt.Sprintf("fetch %s: %s: %s", e.URL, e.Reason, e.Detail)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Outcome says whether we refused, the page failed, or it was there without
// being what it should.
func (e *Error) Outcome() mention.Outcome {
	switch e.Reason {
	case ReasonRobots, ReasonRobotsFailed, ReasonPrivateNetwork, ReasonScheme, ReasonCredentials,
		ReasonInvalidURL, ReasonAlreadyFetched, ReasonHostPaused, ReasonTooLarge, ReasonContentType, ReasonRedirectLoop:
		return mention.OutcomeRefused
	case ReasonChallenge, ReasonLogin:
		return mention.OutcomeSoftFail
	}
	return mention.OutcomeFailed
}

// Temporary reports whether the same request may well succeed later.
func (e *Error) Temporary() bool {
	return e.retriable() || slices.Contains([]string{ReasonTooSlow, ReasonEncoding, ReasonRobotsFailed, ReasonHostPaused}, e.Reason)
}

// retriable reports whether trying again at once, after a wait, makes sense.
func (e *Error) retriable() bool {
	switch e.Reason {
	case ReasonServer, ReasonRateLimited, ReasonTimeout, ReasonConnection, ReasonTruncated, ReasonDNS:
		return true
	}
	return false
}

// statusReason names the statuses that are neither 2xx nor redirects.
func statusReason(status int) string {
	switch {
	case status == http.StatusNotFound:
		return ReasonNotFound
	case status == http.StatusGone:
		return ReasonGone
	case status == http.StatusTooManyRequests:
		return ReasonRateLimited
	case status == http.StatusRequestTimeout:
		return ReasonTimeout
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusProxyAuthRequired, status == http.StatusUnavailableForLegalReasons:
		return ReasonForbidden
	case status >= 500:
		return ReasonServer
	}
	return ReasonHTTP
}

// transportReason names what went wrong before there was an answer.
func transportReason(err error) string {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return ReasonPrivateNetwork
	case errors.As(err, &dns):
		return ReasonDNS
	case isTLS(err):
		return ReasonTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ReasonTimeout
	}
	return ReasonConnection
}

func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}
