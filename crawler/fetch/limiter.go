package fetch

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/time/rate"
)

const (
	// perAddress is how many times the rate of a domain one address may be
	// asked: several sites often share a server, or a network in front of it.
	perAddress = 4
	// slowest is the part of the rate below which trouble does not push it.
	slowest = 1.0 / 32
	// maxSites bounds the sites that are kept in memory.
	maxSites = 10_000
	// lookupTTL is how long an address is believed for counting requests.
	lookupTTL = time.Minute
)

// limiter keeps requests to a rate and a number at once per registrable domain,
// and to a rate per address.
type limiter struct {
	perSecond float64
	atOnce    int
	maxPause  time.Duration
	lookup    func(ctx context.Context, host string) ([]netip.Addr, error)

	mu    sync.Mutex
	sites map[string]*site
	addrs map[string]address
}

// site is what is known of one domain or address. rate falls by half on 429
// and 503 and climbs back by tenths (additive increase, multiplicative decrease).
type site struct {
	slots chan struct{}
	rate  *rate.Limiter

	mu    sync.Mutex
	base  float64   // requests a second when all is well
	until time.Time // no request before
}

type address struct {
	ip      string
	expires time.Time
}

func newLimiter(cfg Config) *limiter {
	lookup := func(ctx context.Context, host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	return &limiter{perSecond: cfg.RequestsPerSecond, atOnce: cfg.Concurrency, maxPause: cfg.MaxRetryAfter,
		lookup: lookup, sites: map[string]*site{}, addrs: map[string]address{}}
}

// domain returns the registrable domain of a host, or the host where it has none.
func domain(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// SameSite reports whether two URLs belong to one registrable domain, such as
// shop.example and www.shop.example.
func SameSite(a, b string) bool {
	x, err := wire(a)
	if err != nil {
		return false
	}
	y, err := wire(b)
	return err == nil && domain(x.Hostname()) == domain(y.Hostname())
}

func (l *limiter) site(key string, perSecond float64) *site {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.sites[key]; ok {
		return s
	}
	if len(l.sites) >= maxSites {
		l.prune()
	}
	s := &site{slots: make(chan struct{}, l.atOnce), rate: rate.NewLimiter(rate.Limit(perSecond), 1), base: perSecond}
	l.sites[key] = s
	return s
}

// prune forgets sites that are idle and owe no pause.
func (l *limiter) prune() {
	now := time.Now()
	for key, s := range l.sites {
		if len(s.slots) == 0 && s.pause(now) <= 0 && s.rate.TokensAt(now) >= 1 {
			delete(l.sites, key)
		}
	}
}

// host returns the site that a host belongs to.
func (l *limiter) host(host string) *site { return l.site("domain "+domain(host), l.perSecond) }

// acquire waits until a request to host may start. The caller calls release
// when its answer is read. A pause longer than is waited for is an *Error.
func (l *limiter) acquire(ctx context.Context, host string) (release func(), err error) {
	s := l.host(host)
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	release = func() { <-s.slots }
	if err = l.wait(ctx, s, host); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func (l *limiter) wait(ctx context.Context, s *site, host string) error {
	for {
		pause := s.pause(time.Now())
		if pause > l.maxPause {
			return &Error{Reason: ReasonHostPaused, RetryAfter: pause, Detail: "the site asked for a pause of " + pause.Round(time.Second).String()}
		}
		if pause <= 0 {
			break
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
	if err := s.rate.Wait(ctx); err != nil {
		return ctxError(ctx, err)
	}
	if ip := l.address(ctx, host); ip != "" {
		return ctxError(ctx, l.site("address "+ip, l.perSecond*perAddress).rate.Wait(ctx))
	}
	return nil
}

// address returns one address of host, the same for a minute, or "" when the
// look-up fails: then the connection will say why.
func (l *limiter) address(ctx context.Context, host string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.String()
	}
	now := time.Now()
	l.mu.Lock()
	a, ok := l.addrs[host]
	l.mu.Unlock()
	if ok && now.Before(a.expires) {
		return a.ip
	}
	ips, err := l.lookup(ctx, host)
	if err != nil || len(ips) == 0 {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.addrs) >= maxSites {
		clear(l.addrs)
	}
	l.addrs[host] = address{ips[0].String(), now.Add(lookupTTL)}
	return ips[0].String()
}

func (s *site) pause(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until.Sub(now)
}

// slow halves the rate, and pauses the site for as long as it asked.
func (s *site) slow(pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate.SetLimit(rate.Limit(max(float64(s.rate.Limit())/2, s.base*slowest)))
	if until := time.Now().Add(pause); pause > 0 && until.After(s.until) {
		s.until = until
	}
}

// well takes the rate a tenth of the way back up.
func (s *site) well() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := float64(s.rate.Limit()); now < s.base {
		s.rate.SetLimit(rate.Limit(min(s.base, now+s.base/10)))
	}
}

// delay makes the site's Crawl-delay its least distance between requests.
func (s *site) delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if perSecond := 1 / d.Seconds(); d > 0 && perSecond < s.base {
		s.base = perSecond
		s.rate.SetLimit(min(s.rate.Limit(), rate.Limit(perSecond)))
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ctxError prefers the context's own error to one that foretells it: a limiter
// refuses to wait past a deadline.
func ctxError(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil {
		if _, ok := ctx.Deadline(); ok {
			return context.DeadlineExceeded
		}
	}
	return err
}
