package storagetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// page is a visit of one page in a run.
func page(source, run string, n int, at time.Time, outcome mention.Outcome, reason string) mention.Visit {
	return mention.Visit{
		ID: fmt.Sprintf("%s-%s-%d", source, run, n), Run: run, Source: source, URL: fmt.Sprintf("https://%s.example/%d", source, n), At: at,
		Took: 20 * time.Millisecond, Status: 200, Bytes: 100, Outcome: outcome, Reason: reason, Mentions: 2, Attempt: 1,
	}
}

func ended(source, run string, at time.Time, outcome mention.Outcome, reason string) mention.Visit {
	return mention.Visit{ID: source + run + "end", Run: run, Source: source, At: at, Outcome: outcome, Reason: reason, Mentions: 7, RunEnd: true}
}

func visits(t *testing.T, s *storage.Store, v ...mention.Visit) {
	t.Helper()
	for range 3 { // as often as the queue likes
		if err := s.InsertVisits(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
}

// visitOf: a mention leads to the request that gave it, and to no other.
func visitOf(t *testing.T, s *storage.Store) {
	t.Helper()
	want := page("good", "2", 1, hours(2), mention.OutcomeOK, "")
	wantEqual(t, "visit of a mention", must(s.VisitOf(t.Context(), "good", want.URL, hours(2).Add(time.Minute)))(t), &want)
	for what, found := range map[string]*mention.Visit{
		"before it":           must(s.VisitOf(t.Context(), "good", want.URL, hours(2).Add(-time.Minute)))(t),
		"long after it":       must(s.VisitOf(t.Context(), "good", want.URL, hours(4)))(t),
		"another source":      must(s.VisitOf(t.Context(), "bad", want.URL, hours(2)))(t),
		"one that gave none":  must(s.VisitOf(t.Context(), "good", "https://good.example/2", hours(2)))(t),
		"one that went wrong": must(s.VisitOf(t.Context(), "good", "https://good.example/3", hours(3)))(t),
	} {
		if found != nil {
			t.Errorf("%s: %+v", what, found)
		}
	}
}

func ledger(t *testing.T, open Opener) {
	s := open(t)
	ok, notModified, soft, failed, refused := mention.OutcomeOK, mention.OutcomeNotModified, mention.OutcomeSoftFail, mention.OutcomeFailed, mention.OutcomeRefused
	visits(t, s,
		page("good", "1", 1, hours(0), failed, "timeout"), ended("good", "1", hours(1), failed, "timeout"),
		page("good", "2", 1, hours(2), ok, ""), page("good", "2", 2, hours(2), notModified, ""), page("good", "2", 3, hours(3), failed, "server_error"),
		page("good", "2", 4, hours(3), refused, "robots"), ended("good", "2", hours(4), ok, ""),
		page("good", "3", 1, hours(5), soft, "challenge"), // still running
		page("bad", "1", 1, hours(0), ok, ""), ended("bad", "1", hours(1), ok, ""),
		page("bad", "2", 1, hours(2), ok, ""), page("bad", "2", 2, hours(2), soft, "challenge"), page("bad", "2", 3, hours(2), soft, "challenge"),
		page("bad", "2", 4, hours(2), failed, "timeout"), ended("bad", "2", hours(3), ok, ""),
		page("shut", "1", 1, hours(0), refused, "robots"), ended("shut", "1", hours(1), refused, "robots"),
		page("new", "1", 1, hours(0), ok, ""),
		page("down", "1", 1, hours(0), ok, ""), ended("down", "1", hours(1), failed, "shape_changed"),
		page("old", "1", 1, hours(-31*24), ok, ""),
	)
	visitOf(t, s)
	m := review(1, hours(2))
	m.Source = "good"
	insert(t, s, judge(m, "Paytak", "1"))
	got := must(s.Coverage(t.Context(), hours(2)))(t)
	wantEqual(t, "coverage", got, []mention.SourceHealth{
		{Source: "bad", LastRun: hours(3), LastOK: hours(2), RunStarted: hours(2), Pages: 4, SoftFails: 2, Failures: 1, Reason: "challenge"},
		{Source: "down", LastRun: hours(1), LastOK: hours(0), RunStarted: hours(0), Reason: "shape_changed"},
		{Source: "good", LastRun: hours(5), LastOK: hours(2), LastMention: hours(2), RunStarted: hours(2), Pages: 5, SoftFails: 1, Failures: 1, Reason: "server_error", Healthy: true},
		{Source: "new", LastRun: hours(0), LastOK: hours(0), RunStarted: hours(0), Healthy: true},
		{Source: "shut", LastRun: hours(1), RunStarted: hours(0), Reason: "robots"},
	})
	wantEqual(t, "view", ask(t, s, "SELECT source, healthy, run, run_ended, pages, good, soft_fails, failures, refused, mentions FROM v_coverage ORDER BY source"), []string{
		"bad\tfalse\t2\ttrue\t4\t1\t2\t1\t0\t7", "down\tfalse\t1\ttrue\t1\t1\t0\t0\t0\t7", "good\ttrue\t2\ttrue\t4\t2\t0\t1\t1\t7",
		"new\ttrue\t1\tfalse\t1\t1\t0\t0\t0\t2", "shut\tfalse\t1\ttrue\t1\t0\t0\t0\t1\t7"})
	wantEqual(t, "days", ask(t, s, "SELECT source, day, pages, good, soft_fails, failures, refused, good_hours, toUnixTimestamp(last_good), if(source = 'good', '', trouble) FROM v_coverage_day WHERE source IN ('bad', 'good', 'old', 'shut') ORDER BY source"), []string{
		fmt.Sprintf("bad\t2025-03-10\t5\t2\t2\t1\t0\t2\t%d\tchallenge", hours(2).Unix()), fmt.Sprintf("good\t2025-03-10\t6\t2\t1\t2\t1\t1\t%d\t", hours(2).Unix()),
		fmt.Sprintf("old\t2025-02-07\t1\t1\t0\t0\t0\t1\t%d\t", hours(-31*24).Unix()), "shut\t2025-03-10\t1\t0\t0\t0\t1\t0\t0\trobots"})
	wantEqual(t, "visits", must(s.Counts(t.Context()))(t).Visits, 15)
	visits(t, s, mention.Visit{ID: "odd", Source: nasty()[0], URL: nasty()[16], Took: -1, Status: 1 << 30, Bytes: -1, Mentions: -1, Attempt: -1, Detail: nasty()[13]})
	wantEqual(t, "odd visit", ask(t, s, "SELECT took_ms, status, mentions FROM crawl_ledger FINAL WHERE id = 'odd'"), []string{"0\t65535\t0"})
}

func escalations(t *testing.T, open Opener) {
	s := open(t)
	opened := func(id, severity string, at time.Time) mention.Event {
		return mention.Event{ID: id + "1", At: at, Type: "opened", State: mention.StateOpen, Escalation: mention.Escalation{
			ID: id, Rule: "angry", Severity: severity, Brand: "Paytak", Mention: review(1, at).ID, URL: "https://x.example/1", Author: mention.Author{ID: "u", Name: "U", Followers: 5},
			Excerpt: "Kargo…", Mood: mention.Angry, Topics: []string{"delay"}, Signals: []string{"legal_threat"}, Why: []string{"it is angry"}, State: mention.StateOpen,
			Opened: at, Written: hours(-3), Language: "tr", Priority: 1,
		}}
	}
	step := func(e mention.Event, n int, at time.Time, kind string, state mention.State) mention.Event {
		e.ID, e.At, e.Type, e.State, e.Actor, e.Note = fmt.Sprint(e.Escalation.ID, n), at, kind, state, "ayse", "called"
		return e
	}
	a, b, c, d := opened("a", "high", hours(0)), opened("b", "critical", hours(1)), opened("c", "high", hours(2)), opened("d", "normal", hours(3))
	events := []mention.Event{
		a, b, c, d,
		step(a, 2, hours(0), "notified", mention.StateOpen), step(a, 3, hours(2), "acknowledged", mention.StateAcknowledged),
		step(b, 2, hours(3), "resolved", mention.StateResolved), step(b, 3, hours(4), "reopened", mention.StateReopened),
		step(c, 2, hours(3), "resolved", mention.StateResolved),
	}
	for i := range events {
		if err := s.InsertEvents(t.Context(), events[:len(events)-i]); err != nil {
			t.Fatal(err)
		}
	}
	want := func(e mention.Event, state mention.State, since time.Time) mention.OpenEscalation {
		e.Escalation.State = state
		return mention.OpenEscalation{Escalation: e.Escalation, Since: since}
	}
	wantEqual(t, "open", must(s.OpenEscalations(t.Context(), 0))(t), []mention.OpenEscalation{
		want(b, mention.StateReopened, hours(4)), want(a, mention.StateAcknowledged, hours(2)), want(d, mention.StateOpen, hours(3))})
	wantEqual(t, "limit", len(must(s.OpenEscalations(t.Context(), 1))(t)), 1)
	counts := must(s.Counts(t.Context()))(t)
	wantEqual(t, "counts", []int64{counts.Escalations, counts.Waiting}, []int64{4, 3})
	wantEqual(t, "clocks", ask(t, s, "SELECT toUnixTimestamp(notified), toUnixTimestamp(acknowledged), actor FROM v_escalations WHERE id = 'a'"),
		[]string{fmt.Sprintf("%d\t%d\tayse", hours(0).Unix(), hours(2).Unix())})
	lifeOfOne(t, s, a)
	wantEqual(t, "never", ask(t, s, "SELECT toUnixTimestamp(acknowledged), toUnixTimestamp(resolved) FROM v_escalations WHERE id = 'd'"), []string{"0\t0"})
}

// lifeOfOne: where an escalation stands follows from its numbered steps, not from clocks that differ between machines nor
// from news of channels that come late; and every field comes back.
func lifeOfOne(t *testing.T, s *storage.Store, like mention.Event) {
	t.Helper()
	x := like.Escalation
	x.ID, x.Source, x.Thread, x.Product, x.Customer, x.Observed = "life", "shop", "t-1", "kettle", []string{"loyal"}, []string{"effortless"}
	x.Standing, x.Reach, x.Team, x.Incident = mention.StandingGood, 900, "desk", "incident-1"
	x.Seen, x.Stored, x.Due = hours(-2), hours(-1), hours(1)
	put := func(n, step int, at time.Time, kind, note string, state mention.State) {
		x.State = state
		e := mention.Event{ID: fmt.Sprint("life", n), At: at, Step: step, Type: kind, State: state, Actor: "ayse", Note: note, Escalation: x}
		if err := s.InsertEvents(t.Context(), []mention.Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	stands := func() mention.Escalation {
		all := must(s.OpenEscalations(t.Context(), 0))(t)
		if i := slices.IndexFunc(all, func(e mention.OpenEscalation) bool { return e.ID == "life" }); i >= 0 {
			return all[i].Escalation
		}
		return mention.Escalation{}
	}
	put(1, 1, hours(5), "opened", "", mention.StateOpen)
	x.Holder = "ayse"
	put(2, 2, hours(4), "acknowledged", "", mention.StateAcknowledged) // a machine whose clock is late
	acknowledged := x
	x.Holder = ""
	put(3, 0, hours(6), "notified", "", mention.StateOpen) // carried late
	wantEqual(t, "acknowledged", stands(), acknowledged)
	x.Holder, x.Answered, x.Reply = "ayse", hours(3), mention.ReplyHandOff
	put(4, 3, hours(7), "answered", "", mention.StateAnswered)
	wantEqual(t, "answered", stands(), x)
	put(5, 0, hours(8), "feedback", "false_alarm", mention.StateAnswered)
	wantEqual(t, "feedback", ask(t, s, "SELECT false_alarm, state FROM v_escalations WHERE id = 'life'"), []string{"true\tanswered"})
	var types []string
	for _, e := range must(s.Events(t.Context(), "life"))(t) {
		types = append(types, fmt.Sprint(e.Step, " ", e.Type, " ", e.Actor))
	}
	wantEqual(t, "steps in time", types, []string{"2 acknowledged ayse", "1 opened ayse", "0 notified ayse", "3 answered ayse", "0 feedback ayse"})
	wantEqual(t, "by prefix", len(must(s.Escalations(t.Context(), "li", 0))(t)), 1)
	put(6, 4, hours(9), "not_winnable", "", mention.StateNotWinnable)
	wantEqual(t, "ended", stands(), mention.Escalation{})
}
