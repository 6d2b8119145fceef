package web

import (
	"html/template"
	"math"
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
		"t":         func(key string, args ...any) string { return s.texts.T(l, key, args...) },
		"word":      func(family, code string) string { return s.texts.Code(l, family, code) },
		"num":       func(n any) string { return number(l, n) },
		"digits":    func(v string) string { return i18n.Digits(l, v) },
		"dec":       func(f float64) string { return i18n.Decimal(l, f, 2) },
		"percent":   func(f float64) string { return i18n.Percent(l, f) },
		"share":     func(part, whole int64) string { return i18n.Percent(l, share(part, whole)) },
		"when":      func(w mention.Written) string { return s.when(l, w) },
		"stamp":     stamp,
		"codes":     codes,
		"ago":       func(at time.Time) string { return s.ago(l, at) },
		"coverage":  func(o Overview) string { return s.coverageLine(l, o) },
		"dir":       i18n.Dir,
		"said":      func(m mention.Scored) Said { return s.said(l, m, false) },
		"brief":     func(m mention.Scored) Said { return s.said(l, m, true) },
		"signed":    func(f float64) string { return i18n.Signed(l, f, 2) },
		"written":   func(w mention.Written) string { return s.written(l, w) },
		"trouble":   func(h mention.SourceHealth) string { return s.trouble(l, h) },
		"rule":      func(rule string) string { return s.texts.Rule(l, rule) },
		"stars":     func(r *mention.Rating) string { return s.stars(l, r) },
		"bar":       barWidth,
		"rest":      func(width int64) int64 { return 100 - width },
		"due":       func(c clocks) string { return s.due(l, c) },
		"delay":     func(from, to time.Time) string { return s.delay(l, from, to) },
		"clock":     func(at time.Time) string { return s.texts.DateTime(l, at, s.zone) },
		"excerpt":   func(f *mention.Figures, text string) string { return s.excerpt(l, f, text) },
		"tongue":    func(f *mention.Figures, language string) string { return tongue(l, f, language) },
		"eventNote": func(e mention.Event) string { return s.eventNote(l, e) },
		"ticket":    ticketOf,
		"counted":   func(m mention.Mention) string { return s.counted(l, m) },
		"quickActs": quickActs,
		"inTime":    func(row mention.SLO) string { return s.inTime(l, row) },
		"ratio":     func(r mention.Ratio) string { return s.ratio(l, r) },
		"minutes":   func(v mention.Spread) string { return s.spread(l, v, time.Minute) },
		"seconds":   func(v mention.Spread) string { return s.spread(l, v, time.Second) },
		"moods":     mention.Moods,
		"link":      link,
		"safeURL":   safeURL,
		"down":      func(h mention.ChannelHealth) string { return s.down(l, h) },
		"topics":    func(on []string) []topic { return s.topics(l, on) },
		"value":     func(c mention.Correction) string { return s.value(l, c) },
		"dayLike":   func() string { return i18n.PlainDate(l, s.now(), s.zone) },
		"f":         func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) },
		"agreement": func(a mention.Agreement) string { return s.agreement(l, a) },
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

// when is the day, and the minute if the source tells it.
func (s *Server) when(l i18n.Language, w mention.Written) string {
	switch {
	case w.Time.IsZero() || w.Precision == mention.PrecisionUnknown:
		return s.texts.T(l, "ui.time_unknown")
	case w.Precision == mention.PrecisionDay:
		zone, err := time.LoadLocation(w.Zone) // the day is the one that the source showed
		if err != nil {
			zone = s.zone
		}
		return s.texts.Date(l, w.Time, zone)
	}
	return s.texts.DateTime(l, w.Time, s.zone)
}

// written is for lists: how long ago, no more exactly than the source tells.
func (s *Server) written(l i18n.Language, w mention.Written) string {
	if w.Time.IsZero() || w.Precision == mention.PrecisionUnknown || w.Precision == mention.PrecisionDay {
		return s.when(l, w)
	}
	return s.ago(l, w.Time)
}

// stamp is a time for programs.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}

// labelled are codes of one family under a label.
type labelled struct {
	Label, Family, Class string
	Codes                []string
}

func codes(label, family, class string, codes []string) labelled {
	return labelled{label, family, class, codes}
}

func (s *Server) ago(l i18n.Language, at time.Time) string {
	if at.IsZero() {
		return s.texts.T(l, "ago.never")
	}
	return s.texts.Ago(l, s.now().Sub(at))
}

func (s *Server) coverageLine(l i18n.Language, o Overview) string {
	all, healthy := number(l, len(o.Sources)), number(l, o.Healthy())
	switch {
	case len(o.Sources) == 0:
		return s.texts.T(l, "ui.coverage_none")
	case o.Newest().IsZero():
		return s.texts.T(l, "ui.coverage_never", all, healthy)
	}
	return s.texts.T(l, "ui.coverage_line", all, healthy, s.ago(l, o.Newest()))
}

// trouble says what a source failed to give, and mostly why.
func (s *Server) trouble(l i18n.Language, h mention.SourceHealth) string {
	var parts []string
	if h.SoftFails > 0 {
		parts = append(parts, s.texts.T(l, "ui.soft_fails", i18n.Number(l, h.SoftFails)))
	}
	if h.Failures > 0 {
		parts = append(parts, s.texts.T(l, "ui.failures", i18n.Number(l, h.Failures)))
	}
	if h.Reason != "" && (len(parts) > 0 || !h.Healthy) {
		parts = append(parts, s.texts.T(l, "reason."+h.Reason))
	}
	return strings.Join(parts, " · ")
}

// Said is a text with its evidence.
type Said struct {
	Language string
	Spans    []Span
	Cut      bool // there is more
}

func (s *Server) said(l i18n.Language, m mention.Scored, short bool) Said {
	text, whole := m.Mention.Text, true
	if short {
		text, whole = brief(text)
	}
	return Said{Language: m.Verdict.Language, Spans: s.spans(l, text, m.Verdict.Reasons), Cut: !whole}
}

func (s *Server) stars(l i18n.Language, r *mention.Rating) string {
	if r == nil {
		return ""
	}
	return s.texts.T(l, "ui.rating_of", plain(l, r.Value), plain(l, r.Best))
}

// counted are the figures that the source shows beside a mention.
func (s *Server) counted(l i18n.Language, m mention.Mention) string {
	var parts []string
	for i, n := range []int64{m.Likes, m.Replies, m.Shares, m.Views} {
		if n != 0 {
			parts = append(parts, s.texts.T(l, "ui."+[]string{"likes", "replies", "shares", "views"}[i], i18n.Number(l, n)))
		}
	}
	return strings.Join(parts, " · ")
}

// plain shows a number with at most one digit after the mark.
func plain(l i18n.Language, f float64) string {
	if f == math.Trunc(f) {
		return i18n.Decimal(l, f, 0)
	}
	return i18n.Decimal(l, f, 1)
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

// ticket is one of a help desk.
type ticket struct{ Label, URL string }

// ticketOf reads the note of a ticket's event: a number, an address, or both.
func ticketOf(note string) ticket {
	number, url, both := strings.Cut(note, " http")
	switch {
	case both:
		return ticket{"#" + number, safeURL("http" + url)}
	case safeURL(note) != "":
		return ticket{note, note}
	}
	return ticket{Label: "#" + note}
}

// safeURL lets only web addresses become links.
func safeURL(u string) string {
	if strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		return u
	}
	return ""
}
