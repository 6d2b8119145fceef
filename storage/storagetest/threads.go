package storagetest

import (
	"fmt"
	"testing"
	"time"

	"feryat/mention"
)

func threads(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	in := func(thread string, n int, own bool) mention.Scored {
		row := heard(mention.Author{ID: "u1", Own: own}, n, hours(n), mention.Angry)
		row.Mention.ID, row.Mention.ThreadID = mention.NewID("recipe", thread, fmt.Sprint(n)), thread
		return row
	}
	foreign := nasty()[len(nasty())-1]
	first, answer, later, other, elsewhere := in(foreign, 1, false), in(foreign, 2, true), in(foreign, 9, false), in("t2", 3, false), in(foreign, 4, false)
	elsewhere.Mention.Source, elsewhere.Mention.ID = "forum", mention.NewID("recipe", "elsewhere", "1")
	second := first
	second.Brand = "B"
	crowd := make([]mention.Scored, 310)
	for i := range crowd {
		crowd[i] = in("crowd", 0, false)
		crowd[i].Mention.ID = mention.NewID("recipe", "crowd", fmt.Sprint(i))
		crowd[i].Mention.Written.Time = hours(-1000 + i)
	}
	insert(t, s, first, second, answer, later, other, elsewhere)
	insert(t, s, crowd...)
	ask := func(until time.Time, list ...string) (names []string) {
		for _, r := range must(s.Threads(ctx, "shop", list, until))(t) {
			names = append(names, fmt.Sprint(r.Mention.Written.Time.Sub(start()).Hours(), r.Brand))
		}
		return names
	}
	wantEqual(t, "one thread", ask(hours(8), foreign), []string{"1A", "1B", "2A"})
	wantEqual(t, "two threads", ask(hours(9), foreign, "t2"), []string{"1A", "1B", "2A", "3A", "9A"})
	if got := ask(hours(9), "crowd", "t2"); len(got) != 301 || got[0] != "-990A" {
		t.Errorf("of a long thread %d rows, from %v", len(got), got[:1])
	}
	wantEqual(t, "no thread", len(ask(hours(9))), 0)
	gone := first
	gone.Mention.Gone, gone.Mention.Collected = true, time.Now()
	gone.Mention = gone.Mention.Revise()
	insert(t, s, gone)
	wantEqual(t, "after it was deleted", ask(hours(8), foreign), []string{"2A"})
}
