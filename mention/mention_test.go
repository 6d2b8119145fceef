package mention

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"
)

func TestIDsAreStableAndApart(t *testing.T) {
	// Written down: an ID that changed would make every stored mention a new one.
	if got := NewID("site", "example.org", "42"); got != "4164f13dcb0a62e2c2ba888a965ec204" {
		t.Errorf("NewID = %s", got)
	}
	seen := map[ID][]string{}
	for _, parts := range [][]string{{"site", "a", "bc"}, {"site", "ab", "c"}, {"sitea", "b", "c"}, {"site", "a", "bc\x00"}, {"recipe", "a", "bc"}, {"", "", ""}} {
		id := NewID(parts[0], parts[1], parts[2])
		if before, ok := seen[id]; ok {
			t.Errorf("%q and %q have one ID", before, parts)
		}
		seen[id] = parts
	}
	if NewID("weak", "a", "b") == NewWeakID("a", "b", "", "", "") {
		t.Error("a weak ID equals another")
	}
}

func TestARevisionIsNewsAndNothingElse(t *testing.T) {
	base := Mention{ID: "x", Text: "Kargo gelmedi", Title: "Şikayet", Rating: &Rating{Value: 1, Worst: 1, Best: 5}}
	same := map[string]func(*Mention){
		"likes":     func(m *Mention) { m.Likes = 99 },
		"times":     func(m *Mention) { m.Collected, m.Edited = time.Now(), time.Now() },
		"followers": func(m *Mention) { m.Author.Followers = 5 },
		"nothing":   func(*Mention) {},
	}
	news := map[string]func(*Mention){
		"text":      func(m *Mention) { m.Text += "." },
		"title":     func(m *Mention) { m.Title = "" },
		"stars":     func(m *Mention) { m.Rating = &Rating{Value: 5, Worst: 1, Best: 5} },
		"scale":     func(m *Mention) { m.Rating = &Rating{Value: 1, Worst: 1, Best: 10} },
		"no stars":  func(m *Mention) { m.Rating = nil },
		"gone":      func(m *Mention) { m.Gone = true },
		"swap":      func(m *Mention) { m.Text, m.Title = m.Title, m.Text },
		"cut apart": func(m *Mention) { m.Text, m.Title = m.Text[:3], m.Text[3:]+m.Title },
	}
	want := base.Revise().Revision
	if len(want) != 16 {
		t.Fatalf("revision %q has not 16 digits", want)
	}
	for name, edit := range same {
		m := base
		if edit(&m); m.Revise().Revision != want {
			t.Errorf("%s: a new revision", name)
		}
	}
	seen := map[Revision]string{want: "base"}
	for name, edit := range news {
		m := base
		edit(&m)
		if before, ok := seen[m.Revise().Revision]; ok {
			t.Errorf("%s has the revision of %s", name, before)
		}
		seen[m.Revise().Revision] = name
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		r     *Rating
		share float64
		ok    bool
	}{
		{nil, 0, false}, {&Rating{1, 1, 5}, 0, true}, {&Rating{5, 1, 5}, 1, true}, {&Rating{3, 1, 5}, 0.5, true}, {&Rating{8, 0, 10}, 0.8, true},
		{&Rating{7, 1, 5}, 1, true}, {&Rating{0, 1, 5}, 0, true}, {&Rating{3, 5, 5}, 0, false}, {&Rating{3, 5, 1}, 0, false},
		{&Rating{3, math.NaN(), 5}, 0, false},
	} {
		if share, ok := c.r.Share(); share != c.share || ok != c.ok {
			t.Errorf("%+v: %g %t, want %g %t", c.r, share, ok, c.share, c.ok)
		}
	}
}

func TestClampPullsTheFutureBack(t *testing.T) {
	now := time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC)
	if w := (Written{Time: now.Add(time.Hour)}).Clamp(now); !w.Time.Equal(now) || !w.Clamped {
		t.Errorf("got %+v", w)
	}
	if w := (Written{Time: now.Add(-time.Hour)}).Clamp(now); w.Clamped || !w.Time.Equal(now.Add(-time.Hour)) {
		t.Errorf("got %+v", w)
	}
	if w := (Written{}).Clamp(now); w.Clamped || !w.Time.IsZero() {
		t.Errorf("an unknown time became %+v", w)
	}
}

func TestUnhappyIsDefinedOnce(t *testing.T) {
	var unhappy []Mood
	for _, m := range Moods() {
		if m.Unhappy() {
			unhappy = append(unhappy, m)
		}
	}
	if !reflect.DeepEqual(unhappy, []Mood{Angry, Dissatisfied}) || len(Moods()) != 6 {
		t.Errorf("unhappy: %v of %v", unhappy, Moods())
	}
}

func TestRecordsSurviveTheQueue(t *testing.T) {
	at := time.Date(2026, 11, 6, 12, 0, 0, 5000, time.UTC)
	want := Scored{Brand: "Paytak", Search: "x", Mention: Mention{ID: "i", Text: "«\u200c»\x01", Rating: &Rating{1, 1, 5}, Written: Written{Time: at, Precision: PrecisionMinute}, Collected: at, Author: Author{Own: true}},
		Verdict: Verdict{Mood: Angry, Topics: []string{"delay"}, Reasons: []Reason{{"lexicon", "x", 0, 1, -2.5}}, Switches: &Switch{From: "A", To: "B"}}}
	body, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Scored
	if err := json.Unmarshal(body, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}
