package storagetest

import (
	"fmt"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// askedWeek is the week of Monday 3 March 2025 in Istanbul, which begins three hours before that in UTC.
func askedWeek(t *testing.T) mention.DigestAsk {
	zone := must(time.LoadLocation("Europe/Istanbul"))(t)
	return mention.DigestAsk{
		From: time.Date(2025, 3, 3, 0, 0, 0, 0, zone), To: time.Date(2025, 3, 10, 0, 0, 0, 0, zone), Zone: zone.String(),
		Brands: []string{"A", "B", "Silent"}, Rivals: []string{"R", "'; DROP TABLE mentions; --"}, Most: 2,
		Sources: map[string]time.Duration{"shop": time.Hour, "forum": time.Hour, "never": time.Hour, "new": time.Hour, "young": 7 * 24 * time.Hour, "asked": 0},
	}
}

// remark is a mention of a brand: what it says of itself is set by edit.
func remark(n int, brand string, at time.Time, mood mention.Mood, edit func(*mention.Scored)) mention.Scored {
	m := review(n, at.Add(time.Hour))
	m.Source, m.Author = "shop", mention.Author{ID: fmt.Sprint("author", n), Name: "Author", Followers: int64(n)}
	m.Written, m.Rating = mention.Written{Time: at, Precision: mention.PrecisionSecond}, nil
	row := judge(m, brand, "1")
	row.Verdict.Mood, row.Verdict.Signals, row.Verdict.Topics, row.Verdict.Praise, row.Verdict.Switches = mood, []string{}, []string{}, []string{}, nil
	if edit != nil {
		edit(&row)
	}
	row.Mention = row.Mention.Revise()
	return row
}

func signals(codes ...string) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Verdict.Signals = codes }
}

func topics(codes ...string) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Verdict.Topics = codes }
}

func stars(n float64) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Mention.Rating = &mention.Rating{Value: n, Worst: 1, Best: 5} }
}

// digest: a week whose figures are known by hand.
func digest(t *testing.T, open Opener) {
	s, ask := open(t), askedWeek(t)
	empty := must(s.Digest(t.Context(), ask))(t)
	wantEqual(t, "brands of nothing", len(empty.Brands), 3)
	wantEqual(t, "days of nothing", len(empty.Brands[0].Days), 7)
	digestMentions(t, s, ask)
	digestCases(t, s, ask)
	digestVisits(t, s, ask)
	d := must(s.Digest(t.Context(), ask))(t)
	wantEqual(t, "all", d.Now, mention.Tally{Mentions: 10, Unhappy: 2, Angry: 1, Ratings: 2, Rating: 0.5})
	wantEqual(t, "all before", d.Past, mention.Tally{Mentions: 2, Unhappy: 1, Angry: 1})
	a, b := d.Brands[0], d.Brands[1]
	wantEqual(t, "A", a.Now, mention.Tally{Mentions: 10, Unhappy: 2, Angry: 1, Ratings: 2, Rating: 0.5})
	wantEqual(t, "A before", a.Past, mention.Tally{Mentions: 2, Unhappy: 1, Angry: 1})
	wantEqual(t, "B", b.Now, mention.Tally{Mentions: 1, Unhappy: 1})
	wantEqual(t, "silent", d.Brands[2].Now, mention.Tally{})
	var days []int64
	for _, day := range a.Days {
		n := int64(0)
		for _, c := range day.Counts {
			n += c
		}
		days = append(days, n)
	}
	wantEqual(t, "days", days, []int64{9, 0, 0, 0, 0, 0, 1})
	wantEqual(t, "topics", a.Topics, []mention.TopicChange{{Topic: "delay", Now: 2, Past: 1}, {Topic: "price", Now: 1}})
	wantEqual(t, "examples", digestIDs(a), "praise [2 9] of 2, questions [5] of 1, advocates [7 6] of 2, won back [8] of 1")
	wantEqual(t, "rival", []any{d.Rivals[0].Now.Unhappy, len(d.Rivals[0].Unhappy), number(d.Rivals[0].Unhappy[0])}, []any{int64(3), 2, 22})
	wantEqual(t, "cases", a.Cases, mention.CaseTally{Opened: 4, Past: 1, Promised: 3, InTime: 1, Late: 2, FalseAlarms: 1, Waiting: 3, Oldest: ask.Before().Add(time.Hour).UTC()})
	wantEqual(t, "incidents", []any{len(a.Incidents), a.Incidents[0].ID, len(b.Incidents)}, []any{1, "e50", 0})
	digestStories(t, s, ask)
	wantEqual(t, "listed", d.Listed, []mention.RuleCount{{Rule: "angry", Count: 1}})
	wantEqual(t, "gaps", d.Gaps, []mention.SourceGap{
		{Source: "forum", Blind: 7 * 24 * time.Hour, Reason: "challenge"}, {Source: "shop", Blind: 9 * time.Hour, Reason: "timeout"}, {Source: "young", Blind: 36 * time.Hour, New: true},
		{Source: "never", Blind: 7 * 24 * time.Hour}, {Source: "new", Blind: 7 * 24 * time.Hour, New: true}})
}

// digestStories: what a report has beside a digest.
func digestStories(t *testing.T, s *storage.Store, ask mention.DigestAsk) {
	t.Helper()
	move := func(n int, brand, from, to string, at time.Time) mention.Scored {
		return remark(n, brand, at, mention.Neutral, func(r *mention.Scored) {
			r.Mention.Author.Own = false
			r.Verdict.Switches = &mention.Switch{From: from, To: to}
		})
	}
	in := ask.From.UTC().Add(3 * time.Hour)
	insert(t, s, move(60, "B", "B", "R", in), move(61, "B", "B", "R", in), move(62, "B", "", "B", in), move(63, "B", "B", "R", ask.To.UTC()), move(64, "R", "R", "x", in))
	ask.Stories = true
	d := must(s.Digest(t.Context(), ask))(t)
	wantEqual(t, "switches", []any{d.Brands[0].Switches, d.Brands[1].Switches}, []any{nil, []mention.SwitchCount{{From: "B", To: "R", N: 2}, {To: "B", N: 1}}})
	told := func(cases []mention.CaseTime) (all []string) {
		for _, c := range cases {
			all = append(all, fmt.Sprintf("%s %t %t", c.ID, c.Answered.IsZero(), c.Waited > time.Hour))
		}
		return all
	}
	a := d.Brands[0]
	wantEqual(t, "cases told", []any{len(a.Slow), len(a.Quick)}, []any{a.Cases.Late, a.Cases.InTime})
	wantEqual(t, "slow and quick", []any{told(a.Slow), told(a.Quick)}, []any{[]string{"e32 true true", "e35 true true"}, []string{"e31 false false"}})
	wantEqual(t, "heard", d.Heard, []mention.SourceCount{{Source: "shop", Now: 13, Past: 2}})
}

// number is that of a remark.
func number(r mention.Scored) (n int) {
	_, _ = fmt.Sscanf(r.Mention.Author.ID, "author%d", &n)
	return n
}

func digestIDs(b mention.BrandDigest) string {
	ids := func(rows []mention.Scored) (n []int) {
		for _, r := range rows {
			n = append(n, number(r))
		}
		return n
	}
	return fmt.Sprintf("praise %v of %d, questions %v of %d, advocates %v of %d, won back %v of %d",
		ids(b.Praise), b.Praised, ids(b.Questions), b.Asked, ids(b.Advocates), b.Advocated, ids(b.WonBack), b.Returned)
}

func digestMentions(t *testing.T, s *storage.Store, ask mention.DigestAsk) {
	from, to := ask.From.UTC(), ask.To.UTC()
	at := func(minutes int) time.Time { return from.Add(time.Duration(minutes) * time.Minute) }
	both := remark(3, "A", at(30), mention.Dissatisfied, topics("delay", "price"))
	other := both
	other.Brand = "B"
	tehran := remark(4, "A", to.Add(-24*time.Hour-30*time.Minute), mention.Neutral, nil) // the midnight that begins Sunday in Tehran
	tehran.Mention.Written.Precision = mention.PrecisionDay
	tehran.Mention = tehran.Mention.Revise()
	answer := remark(40, "A", at(90), mention.Neutral, nil)
	thanked := remark(10, "A", at(10), mention.Satisfied, nil)
	answer.Mention.Author.Own, answer.Mention.ParentID = true, thanked.Mention.ID
	answer.Mention = answer.Mention.Revise()
	insert(t, s, both, other)
	insert(t, s, remark(1, "A", from, mention.Angry, topics("delay")), remark(2, "A", at(20), mention.Satisfied, stars(5)), tehran, thanked, answer,
		remark(5, "A", at(5), mention.Neutral, signals("question")), remark(6, "A", at(6), mention.Mixed, signals("advocacy")), remark(7, "A", at(7), mention.Neutral, signals("advocacy")),
		remark(8, "A", at(8), mention.Neutral, signals("win_back")), remark(9, "A", at(9), mention.Satisfied, stars(1)),
		remark(11, "A", from.Add(-time.Second), mention.Angry, topics("delay")), remark(12, "A", from.Add(-24*time.Hour), mention.Neutral, signals("question", "advocacy")),
		remark(13, "A", to, mention.Angry, topics("delay")), remark(14, "A", ask.Before().UTC().Add(-time.Second), mention.Angry, nil), remark(15, "C", at(1), mention.Angry, nil),
		remark(20, "R", at(50), mention.Angry, nil), remark(21, "R", at(40), mention.Dissatisfied, nil), remark(22, "R", at(30), mention.Dissatisfied, signals("churn")))
}

func digestCases(t *testing.T, s *storage.Store, ask mention.DigestAsk) {
	from := ask.From.UTC()
	at := func(x mention.Escalation, opened time.Time) mention.Escalation {
		x.Opened, x.Written, x.Seen, x.Due = opened, opened, opened, opened.Add(time.Hour)
		return x
	}
	good := at(clocked(31, "shop", ""), from)
	answered := good
	answered.State, answered.Answered = mention.StateResolved, from.Add(30*time.Minute)
	steps(t, s, good, mention.Event{At: from, Step: 1, Type: "opened"})
	if err := s.InsertEvents(t.Context(), []mention.Event{{ID: "answer", At: answered.Answered, Step: 2, Type: "resolved", State: mention.StateResolved, Escalation: answered}}); err != nil {
		t.Fatal(err)
	}
	late := at(clocked(32, "shop", ""), from.Add(time.Hour))
	late.Why = []string{"demoted"}
	steps(t, s, late, mention.Event{At: late.Opened, Step: 1, Type: "opened"})
	wrong := at(clocked(33, "shop", ""), from.Add(2*time.Hour))
	wrong.State = mention.StateResolved
	steps(t, s, wrong, mention.Event{At: wrong.Opened, Step: 1, Type: "opened"}, mention.Event{At: wrong.Opened.Add(time.Minute), Type: "feedback", Note: "false_alarm"})
	steps(t, s, at(clocked(34, "shop", ""), ask.Before().UTC().Add(time.Hour)), mention.Event{At: from, Step: 1, Type: "opened"})
	waiting := at(clocked(35, "shop", ""), from.Add(3*time.Hour))
	steps(t, s, waiting, mention.Event{At: waiting.Opened, Step: 1, Type: "opened"})
	incident := at(clocked(50, "", ""), from.Add(time.Hour))
	incident.Mention, incident.Rule = "", "incident"
	steps(t, s, incident, mention.Event{At: incident.Opened, Step: 1, Type: "opened"})
}

// digestVisits: a shop that answers every hour but for ten of them, a forum that only asks to prove that one is a person.
func digestVisits(t *testing.T, s *storage.Store, ask mention.DigestAsk) {
	var visits []mention.Visit
	visit := func(source string, at time.Time, o mention.Outcome, reason string) {
		visits = append(visits, mention.Visit{ID: fmt.Sprint(source, at.Unix()), Run: fmt.Sprint(source, at.Unix()), Source: source, At: at.UTC(), Outcome: o, Reason: reason})
	}
	for h := -24; h < 7*24; h++ {
		at := ask.From.Add(time.Duration(h) * time.Hour)
		if h > 50 && h < 60 {
			visit("shop", at, mention.OutcomeFailed, "timeout")
		} else {
			visit("shop", at, mention.OutcomeOK, "")
		}
		visit("forum", at, mention.OutcomeSoftFail, "challenge")
	}
	visit("young", ask.From.Add(36*time.Hour), mention.OutcomeOK, "")
	visit("new", ask.To.Add(time.Hour), mention.OutcomeOK, "")
	if err := s.InsertVisits(t.Context(), visits); err != nil {
		t.Fatal(err)
	}
}
