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

func loose(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	thread := nasty()[len(nasty())-1]
	said := func(n int, own bool, parent mention.ID) mention.Scored {
		row := heard(mention.Author{ID: "u1", Own: own}, n, hours(24*n), mention.Angry)
		row.Mention.ID, row.Mention.ThreadID, row.Mention.ParentID = mention.NewID("recipe", "loose", fmt.Sprint(n)), thread, parent
		return row
	}
	elsewhere, another := said(4, true, ""), said(5, true, "")
	elsewhere.Mention.Source, another.Mention.ThreadID = "forum", "t2"
	tied := said(6, true, "")
	insert(t, s, said(0, true, ""), said(1, false, ""), said(2, true, mention.NewID("recipe", "loose", "1")), said(3, true, ""), elsewhere, another, tied)
	tied.Mention.ParentID, tied.Mention.Text, tied.Mention.Collected = mention.NewID("recipe", "loose", "1"), "edited", time.Now()
	tied.Mention = tied.Mention.Revise()
	insert(t, s, tied)
	ask := func(since time.Time, list ...string) (days []string) {
		for _, r := range must(s.Loose(ctx, "shop", list, since))(t) {
			days = append(days, fmt.Sprint(r.Mention.Written.Time.Sub(start()).Hours()/24))
		}
		return days
	}
	wantEqual(t, "of one thread", ask(hours(0), thread), []string{"0", "3"})
	wantEqual(t, "of one thread, from the second day on", ask(hours(24), thread), []string{"3"})
	wantEqual(t, "of two", ask(hours(0), "t2", thread), []string{"0", "3", "5"})
	wantEqual(t, "of none", len(ask(hours(0))), 0)
}
