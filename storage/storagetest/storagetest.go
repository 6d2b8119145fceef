// Package storagetest holds what every ClickHouse that storage runs on has to pass: the embedded engine, a server, a
// cluster. A test opens a store on an empty database and hands it over:
//
//	storagetest.Run(t, func(t *testing.T) *storage.Store { … })
package storagetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// Opener gives a store on an empty database of its own, with a secret.
type Opener func(t *testing.T) *storage.Store

// Run runs the whole suite.
func Run(t *testing.T, open Opener) {
	tests := []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"TwiceIsOnce", twiceIsOnce},
		{"RedeliveryEqualsSinglePush", redelivery},
		{"RandomOperations", randomOperations},
		{"EditsKeepFirstSight", edits},
		{"LateLoses", late},
		{"RescoreAndEditInAnyOrder", rescoreAndEdit},
		{"OneBatchManyVisits", oneBatch},
		{"Gone", gone},
		{"BrandsOfAMention", brands},
		{"AnyTime", anyTime},
		{"Forget", forget},
		{"Corrections", corrections},
		{"Questions", questions},
		{"Complaints", complaints},
		{"Replay", replay},
		{"Threads", threads},
		{"Loose", loose},
		{"Search", search},
		{"ForeignSearch", foreignSearch},
		{"Besides", besides},
		{"Histories", histories},
		{"Standings", standings},
		{"Customers", customers},
		{"CustomersForgotten", customersForgotten},
		{"Linked", linked},
		{"LinkedToNobody", linkedToNobody},
		{"Each", each},
		{"ForeignText", foreignText},
		{"ForeignQuestions", foreignQuestions},
		{"Ledger", ledger},
		{"Escalations", escalations},
		{"SLO", slo},
		{"SLOAddsUp", sloAddsUp},
		{"AlertQuality", alertQuality},
		{"RuleQuality", ruleQuality},
		{"Query", query},
		{"Trends", trends},
		{"ComplaintsAndTopics", complaintsAndTopics},
		{"ViewsAgree", viewsAgree},
		{"Switches", switches},
		{"Incidents", incidents},
		{"Versions", versions},
		{"Accuracy", accuracy},
		{"Samples", samples},
		{"SampleLabels", sampleLabels},
		{"Digest", digest},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open)
		})
	}
}

// start is when the first visit of every test ends.
func start() time.Time { return time.Date(2025, 3, 10, 12, 0, 0, 0, time.UTC) }

// hours gives a time that many hours after start.
func hours(n int) time.Time { return start().Add(time.Duration(n) * time.Hour) }

// review is mention number n as the visit at a time finds it. The numbers spread over sources, languages, authors, days.
func review(n int, at time.Time) mention.Mention {
	texts := []string{"Kargo 10 gündür gelmedi, rezalet!", "بسته‌ی من هنوز نرسیده است", "Arrived broken, nobody answers", "Çok memnun kaldım 👍"}
	m := mention.Mention{
		ID: mention.NewID("site", "shop.example", fmt.Sprint(n)), Source: []string{"shop", "store", "forum"}[n%3], SourceKind: "site",
		Kind: mention.KindReview, URL: fmt.Sprintf("https://shop.example/r/%d", n), Product: "kettle", ThreadID: "t1",
		Author: mention.Author{ID: fmt.Sprintf("u%d", n%7), Name: fmt.Sprintf("Author %d", n%7), Followers: int64(n)},
		Title:  "No. " + fmt.Sprint(n), Text: texts[n%len(texts)] + " " + fmt.Sprint(n), Language: []string{"tr", "fa", "en"}[n%3],
		Rating:  &mention.Rating{Value: float64(1 + n%5), Worst: 1, Best: 5},
		Written: mention.Written{Time: start().Add(-time.Duration(n*7) * time.Hour), Precision: mention.PrecisionMinute, Zone: "Europe/Istanbul", Shown: "yesterday"},
		Likes:   int64(n), Collected: at, Origin: mention.OriginLive,
	}
	m.Author.Own = n%11 == 10
	return m.Revise()
}

// judge scores a mention for a brand: another lexicon, text or brand gives another verdict.
func judge(m mention.Mention, brand, lexicon string) mention.Scored {
	h := 0
	for _, b := range []byte(m.Text + brand + lexicon) {
		h = h*31 + int(b)
	}
	h &= 0xffff
	mood := mention.Moods()[h%6]
	v := mention.Verdict{
		Language: m.Language, Score: float64(h%200-100) / 100, Raw: float64(h%200-100) / 25, Mood: mood, Anger: float64(h%10) / 10,
		Topics: []string{}, Customer: []string{}, Signals: []string{"question"}, Priority: 1 + h%4, Coverage: 0.75, Lexicon: lexicon,
		Reasons: []mention.Reason{{Rule: "lexicon", Text: m.Text[:min(5, len(m.Text))], Start: 0, End: min(5, len(m.Text)), Weight: 1.5}},
	}
	for i, topic := range []string{"delay", "delivery", "staff_rude", "price"} {
		if h>>i&1 == 1 && mood.Unhappy() {
			v.Topics = append(v.Topics, topic)
		} else if h>>i&1 == 1 {
			v.Praise = append(v.Praise, topic)
		}
	}
	if h%9 == 0 {
		v.Switches = &mention.Switch{From: brand, To: "Rival"}
	}
	return mention.Scored{Mention: m, Brand: brand, Verdict: v, Search: strings.ToLower(m.Title + " " + m.Text)}
}

// named are the brands that a mention names, judged.
func named(m mention.Mention, lexicon string, brands ...string) []mention.Scored {
	var rows []mention.Scored
	for _, b := range brands {
		rows = append(rows, judge(m, b, lexicon))
	}
	return rows
}

func insert(t *testing.T, s *storage.Store, rows ...mention.Scored) []bool {
	t.Helper()
	fresh, err := s.Insert(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	if len(fresh) != len(rows) {
		t.Fatalf("%d flags for %d rows", len(fresh), len(rows))
	}
	return fresh
}

// stored is a mention as storage has it, by brand.
func stored(t *testing.T, s *storage.Store, id mention.ID) map[string]mention.Scored {
	t.Helper()
	found, err := s.Mention(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]mention.Scored{}
	for _, f := range found {
		if _, twice := by[f.Brand]; twice {
			t.Errorf("mention %s is there twice for brand %q", id, f.Brand)
		}
		by[f.Brand] = f
	}
	return by
}

// all gives every mention of a store whose mentions name one brand each.
func all(t *testing.T, s *storage.Store) map[mention.ID]mention.Scored {
	t.Helper()
	found := map[mention.ID]mention.Scored{}
	if err := s.Each(t.Context(), mention.Filter{}, func(page []mention.Scored) error {
		for _, r := range page {
			found[r.Mention.ID] = r
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

// ask gives the answer to a statement as tab separated lines.
func ask(t *testing.T, s *storage.Store, sql string) []string {
	t.Helper()
	var out bytes.Buffer
	if err := s.Query(t.Context(), sql, "TabSeparated", &out); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return slices.DeleteFunc(strings.Split(out.String(), "\n"), func(l string) bool { return l == "" })
}

func flush(t *testing.T, s *storage.Store) {
	t.Helper()
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// must gives the value of a question.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	g, w := asJSON(t, got), asJSON(t, want)
	if g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
