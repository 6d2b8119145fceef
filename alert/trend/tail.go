package trend

import "math"

// asPoisson is the size from which a negative binomial is a Poisson distribution
// for every count that is met here.
const asPoisson = 1e7

// AtLeast is the probability of n or more where mean are expected: by a Poisson
// distribution where size is infinite, else by the negative binomial whose
// variance is mean + mean²/size. The terms of the tail are added up, so that it
// is as exact for small counts and for small probabilities as float64 is.
func AtLeast(n int, mean, size float64) float64 {
	switch {
	case n <= 0:
		return 1
	case !(mean > 0) || !(size > 0):
		return 0
	case float64(n) <= mean:
		return max(0, 1-below(n, mean, size))
	}
	sum := 0.0
	const none = 1e-300 // below it a float64 may round to itself for ever
	for term, k := exactly(n, mean, size), n; term > max(sum*1e-17, none); k++ {
		sum += term
		term *= step(k, mean, size)
	}
	return min(sum, 1)
}

// tailsFrom lists AtLeast(n), AtLeast(n+1), … for n above the mean, as far as float64 can add to the first.
func tailsFrom(n int, mean, size float64) []float64 {
	var tails []float64
	for term, k := exactly(n, mean, size), n; term > 1e-17; k++ {
		tails = append(tails, term)
		term *= step(k, mean, size)
	}
	for k := len(tails) - 2; k >= 0; k-- {
		tails[k] += tails[k+1]
	}
	return tails
}

// None is the probability that nothing comes where mean are expected.
func None(mean, size float64) float64 {
	if !(mean > 0) {
		return 1
	}
	return exactly(0, mean, size)
}

// below adds up the terms under n from the highest.
func below(n int, mean, size float64) float64 {
	sum := 0.0
	term := exactly(n-1, mean, size)
	for k := n - 1; k >= 0; k-- {
		sum += term
		if k > 0 {
			term /= step(k-1, mean, size)
		}
	}
	return sum
}

// exactly is the probability of n.
func exactly(n int, mean, size float64) float64 {
	k := float64(n)
	if size >= asPoisson {
		return math.Exp(k*math.Log(mean) - mean - lgamma(k+1))
	}
	return math.Exp(lgamma(k+size) - lgamma(size) - lgamma(k+1) - size*math.Log1p(mean/size) + k*math.Log(mean/(size+mean)))
}

// step is the probability of k+1 divided by that of k.
func step(k int, mean, size float64) float64 {
	if size >= asPoisson {
		return mean / float64(k+1)
	}
	return (float64(k) + size) / float64(k+1) * mean / (size + mean)
}

func lgamma(x float64) float64 {
	l, _ := math.Lgamma(x)
	return l
}
