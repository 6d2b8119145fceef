package storagetest

import (
	"fmt"
	"math"
	"testing"

	"feryat/mention"
)

// ruleQuality: small counts leave a wide interval; the newest word on an escalation counts. The ends are Wilson's, by hand.
func ruleQuality(t *testing.T, open Opener) {
	s := open(t)
	wantEqual(t, "nothing fired", must(s.RuleQuality(t.Context()))(t), []mention.RuleQuality{})
	n := 0
	fire := func(rule string, words ...string) {
		n++
		x := clocked(n, "shop", "desk")
		x.ID, x.Rule = fmt.Sprint(rule, n), rule
		list := []mention.Event{opened(start())}
		for i, word := range words {
			list = append(list, mention.Event{At: after(i+1, 0), Type: "feedback", Note: word})
		}
		steps(t, s, x, list...)
	}
	fire("silent")
	for range 3 {
		fire("few", "false_alarm")
	}
	for i := range 12 {
		fire("many", "false_alarm")
		fire("mended", "false_alarm", "true_alarm")
		fire("'; DROP", []string{"false_alarm", "true_alarm"}[i%2])
	}
	got := must(s.RuleQuality(t.Context()))(t)
	for i := range got {
		got[i].PrecisionLow, got[i].PrecisionHigh = math.Round(got[i].PrecisionLow*1e4)/1e4, math.Round(got[i].PrecisionHigh*1e4)/1e4
	}
	wantEqual(t, "quality", got, []mention.RuleQuality{
		{Rule: "'; DROP", Confirmed: 6, FalseAlarms: 6, PrecisionLow: 0.2538, PrecisionHigh: 0.7462},
		{Rule: "few", FalseAlarms: 3, PrecisionHigh: 0.5615},
		{Rule: "many", FalseAlarms: 12, PrecisionHigh: 0.2425},
		{Rule: "mended", Confirmed: 12, PrecisionLow: 0.7575, PrecisionHigh: 1},
		{Rule: "silent", PrecisionHigh: 1},
	})
}
