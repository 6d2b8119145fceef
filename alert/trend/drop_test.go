package trend_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"feryat/alert/trend"
	"feryat/mention"
)

// ratings are days of ratings before today, the last one first; of each rating a share is drawn.
func ratings(today time.Time, perDay []int, share func(day int) float64) []mention.RatingDay {
	var days []mention.RatingDay
	for back, n := range perDay {
		d := mention.RatingDay{Day: today.AddDate(0, 0, -1-back)}
		by := map[float64]int64{}
		for range n {
			by[share(back)]++
		}
		for _, s := range []float64{0, .25, .5, .75, 1} {
			if by[s] > 0 {
				d.Stars = append(d.Stars, mention.StarCount{Share: s, N: by[s]})
			}
		}
		days = append(days, d)
	}
	return days
}

// mostlyFive draws stars as shops have them: fives, and some ones.
func mostlyFive(r *rand.Rand, ones float64) float64 {
	switch x := r.Float64(); {
	case x < ones:
		return 0
	case x < ones+.1:
		return .25 * float64(1+r.IntN(3))
	}
	return 1
}

func every(days, n int) []int {
	all := make([]int, days)
	for i := range all {
		all[i] = n
	}
	return all
}

func TestADropOfRatings(t *testing.T) {
	today := time.Date(2025, 10, 7, 0, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(3, 3))
	rule := trend.DefaultDropRule()
	threshold := rule.Threshold(20)
	usual := func(int) float64 { return mostlyFive(r, .1) }
	bad := func(day int) float64 {
		if day == 0 {
			return mostlyFive(r, .8)
		}
		return mostlyFive(r, .1)
	}
	worse := func(day int) float64 {
		if day < 7 {
			return mostlyFive(r, .4)
		}
		return mostlyFive(r, .1)
	}
	for _, c := range []struct {
		name   string
		days   []mention.RatingDay
		a, b   trend.Verdict // of the last day, of the last seven
		mostly bool
	}{
		{"as always", ratings(today, every(56, 10), usual), trend.Usual, trend.Usual, true},
		{"one bad day", ratings(today, every(56, 12), bad), trend.Unusual, trend.Usual, false},
		{"a bad week", ratings(today, every(56, 8), worse), "", trend.Unusual, false},
		{"three ratings a day", ratings(today, every(56, 3), usual), trend.Few, trend.Usual, true},
		{"one rating a day, all ones of late", ratings(today, every(56, 1), func(d int) float64 {
			if d < 7 {
				return 0
			}
			return 1
		}), trend.Few, trend.Few, false},
		{"two weeks of history", ratings(today, every(14, 50), usual), trend.Young, trend.Young, false},
		{"hardly any history", ratings(today, every(56, 0), usual), trend.Young, trend.Young, false},
		{"nothing", nil, trend.Young, trend.Young, false},
	} {
		got := rule.Look(c.days, today, threshold)
		if len(got) != 2 || c.a != "" && got[0].Verdict != c.a || got[1].Verdict != c.b {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
