package walk

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"feryat/mention"
)

// The reasons that a walk adds to those of fetch.
const (
	ReasonEmpty        = "empty"         // a page or source that lists no mention where it should
	ReasonShapeChanged = "shape_changed" // a page that listed several mentions lists none
	ReasonParse        = "parse"         // a page that does not parse

	ReasonTrap  = "trap"  // a URL of the kind that sites make without end
	ReasonDepth = "depth" // more than MaxDepth links from a start page
	ReasonPages = "pages" // MaxPages is used up
	ReasonScope = "scope" // a redirect that leads out of the scope
)

// barrenPages is how many pages of a chain in a row may bring nothing new
// before the chain is left.
const barrenPages = 2

// maxParams bounds the parameters of a query: filters that add up to ever new
// combinations have more.
const maxParams = 10

var (
	numbers = regexp.MustCompile(`\d+`)
	// pageSegment is a path segment that numbers pages, months or days; longer
	// numbers name things.
	pageSegment = regexp.MustCompile(`^(?:(?:page|sayfa|safhe)-?|p-|s-)?\d{1,4}$`)
)

// trapped says why a canonical URL looks like one of an endless many, or "".
func (c Config) trapped(canonical string) string {
	if len(canonical) > c.MaxURLLength {
		return fmt.Sprintf("URL of %d bytes", len(canonical))
	}
	u, err := url.Parse(canonical)
	if err != nil {
		return "does not parse"
	}
	if n := strings.Count(u.RawQuery, "&"); n >= maxParams {
		return fmt.Sprintf("query of %d parameters", n+1)
	}
	count := map[string]int{}
	for seg := range strings.SplitSeq(u.EscapedPath(), "/") {
		if seg == "" {
			continue
		}
		if count[seg]++; count[seg] > c.MaxSegmentRepeats {
			return fmt.Sprintf("path segment %q repeated", seg)
		}
	}
	return ""
}

// chainOf returns what the pages of one listing or calendar have in common:
// the URL with the numbers of its query and of numbered path segments blotted
// out; "" for a URL without any.
func chainOf(canonical string) string {
	path, query, _ := strings.Cut(canonical, "?")
	segs := strings.Split(path, "/")
	for i := 3; i < len(segs); i++ { // after scheme, empty, host
		if pageSegment.MatchString(segs[i]) {
			segs[i] = "#"
		}
	}
	chain := strings.Join(segs, "/") + "?" + numbers.ReplaceAllString(query, "#")
	if chain == canonical || chain == canonical+"?" {
		return ""
	}
	return chain
}

// chains remembers what the chains of a walk have listed, to tell a page that
// repeats the one before from one that leads on.
type chains struct {
	listed map[string]map[mention.ID]bool // by chain
}

// barren notes the mentions of a page and reports whether it brings its chain
// nothing new: no mention that the chain has not shown, and, where it has no
// mentions at all, no link out of the chain that was not known.
func (c *chains) barren(chain string, ids []mention.ID, newLinks bool) bool {
	if chain == "" {
		return false
	}
	known := c.listed[chain]
	if known == nil {
		known = map[mention.ID]bool{}
		c.listed[chain] = known
	}
	before := len(known)
	for _, id := range ids {
		known[id] = true
	}
	if len(ids) == 0 {
		return !newLinks
	}
	return len(known) == before
}

// silent holds for the schemes of links that no crawler is meant to follow.
func silent(link string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(link), ":")
	switch scheme {
	case "mailto", "tel", "sms", "javascript", "data", "blob", "about", "whatsapp", "tg", "viber", "fb-messenger",
		"skype", "geo", "maps", "intent", "android-app", "ios-app", "market", "itms-apps", "webcal", "magnet", "callto", "fax":
		return true
	}
	return false
}
