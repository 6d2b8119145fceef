package web

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// functions are what the templates call; texts and numbers come out in l.
func (s *Server) functions(l i18n.Language) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return s.texts.T(l, key, args...) },
		"word":     func(family, code string) string { return s.texts.T(l, family+"."+code) },
		"num":      func(n any) string { return number(l, n) },
		"digits":   func(v string) string { return i18n.Digits(l, v) },
		"dec":      func(f float64) string { return i18n.Decimal(l, f, 2) },
		"percent":  func(f float64) string { return i18n.Percent(l, f) },
		"share":    func(part, whole int64) string { return i18n.Percent(l, share(part, whole)) },
		"when":     func(at time.Time) string { return s.when(l, at) },
		"ago":      func(at time.Time) string { return s.ago(l, at) },
		"coverage": func(o Overview) string { return s.coverageLine(l, o) },
		"dir":      i18n.Dir,
		"spans":    func(m mention.Scored) []Span { return s.spans(l, m.Mention.Text, m.Verdict.Reasons) },
		"rule":     func(rule string) string { return s.ruleName(l, rule) },
		"stars":    func(r *mention.Rating) string { return stars(l, r) },
		"bar":      barWidth,
		"rest":     func(width int64) int64 { return 100 - width },
		"moods":    mention.Moods,
		"link":     link,
		"safeURL":  safeURL,
		"f":        func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) },
	}
}

func number(l i18n.Language, n any) string {
	switch n := n.(type) {
	case int:
		return i18n.Number(l, int64(n))
	case int64:
		return i18n.Number(l, n)
	}
	return ""
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// barWidth is n's width in a bar chart, 0 to 100 with 100 for the first topic.
func barWidth(n int64, all []mention.TopicCount) int64 {
	top := int64(1)
	for _, t := range all {
		top = max(top, t.Complaints, t.Praise)
	}
	return n * 100 / top
}

func (s *Server) when(l i18n.Language, at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	return s.texts.DateTime(l, at, s.zone)
}

func (s *Server) ago(l i18n.Language, at time.Time) string {
	if at.IsZero() {
		return s.texts.T(l, "ago.never")
	}
	return s.texts.Ago(l, s.now().Sub(at))
}

func (s *Server) coverageLine(l i18n.Language, o Overview) string {
	if len(o.Sources) == 0 {
		return s.texts.T(l, "ui.coverage_none")
	}
	return s.texts.T(l, "ui.coverage_line", number(l, len(o.Sources)), number(l, o.Healthy()), s.ago(l, o.Newest()))
}

func stars(l i18n.Language, r *mention.Rating) string {
	if r == nil {
		return ""
	}
	short := func(f float64) string { return i18n.Digits(l, strconv.FormatFloat(f, 'g', 3, 64)) }
	return short(r.Value) + "/" + short(r.Best)
}

// link is the present address with one value changed.
func link(query url.Values, key string, value any) string {
	next := url.Values{}
	for k, v := range query {
		next[k] = v
	}
	switch v := value.(type) {
	case int:
		next.Set(key, strconv.Itoa(v))
	case i18n.Language:
		next.Set(key, string(v))
	case string:
		next.Set(key, v)
	}
	if next.Get(key) == "" {
		next.Del(key)
	}
	return "?" + next.Encode()
}

// safeURL lets only web addresses become links.
func safeURL(u string) string {
	if strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		return u
	}
	return ""
}
