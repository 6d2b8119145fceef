package alert

import (
	"testing"
	"time"
)

// What another process set is found with the next listing, what it did is no
// longer there; a timer never rings before its time.
func TestTimersOfTwoProcesses(t *testing.T) {
	t.Parallel()
	kept := bucket(t, newQueue(t), "timers")
	ours, theirs := NewTimers(kept), NewTimers(kept)
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	due := func(of Timers, at time.Time) (ids []string) {
		t.Helper()
		found, err := of.due(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			ids = append(ids, x.id)
		}
		return ids
	}
	if got := due(ours, now); len(got) != 0 {
		t.Fatalf("due %v", got)
	}
	for id, by := range map[string]Timers{"a": ours, "b": theirs} {
		if err := by.Set(t.Context(), now.Add(10*time.Second), timerCase, id, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := due(ours, now.Add(9*time.Second)); len(got) != 0 {
		t.Errorf("too early: %v", got)
	}
	if got := due(ours, now.Add(11*time.Second)); len(got) != 1 || got[0] != "a" {
		t.Errorf("ours: %v", got)
	}
	if got := due(ours, now.Add(listEvery)); len(got) != 2 {
		t.Errorf("after listing: %v", got)
	}
	found, err := theirs.due(t.Context(), now.Add(listEvery))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range found {
		if err := theirs.done(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if got := due(ours, now.Add(3*listEvery)); len(got) != 0 {
		t.Errorf("done by others: %v", got)
	}
}

// What does not fit together is told, and ends nothing.
func TestAHeldMessageOfAnotherCaseIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.sendHeld(t.Context(), "x", []byte(`{"name":"longer than the timer"}`)); err == nil {
		t.Error("taken")
	}
}
