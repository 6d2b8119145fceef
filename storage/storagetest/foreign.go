package storagetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// nasty are texts as the world may send them.
func nasty() []string {
	return []string{
		"'; DROP TABLE mentions; --", `\'; DROP TABLE mentions; --`, `" OR 1=1 --`, "') OR ('1'='1", "{brand:String}", "?", "%s %d", "$1", "@p1",
		"\\N", "\\", "\\\\'", "\t\n\r\b\f\v", "a\x00b", "\x00", "\xff\xfe\x80", "\xed\xa0\x80", "NULL", "NaN", "[]", "['a','b']", "\u202eabc", "می‌خواهم",
		"İIıi ŞşĞğ", "👩‍👩‍👧‍👦🏽 🇹🇷", "`x`", "/* */ -- #", "__exception__\r\n0123456789abcdef", strings.Repeat("x", 1000), "\ufeff", " ", "\u2028\u0085",
	}
}

func foreignText(t *testing.T, open Opener) {
	s := open(t)
	var rows []mention.Scored
	for i, text := range nasty() {
		rows = append(rows, everywhere(i, text))
	}
	insert(t, s, rows...)
	got := all(t, s)
	for i, want := range rows {
		got, there := got[want.Mention.ID]
		if !there {
			t.Fatalf("%q is not there", nasty()[i])
		}
		want.Mention.SeenFirst = want.Mention.Collected
		if g, w := fmt.Sprintf("%#v", plain(got)), fmt.Sprintf("%#v", plain(want)); g != w {
			t.Errorf("%q came back changed:\n got %s\nwant %s", nasty()[i], g, w)
		}
	}
	checkAfter(t, s)
	vanished := rows[0].Mention
	vanished.Gone, vanished.Collected = true, hours(1)
	insert(t, s, mention.Scored{Mention: vanished.Revise()})
	if _, err := s.Forget(t.Context(), rows[1].Mention.Author, rows[1].Mention.Source); err != nil {
		t.Error(err)
	}
	wantEqual(t, "rows left", ask(t, s, "SELECT count() FROM v_mentions"), []string{fmt.Sprint(len(rows) - 2)})
}

// everywhere is a row with the text in all its fields.
func everywhere(i int, text string) mention.Scored {
	list := []string{text, text + "2"}
	return mention.Scored{
		Brand: text, Search: text,
		Mention: mention.Mention{
			ID: mention.ID(fmt.Sprint(i, text)), Revision: mention.Revision(text), Source: text, SourceKind: text, Kind: mention.Kind(text), URL: text,
			Product: text, ThreadID: text, ParentID: mention.ID(text), About: list, Author: mention.Author{ID: text, Name: text, Followers: -1},
			Title: text, Text: text, Truncated: true, WeakID: true, Verified: true, Language: text, Rating: &mention.Rating{Value: 2, Worst: 5, Best: 1},
			Likes: -5, Replies: 1 << 62, Shares: 3, Views: 4, Edited: hours(-1), Collected: start(), Origin: mention.OriginLive,
			Written: mention.Written{Time: hours(-2), Precision: mention.Precision("x" + text), Zone: text, Clamped: true, Shown: text},
		},
		Verdict: mention.Verdict{
			Language: text, Score: -0.123456789, Mood: mention.Mood(text), Anger: 0.1, Topics: list, Praise: list, Blamed: list, Customer: list, Signals: list,
			Switches: &mention.Switch{From: text, To: text}, Priority: 2, Coverage: 1, Raw: -3.5, Lexicon: text,
			Reasons: []mention.Reason{{Rule: text, Text: text, Start: 1, End: 2, Weight: -3.5}},
		},
	}
}

// plain is the row without pointers, for printing.
func plain(s mention.Scored) []any {
	rating, switches := *s.Mention.Rating, *s.Verdict.Switches
	s.Mention.Rating, s.Verdict.Switches = nil, nil
	return []any{s, rating, switches}
}

func foreignQuestions(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	insert(t, s, batchOf(5, start(), "1")...)
	flush(t, s)
	var wrong []mention.Correction
	for _, text := range nasty() {
		points, err := s.MoodOverTime(ctx, mention.Filter{Brand: text}, 24*time.Hour)
		empty(t, text, "mood over time", len(points), err)
		topics, err := s.Topics(ctx, mention.Filter{Language: text}, 5)
		empty(t, text, "topics", len(topics), err)
		brands, err := s.Brands(ctx, mention.Filter{Topic: text})
		empty(t, text, "brands", len(brands), err)
		rows, err := s.Mention(ctx, mention.ID(text))
		empty(t, text, "mention", len(rows), err)
		rows, err = s.Mentions(ctx, mention.ID(text), mention.ID(text+","), review(1, start()).ID)
		if err != nil || len(rows) != 1 {
			t.Errorf("%.20q beside one that is known: %d rows, %v", text, len(rows), err)
		}
		found, err := s.Complaints(ctx, "Paytak", []mention.Writer{{Source: "shop", Author: text}, {Source: text, Author: "u1"}}, start())
		empty(t, text, "complaints", len(found), err)
		wrong = append(wrong, mention.Correction{Mention: mention.ID(text), Brand: text, Field: mention.FieldTopics, Value: text, By: text, Note: text, At: start()})
	}
	correct(t, s, wrong...)
	wantEqual(t, "mentions", must(s.Counts(ctx))(t).Mentions, 5)
}

func empty(t *testing.T, text, question string, n int, err error) {
	t.Helper()
	if n != 0 || err != nil {
		t.Errorf("%q in %s: %d rows, %v", text, question, n, err)
	}
}
