package view

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// line is a series over time: points in order of time, with a gap where there is no value.
type line struct {
	name   string
	field  field
	ink    ink
	points map[time.Time]float64
}

// series draws what changes with time, and puts the table of it behind.
func (v *Viewer) series(d *drawn, c Choice, p Panel, w words, frames []frame, marks []incident) {
	var lines []line
	for _, f := range frames {
		lines = append(lines, p.lines(f, len(lines))...)
	}
	if len(lines) == 0 { // no time or no number: what there is, is shown
		d.Open = true
		for _, f := range frames {
			d.Grids = append(d.Grids, v.grid(c, p, w, f))
		}
		return
	}
	step := c.interval(duration(p.Interval))
	w.day = step >= 24*time.Hour
	x := axis{step: step, start: first(c.From, step), end: c.To, rtl: d.Rtl}
	base, _ := p.FieldConfig.of("", "")
	asBars, stacked := base.Custom.DrawStyle == "bars", base.Custom.Stacking.Mode == "normal" || base.Custom.Stacking.Mode == "percent"
	plotted := lines
	if asBars && base.Custom.Stacking.Mode == "percent" {
		plotted = shares(lines)
	}
	for _, size := range sizes(d.Width) {
		d.Charts = append(d.Charts, size.draw(x, w, plotted, marks, asBars, stacked))
	}
	for i, l := range lines {
		e := entry{Name: l.name, Ink: l.ink, Dash: i / 4 % 3}
		if asBars {
			e.Dash = -1
		}
		d.Legend = append(d.Legend, e)
	}
	for _, m := range marks {
		if x.at(m.At) >= 0 {
			d.Incidents = append(d.Incidents, m)
		}
	}
	d.Grids = append(d.Grids, w.table(lines))
}

// lines parts a frame into series: one a number column, and one a label where texts stand beside it. So many stand before.
func (p Panel) lines(f frame, before int) (all []line) {
	at := slices.IndexFunc(f.types, isTime)
	if at < 0 {
		return nil
	}
	fields := make([]field, len(f.names))
	for i, name := range f.names {
		fields[i], _ = p.FieldConfig.of(name, f.types[i]) // checked when it was read
	}
	index := map[string]int{}
	for _, row := range f.rows {
		when, ok := row[at].(time.Time)
		if !ok {
			continue
		}
		for i, kind := range f.types {
			if !isNumber(kind) || fields[i].hidden() {
				continue
			}
			name := f.series(fields[i], i, row)
			n, known := index[name]
			if !known {
				n = len(all)
				index[name] = n
				all = append(all, p.line(name, kind, fields[i], before+n))
			}
			if value, ok := row[i].(float64); ok {
				all[n].points[when] = value
			}
		}
	}
	return all
}

// line begins series number n; its own settings, by its name, come over those of its column.
func (p Panel) line(name, kind string, x field, n int) line {
	if own, _ := p.FieldConfig.of(name, kind); own.Color.Mode == "fixed" {
		x = own
	}
	l := line{name: name, field: x, ink: palette(n), points: map[time.Time]float64{}}
	if x.Color.Mode == "fixed" {
		l.ink = inkOf(x.Color.FixedColor)
	}
	return l
}

var labelInName = regexp.MustCompile(`\$\{__field\.labels\.([^}]+)\}|\$\{__field\.labels\["([^"]+)"\]\}`)

// series names the series that column i of a row belongs to.
func (f frame) series(x field, i int, row []any) string {
	labels := map[string]string{}
	var texts []string
	for j, kind := range f.types {
		if !isNumber(kind) && !isTime(kind) && row[j] != nil {
			labels[f.names[j]] = plain(row[j])
			texts = append(texts, labels[f.names[j]])
		}
	}
	if x.DisplayName != "" {
		text := labelInName.ReplaceAllStringFunc(x.DisplayName, func(found string) string {
			m := labelInName.FindStringSubmatch(found)
			return labels[m[1]+m[2]]
		})
		return strings.ReplaceAll(text, "${__field.name}", f.names[i])
	}
	if len(texts) == 0 {
		return f.names[i]
	}
	return strings.Join(append([]string{f.names[i]}, texts...), " ")
}

// shares are the lines as parts of all that stands at the same time. The table keeps what they were.
func shares(lines []line) []line {
	sums := map[time.Time]float64{}
	for _, l := range lines {
		for t, n := range l.points {
			sums[t] += max(n, 0)
		}
	}
	one, out := 1.0, slices.Clone(lines)
	for i, l := range lines {
		out[i].field.Unit, out[i].field.Decimals, out[i].field.Max, out[i].points = "percentunit", nil, &one, map[time.Time]float64{}
		for t, n := range l.points {
			if sums[t] > 0 {
				out[i].points[t] = max(n, 0) / sums[t]
			}
		}
	}
	return out
}

// table has a row a time and a column a series.
func (w words) table(lines []line) grid {
	times := map[time.Time]bool{}
	g := grid{Heads: []head{{Text: w.t("view.time")}}}
	for _, l := range lines {
		g.Heads = append(g.Heads, head{Text: l.name, Number: true})
		for t := range l.points {
			times[t] = true
		}
	}
	var order []time.Time
	for t := range times {
		order = append(order, t)
	}
	slices.SortFunc(order, time.Time.Compare)
	for _, t := range order {
		row := []cell{{Text: w.time(t), Class: "when"}}
		for _, l := range lines {
			x := cell{Text: nothing, Class: "n"}
			if n, ok := l.points[t]; ok {
				x.Text = w.value(l.field, n)
			}
			row = append(row, x)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}
