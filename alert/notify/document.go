package notify

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"feryat/i18n"
	"feryat/mention"
)

// How long the parts of a message may be, in runes, and how many of them there
// may be: a person reads it on a phone, and what is left out stands on the page.
const (
	maxName   = 80   // authors, brands, products, persons
	maxTitle  = 120  // rules
	maxQuote  = 280  // one quotation
	maxAdvice = 240  // one line of advice
	maxDraft  = 1200 // one paragraph of a draft
	maxGlance = 100  // the words beside an item of a digest

	mostQuotes = 4
	mostAdvice = 8
	mostDraft  = 8
	mostItems  = 20
	mostCodes  = 8 // topics, reasons, kinds of customer
)

// document is a message in one language, before any format. All its texts are
// clean: one line each, of bounded length, with the other direction isolated.
// Nothing in it is markup.
type document struct {
	Language i18n.Language
	Subject  string // of a mail
	Heading  string
	Line     string // brand, severity and mood at a glance
	Facts    []fact
	Quotes   list
	Advice   list
	Draft    list
	Items    []item // of a digest
	Total    int    // how many items there were
	Rest     string // how many of them are left out; empty if none is
	Links    []link
}

type fact struct{ Label, Value string }

type list struct {
	Label string
	Lines []string
}

type item struct{ Line, Quote, URL string }

type link struct{ Label, URL string }

// renderer makes documents in one language.
type renderer struct {
	texts *i18n.Texts
	l     i18n.Language
	now   func() time.Time
}

func newRenderer(language string, now func() time.Time) (renderer, error) {
	texts, err := i18n.Load()
	return renderer{texts, i18n.Choose(language, ""), now}, err
}

func (r renderer) t(key string, args ...any) string { return r.texts.T(r.l, key, args...) }

func (r renderer) n(n int64) string { return i18n.Number(r.l, n) }

// own is a text that is not feryat's, clean and isolated.
func (r renderer) own(s string, limit int) string { return isolate(r.l, clean(s, limit)) }

// quoted is own between the quotation marks of the language.
func (r renderer) quoted(s string, limit int) string { return r.t("msg.quote", r.own(s, limit)) }

// codes are the words of codes of a family, as one text.
func (r renderer) codes(family string, codes []string) string {
	var words []string
	for _, c := range codes[:min(len(codes), mostCodes)] {
		words = append(words, clean(r.texts.Code(r.l, family, c), maxName))
	}
	return r.join(words...)
}

// join puts what is not empty into a list.
func (r renderer) join(words ...string) string {
	comma := ", "
	if r.l == i18n.Persian {
		comma = "، "
	}
	return strings.Join(filled(words), comma)
}

func filled(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
}

// document renders m as of now.
func (r renderer) document(m Message) document {
	e := m.Escalation
	d := document{Language: r.l, Links: r.links(m)}
	if m.Kind == KindDigest {
		d.Items, d.Total = r.items(m), len(escalations(m))
		d.Heading = r.count("msg.digest", int64(d.Total))
		d = r.withItems(d, mostItems)
		d.Subject = d.Heading
		return d
	}
	d.Heading, d.Line = r.heading(m), d.start(r.glance(e))
	d.Subject = r.subject(e, d.Heading)
	d.Facts = r.facts(e)
	d.Quotes = list{r.t("msg.quotes"), r.quotes(e)}
	d.Advice = list{r.t("msg.advice"), r.advice(m)}
	d.Draft = list{r.t("msg.draft"), r.draft(m.Draft)}
	if m.Draft == "" && m.Withheld != "" {
		d.Facts = append(d.Facts, fact{r.t("msg.withheld"), clean(r.t("withheld."+m.Withheld), maxAdvice)})
	}
	return d
}

// count is the text of key for n things.
func (r renderer) count(key string, n int64) string {
	if n == 1 {
		return r.t(key + ".one")
	}
	return r.t(key, r.n(n))
}

// heading says what happened: the kind of message and the rule's title.
func (r renderer) heading(m Message) string {
	title := m.Title[string(r.l)]
	for _, other := range []string{m.Title["en"], m.Escalation.Rule} {
		if title == "" {
			title = other
		}
	}
	title = r.own(title, maxTitle)
	if key := "msg." + string(m.Kind); m.Kind != "" && r.texts.Has(key) {
		return r.t(key, title)
	}
	return title
}

// subject begins with the brand: a phone shows few letters more.
func (r renderer) subject(e mention.Escalation, heading string) string {
	return "[" + strings.Join(filled([]string{r.own(e.Brand, maxName), r.code("severity", e.Severity)}), " · ") + "] " + heading
}

func (r renderer) code(family, code string) string {
	if code == "" {
		return ""
	}
	return r.codes(family, []string{code})
}

// glance is the most important of an escalation in one line. How many see it is
// said here where there is no author to say it of.
func (r renderer) glance(e mention.Escalation) string {
	reach := ""
	if e.Mention == "" && e.Reach > 0 {
		reach = r.t("msg.reach", r.n(e.Reach))
	}
	return strings.Join(filled([]string{r.own(e.Brand, maxName), r.code("severity", e.Severity), r.code("mood", string(e.Mood)), reach}), " · ")
}

// quotes are the words that say so, else the beginning of the text.
func (r renderer) quotes(e mention.Escalation) (lines []string) {
	words := filled(e.Quotes)
	if len(words) == 0 && e.Figures == nil {
		words = filled([]string{e.Excerpt})
	}
	for _, w := range words[:min(len(words), mostQuotes)] {
		lines = append(lines, r.quoted(w, maxQuote))
	}
	return lines
}

func (r renderer) advice(m Message) (lines []string) {
	all := m.Advice[string(r.l)]
	if len(all) == 0 {
		all = m.Advice["en"]
	}
	for _, line := range all[:min(len(all), mostAdvice)] {
		lines = append(lines, r.own(line, maxAdvice))
	}
	return filled(lines)
}

// draft keeps the paragraphs of a draft apart. One that would have to be cut is
// not shown at all: half a reply must not be sent.
func (r renderer) draft(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = clean(line, len(line)); utf8.RuneCountInString(line) > maxDraft {
			return []string{r.t("msg.draft_cut")}
		}
		lines = append(lines, isolate(r.l, line))
	}
	if lines = filled(lines); len(lines) > mostDraft {
		return []string{r.t("msg.draft_cut")}
	}
	return lines
}

// links lead to the source and to feryat; from a digest only to its page.
func (r renderer) links(m Message) []link {
	all := []link{{r.t("msg.page"), safeURL(m.Links.Page)}}
	if m.Kind != KindDigest {
		all = []link{
			{r.t("ui.open_original"), safeURL(m.Escalation.URL)}, all[0],
			{r.t("msg.acknowledge"), safeURL(m.Links.Acknowledge)}, {r.t("msg.false_alarm"), safeURL(m.Links.FalseAlarm)},
		}
	}
	return slices.DeleteFunc(all, func(l link) bool { return l.URL == "" })
}

// escalations are those that a message tells of.
func escalations(m Message) []mention.Escalation {
	if m.Kind != KindDigest {
		return []mention.Escalation{m.Escalation}
	}
	if slices.ContainsFunc(m.More, func(e mention.Escalation) bool { return e.ID == m.Escalation.ID }) || m.Escalation.ID == "" {
		return m.More
	}
	return append([]mention.Escalation{m.Escalation}, m.More...)
}

// items are the lines of a digest.
func (r renderer) items(m Message) (items []item) {
	all := escalations(m)
	for _, e := range all[:min(len(all), mostItems)] {
		it := item{Line: r.glance(e), URL: safeURL(e.URL)}
		if topics := r.codes("topic", e.Topics); topics != "" {
			it.Line += " · " + topics
		}
		if e.Figures != nil {
			it.Line += " · " + r.figures(e)
		} else if words := filled(append(slices.Clone(e.Quotes), e.Excerpt)); len(words) > 0 {
			it.Quote = r.quoted(words[0], maxGlance)
		}
		items = append(items, it)
	}
	return items
}
