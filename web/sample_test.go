package web

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"feryat/mention"
	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/tr"
	"feryat/storage"
	"feryat/text"
)

// readers is the real scorer; its lexicons are read once.
var readers = sync.OnceValues(func() (*sentiment.Scorer, error) {
	return sentiment.New(tr.Language(), fa.Language(), en.Language())
})

// words is what somebody said, so many hours before now.
type words struct {
	brand, source, author, title, text string
	stars                              float64
	hours                              int
	own                                bool
	answers                            string // author of what this answers
}

func sample() []words {
	return []words{
		{brand: "Paytak", source: "dukkan", author: "deniz_k", stars: 1, hours: 3, title: "Rezalet",
			text: "Kargo 10 gündür gelmedi, müşteri hizmetleri telefona çıkmıyor, rezalet! Hakem heyetine başvuracağım."},
		{brand: "Paytak", source: "dukkan", author: "Paytak", hours: 2, own: true, answers: "deniz_k", text: "Merhaba, sipariş numaranızı iletir misiniz?"},
		{brand: "Paytak", source: "dukkan", author: "mavi", stars: 5, hours: 26, text: "Çok memnun kaldım, hızlı kargo ve özenli paketleme, teşekkürler."},
		{brand: "Paytak", source: "bazaar", author: "نیلوفر", stars: 1, hours: 5, text: "ده روز است سفارشم نرسیده و پشتیبانی اصلاً جواب نمی‌دهد، افتضاح است!"},
		{brand: "Paytak", source: "bazaar", author: "کاربر ۱۲", stars: 5, hours: 50, text: "خیلی راضی بودم، ارسال سریع و بسته‌بندی عالی بود."},
		{brand: "Paytak", source: "forum", author: "quietreader", hours: 74, text: "Arrived broken and nobody answers my emails. Terrible service, I want my money back!"},
		{brand: "Paytak", source: "forum", author: "", stars: 3, hours: 98, text: "Screen is great, battery is awful."},
		{brand: "Paytak", source: "forum", author: "x", hours: 98, text: "Zxqv blorp wug."},
		{brand: "Paytak", source: "forum", author: "old", hours: 24 * 40, text: "Delivery was slow and the box was damaged."},
		{brand: "Rakip", source: "forum", author: "sezen", stars: 2, hours: 30, text: "Rakip'ten aldığım ürün bozuk çıktı, iade de etmiyorlar, berbat."},
	}
}

// score makes rows of words, as the pipeline would.
func score(t testing.TB, said []words) []mention.Scored {
	t.Helper()
	scorer, err := readers()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]mention.Scored, len(said))
	for i, w := range said {
		m := mention.Mention{
			ID: idOf(w.author), Source: w.source, SourceKind: "site", Kind: mention.KindReview, URL: "https://shop.example/r/" + w.author,
			Author: mention.Author{ID: w.author, Name: w.author, Own: w.own}, Title: w.title, Text: w.text,
			Written:   mention.Written{Time: now().Add(-time.Duration(w.hours) * time.Hour), Precision: mention.PrecisionMinute},
			Collected: now().Add(-time.Hour), Origin: mention.OriginLive,
		}
		if w.answers != "" {
			m.ParentID = idOf(w.answers)
		}
		in := sentiment.Input{Text: w.text, Title: w.title, Brand: w.brand}
		if w.stars > 0 {
			m.Rating = &mention.Rating{Value: w.stars, Worst: 1, Best: 5}
			share, _ := m.Rating.Share()
			in.Rating = &share
		}
		rows[i] = mention.Scored{Mention: m.Revise(), Brand: w.brand, Verdict: scorer.Score(in), Search: text.Fold(w.title+"\n"+w.text, "")}
	}
	return rows
}

func idOf(author string) mention.ID { return mention.NewID("site", "shop.example", author) }

// visits are those of seven sources, two of them in trouble.
func visits() []mention.Visit {
	var all []mention.Visit
	for i, name := range []string{"dukkan", "bazaar", "forum", "haber", "sorular", "kapali", "kayip"} {
		v := mention.Visit{ID: fmt.Sprintf("%032x", i), Run: "run-" + name, Source: name, URL: "https://shop.example/", At: now().Add(-time.Duration(2+i) * time.Minute), Status: 200, Outcome: mention.OutcomeOK, Mentions: 1}
		switch name {
		case "kapali":
			v.Outcome, v.Reason, v.Mentions = mention.OutcomeSoftFail, "challenge", 0
		case "kayip":
			v.Outcome, v.Reason, v.Mentions, v.Status = mention.OutcomeFailed, "dns", 0, 0
		}
		all = append(all, v)
	}
	return all
}

func escalation(s mention.Scored, id string) mention.Event {
	e := mention.Escalation{ID: id, Rule: "angry_now", Severity: "critical", Brand: s.Brand, Mention: s.Mention.ID, URL: s.Mention.URL, Author: s.Mention.Author,
		Excerpt: s.Mention.Text, Mood: s.Verdict.Mood, Topics: s.Verdict.Topics, Signals: s.Verdict.Signals, Why: []string{"angry", "legal"},
		Source: s.Mention.Source, Team: "destek", Seen: s.Mention.Written.Time.Add(time.Minute), Stored: s.Mention.Written.Time.Add(61 * time.Second), Due: s.Mention.Written.Time.Add(time.Hour),
		State: mention.StateOpen, Opened: now().Add(-90 * time.Minute), Written: s.Mention.Written.Time, Language: s.Verdict.Language, Priority: 1}
	return mention.Event{ID: "opened-" + id, At: e.Opened, Type: "opened", State: mention.StateOpen, Escalation: e}
}

// fill stores the sample and answers its rows.
func fill(t testing.TB, store *storage.Store) []mention.Scored {
	t.Helper()
	rows := score(t, sample())
	insert(t, store, rows)
	if err := store.InsertVisits(context.Background(), visits()); err != nil {
		t.Fatal(err)
	}
	if err := store.InsertEvents(context.Background(), []mention.Event{escalation(rows[0], "e1")}); err != nil {
		t.Fatal(err)
	}
	return rows
}

func insert(t testing.TB, store *storage.Store, rows []mention.Scored) {
	t.Helper()
	if _, err := store.Insert(context.Background(), rows); err != nil {
		t.Fatal(err)
	}
}

// alter makes a row one of which there is much to tell: edited, corrected, copied,
// answered and with a case.
func alter(t testing.TB, store *storage.Store, row mention.Scored) {
	t.Helper()
	edited := row.Mention
	edited.Text, edited.Rating, edited.Collected = "Arrived broken and nobody answers my emails. Terrible service, I want my money back now!", &mention.Rating{Value: 1, Worst: 1, Best: 5}, now().Add(-time.Minute)
	copied, answer := row, row
	copied.Mention.ID, copied.Mention.Author.Name = idOf("copy"), "another"
	answer.Mention.ID, answer.Mention.ParentID, answer.Mention.Text, answer.Mention.Author = idOf("answer"), row.Mention.ID, "Sorry to hear that. Please send us your order number.", mention.Author{Name: "Paytak", Own: true}
	answer.Verdict = mention.Verdict{Mood: mention.Neutral, Language: "en"}
	rows := []mention.Scored{{Mention: edited.Revise(), Brand: row.Brand, Verdict: row.Verdict}, copied, answer}
	for i := range rows {
		rows[i].Mention = rows[i].Mention.Revise()
		rows[i].Search = text.Fold(rows[i].Mention.Text, "")
	}
	insert(t, store, rows)
	if err := store.InsertEvents(context.Background(), []mention.Event{escalation(row, "e2")}); err != nil {
		t.Fatal(err)
	}
	if err := store.Correct(context.Background(), []mention.Correction{
		{Mention: row.Mention.ID, Brand: row.Brand, Field: mention.FieldMood, Value: "dissatisfied", By: "ayse", Note: "calm words", At: now().Add(-time.Minute)},
		{Mention: row.Mention.ID, Brand: row.Brand, Field: mention.FieldTopics, Value: "damaged,support_unreachable", By: "ayse", At: now().Add(-time.Minute)},
		{Mention: row.Mention.ID, Brand: row.Brand, Field: mention.FieldNotCustomer, By: "ayse", At: now().Add(-time.Minute)},
	}); err != nil {
		t.Fatal(err)
	}
}

// drafted is the case of a crowd that a draft is written for.
const drafted = "/e/000000000000000000000000000003ed"

// crowd opens so many cases of the rows, of all severities, states, teams and
// holders; every third is overdue and every fifth answered. It answers them.
func crowd(t testing.TB, store *storage.Store, rows []mention.Scored, n int) []mention.Escalation {
	t.Helper()
	var events []mention.Event
	var all []mention.Escalation
	for i := range n {
		ev := escalation(rows[i%len(rows)], fmt.Sprintf("%032x", 1000+i))
		e := &ev.Escalation
		e.Severity, e.Team, e.Priority = severities()[i%3], []string{"destek", "kargo", ""}[i/3%3], 1+i%4
		e.Opened = now().Add(-time.Duration(i) * time.Minute)
		e.State, e.Holder = mention.StateOpen, ""
		e.Due = now().Add(time.Duration(40+i) * time.Minute)
		if i%3 == 0 {
			e.Due = now().Add(-time.Duration(i) * time.Minute)
		}
		if i%4 == 1 {
			e.State, e.Holder = mention.StateAcknowledged, []string{"ayse", "veli"}[i/4%2]
		}
		if i%5 == 0 {
			e.State, e.Answered = mention.StateAnswered, e.Due.Add(-10*time.Minute)
		}
		events = append(events, step(*e, 1, "opened"))
		if !e.Answered.IsZero() {
			ev := step(*e, 2, "answered")
			ev.At = e.Answered
			events = append(events, ev)
		}
		all = append(all, *e)
	}
	if err := store.InsertEvents(context.Background(), events); err != nil {
		t.Fatal(err)
	}
	return all
}

// step is a step of a case.
func step(e mention.Escalation, n int, kind string) mention.Event {
	return mention.Event{ID: fmt.Sprintf("%s-%d", e.ID, n), Step: n, At: e.Opened, Type: kind, State: e.State, Actor: e.Holder, Escalation: e}
}
