package fetch

import (
	"io"
	"net/http"
	"time"
)

// API returns a transport for sources that speak to an API with the user's own
// keys, through a library of their own. It keeps the rate, the guard against
// private networks, the User-Agent and the bound of a body; robots.txt, which
// speaks to crawlers of pages, retries and the run's memo take no part.
func (c *Client) API() http.RoundTripper { return api{c} }

type api struct{ c *Client }

// RoundTrip waits for its turn and sends the request.
func (a api) RoundTrip(req *http.Request) (*http.Response, error) {
	release, err := a.c.sites.acquire(req.Context(), req.URL.Hostname())
	if err != nil {
		return nil, err
	}
	defer release()
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", a.c.agent)
	resp, err := a.c.http.RoundTrip(req)
	if err != nil {
		return nil, &Error{URL: req.URL.Scheme + "://" + req.URL.Host + req.URL.Path, Reason: transportReason(err), Err: err}
	}
	site := a.c.sites.host(req.URL.Hostname())
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		site.slow(retryAfter(resp.Header.Get("Retry-After"), time.Now()))
	} else {
		site.well()
	}
	resp.Body = &bounded{ReadCloser: resp.Body, left: a.c.cfg.MaxBody}
	return resp, nil
}

// bounded fails a body that is longer than it may be.
type bounded struct {
	io.ReadCloser
	left int64
}

// Read reads on until the bound.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errBody
	}
	return n, err
}
