package fetch

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
)

// agentToken is our product token in robots.txt.
const agentToken = "feryat"

// rules is what one robots.txt says to us, by RFC 9309: the groups that name
// our token, joined, or else those for everybody; the longest matching path
// wins, and allow wins a tie.
type rules struct {
	lines    []rule
	delay    time.Duration // Crawl-delay, 0 if none
	sitemaps []string
}

type rule struct {
	allow bool
	path  string // escaped in one form; may hold * and end in $
}

// parseRobots reads any bytes. Lines that are none of a robots.txt are passed
// over, so an HTML page in its place forbids nothing.
func parseRobots(body []byte) *rules {
	own, all, named := &rules{}, &rules{}, false
	var sitemaps []string
	var targets []*rules // of the group being read
	inAgents := false
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	for line := range strings.FieldsFuncSeq(string(body), func(r rune) bool { return r == '\n' || r == '\r' }) {
		field, value, ok := robotsLine(line)
		switch {
		case !ok:
		case field == "sitemap":
			sitemaps = append(sitemaps, value)
		case field == "user-agent":
			if !inAgents {
				targets, inAgents = nil, true
			}
			if value == "*" {
				targets = append(targets, all)
			} else if namesUs(value) {
				targets, named = append(targets, own), true
			}
		default:
			inAgents = false
			for _, t := range targets {
				t.add(field, value)
			}
		}
	}
	if !named {
		own = all
	}
	own.sitemaps = sitemaps
	return own
}

// robotsLine splits "Field : value # comment"; ok only for fields we know.
func robotsLine(line string) (field, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	field, value, found := strings.Cut(line, ":")
	field = strings.ToLower(strings.TrimSpace(field))
	switch field {
	case "user-agent", "useragent", "allow", "disallow", "crawl-delay", "sitemap":
		if field == "useragent" {
			field = "user-agent"
		}
		return field, strings.TrimSpace(value), found
	}
	return "", "", false
}

// namesUs compares the product token: "Feryat/1.0" and "feryat" are us.
func namesUs(agent string) bool {
	token, _, _ := strings.Cut(agent, "/")
	token, _, _ = strings.Cut(token, " ")
	return strings.EqualFold(token, agentToken)
}

func (r *rules) add(field, value string) {
	switch field {
	case "allow", "disallow":
		if value != "" {
			r.lines = append(r.lines, rule{field == "allow", escapePath(value)})
		}
	case "crawl-delay":
		if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 && s < math.MaxInt32 {
			r.delay = max(r.delay, time.Duration(s*float64(time.Second)))
		}
	}
}

// allows judges a path with its query, as in url.URL.RequestURI.
func (r *rules) allows(uri string) bool {
	uri = escapePath(uri)
	best, allow := -1, true
	for _, l := range r.lines {
		if n := len(l.path); n >= best && matchPath(l.path, uri) {
			allow = l.allow || n == best && allow
			best = n
		}
	}
	return allow
}

// matchPath matches a rule's path against the start of uri. It takes time in
// proportion to the product of both lengths at worst, for robots.txt is
// foreign: after a star only the last one is ever retried.
func matchPath(pattern, uri string) bool {
	anchored := strings.HasSuffix(pattern, "$")
	if anchored {
		pattern = pattern[:len(pattern)-1]
	}
	p, u, star, mark := 0, 0, -1, 0
	for {
		switch {
		case p == len(pattern) && (!anchored || u == len(uri)):
			return true
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, u
			p++
		case p < len(pattern) && u < len(uri) && pattern[p] == uri[u]:
			p, u = p+1, u+1
		case star >= 0 && mark < len(uri):
			mark++
			p, u = star+1, mark
		default:
			return false
		}
	}
}

// escapePath writes bytes beyond ASCII and percent escapes in one form, so that
// a rule and a URL meet however each is spelled.
func escapePath(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c <= ' ' {
			const digits = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return tidyEscapes(b.String())
}
