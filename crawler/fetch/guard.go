package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// guard keeps requests away from networks that are not public. It judges the
// address that is dialled, after the name was looked up, so neither a redirect
// nor a name that changes its address gets past it.
type guard struct {
	hosts map[string]bool // names that may have any address
	ips   *ssrf.Guardian
}

// allowed reads a list of host names, addresses and prefixes.
func allowed(list []string) (*guard, error) {
	g := &guard{hosts: map[string]bool{}}
	var v4, v6 []netip.Prefix
	for _, s := range list {
		p, err := prefix(s)
		switch {
		case err != nil && strings.ContainsAny(s, "/ :"):
			return nil, fmt.Errorf("%q is no host name, address or prefix", s)
		case err != nil:
			g.hosts[strings.ToLower(s)] = true
		case p.Addr().Is4():
			v4 = append(v4, p)
		default:
			v6 = append(v6, p)
		}
	}
	g.ips = ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	return g, nil
}

func prefix(s string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, nil
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Prefix{}, err
	}
	return a.Prefix(a.BitLen())
}

// dial connects to addr if its host may be any address, or its address is
// public or listed.
func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	if host, _, err := net.SplitHostPort(addr); err != nil || !g.hosts[strings.ToLower(host)] {
		d.Control = g.ips.Safe
	}
	return d.DialContext(ctx, network, addr)
}

// refuses judges what can be judged without a look-up: an address in the URL.
func (g *guard) refuses(u *url.URL) error {
	host := strings.ToLower(u.Hostname())
	if g.hosts[host] {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return nil
	}
	return g.ips.SafeAddr(ip)
}
