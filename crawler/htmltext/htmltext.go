// Package htmltext turns HTML into the plain text that a reader sees: line
// breaks where the page breaks lines, single spaces elsewhere, no scripts, no
// markup. It works on a fragment (Text) and on a parsed node (Node), by the same
// rules, in time and memory linear in the input. The result is valid UTF-8.
package htmltext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is the plain text of an HTML fragment. A fragment without any tag keeps
// its own line breaks, because then nothing else could mark them.
func Text(fragment string) string {
	fragment = strings.ToValidUTF8(fragment, "\uFFFD")
	var w writer
	w.keepLines = !hasTag(fragment)
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.String()
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			w.open(tag, func() string { return picture(z, tag, more) })
		case html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			w.open(tag, func() string { return picture(z, tag, more) })
			w.close(tag)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(atom.Lookup(name))
		}
	}
}

// Plain folds the white space of a text that is no HTML by the same rules; line
// breaks stay.
func Plain(s string) string {
	w := writer{keepLines: true}
	w.text(strings.ToValidUTF8(s, "\uFFFD"))
	return w.String()
}

// IsMarkup reports whether s is one escaped fragment that was unescaped once too
// seldom: it begins and ends with a tag. A text that merely names a tag is not.
func IsMarkup(s string) bool {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "<") || !strings.HasSuffix(s, ">") {
		return false
	}
	z := html.NewTokenizer(strings.NewReader(s))
	if z.Next() != html.StartTagToken {
		return false
	}
	name, _ := z.TagName()
	return gap(atom.Lookup(name)) != none && strings.Contains(s, "</")
}

// Node is the plain text of n and its children, without the nodes for which
// skip (may be nil) answers true. n itself is read whatever it is, a title or a
// button too; within it such elements say nothing.
func Node(n *html.Node, skip func(*html.Node) bool) string {
	var w writer
	if !mute(n.DataAtom) {
		walk(&w, n, skip)
		return w.String()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(&w, c, skip)
	}
	return w.String()
}

// walk goes down by hand over siblings and by recursion over depth, which the
// HTML parser limits to 512.
func walk(w *writer, n *html.Node, skip func(*html.Node) bool) {
	if skip != nil && skip(n) {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
	case html.ElementNode:
		w.open(n.DataAtom, func() string { return pictureOf(n) })
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(w, c, skip)
	}
	if n.Type == html.ElementNode {
		w.close(n.DataAtom)
	}
}

// hasTag tells markup from a text that merely has a "<" in it.
func hasTag(s string) bool {
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			if atom.Lookup(name) != 0 {
				return true
			}
		}
	}
}

// picture is the alternative text of an emoji drawn as an image: forums do so,
// and the emoji is part of what was said. Other images say nothing.
func picture(z *html.Tokenizer, tag atom.Atom, more bool) string {
	if tag != atom.Img {
		return ""
	}
	var alt, class string
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "alt":
			alt = string(v)
		case "class":
			class = string(v)
		}
	}
	return emoji(class, alt)
}

func pictureOf(n *html.Node) string {
	if n.DataAtom != atom.Img {
		return ""
	}
	var alt, class string
	for _, a := range n.Attr {
		switch a.Key {
		case "alt":
			alt = a.Val
		case "class":
			class = a.Val
		}
	}
	return emoji(class, alt)
}

func emoji(class, alt string) string {
	for _, mark := range [...]string{"emoji", "smil"} {
		if strings.Contains(strings.ToLower(class), mark) && len(alt) <= 64 {
			return alt
		}
	}
	return ""
}
