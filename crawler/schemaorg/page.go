package schemaorg

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Link is one link of a page, as it stands there, against the page's base.
type Link struct {
	URL string
	Rel string // lower case, of a or link
}

// page is the state of the one pass over the tokens of a page.
type page struct {
	body   []byte
	z      *html.Tokenizer
	offset int // of the byte after the current token

	title, lang, base string
	robots            string // content of <meta name=robots>
	links             []Link
	nodes             []*Node // top-level things, of JSON-LD first
	broken            []error
	text              int // bytes of words outside scripts and styles
	markup            markup
	jsonld            bool
}

// scan reads the page's tokens once. No tree is built: memory is bounded by the
// body, the open elements and the things described.
func scan(body []byte) *page {
	p := &page{body: body, z: html.NewTokenizer(bytes.NewReader(body))}
	p.markup.init(p)
	for {
		kind := p.z.Next()
		if kind == html.ErrorToken {
			break
		}
		start := p.offset
		p.offset += len(p.z.Raw())
		switch kind {
		case html.TextToken:
			p.words(start)
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(start, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			p.markup.end(keyOf(p.body[start+2:p.offset]), start)
		}
	}
	p.markup.finish()
	return p
}

// words handles text, of which scripts and titles are a kind.
func (p *page) words(start int) {
	raw := p.body[start:p.offset]
	switch p.markup.top() {
	case key(atom.Script):
		if p.jsonld {
			p.block(raw)
		}
	case key(atom.Style):
	case key(atom.Title):
		if p.title == "" {
			p.title = oneLine(displayed(raw))
		}
	default:
		p.text += len(bytes.TrimSpace(raw))
	}
}

// block reads one block of JSON-LD; a bad one leaves the others alone.
func (p *page) block(raw []byte) {
	nodes, err := parseJSONLD(raw)
	p.nodes = append(p.nodes, nodes...)
	if err != nil && len(p.broken) < 10 {
		p.broken = append(p.broken, err)
	}
}

// attributes are those of one start tag that matter here. They are valid until
// the next token.
type attributes struct {
	id, lang, rel, typ, name            []byte
	href, src, content, datetime, value []byte
	itemprop, itemtype, itemid, itemref []byte
	property, typeof, resource, prefix  []byte
	data, dataName, class               []byte
	itemscope, hidden                   bool
}

func (p *page) start(offset int, selfClosing bool) {
	tag := keyOf(p.body[offset+1 : p.offset])
	var a attributes
	more := ownAttributes(atom.Atom(tag)) || p.markup.concerns(p.body[offset:p.offset])
	for more {
		var k, v []byte
		k, v, more = p.z.TagAttr()
		a.set(k, v)
	}
	switch atom.Atom(tag) {
	case atom.A, atom.Area, atom.Link:
		if len(a.href) > 0 && p.markup.inert == 0 {
			p.link(atom.Atom(tag), &a)
		}
	case atom.Base:
		if p.base == "" {
			p.base = strings.TrimSpace(string(a.href))
		}
	case atom.Html:
		if p.lang == "" {
			p.lang = string(a.lang)
		}
	case atom.Meta:
		if bytes.EqualFold(a.name, []byte("robots")) && len(p.robots) < 1000 {
			p.robots += " " + strings.ToLower(string(a.content))
		}
	case atom.Script:
		mediaType, _, _ := bytes.Cut(a.typ, []byte(";"))
		p.jsonld = bytes.EqualFold(bytes.TrimSpace(mediaType), []byte("application/ld+json"))
	case atom.Noscript:
		p.z.NextIsNotRawText() // we run no scripts: what stands there is for us
	}
	p.markup.start(tag, offset, selfClosing, &a)
}

// ownAttributes tells the elements whose attributes matter by themselves.
func ownAttributes(tag atom.Atom) bool {
	switch tag {
	case atom.A, atom.Area, atom.Link, atom.Base, atom.Html, atom.Meta, atom.Script:
		return true
	}
	return false
}

func (p *page) link(tag atom.Atom, a *attributes) {
	const maxLinks = 20_000
	if len(p.links) >= maxLinks {
		return
	}
	l := Link{URL: string(a.href), Rel: strings.ToLower(string(a.rel))}
	if tag == atom.Link {
		l.Rel += " link"
	}
	p.links = append(p.links, l)
}

// set keeps one attribute if it matters. Keys are lower case already.
func (a *attributes) set(k, v []byte) {
	switch string(k) {
	case "itemscope":
		a.itemscope = true
	case "hidden":
		a.hidden = true
	case "style":
		a.hidden = a.hidden || invisible(v)
	case "data-review-id", "data-reviewid", "data-comment-id", "data-commentid", "data-post-id":
		a.dataName, a.data = k, v
	default:
		if to := a.field(string(k)); to != nil {
			*to = v
		}
	}
}

// field is where an attribute is kept; nil for those that do not matter.
func (a *attributes) field(name string) *[]byte {
	switch name {
	case "id":
		return &a.id
	case "lang", "xml:lang":
		return &a.lang
	case "rel":
		return &a.rel
	case "type":
		return &a.typ
	case "name":
		return &a.name
	case "href":
		return &a.href
	case "src", "data":
		return &a.src
	case "content":
		return &a.content
	case "datetime":
		return &a.datetime
	case "value":
		return &a.value
	case "itemprop":
		return &a.itemprop
	case "itemtype":
		return &a.itemtype
	case "itemid":
		return &a.itemid
	case "itemref":
		return &a.itemref
	case "property":
		return &a.property
	case "typeof":
		return &a.typeof
	case "prefix":
		return &a.prefix
	case "resource", "about":
		return &a.resource
	case "class":
		return &a.class
	}
	return nil
}

// invisible finds "display: none" in a style.
func invisible(style []byte) bool {
	i := bytes.Index(style, []byte("display"))
	if i < 0 {
		return false
	}
	rest := bytes.TrimLeft(style[i+len("display"):], " :")
	return bytes.HasPrefix(rest, []byte("none"))
}
