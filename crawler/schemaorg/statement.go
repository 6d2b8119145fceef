package schemaorg

import (
	"strings"

	"feryat/mention"
)

// read makes a statement of n.
func (c *collector) read(n *Node, kind mention.Kind, a around) Statement {
	s := Statement{
		Kind: kind, Parent: a.parent, Anchor: n.anchor, Item: c.itemName(n, a),
		Title: n.string("headline", "name", "summary"), Text: longest(n, bodies(kind)...), Language: language(n),
		Author: c.author(n, a.prop), Rating: rating(n),
		Written: times(n, "datepublished", "datecreated", "dtreviewed", "uploaddate", "commenttime"),
		Edited:  times(n, "datemodified"),
		Replies: number(n, "commentcount", "answercount"),
	}
	s.Name, s.Address = names(n)
	s.interactions(n)
	switch {
	case s.Text == "" && kind != mention.KindReview:
		s.Text, s.Title = s.Title, ""
	case teaser(s.Title, s.Text):
		s.Title = ""
	}
	if s.Kind == mention.KindReview && s.Text == "" && s.Title == "" {
		s.Kind = mention.KindRating
	}
	return s
}

// bodies are the properties that hold the words, best first.
func bodies(kind mention.Kind) []string {
	if kind == mention.KindReview {
		return []string{"reviewbody", "text", "description", "articlebody", "body", "content"}
	}
	return []string{"text", "articlebody", "commenttext", "description", "reviewbody", "body", "content"}
}

// longest is the longest value of the first property that has words: a page may
// give a teaser beside the text.
func longest(n *Node, names ...string) string {
	const enough = 8
	for _, name := range names {
		best := ""
		for i, v := range n.values(name) {
			if i == enough {
				break
			}
			if s := v.body(); len(s) > len(best) {
				best = s
			}
		}
		if best != "" {
			return best
		}
	}
	return ""
}

// teaser tells a title that is only the beginning of the text.
func teaser(title, text string) bool {
	return title != "" && within(title, text)
}

// names are what n is called by its site: the clearest one, and an address.
func names(n *Node) (name, address string) {
	switch {
	case n.data != "":
		name = n.data
	case strings.HasPrefix(n.id, "urn:"):
		name = n.id
	}
	if id := identifier(n); name == "" && id != "" {
		name = "identifier:" + id
	}
	switch {
	case n.id != "" && n.id != name && !strings.HasPrefix(n.id, "_:"):
		return name, n.id
	case n.anchor != "":
		return name, "#" + n.anchor
	}
	for _, v := range n.values("url", "mainentityofpage", "discussionurl") {
		if u := v.url(); u != "" {
			return name, u
		}
	}
	return name, ""
}

// identifier is a text, or a PropertyValue.
func identifier(n *Node) string {
	for _, v := range n.values("identifier", "reviewid", "commentid") {
		if v.node != nil {
			return v.node.string("value", "name")
		}
		if s := v.string(); s != "" {
			return s
		}
	}
	return ""
}

func (c *collector) itemName(n *Node, a around) string {
	for _, v := range n.values("itemreviewed", "about") {
		v.node = c.resolve(v.node)
		if v.node == nil {
			v.link = "" // an address is no name
		}
		if s := v.string(); s != "" && !strings.Contains(s, "://") {
			return s
		}
	}
	for _, item := range [...]*Node{a.item, itemAbove(n), c.only} {
		if item != nil && kindOf(item, "") == "" {
			if s := item.string("name"); s != "" {
				return s
			}
		}
	}
	return ""
}

// author reads a name, a Person, an Organization or a list of them.
func (c *collector) author(n *Node, prop string) Author {
	a := Author{Owner: ownerAnswer(prop)}
	var names []string
	for _, v := range n.values("author", "creator", "reviewer", "publisher") {
		if v.node = c.resolve(v.node); v.node != nil {
			a.Organization = a.Organization || organization(v.node)
			a.ID = first(a.ID, v.node.id, v.node.address("url", "sameas"), v.node.string("identifier"))
		} else if a.ID == "" {
			a.ID = v.link
		}
		v.link = ""
		if s := v.string(); s != "" && len(names) < 5 && !contains(names, s) {
			names = append(names, s)
		}
	}
	a.Name = strings.Join(names, ", ")
	if strings.HasPrefix(a.ID, "_:") {
		a.ID = ""
	}
	return a
}

func language(n *Node) string {
	if l := n.node("inlanguage"); l != nil {
		return l.string("alternatename", "identifier", "name")
	}
	return first(n.string("inlanguage"), n.lang)
}

// times are the texts that may tell when, each once.
func times(n *Node, names ...string) []string {
	var list []string
	for _, name := range names {
		for _, v := range n.values(name) {
			for _, s := range [...]string{v.text, oneLine(v.read())} {
				if s = oneLine(s); s != "" && len(s) < 200 && len(list) < 4 && !contains(list, s) {
					list = append(list, s)
				}
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
