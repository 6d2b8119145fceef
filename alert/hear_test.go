package alert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// TestHear is the table of what a help desk's words do in which state.
func TestHear(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	const taken = "taken"
	act := func(kind string) Word { return Word{Channel: "desk", Act: Act{Type: kind, By: "ayse"}} }
	for _, c := range []struct {
		from   mention.State
		has    string // holder
		say    Word
		want   Heard
		state  mention.State
		held   string
		events string
	}{
		{"open", "", act("acknowledged"), HeardDone, "acknowledged", "ayse", "acknowledged"},
		{"open", "", act("assigned"), HeardDone, "acknowledged", "ayse", "assigned"},
		{"open", "", act("answered"), HeardDone, "answered", "", "answered"},
		{"open", "", act("resolved"), HeardDone, "resolved", "", "resolved"},
		{"open", "", act("not_winnable"), HeardDone, "not_winnable", "", "not_winnable"},
		{"open", "", act("reopened"), HeardNothing, "open", "", ""},
		{"acknowledged", "ayse", act("acknowledged"), HeardNothing, "acknowledged", "ayse", ""},
		{"acknowledged", "veli", act("acknowledged"), taken, "acknowledged", "veli", ""},
		{"acknowledged", "veli", act("assigned"), HeardDone, "acknowledged", "ayse", "assigned"},
		{"acknowledged", "desk", act("acknowledged"), HeardDone, "acknowledged", "ayse", "assigned"},
		{"acknowledged", "veli", act("answered"), HeardDone, "answered", "veli", "answered"},
		{"acknowledged", "veli", act("resolved"), HeardDone, "resolved", "veli", "resolved"},
		{"answered", "veli", act("acknowledged"), taken, "answered", "veli", ""},
		{"answered", "veli", act("answered"), HeardNothing, "answered", "veli", ""},
		{"answered", "veli", act("resolved"), HeardDone, "resolved", "veli", "resolved"},
		{"answered", "veli", act("reopened"), HeardDone, "reopened", "", "reopened"},
		{"resolved", "veli", act("acknowledged"), taken, "resolved", "veli", ""},
		{"resolved", "veli", act("answered"), taken, "resolved", "veli", ""},
		{"resolved", "veli", act("resolved"), HeardNothing, "resolved", "veli", ""},
		{"resolved", "veli", act("not_winnable"), taken, "resolved", "veli", ""},
		{"resolved", "veli", act("reopened"), HeardDone, "reopened", "", "reopened"},
		{"reopened", "", act("acknowledged"), HeardDone, "acknowledged", "ayse", "acknowledged"},
		{"reopened", "", act("resolved"), HeardDone, "resolved", "", "resolved"},
		{"not_winnable", "veli", act("reopened"), HeardDone, "reopened", "", "reopened"},
		{"expired", "", act("resolved"), taken, "expired", "", ""},
		{"expired", "", act("reopened"), HeardDone, "reopened", "", "reopened"},
		{"open", "", Word{Channel: "desk", Act: Act{By: "ayse"}, Remark: "pending"}, HeardNoted, "open", "", "desk_note"},
		{"open", "", Word{Channel: "desk", Act: Act{By: "ayse"}}, HeardNoted, "open", "", ""},
		{"open", "", Word{Channel: "desk", Act: Act{By: "ayse"}, Ticket: "4711"}, HeardNoted, "open", "", "ticket"},
		{"open", "", Word{Channel: "desk", Act: Act{Type: "resolved", By: "ayse", At: now.Add(-2 * time.Hour)}, Remark: "solved"}, HeardOvertaken, "open", "", "desk_note"},
		{"open", "", Word{Channel: "desk", Act: Act{Type: "resolved", By: "ayse", At: now.Add(-time.Minute)}}, HeardDone, "resolved", "", "resolved"},
	} {
		t.Run(fmt.Sprintf("%s by %s, %s", c.from, c.has, c.say.Act.Type), func(t *testing.T) {
			r := &record{Escalation: mention.Escalation{ID: "x", State: c.from, Holder: c.has, Written: now.Add(-time.Hour)}, Step: 4}
			switch c.from {
			case mention.StateAnswered:
				r.Escalation.Answered = now.Add(-time.Minute)
			case mention.StateResolved:
				r.Escalation.Resolved = now.Add(-time.Minute)
			}
			got, err := r.hear(c.say, now, DefaultPromise())
			var second *TakenError
			if errors.As(err, &second) {
				got = taken
			} else if err != nil && !errors.Is(err, errSame) {
				t.Fatal(err)
			}
			var events []string
			for _, e := range r.Unwritten {
				events = append(events, e.Type)
			}
			if got != c.want || r.Escalation.State != c.state || r.Escalation.Holder != c.held || strings.Join(events, " ") != c.events {
				t.Errorf("%s; it is %s by %q, events %v", got, r.Escalation.State, r.Escalation.Holder, events)
			}
			if errors.Is(err, errSame) != (c.events == "" && got != taken) || len(r.Telling) != 0 {
				t.Errorf("%v; somebody is told: %v", err, r.Telling)
			}
		})
	}
}

// hears is for words that must be heard.
func (d *desk) hears(t *testing.T, id string, w Word) (mention.Escalation, Heard) {
	t.Helper()
	w.Channel = "desk"
	if w.Act.By == "" {
		w.Act.By = "ayse"
	}
	e, heard, err := d.Hear(t.Context(), id, w)
	if err != nil {
		t.Fatal(err)
	}
	return e, heard
}

// A repeat that comes late does nothing, even where its word would now.
func TestARepeatedWordIsHeardOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	solved := Word{Keys: []string{"k1", "sig"}, Act: Act{Type: "resolved"}, Ticket: "4711"}
	if e, heard := d.hears(t, id, solved); heard != HeardDone || e.State != mention.StateResolved {
		t.Fatalf("%s, %+v", heard, e)
	}
	d.do(t, id, Act{Type: "reopened", By: "veli"})
	for _, keys := range [][]string{{"k1"}, {"other", "sig"}} {
		solved.Keys = keys
		if e, heard := d.hears(t, id, solved); heard != HeardRepeat || e.State != mention.StateReopened {
			t.Errorf("%s, %s", heard, e.State)
		}
	}
	for i := range keepKeys + 5 { // other words do not grow the record for ever
		d.hears(t, id, Word{Keys: []string{fmt.Sprint("more", i)}, Act: Act{Type: "reopened"}})
	}
	r, _, err := d.cases.load(t.Context(), id)
	if err != nil || len(r.Desks["desk"].Keys) != keepKeys || r.Step != 3 {
		t.Errorf("%+v, %v", r.Desks, err)
	}
	solved.Keys = []string{"k2"}
	if e, heard := d.hears(t, id, solved); heard != HeardDone || e.State != mention.StateResolved {
		t.Errorf("%s, %s", heard, e.State)
	}
	if got := d.types(); !slices.Equal(got, []string{"opened", "ticket", "resolved", "reopened", "resolved"}) {
		t.Errorf("events %v", got)
	}
	solved.Channel, solved.Act.By = "desk", "ayse"
	if _, _, err := d.Hear(t.Context(), "nothing", solved); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, _, err := d.Hear(t.Context(), id, Word{Channel: "desk", Act: Act{Type: "resolved"}}); err == nil {
		t.Error("nobody solved it")
	}
}

// A desk's word and a person's at once: one acts, and the same word by two ways
// acts once.
func TestWordsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	var mu sync.Mutex
	did := map[string]int{}
	var g sync.WaitGroup
	for i := range 8 {
		g.Go(func() {
			var what string
			var err error
			if i%2 == 0 {
				var heard Heard
				_, heard, err = d.Hear(t.Context(), id, Word{Channel: "desk", Keys: []string{"k"}, Act: Act{Type: "acknowledged", By: "ayse"}, Ticket: "4711 https://desk.example.com/4711"})
				what = "desk " + string(heard)
			} else {
				_, err = d.Do(t.Context(), id, Act{Type: "acknowledged", By: "veli"})
				what = "shell"
			}
			var second *TakenError
			if errors.As(err, &second) {
				what = second.Holder + " has it"
			} else if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			did[what]++
		})
	}
	g.Wait()
	byDesk, byHand := map[string]int{"desk done": 1, "desk repeat": 3, "ayse has it": 4}, map[string]int{"shell": 4, "veli has it": 4}
	if fmt.Sprint(did) != fmt.Sprint(byDesk) && fmt.Sprint(did) != fmt.Sprint(byHand) {
		t.Errorf("it came to %v", did)
	}
	got := d.types()
	slices.Sort(got)
	if !slices.Equal(got, []string{"acknowledged", "opened", "ticket"}) { // the ticket is known even to whom it lost
		t.Errorf("events %v", got)
	}
}

// Whoever came second may ask again with the same key: the ticket is kept, and
// once nobody has the case any more the word counts.
func TestAWordThatLostIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	d.do(t, id, Act{Type: "acknowledged", By: "veli"})
	w := Word{Channel: "desk", Keys: []string{"k"}, Act: Act{Type: "acknowledged", By: "ayse"}, Ticket: "4711"}
	for range 2 {
		var second *TakenError
		if e, _, err := d.Hear(t.Context(), id, w); !errors.As(err, &second) || second.Holder != "veli" || e.Holder != "veli" {
			t.Errorf("%+v, %v", e, err)
		}
	}
	d.do(t, id, Act{Type: "answered", By: "veli"})
	d.do(t, id, Act{Type: "reopened", By: "veli"})
	if e, heard := d.hears(t, id, w); heard != HeardDone || e.Holder != "ayse" {
		t.Errorf("%s, %+v", heard, e)
	}
	if got := d.types(); !slices.Equal(got, []string{"opened", "acknowledged", "ticket", "answered", "reopened", "acknowledged"}) {
		t.Errorf("events %v", got)
	}
}

// What is said before the customer complained again, or somebody reopened it, is
// about what was before.
func TestAWordThatIsOvertakenIsNoted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	d.hears(t, id, Word{Act: Act{Type: "resolved"}})
	earlier := d.deps.now()
	d.late.Add(int64(time.Minute))
	d.do(t, id, Act{Type: "reopened", By: "veli"})
	late := Word{Act: Act{Type: "resolved", At: earlier}, Remark: "desk: solved"}
	for range 2 {
		if e, heard := d.hears(t, id, late); heard != HeardOvertaken || e.State != mention.StateReopened {
			t.Errorf("%s, %s", heard, e.State)
		}
	}
	late.Act.At = d.deps.now()
	if e, heard := d.hears(t, id, late); heard != HeardDone || !e.Resolved.Equal(late.Act.At) {
		t.Errorf("%s, %+v", heard, e)
	}
	if got := d.types(); !slices.Equal(got, []string{"opened", "resolved", "reopened", "desk_note", "resolved"}) {
		t.Errorf("events %v", got)
	}
}

// A desk whose automation answers and reopens at each message of ours is not
// told for ever, and nobody is told because of what a desk says.
func TestADeskThatEchoesComesToRest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	for range 2 * maxReopened {
		d.hears(t, id, Word{Act: Act{Type: "answered"}})
		d.hears(t, id, Word{Act: Act{Type: "reopened"}, Remark: "desk: open"})
		d.pass(t, 50*time.Minute)
		d.pass(t, 20*time.Minute)
	}
	if e, heard := d.hears(t, id, Word{Act: Act{Type: "reopened"}}); heard != HeardRefused || e.State != mention.StateAnswered {
		t.Errorf("%s, %s", heard, e.State)
	}
	const want = 1 + 2*maxReopened // opened, and each promise anew that is due soon, and late
	d.carry(t, want)
	kinds := slices.Compact(d.kinds())
	if d.count() != want || !slices.Equal(kinds, []notify.Kind{notify.KindBreached, notify.KindOpened, notify.KindWarned}) {
		t.Errorf("told %d times of %v", d.count(), kinds)
	}
	if d.do(t, id, Act{Type: "reopened", By: "veli"}).State != mention.StateReopened {
		t.Error("a person may still reopen it")
	}
}

// A crash after the record changed is made good, and the retry is a repeat.
func TestAWordThatACrashCutShortIsFinished(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.promise.Answer = 0
	id := d.open(t)
	d.down = true
	w := Word{Channel: "desk", Keys: []string{"k"}, Act: Act{Type: "resolved", By: "ayse"}}
	if _, _, err := d.Hear(t.Context(), id, w); !errors.Is(err, mention.ErrUnavailable) {
		t.Fatal(err)
	}
	d.down = false
	if _, heard := d.hears(t, id, w); heard != HeardRepeat {
		t.Error(heard)
	}
	d.pass(t, time.Minute)
	if got := d.types(); !slices.Equal(got, []string{"opened", "resolved"}) {
		t.Errorf("events %v", got)
	}
}

// A desk that says the same again and again fills no journal.
func TestTheSameRemarkIsNotedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.open(t)
	for _, remark := range []string{"pending", "pending", "waiting", "pending", "pending"} {
		d.hears(t, id, Word{Remark: remark, Ticket: "4711"})
	}
	d.hears(t, id, Word{Act: Act{Type: "answered"}})
	d.hears(t, id, Word{Remark: "pending", Ticket: "4712"})
	if got := d.types(); !slices.Equal(got, []string{"opened", "ticket", "desk_note", "desk_note", "desk_note", "answered", "ticket", "desk_note"}) {
		t.Errorf("events %v", got)
	}
}
