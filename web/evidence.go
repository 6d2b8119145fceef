package web

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"feryat/i18n"
	"feryat/mention"
)

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
	var usable []mention.Reason
	cuts := []int{0, len(text)}
	for _, r := range reasons {
		if r.Start >= 0 && r.Start < r.End && r.End <= len(text) && boundary(text, r.Start) && boundary(text, r.End) {
			usable = append(usable, r)
			cuts = append(cuts, r.Start, r.End)
		}
	}
	sort.Ints(cuts)
	var out []Span
	for i := 1; i < len(cuts); i++ {
		if cuts[i-1] < cuts[i] {
			out = append(out, s.span(l, text, cuts[i-1], cuts[i], usable))
		}
	}
	return out
}

func boundary(text string, at int) bool { return at == len(text) || utf8.RuneStart(text[at]) }

func (s *Server) span(l i18n.Language, text string, start, end int, reasons []mention.Reason) Span {
	var notes []string
	sum, found := 0.0, false
	for _, r := range reasons {
		if r.Start <= start && r.End >= end {
			found = true
			sum += r.Weight
			notes = append(notes, s.reasonNote(l, r))
		}
	}
	sp := Span{Text: text[start:end]}
	if !found {
		return sp
	}
	sp.Title = strings.Join(notes, " · ")
	switch {
	case sum < 0:
		sp.Class = "neg"
	case sum > 0:
		sp.Class = "pos"
	default:
		sp.Class = "note"
	}
	return sp
}

func (s *Server) reasonNote(l i18n.Language, r mention.Reason) string {
	rule := s.ruleName(l, r.Rule)
	if r.Weight == 0 {
		return rule
	}
	sign := ""
	if r.Weight > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s %s%s", rule, sign, i18n.Decimal(l, r.Weight, 2))
}

// ruleName translates the code behind a rule such as "topic:delay".
func (s *Server) ruleName(l i18n.Language, rule string) string {
	kind, code, ok := strings.Cut(rule, ":")
	if !ok {
		if key := "rule." + rule; s.texts.Has(key) {
			return s.texts.T(l, key)
		}
		return rule
	}
	for _, family := range []string{kind, "topic"} {
		if key := family + "." + code; s.texts.Has(key) {
			return s.texts.T(l, key)
		}
	}
	return rule
}
