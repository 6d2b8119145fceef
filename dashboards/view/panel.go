package view

import (
	"context"
	"regexp"
	"strings"
	"time"
)

// drawn is what the template shows of a panel.
type drawn struct {
	ID           int
	Title, About string
	Width        int // of 24 columns
	Row          bool
	Rtl          bool
	Empty        string // says that there is nothing, and takes the place of all below
	Fault        string // why it cannot be shown
	Note         string
	Text         []string
	Figures      []figure
	Charts       []chart
	Legend       []entry
	Groups       []group
	Incidents    []incident
	Grids        []grid
	Open         bool // the grids are the panel, and not what is behind a chart
	Links        []Link
	Mentions     string
}

// entry of a legend.
type entry struct {
	Name string
	Ink  ink
	Dash int // of a line, from 0; -1 for bars
}

// figure is a number shown large, or beside one.
type figure struct {
	Name, Text string
	Class      string  // color of the text
	Share      float64 // of a gauge, 0 to 100; -1 for none
	Ink        ink
}

// incident is a mark in time.
type incident struct {
	At         time.Time
	When, Text string
}

// panel asks what a panel shows.
func (v *Viewer) panel(ctx context.Context, c Choice, p Panel, marks []incident) drawn {
	d := drawn{ID: p.ID, Title: p.Title, About: p.Description, Width: width(p), Row: p.Type == "row", Rtl: c.Language.Dir() == "rtl"}
	w := words{texts: v.texts, lang: c.Language, zone: v.zone}
	if p.Type == "text" {
		d.Text = strings.Split(strings.TrimSpace(p.option("content")), "\n\n")
	}
	if d.Row || p.Type == "text" {
		return d
	}
	var frames []frame
	rows := 0
	for _, t := range p.Targets {
		if t.Hide {
			continue
		}
		f, err := v.run(ctx, c, t.RawSQL, duration(p.Interval))
		if err != nil {
			d.Fault = w.fault(err)
			return d
		}
		if rows += len(f.rows); len(f.rows) > 0 {
			frames = append(frames, f)
		}
	}
	v.lead(&d, c, p)
	if rows == 0 {
		d.Empty = w.t("view.no_data")
		if f, _ := p.FieldConfig.of("", ""); len([]rune(f.NoValue)) > 1 {
			d.Empty = f.NoValue
		}
		return d
	}
	v.fill(&d, c, p, w, frames, marks)
	return d
}

// fill draws the panel by its type.
func (v *Viewer) fill(d *drawn, c Choice, p Panel, w words, frames []frame, marks []incident) {
	for _, f := range frames {
		if f.cut {
			d.Note = w.t("view.cut", w.decimal(float64(len(f.rows)), 0))
		}
	}
	switch p.Type {
	case "timeseries":
		v.series(d, c, p, w, frames, marks)
	case "barchart":
		v.bars(d, c, p, w, frames)
	case "stat", "gauge":
		v.figures(d, c, p, w, frames)
	default:
		if p.Type != "table" && p.Type != "heatmap" && p.Type != "logs" {
			d.Note = strings.TrimSpace(d.Note + " " + w.t("view.as_table", p.Type))
		}
		d.Open = true
		for _, f := range frames {
			d.Grids = append(d.Grids, v.grid(c, p, w, f))
		}
	}
}

// lead gives a panel its links: those of its definition, and beside them the mentions that it is about.
func (v *Viewer) lead(d *drawn, c Choice, p Panel) {
	f, _ := p.FieldConfig.of("", "") // checked when it was read
	for _, l := range f.Links {
		if link, ok := c.link(l, rowAt{}); ok && !strings.Contains(l.URL, "__value") && !strings.Contains(l.URL, "__data") {
			d.Links = append(d.Links, link)
		}
	}
	for _, t := range p.Targets {
		if len(d.Links) > 0 && strings.Contains(t.RawSQL, "v_mentions") {
			d.Mentions = v.Mentions(c)
		}
	}
}

// width is a panel's share of the 24 columns, as one of those that the style knows.
func width(p Panel) int {
	for _, w := range []int{4, 6, 8, 12, 16} {
		if p.GridPos.W > 0 && p.GridPos.W <= w {
			return w
		}
	}
	return 24
}

// aside is what ClickHouse adds to an error: the query, and where in it.
var aside = regexp.MustCompile(`(?s)\s*(: ?While |: ?In scope |\(version |\. Maybe you meant|: FROM |: SELECT ).*`)

// fault says briefly what ClickHouse or the expander says; the text of the query is left out.
func (w words) fault(err error) string {
	switch text := err.Error(); {
	case Gone(err):
		return w.t("view.gone")
	case strings.Contains(text, "TIMEOUT_EXCEEDED") || strings.Contains(text, "MEMORY_LIMIT_EXCEEDED"):
		return w.t("view.too_much")
	}
	text := aside.ReplaceAllString(err.Error(), "")
	if r := []rune(text); len(r) > maxFault {
		text = string(r[:maxFault]) + "…"
	}
	return w.t("view.failed", text)
}

// maxFault is how many letters of an error are shown.
const maxFault = 240

// marks are the events that stand on the charts; without them the charts are still right.
func (v *Viewer) marks(ctx context.Context, c Choice) (list []incident) {
	w := words{texts: v.texts, lang: c.Language, zone: v.zone}
	for _, a := range c.Board.Annotations.List {
		if !a.Enable || a.Target.RawSQL == "" {
			continue
		}
		f, err := v.run(ctx, c, a.Target.RawSQL, 0)
		if err != nil {
			continue
		}
		for _, row := range f.rows {
			var m incident
			var texts []string
			for i, name := range f.names {
				switch at, ok := row[i].(time.Time); {
				case ok && m.At.IsZero():
					m.At = at
				case name == "text" || name == "tags" || name == "title":
					texts = append(texts, w.value(field{}, row[i]))
				}
			}
			if m.When, m.Text = w.time(m.At), strings.Join(texts, " · "); !m.At.IsZero() {
				list = append(list, m)
			}
		}
	}
	return list
}

// figures shows one number large and what it rests on beside it.
func (v *Viewer) figures(d *drawn, c Choice, p Panel, w words, frames []frame) {
	for _, f := range frames {
		row := f.rows[len(f.rows)-1] // of several the last, as in Grafana
		for i, name := range f.names {
			if isTime(f.types[i]) {
				continue
			}
			x, _ := p.FieldConfig.of(name, f.types[i])
			fig := figure{Name: name, Text: w.value(x, row[i]), Share: -1}
			if n, ok := row[i].(float64); ok {
				fig.Class, fig.Ink = inkOf(x.color(n)).text(), inkOf(x.color(n))
				if p.Type == "gauge" {
					fig.Share = x.share(n)
				}
			}
			if row[i] == nil && len(d.Figures) == 0 {
				d.Note = w.t("view.no_data")
			}
			d.Figures = append(d.Figures, fig)
		}
	}
	if len(frames) > 0 && len(frames[0].rows) > 1 {
		d.Grids = append(d.Grids, v.grid(c, p, w, frames[0]))
	}
}

// text is the class of letters in the ink's color; the colors for areas are too faint for letters.
func (i ink) text() string {
	if i.Class == "" || i.Class == "k k-text" {
		return ""
	}
	return strings.Replace(i.Class, "k k-", "ink-", 1)
}

// share is where n lies between the field's ends, 0 to 100.
func (f field) share(n float64) float64 {
	low, high := 0.0, 100.0
	if f.Unit == "percentunit" {
		high = 1
	}
	if f.Min != nil {
		low = *f.Min
	}
	if f.Max != nil {
		high = *f.Max
	}
	if high <= low {
		return 0
	}
	return min(max(100*(n-low)/(high-low), 0), 100)
}
