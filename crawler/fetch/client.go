package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Client is safe for use by many goroutines.
type Client struct {
	cfg   Config
	log   *slog.Logger
	agent string
	guard *guard
	sites *limiter
	rules *robotsCache
	http  http.RoundTripper
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
}

// New checks cfg and returns a client that has not done anything yet.
func New(cfg Config, log *slog.Logger) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	g, err := allowed(cfg.AllowPrivate)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	c := &Client{cfg: cfg, log: log, agent: userAgent(cfg), guard: g, sites: newLimiter(cfg),
		rules: &robotsCache{sites: map[string]*robotsEntry{}}, dial: g.dial}
	c.http = &http.Transport{
		// no proxy from the environment: the guard must see the address itself
		DialContext:            func(ctx context.Context, n, a string) (net.Conn, error) { return c.dial(ctx, n, a) },
		DisableCompression:     true, // unpacked here, within bounds
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    cfg.Concurrency,
		MaxResponseHeaderBytes: 256 << 10,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
	}
	return c, nil
}

// Close lets go of idle connections. The client may be used again.
func (c *Client) Close() { c.http.(*http.Transport).CloseIdleConnections() }

// userAgent names us the way sites expect of a robot.
func userAgent(cfg Config) string {
	if cfg.Contact == "" {
		return "feryat/" + cfg.Version
	}
	return fmt.Sprintf("feryat/%s (+%s)", cfg.Version, cfg.Contact)
}

// Get fetches one page. The error is an *Error, save when ctx ended.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	start := time.Now()
	resp, attempts, err := c.follow(ctx, r)
	var fe *Error
	if errors.As(err, &fe) {
		e := *fe
		e.At, e.Took, e.Attempts = start, time.Since(start), max(attempts, 1)
		if e.URL == "" {
			e.URL = shown(r.URL)
		}
		return nil, &e
	}
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", shown(r.URL), err)
	}
	resp.At, resp.Took, resp.Attempts = start, time.Since(start), max(attempts, 1)
	return resp, nil
}

// follow goes from redirect to redirect; each is checked as if it had been asked for.
func (c *Client) follow(ctx context.Context, r Request) (resp *Response, attempts int, err error) {
	u, err := wire(r.URL)
	if err != nil {
		return nil, 0, err
	}
	first, seen := u, map[string]bool{}
	for range c.cfg.MaxRedirects + 1 {
		if seen[u.String()] {
			return nil, attempts, &Error{URL: u.String(), Reason: ReasonRedirectLoop, Detail: "redirected back to a page it came from"}
		}
		seen[u.String()] = true
		a, err := c.step(ctx, hopOf(r, u, first))
		if a != nil {
			attempts = max(attempts, a.attempts)
		}
		if err != nil {
			return nil, attempts, err
		}
		if a.location == "" {
			return a.response(u), attempts, nil
		}
		if u, err = wire(a.location); err != nil {
			return nil, attempts, err
		}
	}
	return nil, attempts, &Error{URL: u.String(), Reason: ReasonRedirectLoop, Detail: fmt.Sprintf("more than %d redirects", c.cfg.MaxRedirects)}
}

// step asks for one URL, through the run's memo if there is a run.
func (c *Client) step(ctx context.Context, h hopRequest) (*answer, error) {
	if err := c.guard.refuses(h.url); err != nil {
		return nil, &Error{URL: h.url.String(), Reason: ReasonPrivateNetwork, Detail: err.Error()}
	}
	if err := c.obey(ctx, h.url); err != nil {
		return nil, err
	}
	if run := runOf(ctx); run != nil {
		return run.once(ctx, h, func(h hopRequest) (*answer, error) { return c.hop(ctx, h) })
	}
	return c.hop(ctx, h)
}

// hopOf narrows a request to one hop of its redirects: what is meant for the
// first host does not reach another, and validators belong to the first URL.
func hopOf(r Request, u, first *url.URL) hopRequest {
	h := hopRequest{url: u, accept: r.Accept}
	if u.Host == first.Host && u.Scheme == first.Scheme {
		h.header, h.referer = r.Header, r.Referer
	}
	if u == first {
		h.etag, h.lastModified = r.ETag, r.LastModified
	}
	return h
}

// Refuses says why a URL would be refused without asking anybody: its scheme, a
// password in it, an address that is not public. It returns "" for all others.
func (c *Client) Refuses(raw string) (reason string) {
	u, err := wire(raw)
	var fe *Error
	if errors.As(err, &fe) {
		return fe.Reason
	}
	if c.guard.refuses(u) != nil {
		return ReasonPrivateNetwork
	}
	return ""
}

// Sitemaps returns the Sitemap lines of the robots.txt of site's host, or none
// when it could not be had.
func (c *Client) Sitemaps(ctx context.Context, site string) []string {
	u, err := wire(site)
	if err != nil || c.guard.refuses(u) != nil {
		return nil
	}
	r, err := c.robots(ctx, u)
	if err != nil {
		return nil
	}
	return r.sitemaps
}
