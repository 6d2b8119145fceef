package schemaorg

import "golang.org/x/net/html/atom"

// implied closes the elements whose end tags may be left out and which the new
// element ends: paragraphs, list items, cells and rows.
func (m *markup) implied(tag atom.Atom, offset int) {
	switch tag {
	case atom.Li:
		m.closeUp(offset, atom.Li, atom.Ul, atom.Ol, atom.Menu)
	case atom.Dt, atom.Dd:
		m.closeUp(offset, atom.Dt, atom.Dl)
		m.closeUp(offset, atom.Dd, atom.Dl)
	case atom.Tr:
		m.closeUp(offset, atom.Td, atom.Table)
		m.closeUp(offset, atom.Th, atom.Table)
		m.closeUp(offset, atom.Tr, atom.Table, atom.Tbody)
	case atom.Td, atom.Th:
		m.closeUp(offset, atom.Td, atom.Tr)
		m.closeUp(offset, atom.Th, atom.Tr)
	case atom.Tbody:
		m.closeUp(offset, atom.Tbody, atom.Table)
	case atom.Option:
		m.closeUp(offset, atom.Option, atom.Select)
	}
	if m.paras > 0 && endsParagraph(tag) {
		m.closeUp(offset, atom.P, atom.Button)
	}
}

// closeUp closes the nearest open element of the tag, unless one of the limits
// or a boundary stands before it.
func (m *markup) closeUp(offset int, tag atom.Atom, limits ...atom.Atom) {
	for i := len(m.stack) - 1; i >= 0; i-- {
		e := atom.Atom(m.stack[i].tag)
		if e == tag {
			m.pop(i, offset)
			return
		}
		if boundary(e) {
			return
		}
		for _, l := range limits {
			if e == l {
				return
			}
		}
		if tag != atom.P && special(e) && e != atom.Div && e != atom.P && e != atom.Address {
			return
		}
	}
}

// void elements have no content and no end tag.
func void(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link,
		atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// boundary elements are not left by an end tag within them.
func boundary(tag atom.Atom) bool {
	switch tag {
	case atom.Html, atom.Table, atom.Td, atom.Th, atom.Caption, atom.Object, atom.Template, atom.Marquee, atom.Applet:
		return true
	}
	return false
}

// special elements are not closed by the end tag of an inline one.
func special(tag atom.Atom) bool {
	switch tag {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Button, atom.Caption, atom.Center,
		atom.Dd, atom.Details, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure,
		atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Head, atom.Header,
		atom.Hgroup, atom.Html, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Noscript, atom.Object, atom.Ol, atom.P,
		atom.Pre, atom.Section, atom.Select, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Template,
		atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return true
	}
	return false
}

func endsParagraph(tag atom.Atom) bool {
	switch tag {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Details, atom.Dir, atom.Div,
		atom.Dl, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3,
		atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P,
		atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Ul, atom.Dd, atom.Dt, atom.Li:
		return true
	}
	return false
}
