package alert

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// TestApply is the table of what acts do in which state.
func TestApply(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	const taken, same = "taken", "same"
	cases := []struct {
		from mention.State
		has  string // holder
		act  Act
		want string // state, or taken, or same
		held string
	}{
		{"open", "", Act{Type: "acknowledged", By: "ayse"}, "acknowledged", "ayse"},
		{"acknowledged", "ayse", Act{Type: "acknowledged", By: "ayse"}, same, "ayse"},
		{"acknowledged", "ayse", Act{Type: "acknowledged", By: "veli"}, taken, "ayse"},
		{"acknowledged", "ayse", Act{Type: "assigned", By: "ayse", To: "veli"}, "acknowledged", "veli"},
		{"open", "", Act{Type: "assigned", By: "ayse", To: "veli"}, "acknowledged", "veli"},
		{"answered", "", Act{Type: "acknowledged", By: "ayse"}, "answered", "ayse"},
		{"open", "", Act{Type: "answered", By: "ayse"}, "answered", ""},
		{"acknowledged", "ayse", Act{Type: "answered", By: "brand", Reply: mention.ReplyHandOff}, "answered", "ayse"},
		{"resolved", "ayse", Act{Type: "answered", By: "veli"}, taken, "ayse"},
		{"open", "", Act{Type: "resolved", By: "ayse"}, "resolved", ""},
		{"resolved", "ayse", Act{Type: "resolved", By: "veli"}, same, "ayse"},
		{"answered", "ayse", Act{Type: "not_winnable", By: "ayse"}, "not_winnable", "ayse"},
		{"not_winnable", "ayse", Act{Type: "resolved", By: "ayse"}, taken, "ayse"},
		{"resolved", "ayse", Act{Type: "acknowledged", By: "veli"}, taken, "ayse"},
		{"resolved", "ayse", Act{Type: "reopened", By: "veli"}, "reopened", ""},
		{"not_winnable", "ayse", Act{Type: "reopened", By: "veli"}, "reopened", ""},
		{"open", "", Act{Type: "reopened", By: "veli"}, same, ""},
		{"reopened", "", Act{Type: "acknowledged", By: "veli"}, "acknowledged", "veli"},
		{"open", "", Act{Type: "expired", By: "feryat"}, "expired", ""},
		{"expired", "", Act{Type: "resolved", By: "veli"}, taken, ""},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s by %s, %s %s", c.from, c.has, c.act.Type, c.act.By), func(t *testing.T) {
			r := &record{Escalation: mention.Escalation{ID: "x", State: c.from, Holder: c.has, Opened: now.Add(-time.Hour)}, Step: 4}
			err := r.apply(c.act, now, DefaultPromise())
			got := string(r.Escalation.State)
			var lost *TakenError
			switch {
			case errors.As(err, &lost):
				got = taken
			case errors.Is(err, errSame):
				got = same
			case err != nil:
				t.Fatal(err)
			}
			if got != c.want || r.Escalation.Holder != c.held {
				t.Errorf("%s, held by %q", got, r.Escalation.Holder)
			}
			changed := got != taken && got != same
			if changed != (r.Step == 5) || changed != (len(r.Unwritten) == 1) {
				t.Errorf("step %d, %d events", r.Step, len(r.Unwritten))
			}
		})
	}
	if err := (&record{}).apply(Act{Type: "eaten", By: "x"}, now, Promise{}); err == nil {
		t.Error("eaten")
	}
}

// The first answer stops the clock; a better one later is kept for what it is.
func TestAnswersKeepTheFirstTimeAndTheBestReply(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	r := &record{Escalation: mention.Escalation{State: mention.StateOpen}}
	for _, a := range []Act{
		{Type: "answered", At: at, Reply: mention.ReplyCanned},
		{Type: "answered", At: at.Add(time.Hour), Reply: mention.ReplySolution},
		{Type: "answered", At: at.Add(2 * time.Hour), Reply: mention.ReplyHandOff},
	} {
		if err := r.apply(a, at.Add(3*time.Hour), Promise{}); err != nil && !errors.Is(err, errSame) {
			t.Fatal(err)
		}
	}
	if e := r.Escalation; !e.Answered.Equal(at) || e.Reply != mention.ReplySolution || r.Step != 2 {
		t.Errorf("%+v after %d steps", e, r.Step)
	}
}

// open lets one escalation be told and answers its ID.
func (d *desk) open(t *testing.T, rows ...mention.Scored) string {
	t.Helper()
	if len(rows) == 0 {
		rows = []mention.Scored{angry(nil)}
	}
	if err := d.Handle(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	for _, e := range d.events {
		if e.Type == "opened" && e.Escalation.Mention == rows[0].Mention.ID {
			return e.Escalation.ID
		}
	}
	t.Fatal("nothing was opened")
	return ""
}

// do is for acts that must work.
func (d *desk) do(t *testing.T, id string, a Act) mention.Escalation {
	t.Helper()
	e, err := d.Do(t.Context(), id, a)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Two processes acknowledge at once: one wins, the other hears who has it.
func TestTwoAcknowledgeAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	other := NewDesk(Config{Promise: DefaultPromise(), Channels: []string{"desk"}}, d.deps, d.Watcher.metrics)
	var won, lost []string
	var mu sync.Mutex
	var g sync.WaitGroup
	for i := range 8 {
		who := fmt.Sprint("person ", i)
		on := []*Desk{d.Desk, other}[i%2]
		g.Go(func() {
			_, err := on.Do(t.Context(), id, Act{Type: "acknowledged", By: who})
			mu.Lock()
			defer mu.Unlock()
			var taken *TakenError
			switch {
			case err == nil:
				won = append(won, who)
			case errors.As(err, &taken):
				lost = append(lost, taken.Holder)
			default:
				t.Error(err)
			}
		})
	}
	g.Wait()
	if len(won) != 1 || len(lost) != 7 || slices.ContainsFunc(lost, func(holder string) bool { return holder != won[0] }) {
		t.Errorf("won: %v, the others were told that it has: %v", won, lost)
	}
	if got := d.types(); !slices.Equal(got, []string{"opened", "acknowledged"}) {
		t.Errorf("events %v", got)
	}
	if _, err := d.Do(t.Context(), "nothing", Act{Type: "acknowledged", By: "x"}); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, err := d.Do(t.Context(), id, Act{Type: "acknowledged"}); err == nil {
		t.Error("nobody acknowledged")
	}
}

// A crash between a change and what follows from it is made good by the timer.
func TestAnActThatACrashCutShortIsFinished(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.promise.Answer = 0
	id := d.open(t)
	d.down = true
	if _, err := d.Do(t.Context(), id, Act{Type: "acknowledged", By: "ayse"}); !errors.Is(err, mention.ErrUnavailable) {
		t.Fatal(err)
	}
	d.down = false
	d.pass(t, time.Minute)
	if got := d.types(); !slices.Equal(got, []string{"opened", "acknowledged"}) {
		t.Errorf("events %v", got)
	}
	d.pass(t, time.Minute)
	r, _, err := d.cases.load(t.Context(), id)
	if err != nil || len(r.Unwritten)+len(r.Telling) != 0 || r.Step != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// kinds are those of the messages that were told, in alphabetical order: they
// are carried side by side.
func (d *desk) kinds() (kinds []notify.Kind) {
	for _, m := range d.told {
		kinds = append(kinds, m.Kind)
	}
	slices.Sort(kinds)
	return kinds
}

func TestTheNextInTheChainIsToldWhileNobodyTakesIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.promise.Answer = 0
	d.routes = []Route{{Team: "desk", Channels: []string{"desk"}, Chain: []Link{{After: 10 * time.Minute, Channels: []string{"lead"}}, {After: 30 * time.Minute, Channels: []string{"lead"}}}}}
	id := d.open(t)
	d.carry(t, 1)
	other := angry(func(r *mention.Scored) { r.Mention.ID = mention.NewID("site", "example.org", "2") })
	taken := d.open(t, other)
	d.do(t, taken, Act{Type: "acknowledged", By: "ayse"})
	for range 4 {
		d.pass(t, 5*time.Minute)
	}
	d.carry(t, 3)
	if want := []notify.Kind{notify.KindHandedOn, notify.KindOpened, notify.KindOpened}; !slices.Equal(d.kinds(), want) || d.told[0].Escalation.Team != "desk" {
		t.Errorf("told %v", d.kinds())
	}
	d.pass(t, 30*time.Minute)
	d.pass(t, 30*time.Minute)
	d.carry(t, 4)
	if handed := slices.IndexFunc(d.told, func(m notify.Message) bool { return m.Kind == notify.KindHandedOn }); len(d.told) != 4 || d.told[handed].Escalation.ID != id {
		t.Errorf("told %v", d.kinds())
	}
}

func TestThePromiseIsRemindedOfOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	fresh := func(r *mention.Scored) { r.Mention.Written.Time = time.Now() }
	id := d.open(t, angry(fresh))
	d.pass(t, time.Minute)
	d.pass(t, 45*time.Minute)
	d.pass(t, time.Minute)
	d.pass(t, 15*time.Minute)
	d.pass(t, 15*time.Minute)
	d.carry(t, 3)
	if want := []notify.Kind{notify.KindBreached, notify.KindOpened, notify.KindWarned}; !slices.Equal(d.kinds(), want) || d.told[2].Escalation.ID != id {
		t.Errorf("told %v", d.kinds())
	}
	answered := newDesk(t)
	id = answered.open(t, angry(fresh))
	answered.pass(t, 46*time.Minute)
	answered.do(t, id, Act{Type: "answered", By: "ayse"})
	answered.pass(t, time.Hour)
	answered.carry(t, 2)
	if want := []notify.Kind{notify.KindOpened, notify.KindWarned}; !slices.Equal(answered.kinds(), want) {
		t.Errorf("told %v", answered.kinds())
	}
}

// What was late already when it was found is told so in its first message.
func TestNobodyIsToldTwiceThatSomethingFoundLateIsLate(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.open(t, angry(func(r *mention.Scored) { r.Mention.Written.Time = time.Now().Add(-5 * time.Hour) }))
	d.pass(t, time.Minute)
	d.pass(t, time.Hour)
	d.carry(t, 1)
	if len(d.told) != 1 || !slices.Contains(d.types(), "breached") || slices.Contains(d.types(), "warned") {
		t.Errorf("told %v, events %v", d.kinds(), d.types())
	}
}

func TestQuietHoursHoldBackWhatIsNotCritical(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.promise.Answer = 0
	now := time.Now().UTC()
	quiet := fmt.Sprintf("%s-%s", now.Add(-time.Hour).Format("15:04"), now.Add(time.Hour).Format("15:04"))
	d.routes = []Route{{Channels: []string{"desk"}, Quiet: quiet, Zone: "UTC"}}
	d.open(t)
	d.carry(t, 1) // critical
	for i := range d.rules {
		d.rules[i].Severity = "high"
	}
	other := angry(func(r *mention.Scored) { r.Mention.ID = mention.NewID("site", "example.org", "2") })
	d.open(t, other)
	d.pass(t, time.Minute)
	d.carry(t, 1)
	if len(d.told) != 1 {
		t.Fatalf("told %v in quiet hours", d.kinds())
	}
	d.pass(t, time.Hour)
	d.carry(t, 2)
	d.pass(t, time.Hour)
	d.carry(t, 2)
	if len(d.told) != 2 || d.told[1].Escalation.Mention != other.Mention.ID {
		t.Errorf("told %v after them", d.kinds())
	}
}

// Whoever could not hear of a case is not late with it.
func TestTheNightIsNobodysFault(t *testing.T) {
	chain := []Link{{After: 20 * time.Minute, Channels: []string{"lead"}}}
	for name, c := range map[string]struct {
		quiet  time.Duration // until it begins; it lasts for an hour
		during *Act          // within it
		want   []notify.Kind // at its end
		after  []notify.Kind // an hour later
	}{
		"opened in the night":       {quiet: -time.Minute, want: []notify.Kind{notify.KindOpened}, after: []notify.Kind{notify.KindHandedOn, notify.KindOpened}},
		"taken in the night":        {quiet: -time.Minute, during: &Act{Type: "acknowledged", By: "ayse"}, want: []notify.Kind{notify.KindBreached, notify.KindOpened}, after: []notify.Kind{notify.KindBreached, notify.KindOpened}},
		"opened before, late in it": {quiet: 10 * time.Minute, want: []notify.Kind{notify.KindBreached, notify.KindHandedOn, notify.KindOpened}, after: []notify.Kind{notify.KindBreached, notify.KindHandedOn, notify.KindOpened}},
		"opened before, taken":      {quiet: 10 * time.Minute, during: &Act{Type: "acknowledged", By: "ayse"}, want: []notify.Kind{notify.KindBreached, notify.KindOpened}, after: []notify.Kind{notify.KindBreached, notify.KindOpened}},
		"opened before, answered":   {quiet: 10 * time.Minute, during: &Act{Type: "answered", By: "ayse"}, want: []notify.Kind{notify.KindOpened}, after: []notify.Kind{notify.KindOpened}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rules = slices.Clone(d.rules)
			d.rules[0].Severity = "high"
			begins := time.Now().UTC().Add(c.quiet)
			d.routes = []Route{{Channels: []string{"desk"}, Chain: chain, Quiet: begins.Format("15:04") + "-" + begins.Add(time.Hour).Format("15:04"), Zone: "UTC"}}
			id := d.open(t, angry(func(r *mention.Scored) { r.Mention.Written.Time = time.Now().Add(-5 * time.Minute) }))
			for minute := range 75 {
				if d.pass(t, time.Minute); minute == 48 && c.during != nil {
					d.do(t, id, *c.during)
				}
			}
			d.carry(t, len(c.want))
			if !slices.Equal(d.kinds(), c.want) {
				t.Errorf("told %v", d.kinds())
			}
			for range 60 {
				d.pass(t, time.Minute)
			}
			d.carry(t, len(c.after))
			if !slices.Equal(d.kinds(), c.after) {
				t.Errorf("later told %v", d.kinds())
			}
		})
	}
}

func TestWhatNobodyEndsExpiresAndIsForgottenAtLast(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t, angry(func(r *mention.Scored) { r.Mention.Author = mention.Author{ID: "ayse"} }))
	d.pass(t, time.Minute)
	d.pass(t, expireAfter+time.Minute)
	e, err := d.Case(t.Context(), id)
	if err != nil || e.State != mention.StateExpired {
		t.Fatalf("%+v, %v", e, err)
	}
	d.pass(t, keepEnded+time.Minute)
	if e, err = d.Case(t.Context(), id); err != nil || e != nil {
		t.Errorf("%+v, %v", e, err)
	}
	left, err := bucket(t, d.q, "escalations").Keys(t.Context())
	timers, bad := bucket(t, d.q, "timers").Keys(t.Context())
	if err != nil || bad != nil || len(left)+len(timers) != 0 {
		t.Errorf("left: %v %v %v %v", left, timers, err, bad)
	}
}

func TestFeedback(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	if err := d.Feedback(t.Context(), id, "ayse", true); err != nil {
		t.Fatal(err)
	}
	if e := d.events[1]; e.Type != "feedback" || e.Note != "false_alarm" || e.Step != 0 || e.Actor != "ayse" {
		t.Errorf("%+v", e)
	}
	if err := d.Feedback(t.Context(), "nothing", "ayse", true); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
}

// A clock that is looked at within the second before its time rings after it all the same.
func TestAClockThatRingsASplitSecondEarlyIsNotLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	timers := d.deps.Timers
	due := time.Date(2026, 3, 2, 10, 0, 0, 900_000_000, time.UTC)
	if err := timers.Set(t.Context(), due, timerCase, "x", nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now  time.Time
		want int
	}{{due.Add(-700 * time.Millisecond), 0}, {due.Add(100 * time.Millisecond), 1}} {
		if found, err := timers.due(t.Context(), c.now); err != nil || len(found) != c.want {
			t.Errorf("at %s: %v, %v", c.now, found, err)
		}
	}
}
