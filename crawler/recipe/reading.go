package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html"

	"feryat/crawler/fetch"
	"feryat/crawler/walk"
	"feryat/mention"
)

// reading is one page while it is read.
type reading struct {
	cfg    Config
	page   walk.Page
	recipe *Recipe // nil when no recipe knows the page
	base   *colly.Request
	doc    *goquery.Selection
	clock  clock
	ids    map[*html.Node]mention.ID // the items of the page; "" until read
	nested bool                      // some items lie within others

	found            walk.Found
	memo             map[*Field]string
	linked           map[string]bool
	seen             map[mention.ID]bool
	total            int
	noAuthor, noText int
}

func (rd *reading) begin(e *colly.HTMLElement, r *Recipe) {
	rd.recipe, rd.base, rd.doc = r, e.Request, document(e)
	if r == nil {
		return
	}
	rd.memo, rd.linked = map[*Field]string{}, map[string]bool{}
	rd.clock = r.clock(rd.cfg, scope{url: rd.page.URL, page: rd.doc, item: rd.doc, memo: rd.memo}, rd.page.Fetched)
	items := rd.doc.FindMatcher(r.Item.Select.found)
	rd.ids, rd.seen = make(map[*html.Node]mention.ID, items.Length()), map[mention.ID]bool{}
	for _, n := range items.Nodes {
		rd.ids[n] = ""
	}
	rd.nested = slices.ContainsFunc(items.Nodes, func(n *html.Node) bool { return rd.owner(n.Parent) != nil })
}

// owner is the innermost item around n, n included.
func (rd *reading) owner(n *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		if _, ok := rd.ids[n]; ok {
			return n
		}
	}
	return nil
}

// link keeps a link to follow.
func (rd *reading) link(ref string) {
	if u := rd.resolve(ref); !strings.HasPrefix(ref, "#") && u != "" && !rd.linked[u] {
		rd.linked[u] = true
		rd.found.Links = append(rd.found.Links, u)
	}
}

// resolve makes ref absolute, without the parameters that do not belong to it.
// It is empty for what is no web address.
func (rd *reading) resolve(ref string) string {
	if strings.HasPrefix(ref, "#") {
		page, _, _ := strings.Cut(rd.page.URL, "#")
		return page + ref
	}
	u := rd.base.AbsoluteURL(ref)
	if !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
		return ""
	}
	return stripQuery(u, rd.recipe.StripQuery)
}

// stripQuery takes the named parameters out of u and leaves the order of the
// others alone.
func stripQuery(u string, names []string) string {
	u, fragment, hasFragment := strings.Cut(u, "#")
	path, query, hasQuery := strings.Cut(u, "?")
	if hasQuery {
		kept := slices.DeleteFunc(strings.Split(query, "&"), func(p string) bool {
			name, _, _ := strings.Cut(p, "=")
			return slices.Contains(names, name)
		})
		if u = path; len(kept) > 0 {
			u += "?" + strings.Join(kept, "&")
		}
	}
	if hasFragment {
		u += "#" + fragment
	}
	return u
}

// item reads one item.
func (rd *reading) item(e *colly.HTMLElement) {
	rd.total++
	node := e.DOM.Get(0)
	s := scope{url: rd.page.URL, page: rd.doc, item: e.DOM, memo: rd.memo}
	if rd.nested {
		s.mine = func(n *html.Node) bool { return rd.owner(n) == node }
	}
	m := rd.mention(s, node)
	if m.Text == "" && m.Rating == nil {
		rd.noText++
		return
	}
	if m.Author.Name == "" && rd.recipe.Fields.Author.set() {
		rd.noAuthor++
	}
	rd.ids[node] = m.ID
	if !rd.seen[m.ID] {
		rd.seen[m.ID] = true
		rd.found.Mentions = append(rd.found.Mentions, m)
	}
}

// finish judges the page as a whole.
func (rd *reading) finish() walk.Found {
	switch limit := 0.0; {
	case rd.recipe == nil:
		return softFail(rd.page, "no bundled recipe knows this page; name one, or write one")
	case rd.total == 0:
		return rd.bare()
	default:
		limit = rd.recipe.emptyLimit() * float64(rd.total)
		if float64(rd.noText) > limit || float64(rd.noAuthor) > limit {
			return walk.Found{Links: rd.found.Links, Reason: reasonShape, Detail: fmt.Sprintf(
				"of %d items (%s) %d have no text and %d no author", rd.total, rd.recipe.Item.Select.css, rd.noText, rd.noAuthor)}
		}
		return rd.found
	}
}

// bare judges a page without items: a board or an index has links instead.
func (rd *reading) bare() walk.Found {
	if on := rd.recipe.Item.On; on.found != nil && rd.doc.FindMatcher(on.found).Length() > 0 {
		return softFail(rd.page, fmt.Sprintf("%s is on the page, and no item (%s)", on.css, rd.recipe.Item.Select.css))
	}
	if len(rd.found.Links) > 0 {
		return rd.found
	}
	if reason := fetch.Challenge(rd.page.Body); reason != "" {
		return walk.Found{Reason: reason, Detail: "a check or log-in page instead of the page asked for"}
	}
	return walk.Found{Reason: reasonEmpty, Detail: "neither items nor links of the recipe are on the page"}
}
