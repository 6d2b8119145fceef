package recipe

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"feryat/crawler/dates"
	"feryat/crawler/htmltext"
	"feryat/mention"
)

// sourceKind is the kind of source in IDs and records.
const sourceKind = "recipe"

// mention reads the fields of one item.
func (rd *reading) mention(s scope, node *html.Node) mention.Mention {
	r, f := rd.recipe, &rd.recipe.Fields
	m := mention.Mention{
		SourceKind: sourceKind,
		Kind:       r.kindOf(s),
		URL:        rd.page.URL,
		Product:    or(f.Product.value(s), rd.cfg.Product),
		ThreadID:   f.Thread.value(s),
		About:      rd.cfg.About,
		Title:      line(f.Title.value(s)),
		Language:   or(language(f.Language.value(s)), rd.cfg.Language),
		Rating:     f.Rating.read(s),
		Likes:      f.Likes.count(s),
		Replies:    f.Replies.count(s),
		Shares:     f.Shares.count(s),
		Views:      f.Views.count(s),
		Verified:   f.Verified.present(s),
		Author:     rd.author(s),
	}
	if u := rd.resolve(f.URL.value(s)); u != "" && f.URL.set() {
		m.URL = u
	}
	m.Text, m.Truncated = cut(rd.text(s, node), mention.MaxText)
	shown := f.Written.value(s)
	m.Written = rd.clock.read(shown)
	if edited := rd.clock.read(f.Edited.value(s)).Time; edited.After(m.Written.Time) {
		m.Edited = edited
	}
	rd.identify(&m, s, shown)
	m.ParentID = rd.parent(s, node)
	return m
}

// identify sets the ID: from the site's key, else a weak one in which neither
// position nor page nor a time that moves with the visit takes part.
func (rd *reading) identify(m *mention.Mention, s scope, shown string) {
	if key := rd.recipe.Fields.Key.value(s); key != "" {
		m.ID = mention.NewID(sourceKind, rd.site(), key)
		return
	}
	if !rd.clock.absolute(shown) {
		shown = ""
	}
	m.WeakID = true
	m.ID = mention.NewWeakID(sourceKind, rd.site()+" "+or(m.ThreadID, rd.page.URL), m.Author.ID, shown, m.Text)
}

// site is the key of the site: the recipe and the host, for two sections of one
// host may number their posts alike.
func (rd *reading) site() string {
	host := rd.cfg.Site
	if u, err := url.Parse(rd.page.URL); err == nil && host == "" {
		host = strings.ToLower(u.Host)
	}
	return rd.recipe.Name + "@" + host
}

// parent is the post that this one answers: by key, else the item around it.
func (rd *reading) parent(s scope, node *html.Node) mention.ID {
	if key := rd.recipe.Fields.Parent.value(s); key != "" {
		return mention.NewID(sourceKind, rd.site(), key)
	}
	if !rd.nested {
		return ""
	}
	if around := rd.owner(node.Parent); around != nil {
		return rd.ids[around]
	}
	return ""
}

func (rd *reading) author(s scope) mention.Author {
	f := &rd.recipe.Fields
	name := line(f.Author.value(s))
	a := mention.Author{ID: or(f.AuthorID.value(s), name), Name: name, Followers: f.Followers.count(s)}
	a.Own = f.Own.present(s) || slices.Contains(rd.cfg.OwnAuthors, name) && name != "" || slices.Contains(rd.cfg.OwnAuthors, a.ID) && a.ID != ""
	return a
}

// text is the author's own words: without dropped elements and lines.
func (rd *reading) text(s scope, node *html.Node) string {
	f := &rd.recipe.Fields.Text
	if f.attr != "" || f.found == nil {
		return rd.keepLines(f.value(s))
	}
	hits := f.hits(s)
	if f.Last {
		hits = hits.Last()
	}
	for _, n := range hits.Nodes {
		if t := rd.keepLines(f.shape(htmltext.Node(n, rd.foreign(node)))); t != "" {
			return t
		}
	}
	return ""
}

// foreign tells nodes that are not the words of the item at node.
func (rd *reading) foreign(node *html.Node) func(*html.Node) bool {
	return func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return false
		}
		if _, item := rd.ids[n]; item && n != node {
			return true
		}
		return slices.ContainsFunc(rd.recipe.Drop, func(d Selector) bool { return d.found.Match(n) })
	}
}

func (rd *reading) keepLines(t string) string {
	if len(rd.recipe.DropLines) == 0 {
		return t
	}
	lines := slices.DeleteFunc(strings.Split(t, "\n"), func(l string) bool {
		return slices.ContainsFunc(rd.recipe.DropLines, func(p Pattern) bool { return p.re.MatchString(l) })
	})
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func (r *Recipe) kindOf(s scope) mention.Kind {
	for _, k := range r.Kinds {
		if s.item.IsMatcher(k.When.found) || s.item.FindMatcher(k.When.found).Length() > 0 {
			return k.Kind
		}
	}
	if r.Kind == "" {
		return mention.KindPost
	}
	return r.Kind
}

// read is the rating; nil when the item has none.
func (r *Rating) read(s scope) *mention.Rating {
	if !r.Value.set() {
		return nil
	}
	v, err := number(r.Value.value(s), true)
	if err != nil {
		return nil
	}
	worst, best := r.Worst, r.Best
	if worst == 0 && best == 0 {
		worst, best = 1, 5
	}
	return &mention.Rating{Value: v, Worst: worst, Best: best}
}

// count reads a whole number; 0 when there is none.
func (f *Field) count(s scope) int64 {
	if !f.set() {
		return 0
	}
	n, err := number(f.value(s), false)
	if err != nil || n < 0 || n > 1e15 {
		return 0
	}
	return int64(n)
}

// clock reads the times of one page.
type clock struct {
	opt     dates.Options
	formats []string
}

// clock settles zone and language: what the configuration says, else what the
// page says, else what the recipe says.
func (r *Recipe) clock(cfg Config, s scope, now time.Time) clock {
	c := clock{formats: r.Dates.Formats}
	c.opt = dates.Options{Now: now, DayFirst: r.Dates.DayFirst || cfg.DayFirst, Unix: true,
		Language: or(cfg.Language, r.Dates.Language, language(r.Fields.Language.value(s)))}
	if cfg.DayFirst {
		c.formats = nil
	}
	for _, zone := range []string{cfg.Zone, r.Dates.ZoneFrom.value(s), r.Dates.Zone} {
		if loc := location(zone); loc != nil {
			c.opt.Zone = loc
			return c
		}
	}
	c.opt.Zone = time.UTC
	return c
}

// location reads an IANA name or an offset such as +03:00; nil for neither.
func location(s string) *time.Location {
	if s == "" {
		return nil
	}
	if loc, err := time.LoadLocation(s); err == nil {
		return loc
	}
	for _, layout := range [...]string{"-07:00", "-0700", "-07", "-7:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, offset := t.Zone()
			return time.FixedZone(s, offset)
		}
	}
	return nil
}

func (c clock) read(shown string) mention.Written {
	unknown := mention.Written{Precision: mention.PrecisionUnknown, Shown: shown}
	if shown == "" {
		return unknown
	}
	for _, layout := range c.formats {
		if t, err := time.ParseInLocation(layout, shown, c.opt.Zone); err == nil && t.Year() > 0 {
			return mention.Written{Time: t.UTC(), Precision: precision(layout), Zone: c.opt.Zone.String(), Shown: shown}.Clamp(c.opt.Now)
		}
	}
	w, err := dates.Parse(shown, c.opt)
	if err != nil {
		return unknown
	}
	return w.Clamp(c.opt.Now)
}

// absolute reports whether the page will show the same characters next time.
func (c clock) absolute(shown string) bool {
	for _, layout := range c.formats {
		if t, err := time.Parse(layout, shown); err == nil && t.Year() > 0 {
			return true
		}
	}
	return dates.Absolute(shown, c.opt)
}

// precision is the finest unit that a layout of Go's time package names.
func precision(layout string) mention.Precision {
	switch {
	case strings.Contains(layout, "05"):
		return mention.PrecisionSecond
	case strings.Contains(layout, ":04"), strings.Contains(layout, ".04"):
		return mention.PrecisionMinute
	case strings.Contains(layout, "15"), strings.Contains(layout, "PM"):
		return mention.PrecisionHour
	}
	return mention.PrecisionDay
}

// language is the two-letter code of a tag such as "tr-TR"; empty for others.
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if len(tag) != 2 {
		return ""
	}
	return tag
}

// cut shortens s to at most n bytes at a rune boundary.
func cut(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n]), true
}

// line is s on one line, and not longer than a title can be.
func line(s string) string {
	s, _ = cut(strings.Join(strings.Fields(s), " "), 500)
	return s
}

func or(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
