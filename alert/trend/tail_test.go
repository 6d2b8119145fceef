package trend

import (
	"math"
	"testing"
)

// The values were worked out with fifty decimal digits by adding up the terms from zero.
func TestAtLeast(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		n                int
		mean, size, want float64
	}{
		{1, 0.5, inf, 3.934693402873666e-1}, {5, 0.1, inf, 7.667801686189309e-8}, {5, 1, inf, 3.659846827343712e-3},
		{10, 3, inf, 1.102488130115480e-3}, {14, 4, inf, 7.632841534333069e-5}, {30, 12, inf, 8.870138799144694e-6},
		{3, 10, inf, 9.972306042844884e-1}, {100, 100, inf, 5.132987982791487e-1}, {300, 200, inf, 2.711468443343111e-11},
		{12, 0.01, inf, 2.068494040292699e-33},
		{1, 0.5, 2, 0.36}, {5, 0.1, 2.5, 9.402259788055298e-7}, {10, 3, 0.7, 7.081149920066601e-2}, {30, 12, 20, 6.409721787900390e-4},
		{3, 10, 5, 9.547325102880658e-1}, {300, 200, 50, 2.423209688038465e-3}, {20, 1, 1, 9.536743164062500e-7}, {60, 12, 1e6, 5.180592489024192e-23},
		{0, 5, inf, 1}, {-1, 5, 2, 1}, {1, 0, inf, 0}, {1, -1, inf, 0}, {1, math.NaN(), inf, 0}, {1, 1, 0, 0},
	} {
		got := AtLeast(c.n, c.mean, c.size)
		if math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("AtLeast(%d, %g, %g) = %.15e, want %.15e", c.n, c.mean, c.size, got, c.want)
		}
	}
	if got := None(3, 2); math.Abs(got-.16) > 1e-12 {
		t.Errorf("None(3, 2) = %g, want 0.16", got)
	}
	if got := None(3, inf); math.Abs(got-math.Exp(-3)) > 1e-12 || None(0, 2) != 1 {
		t.Errorf("None(3) = %g", got)
	}
}

// FuzzAtLeast: a probability is one, falls with the count and rises with the mean.
func FuzzAtLeast(f *testing.F) {
	f.Add(5, 1.0, 3.0)
	f.Add(1000, 998.5, 1e7)
	f.Add(3, 1e-300, 1e-2)
	f.Fuzz(func(t *testing.T, n int, mean, size float64) {
		if n > 1e4 || mean > 1e4 || size < 1e-3 {
			t.Skip("no counts of this world")
		}
		p := AtLeast(n, mean, size)
		if !(p >= 0 && p <= 1) {
			t.Fatalf("AtLeast(%d, %g, %g) = %g", n, mean, size, p)
		}
		if more := AtLeast(n+1, mean, size); more > p+1e-9 {
			t.Errorf("AtLeast(%d, %g, %g) = %g, but %g of one more", n, mean, size, p, more)
		}
		if busier := AtLeast(n, mean*1.01, size); busier < p-1e-9 {
			t.Errorf("AtLeast(%d, %g, %g) = %g, but %g where more are expected", n, mean, size, p, busier)
		}
	})
}

func TestTailsAreThoseOfAtLeast(t *testing.T) {
	for _, size := range []float64{0.5, 20, math.Inf(1)} {
		for i, got := range tailsFrom(8, 5, size)[:15] {
			if want := AtLeast(8+i, 5, size); math.Abs(got-want) > 1e-4*want+1e-16 {
				t.Errorf("tail %d of size %g: %g, want %g", 8+i, size, got, want)
			}
		}
	}
}

// TestPermuted holds the draws against those counted one by one.
func TestPermuted(t *testing.T) {
	all := stars{by: [twentieths + 1]float64{0: 3, 5: 1, 10: 2, 20: 6}, n: 12}
	var values []int
	for v, n := range all.by {
		for range int(n) {
			values = append(values, v)
		}
	}
	for _, recent := range []stars{
		{by: [twentieths + 1]float64{0: 2, 5: 1, 20: 1}, n: 4}, {by: [twentieths + 1]float64{0: 3, 10: 1}, n: 4}, {by: [twentieths + 1]float64{20: 3}, n: 3},
	} {
		low, total := 0, 0
		for set := range 1 << len(values) {
			n, sum := 0, 0
			for i, v := range values {
				if set>>i&1 == 1 {
					n, sum = n+1, sum+v
				}
			}
			if n == int(recent.n) {
				total++
				if sum <= int(recent.sum()) {
					low++
				}
			}
		}
		if got, want := permuted(all, recent), float64(low)/float64(total); math.Abs(got-want) > 1e-12 {
			t.Errorf("permuted(%v) = %g, want %g", recent, got, want)
		}
	}
}

// TestLostTakesOver: where counting ends, the other way is never the bolder one,
// and in the range of thresholds at most five times as careful.
func TestLostTakesOver(t *testing.T) {
	all := stars{by: [twentieths + 1]float64{0: 200, 5: 80, 10: 120, 15: 300, 20: 800}, n: 1500}
	for _, ones := range []float64{6, 12, 15, 18} {
		recent := stars{by: [twentieths + 1]float64{0: ones, 5: 5, 10: 6, 15: 10, 20: 39 - ones}, n: 60}
		if exact, near := permuted(all, recent), lost(all, recent, 1); near/exact < .8 || near/exact > 5 {
			t.Errorf("%g ones: counted %g, by the gamma distribution %g", ones, exact, near)
		}
	}
	if p := lost(stars{by: [twentieths + 1]float64{20: 99}, n: 99}, stars{by: [twentieths + 1]float64{20: 80}, n: 80}, 1); p != 1 {
		t.Errorf("nothing but fives: %g", p)
	}
}

// A count that is so far out that float64 hardly holds its probability is
// judged, not computed for ever.
func TestTheEndOfTheTail(t *testing.T) {
	for _, size := range []float64{5, 39.5, 1000, math.Inf(1)} {
		last := 1.0
		for n := 1; last > 0; n++ {
			p := AtLeast(n, 119.5, size)
			if p > last || p < 0 || n > 50000 {
				t.Fatalf("size %g: at least %d of 119.5: %g, of one less %g", size, n, p, last)
			}
			last = p
		}
	}
}
