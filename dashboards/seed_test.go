package dashboards

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// crowd makes n mentions of a brand, spread over the time before, ending ago before now; the first bad of them are as edit says.
func crowd(brand string, now time.Time, ago, over time.Duration, n, bad int, edit func(*mention.Scored)) []mention.Scored {
	rows := make([]mention.Scored, n)
	for i := range rows {
		at := now.Add(-ago - over*time.Duration(i)/time.Duration(n))
		m := mention.Mention{ID: mention.NewID("site", brand, fmt.Sprint(ago, i)), Source: "none", SourceKind: "site", Kind: mention.KindReview, Text: fmt.Sprint(brand, ago, i),
			Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: now, SeenFirst: now, Origin: mention.OriginLive}
		rows[i] = mention.Scored{Mention: m, Brand: brand, Verdict: mention.Verdict{Language: "tr", Mood: mention.Satisfied, Priority: 4, Lexicon: "x"}}
		if i < bad {
			edit(&rows[i])
		}
		rows[i].Mention = rows[i].Mention.Revise()
	}
	return rows
}

const (
	aDay  = 24 * time.Hour
	aWeek = 7 * aDay
)

// moods: a fifth was unhappy in the week before.
func moods(now time.Time) (rows []mention.Scored) {
	angry := func(r *mention.Scored) { r.Verdict.Mood = mention.Angry }
	for _, x := range []struct {
		brand            string
		newer, bad, week int
	}{{"mood loud", 100, 40, 400}, {"mood slight", 400, 116, 800}, {"mood chance", 20, 8, 50}, {"mood few", 19, 19, 400}, {"mood young", 100, 100, 49}} {
		rows = slices.Concat(rows, crowd(x.brand, now, time.Hour, 20*time.Hour, x.newer, x.bad, angry), crowd(x.brand, now, 25*time.Hour, 6*aDay, x.week, x.week/5, angry))
	}
	return rows
}

// ratings: half gave 4 and half 5 stars in the four weeks before.
func ratings(now time.Time) []mention.Scored {
	stars := func(n float64) func(*mention.Scored) {
		return func(r *mention.Scored) {
			r.Mention.Rating = &mention.Rating{Value: n, Worst: 1, Best: 5}
		}
	}
	weeks := func(brand string, n int) []mention.Scored {
		return append(crowd(brand, now, 25*time.Hour, 20*aDay, n/2, n/2, stars(4)), crowd(brand, now, 26*time.Hour, 20*aDay, n/2, n/2, stars(5))...)
	}
	return slices.Concat(
		weeks("stars loud", 60), crowd("stars loud", now, time.Hour, 20*time.Hour, 20, 20, stars(3.5)),
		weeks("stars slight", 200), crowd("stars slight", now, time.Hour, 20*time.Hour, 60, 60, stars(4.1)),
		weeks("stars chance", 50), crowd("stars chance", now, time.Hour, 20*time.Hour, 10, 10, stars(4.1)),
		crowd("stars equal", now, time.Hour, 20*aDay, 300, 300, stars(5)),
		weeks("stars few", 60), crowd("stars few", now, time.Hour, 20*time.Hour, 9, 9, stars(1)))
}

// topics: four complaints in these hours of each week before.
func topics(now time.Time) (rows []mention.Scored) {
	about := func(topic string) func(*mention.Scored) {
		return func(r *mention.Scored) { r.Verdict.Topics = []string{topic} }
	}
	for _, x := range []struct {
		brand, topic string
		newer, each  int
	}{{"topic loud", "delay", 20, 4}, {"topic slight", "delay", 14, 4}, {"topic usual", "delay", 22, 20}, {"topic few", "delay", 4, 0}} {
		rows = append(rows, crowd(x.brand, now, time.Minute, time.Hour, x.newer, x.newer, about(x.topic))...)
		for week := range 4 {
			rows = append(rows, crowd(x.brand, now, time.Duration(week+1)*aWeek+time.Minute, time.Hour, x.each, x.each, about(x.topic))...)
			rows = append(rows, crowd(x.brand, now, time.Duration(week)*aWeek+5*time.Hour, time.Hour, 30, 30, about(x.topic))...) // other hours
		}
	}
	day := func(r *mention.Scored) {
		about("delay")(r)
		r.Mention.Written.Precision = mention.PrecisionDay
	}
	return slices.Concat(rows, crowd("topic loud", now, 2*time.Minute, time.Hour, 5, 5, about("price")), crowd("topic loud", now, aWeek+3*time.Minute, time.Hour, 6, 6, about("price")),
		crowd("topic day", now, time.Minute, time.Hour, 50, 50, day))
}

// seedPromises: kept ones were answered, broken ones due, at some time before now.
func seedPromises(t *testing.T, s *storage.Store, now time.Time) {
	var events []mention.Event
	add := func(brand, team string, ago time.Duration, kept, broken int) {
		for i := range kept + broken {
			x := mention.Escalation{ID: fmt.Sprint(brand, ago, i), Rule: "angry", Severity: "high", Brand: brand, Team: team, Mention: "m", State: mention.StateOpen,
				Opened: now.Add(-ago - time.Hour), Due: now.Add(-ago), Answered: now.Add(-ago + time.Minute)}
			if i < kept {
				x.Due, x.Answered = now.Add(-ago+time.Minute), now.Add(-ago)
			} else if i%2 == 0 {
				x.Answered = time.Time{}
			}
			events = append(events, mention.Event{ID: x.ID, At: x.Opened, Step: 1, Type: "opened", State: mention.StateOpen, Escalation: x})
		}
	}
	for _, x := range []struct {
		brand, team                        string
		kept, broken, keptLong, brokenLong int
	}{{"promise loud", "desk", 2, 3, 5, 5}, {"promise slight", "desk", 3, 1, 6, 2}, {"promise over", "desk", 5, 0, 0, 9}, {"promise few", "", 0, 1, 0, 1}} {
		add(x.brand, x.team, 20*time.Minute, x.kept, x.broken)
		add(x.brand, x.team, 3*time.Hour, x.keptLong, x.brokenLong)
	}
	add("promise old", "desk", 7*time.Hour, 0, 9)
	add("promise void", "desk", 20*time.Minute, 0, 9)
	for _, e := range events[len(events)-9:] { // nobody had to be told
		e.ID, e.At, e.Step, e.Type, e.Note = e.ID+"f", now, 0, "feedback", "false_alarm"
		events = append(events, e)
	}
	if err := s.InsertEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

func seedVisits(t *testing.T, s *storage.Store, now time.Time) {
	var visits []mention.Visit
	for source, x := range map[string]struct {
		ago     time.Duration
		outcome mention.Outcome
	}{"good": {time.Hour, mention.OutcomeOK}, "quiet": {time.Hour, mention.OutcomeOK}, "sleepy": {time.Hour, mention.OutcomeOK}, "broken": {time.Hour, mention.OutcomeSoftFail},
		"stopped": {30 * time.Hour, mention.OutcomeOK}, "removed": {5 * aDay, mention.OutcomeOK}} {
		visits = append(visits, mention.Visit{ID: source, Run: source, Source: source, URL: "https://x.example/", At: now.Add(-x.ago), Status: 200, Outcome: x.outcome})
	}
	if err := s.InsertVisits(t.Context(), visits); err != nil {
		t.Fatal(err)
	}
}

// sources: "quiet" had 45 mentions in four weeks and none for ten days, "sleepy" three.
func sources(now time.Time) []mention.Scored {
	of := func(source string, n int, newest time.Duration) []mention.Scored {
		rows := crowd("source "+source, now, newest, 14*aDay, n, n, func(r *mention.Scored) { r.Mention.Source = source })
		for i := range rows {
			rows[i].Mention.Collected = rows[i].Mention.Written.Time
		}
		return rows
	}
	return slices.Concat(of("good", 15, time.Hour), of("quiet", 45, 10*aDay), of("sleepy", 3, 10*aDay))
}
