package storagetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"feryat/alert/customer"
	"feryat/mention"
	"feryat/storage"
)

// heard is a mention of brand A at shop.
func heard(author mention.Author, n int, at time.Time, mood mention.Mood, signals ...string) mention.Scored {
	row := complaint(author, n)
	row.Mention.ID = mention.NewID("site", "said.example", fmt.Sprint(author.Key(), " ", n))
	row.Mention.Written.Time, row.Mention.Collected = at, time.Now()
	row.Mention = row.Mention.Revise()
	row.Verdict.Mood, row.Verdict.Signals = mood, append([]string{}, signals...)
	return row
}

// replied is the brand's public reply to a mention.
func replied(to mention.Scored, at time.Time) mention.Scored {
	row := heard(mention.Author{ID: "brand", Name: "Brand A", Own: true}, 0, at, mention.Neutral)
	row.Mention.ID, row.Mention.ParentID = mention.NewID("site", "reply.example", string(to.Mention.ID)), to.Mention.ID
	return row
}

// marked is the step by which a person says that the customer of a mention was answered.
func marked(to mention.Scored, at time.Time) mention.Event {
	x := mention.Escalation{ID: "x" + string(to.Mention.ID), Mention: to.Mention.ID, Brand: to.Brand, Opened: at, Answered: at}
	return mention.Event{ID: "answered", At: at, Step: 2, Type: "answered", State: mention.StateAnswered, Escalation: x}
}

func histories(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	ayse, byName := mention.Author{ID: "u1", Name: "Author 1"}, mention.Author{Name: "Author 2"}
	now := time.Now().UTC().Truncate(time.Second)
	at := func(h int) time.Time { return now.Add(time.Duration(h-100) * time.Hour) }
	first, second, third := heard(ayse, 1, at(1), mention.Angry, "churn"), heard(ayse, 2, at(2), mention.Dissatisfied), heard(ayse, 3, at(3), mention.Satisfied, "resolved")
	other, rival, own := heard(byName, 1, at(4), mention.Unknown), heard(ayse, 4, at(5), mention.Angry), heard(ayse, 5, at(6), mention.Angry)
	rival.Brand, own.Mention.Author.Own = "B", true
	insert(t, s, first, second, third, other, rival, own, heard(mention.Author{}, 1, at(1), mention.Angry), replied(first, at(3)), replied(second, at(-5)))
	events := []mention.Event{marked(first, at(2)), marked(other, at(9))}
	if err := s.InsertEvents(ctx, events); err != nil {
		t.Fatal(err)
	}
	past := func(r mention.Scored, answered time.Time) mention.Past {
		return mention.Past{ID: r.Mention.ID, Author: r.Mention.Author, Written: r.Mention.Written.Time, Mood: r.Verdict.Mood, Signals: r.Verdict.Signals, Answered: answered, Source: "shop"}
	}
	second.Verdict.Signals, other.Verdict.Signals = nil, nil
	// The mark came before the reply, and no answer comes before the question.
	want := []mention.Past{past(first, at(2)), past(second, at(2)), past(third, time.Time{}), past(other, at(9))}
	wantEqual(t, "histories", must(s.Histories(ctx, "A", atShop(byName, mention.Author{}, ayse), time.Time{}))(t), want)
	wantEqual(t, "histories later", must(s.Histories(ctx, "A", atShop(ayse), at(2)))(t), want[1:3])
	wantEqual(t, "histories elsewhere", must(s.Histories(ctx, "A", []mention.Writer{{Source: "forum", Author: ayse.Key()}}, time.Time{}))(t), []mention.Past{})
	wantEqual(t, "nobody's", must(s.Histories(ctx, "A", atShop(mention.Author{}), time.Time{}))(t), nil)
}

// standings holds that view v_authors_state and package alert/customer say the same of histories of all kinds.
func standings(t *testing.T, open Opener) {
	s := open(t)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 2))
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	authors := crowdOf(random)
	var rows []mention.Scored
	var events []mention.Event
	for a, n := range authors {
		history, marks := randomHistory(random, a, n)
		rows, events = append(rows, history...), append(events, marks...)
	}
	insert(t, s, rows...)
	if err := s.InsertEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	compareStandings(t, s, authors) // of authors all of whom are due
	flush(t, s)
	compareStandings(t, s, authors)
}

// crowdOf gives authors with a number of mentions each.
func crowdOf(random *rand.Rand) map[mention.Author]int {
	authors := map[mention.Author]int{
		{ID: "busy", Name: "Author 0"}: 1100, {Name: "everybody"}: 60, {ID: "same", Name: "same"}: 60, {ID: "fan", Name: "fan 1"}: 60,
		{Name: "misafir"}: 4, {Name: "MİSAFİR"}: 4, {Name: "ناشناس"}: 4, {Name: "کاربر دیجی‌کالا"}: 4, {ID: "u77", Name: "misafir"}: 4,
	}
	for _, name := range []string{
		"Guest", "GUEST", " guest ", "A** K**", "a…n", "guest 7", "Amazon Customer", "[deleted]", "anonym1",
		"Misafir", "MISAFIR", "ZİYARETÇİ", "Ziyaretçi", "Gizli Kullanıcı", "GİZLİ KULLANICI", "İSİMSİZ", "müşteri", "misafirim", "ŞÜKRÜ",
		"كاربر", "کاربر مهمان", "بی‌نام", "بي نام", "میهمان", "مهمانی", "Kelvin", "GUE\u017fT",
	} {
		authors[mention.Author{Name: name}] = 3
	}
	for i := range 120 {
		authors[mention.Author{ID: fmt.Sprintf("u%d", i+100), Name: fmt.Sprintf("Author %d", i)}] = 1 + random.IntN(14)
	}
	return authors
}

// randomHistory spreads mentions over whole days, so that the lengths of the rule are met exactly, and some within one second.
func randomHistory(random *rand.Rand, a mention.Author, n int) (rows []mention.Scored, events []mention.Event) {
	base, reach := time.Now().UTC().Truncate(time.Second).Add(-time.Hour), []int{20, 120, 400, 800}[random.IntN(4)]
	moods := mention.Moods()
	if random.IntN(2) == 0 {
		moods = append(moods, mention.Angry, mention.Dissatisfied, mention.Dissatisfied, mention.Dissatisfied)
	}
	for i := range n {
		at := base.AddDate(0, 0, -random.IntN(reach)).Add(time.Duration(random.IntN(2)) * time.Minute)
		row := heard(a, i, at, moods[random.IntN(len(moods))], [][]string{nil, nil, nil, {"resolved"}, {"churn", "win_back"}}[random.IntN(5)]...)
		rows = append(rows, row)
		answer := at.Add(time.Duration(random.IntN(10*24)-24) * time.Hour)
		switch random.IntN(6) {
		case 0:
			rows = append(rows, replied(row, answer))
		case 1:
			events = append(events, marked(row, answer))
		}
	}
	return rows, events
}

func compareStandings(t *testing.T, s *storage.Store, authors map[mention.Author]int) {
	t.Helper()
	list := make([]mention.Author, 0, len(authors))
	for a := range authors {
		list = append(list, a)
	}
	past := map[string][]mention.Past{}
	for _, p := range must(s.Histories(t.Context(), "A", atShop(list...), time.Time{}))(t) {
		past[p.Author.Key()] = append(past[p.Author.Key()], p)
	}
	lines := ask(t, s, "SELECT author, toUnixTimestamp(as_of), standing, before, toUnixTimestamp(changed), ups, downs FROM v_authors_state WHERE brand = 'A' AND source = 'shop'")
	seen := map[string]int{}
	for _, line := range lines {
		author, rest, _ := strings.Cut(line, "\t")
		var asOf int64
		if _, err := fmt.Sscan(rest, &asOf); err != nil {
			t.Fatal(err)
		}
		standing, changes := customer.Stand(past[author], time.Unix(asOf, 0))
		if want := fmt.Sprint(asOf) + "\t" + inSQL(standing, changes); rest != want {
			t.Errorf("%s with %d mentions: SQL says %q, Go %q\n%+v", author, len(past[author]), rest, want, past[author])
		}
		seen[string(standing)]++
	}
	t.Logf("%d authors: %v", len(lines), seen)
	if len(lines) != len(authors) || len(seen) != 5 {
		t.Errorf("%d authors of %d, standings %v", len(lines), len(authors), seen)
	}
}

// inSQL writes a standing as the columns of v_authors_state.
func inSQL(standing mention.Standing, changes []customer.Transition) string {
	var changed int64
	var before mention.Standing
	ups, downs := 0, 0
	for _, c := range changes {
		changed, before = c.At.Unix(), c.From
		if c.Better() {
			ups++
		}
		if c.Worse() {
			downs++
		}
	}
	return fmt.Sprintf("%s\t%s\t%d\t%d\t%d", standing, before, changed, ups, downs)
}
