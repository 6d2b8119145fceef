package digest

import (
	"slices"
	"strings"
	"time"

	"feryat/alert/notify"
	"feryat/i18n"
	"feryat/mention"
)

// How long foreign texts may be, in runes.
const (
	maxName  = 60
	maxQuote = 240
)

// mostExamples is how many examples of a kind a digest has, a brand each.
const mostExamples = 5

// page is a digest in one language, before HTML or text. Its texts are clean:
// one line each, with the other direction isolated. Nothing in it is markup.
type page struct {
	Language i18n.Language
	Subject  string
	Heading  string
	Lines    []string // below the heading
	Blocks   []block
	Foot     []string
	Link     string // leads to feryat; may be empty
	LinkText string
}

// block is a part of a page under a title of its own.
type block struct {
	Title  string
	Part   bool // begins a part of the page: a brand, or what is of none
	Note   string
	Points []string // sentences
	Facts  []fact
	Spans  []span // what Facts say, for who can draw
	Legend []part // of the bars
	Bars   []bar
	Days   bool // Bars are days
	Items  []item
	Rest   string // how many items are left out
}

type fact struct{ Label, Value string }

// bar is a row of a chart: what its figure says, as lengths.
type bar struct {
	Label  string
	Rows   [][]part
	Figure string
	Mark   string // what is to be noticed in it
}

// part is a stretch of a bar, in percent of the longest.
type part struct {
	Colour, Name string
	Width        int
}

// item is something that a person wrote, or that happened.
type item struct{ Text, About, URL string }

// writer makes pages in one language.
type writer struct {
	texts  *i18n.Texts
	l      i18n.Language
	zone   *time.Location
	titles map[string]map[string]string // of rules, by name and language
	d      mention.Digest
	size   size
	report bool // tells stories, too
}

// size bounds a page: a mail that is too long is cut off by some mailboxes.
type size struct{ items, quote, brands int }

func (w writer) t(key string, args ...any) string { return w.texts.T(w.l, "digest."+key, args...) }

func (w writer) n(n int64) string { return i18n.Number(w.l, n) }

func (w writer) foreign(s string, limit int) string { return notify.Foreign(w.l, s, limit) }

// page writes what the digest says, of the brands that find a place.
func (w writer) page(c Config, link string) page {
	p := page{Language: w.l, Link: notify.Address(link), LinkText: w.texts.T(w.l, "msg.page")}
	p.Heading = w.t(c.Period, w.period())
	p.Subject = p.Heading
	if len(w.d.Brands) == 1 {
		p.Subject = "[" + w.foreign(w.d.Brands[0].Brand, maxName) + "] " + p.Heading
	}
	p.Lines = append([]string{w.t("compared." + c.Period)}, w.covered()...)
	p.Blocks = append(p.Blocks, w.gaps()...)
	if len(w.d.Brands) > 1 {
		p.Blocks = append(p.Blocks, block{Title: w.t("all"), Part: true, Facts: w.tally(w.d.Now, w.d.Past)})
	}
	shown := w.d.Brands[:min(len(w.d.Brands), w.size.brands)]
	for _, b := range shown {
		p.Blocks = append(p.Blocks, w.brand(b)...)
	}
	p.Blocks = append(p.Blocks, w.rivals()...)
	p.Blocks = append(p.Blocks, w.listed()...)
	p.Blocks = append(p.Blocks, w.sources()...)
	if w.size != whole() {
		p.Foot = append(p.Foot, w.t("cut"))
	}
	p.Foot = append(p.Foot, w.t("made", w.texts.DateTime(w.l, w.d.AsOf, w.zone), w.foreign(w.d.Zone, maxName)))
	return p
}

// period is the day or the days that the digest tells of.
func (w writer) period() string {
	last := w.d.To.In(w.zone).AddDate(0, 0, -1)
	if first := w.d.From.In(w.zone); first.Before(last) {
		return w.t("span", w.texts.Day(w.l, first, w.zone), w.texts.Date(w.l, last, w.zone))
	}
	return w.texts.Date(w.l, last, w.zone)
}

// covered says that nothing is missing; what is has a block of its own.
func (w writer) covered() []string {
	switch {
	case len(w.d.Gaps) > 0:
		return nil
	case w.d.Watched == 0:
		return []string{w.t("no_sources")}
	}
	return []string{w.t("no_gaps", w.n(int64(w.d.Watched)))}
}

// mostGaps is how many sources with gaps are named.
const mostGaps = 15

func (w writer) gaps() []block {
	if len(w.d.Gaps) == 0 {
		return nil
	}
	all := slices.Clone(w.d.Gaps)
	slices.SortStableFunc(all, func(a, b mention.SourceGap) int { return int(b.Blind/time.Minute) - int(a.Blind/time.Minute) })
	b := block{Title: w.t("gaps"), Note: w.t("gaps_note"), Rest: w.rest(len(all), mostGaps)}
	for _, g := range all[:min(len(all), mostGaps)] {
		reason := w.t("not_visited")
		switch {
		case g.New:
			reason = w.t("not_yet")
		case g.Reason != "":
			reason = w.foreign(w.texts.Code(w.l, "reason", g.Reason), maxName)
		}
		b.Facts = append(b.Facts, fact{w.foreign(g.Source, maxName), w.t("gap", w.texts.Span(w.l, g.Blind), reason)})
	}
	return []block{b}
}

// rest counts what is left out of a list.
func (w writer) rest(all, shown int) string {
	if all <= shown {
		return ""
	}
	return w.texts.T(w.l, "msg.more", w.n(int64(all-shown)))
}

// brand is the part of one brand.
func (w writer) brand(b mention.BrandDigest) []block {
	head := block{Title: w.foreign(b.Brand, maxName), Part: true, Facts: w.tally(b.Now, b.Past)}
	if b.Now.Mentions == 0 {
		head.Note, head.Facts = w.t("none"), nil
	}
	blocks := []block{head}
	parts := []block{w.days(b), w.topics(b), w.cases(b), w.incidents(b)}
	if w.report {
		parts = []block{w.stories(b), w.shares(b), w.days(b), w.topics(b), w.incidents(b), w.cases(b), w.waits("slow", b.Slow), w.waits("quick", b.Quick), w.switches(b)}
	}
	for _, part := range parts {
		if len(part.Bars)+len(part.Facts)+len(part.Items)+len(part.Points) > 0 {
			blocks = append(blocks, part)
		}
	}
	return append(blocks, w.good(b)...)
}

// listed are the rules that tell nobody, because they were wrong too often.
func (w writer) listed() []block {
	if len(w.d.Listed) == 0 {
		return nil
	}
	b := block{Title: w.t("listed"), Part: true, Note: w.t("listed_note"), Rest: w.rest(len(w.d.Listed), mostGaps)}
	for _, r := range w.d.Listed[:min(len(w.d.Listed), mostGaps)] {
		b.Facts = append(b.Facts, fact{w.title(r.Rule), w.n(r.Count)})
	}
	return []block{b}
}

// title is the name of a rule for people.
func (w writer) title(rule string) string {
	for _, title := range []string{w.titles[rule][string(w.l)], w.titles[rule]["en"]} {
		if title != "" {
			return w.foreign(title, maxName)
		}
	}
	return w.foreign(w.texts.Code(w.l, "rule", rule), maxName)
}

// join puts what is not empty into a line. A point in the middle would be taken
// for a Persian zero.
func (w writer) join(words ...string) string {
	between := " · "
	if w.l == i18n.Persian {
		between = " | "
	}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), between)
}
