package incident

import (
	"bytes"
	"encoding/gob"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feryat/mention"
)

// told is the news of rows handed in one after the other.
func told(t *testing.T, l *ledger, cfg Config, rows ...mention.Scored) string {
	t.Helper()
	var news []string
	for _, r := range rows {
		m := member(t, r)
		_, change := l.add(m.Cause, keep(m), cfg)
		word := string(change.News)
		if word == "" {
			word = "known"
		}
		news = append(news, word)
	}
	return strings.Join(news, " ")
}

func TestNews(t *testing.T) {
	copied := func(author, minutes int) mention.Scored {
		return row(author, minutes, func(r *mention.Scored) {
			r.Mention.Text = "Merhaba " + said(0, 0) + " söz" + strings.Repeat("!", author)
		})
	}
	named := func(source string, minutes int) mention.Scored {
		return row(minutes, minutes, func(r *mention.Scored) {
			r.Mention.Source, r.Mention.Author.Name, r.Mention.Text = source, "ayse", said(0, 0)
		})
	}
	unnamed := func(minutes int, text string) mention.Scored {
		return row(minutes, minutes, func(r *mention.Scored) { r.Mention.Author, r.Mention.Text = mention.Author{}, text })
	}
	for name, c := range map[string]struct {
		rows []mention.Scored
		want string
	}{
		"the third author opens": {[]mention.Scored{row(1, 0, nil), row(2, 30, nil), row(3, 60, nil), row(4, 61, nil)}, "joined joined opened joined"},
		"too far apart":          {[]mention.Scored{row(1, 0, nil), row(2, 61, nil), row(3, 121, nil)}, "joined joined joined"},
		"late news opens":        {[]mention.Scored{row(1, 0, nil), row(3, 121, nil), row(2, 60, nil), row(4, 1, nil)}, "joined joined joined opened"},
		"one author is none":     {[]mention.Scored{row(1, 0, nil), row(1, 1, nil), row(1, 2, nil), row(1, 3, nil)}, "joined joined joined joined"},
		"one author, one text":   {[]mention.Scored{copied(1, 0), copied(1, 1), copied(1, 2)}, "joined repeated repeated"},
		"one name in many places, one text": {
			[]mention.Scored{named("shop", 0), named("forum", 1), named("social", 2), named("app", 3)}, "joined repeated repeated repeated"},
		"nobody named, one text":   {[]mention.Scored{unnamed(0, "Kargo yok"), unnamed(1, "kargo YOK!"), unnamed(2, "Kargo yok")}, "joined repeated repeated"},
		"nobody named, many texts": {[]mention.Scored{unnamed(0, "Kargo yok"), unnamed(1, "Gelmedi"), unnamed(2, "Nerede bu")}, "joined joined opened"},
		"many authors, one text":   {[]mention.Scored{copied(1, 0), copied(2, 1), copied(3, 2)}, "joined joined opened"},
		"steps": {[]mention.Scored{row(1, 0, nil), row(2, 0, nil), row(3, 0, nil), row(4, 0, nil), row(5, 0, nil), row(6, 0, nil), row(7, 0, nil)},
			"joined joined opened joined joined grew joined"},
		"twice the same":   {[]mention.Scored{row(1, 0, nil), row(1, 0, nil), row(2, 0, nil), row(1, 0, nil), row(3, 0, nil), row(3, 0, nil)}, "joined known joined known opened known"},
		"another topic":    {[]mention.Scored{row(1, 0, nil), row(2, 0, nil), row(3, 0, topic("outage"))}, "joined joined joined"},
		"another brand":    {[]mention.Scored{row(1, 0, nil), row(2, 0, nil), row(3, 0, func(r *mention.Scored) { r.Brand = "Berqa" })}, "joined joined joined"},
		"after quiet time": {[]mention.Scored{row(1, 0, nil), row(2, 0, nil), row(3, 0, nil), row(4, 361, nil), row(5, 361, nil), row(6, 361, nil)}, "joined joined opened joined joined opened"},
	} {
		if got := told(t, &ledger{}, DefaultConfig(), c.rows...); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func topic(code string) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Verdict.Topics = []string{code} }
}

// newer is a later revision of a row.
func newer(r mention.Scored, edit func(*mention.Scored)) mention.Scored {
	r.Mention.Collected = r.Mention.Collected.Add(time.Hour)
	edit(&r)
	return r
}

func TestAnEditMovesAMention(t *testing.T) {
	l, cfg := &ledger{}, DefaultConfig()
	old := row(2, 0, nil)
	moved := newer(old, topic("outage"))
	if got := told(t, l, cfg, row(1, 0, nil), old, moved, old, moved, row(3, 0, nil), row(4, 0, topic("outage"))); got != "joined joined joined known known joined joined" {
		t.Error(got)
	}
	if got := totals(l, cfg); got.Mentions != 4 || len(l.Groups) != 2 || l.Groups[0].authors() != 2 {
		t.Errorf("%d mentions in %d groups", got.Mentions, len(l.Groups))
	}
	reworded := newer(row(1, 0, nil), func(r *mention.Scored) { r.Mention.Author.Followers = 900 })
	if got := told(t, l, cfg, reworded); got != "known" || totals(l, cfg).Reach != 900+30 {
		t.Errorf("%s, reach %d", got, totals(l, cfg).Reach)
	}
}

// totals sums up all groups.
func totals(l *ledger, cfg Config) (sum Incident) {
	for _, g := range l.Groups {
		in := g.Incident(start(), cfg)
		sum.Mentions += in.Mentions
		sum.Authors += in.Authors
		sum.Reach += in.Reach
	}
	return sum
}

func TestIncident(t *testing.T) {
	l, cfg := &ledger{}, DefaultConfig()
	said := func(author, minutes int, text, source, language string) mention.Scored {
		return row(author, minutes, func(r *mention.Scored) { r.Mention.Text, r.Mention.Source, r.Verdict.Language = text, source, language })
	}
	const campaign = "Bu markadan alışveriş yapmayın, kargo yok, iade yok, muhatap yok, hepsi yalan"
	news := told(t, l, cfg, said(1, 0, campaign, "shop", "tr"), said(2, 5, "Merhaba "+campaign, "forum", "tr"), said(1, 9, campaign+" 😡", "shop", "tr"),
		said(3, 10, strings.ToUpper(campaign), "shop", "tr"), said(4, 11, "Still waiting for my parcel and nobody there answers the phone", "forum", "en"))
	if news != "joined joined repeated opened joined" {
		t.Fatal(news)
	}
	in := l.Groups[0].Incident(start().Add(time.Hour), cfg)
	want := Incident{
		ID: in.ID, Cause: Cause{Brand: "Paytak", Topic: "delivery"}, Opened: start(), Last: start().Add(11 * time.Minute), Authors: 4, Mentions: 5,
		Reach: 50, Languages: []string{"en", "tr"}, Sources: []string{"forum", "shop"}, Step: 3, Copies: 0.8, Campaign: true,
	}
	if diff := cmp.Diff(want, in); diff != "" || len(in.ID) != 32 || !in.Open() {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if late := l.Groups[0].Incident(in.Last.Add(cfg.Quiet+time.Second), cfg); !late.Ended || late.Open() {
		t.Error("it does not end")
	}
	cfg.CampaignAuthors = 3
	if l.Groups[0].Incident(start(), cfg).Campaign {
		t.Error("many authors are no campaign")
	}
}

// Short texts are alike without being copied.
func TestShortTextsAreNoCampaign(t *testing.T) {
	l, cfg := &ledger{}, DefaultConfig()
	for author := range 9 {
		told(t, l, cfg, row(author, 0, func(r *mention.Scored) { r.Mention.Text = "Kargom gelmedi" }))
	}
	if in := l.Groups[0].Incident(start(), cfg); in.Campaign || in.Copies != 0 || in.Authors != 9 || in.Step != 6 {
		t.Errorf("got %+v", in)
	}
}

func TestAnIncidentIsNotForEver(t *testing.T) {
	l, cfg := &ledger{}, DefaultConfig()
	for hour := range 24 * 7 {
		told(t, l, cfg, row(3*hour, 60*hour, nil), row(3*hour+1, 60*hour+1, nil), row(3*hour+2, 60*hour+2, nil))
	}
	ids := map[string]bool{}
	for _, g := range l.Groups {
		ids[g.ID] = true
		if length := time.Duration(g.Last-g.First) * time.Second; length > cfg.Longest {
			t.Errorf("one of %s", length)
		}
	}
	if len(l.Groups) != 3 || len(ids) != 3 {
		t.Errorf("a week of steady complaints is %d incidents with %d names", len(l.Groups), len(ids))
	}
}

// A gap that a late member closes makes one group of two, unless both were told.
func TestALateMemberClosesAGap(t *testing.T) {
	cfg := DefaultConfig()
	l := &ledger{}
	if got := told(t, l, cfg, row(1, 0, nil), row(2, 600, nil), row(3, 610, nil), row(4, 620, nil), row(5, 300, nil)); got != "joined joined joined opened joined" {
		t.Fatal(got)
	}
	if len(l.Groups) != 1 || l.Groups[0].ID == "" || l.Groups[0].authors() != 5 {
		t.Errorf("%d groups, the first of %d", len(l.Groups), l.Groups[0].authors())
	}
	l = &ledger{}
	told(t, l, cfg, row(1, 0, nil), row(2, 0, nil), row(3, 0, nil), row(4, 600, nil), row(5, 600, nil), row(6, 600, nil), row(7, 300, nil))
	if sum := totals(l, cfg); len(l.Groups) != 2 || sum.Mentions != 7 || l.Groups[0].ID == l.Groups[1].ID {
		t.Errorf("%d groups, %d mentions", len(l.Groups), sum.Mentions)
	}
}

// What is left out is reckoned, whatever the order; memory stays bounded.
func TestALargeIncidentIsReckonedFromASample(t *testing.T) {
	cfg := DefaultConfig()
	var rows []mention.Scored
	for i := range 4000 {
		rows = append(rows, row(i%2000, i/100, nil))
	}
	rows[0].Mention.Author.Followers = 3_000_000
	l := &ledger{}
	told(t, l, cfg, rows...)
	in := l.Groups[0].Incident(start(), cfg)
	within := func(what string, got, want int) {
		if off := math.Abs(float64(got-want)) / float64(want); off > 0.2 {
			t.Errorf("%d %s, really %d", got, what, want)
		}
	}
	within("mentions", in.Mentions, 4000)
	within("authors", in.Authors, 2000)
	if in.Reach < 3_000_000 || in.Step < 3*256 || len(l.Groups) != 1 || len(l.Groups[0].Members) != cfg.Keep {
		t.Errorf("reach %d, step %d, %d kept", in.Reach, in.Step, len(l.Groups[0].Members))
	}
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(l); err != nil || body.Len() > 40_000 {
		t.Errorf("%d bytes, %v", body.Len(), err)
	}
	slices.Reverse(rows)
	again := &ledger{}
	told(t, again, cfg, append(rows, rows[:500]...)...)
	again.Groups[0].ID = l.Groups[0].ID // it began at another time
	if diff := cmp.Diff(l.Groups[0], again.Groups[0]); diff != "" {
		t.Errorf("backwards it is another:\n%s", diff)
	}
	t.Logf("of 4000 mentions by 2000: %d by %d, %d bytes", in.Mentions, in.Authors, body.Len())
}

func TestABrandKeepsItsRoom(t *testing.T) {
	cfg := edited(func(c *Config) { c.Room, c.Keep = 300, 40 })
	l := &ledger{}
	for i := range 400 { // one complaint a product, and twenty incidents among them
		product := func(name string) func(*mention.Scored) {
			return func(r *mention.Scored) { r.Verdict.Topics, r.Mention.Product = []string{"defective"}, name }
		}
		told(t, l, cfg, row(i, i, product("single "+said(i, i))), row(i+1000, i, product("many "+said(i%20, 0))))
	}
	members, open := 0, 0
	for _, g := range l.Groups {
		members += len(g.Members)
		if g.ID != "" {
			open++
		}
	}
	if members > cfg.Room || open != 20 {
		t.Errorf("%d members kept, %d incidents", members, open)
	}
}

func TestPrune(t *testing.T) {
	l, cfg := &ledger{}, DefaultConfig()
	told(t, l, cfg, row(1, 0, nil), row(2, 0, nil), row(3, 0, nil), row(4, 0, topic("outage")))
	end := start().Add(cfg.Quiet + cfg.Remember)
	if n := l.prune(end, cfg); n != 0 {
		t.Errorf("%d forgotten too soon", n)
	}
	if n := l.prune(end.Add(time.Second), cfg); n != 1 || l.Groups[0].ID == "" {
		t.Errorf("%d forgotten, of which an incident that nobody was told of", n)
	}
	l.Groups[0].Due = nil
	if n := l.prune(end.Add(time.Second), cfg); n != 1 || len(l.Groups) != 0 {
		t.Errorf("%d forgotten", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	l, cfg := &ledger{}, DefaultConfig()
	i := 0
	for b.Loop() {
		m, _ := NewMember(nil, row(i, i/100, nil))
		l.add(m.Cause, keep(m), cfg)
		i++
	}
}
