package view

import (
	"math"
	"net/url"
	"strings"
)

// grid is a table.
type grid struct {
	Heads []head
	Rows  [][]cell
}

type head struct {
	Text   string
	Number bool
}

type cell struct {
	Text  string
	Class string
	Words bool // words of others, of any direction
	Link  Link
	Find  string // leads to the mentions of this cell
}

// warmth is how many colors a heat map has.
const warmth = 8

// longText is from how many letters on a column is given room.
const longText = 60

// grid shows a frame as its panel says.
func (v *Viewer) grid(c Choice, p Panel, w words, f frame) grid {
	var g grid
	fields := make([]field, len(f.names))
	for i, name := range f.names {
		fields[i], _ = p.FieldConfig.of(name, f.types[i]) // checked when it was read
		fields[i].NoValue = ""                            // speaks of the panel as a whole
		if p.Type == "heatmap" && isNumber(f.types[i]) {
			fields[i].Color.Mode = "continuous"
		}
		if !fields[i].hidden() {
			g.Heads = append(g.Heads, head{Text: name, Number: isNumber(f.types[i])})
		}
	}
	most := f.most(fields)
	for _, row := range f.rows {
		var cells []cell
		for i, x := range fields {
			if !x.hidden() {
				cells = append(cells, v.cell(c, w, x, rowAt{frame: f, row: row, value: row[i]}, f.types[i], most))
			}
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// most is the greatest number of the columns that are painted.
func (f frame) most(fields []field) (most float64) {
	for i, x := range fields {
		for _, row := range f.rows {
			if n, ok := row[i].(float64); ok && strings.HasPrefix(x.Color.Mode, "continuous") {
				most = max(most, n)
			}
		}
	}
	return most
}

func (v *Viewer) cell(c Choice, w words, x field, at rowAt, kind string, most float64) cell {
	n, number := at.value.(float64)
	out := cell{Text: w.value(x, at.value), Words: !isNumber(kind) && !isTime(kind)}
	if at.text = out.Text; len([]rune(out.Text)) > longText {
		out.Class = "long"
	}
	m, isMapped := x.mapped(at.value)
	switch {
	case number && strings.HasPrefix(x.Color.Mode, "continuous") && most > 0:
		out.Class = heat(n / most)
	case isMapped && m.Color != "":
		out.Class = inkOf(m.Color).text()
	case number && strings.HasPrefix(x.Custom.CellOptions.Type, "color"):
		out.Class = inkOf(x.color(n)).text()
	}
	for _, l := range x.Links {
		link, ok := c.link(l, at)
		if !ok || out.Link.URL != "" || out.Text == nothing || out.Text == "" {
			continue
		}
		out.Link, out.Find = link, c.found(link, v.zone)
		if u, err := url.Parse(out.Text); err == nil && link.Foreign && u.Host != "" {
			out.Text, out.Class = u.Host, ""
		}
	}
	if isTime(kind) {
		out.Class = "when"
	}
	if isNumber(kind) {
		out.Class = strings.TrimSpace("n " + out.Class)
	}
	return out
}

// heat is the class of a share of the most.
func heat(share float64) string {
	step := int(math.Ceil(min(max(share, 0), 1) * warmth))
	return "heat heat-" + string(rune('0'+step))
}
