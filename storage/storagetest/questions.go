package storagetest

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// said is a mention with a verdict made for a question.
func said(n int, brand, source, language string, written time.Time, mood mention.Mood, score float64, topics, praise []string) mention.Scored {
	m := review(n, start())
	m.Source, m.Language, m.Written.Time, m.Author.Own = source, language, written, false
	row := judge(m, brand, "1")
	row.Verdict.Language, row.Verdict.Mood, row.Verdict.Score, row.Verdict.Topics, row.Verdict.Praise = language, mood, score, topics, praise
	return row
}

func topic(code string, complaints, praise int64) mention.TopicCount {
	return mention.TopicCount{Topic: code, Complaints: complaints, Praise: praise}
}

func brand(name string, total, unhappy int64, score float64) mention.BrandCount {
	return mention.BrandCount{Brand: name, Total: total, Unhappy: unhappy, Score: score}
}

func questions(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	day := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	at := func(d, h int) time.Time { return day.AddDate(0, 0, d).Add(time.Duration(h) * time.Hour) }
	own := said(6, "A", "shop", "tr", at(0, 4), mention.Angry, -1, []string{"delay"}, nil)
	own.Mention.Author.Own = true
	insert(t, s,
		said(1, "A", "shop", "tr", at(0, 1), mention.Angry, -0.9, []string{"delay", "delivery"}, nil),
		said(2, "A", "shop", "fa", at(0, 23), mention.Satisfied, 0.5, nil, []string{"price", "delay"}),
		said(3, "A", "forum", "tr", at(1, 0), mention.Dissatisfied, -0.3, []string{"delay", "delay"}, nil),
		said(4, "A", "forum", "tr", at(7, 12), mention.Unknown, 0, nil, nil),
		said(5, "B", "shop", "tr", at(1, 5), mention.Neutral, 0.1, []string{"price"}, nil),
		own)
	type counts = map[mention.Mood]int64
	check := func(round string) {
		wantEqual(t, round+" by day", must(s.MoodOverTime(ctx, mention.Filter{Brand: "A"}, 24*time.Hour))(t), []mention.MoodPoint{
			{At: at(0, 0), Counts: counts{mention.Angry: 1, mention.Satisfied: 1}}, {At: at(1, 0), Counts: counts{mention.Dissatisfied: 1}}, {At: at(7, 0), Counts: counts{mention.Unknown: 1}}})
		wantEqual(t, round+" by six hours", must(s.MoodOverTime(ctx, mention.Filter{Source: "shop", To: at(1, 0)}, 6*time.Hour))(t), []mention.MoodPoint{
			{At: at(0, 0), Counts: counts{mention.Angry: 1}}, {At: at(0, 18), Counts: counts{mention.Satisfied: 1}}})
		wantEqual(t, round+" half-open", must(s.MoodOverTime(ctx, mention.Filter{From: at(0, 1), To: at(0, 23)}, time.Hour))(t), []mention.MoodPoint{
			{At: at(0, 1), Counts: counts{mention.Angry: 1}}})
		wantEqual(t, round+" of a topic", must(s.MoodOverTime(ctx, mention.Filter{Topic: "delay"}, 7*24*time.Hour))(t), []mention.MoodPoint{
			{At: at(-2, 0), Counts: counts{mention.Angry: 1, mention.Dissatisfied: 1}}})
		wantEqual(t, round+" topics", must(s.Topics(ctx, mention.Filter{}, 0))(t), []mention.TopicCount{topic("delay", 2, 1), topic("price", 1, 1), topic("delivery", 1, 0)})
		wantEqual(t, round+" two topics of A", must(s.Topics(ctx, mention.Filter{Brand: "A"}, 2))(t), []mention.TopicCount{topic("delay", 2, 1), topic("delivery", 1, 0)})
		wantEqual(t, round+" topics with delay", must(s.Topics(ctx, mention.Filter{Topic: "delay"}, 0))(t), []mention.TopicCount{topic("delay", 2, 0), topic("delivery", 1, 0)})
		wantEqual(t, round+" brands", must(s.Brands(ctx, mention.Filter{}))(t), []mention.BrandCount{brand("A", 4, 2, -0.233333333), brand("B", 1, 0, 0.1)})
		wantEqual(t, round+" brands in Persian", must(s.Brands(ctx, mention.Filter{Language: "fa"}))(t), []mention.BrandCount{brand("A", 1, 0, 0.5)})
		wantEqual(t, round+" brands of one day", must(s.Brands(ctx, mention.Filter{From: at(1, 0), To: at(2, 0)}))(t), []mention.BrandCount{brand("A", 1, 1, -0.3), brand("B", 1, 0, 0.1)})
	}
	check("before the rebuild")
	flush(t, s)
	check("after the rebuild")
	unhappy := must(s.Unhappy(ctx, mention.Filter{}, 10))(t)
	if len(unhappy) != 2 || unhappy[0].Mention.ID != review(3, start()).ID || unhappy[1].Mention.ID != review(1, start()).ID {
		t.Errorf("unhappy: %v", unhappy)
	}
	wantEqual(t, "one unhappy", len(must(s.Unhappy(ctx, mention.Filter{Brand: "A"}, 1))(t)), 1)
	got := must(s.Counts(ctx))(t)
	want := mention.Counts{Mentions: 6, Rows: 6, Own: 1, Versions: 6, Moods: counts{mention.Angry: 1, mention.Satisfied: 1, mention.Dissatisfied: 1, mention.Unknown: 1, mention.Neutral: 1}}
	wantEqual(t, "counts", got, want)
	if _, err := s.MoodOverTime(ctx, mention.Filter{}, time.Millisecond); err == nil {
		t.Error("a bucket of a millisecond was accepted")
	}
}

func each(t *testing.T, open Opener) {
	s := open(t)
	var rows []mention.Scored
	for i := range 4100 {
		m := review(i, start())
		m.Written.Time = start().AddDate(0, 0, i%2) // more than a page on each of two days…
		if i > 4050 {
			m.Written.Time = start().AddDate(0, 0, i) // … and few on many
		}
		rows = append(rows, named(m.Revise(), "1", "Paytak")...)
		if i%50 == 0 {
			rows = append(rows, judge(m.Revise(), "Rival", "1"))
		}
	}
	insert(t, s, rows...)
	seen, pages := map[string]bool{}, 0
	err := s.Each(t.Context(), mention.Filter{Brand: "Paytak"}, func(page []mention.Scored) error {
		pages++
		for _, r := range page {
			key := string(r.Mention.ID) + r.Brand
			if seen[key] {
				t.Errorf("%s is there twice", key)
			}
			seen[key] = true
		}
		return nil
	})
	if err != nil || len(seen) != len(rows) || pages != 5 {
		t.Errorf("%d rows in %d pages (%v), want %d in 5: also the other brands of a mention", len(seen), pages, err, len(rows))
	}
	seen = map[string]bool{}
	if err := s.Each(t.Context(), mention.Filter{Brand: "Rival"}, func(page []mention.Scored) error {
		for _, r := range page {
			seen[string(r.Mention.ID)+r.Brand] = true
		}
		return nil
	}); err != nil || len(seen) != 2*82 {
		t.Errorf("%d rows of mentions that name Rival (%v), want 164", len(seen), err)
	}
	stop := errors.New("enough")
	if err := s.Each(t.Context(), mention.Filter{}, func([]mention.Scored) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of a page became %v", err)
	}
}

func query(t *testing.T, open Opener) {
	s := open(t)
	insert(t, s, batchOf(5, start(), "1")...)
	var out bytes.Buffer
	if err := s.Query(t.Context(), "SELECT brand, count() AS n FROM v_mentions GROUP BY brand ORDER BY brand", "JSONEachRow", &out); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), `{"brand":"Paytak","n":`) {
		t.Errorf("the answer is %q", out.String())
	}
	for _, sql := range []string{"SELEC 1", "SELECT throwIf(number = 900000) FROM numbers(1000000)", "TRUNCATE TABLE mentions", "INSERT INTO forgotten VALUES ('x', 0)"} {
		out.Reset()
		if err := s.Query(t.Context(), sql, "TabSeparated", &out); err == nil || strings.Contains(out.String(), "xception") {
			t.Errorf("%s: no error, or in the answer: %v", sql, err)
		}
	}
	wantEqual(t, "rows", ask(t, s, "SELECT count() > 0 FROM mentions"), []string{"1"})
}
