package web

import (
	"slices"
	"strings"
	"unicode/utf8"

	"feryat/i18n"
	"feryat/mention"
)

// briefText is how much of a text the lists show, in bytes.
const briefText = 700

// Span is a piece of a text, with the reasons that rest on it.
type Span struct {
	Text  string
	Class string // "" where there is no evidence; else neg, pos or note
	Title string // the reasons, for a tooltip
}

// spans cuts text at the ends of its reasons, so that each piece can be
// underlined by what rests on it. Joined, the pieces are the text again.
// Reasons that point outside the text or into the middle of a letter are left out.
func (s *Server) spans(l i18n.Language, text string, reasons []mention.Reason) []Span {
	usable, cuts := within(text, reasons)
	var out []Span
	var active []mention.Reason // those that the present piece is part of
	for i := 1; i < len(cuts); i++ {
		start, end := cuts[i-1], cuts[i]
		active = slices.DeleteFunc(active, func(r mention.Reason) bool { return r.End <= start })
		for len(usable) > 0 && usable[0].Start == start {
			active, usable = append(active, usable[0]), usable[1:]
		}
		out = append(out, s.span(l, text[start:end], active))
	}
	return out
}

// within gives the reasons that have a place in text, by their start, and where
// text is to be cut.
func within(text string, reasons []mention.Reason) (usable []mention.Reason, cuts []int) {
	cuts = []int{0, len(text)}
	for _, r := range reasons {
		if r.Start >= 0 && r.Start < r.End && r.End <= len(text) && boundary(text, r.Start) && boundary(text, r.End) {
			usable = append(usable, r)
			cuts = append(cuts, r.Start, r.End)
		}
	}
	slices.SortStableFunc(usable, func(a, b mention.Reason) int { return a.Start - b.Start })
	slices.Sort(cuts)
	return usable, slices.Compact(cuts)
}

func boundary(text string, at int) bool { return at == len(text) || utf8.RuneStart(text[at]) }

func (s *Server) span(l i18n.Language, text string, reasons []mention.Reason) Span {
	if len(reasons) == 0 {
		return Span{Text: text}
	}
	notes, sum := make([]string, len(reasons)), 0.0
	for i, r := range reasons {
		notes[i] = s.reasonNote(l, r)
		sum += r.Weight
	}
	sp := Span{Text: text, Class: "note", Title: strings.Join(notes, " · ")}
	if sum < 0 {
		sp.Class = "neg"
	} else if sum > 0 {
		sp.Class = "pos"
	}
	return sp
}

// reasonNote is the rule and what it weighs.
func (s *Server) reasonNote(l i18n.Language, r mention.Reason) string {
	if r.Weight == 0 {
		return s.texts.Rule(l, r.Rule)
	}
	return s.texts.Rule(l, r.Rule) + " " + i18n.Signed(l, r.Weight, 2)
}

// brief is the beginning of a text for lists; whole says that it is all of it.
func brief(text string) (start string, whole bool) {
	if len(text) <= briefText {
		return text, true
	}
	at := briefText
	for at > briefText-utf8.UTFMax && !utf8.RuneStart(text[at]) {
		at--
	}
	if space := strings.LastIndexAny(text[:at], " \n\t"); space > briefText/2 {
		at = space
	}
	return text[:at], false
}
