package feed

import (
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	feedjson "github.com/mmcdole/gofeed/json"

	"feryat/crawler/dates"
	"feryat/crawler/fetch"
	"feryat/crawler/htmltext"
	"feryat/mention"
)

const sourceKind = "feed"

// reader turns the items of one feed into mentions. It is the only place that
// knows both the formats' words and ours.
type reader struct {
	cfg  Config
	feed *gofeed.Feed
	url  string
	now  time.Time
	zone *time.Location
}

// read turns a feed into mentions, in the feed's order, each ID once.
func (s *Source) read(f *gofeed.Feed, feedURL string, resp *fetch.Response) []mention.Mention {
	zone, err := time.LoadLocation(s.cfg.Zone)
	if err != nil { // ruled out by Validate
		zone = time.UTC
	}
	r := reader{cfg: s.cfg, feed: f, url: feedURL, now: resp.At.Add(resp.Took), zone: zone}
	var all []mention.Mention
	seen := map[mention.ID]bool{}
	for i, item := range f.Items[:min(len(f.Items), s.cfg.MaxItems)] {
		m, ok := r.mention(i, item)
		if !ok || seen[m.ID] {
			continue
		}
		seen[m.ID] = true
		all = append(all, m)
	}
	return all
}

// mention reads one item; ok is false for one without a word.
func (r reader) mention(i int, item *gofeed.Item) (m mention.Mention, ok bool) {
	m = mention.Mention{
		SourceKind: sourceKind, Kind: r.cfg.Kind, URL: r.resolve(item.Link), Product: r.cfg.Product, About: r.cfg.About,
		Title: one(htmltext.Text(item.Title)), Author: r.author(i, item), Language: r.language(item), Replies: r.replies(item),
	}
	m.Text, m.Truncated = cut(r.text(i, item), mention.MaxText)
	if m.Text == "" {
		m.Text, m.Title = m.Title, ""
	}
	if m.Title == m.Text {
		m.Title = ""
	}
	m.Written = r.written(item)
	if at := r.time(item.Updated, item.UpdatedParsed).Time; at.After(m.Written.Time) && !m.Written.Time.IsZero() {
		m.Edited = at
	}
	r.identify(&m, item)
	return m, m.Text != ""
}

// identify sets the ID: the item's guid, else its link, else a weak one.
func (r reader) identify(m *mention.Mention, item *gofeed.Item) {
	if ref := thread(item, "in-reply-to", "ref"); ref != "" {
		m.ParentID = mention.NewID(sourceKind, r.site(ref), ref)
	}
	if guid := clean(item.GUID); guid != "" {
		m.ID = mention.NewID(sourceKind, r.site(guid), guid)
		return
	}
	if link, err := fetch.Canonical(m.URL); err == nil && item.Link != "" {
		m.ID = mention.NewID(sourceKind, r.site(link), link)
		return
	}
	shown := ""
	if o := r.dates(); dates.Absolute(item.Published, o) {
		shown = item.Published
	}
	m.WeakID = true
	m.ID = mention.NewWeakID(sourceKind, r.url, m.Author.Name, shown, m.Text)
}

// site is the site of a key. Keys that are addresses or URIs are unique by
// themselves, so that two feeds of a site may show the same item; others are
// only unique within the feed.
func (r reader) site(key string) string {
	u, err := url.Parse(r.url)
	if err != nil {
		return r.url
	}
	if strings.Contains(key, "://") || strings.HasPrefix(key, "tag:") || strings.HasPrefix(key, "urn:") {
		return strings.ToLower(u.Host)
	}
	return strings.ToLower(u.Host) + u.EscapedPath()
}

// text is the fuller of content and description. Where the format says that it
// is plain text, it is not read as HTML.
func (r reader) text(i int, item *gofeed.Item) string {
	content, summary := item.Content, item.Description
	if content != "" && r.plain(i) {
		return htmltext.Plain(content)
	}
	if content == "" {
		content = summary
	}
	t := htmltext.Text(content)
	if htmltext.IsMarkup(t) { // escaped twice
		t = htmltext.Text(t)
	}
	return t
}

// plain reports whether the content of item i is text by its own word.
func (r reader) plain(i int) bool {
	switch f := r.feed.OriginalFeed().(type) {
	case *atom.Feed:
		if i < len(f.Entries) && f.Entries[i].Content != nil {
			kind := strings.ToLower(f.Entries[i].Content.Type)
			return kind == "" || kind == "text" || kind == "text/plain"
		}
	case *feedjson.Feed:
		return i < len(f.Items) && f.Items[i] != nil && f.Items[i].ContentHTML == ""
	}
	return false
}

func (r reader) author(i int, item *gofeed.Item) mention.Author {
	people := item.Authors
	if len(people) == 0 {
		people = r.feed.Authors
	}
	var a mention.Author
	if len(people) > 0 && people[0] != nil {
		a.Name = one(htmltext.Plain(html.UnescapeString(people[0].Name)))
	}
	if a.Name == "" && item.DublinCoreExt != nil && len(item.DublinCoreExt.Creator) > 0 {
		a.Name = one(htmltext.Text(item.DublinCoreExt.Creator[0]))
	}
	a.ID = a.Name
	if f, ok := r.feed.OriginalFeed().(*atom.Feed); ok && i < len(f.Entries) && len(f.Entries[i].Authors) > 0 {
		if uri := clean(f.Entries[i].Authors[0].URI); uri != "" {
			a.ID = uri
		}
	}
	a.Own = a.Name != "" && slices.Contains(r.cfg.OwnAuthors, a.Name)
	return a
}

func (r reader) language(item *gofeed.Item) string {
	claims := []string{r.feed.Language, r.cfg.Language}
	if item.DublinCoreExt != nil {
		claims = append(item.DublinCoreExt.Language[:len(item.DublinCoreExt.Language):len(item.DublinCoreExt.Language)], claims...)
	}
	for _, tag := range claims {
		tag, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")), "-")
		if len(tag) == 2 && tag[0] >= 'a' && tag[0] <= 'z' && tag[1] >= 'a' && tag[1] <= 'z' {
			return tag
		}
	}
	return ""
}

// replies is slash:comments or thr:total, where the feed has it.
func (r reader) replies(item *gofeed.Item) int64 {
	for _, name := range [...][2]string{{"slash", "comments"}, {"thr", "total"}} {
		for _, e := range item.Extensions[name[0]][name[1]] {
			if n, err := strconv.ParseInt(strings.TrimSpace(e.Value), 10, 64); err == nil && n >= 0 {
				return n
			}
		}
	}
	return 0
}

// thread is an attribute of an element of the Atom threading extension (RFC 4685).
func thread(item *gofeed.Item, name, attr string) string {
	for _, e := range item.Extensions["thr"][name] {
		if v := clean(e.Attrs[attr]); v != "" {
			return v
		}
	}
	return ""
}

// written is the time of publication; that of the update where there is no other.
func (r reader) written(item *gofeed.Item) mention.Written {
	raw, at := item.Published, item.PublishedParsed
	if raw == "" && item.DublinCoreExt != nil && len(item.DublinCoreExt.Date) > 0 {
		raw = item.DublinCoreExt.Date[0]
	}
	if raw == "" {
		raw, at = item.Updated, item.UpdatedParsed
	}
	return r.time(raw, at)
}

// time reads a time as the feed shows it. Our own reader comes first, because it
// refuses where gofeed's layouts guess, such as the order of 03/04/2026.
func (r reader) time(raw string, parsed *time.Time) mention.Written {
	raw = one(clean(raw))
	if raw == "" {
		return mention.Written{Precision: mention.PrecisionUnknown}
	}
	if w, err := dates.Parse(raw, r.dates()); err == nil {
		return w.Clamp(r.now)
	}
	if parsed == nil || parsed.Year() < 1990 || parsed.Year() > 2200 {
		return mention.Written{Precision: mention.PrecisionUnknown, Shown: raw}
	}
	return mention.Written{Time: parsed.UTC(), Precision: mention.PrecisionSecond, Shown: raw}.Clamp(r.now)
}

func (r reader) dates() dates.Options {
	return dates.Options{Now: r.now, Zone: r.zone, Language: r.language(&gofeed.Item{}), Unix: true}
}

// resolve makes a link absolute; the feed's own address stands in for none.
func (r reader) resolve(link string) string {
	base, err := url.Parse(r.url)
	if err != nil {
		return r.url
	}
	u, err := base.Parse(clean(link))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return r.url
	}
	return u.String()
}

func clean(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}

// one is s on one line, and not longer than a title can be.
func one(s string) string {
	s, _ = cut(strings.Join(strings.Fields(s), " "), 500)
	return s
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
