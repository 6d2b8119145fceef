package recipe

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"go.yaml.in/yaml/v3"
	"golang.org/x/net/html"

	"feryat/crawler/htmltext"
)

// Field says where one value stands. In YAML it is one of
//
//	author: a.username                    # text of the first match
//	key: "@id"                            # attribute of the item itself
//	written: time.posted@datetime         # attribute of the first match
//	key: {select: "@id", match: 'p(\d+)'} # with a capture and transforms
//	author: [a.username, span.guest]      # the first that gives something
type Field struct {
	Select    string   `yaml:"select"`    // CSS selector, then "@attribute" for an attribute; empty: the item itself
	From      string   `yaml:"from"`      // where to look: item (default), page, url (the page's address)
	Last      bool     `yaml:"last"`      // take the last match instead of the first
	Count     bool     `yaml:"count"`     // the value is the number of matches, for stars drawn as pictures; none: no value
	Const     string   `yaml:"const"`     // a fixed value
	Match     string   `yaml:"match"`     // regular expression (RE2): its first group, or all of it; no match: no value
	Transform []string `yaml:"transform"` // in this order: digits, lower, space
	Any       []Field  `yaml:"any"`       // the first of these that gives something
	All       []Field  `yaml:"all"`       // all of these joined by Sep; nothing if one gives nothing
	Sep       string   `yaml:"sep"`       // between the values of All

	line  int
	css   string // Select without its attribute
	attr  string
	found goquery.Matcher
	match *regexp.Regexp
}

// transforms lists what Field.Transform may name.
func transforms() map[string]func(string) string {
	return map[string]func(string) string{
		"digits": asciiDigits, // Persian and Arabic digits to 0-9
		"lower":  strings.ToLower,
		"space":  func(s string) string { return strings.Join(strings.Fields(s), " ") },
	}
}

// UnmarshalYAML reads the short forms as well as the long one.
func (f *Field) UnmarshalYAML(n *yaml.Node) error {
	type plain Field
	var p plain
	switch n.Kind {
	case yaml.ScalarNode:
		p.Select = n.Value
	case yaml.SequenceNode:
		if err := n.Decode(&p.Any); err != nil {
			return err
		}
	default:
		if err := n.Decode(&p); err != nil {
			return err
		}
	}
	*f = Field(p)
	f.line = n.Line
	return nil
}

// set reports whether the recipe fills this field at all.
func (f *Field) set() bool {
	return f.Select != "" || f.Match != "" || f.From != "" || f.Const != "" || f.Count || len(f.Any) > 0 || len(f.All) > 0
}

// compile checks the field and tells every mistake with its line.
func (f *Field) compile(report func(line int, format string, args ...any)) {
	f.css, f.attr = splitAttr(f.Select)
	if f.css != "" {
		group, err := cascadia.Compile(f.css)
		if err != nil {
			report(f.line, "selector %q: %v", f.css, err)
			return
		}
		f.found = group
	}
	if f.Match != "" {
		re, err := regexp.Compile(f.Match)
		if err != nil {
			report(f.line, "match %q: %v", f.Match, err)
			return
		}
		f.match = re
	}
	if !slices.Contains([]string{"", "item", "page", "url"}, f.From) {
		report(f.line, "from %q: must be item, page or url", f.From)
	}
	for _, name := range f.Transform {
		if transforms()[name] == nil {
			report(f.line, "transform %q: must be digits, lower or space", name)
		}
	}
	for i := range f.Any {
		f.Any[i].compile(report)
	}
	for i := range f.All {
		f.All[i].compile(report)
	}
}

// splitAttr parts "a.x@href" at the last "@" outside brackets and quotes.
func splitAttr(s string) (css, attr string) {
	depth, quote, at := 0, rune(0), -1
	for i, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '[' || r == '(':
			depth++
		case r == ']' || r == ')':
			depth--
		case r == '@' && depth == 0:
			at = i
		}
	}
	if at < 0 {
		return strings.TrimSpace(s), ""
	}
	return strings.TrimSpace(s[:at]), strings.TrimSpace(s[at+1:])
}

// scope is where fields are looked up: one item of one page.
type scope struct {
	url  string
	page *goquery.Selection
	item *goquery.Selection
	mine func(*html.Node) bool // false for nodes of an item nested in this one; may be nil
	memo map[*Field]string     // of fields that are the same for all items of the page
}

// value is what the field gives in s, trimmed; empty when nothing matches.
func (f *Field) value(s scope) string {
	switch {
	case !f.set():
		return ""
	case len(f.Any) > 0:
		for i := range f.Any {
			if v := f.Any[i].value(s); v != "" {
				return v
			}
		}
		return ""
	case len(f.All) > 0:
		return f.joined(s)
	case f.Const != "":
		return f.Const
	case f.From == "url":
		return f.shape(s.url)
	case f.From == "page":
		return f.remembered(s)
	}
	return f.looked(s)
}

// remembered looks a value of the page up once, not once an item.
func (f *Field) remembered(s scope) string {
	v, ok := s.memo[f]
	if !ok {
		v = f.looked(s)
		s.memo[f] = v
	}
	return v
}

func (f *Field) looked(s scope) string {
	hits := f.hits(s)
	if f.Count {
		return f.counted(hits.Length())
	}
	if f.Last {
		hits = hits.Last()
	}
	for _, n := range hits.Nodes {
		if v := f.shape(f.read(n)); v != "" {
			return v
		}
	}
	return ""
}

// counted is the number of matches; no match is no value, not a zero.
func (f *Field) counted(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (f *Field) joined(s scope) string {
	parts := make([]string, len(f.All))
	for i := range f.All {
		if parts[i] = f.All[i].value(s); parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, f.Sep)
}

// present reports whether the field matches anything, be it empty.
func (f *Field) present(s scope) bool {
	if f.attr == "" && f.match == nil && f.found != nil {
		return f.hits(s).Length() > 0
	}
	return f.set() && f.value(s) != ""
}

// hits are the elements that the field points at.
func (f *Field) hits(s scope) *goquery.Selection {
	root := s.item
	if f.From == "page" {
		root = s.page
	}
	if f.found == nil {
		return root
	}
	hits := root.FindMatcher(f.found)
	if f.From == "page" || s.mine == nil {
		return hits
	}
	return hits.FilterFunction(func(_ int, e *goquery.Selection) bool { return s.mine(e.Get(0)) })
}

func (f *Field) read(n *html.Node) string {
	if f.attr == "" {
		return htmltext.Node(n, nil)
	}
	for _, a := range n.Attr {
		if a.Key == f.attr {
			return a.Val
		}
	}
	return ""
}

// shape applies match and transforms.
func (f *Field) shape(v string) string {
	v = strings.TrimSpace(strings.ToValidUTF8(v, "\uFFFD"))
	if f.match != nil {
		m := f.match.FindStringSubmatch(v)
		if m == nil {
			return ""
		}
		v = strings.TrimSpace(m[min(1, len(m)-1)])
	}
	for _, name := range f.Transform {
		v = transforms()[name](v)
	}
	return v
}

// checkLink completes a field of follow, which must be one plain selector.
func (f *Field) checkLink(report func(line int, format string, args ...any)) {
	if f.css == "" || len(f.Any)+len(f.All) > 0 || f.From != "" || f.Const != "" || f.Count || f.Last {
		report(f.line, "follow: each entry is one selector, with match if need be")
	}
	if f.attr == "" {
		f.attr = "href"
	}
}
