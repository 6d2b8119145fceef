package web

import (
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// The size of the chart, in units of its viewBox.
const (
	chartWidth  = 960
	chartHeight = 220
	chartFoot   = 22 // for the days below
)

// Chart is a stacked bar a bucket, drawn on the server.
type Chart struct {
	Width, Height, Base int
	Bars                []Bar
	Ticks               []Tick
	Max                 string
	Rows                []ChartRow // the same as a table, for who cannot see bars
}

// Bar is one mood in one bucket.
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

// ChartRow is one bucket with the count of each mood, in the order of mention.Moods.
type ChartRow struct {
	Label  string
	Counts []string
}

// chart stacks the moods of each day from..to; days without mentions stay
// empty, so that a gap looks like a gap. Right to left, time runs leftwards.
func (s *Server) chart(l i18n.Language, points []mention.MoodPoint, from, to time.Time) Chart {
	days := int(to.Sub(from)/(24*time.Hour)) + 1
	byDay, top := make([]map[mention.Mood]int64, days), int64(1)
	for _, p := range points {
		if d := int(p.At.Sub(from) / (24 * time.Hour)); d >= 0 && d < days {
			byDay[d] = p.Counts
			top = max(top, total(p.Counts))
		}
	}
	c := Chart{Width: chartWidth, Height: chartHeight, Base: chartHeight - chartFoot, Max: i18n.Number(l, top)}
	step := float64(chartWidth) / float64(days)
	for d, counts := range byDay {
		x := float64(d) * step
		if l.Dir() == "rtl" {
			x = float64(chartWidth) - step - x
		}
		label := s.texts.Date(l, from.AddDate(0, 0, d), time.UTC)
		c.Bars = append(c.Bars, s.stack(l, counts, x, step, float64(c.Base)/float64(top), label)...)
		if every := max(1, days/8); d%every == every/2 {
			c.Ticks = append(c.Ticks, Tick{X: x + step/2, Label: s.texts.Day(l, from.AddDate(0, 0, d), time.UTC)})
		}
		if counts != nil {
			c.Rows = append(c.Rows, chartRow(l, label, counts))
		}
	}
	return c
}

// stack draws the worst mood at the bottom, where bars are easiest to compare.
func (s *Server) stack(l i18n.Language, counts map[mention.Mood]int64, x, step, scale float64, label string) (bars []Bar) {
	y := float64(chartHeight - chartFoot)
	for _, m := range mention.Moods() {
		n := counts[m]
		if n == 0 {
			continue
		}
		h := float64(n) * scale
		y -= h
		bars = append(bars, Bar{X: x + step*0.1, Y: y, W: step * 0.8, H: h, Mood: m,
			Title: label + " · " + s.texts.T(l, "mood."+string(m)) + ": " + i18n.Number(l, n)})
	}
	return bars
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
