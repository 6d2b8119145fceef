package alert

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// by is the i-th mention of an author, written some time ago.
func by(author string, i int, ago time.Duration, edit func(*mention.Scored)) mention.Scored {
	return angry(func(r *mention.Scored) {
		r.Mention.ID = mention.NewID("site", "example.org", fmt.Sprint(author, i))
		r.Mention.Author = mention.Author{ID: author}
		r.Mention.Written.Time = time.Now().UTC().Add(-ago)
		r.Mention.Collected = time.Now().UTC().Add(-ago)
		if edit != nil {
			edit(r)
		}
	})
}

// reply is what the brand answers to a mention.
func reply(to mention.Scored, ago time.Duration) mention.Scored {
	r := by("brand", int(ago/time.Second), ago, nil)
	r.Mention.Author.Own, r.Mention.ParentID, r.Verdict = true, to.Mention.ID, mention.Verdict{Mood: mention.Neutral, Language: "tr"}
	r.Mention.Text = "Merhaba, konuyu inceliyoruz."
	return r
}

func (d *desk) stands(t *testing.T, id string) mention.Escalation {
	t.Helper()
	e, err := d.Case(t.Context(), id)
	if err != nil || e == nil {
		t.Fatalf("%s: %v, %v", id, e, err)
	}
	return *e
}

func TestOneCustomerIsOneCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t, by("ayse", 1, 3*time.Hour, nil))
	for i := range 5 {
		d.store(t, by("ayse", 2+i%3, 2*time.Hour, nil)) // three more, two of them delivered twice
	}
	d.carry(t, 1)
	if e := d.stands(t, id); len(d.told) != 1 || e.Mentions != 4 || !slices.Equal(d.types()[:4], []string{"opened", "wrote_again", "wrote_again", "wrote_again"}) {
		t.Errorf("told %v, events %v, %d mentions", d.kinds(), d.types(), e.Mentions)
	}
	for _, other := range []mention.Scored{
		by("veli", 1, time.Hour, nil), by("ayse", 9, time.Hour, func(r *mention.Scored) { r.Brand = "Zinco" }),
		by("Misafir", 1, time.Hour, nil), by("Misafir", 2, time.Hour, nil), // not one person
	} {
		d.store(t, other)
	}
	if got := d.pagedFor(); !slices.Equal(got, []string{"Misafir", "Misafir", "ayse", "ayse", "veli"}) {
		t.Errorf("paged for %v", got)
	}
}

func TestAWorseRuleRaisesTheCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rules = slices.Clone(d.rules)
	mild, err := Parse([]byte("rule: mild\ntitle: {tr: a, fa: b, en: c}\nseverity: normal\nall: [{say: unhappy, if: unhappy}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	d.rules = append(d.rules, mild)
	d.routes = []Route{{Team: "phone", Severities: []string{"critical"}, Channels: []string{"desk"}}, {Team: "list"}}
	calm := by("ayse", 1, 3*time.Hour, func(r *mention.Scored) { r.Verdict.Signals, r.Verdict.Mood = nil, mention.Dissatisfied })
	id := d.open(t, calm)
	if e := d.stands(t, id); e.Severity != "normal" || e.Rule != "mild" {
		t.Fatalf("%+v", e)
	}
	d.store(t, by("ayse", 2, time.Hour, nil))
	d.store(t, by("ayse", 2, time.Hour, nil))
	d.carry(t, 1)
	if e := d.stands(t, id); e.Severity != "critical" || e.Rule != "angry_now" || e.Team != "phone" || len(d.told) != 1 || d.told[0].Escalation.Severity != "critical" {
		t.Errorf("%+v, told %v", e, d.kinds())
	}
	if got := d.types(); !slices.Equal(got, []string{"opened", "raised", "notified"}) {
		t.Errorf("events %v", got)
	}
}

func TestTheBrandsReplyStopsTheClock(t *testing.T) {
	complaint := by("ayse", 1, 50*time.Minute, nil)
	answer := reply(complaint, 20*time.Minute)
	for name, batches := range map[string][][]mention.Scored{
		"after it":      {{complaint}, {answer}},
		"in one batch":  {{answer, complaint}},
		"stored before": {{answer}, {complaint}},
		"twice":         {{complaint}, {answer}, {answer, complaint}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			for _, b := range batches {
				d.store(t, b...)
			}
			e := d.stands(t, escalationID(complaint))
			if e.State != mention.StateAnswered || !e.Answered.Equal(answer.Mention.Written.Time) || e.Reply != mention.ReplyOther {
				t.Errorf("%+v", e)
			}
			if got := d.types(); !slices.Equal(got, []string{"opened", "answered"}) {
				t.Errorf("events %v", got)
			}
		})
	}
}

func TestTheNextComplaintReopens(t *testing.T) {
	for name, c := range map[string]struct {
		done Act
		next mention.Scored
		want mention.State
	}{
		"what was solved":             {Act{Type: "resolved"}, by("ayse", 2, -time.Minute, nil), mention.StateReopened},
		"what was answered":           {Act{Type: "answered"}, by("ayse", 2, -time.Minute, nil), mention.StateReopened},
		"though no rule holds of it":  {Act{Type: "resolved"}, by("ayse", 2, -time.Minute, func(r *mention.Scored) { r.Verdict = mention.Verdict{Mood: mention.Dissatisfied} }), mention.StateReopened},
		"not with an older one":       {Act{Type: "resolved"}, by("ayse", 2, time.Hour, nil), mention.StateResolved},
		"not with another's":          {Act{Type: "resolved"}, by("veli", 2, -time.Minute, nil), mention.StateResolved},
		"not with praise":             {Act{Type: "resolved"}, by("ayse", 2, -time.Minute, func(r *mention.Scored) { r.Verdict = mention.Verdict{Mood: mention.Satisfied} }), mention.StateResolved},
		"not what cannot be won":      {Act{Type: "not_winnable"}, by("ayse", 2, -time.Minute, nil), mention.StateNotWinnable},
		"not what waits as it stands": {Act{Type: "acknowledged"}, by("ayse", 2, -time.Minute, nil), mention.StateAcknowledged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id := d.open(t, by("ayse", 1, 3*time.Hour, nil))
			c.done.By = "destek"
			d.do(t, id, c.done)
			d.late.Add(int64(2 * time.Minute))
			d.store(t, c.next)
			d.store(t, c.next)
			e := d.stands(t, id)
			if e.State != c.want {
				t.Errorf("%s", e.State)
			}
			reopened := c.want == mention.StateReopened
			if reopened {
				d.carry(t, 2)
				if !slices.Equal(d.kinds(), []notify.Kind{notify.KindOpened, notify.KindReopened}) || e.Mention != c.next.Mention.ID || !e.Answered.IsZero() || e.Due.Before(c.next.Mention.Written.Time) {
					t.Errorf("told %v, %+v", d.kinds(), e)
				}
			}
		})
	}
}

// The case waits for an answer to what the customer wrote last, whether a rule
// holds of that or not.
func TestAReplyToALaterComplaintAnswersTheCase(t *testing.T) {
	for name, mood := range map[string]mention.Mood{"calm": mention.Dissatisfied, "angry": mention.Angry} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			id := d.open(t, by("ayse", 1, 3*time.Hour, nil))
			d.do(t, id, Act{Type: "answered", By: "destek", At: time.Now().Add(-2 * time.Hour)})
			next := by("ayse", 2, time.Hour, func(r *mention.Scored) { r.Verdict.Mood = mood })
			d.store(t, next)
			d.store(t, reply(next, 30*time.Minute))
			if e := d.stands(t, id); e.State != mention.StateAnswered || e.Mention != next.Mention.ID {
				t.Errorf("%+v", e)
			}
			if got := d.types(); !slices.Equal(got, []string{"opened", "answered", "reopened", "answered"}) {
				t.Errorf("events %v", got)
			}
		})
	}
}

// A reply that was stored before the complaint that opens the case again answers it.
func TestAReplyStoredBeforeAReopeningCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t, by("ayse", 1, 3*time.Hour, nil))
	d.do(t, id, Act{Type: "resolved", By: "destek"})
	d.late.Add(int64(10 * time.Minute))
	again := by("ayse", 2, -5*time.Minute, func(r *mention.Scored) { r.Verdict = mention.Verdict{Mood: mention.Dissatisfied, Language: "en"} })
	answer := reply(again, -6*time.Minute)
	d.store(t, answer)
	d.store(t, again)
	if e := d.stands(t, id); e.State != mention.StateAnswered || !e.Answered.Equal(answer.Mention.Written.Time) || e.Language != "en" {
		t.Errorf("%+v", e)
	}
}

func TestThanksEndACase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t, by("ayse", 1, 3*time.Hour, nil))
	thanks := by("ayse", 2, time.Minute, func(r *mention.Scored) {
		r.Verdict = mention.Verdict{Mood: mention.Satisfied, Signals: []string{"resolved"}}
	})
	d.store(t, thanks)
	d.store(t, thanks)
	if e := d.stands(t, id); e.State != mention.StateResolved || !e.Resolved.Equal(thanks.Mention.Written.Time) {
		t.Errorf("%+v", e)
	}
	if got := d.types(); !slices.Equal(got, []string{"opened", "resolved"}) {
		t.Errorf("events %v", got)
	}
}

const unanswered = `
rule: unanswered
title: {tr: a, fa: b, en: c}
wait_for: 45m
all:
  - {say: angry, if: mood == "angry"}
  - {say: unanswered, if: not answered()}
`

func TestARuleThatWaitsLooksAtWhatIsThereThen(t *testing.T) {
	rule, err := Parse([]byte(unanswered))
	if err != nil {
		t.Fatal(err)
	}
	complaint := by("ayse", 1, time.Minute, func(r *mention.Scored) { r.Verdict.Signals = nil })
	gone := complaint
	gone.Mention.Gone = true
	calm := complaint
	calm.Verdict.Mood = mention.Neutral
	for name, c := range map[string]struct {
		meanwhile []mention.Scored
		replace   bool
		want      int
	}{
		"nobody answered":   {nil, false, 1},
		"it was answered":   {[]mention.Scored{reply(complaint, 0)}, false, 0},
		"it was deleted":    {[]mention.Scored{gone}, true, 0},
		"it was taken back": {[]mention.Scored{calm}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rules = []Rule{rule}
			d.store(t, complaint)
			d.store(t, complaint)
			d.pass(t, 40*time.Minute)
			if len(d.events) != 0 {
				t.Fatalf("too early: %v", d.types())
			}
			if c.replace {
				d.stored = nil
			}
			d.store(t, c.meanwhile...)
			d.pass(t, 5*time.Minute)
			d.pass(t, 5*time.Minute)
			if got := len(d.paged()); got != c.want {
				t.Errorf("paged %d times", got)
			}
		})
	}
}
