package fetch

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// longestWait bounds the wait between two attempts that no Retry-After sets.
const longestWait = time.Minute

// hopRequest asks for one URL, whose redirects are not followed.
type hopRequest struct {
	url                *url.URL
	accept, referer    string
	etag, lastModified string
	header             http.Header
	robots             bool // is robots.txt itself: what is beyond its bound does not count
}

// answer is what one URL answered: a redirect, 304, or a whole body.
type answer struct {
	status       int
	header       http.Header
	location     string // absolute, of a redirect
	body         []byte
	contentType  string
	charset      string
	bytes        int64
	attempts     int
	memo         bool
	etag         string
	lastModified string
}

func (a *answer) response(u *url.URL) *Response {
	return &Response{URL: u.String(), Status: a.status, Header: a.header, Body: a.body, ContentType: a.contentType,
		Charset: a.charset, ETag: a.etag, LastModified: a.lastModified, Bytes: a.bytes, Memo: a.memo,
		NotModified: a.status == http.StatusNotModified}
}

// hop asks until there is an answer, the trouble is lasting, or the attempts
// are used up. The answer is never nil: its attempts count even with an error.
func (c *Client) hop(ctx context.Context, h hopRequest) (*answer, error) {
	wait := &backoff.ExponentialBackOff{InitialInterval: c.cfg.RetryWait, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: longestWait}
	wait.Reset()
	for attempt := 1; ; attempt++ {
		a, err := c.attempt(ctx, h)
		if a == nil {
			a = &answer{}
		}
		a.attempts = attempt
		var fe *Error
		if err == nil || !errors.As(err, &fe) {
			return a, err
		}
		fe.URL = h.url.String()
		if !fe.retriable() || attempt == c.cfg.Attempts {
			return a, fe
		}
		c.log.Debug("trying again", "url", fe.URL, "reason", fe.Reason, "attempt", attempt)
		if err := sleep(ctx, max(wait.NextBackOff(), min(fe.RetryAfter, c.cfg.MaxRetryAfter))); err != nil {
			return a, err
		}
	}
}

// attempt asks once, in its turn. Its own time-out starts when its turn comes.
func (c *Client) attempt(ctx context.Context, h hopRequest) (*answer, error) {
	release, err := c.sites.acquire(ctx, h.url.Hostname())
	if err != nil {
		return nil, err
	}
	defer release()
	timed, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	req, err := c.request(timed, h)
	if err != nil {
		return nil, &Error{Reason: ReasonInvalidURL, Detail: err.Error()}
	}
	resp, err := c.http.RoundTrip(req)
	if ctx.Err() != nil {
		drop(resp)
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &Error{Reason: transportReason(err), Detail: err.Error(), Err: err}
	}
	defer drop(resp)
	a, err := c.read(resp, h)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return a, err
}

func drop(resp *http.Response) {
	if resp != nil {
		_ = resp.Body.Close()
	}
}

func (c *Client) request(ctx context.Context, h hopRequest) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url.String(), nil)
	if err != nil {
		return nil, err
	}
	for key, values := range h.header {
		req.Header[http.CanonicalHeaderKey(key)] = values
	}
	set := func(key, value string) {
		if value != "" {
			req.Header.Set(key, value)
		}
	}
	if h.accept == "" {
		h.accept = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.5"
	}
	set("User-Agent", c.agent)
	set("Accept", h.accept)
	set("Accept-Language", "tr,fa;q=0.9,en;q=0.8")
	set("Accept-Encoding", "gzip, br, deflate")
	set("Referer", h.referer)
	set("If-None-Match", h.etag)
	set("If-Modified-Since", h.lastModified)
	return req, nil
}

// read turns an answer's head and body into what it means.
func (c *Client) read(resp *http.Response, h hopRequest) (*answer, error) {
	site := c.sites.host(h.url.Hostname())
	a := &answer{status: resp.StatusCode, header: resp.Header, etag: resp.Header.Get("ETag"), lastModified: resp.Header.Get("Last-Modified")}
	location := resp.Header.Get("Location")
	switch {
	case a.status >= 200 && a.status < 300:
		site.well()
		return a, c.readText(a, resp, h)
	case a.status == http.StatusNotModified && (h.etag != "" || h.lastModified != ""):
		site.well()
		return a, nil
	case a.status > 300 && a.status < 400 && location != "" && a.status != http.StatusNotModified:
		site.well()
		to, err := Resolve(h.url.String(), location)
		if err != nil {
			return a, &Error{Reason: ReasonInvalidURL, Status: a.status, Detail: "redirect to " + shown(location)}
		}
		a.location = to
		return a, nil
	}
	return a, c.readTrouble(resp, site)
}

// readTrouble makes an error of a status, and slows down where it asks for that.
func (c *Client) readTrouble(resp *http.Response, site *site) error {
	e := &Error{Reason: statusReason(resp.StatusCode), Status: resp.StatusCode, Detail: http.StatusText(resp.StatusCode)}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
		site.slow(e.RetryAfter)
	}
	if resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusServiceUnavailable {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxMarks), resp.Body}
		body, err := readBody(resp, maxMarks, maxMarks)
		if reason := Challenge(body); err == nil && reason != "" {
			e.Reason = reason
		}
	}
	return e
}

func (c *Client) readText(a *answer, resp *http.Response, h hopRequest) error {
	header := resp.Header.Get("Content-Type")
	a.contentType, _, _ = mime.ParseMediaType(header)
	if notText(a.contentType) {
		return &Error{Reason: ReasonContentType, Status: a.status, Detail: a.contentType}
	}
	maxWire, maxBody := c.cfg.MaxWire, c.cfg.MaxBody
	if h.robots {
		maxWire, maxBody = maxRobots, maxRobots
	} else if resp.ContentLength > maxWire {
		return &Error{Reason: ReasonTooLarge, Status: a.status, Detail: errWire.Error()}
	}
	raw, err := readBody(resp, maxWire, maxBody)
	if err != nil && (!h.robots || bodyReason(err) != ReasonTooLarge) {
		return &Error{Reason: bodyReason(err), Status: a.status, Detail: err.Error(), Err: err}
	}
	if a.contentType == "" {
		a.contentType, _, _ = mime.ParseMediaType(http.DetectContentType(raw))
		if notText(a.contentType) {
			return &Error{Reason: ReasonContentType, Status: a.status, Detail: a.contentType}
		}
	}
	a.bytes = int64(len(raw))
	a.body, a.charset = toUTF8(raw, header)
	return nil
}

// notText tells the media types that hold no mentions. Unknown ones pass, and
// so does gzip, which sitemaps are packed with.
func notText(media string) bool {
	kind, sub, _ := strings.Cut(media, "/")
	switch kind {
	case "image", "video", "audio", "font", "model":
		return sub != "svg+xml"
	case "application":
		switch sub {
		case "pdf", "zip", "x-zip-compressed", "vnd.rar", "x-7z-compressed", "x-tar", "msword", "vnd.android.package-archive",
			"java-archive", "x-msdownload", "x-shockwave-flash", "wasm":
			return true
		}
		return strings.HasPrefix(sub, "vnd.openxmlformats") || strings.HasPrefix(sub, "vnd.ms-")
	}
	return false
}
