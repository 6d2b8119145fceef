package schemaorg

import "feryat/mention"

// collector walks from the things of a page down to what was said about them.
type collector struct {
	top    []*Node
	byID   map[string]*Node
	seen   map[*Node]bool
	owners []string
	found  []found
	hollow int
	only   *Node // the one thing of the page that has a name and can be reviewed
}

// found is a statement with what merge needs to know of it.
type found struct {
	Statement
	html bool
}

// around is what surrounds a thing on the way down.
type around struct {
	item   *Node
	parent int
	prop   string // the property that led here
	depth  int
}

func newCollector(top []*Node) *collector {
	c := &collector{top: top, byID: map[string]*Node{}, seen: map[*Node]bool{}}
	for _, n := range top {
		c.index(n, 0)
	}
	return c
}

// index remembers the fullest thing of each id, and the item of the page.
func (c *collector) index(n *Node, depth int) {
	if depth > maxDepth {
		return
	}
	if n.id != "" && len(n.props) > 0 {
		if old := c.byID[n.id]; old == nil || len(old.props) < len(n.props) {
			c.byID[n.id] = n
		}
	}
	if depth <= 2 && reviewable(n) && n.string("name") != "" {
		if c.only == nil || c.only.string("name") == n.string("name") {
			c.only = n
		} else {
			c.only = &Node{}
		}
	}
	for _, p := range n.props {
		for _, v := range p.values {
			if v.node != nil {
				c.index(v.node, depth+1)
			}
		}
	}
}

// resolve follows a mere reference to the thing it names on this page.
func (c *collector) resolve(n *Node) *Node {
	if n != nil && n.id != "" && len(n.props) == 0 {
		if full := c.byID[n.id]; full != nil {
			return full
		}
	}
	return n
}

// all collects. Statements at the top come last: the item that refers to one of
// them by its id knows better what it is about.
func (c *collector) all() {
	for _, statements := range [...]bool{false, true} {
		for _, n := range c.top {
			if kindOf(n, "") != "" == statements {
				c.walk(n, around{parent: -1})
			}
		}
	}
}

func (c *collector) walk(n *Node, a around) {
	n = c.resolve(n)
	if a.depth > maxDepth || c.seen[n] || ignored(n) {
		return
	}
	c.seen[n] = true
	c.own(n)
	a.depth++
	if kind := kindOf(n, a.prop); kind != "" {
		c.statement(n, kind, a)
		return
	}
	if n.outer != nil && a.item == nil {
		a.item = itemAbove(n)
	}
	if isItem(n) {
		a.item = n
	}
	c.children(n, a)
}

// children goes down every property in the order of the page.
func (c *collector) children(n *Node, a around) {
	for _, p := range n.props {
		a.prop = p.name
		for _, v := range p.values {
			if v.node != nil {
				c.walk(v.node, a)
			}
		}
	}
}

// statement takes one statement and then its answers.
func (c *collector) statement(n *Node, kind mention.Kind, a around) {
	if len(c.found) >= maxStatements {
		return
	}
	s := c.read(n, kind, a)
	parent := a.parent
	switch {
	case n.cut:
	case s.Text == "" && s.Title == "" && s.Rating == nil:
		c.hollow++
	default:
		c.found = append(c.found, found{s, n.html})
		parent = len(c.found) - 1
	}
	for _, p := range n.props {
		next := around{item: a.item, parent: parent, prop: p.name, depth: a.depth}
		if !answers(p.name) {
			next.parent = -1
		}
		for _, v := range p.values {
			switch {
			case v.node != nil:
				c.walk(v.node, next)
			case ownerAnswer(p.name) && parent >= 0:
				c.answer(v, next)
			}
		}
	}
}

// answer takes an owner's answer that is a mere text.
func (c *collector) answer(v value, a around) {
	if text := v.body(); text != "" && len(c.found) < maxStatements {
		s := Statement{Kind: mention.KindComment, Parent: a.parent, Item: c.found[a.parent].Item, Text: text, Author: Author{Owner: true, Organization: true}}
		c.found = append(c.found, found{Statement: s})
	}
}

// own notes who runs the page or makes the item.
func (c *collector) own(n *Node) {
	const maxOwners = 50
	for _, name := range [...]string{"brand", "manufacturer", "publisher", "seller", "provider", "hiringorganization", "sourceorganization"} {
		for _, v := range n.values(name) {
			v.node = c.resolve(v.node)
			if s := v.string(); s != "" && len(c.owners) < maxOwners && !contains(c.owners, s) {
				c.owners = append(c.owners, s)
			}
		}
	}
	if organization(n) && n.string("name") != "" && len(c.owners) < maxOwners && !contains(c.owners, n.string("name")) && reviewedOrAlone(n) {
		c.owners = append(c.owners, n.string("name"))
	}
}

// reviewedOrAlone tells the organization of the page from one that merely wrote
// something on it.
func reviewedOrAlone(n *Node) bool {
	return n.outer == nil && len(n.values("review", "reviews", "aggregaterating", "logo", "sameas", "contactpoint")) > 0
}
