package trend

import (
	"math"

	"feryat/mention"
)

// twentieths is the number of steps of a share of the stars.
const twentieths = 20

// stars counts ratings by twentieths of the scale.
type stars struct {
	by [twentieths + 1]float64
	n  float64
}

func starsOf(days []mention.RatingDay) stars {
	var s stars
	for _, d := range days {
		for _, c := range d.Stars {
			s.by[min(max(int(math.Round(c.Share*twentieths)), 0), twentieths)] += float64(c.N)
			s.n += float64(c.N)
		}
	}
	return s
}

// sum is in twentieths.
func (s stars) sum() float64 {
	sum := 0.0
	for v, n := range s.by {
		sum += float64(v) * n
	}
	return sum
}

func (s stars) mean() float64 { return s.sum() / math.Max(s.n, 1) / twentieths }

func (s stars) variance() float64 {
	squares := 0.0
	for v, n := range s.by {
		d := float64(v)/twentieths - s.mean()
		squares += d * d * n
	}
	return squares / math.Max(s.n, 1)
}

func (s stars) with(o stars) stars {
	for v, n := range o.by {
		s.by[v] += n
	}
	s.n += o.n
	return s
}

// exactUpTo is the number of ratings up to which all permutations are counted.
const exactUpTo = 60

// lowerBy is the probability that as many ratings as in recent, drawn from past
// and recent together, have a sum as low, where the variance of such sums is so
// many times that of ratings which know nothing of each other.
func lowerBy(past, recent stars, times float64) float64 {
	all := past.with(recent)
	if recent.n > exactUpTo {
		return lost(all, recent, times)
	}
	p := permuted(all, recent)
	if times > 1 {
		p = math.Max(p, lost(all, recent, times))
	}
	return p
}

// lost is the probability of worse.
func lost(all, recent stars, times float64) float64 {
	return math.Erfc(worse(all, recent, times)/math.Sqrt2) / 2
}

// worse is how many standard deviations recent is worse than usual. It takes what
// the ratings lack of the best as gamma distributed, with the mean and so many
// times the variance of the permutations (by the cube root of Wilson and
// Hilferty): bad days are worse than good days are good.
func worse(all, recent stars, times float64) float64 {
	mean := recent.n * (1 - all.mean())
	variance := recent.n * (all.n - recent.n) / math.Max(all.n-1, 1) * all.variance() * times
	if !(mean > 0) || variance == 0 {
		return math.Inf(-1)
	}
	c := variance / (mean * mean) / 9
	loss := math.Max(0, recent.n*(1-recent.mean())-.5/twentieths)
	return (math.Cbrt(loss/mean) - 1 + c) / math.Sqrt(c)
}

// permuted counts the draws without replacement. Where each rating is drawn by
// itself with one probability, those draws that have the wanted number are as
// likely as draws without replacement: so the numbers stay small.
func permuted(all, recent stars) float64 {
	n, sum := int(recent.n), int(recent.sum())
	each := recent.n / all.n
	ways := make([][]float64, n+1) // by ratings drawn and their sum
	for k := range ways {
		ways[k] = make([]float64, k*twentieths+1)
	}
	ways[0][0] = 1
	for value, there := range all.by {
		if there > 0 {
			ways = draw(ways, value, int(there), each)
		}
	}
	low, total := 0.0, 0.0
	for s, p := range ways[n] {
		total += p
		if s <= sum {
			low += p
		}
	}
	return low / total
}

// draw adds what is drawn of the ratings of one value.
func draw(ways [][]float64, value, there int, each float64) [][]float64 {
	next := make([][]float64, len(ways))
	for k := range next {
		next[k] = make([]float64, len(ways[k]))
	}
	for j := 0; j <= min(there, len(ways)-1); j++ {
		p := math.Exp(lgamma(float64(there)+1) - lgamma(float64(j)+1) - lgamma(float64(there-j)+1) +
			float64(j)*math.Log(each) + float64(there-j)*math.Log1p(-each))
		for k := 0; k+j < len(ways); k++ {
			for s, w := range ways[k] {
				if w > 0 {
					next[k+j][s+j*value] += w * p
				}
			}
		}
	}
	return next
}
