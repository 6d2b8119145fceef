package storagetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// clocked is an escalation of number n whose clock started at start.
func clocked(n int, source, team string) mention.Escalation {
	return mention.Escalation{
		ID: fmt.Sprint("e", n), Rule: "angry", Severity: "high", Brand: "A", Source: source, Team: team, Mention: review(n, start()).ID,
		State: mention.StateOpen, Opened: start(), Written: start(), Due: hours(1), Language: "tr", Topics: []string{"delay"},
	}
}

// written puts the mention of an escalation into the store, as exact as the page shows.
func written(t *testing.T, s *storage.Store, n int, p mention.Precision) {
	t.Helper()
	m := review(n, start())
	m.Written.Precision = p
	insert(t, s, judge(m.Revise(), "A", "1"))
}

// steps stores what happened to an escalation, given as type, time and note.
func steps(t *testing.T, s *storage.Store, x mention.Escalation, list ...mention.Event) {
	t.Helper()
	for i := range list {
		list[i].ID, list[i].Escalation = fmt.Sprint(x.ID, i), x
		if list[i].State == "" {
			list[i].State = x.State
		}
	}
	if err := s.InsertEvents(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

func opened(at time.Time) mention.Event { return mention.Event{At: at, Step: 1, Type: "opened"} }
func told(at time.Time) mention.Event   { return mention.Event{At: at, Type: "notified"} }
func after(minutes, seconds int) time.Time {
	return start().Add(time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second)
}

// distant is a time that no test sees.
func distant() time.Time { return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) }

// slo: figures computed by hand. Of brand A three were answered in time, one late, one is open and late, one is open.
func slo(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	wantEqual(t, "nothing there", len(must(s.SLO(ctx, mention.Filter{}, 0.75))(t)), 0)
	for _, target := range []float64{0, 1, -1, 2, math.NaN()} {
		if _, err := s.SLO(ctx, mention.Filter{}, target); err == nil {
			t.Errorf("the target %v is taken", target)
		}
	}
	for n := range 11 {
		written(t, s, n+1, map[bool]mention.Precision{true: mention.PrecisionMinute, false: mention.PrecisionDay}[n != 4])
	}
	seed(t, s)
	spread := func(n int64, p50, p90, p99 float64) mention.Spread {
		return mention.Spread{N: n, P50: p50, P90: p90, P99: p99}
	}
	got := must(s.SLO(ctx, mention.Filter{Brand: "A", To: hours(2)}, 0.75))(t)
	wantEqual(t, "rows", rounded(got), []mention.SLO{
		{Per: "brand", Brand: "A", Target: 0.75, Count: 6, InTime: 3, Late: 1, OpenInTime: 1, OpenLate: 1,
			Answer: spread(5, 30, 70, 88), Solve: spread(1, 120, 120, 120),
			Used: mention.Ratio{N: 5, Value: 1.6}, Burn1h: mention.Ratio{N: 2, Value: 4}, Burn6h: mention.Ratio{N: 5, Value: 1.6},
			Seen: spread(2, 45, 57, 59.7), Stored: spread(3, 2, 3.6, 3.96), Told: spread(3, 3, 4.6, 4.96)},
		{Per: "source", Brand: "A", Source: "forum", Target: 0.75, Count: 3, InTime: 1, OpenInTime: 1, OpenLate: 1,
			Answer: spread(1, 20, 20, 20),
			Used:   mention.Ratio{N: 2, Value: 2}, Burn1h: mention.Ratio{N: 1, Value: 4}, Burn6h: mention.Ratio{N: 2, Value: 2},
			Stored: spread(1, 1, 1, 1), Told: spread(1, 1, 1, 1)},
		{Per: "source", Brand: "A", Source: "shop", Target: 0.75, Count: 3, InTime: 2, Late: 1,
			Answer: spread(4, 35, 75, 88.5), Solve: spread(1, 120, 120, 120),
			Used: mention.Ratio{N: 3, Value: 1.333333}, Burn1h: mention.Ratio{N: 1, Value: 4}, Burn6h: mention.Ratio{N: 3, Value: 1.333333},
			Seen: spread(2, 45, 57, 59.7), Stored: spread(2, 3, 3.8, 3.98), Told: spread(2, 4, 4.8, 4.98)},
		{Per: "team", Brand: "A", Target: 0.75, Count: 1, OpenInTime: 1},
		{Per: "team", Brand: "A", Team: "desk", Target: 0.75, Count: 5, InTime: 3, Late: 1, OpenLate: 1,
			Answer: spread(5, 30, 70, 88), Solve: spread(1, 120, 120, 120),
			Used: mention.Ratio{N: 5, Value: 1.6}, Burn1h: mention.Ratio{N: 2, Value: 4}, Burn6h: mention.Ratio{N: 5, Value: 1.6},
			Seen: spread(2, 45, 57, 59.7), Stored: spread(3, 2, 3.6, 3.96), Told: spread(3, 3, 4.6, 4.96)},
	})
	b := must(s.SLO(ctx, mention.Filter{Brand: "B"}, 0.75))(t)
	wantEqual(t, "nothing due yet", b[0], mention.SLO{Per: "brand", Brand: "B", Target: 0.75, Count: 1, OpenInTime: 1})
	wantEqual(t, "before", len(must(s.SLO(ctx, mention.Filter{To: start()}, 0.75))(t)), 0)
	wantEqual(t, "another topic", len(must(s.SLO(ctx, mention.Filter{Topic: "price", From: start()}, 0.75))(t)), 0)
	wantEqual(t, "promises", ask(t, s, "SELECT id, answered_in_time, breached, counted, written_exact FROM v_sla WHERE brand = 'A' ORDER BY id"), []string{
		"e1\ttrue\tfalse\ttrue\ttrue", "e2\tfalse\ttrue\ttrue\ttrue", "e3\tfalse\ttrue\ttrue\ttrue", "e4\t\\N\tfalse\ttrue\ttrue", "e5\ttrue\tfalse\ttrue\tfalse",
		"e6\t\\N\tfalse\tfalse\ttrue", "e7\tfalse\ttrue\tfalse\ttrue", "e80\ttrue\tfalse\ttrue\tfalse"})
}

// seed stores the escalations of slo.
func seed(t *testing.T, s *storage.Store) {
	t.Helper()
	x := clocked(1, "shop", "desk")
	x.Seen, x.Stored, x.Answered, x.Resolved = after(1, 0), after(1, 2), after(30, 0), after(120, 0)
	steps(t, s, x, opened(after(1, 3)), told(after(1, 5)))
	x = clocked(2, "shop", "desk")
	x.Seen, x.Stored, x.Answered = after(0, 30), after(0, 34), after(90, 0)
	steps(t, s, x, opened(after(0, 35)), told(after(0, 39)))
	steps(t, s, clocked(3, "forum", "desk"), opened(start()))
	x = clocked(4, "forum", "")
	x.Due = distant()
	steps(t, s, x, opened(start()))
	x = clocked(5, "forum", "desk") // the source shows only the day
	x.Written, x.Seen, x.Stored, x.Answered = hours(-12), start(), after(0, 1), after(20, 0)
	steps(t, s, x, opened(after(0, 1)), told(after(0, 2)))
	x = clocked(6, "shop", "desk") // nothing was promised
	x.Due, x.Answered = time.Time{}, after(10, 0)
	steps(t, s, x, opened(start()))
	steps(t, s, clocked(7, "shop", "desk"), opened(start()), mention.Event{At: after(5, 0), Type: "feedback", Note: "false_alarm"})
	steps(t, s, clocked(80, "shop", "desk"), opened(start()), // its mention was forgotten
		mention.Event{At: after(40, 0), Step: 2, Type: "not_winnable", State: mention.StateNotWinnable})
	x = clocked(9, "shop", "desk") // many mentions are the cause: nobody waits for an answer
	x.Mention = ""
	steps(t, s, x, opened(start()))
	x = clocked(10, "shop", "desk")
	x.Brand, x.Due = "B", distant()
	steps(t, s, x, opened(start()))
}

func rounded(list []mention.SLO) []mention.SLO {
	round := func(values ...*float64) {
		for _, v := range values {
			*v = math.Round(*v*1e6) / 1e6
		}
	}
	for i := range list {
		x := &list[i]
		round(&x.Used.Value, &x.Burn1h.Value, &x.Burn6h.Value)
		for _, p := range []*mention.Spread{&x.Answer, &x.Solve, &x.Seen, &x.Stored, &x.Told} {
			round(&p.P50, &p.P90, &p.P99)
		}
	}
	return list
}

// sloAddsUp compares with a plain count of escalations of any kind.
func sloAddsUp(t *testing.T, open Opener) {
	s := open(t)
	number := rand.Uint64()
	random := rand.New(rand.NewPCG(number, 1))
	want := map[string]*[4]int64{}
	count := func(x mention.Escalation) {
		kind := 0
		switch answered, late := !x.Answered.IsZero(), x.Due.Before(time.Now()); {
		case answered && x.Answered.After(x.Due):
			kind = 1
		case !answered && late:
			kind = 3
		case !answered:
			kind = 2
		}
		for _, key := range []string{"brand " + x.Brand, "source " + x.Brand + x.Source, "team " + x.Brand + x.Team} {
			if want[key] == nil {
				want[key] = &[4]int64{}
			}
			want[key][kind]++
		}
	}
	for n := range 60 {
		x := clocked(n, []string{"shop", "forum", ""}[random.IntN(3)], []string{"desk", ""}[random.IntN(2)])
		x.Brand, x.Due = []string{"A", "B"}[random.IntN(2)], []time.Time{{}, hours(1), distant()}[random.IntN(3)]
		if random.IntN(2) == 0 {
			x.Answered = after(random.IntN(120), 0)
		}
		if !x.Due.IsZero() {
			count(x)
		}
		steps(t, s, x, opened(start()))
	}
	sums := map[mention.Per]int64{}
	for _, x := range must(s.SLO(t.Context(), mention.Filter{}, 0.9))(t) {
		key := map[mention.Per]string{mention.PerBrand: "brand " + x.Brand, mention.PerSource: "source " + x.Brand + x.Source, mention.PerTeam: "team " + x.Brand + x.Team}[x.Per]
		if want[key] == nil {
			want[key] = &[4]int64{} // nothing of it was promised
		}
		if got := [4]int64{x.InTime, x.Late, x.OpenInTime, x.OpenLate}; got != *want[key] {
			t.Errorf("seed %d, %s: %v, want %v", number, key, got, *want[key])
		}
		if x.Count != x.InTime+x.Late+x.OpenInTime+x.OpenLate || x.Used.N != x.Count-x.OpenInTime || x.Burn6h.N > x.Used.N || x.Burn1h.N > x.Burn6h.N {
			t.Errorf("seed %d, %s does not add up: %+v", number, key, x)
		}
		sums[x.Per] += x.Count
		delete(want, key)
	}
	if len(want) > 0 || sums[mention.PerBrand] == 0 || sums[mention.PerBrand] != sums[mention.PerSource] || sums[mention.PerBrand] != sums[mention.PerTeam] {
		t.Errorf("seed %d: sums %v, %d rows missing", number, sums, len(want))
	}
}

// alertQuality: of rule r five fired, four were told, three were taken after 2, 4 and 9 minutes; three were right, one was not.
func alertQuality(t *testing.T, open Opener) {
	s := open(t)
	say := func(minutes int, word string) mention.Event {
		return mention.Event{At: after(minutes, 0), Type: "feedback", Note: word}
	}
	taken := func(minutes int) mention.Event {
		return mention.Event{At: after(minutes, 0), Step: 2, Type: "acknowledged", State: mention.StateAcknowledged}
	}
	for n, list := range [][]mention.Event{
		{told(after(1, 0)), taken(3), say(5, "true_alarm")},
		{told(after(1, 0)), taken(5), say(5, "false_alarm"), say(6, "true_alarm")},
		{told(after(1, 0)), taken(10), say(11, "false_alarm")},
		{told(after(1, 0)), say(20, "true_alarm")},
		{},
	} {
		x := clocked(n, "shop", "desk")
		x.Rule = "r"
		steps(t, s, x, append([]mention.Event{opened(start())}, list...)...)
	}
	quiet := clocked(9, "shop", "desk")
	quiet.Rule = "quiet"
	steps(t, s, quiet, opened(start()))
	wantEqual(t, "rules", ask(t, s, `SELECT rule, escalations, told, acknowledged, confirmed, false_alarms, precision, round(precision_low, 6), round(precision_high, 6),
		minutes_to_take FROM v_alert_quality ORDER BY rule`), []string{
		"quiet\t1\t0\t0\t0\t0\t\\N\t\\N\t\\N\t\\N", "r\t5\t4\t3\t3\t1\t0.75\t0.300636\t0.954414\t4"})
}
