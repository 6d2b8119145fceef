package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// axis is the time of a chart.
type axis struct {
	step       time.Duration
	start, end time.Time
	rtl        bool
}

// at is how many steps t lies behind the start.
func (x axis) at(t time.Time) float64 { return float64(t.Sub(x.start)) / float64(x.step) }

func (x axis) steps() float64 { return max(1, math.Ceil(x.at(x.end)+1e-9)) }

// chart is drawn on the server; the style shows the one that fits the screen.
type chart struct {
	Class         string
	Width, Height float64
	Base, Edge    float64 // y of the ground, x where numbers begin
	Areas         []area
	Lines         []path
	Dots          []dot
	Ticks, Levels []label
	Marks         []dot
}

type area struct {
	X, Y, W, H float64
	Ink        ink
	Title      string
}

type path struct {
	Points string
	Ink    ink
	Dash   int
}

type dot struct {
	X, Y  float64
	Ink   ink
	Title string
}

type label struct {
	X, Y float64
	Text string
}

// The room in a chart, in units of its viewBox.
const (
	headRoom = 20
	footRoom = 22
	perTick  = 95 // so much room has the name of a day
)

func sizes(width int) []chart {
	wide := chart{Class: "wide", Width: 1100, Height: 260}
	if width <= 12 {
		wide = chart{Class: "wide", Width: 540, Height: 240}
	}
	return []chart{wide, {Class: "narrow", Width: 340, Height: 220}}
}

func (h chart) draw(x axis, w words, lines []line, marks []incident, asBars, stacked bool) chart {
	h.Base = h.Height - footRoom
	if x.rtl {
		h.Edge = h.Width
	}
	low, high, gap := scale(lines, asBars && stacked)
	y := func(n float64) float64 { return h.Base - (n-low)/(high-low)*(h.Base-headRoom) }
	for n := low + gap; n <= high+gap/1e6; n += gap {
		h.Levels = append(h.Levels, label{X: h.Edge, Y: y(n), Text: w.value(lines[0].field, n)})
	}
	if low < 0 {
		h.Levels = append(h.Levels, label{X: h.Edge, Y: y(low), Text: w.value(lines[0].field, low)})
	}
	width := h.Width / x.steps()
	place := func(step, wide float64) float64 { // the left edge of what is so wide
		if x.rtl {
			return h.Width - (step*width + wide)
		}
		return step * width
	}
	if asBars {
		h.columns(x, w, lines, y, place, width, stacked)
	} else {
		h.trace(x, w, lines, y, place, width)
	}
	for _, m := range marks {
		if at := x.at(m.At); at >= 0 && at <= x.steps() {
			h.Marks = append(h.Marks, dot{X: place(at, 0), Y: headRoom - 8, Title: m.When + " · " + m.Text})
		}
	}
	h.ticks(x, w, place, width)
	return h
}

// columns stands bars on one another, or side by side.
func (h *chart) columns(x axis, w words, lines []line, y func(float64) float64, place func(step, wide float64) float64, width float64, stacked bool) {
	floor := map[time.Time]float64{}
	for i, l := range lines {
		for _, t := range l.times() {
			n := l.points[t]
			if n <= 0 || x.at(t) < 0 || x.at(t) > x.steps() {
				continue
			}
			a := area{Ink: l.ink, W: width * 0.8, Title: w.time(t) + " · " + l.name + ": " + w.value(l.field, n)}
			shift := 0.1
			if !stacked {
				a.W /= float64(len(lines))
				shift += 0.8 * float64(i) / float64(len(lines))
			}
			a.X = place(x.at(t)+shift, a.W)
			a.Y, a.H = y(floor[t]+n), y(floor[t])-y(floor[t]+n)
			if stacked {
				floor[t] += n
			}
			h.Areas = append(h.Areas, a)
		}
	}
}

// trace draws lines that break where a step has no value.
func (h *chart) trace(x axis, w words, lines []line, y func(float64) float64, place func(step, wide float64) float64, width float64) {
	for i, l := range lines {
		var points []string
		last := math.Inf(-1)
		flush := func() {
			if len(points) > 1 {
				h.Lines = append(h.Lines, path{Points: strings.Join(points, " "), Ink: l.ink, Dash: i / 4 % 3})
			}
			points = nil
		}
		for _, t := range l.times() {
			at, n := x.at(t), l.points[t]
			if at < 0 || at > x.steps() {
				continue
			}
			if at-last > 1.5 {
				flush()
			}
			last = at
			d := dot{X: place(at+0.5, 0), Y: y(n), Ink: l.ink, Title: w.time(t) + " · " + l.name + ": " + w.value(l.field, n)}
			points = append(points, fmt.Sprintf("%.1f,%.1f", d.X, d.Y))
			h.Dots = append(h.Dots, d)
		}
		flush()
	}
}

func (l line) times() []time.Time {
	order := make([]time.Time, 0, len(l.points))
	for t := range l.points {
		order = append(order, t)
	}
	slices.SortFunc(order, time.Time.Compare)
	return order
}

// ticks names about as many steps as there is room for.
func (h *chart) ticks(x axis, w words, place func(step, wide float64) float64, width float64) {
	every := max(1, int(math.Ceil(perTick/width)))
	for n := every / 2; n < int(x.steps()); n += every {
		t := x.start.Add(time.Duration(n) * x.step)
		at := place(float64(n)+0.5, 0)
		if at < perTick/3 || at > h.Width-perTick/3 {
			continue
		}
		h.Ticks = append(h.Ticks, label{X: at, Text: w.tick(t, x)})
	}
}

func (w words) tick(t time.Time, x axis) string {
	switch {
	case w.day:
		return w.texts.Day(w.lang, t, time.UTC)
	case x.end.Sub(x.start) <= 26*time.Hour:
		whole := w.texts.DateTime(w.lang, t, w.zone)
		return whole[strings.LastIndexByte(whole, ' ')+1:]
	}
	whole := w.texts.DateTime(w.lang, t, w.zone)
	return w.texts.Day(w.lang, t, w.zone) + " " + whole[strings.LastIndexByte(whole, ' ')+1:]
}

// scale is from nothing, or the least that is below, to a round number above the greatest, in even gaps.
func scale(lines []line, stacked bool) (low, high, gap float64) {
	sums := map[time.Time]float64{}
	for _, l := range lines {
		for t, n := range l.points {
			low = min(low, n)
			if stacked {
				sums[t] += max(n, 0)
				n = sums[t]
			}
			high = max(high, n)
		}
	}
	for _, l := range lines {
		if l.field.Min != nil {
			low = min(low, *l.field.Min)
		}
		if l.field.Max != nil {
			high = max(high, *l.field.Max)
		}
	}
	const levels = 4
	gap = nice((high-low)/levels, lines)
	low, high = gap*math.Floor(low/gap), gap*math.Ceil(high/gap-1e-9)
	return low, max(high, low+gap), gap // where all is nothing, there is still a height
}

// nice is the round number at or above a gap; counts have whole ones.
func nice(gap float64, lines []line) float64 {
	if gap <= 0 {
		return 1
	}
	power := math.Pow10(int(math.Floor(math.Log10(gap))))
	step := 10.0
	for _, s := range []float64{1, 2, 2.5, 5} {
		if gap <= s*power*(1+1e-9) {
			step = s
			break
		}
	}
	whole := !slices.ContainsFunc(lines, func(l line) bool {
		for _, n := range l.points {
			if n != math.Trunc(n) {
				return true
			}
		}
		return l.field.Unit == "percentunit"
	})
	if whole {
		return max(1, cmp.Or(math.Round(step*power), 1))
	}
	return step * power
}
