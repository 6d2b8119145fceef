// Package dashboardstest fills a store so that every panel of the dashboards has something to show.
package dashboardstest

import (
	"fmt"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

const aDay = 24 * time.Hour

// Fill stores two brands, two sources, three languages and two products, over the two months before now, with escalations,
// promises and visits. A view asks the server's clock for the age of a case: now is best the real one.
func Fill(t testing.TB, s *storage.Store) {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	rows := histories(now)
	for _, brand := range []string{"Paytak", "Rakip"} {
		for _, source := range []string{"shop", "forum"} {
			for i, lang := range []string{"tr", "fa", "en"} {
				for j, product := range []string{"Kettle", "Toaster"} {
					for k := range 24 {
						rows = append(rows, opinion(now, brand, source, lang, product, (i*2+j)*24+k))
					}
				}
			}
		}
	}
	both := rows[len(rows)-2] // names both brands; the last is of the month before
	both.Brand = "Paytak"
	rows = append(rows, both)
	if _, err := s.Insert(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	worldCases(t, s, now, rows)
	worldVisits(t, s, now)
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// One is a value of each variable.
func One() map[string]string {
	return map[string]string{"brand": "Paytak", "rival": "Rakip", "source": "shop", "language": "tr", "topic": "delivery", "product": "Kettle"}
}

// opinion is number n of a brand and source: half of them in the last month, of each mood, and replies of the brand.
func opinion(now time.Time, brand, source, lang, product string, n int) mention.Scored {
	at := now.Add(-time.Duration(n%2)*30*aDay - time.Duration(n%24+1)*time.Duration(23)*time.Hour)
	mood := mention.Moods()[n/2%6]
	m := mention.Mention{ID: mention.NewID("site", brand+source, fmt.Sprint(n)), Source: source, SourceKind: "site", Kind: mention.KindReview, URL: "https://example.org/" + fmt.Sprint(n),
		Text: fmt.Sprint("metin ", brand, source, n), Product: product, Author: mention.Author{ID: fmt.Sprint("author ", n%9), Name: fmt.Sprint("Author ", n%9), Followers: int64(100 * n)},
		Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(3 * time.Minute), SeenFirst: at.Add(2 * time.Minute), Origin: mention.OriginLive}
	v := mention.Verdict{Language: lang, Mood: mood, Priority: 3, Lexicon: "x"}
	switch {
	case mood.Unhappy():
		v.Topics, v.Signals, v.Customer = []string{"delivery", "delay"}, []string{"churn", "refund_demand"}, []string{"at_risk"}
		v.Reasons = []mention.Reason{{Rule: "lexicon", Text: "gelmedi", Start: 0, End: 5, Weight: -2}, {Rule: "topic:delivery", Text: "kargo", Start: 0, End: 5}}
		if mood == mention.Angry {
			v.Customer, v.Switches = []string{"churned"}, &mention.Switch{From: brand, To: "Diğer"}
		}
		if brand == "Rakip" {
			v.Topics = append(v.Topics, "price")
		}
	case mood == mention.Satisfied:
		v.Praise, v.Signals, v.Customer = []string{"delivery", "quality"}, []string{"advocacy"}, []string{"advocate", "loyal"}
	case mood == mention.Neutral:
		m.Kind, v.Topics, v.Signals = mention.KindQuestion, []string{"delivery"}, []string{"question"}
	case brand == "Rakip":
		v.Topics = []string{"delivery"}
	}
	if n%3 > 0 {
		m.Rating = &mention.Rating{Value: float64(1 + n%5), Worst: 1, Best: 5}
	}
	return mention.Scored{Mention: m.Revise(), Brand: brand, Verdict: v}
}

// histories are customers of whom much is known: one won back, one angry again and again, and one answered.
func histories(now time.Time) (rows []mention.Scored) {
	say := func(author string, ago time.Duration, mood mention.Mood) mention.Scored {
		r := opinion(now, "Paytak", "shop", "tr", "Kettle", 0)
		r.Mention.ID, r.Mention.Text, r.Mention.Author = mention.NewID("site", author, fmt.Sprint(ago)), author+fmt.Sprint(ago), mention.Author{ID: author, Name: "Author " + author}
		r.Mention.Written.Time, r.Verdict.Mood = now.Add(-ago), mood
		r.Mention = r.Mention.Revise()
		return r
	}
	rows = []mention.Scored{say("w", 40*aDay, mention.Angry), say("w", 35*aDay, mention.Satisfied), say("z", 20*aDay, mention.Angry), say("z", 2*aDay, mention.Angry)}
	reply := say("brand", aDay, mention.Neutral)
	reply.Mention.Author.Own, reply.Mention.ParentID = true, rows[3].Mention.ID
	reply.Mention = reply.Mention.Revise()
	return append(rows, reply)
}

// worldCases are open escalations of every age, promises kept and broken, and an incident.
func worldCases(t testing.TB, s *storage.Store, now time.Time, rows []mention.Scored) {
	t.Helper()
	var events []mention.Event
	add := func(x mention.Escalation) {
		x.State, x.Rule, x.Severity, x.Team = mention.StateOpen, "angry", "high", "desk"
		events = append(events, mention.Event{ID: x.ID + "o", At: x.Opened, Step: 1, Type: "opened", State: x.State, Escalation: x},
			mention.Event{ID: x.ID + "n", At: x.Opened.Add(time.Minute), Type: "notified", State: x.State, Escalation: x})
	}
	for i := range 72 {
		r := rows[i%4]
		r.Brand = []string{"Paytak", "Rakip"}[i/36]
		opened := now.Add(-[]time.Duration{10 * time.Minute, 2 * time.Hour, 10 * time.Hour, 3 * aDay}[i%4])
		x := mention.Escalation{ID: fmt.Sprint("case ", i), Brand: r.Brand, Source: "shop", Mention: r.Mention.ID, Product: "Kettle", Language: "tr", Topics: []string{"delivery"}, Author: r.Mention.Author,
			Excerpt: "Kargo gelmedi", Mood: mention.Angry, Priority: 1 + i%4, Opened: opened, Written: opened.Add(-3 * time.Minute), Seen: opened.Add(-2 * time.Minute), Stored: opened.Add(-time.Minute), Due: opened.Add(time.Hour), Holder: "ayse", URL: "https://example.org/case"}
		if i%3 == 1 {
			x.Answered = opened.Add(time.Duration(20+i%9*10) * time.Minute)
		}
		add(x)
	}
	add(mention.Escalation{ID: "incident", Brand: "Paytak", Excerpt: "14 complaints in 2 hours", Priority: 1, Opened: now.Add(-5 * time.Hour)})
	if err := s.InsertEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

// worldVisits: the shop answers, but for one page without content; the forum is in trouble.
func worldVisits(t testing.TB, s *storage.Store, now time.Time) {
	t.Helper()
	var visits []mention.Visit
	for _, source := range []string{"shop", "forum"} {
		for i := range 20 {
			v := mention.Visit{ID: fmt.Sprint(source, i), Run: fmt.Sprint(source, i/10), Source: source, URL: "https://example.org/", At: now.Add(-time.Duration(20-i) * time.Hour), Status: 200, Outcome: mention.OutcomeOK, Mentions: 3}
			switch {
			case source == "shop" && i == 3, source == "forum" && i%2 == 0:
				v.Outcome, v.Reason, v.Detail = mention.OutcomeSoftFail, "challenge", "a page of questions"
			case source == "forum" && i > 10:
				v.Outcome, v.Reason, v.Status = mention.OutcomeFailed, "timeout", 0
			}
			visits = append(visits, v)
		}
	}
	if err := s.InsertVisits(t.Context(), visits); err != nil {
		t.Fatal(err)
	}
}
