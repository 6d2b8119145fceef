package digest

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"feryat/alert/notify"
	"feryat/i18n"
	"feryat/mention"
)

//go:embed page.html
var markup string

//go:embed report.html
var reportMarkup string

// MaxHTML is the size of a page in bytes that is not exceeded: Gmail cuts mails
// off at 102 KB.
const MaxHTML = 100_000

// Renderer writes digests and reports out.
type Renderer struct {
	texts  *i18n.Texts
	page   *template.Template
	report *template.Template
	titles map[string]map[string]string
	link   string
}

// NewRenderer writes digests whose rules have titles, by name and language.
// Link leads to feryat's page; empty leads nowhere.
func NewRenderer(titles map[string]map[string]string, link string) (*Renderer, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	t, err := template.New("page").Funcs(template.FuncMap{"rest": rest}).Parse(markup)
	if err != nil {
		return nil, err
	}
	report, err := template.New("report").Funcs(template.FuncMap{"chart": draw}).Parse(reportMarkup)
	return &Renderer{texts, t, report, titles, link}, err
}

// rest is the part of a bar that is empty.
func rest(parts []part) int {
	left := 100
	for _, p := range parts {
		left -= p.Width
	}
	return max(0, left)
}

// whole is the size of a page of which nothing is left out.
func whole() size { return size{mostExamples, maxQuote, math.MaxInt} }

// Letter writes d in a language, tr, fa or en, as a mail: the examples get fewer
// and the brands too until it fits.
func (r *Renderer) Letter(c Config, d mention.Digest, language string) (notify.Letter, error) {
	w, err := r.writer(c, d, language)
	if err != nil {
		return notify.Letter{}, err
	}
	sizes := []size{whole(), {3, 160, math.MaxInt}, {2, 100, math.MaxInt}, {0, 0, math.MaxInt}}
	for n := len(d.Brands) + len(d.Rivals); n > 0; n /= 2 {
		sizes = append(sizes, size{0, 0, n})
	}
	var html bytes.Buffer
	for _, w.size = range sizes {
		p := w.page(c, r.link)
		html.Reset()
		if err := r.page.Execute(&html, p); err != nil {
			return notify.Letter{}, err
		}
		if html.Len() <= MaxHTML {
			return notify.Letter{Subject: p.Subject, Text: p.text(), HTML: html.String()}, nil
		}
	}
	return notify.Letter{}, fmt.Errorf("digest %s: %d bytes at its shortest, more than %d", c.Name, html.Len(), MaxHTML)
}

func (r *Renderer) writer(c Config, d mention.Digest, language string) (writer, error) {
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		return writer{}, fmt.Errorf("zone of the digest: %w", err)
	}
	return writer{texts: r.texts, l: i18n.Choose(language, ""), zone: zone, titles: r.titles, d: d, report: c.Period == Reported}, nil
}

// Report writes d in a language as one page with charts that needs nothing from elsewhere, for browsers. A mail of it is
// a Letter: mail programs draw no SVG.
func (r *Renderer) Report(c Config, d mention.Digest, language string) ([]byte, error) {
	w, err := r.writer(c, d, language)
	if err != nil {
		return nil, err
	}
	w.size = whole()
	var html bytes.Buffer
	err = r.report.Execute(&html, reportPage{w.page(c, r.link), w.t("figures"), w.texts.T(w.l, "product")})
	return html.Bytes(), err
}

// reportPage is a page with the words that its template needs.
type reportPage struct {
	page
	Figures string // label of a chart's table
	Product string
}

// rightToLeft is an invisible letter that makes a line run from right to left.
const rightToLeft = "\u200f"

// text writes a page as plain text.
func (p page) text() string {
	var b strings.Builder
	line := func(s string) {
		if p.Language.Dir() == "rtl" && s != "" && !strings.HasPrefix(s, "http") {
			s = rightToLeft + s
		}
		b.WriteString(s + "\n")
	}
	line(p.Heading)
	for _, s := range p.Lines {
		line(s)
	}
	for _, x := range p.Blocks {
		line("")
		if x.Part {
			line("== " + x.Title + " ==")
		} else {
			line("# " + x.Title)
		}
		x.text(line)
	}
	line("")
	for _, s := range p.Foot {
		line(s)
	}
	if p.Link != "" {
		line(p.LinkText + ": " + p.Link)
	}
	return b.String()
}

func (x block) text(line func(string)) {
	if x.Note != "" {
		line(x.Note)
	}
	for _, s := range x.Points {
		line("• " + s)
	}
	for _, f := range x.Facts {
		line(f.Label + ": " + f.Value)
	}
	for _, r := range x.Bars {
		line(strings.TrimSpace(r.Label + ": " + r.Figure + " " + r.Mark))
	}
	for _, it := range x.Items {
		line("• " + it.Text)
		line("  " + it.About)
		if it.URL != "" {
			line("  " + it.URL)
		}
	}
	if x.Rest != "" {
		line(x.Rest)
	}
}
