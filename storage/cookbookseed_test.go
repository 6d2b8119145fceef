package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// shelf makes the mentions of the cookbook: two brands in three sources and languages, from Monday 24 February 2025 on.
type shelf struct {
	t *testing.T
	s *storage.Store
	n int
}

func week(days, hours int) time.Time {
	return time.Date(2025, 2, 24+days, hours, 30, 0, 0, time.UTC)
}

func (x *shelf) one(brand string, at time.Time, mood mention.Mood, edit func(*mention.Scored)) mention.Scored {
	x.n++
	m := mention.Mention{
		ID: mention.NewID("site", "cookbook", fmt.Sprint(x.n)), Source: []string{"shop", "forum", "store"}[x.n/3%3], SourceKind: "site", Kind: mention.KindReview,
		URL: fmt.Sprintf("https://shop.example/%d", x.n), Product: []string{"kettle", "lamp"}[x.n%2], Text: fmt.Sprint("text ", x.n),
		Author:  mention.Author{ID: fmt.Sprintf("u%d", x.n), Name: fmt.Sprintf("Author %d", x.n), Followers: int64(x.n)},
		Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(time.Minute), Origin: mention.OriginLive,
	}
	v := mention.Verdict{Language: []string{"tr", "fa", "en"}[x.n/9%3], Mood: mood, Coverage: 0.75, Lexicon: "1", Priority: 3, Topics: []string{}, Customer: []string{}, Signals: []string{}}
	if mood.Unhappy() {
		v.Topics = [][]string{{"delay", "delivery"}, {"delay"}, {"price"}, {"defective"}}[x.n%4]
	}
	row := mention.Scored{Mention: m, Brand: brand, Verdict: v}
	if edit != nil {
		edit(&row)
	}
	row.Mention = row.Mention.Revise()
	return row
}

func (x *shelf) put(rows ...mention.Scored) {
	x.t.Helper()
	if _, err := x.s.Insert(x.t.Context(), rows); err != nil {
		x.t.Fatal(err)
	}
}

// by lets one author speak more than once.
func by(id string) func(*mention.Scored) {
	return func(r *mention.Scored) {
		r.Mention.Source, r.Mention.Author = "shop", mention.Author{ID: id, Name: "ayse"}
	}
}

func seedCookbook(t *testing.T, s *storage.Store) {
	t.Helper()
	x := &shelf{t: t, s: s}
	now := time.Now().UTC()
	moods := []mention.Mood{mention.Angry, mention.Satisfied, mention.Dissatisfied, mention.Neutral, mention.Satisfied, mention.Unknown, mention.Mixed}
	var rows []mention.Scored
	for i := range 280 {
		rows = append(rows, x.one([]string{"Paytak", "Paytak", "Rival"}[i%3], week(i%14, i%24), moods[i%7], nil))
	}
	for i := range 4 {
		rows = append(rows,
			x.one("Paytak", week(8, i), mention.Satisfied, func(r *mention.Scored) { r.Verdict.Customer = []string{"advocate"} }),
			x.one("Paytak", week(8+i, 9), mention.Angry, by("again")),
			x.one("Paytak", week(8, i), mention.Angry, func(r *mention.Scored) { r.Verdict.Switches = &mention.Switch{From: "Paytak", To: "Rival"} }),
			x.one("Paytak", now.AddDate(0, 0, -i-1), []mention.Mood{mention.Angry, mention.Satisfied}[i%2], by("lately")))
	}
	rows = append(rows, x.one("Paytak", now.AddDate(0, 0, -5), mention.Angry, nil), x.one("Paytak", now.AddDate(0, 0, -9), mention.Satisfied, nil),
		x.one("Paytak", now.AddDate(0, 0, -20), mention.Angry, func(r *mention.Scored) {
			r.Mention.Source, r.Mention.Author = "shop", mention.Author{ID: "u9", Name: "ayse"}
		}),
		x.one("Paytak", now.AddDate(0, 0, -2), mention.Satisfied, func(r *mention.Scored) {
			r.Mention.Source, r.Mention.Author = "shop", mention.Author{ID: "u9", Name: "ayse"}
		}))
	x.put(rows...)
	both := rows[0]
	both.Brand = "Rival"
	x.put(rows[0], both)
	x.reply(rows[281])
	x.edits(rows)
	x.cases(rows)
	x.visits()
}

// reply is the brand's public answer an hour later.
func (x *shelf) reply(to mention.Scored) {
	x.t.Helper()
	x.put(x.one(to.Brand, to.Mention.Written.Time.Add(time.Hour), mention.Neutral, func(r *mention.Scored) { r.Mention.Author.Own, r.Mention.ParentID = true, to.Mention.ID }))
}

// edits: eight who complained edit that, every other one after an answer; the first version of the last four was no complaint, as a person said.
func (x *shelf) edits(rows []mention.Scored) {
	x.t.Helper()
	angry := slices.DeleteFunc(slices.Clone(rows[:140]), func(r mention.Scored) bool { return r.Brand != "Paytak" || !r.Verdict.Mood.Unhappy() })
	var corrections []mention.Correction
	for i, r := range angry[:8] {
		if i%2 == 0 {
			x.reply(r)
		}
		corrections = append(corrections, mention.Correction{Mention: r.Mention.ID, Brand: r.Brand, Field: mention.FieldMood, Value: []string{"angry", "neutral"}[i/4], At: week(9, 0)})
		r.Mention.Text, r.Mention.Collected, r.Verdict.Mood = "solved", week(10, i), []mention.Mood{mention.Satisfied, mention.Satisfied, mention.Angry}[i%3]
		r.Mention = r.Mention.Revise()
		x.put(r)
	}
	if err := x.s.Correct(x.t.Context(), corrections); err != nil {
		x.t.Fatal(err)
	}
}

// cases: an incident, and escalations that were answered soon, late and never.
func (x *shelf) cases(rows []mention.Scored) {
	x.t.Helper()
	var events []mention.Event
	add := func(e mention.Escalation, n int, kind string, state mention.State, note string) {
		events = append(events, mention.Event{ID: fmt.Sprint(n), At: week(8, 1).Add(time.Duration(n) * time.Hour), Step: n, Type: kind, State: state, Note: note, Escalation: e})
	}
	i := mention.Escalation{ID: "i", Incident: "i", Rule: "incident", Brand: "Paytak", Product: "kettle", Topics: []string{"defective"}, Why: []string{"campaign"}, Opened: week(8, 0), Authors: 4, Mentions: 5, Reach: 90}
	add(i, 1, "opened", mention.StateOpen, "")
	add(i, 2, "acknowledged", mention.StateAcknowledged, "")
	for n, r := range rows[:6] {
		at := week(8, n)
		e := mention.Escalation{ID: fmt.Sprint("e", n), Incident: "i", Rule: "angry", Brand: "Paytak", Source: r.Mention.Source, Mention: r.Mention.ID, Opened: at, Written: at, Due: at.Add(time.Hour)}
		add(e, 1, "opened", mention.StateOpen, "")
		add(e, 0, "notified", mention.StateOpen, "")
		add(e, 4, "feedback", mention.StateOpen, "true_alarm")
		if n < 4 {
			e.Answered = at.Add(time.Duration(20+30*n) * time.Minute)
			add(e, 2, "answered", mention.StateAnswered, "")
		}
	}
	wrong := mention.Escalation{ID: "wrong", Rule: "stars", Brand: "Paytak", Source: "imprecise", Mention: "unknown", Opened: week(8, 0), Seen: week(8, 0), Answered: week(8, 1)}
	add(wrong, 1, "opened", mention.StateOpen, "")
	add(wrong, 4, "feedback", mention.StateOpen, "false_alarm")
	wrong.ID, wrong.Rule = "inexact", "angry"
	add(wrong, 1, "opened", mention.StateOpen, "")
	if err := x.s.InsertEvents(x.t.Context(), events); err != nil {
		x.t.Fatal(err)
	}
}

// visits: the shop was shut out for the second week.
func (x *shelf) visits() {
	x.t.Helper()
	var list []mention.Visit
	for day := range 14 {
		for _, source := range []string{"shop", "forum", "store"} {
			v := mention.Visit{ID: fmt.Sprint(source, day), Run: fmt.Sprint(day), Source: source, At: week(day, 3), Outcome: mention.OutcomeOK, Mentions: 3}
			if source == "shop" && day >= 9 {
				v.Outcome, v.Reason = mention.OutcomeSoftFail, "challenge"
			}
			list = append(list, v)
		}
	}
	if err := x.s.InsertVisits(x.t.Context(), list); err != nil {
		x.t.Fatal(err)
	}
}

// figures are the answers, by the number of the question, that follow from the seed by hand.
func figures() map[string]string {
	return map[string]string{
		"5": "[map[complaints:4 first:2025-03-04 09:30:00 last:2025-03-07 09:30:00 shown_as:ayse source:shop were_answered:1]]",
		"7": "[map[escalated:3 inexact:0 median_minutes:110 share:0 source:forum within_the_hour:0] map[escalated:1 inexact:0 median_minutes:<nil> share:0 source:store within_the_hour:0]" +
			" map[escalated:1 inexact:1 median_minutes:60 share:1 source:imprecise within_the_hour:1] map[escalated:2 inexact:0 median_minutes:50 share:1 source:shop within_the_hour:2]]",
		"9":  "[map[answer:answered edits:2 share:0.5 won:1] map[answer:not answered edits:2 share:1 won:2]]",
		"10": "[map[mean_reach:289 moves:4 people:4 switch_from:Paytak switch_to:Rival]]",
	}
}
