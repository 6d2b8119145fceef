package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

const (
	// maxRobots is how much of a robots.txt is read; RFC 9309 asks for no less.
	maxRobots = 500 << 10
	// robotsRetry is how long a robots.txt that could not be had forbids all.
	robotsRetry = 5 * time.Minute
	// robotsRedirects is how many redirects RFC 9309 asks to be followed.
	robotsRedirects = 5
	// robotsPath cannot be forbidden.
	robotsPath = "/robots.txt"
)

// robotsCache holds the robots.txt of each site, fetched by one caller while
// the others wait.
type robotsCache struct {
	mu    sync.Mutex
	sites map[string]*robotsEntry // by scheme, host and port
}

type robotsEntry struct {
	ready   chan struct{} // closed when the rest is set
	rules   *rules
	err     error // forbids all
	expires time.Time
}

// robots returns the rules of u's site, or the *Error for which nothing of it
// may be fetched.
func (c *Client) robots(ctx context.Context, u *url.URL) (*rules, error) {
	origin := u.Scheme + "://" + u.Host
	for {
		e, mine := c.rules.entry(origin)
		if mine {
			c.fillRobots(ctx, e, origin)
		}
		select {
		case <-e.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if e.err == nil || ctx.Err() != nil || !isContext(e.err) {
			return e.rules, e.err
		}
		c.rules.drop(origin, e) // the caller that fetched it gave up: our turn
	}
}

func isContext(err error) bool {
	var fe *Error
	return !errors.As(err, &fe)
}

// entry returns the entry of origin; mine says that the caller must fill it.
func (r *robotsCache) entry(origin string) (e *robotsEntry, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if e, ok := r.sites[origin]; ok && !e.stale(now) {
		return e, false
	}
	if len(r.sites) >= maxSites {
		for key, e := range r.sites {
			if e.stale(now) || len(r.sites) >= maxSites {
				delete(r.sites, key)
			}
		}
	}
	e = &robotsEntry{ready: make(chan struct{})}
	r.sites[origin] = e
	return e, true
}

func (r *robotsCache) drop(origin string, e *robotsEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sites[origin] == e {
		delete(r.sites, origin)
	}
}

func (e *robotsEntry) stale(now time.Time) bool {
	select {
	case <-e.ready:
		return now.After(e.expires)
	default:
		return false
	}
}

func (c *Client) fillRobots(ctx context.Context, e *robotsEntry, origin string) {
	defer close(e.ready)
	e.rules, e.err = c.fetchRobots(ctx, origin)
	e.expires = time.Now().Add(c.cfg.RobotsTTL)
	if e.err != nil {
		e.expires = time.Now().Add(robotsRetry)
		return
	}
	if d := min(e.rules.delay, c.cfg.MaxCrawlDelay); d > 0 {
		if u, err := url.Parse(origin); err == nil {
			c.sites.host(u.Hostname()).delay(d)
		}
	}
}

// fetchRobots follows redirects wherever they lead: the rules are those of the
// site that was asked. 4xx means that there are none; 429, 5xx and no answer,
// that nothing may be fetched (RFC 9309 section 2.3.1).
func (c *Client) fetchRobots(ctx context.Context, origin string) (*rules, error) {
	at := origin + robotsPath
	for range robotsRedirects + 1 {
		u, err := wire(at)
		if err != nil {
			return nil, err
		}
		a, err := c.hop(ctx, hopRequest{url: u, accept: "text/plain, */*;q=0.1", robots: true})
		var fe *Error
		switch {
		case err == nil && a.location == "":
			return parseRobots(a.body[:min(len(a.body), maxRobots)]), nil
		case err == nil:
			at = a.location
		case !errors.As(err, &fe):
			return nil, err
		case fe.Status >= 400 && fe.Status < 500 && fe.Status != http.StatusTooManyRequests,
			fe.Reason == ReasonContentType:
			return &rules{}, nil
		default:
			return nil, robotsError(fe)
		}
	}
	return &rules{}, nil // more redirects: as if there were none
}

// robotsError keeps the reasons that hold for the whole site whatever is asked
// of it, and turns the others into one of their own.
func robotsError(fe *Error) *Error {
	e := *fe
	if !slices.Contains([]string{ReasonPrivateNetwork, ReasonDNS, ReasonTLS, ReasonHostPaused, ReasonScheme, ReasonInvalidURL, ReasonCredentials}, fe.Reason) {
		e.Reason, e.Detail = ReasonRobotsFailed, "robots.txt: "+fe.Reason
		if fe.Detail != "" {
			e.Detail += ": " + fe.Detail
		}
	}
	return &e
}

// obey returns the *Error of a URL that robots.txt forbids.
func (c *Client) obey(ctx context.Context, u *url.URL) error {
	r, err := c.robots(ctx, u)
	var fe *Error
	if errors.As(err, &fe) {
		e := *fe
		e.URL = u.String()
		return &e
	}
	if err != nil {
		return err
	}
	if u.Path != robotsPath && !r.allows(u.RequestURI()) {
		return &Error{URL: u.String(), Reason: ReasonRobots, Detail: "forbidden by " + u.Scheme + "://" + u.Host + robotsPath}
	}
	return nil
}
