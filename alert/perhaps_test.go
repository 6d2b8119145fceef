package alert

import (
	"slices"
	"testing"
	"time"

	"feryat/mention"
)

// A word of the brand in a thread that answers nobody for certain is noted at the
// cases that wait there, once, and stops no clock.
func TestAPossibleReplyIsNoted(t *testing.T) {
	in := func(r mention.Scored) mention.Scored { r.Mention.ThreadID = "7"; return r }
	complaint := in(by("ayse", 1, 50*time.Minute, nil))
	loose := in(reply(complaint, 20*time.Minute))
	loose.Mention.ParentID, loose.Mention.URL = "", "https://forum.example/7#2"
	for name, c := range map[string]struct {
		edit func(r *mention.Scored)
		act  string
		want []string
	}{
		"a complaint before it":      {nil, "", []string{"opened", "possible_reply"}},
		"not of another thread":      {func(r *mention.Scored) { r.Mention.ThreadID = "8" }, "", []string{"opened"}},
		"not of another source":      {func(r *mention.Scored) { r.Mention.Source = "mall" }, "", []string{"opened"}},
		"not of another brand":       {func(r *mention.Scored) { r.Brand = "Zinco" }, "", []string{"opened"}},
		"not of no thread":           {func(r *mention.Scored) { r.Mention.ThreadID = "" }, "", []string{"opened"}},
		"not before the complaint":   {func(r *mention.Scored) { r.Mention.Written.Time = r.Mention.Written.Time.Add(-time.Hour) }, "", []string{"opened"}},
		"not where it was answered":  {nil, "answered", []string{"opened", "answered"}},
		"not what cannot be won":     {nil, "not_winnable", []string{"opened", "not_winnable"}},
		"not one that is gone":       {func(r *mention.Scored) { r.Mention.Gone = true }, "", []string{"opened"}},
		"not a customer's own words": {func(r *mention.Scored) { r.Mention.Author.Own = false }, "", []string{"opened"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.stored = append(d.stored, complaint)
			id := d.open(t, complaint)
			due := d.stands(t, id).Due
			if c.act != "" {
				d.do(t, id, Act{Type: c.act, By: "destek"})
			}
			word := loose
			if c.edit != nil {
				c.edit(&word)
			}
			d.store(t, word)
			d.store(t, word) // delivered twice
			if got := d.types(); !slices.Equal(got, c.want) {
				t.Errorf("events %v, want %v", got, c.want)
			}
			e := d.stands(t, id)
			if c.act == "" && (e.State != mention.StateOpen || !e.Answered.IsZero() || !e.Due.Equal(due)) {
				t.Errorf("the clock was touched: %+v", e)
			}
			if i := slices.IndexFunc(d.events, func(x mention.Event) bool { return x.Type == "possible_reply" }); i >= 0 && d.events[i].Note != word.Mention.URL {
				t.Errorf("it leads to %q", d.events[i].Note)
			}
		})
	}
}

// A word that was stored before a rule that waits opens the case is noted too.
func TestAPossibleReplyBeforeTheCaseIsNoted(t *testing.T) {
	rule, err := Parse([]byte(unanswered))
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.rules = []Rule{rule}
	complaint := by("ayse", 1, time.Minute, func(r *mention.Scored) { r.Verdict.Signals, r.Mention.ThreadID = nil, "7" })
	loose, older := reply(complaint, 0), reply(complaint, time.Hour)
	loose.Mention.ParentID, loose.Mention.ThreadID, older.Mention.ParentID, older.Mention.ThreadID = "", "7", "", "7"
	d.store(t, complaint)
	d.store(t, loose, older)
	d.pass(t, 50*time.Minute)
	d.pass(t, 5*time.Minute)
	if got := d.types(); len(got) < 2 || !slices.Equal(got[:2], []string{"opened", "possible_reply"}) || slices.Contains(got[2:], "possible_reply") {
		t.Errorf("events %v", got)
	}
}

// Of a product's page with hundreds of complaints the newest are looked at.
func TestPossibleRepliesAreBounded(t *testing.T) {
	d := newDesk(t)
	var rows []mention.Scored
	for i := range 3 * maxPerhaps {
		r := by(string(rune('a'+i))+"yse", 1, time.Hour+time.Duration(i)*time.Minute, nil)
		r.Mention.ThreadID = "7"
		rows = append(rows, r)
	}
	d.store(t, rows...)
	loose := reply(rows[0], time.Minute)
	loose.Mention.ParentID, loose.Mention.ThreadID = "", "7"
	d.store(t, loose)
	n := 0
	for _, e := range d.events {
		if e.Type == "possible_reply" {
			n++
		}
	}
	if n != maxPerhaps {
		t.Errorf("noted %d times", n)
	}
}
