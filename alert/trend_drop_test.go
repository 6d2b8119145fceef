package alert

import (
	"testing"

	"feryat/alert/trend"
)

func TestWhenADropIsOver(t *testing.T) {
	r := &dropRule{of: Rule{Trend: &Trend{MinDrop: 0.09}}}
	week := func(v trend.Verdict, mean, p float64) []trend.Drop {
		return []trend.Drop{{Verdict: trend.Few}, {Verdict: v, Mean: mean, Expected: 0.9, P: p}}
	}
	for name, c := range map[string]struct {
		drops []trend.Drop
		over  bool
	}{
		"as before":                     {week(trend.Usual, 0.9, 0.5), true},
		"still unusual":                 {week(trend.Unusual, 0.5, 1e-6), false},
		"less, but not by chance":       {week(trend.Usual, 0.83, 0.01), false},
		"less, which may be chance":     {week(trend.Usual, 0.83, 0.06), true},
		"hardly less, though sure":      {week(trend.Usual, 0.85, 0.01), true},
		"too few to say, over all days": {[]trend.Drop{{Verdict: trend.Few}, {Verdict: trend.Few}}, true},
		"nothing to compare with":       {[]trend.Drop{{Verdict: trend.Young}, {Verdict: trend.Young}}, false},
		"one span is, one is not":       {append(week(trend.Usual, 0.9, 0.5), week(trend.Unusual, 0.5, 1e-6)...), false},
	} {
		if got := r.over(c.drops); got != c.over {
			t.Errorf("%s: over %t, want %t", name, got, c.over)
		}
	}
}
