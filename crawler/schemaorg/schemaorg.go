// Package schemaorg reads the reviews, comments, posts and questions that a page
// describes with schema.org's vocabulary: as JSON-LD in the shapes that sites
// really write, as microdata, as RDFa Lite, and as the h-review of
// microformats. One text told in several syntaxes is one Statement.
//
// It reads the page's tokens once, without building a tree, and follows no
// reference out of the page.
package schemaorg

import (
	"bytes"
	"unicode/utf8"

	"feryat/mention"
)

// Document is what a page says in its markup.
type Document struct {
	Title    string
	Language string // of the html element, as it stands there
	Base     string // href of the base element, as it stands there
	Links    []Link
	NoFollow bool // the page asks robots not to follow its links
	Text     int  // bytes of words outside scripts and styles
	// Broken says what is wrong with the blocks of JSON-LD that do not parse.
	Broken []error
	// Owners are the names of those who run the page: brands, publishers, sellers.
	Owners     []string
	Statements []Statement
	// Hollow counts reviews and posts that have neither words nor a rating.
	Hollow int
}

// Statement is one thing that somebody said on the page.
type Statement struct {
	Kind   mention.Kind
	Parent int // index of the statement that this answers; -1: none
	// Name is the site's own name of the statement, with where it stands ("identifier:55");
	// Address is its own address, as it stands on the page. Either or both may be empty.
	Name, Address string
	Anchor        string // fragment at which the statement stands on the page, without "#"

	Item     string // name of what is spoken of
	Title    string
	Text     string
	Language string
	Author   Author
	Rating   *mention.Rating
	// Written and Edited are times as the page tells them, for machines first.
	Written, Edited []string

	Likes, Replies, Shares, Views int64
}

// Author is who said it.
type Author struct {
	Name         string
	ID           string // address or key, as it stands on the page
	Organization bool
	Owner        bool // the page says that this is the owner's answer
}

// maxStatements bounds what is taken from one page.
const maxStatements = 5000

// Read reads an HTML page, which should be UTF-8: what is not is replaced.
func Read(body []byte) *Document {
	return newDocument(scan(valid(body)))
}

// ReadJSON reads a document that is JSON-LD as a whole.
func ReadJSON(body []byte) *Document {
	nodes, err := parseJSONLD(valid(body))
	p := &page{nodes: nodes}
	if err != nil {
		p.broken = append(p.broken, err)
	}
	return newDocument(p)
}

func valid(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

func newDocument(p *page) *Document {
	d := &Document{Title: p.title, Language: p.lang, Base: p.base, Links: p.links, Text: p.text, Broken: p.broken}
	for _, word := range [...]string{"nofollow", "none"} {
		d.NoFollow = d.NoFollow || bytes.Contains([]byte(p.robots), []byte(word))
	}
	c := newCollector(p.nodes)
	c.all()
	d.Owners, d.Hollow = c.owners, c.hollow
	d.Statements = merge(c.found)
	return d
}
