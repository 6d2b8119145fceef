package htmltext

import (
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"
)

// writer collects text and folds white space on the way.
type writer struct {
	out       strings.Builder
	pending   int  // white space owed before the next word: 0 none, 1 space, 2 line, 3 blank line
	silent    int  // depth of elements whose content nobody reads
	pre       int  // depth of elements that keep their white space
	keepLines bool // a line break in the source is one in the text
}

const (
	none = iota
	space
	line
	blank
)

func (w *writer) String() string { return w.out.String() }

func (w *writer) open(tag atom.Atom, alt func() string) {
	switch {
	case mute(tag):
		w.silent++
	case tag == atom.Br:
		w.br()
	case tag == atom.Img:
		w.text(alt())
	case tag == atom.Pre:
		w.pre++
		w.owe(line)
	default:
		w.owe(gap(tag))
	}
}

func (w *writer) close(tag atom.Atom) {
	switch {
	case mute(tag):
		w.silent = max(0, w.silent-1)
	case tag == atom.Pre:
		w.pre = max(0, w.pre-1)
		w.owe(line)
	case tag == atom.Br || tag == atom.Img:
	default:
		w.owe(gap(tag))
	}
}

// br breaks the line; a second one in a row leaves a blank line.
func (w *writer) br() {
	if w.silent == 0 {
		w.owe(min(blank, max(line, w.pending+1)))
	}
}

func (w *writer) owe(gap int) {
	if w.silent == 0 {
		w.pending = max(w.pending, gap)
	}
}

func (w *writer) text(s string) {
	if w.silent > 0 {
		return
	}
	for _, r := range s {
		switch {
		case r == '\n' && (w.pre > 0 || w.keepLines):
			w.br()
		case unicode.IsSpace(r):
			w.owe(space)
		case r >= 0x20 && r != 0x7f: // C1 letters of a wrong charset stay: they part words
			w.pay()
			w.out.WriteRune(r)
		}
	}
}

// pay writes the white space that is owed; never at the start of the text.
func (w *writer) pay() {
	if w.out.Len() > 0 {
		w.out.WriteString([...]string{none: "", space: " ", line: "\n", blank: "\n\n"}[w.pending])
	}
	w.pending = none
}

// mute tells elements whose content is not shown as text.
func mute(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object,
		atom.Select, atom.Button, atom.Textarea, atom.Title, atom.Svg, atom.Audio, atom.Video:
		return true
	}
	return false
}

// gap is the white space around an element as browsers draw it.
func gap(tag atom.Atom) int {
	switch tag {
	case atom.P, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Table:
		return blank
	case atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Aside, atom.Nav, atom.Main, atom.Figure,
		atom.Figcaption, atom.Address, atom.Form, atom.Fieldset, atom.Hr, atom.Li, atom.Dt, atom.Dd, atom.Tr, atom.Details, atom.Summary:
		return line
	case atom.Td, atom.Th:
		return space
	}
	return none
}
