package web

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

const (
	// nobody stands for no holder and no team.
	nobody = "-"
	// yes is the one value of what is so or not.
	yes = "yes"
)

// aspect is something that the inbox can be narrowed by: the parameter, its
// label, the family of its codes, and which values a case has.
type aspect struct {
	kind
	of func(e mention.OpenEscalation) []string
}

// aspects are all of them; me is the name of who looks.
func (s *Server) aspects(me string, now time.Time) []aspect {
	when := func(is bool) []string {
		if is {
			return []string{yes}
		}
		return nil
	}
	return []aspect{
		{kind{"late", "ui.overdue", ""}, func(e mention.OpenEscalation) []string {
			return when(e.Answered.IsZero() && clocks{OpenEscalation: e, Now: now}.Late())
		}},
		{kind{"mine", "ui.mine", ""}, func(e mention.OpenEscalation) []string { return when(me != "" && e.Holder == me) }},
		{kind{"severity", "ui.severity", "severity"}, func(e mention.OpenEscalation) []string { return []string{e.Severity} }},
		{kind{"state", "ui.state", "state"}, func(e mention.OpenEscalation) []string { return []string{string(e.State)} }},
		{kind{"brand", "ui.brand", ""}, func(e mention.OpenEscalation) []string { return []string{e.Brand} }},
		{kind{"source", "ui.source", ""}, func(e mention.OpenEscalation) []string { return []string{e.Source} }},
		{kind{"topic", "ui.topic", "topic"}, func(e mention.OpenEscalation) []string { return e.Topics }},
		{kind{"language", "ui.language", "tongue"}, func(e mention.OpenEscalation) []string { return []string{e.Language} }},
		{kind{"team", "ui.team", ""}, func(e mention.OpenEscalation) []string { return []string{cmp.Or(e.Team, nobody)} }},
		{kind{"holder", "ui.holder", ""}, func(e mention.OpenEscalation) []string { return []string{cmp.Or(e.Holder, nobody)} }},
	}
}

// tally counts the values of an aspect among the cases that all other chosen
// aspects let through.
type tally struct {
	aspect
	n map[string]int64
}

// narrowed gives the cases that have all chosen values, and what else could be chosen.
func narrowed(open []mention.OpenEscalation, all []aspect, chosen url.Values) (rows []mention.OpenEscalation, counts []tally) {
	for _, a := range all {
		counts = append(counts, tally{a, map[string]int64{}})
	}
	for _, e := range open {
		failing, at := 0, 0
		for i, a := range all {
			if want := chosen.Get(a.Param); want != "" && !slices.Contains(a.of(e), want) {
				failing, at = failing+1, i
			}
		}
		if failing == 0 {
			rows = append(rows, e)
		}
		for i := range counts {
			if failing == 0 || failing == 1 && at == i {
				counts[i].add(e)
			}
		}
	}
	return rows, counts
}

func (t tally) add(e mention.OpenEscalation) {
	for _, v := range t.of(e) {
		if v != "" {
			t.n[v]++
		}
	}
}

// filter is a choice of the inbox's form: a tick where it has one value alone.
type filter struct {
	kind
	Tick    bool
	Choices []choice
	On      *choice // what is chosen; its link takes it back
}

// filters are those that have something to choose. What is chosen stands there
// even if nothing has it any more.
func (s *Server) filters(l i18n.Language, query url.Values, counts []tally) []filter {
	base := url.Values{}
	for name := range query {
		if name != "page" {
			base.Set(name, query.Get(name))
		}
	}
	var all []filter
	for _, t := range counts {
		f := filter{kind: t.kind, Tick: t.Param == "late" || t.Param == "mine"}
		for _, v := range values(t, query.Get(t.Param)) {
			c := choice{Value: v, Word: s.wordOf(l, t.kind, v), N: t.n[v], On: v == query.Get(t.Param), Link: link(base, t.Param, v)}
			if c.On {
				c.Link = link(base, t.Param, "")
				f.On = &c
			}
			f.Choices = append(f.Choices, c)
		}
		if len(f.Choices) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// values are those of a tally, the most frequent first, with the chosen one.
func values(t tally, chosen string) []string {
	var all []string
	for v := range t.n {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(t.n[b], t.n[a]), cmp.Compare(a, b)) })
	shown := all[:min(len(all), maxChoices)]
	if chosen != "" && !slices.Contains(shown, chosen) {
		shown = append(slices.Clone(shown), chosen)
	}
	return shown
}

// maxChoices bounds the values of one filter.
const maxChoices = 100

// wordOf is a value for people. Names of others stand in isolation, so that none
// turns round the figure behind it.
func (s *Server) wordOf(l i18n.Language, k kind, v string) string {
	switch {
	case v == nobody && (k.Param == "holder" || k.Param == "team"):
		return s.texts.T(l, "ui.nobody")
	case v == yes && (k.Param == "late" || k.Param == "mine"):
		return s.texts.T(l, k.Label)
	case k.Family != "":
		return s.texts.Code(l, k.Family, v)
	}
	return "\u2068" + v + "\u2069"
}
