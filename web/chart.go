package web

import (
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// The room inside a chart, in units of its viewBox.
const (
	chartHead = 18 // for the greatest number
	chartFoot = 22 // for the days below
)

// Graph is the mood over time: drawn for wide and for narrow screens, of which
// the style shows one, and as a table for who cannot see bars.
type Graph struct {
	Charts []Chart
	Rows   []ChartRow
}

// Chart is a stacked bar a day, drawn on the server.
type Chart struct {
	Class         string
	Width, Height int
	Base          int // y of the line that bars stand on
	Bars          []Bar
	Ticks         []Tick
	Max           string
	labels        int // about so many days are named
}

// Bar is one mood on one day.
type Bar struct {
	X, Y, W, H float64
	Mood       mention.Mood
	Title      string
}

// Tick is a day below the bars.
type Tick struct {
	X     float64
	Label string
}

// ChartRow is one day with the count of each mood, in the order of mention.Moods.
type ChartRow struct {
	Label  string
	Counts []string
}

// graph shows each day from..to; days without mentions stay empty, so that a
// gap looks like a gap.
func (s *Server) graph(l i18n.Language, points []mention.MoodPoint, from, to time.Time) Graph {
	days := make([]map[mention.Mood]int64, int(to.Sub(from)/(24*time.Hour))+1)
	for _, p := range points {
		if d := int(p.At.Sub(from) / (24 * time.Hour)); d >= 0 && d < len(days) {
			days[d] = p.Counts
		}
	}
	g := Graph{Charts: []Chart{
		{Class: "wide", Width: 960, Height: 220, labels: 8},
		{Class: "narrow", Width: 360, Height: 200, labels: 4},
	}}
	for i := range g.Charts {
		s.draw(&g.Charts[i], l, days, from)
	}
	for d, counts := range days {
		if counts != nil {
			g.Rows = append(g.Rows, chartRow(l, s.texts.Date(l, from.AddDate(0, 0, d), time.UTC), counts))
		}
	}
	return g
}

// draw fills in bars and names of days. Right to left, time runs leftwards.
func (s *Server) draw(c *Chart, l i18n.Language, days []map[mention.Mood]int64, from time.Time) {
	top := int64(1)
	for _, counts := range days {
		top = max(top, total(counts))
	}
	c.Base, c.Max = c.Height-chartFoot, i18n.Number(l, top)
	step, scale := float64(c.Width)/float64(len(days)), float64(c.Base-chartHead)/float64(top)
	for d, counts := range days {
		x, day := float64(d)*step, from.AddDate(0, 0, d)
		if l.Dir() == "rtl" {
			x = float64(c.Width) - step - x
		}
		s.stack(c, l, counts, x, step, scale, s.texts.Date(l, day, time.UTC))
		if every := max(1, len(days)/c.labels); d%every == every/2 {
			c.Ticks = append(c.Ticks, Tick{X: x + step/2, Label: s.texts.Day(l, day, time.UTC)})
		}
	}
}

// stack draws the worst mood at the bottom, where bars are easiest to compare.
func (s *Server) stack(c *Chart, l i18n.Language, counts map[mention.Mood]int64, x, step, scale float64, day string) {
	y := float64(c.Base)
	for _, m := range mention.Moods() {
		n := counts[m]
		if n == 0 {
			continue
		}
		h := float64(n) * scale
		y -= h
		c.Bars = append(c.Bars, Bar{X: x + step*0.1, Y: y, W: step * 0.8, H: h, Mood: m,
			Title: day + " · " + s.texts.T(l, "mood."+string(m)) + ": " + i18n.Number(l, n)})
	}
}

func chartRow(l i18n.Language, label string, counts map[mention.Mood]int64) ChartRow {
	row := ChartRow{Label: label}
	for _, m := range mention.Moods() {
		row.Counts = append(row.Counts, i18n.Number(l, counts[m]))
	}
	return row
}

func total(counts map[mention.Mood]int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}
