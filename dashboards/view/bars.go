package view

import "slices"

// group is one thing that is compared, with a bar or several.
type group struct {
	Name string
	Bars []bar
}

// bar is drawn in 100 units.
type bar struct {
	Parts []part
	Text  string
}

type part struct {
	X, W  float64
	Ink   ink
	Title string
}

// column is a series of a bar chart.
type column struct {
	at    int
	name  string
	field field
	ink   ink
}

// bars draws things side by side: the first column that is no number names them.
func (v *Viewer) bars(d *drawn, c Choice, p Panel, w words, frames []frame) {
	f := frames[0]
	name := max(0, slices.IndexFunc(f.types, func(kind string) bool { return !isNumber(kind) }))
	var columns []column
	for i, kind := range f.types {
		x, _ := p.FieldConfig.of(f.names[i], kind)
		if i == name || !isNumber(kind) || x.hidden() {
			continue
		}
		col := column{at: i, name: f.names[i], field: x, ink: palette(len(columns))}
		if x.Color.Mode == "fixed" {
			col.ink = inkOf(x.Color.FixedColor)
		}
		columns = append(columns, col)
		d.Legend = append(d.Legend, entry{Name: col.name, Ink: col.ink, Dash: -1})
	}
	d.Grids = append(d.Grids, v.grid(c, p, w, f))
	if len(columns) == 0 { // no number: the table is all there is
		d.Open = true
		return
	}
	if len(columns) == 1 {
		d.Legend = nil
	}
	stacking := p.option("stacking")
	most := greatest(f, columns, stacking != "normal" && stacking != "percent")
	for _, row := range f.rows {
		g := group{Name: w.value(field{}, row[name])}
		if stacking == "normal" || stacking == "percent" {
			g.Bars = []bar{w.stacked(row, columns, most, stacking == "percent", d.Rtl)}
		} else {
			for _, col := range columns {
				g.Bars = append(g.Bars, w.single(row, col, most, d.Rtl))
			}
		}
		d.Groups = append(d.Groups, g)
	}
}

// greatest is the longest bar; single says that each column has its own.
func greatest(f frame, columns []column, single bool) (most float64) {
	for _, row := range f.rows {
		sum := 0.0
		for _, col := range columns {
			n, _ := row[col.at].(float64)
			sum += max(n, 0)
			if single {
				most = max(most, n)
			}
		}
		if !single {
			most = max(most, sum)
		}
	}
	return most
}

func (w words) single(row []any, col column, most float64, rtl bool) bar {
	n, _ := row[col.at].(float64)
	text := w.value(col.field, row[col.at])
	b := bar{Text: text}
	if most > 0 && n > 0 {
		b.Parts = []part{placed(part{W: 100 * n / most, Ink: col.ink, Title: col.name + ": " + text}, rtl)}
	}
	return b
}

// stacked puts the columns behind one another; whole makes all bars equally long.
func (w words) stacked(row []any, columns []column, most float64, whole, rtl bool) bar {
	sum := 0.0
	for _, col := range columns {
		n, _ := row[col.at].(float64)
		sum += max(n, 0)
	}
	b, x := bar{Text: w.value(columns[0].field, sum)}, 0.0
	if whole {
		most = sum
	}
	for _, col := range columns {
		n, _ := row[col.at].(float64)
		if n <= 0 || most <= 0 {
			continue
		}
		title := col.name + ": " + w.value(col.field, n)
		if whole {
			title += " (" + w.percent(100*n/sum, 0) + ")"
		}
		p := part{X: x, W: 100 * n / most, Ink: col.ink, Title: title}
		x += p.W
		b.Parts = append(b.Parts, placed(p, rtl))
	}
	return b
}

// placed turns a part round where writing runs to the left.
func placed(p part, rtl bool) part {
	if rtl {
		p.X = 100 - p.X - p.W
	}
	return p
}
