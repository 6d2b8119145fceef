package digest

import (
	"fmt"
	"math"
	"strings"
)

// The measures of charts, in the units of their view box.
const (
	chartWidth = 720.0
	gutter     = 210.0 // of names beside bars
	plotEnd    = 520.0 // where bars end at the latest; figures follow
	daysTop    = 150.0
	thick      = 12.0
)

// svg is a chart: shapes and words at places. In a page from right to left places are mirrored and words turn by themselves.
type svg struct {
	Width, Height string
	Name          string
	Boxes         []box
	Lines         []stroke
	Words         []label
}

type box struct{ X, Y, W, H, Colour, Name string }

type stroke struct{ X1, Y1, X2, Y2, Colour, Wide string }

// label begins at X, or has its middle there.
type label struct{ X, Y, Anchor, Text string }

// pen draws, from the right where rtl.
type pen struct {
	c   svg
	rtl bool
}

func length(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0") }

func (p *pen) box(x, y, w, h float64, colour, name string) {
	if p.rtl {
		x = chartWidth - x - w
	}
	p.c.Boxes = append(p.c.Boxes, box{length(x), length(y), length(w), length(h), colour, name})
}

func (p *pen) line(x1, y1, x2, y2 float64, colour string, wide float64) {
	if p.rtl {
		x1, x2 = chartWidth-x1, chartWidth-x2
	}
	p.c.Lines = append(p.c.Lines, stroke{length(x1), length(y1), length(x2), length(y2), colour, length(wide)})
}

func (p *pen) word(x, y float64, anchor, text string) {
	if p.rtl {
		x = chartWidth - x
	}
	p.c.Words = append(p.c.Words, label{length(x), length(y), anchor, text})
}

func (p *pen) done(height float64) *svg {
	p.c.Width, p.c.Height = length(chartWidth), length(height)
	return &p.c
}

// draw makes the chart of a block, nil where it has none.
func draw(b block, dir string) *svg {
	p := &pen{rtl: dir == "rtl"}
	p.c.Name = b.Title
	switch {
	case len(b.Spans) > 0:
		return p.spans(b.Spans)
	case len(b.Bars) == 0:
		return nil
	case b.Days:
		return p.days(b.Bars)
	}
	return p.bars(b.Bars)
}

// days are columns, one upon the other by mood, the worst at the bottom. Of many days not each has its name.
func (p *pen) days(bars []bar) *svg {
	step := chartWidth / float64(len(bars))
	every := (len(bars) + 7) / 8
	for i, b := range bars {
		x, y := float64(i)*step+step*0.15, daysTop+20
		for _, row := range b.Rows {
			for _, part := range row {
				h := float64(part.Width) * daysTop / 100
				if h > 0 {
					y -= h
					p.box(x, y, step*0.7, h, part.Colour, part.Name)
				}
			}
		}
		if i%every == 0 {
			p.word(float64(i)*step+step/2, daysTop+38, "middle", b.Label)
		}
		if len(bars) <= 10 {
			total, _, _ := strings.Cut(b.Figure, " (")
			p.word(float64(i)*step+step/2, y-5, "middle", total)
		}
	}
	p.line(0, daysTop+20, chartWidth, daysTop+20, "#8b96a5", 1)
	return p.done(daysTop + 46)
}

// mostLetters of a label find their place before a bar. All of them stand in the table below.
const mostLetters = 30

func (p *pen) name(y float64, text string) {
	if letters := []rune(text); len(letters) > mostLetters {
		text = strings.TrimSpace(string(letters[:mostLetters-1])) + "…"
		if strings.Count(text, "\u2068") > strings.Count(text, "\u2069") {
			text += "\u2069" // a name in isolation was cut
		}
	}
	p.word(0, y, "start", text)
}

// bars lie; what they are stands before them, the figure behind.
func (p *pen) bars(bars []bar) *svg {
	y := 4.0
	for _, b := range bars {
		h := float64(len(b.Rows)) * thick
		p.name(y+h/2+4.5, b.Label)
		end := gutter
		for i, row := range b.Rows {
			x := gutter
			for _, part := range row {
				w := float64(part.Width) * (plotEnd - gutter) / 100
				p.box(x, y+float64(i)*thick, w, thick-2, part.Colour, part.Name)
				x += w
			}
			end = math.Max(end, x)
		}
		p.word(end+8, y+h/2+4.5, "start", strings.TrimSpace(b.Figure+" "+b.Mark))
		y += math.Max(h, 2*thick-4) + 8
	}
	return p.done(y)
}

// spans are shares with their intervals on one axis, which begins at nothing.
func (p *pen) spans(spans []span) *svg {
	top := 0.1
	for _, s := range spans {
		top = math.Max(top, s.High)
	}
	top = math.Min(1, math.Ceil(top*10-1e-9)/10)
	place := func(share float64) float64 { return gutter + share/top*(plotEnd-gutter) }
	y := 6.0
	for _, s := range spans {
		p.name(y+14, s.Label)
		p.box(gutter, y+5, place(s.Share)-gutter, thick-2, s.Colour, s.Figure)
		p.line(place(s.Low), y+10, place(s.High), y+10, "#1c2430", 2)
		for _, end := range []float64{s.Low, s.High} {
			p.line(place(end), y+5, place(end), y+15, "#1c2430", 2)
		}
		p.word(place(s.High)+8, y+14, "start", s.Figure)
		y += 26
	}
	return p.done(y)
}
