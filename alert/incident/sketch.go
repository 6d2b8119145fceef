package incident

import (
	"math"
	"slices"
)

// sketch counts different hashes in bounded room: it keeps the smallest ones. Up
// to as many as it keeps the count is exact, beyond it is reckoned from how close
// together they lie. The order and number of additions do not matter.
type sketch struct {
	Least []uint64 // rising
	Below uint64   // from here on hashes were left out
}

// add counts h; no more than n hashes are kept.
func (s *sketch) add(h uint64, n int) {
	i, found := slices.BinarySearch(s.Least, h)
	if found || h >= s.Below {
		return
	}
	if s.Least = slices.Insert(s.Least, i, h); len(s.Least) > n {
		s.Below = s.Least[n]
		s.Least = s.Least[:n]
	}
}

func (s *sketch) count() int { return reckon(float64(len(s.Least)), s.Below) }

// reckon is how many there are where n have a hash below that.
func reckon(n float64, below uint64) int {
	return int(math.Round(n / (float64(below) / (1 << 64))))
}
