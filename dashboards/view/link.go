package view

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"feryat/i18n"
)

// Link leads somewhere.
type Link struct {
	Title, URL string
	Here       bool
	Foreign    bool // it leaves these pages
}

// rowAt is what a link of a cell can speak of.
type rowAt struct {
	frame frame
	row   []any
	value any
	text  string
}

var (
	reference = regexp.MustCompile(`\$\{([^}:]+)(?::([^}]*))?\}|\$(__\w+|\w+)`)
	joints    = regexp.MustCompile(`&&+`)
)

// link fills in what Grafana does: ${__url_time_range}, ${name:queryparam}, ${__value.raw}, ${__data.fields.name}. Only
// addresses of these pages and of the web become links.
func (c Choice) link(l fieldLink, at rowAt) (Link, bool) {
	text := reference.ReplaceAllStringFunc(l.URL, func(found string) string {
		m := reference.FindStringSubmatch(found)
		return c.part(m[1]+m[3], m[2], at)
	})
	text = tidy(text)
	switch u, err := url.Parse(text); {
	case err != nil:
		return Link{}, false
	case strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && !strings.HasPrefix(text, `/\`):
		return Link{Title: l.Title, URL: text}, true
	default:
		return Link{Title: l.Title, URL: text, Foreign: true}, (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	}
}

func (c Choice) part(name, format string, at rowAt) string {
	escape := func(s string) string {
		if format == "percentencode" {
			return url.QueryEscape(s)
		}
		return s
	}
	switch name {
	case "__url_time_range":
		return url.Values{"from": {c.RawFrom}, "to": {c.RawTo}}.Encode()
	case "__from":
		return millis(c.From)
	case "__to":
		return millis(c.To)
	case "__value.raw":
		return escape(plain(at.value))
	case "__value.text":
		return escape(at.text)
	case "__all_variables":
		return c.address().Encode()
	}
	if column, ok := strings.CutPrefix(name, "__data.fields"); ok {
		column = strings.Trim(column, `.["]`)
		if i := slices.Index(at.frame.names, column); i >= 0 && at.row != nil {
			return escape(plain(at.row[i]))
		}
		return ""
	}
	s, ok := c.selection(name)
	if !ok {
		return ""
	}
	if format == "queryparam" {
		q := url.Values{}
		c.put(q, s)
		return q.Encode()
	}
	return url.QueryEscape(strings.Join(s.on(), ","))
}

// tidy takes out the joints that empty parameters leave.
func tidy(text string) string {
	text = joints.ReplaceAllString(text, "&")
	return strings.TrimSuffix(strings.Replace(text, "?&", "?", 1), "&")
}

// exploreMost is how many values of a variable web's page /explore takes.
const exploreMost = 100

// mentions leads to the list of what was counted, by web's page /explore. It knows not all variables: where it would show
// something else there is no link.
func (c Choice) mentions(narrowed url.Values, zone *time.Location) string {
	q := url.Values{}
	for _, s := range c.Selections {
		chosen := narrowed[param(s.Name)]
		switch known := slices.Contains([]string{"brand", "source", "language", "topic", "product"}, s.Name); {
		case len(chosen) == 0 || slices.Contains(chosen, all):
		case !known || len(chosen) > exploreMost:
			return ""
		default:
			q[s.Name] = chosen
		}
	}
	q.Set("from", i18n.PlainDate(c.Language, c.From, zone))
	q.Set("to", i18n.PlainDate(c.Language, c.To, zone))
	return "/explore?" + q.Encode()
}

// Mentions leads to the list of the mentions of a choice; "" where that page cannot show the same.
func (v *Viewer) Mentions(c Choice) string { return c.mentions(c.address(), v.zone) }

// found leads from a link to a dashboard to the mentions of the same choice.
func (c Choice) found(l Link, zone *time.Location) string {
	u, err := url.Parse(l.URL)
	if err != nil || l.Foreign || !strings.HasPrefix(u.Path, "/d/") {
		return ""
	}
	return c.mentions(u.Query(), zone)
}

// Boards are the links to other dashboards that stand above the panels.
func (v *Viewer) Boards(c Choice) (links []Link) {
	for _, d := range c.Board.Links {
		if d.Type == "link" {
			if l, ok := c.link(fieldLink{d.Title, d.URL}, rowAt{}); ok {
				links = append(links, l)
			}
			continue
		}
		for _, b := range v.boards {
			if !tagged(b, d.Tags) {
				continue
			}
			links = append(links, Link{Title: short(b), URL: "/d/" + b.UID + suffix(c, d), Here: b.UID == c.Board.UID})
		}
	}
	return links
}

func tagged(b Board, tags []string) bool {
	return !slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(b.Tags, tag) })
}

// suffix hands on time and choices, as the link says. From one language to another codes stay the same.
func suffix(c Choice, d dashLink) string {
	q := url.Values{}
	if d.IncludeVars {
		q = c.address()
	}
	q.Del("from")
	q.Del("to")
	if d.KeepTime {
		q.Set("from", c.RawFrom)
		q.Set("to", c.RawTo)
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// short is a title without the name of the product.
func short(b Board) string {
	if _, title, ok := strings.Cut(b.Title, " – "); ok {
		return title
	}
	return b.Title
}

// plain is a value as it stands in an address or a key.
func plain(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case time.Time:
		return millis(x)
	}
	return fmt.Sprint(value)
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
