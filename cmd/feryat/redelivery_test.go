package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/mention"
	"feryat/web"
)

const redelivers = 10

// redelivered is how many mentions are pushed.
func redelivered() int {
	if underRace {
		return 500
	}
	return 3000
}

// sampleMention is the i-th of a set in three languages, over three months,
// newest first, and few enough a day for the page to list all escalations; some
// name the rival, some both brands, some threaten. Two who are angry without a
// threat are one author, who is thus paged for once.
func sampleMention(i int, now time.Time) mention.Mention {
	texts := []string{
		"Paytak siparişim 10 gündür gelmedi, kimse telefona bakmıyor, rezalet! Tüketici hakem heyetine başvuracağım!", "Paytak harika, çok memnunum.", "پیتک واقعاً افتضاح است، دزدها! دیگر هرگز نمی‌خرم!",
		"Love the new Paytak phone.", "Paytak refused my refund. I am going to my lawyer and to the press!", "Zinco kargosu yine geç kaldı.", "Paytak'ı bıraktım, Zinco daha iyi.",
	}
	text, author := texts[i%len(texts)], fmt.Sprint("a", i)
	if i%len(texts) == 2 {
		author = fmt.Sprint("twice", i/(2*len(texts)))
	}
	stars := &mention.Rating{Value: float64(1 + i%5), Worst: 1, Best: 5}
	if i%3 == 0 {
		stars = nil
	}
	return mention.Mention{
		ID: mention.NewID("site", "shop.example", fmt.Sprint(i)), Source: "shop", SourceKind: "site", Kind: mention.KindReview, Origin: mention.OriginLive,
		URL: fmt.Sprintf("https://shop.example/p/%d", i%50), Author: mention.Author{ID: author, Name: "name of " + author, Own: i%101 == 100},
		Text: fmt.Sprintf("%s (%d)", text, i), Rating: stars, Collected: now,
		Written: mention.Written{Time: now.Add(-time.Duration(i) * 40 * time.Minute).Truncate(time.Second), Precision: mention.PrecisionSecond, Zone: "UTC"},
	}.Revise()
}

// push hands all mentions to the queue, as visits at a time do.
func push(t testing.TB, f *server, now, visited time.Time) {
	t.Helper()
	q := f.queue(t)
	var g errgroup.Group
	g.SetLimit(16)
	for i := range redelivered() {
		g.Go(func() error {
			m := sampleMention(i, now)
			m.Collected = visited
			return q.PublishMention(t.Context(), m)
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// figures are what the page shows, without what tells of the visits' times.
func (s *server) figures(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, query := range []string{"?days=365", "?days=7", "?days=365&brand=Paytak", "?days=365&brand=Zinco"} {
		o := s.overview(t, query)
		o.From, o.To, o.Sources = time.Time{}, time.Time{}, nil
		for i := range o.Unhappy {
			o.Unhappy[i].Mention.Collected, o.Unhappy[i].Mention.SeenFirst = time.Time{}, time.Time{}
		}
		// Which of a customer's mentions opened the case, and which cases are the
		// newest, follows from the order in which they came; how many there are does
		// not. endState has all of them.
		o.Escalations = []mention.OpenEscalation{{Escalation: mention.Escalation{Mentions: o.Waiting}}}
		all = append(all, parts(t, o)...)
	}
	return all
}

// parts is one line for each list of the page, so that a difference is found.
func parts(t testing.TB, o web.Overview) (lines []string) {
	t.Helper()
	for _, part := range []any{o.Moods, o.Topics, o.Brands, o.Unhappy, o.Escalations} {
		line, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	return lines
}

// The same mentions, delivered ten times by visits of other times, in and out
// of order, with a rescore in between, are the same mentions.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	phone, other := newTelephone(t), newTelephone(t)
	config := `
brands: [{name: Paytak, aliases: [پیتک]}, {name: Zinco, rival: true}]
storage: {rollup_interval: 200ms, embedded: {listen: "127.0.0.1:0"}}
alert: {promise: {answer: 0s}, incidents: {authors: 0}, storm: {pages: 0}, channels: [{name: desk, type: webhook, url: %q}]}
`
	now := time.Now().UTC().Truncate(time.Second)
	once := serve(t, writeConfig(t, fmt.Sprintf(config, phone.URL)))
	push(t, once, now, now)
	settled(t, once)
	told := len(phone.keys())

	often := serve(t, writeConfig(t, fmt.Sprintf(config, other.URL)))
	for i := range redelivers {
		visited := now.Add(time.Duration(i) * time.Second) // by a later visit
		switch i % 3 {
		case 1:
			visited = now // the same message once more
		case 2:
			visited = now.Add(-time.Duration(i) * time.Hour) // late
		}
		push(t, often, now, visited)
		if i == redelivers/2 {
			settled(t, often)
			feryat(t, exitOK, "rescore", "--yes", "--config", often.config)
		}
	}
	settled(t, often)
	// Three rounds repeat a message as it was, which the queue drops; seven reach the store.
	if n := often.metric(t, "feryat_pipeline_mentions_total"); n < 7*redelivered() {
		t.Errorf("only %d mentions reached the pipeline", n)
	}
	compareServers(t, often, once)
	// A case that is raised is told again; whether a customer's graver complaint
	// comes first or later follows from the order.
	const raised = "SELECT count() FROM escalation_events FINAL WHERE type = 'raised'"
	if first, then := told-asInt(t, once.rows(t, raised)), len(other.keys())-asInt(t, often.rows(t, raised)); told == 0 || first != then {
		t.Errorf("%d keys told after one delivery, %d after %d", first, then, redelivers)
	}
	for key, times := range other.keys() {
		if len(times) > 1 {
			t.Errorf("%s was told %d times", key, len(times))
		}
	}
}

// asInt is the one number that a query answered, as a line of JSON.
func asInt(t testing.TB, lines []string) (n int) {
	t.Helper()
	if len(lines) != 1 {
		t.Fatalf("answered %q", lines)
	}
	digits := strings.TrimFunc(lines[0], func(r rune) bool { return r < '0' || r > '9' })
	if _, err := fmt.Sscan(digits, &n); err != nil {
		t.Fatalf("%q: %v", lines[0], err)
	}
	return n
}

// metric is the value of a counter without labels.
func (s *server) metric(t testing.TB, name string) (n int) {
	t.Helper()
	_, body := get(t, s.run.WebURL+"metrics")
	_, after, _ := strings.Cut(body, "\n"+name+" ")
	if _, err := fmt.Sscan(after, &n); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// settled waits until all is stored and told, and no roll-up waits to be rebuilt.
func settled(t testing.TB, f *server) {
	t.Helper()
	if err := f.queue(t).Drained(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.until(t, "SELECT count() FROM (SELECT day, sum(marks) AS n FROM feryat.dirty_days GROUP BY day HAVING n > max(rebuilt))", "0")
}

func compareServers(t *testing.T, got, want *server) {
	t.Helper()
	if g, w := got.figures(t), want.figures(t); !slices.Equal(g, w) {
		t.Errorf("the page differs: %s", firstDifference(g, w))
	}
	g, w := got.endState(t), want.endState(t)
	if !slices.Equal(g, w) {
		t.Errorf("what is stored differs: %s", firstDifference(g, w))
	}
	if len(w) < 2*redelivered() {
		t.Errorf("only %d lines were compared", len(w))
	}
	t.Logf("%d lines of end state and all figures of the page agree", len(w))
}
