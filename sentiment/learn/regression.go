package learn

import (
	"math"
)

// Thresholds of the ordinal model: they are the scorer's own, so that learnt
// weights fit the moods that it gives.
const threshold = 0.5

// maxWeight is the greatest weight a lexicon line may have.
const maxWeight = 4

// cell is one value of a sparse matrix.
type cell struct {
	row   int32
	value float32
}

// problem is a ridge regression: two logistic models share the weights, one for
// "unhappy against the rest" and one for "content against the rest", each with
// a constant for every set that is held near 0.
type problem struct {
	columns [][]cell
	labels  []Label
	count   []float64 // how much each text counts
	set     []int32
	sets    int
	fixed   []float64 // part of each sum that is not learnt
	prior   []float64
	pull    []float64
}

// constantPull holds the constants of sets near 0: the scorer will not have them.
const constantPull = 2

// solution is what a regression found.
type solution struct {
	weights   []float64
	low, high []float64 // constants by set
	sums      []float64 // of each text
}

// start is the solution with every weight at its prior.
func (p *problem) start() *solution {
	s := &solution{
		weights: append([]float64(nil), p.prior...), low: make([]float64, p.sets), high: make([]float64, p.sets),
		sums: append([]float64(nil), p.fixed...),
	}
	for j, column := range p.columns {
		for _, c := range column {
			s.sums[c.row] += s.weights[j] * float64(c.value)
		}
	}
	return s
}

// solve minimises by cyclic coordinate descent with a trust region for each
// coordinate: it needs no step size, and does not run away.
func (p *problem) solve() *solution {
	s := p.start()
	reach := make([]float64, len(p.columns))
	for j := range reach {
		reach[j] = 1
	}
	const rounds, still = 60, 0.005
	for range rounds {
		p.moveConstants(s)
		most := 0.0
		for j := range p.columns {
			step := p.step(s, j, reach[j])
			reach[j] = max(2*math.Abs(step), reach[j]/2)
			most = max(most, math.Abs(step))
		}
		if most < still {
			break
		}
	}
	return s
}

// step moves one weight by a Newton step and returns how far.
func (p *problem) step(s *solution, j int, reach float64) float64 {
	slope := p.pull[j] * (s.weights[j] - p.prior[j])
	curve := p.pull[j]
	for _, c := range p.columns[j] {
		g, h := p.slope(s, c.row)
		v := float64(c.value)
		slope += g * v
		curve += h * v * v
	}
	step := max(-reach, min(reach, -slope/curve))
	step = max(-maxWeight, min(maxWeight, s.weights[j]+step)) - s.weights[j]
	s.weights[j] += step
	for _, c := range p.columns[j] {
		s.sums[c.row] += step * float64(c.value)
	}
	return step
}

// slope returns the first and second derivative of the loss of one text by its sum.
func (p *problem) slope(s *solution, row int32) (g, h float64) {
	return p.slopesAt(s, row, s.sums[row])
}

func (p *problem) slopesAt(s *solution, row int32, sum float64) (g, h float64) {
	low := sigmoid(sum + threshold + s.low[p.set[row]])   // not unhappy
	high := sigmoid(sum - threshold + s.high[p.set[row]]) // content
	y := p.labels[row]
	g = low + high
	if y != Unhappy {
		g--
	}
	if y == Content {
		g--
	}
	return g * p.count[row], (low*(1-low) + high*(1-high)) * p.count[row]
}

// moveConstants moves the constants of all sets by a Newton step.
func (p *problem) moveConstants(s *solution) {
	type sum struct{ g, h float64 }
	low, high := make([]sum, p.sets), make([]sum, p.sets)
	for i, y := range p.labels {
		k := p.set[i]
		for _, side := range []struct {
			to  *sum
			at  float64
			yes bool
		}{{&low[k], threshold + s.low[k], y != Unhappy}, {&high[k], -threshold + s.high[k], y == Content}} {
			q := sigmoid(s.sums[i] + side.at)
			side.to.h += q * (1 - q) * p.count[i]
			if side.yes {
				q--
			}
			side.to.g += q * p.count[i]
		}
	}
	for k := range p.sets {
		s.low[k] -= bounded((low[k].g + constantPull*s.low[k]) / (low[k].h + constantPull))
		s.high[k] -= bounded((high[k].g + constantPull*s.high[k]) / (high[k].h + constantPull))
	}
}

func bounded(step float64) float64 { return max(-1, min(1, step)) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// loss is the negative log likelihood of one text.
func (p *problem) loss(s *solution, row int, sum float64) float64 {
	k, y := p.set[row], p.labels[row]
	low, high := sum+threshold+s.low[k], sum-threshold+s.high[k]
	if y == Unhappy {
		low = -low
	}
	if y != Content {
		high = -high
	}
	return p.count[row] * (math.Log1p(math.Exp(-low)) + math.Log1p(math.Exp(-high)))
}
