package trend_test

import (
	"fmt"
	"math"
	"strings"
)

// powers tells what each promise finds, by the usual complaints in two hours.
func powers(w *world, all []*tally) string {
	var s strings.Builder
	edges := []float64{0, 2, 5, 10, 15, 20, 25, 30, 50, math.Inf(1)}
	fmt.Fprintf(&s, "promised a brand and month | false alarms (expected at most) | of mean + 3 sd | found, all | Poisson, by usual in 2 h from %.0f, of %v | 95 %% from\n", edges[:len(edges)-1], counts(w, edges))
	for _, g := range all {
		fmt.Fprintf(&s, "%26.2f | %4d + %d (%5.1f) | %4.1f %% | %3.0f %% |", g.rule.FalseAlarms*2/float64(len(w.bins)), g.pages, g.again, g.atMostExp, 100*float64(g.pages+g.again)/float64(w.peaks), g.both(w))
		for i, from := range edges[:len(edges)-1] {
			p := g.planted(w, from, edges[i+1], false)
			fmt.Fprintf(&s, " %3.0f", 100*p.found/max(p.n, 1))
		}
		s.WriteString(" |")
		for i, from := range edges[:len(edges)-1] {
			p := g.planted(w, from, edges[i+1], true)
			fmt.Fprintf(&s, " %3.0f", 100*p.found/max(p.n, 1))
		}
		fmt.Fprintf(&s, " | %.1f\n", needed(g))
	}
	return s.String()
}

// both is the share of all planted spikes that are found.
func (g *tally) both(w *world) float64 {
	a, b := g.planted(w, 0, math.Inf(1), false), g.planted(w, 0, math.Inf(1), true)
	return 100 * (a.found + b.found) / (a.n + b.n)
}

func counts(w *world, edges []float64) (n []int) {
	g := tally{found: make([]bool, len(w.plants))}
	for i, from := range edges[:len(edges)-1] {
		n = append(n, int(g.planted(w, from, edges[i+1], false).n))
	}
	return n
}

// needed is the level from which on 95 % could be found by him who knows it for certain.
func needed(g *tally) float64 {
	for level := 1.0; ; level += .5 {
		if s := (share{levels: []float64{level}}); s.possible(g) >= .95 {
			return level
		}
	}
}
