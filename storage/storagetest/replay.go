package storagetest

import (
	"testing"
	"time"

	"feryat/mention"
)

// replay holds that the questions of a replay agree with those of a watcher that asks at the time.
func replay(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	ayse, veli, guest := mention.Author{ID: "u1", Name: "Author 1"}, mention.Author{Name: "Author 2"}, mention.Author{}
	at := func(day, hour int) time.Time {
		return start().Add(time.Duration(day*24+hour) * time.Hour).Truncate(time.Second)
	}
	said := func(a mention.Author, n int, when time.Time, mood mention.Mood) mention.Scored {
		return heard(a, n, when, mood)
	}
	old, first, calm, later := said(ayse, 1, at(-40, 1), mention.Angry), said(ayse, 2, at(-2, 3), mention.Dissatisfied), said(ayse, 3, at(0, 5), mention.Satisfied), said(ayse, 4, at(1, 0), mention.Angry)
	quiet, hers := said(veli, 1, at(-2, 4), mention.Angry), said(veli, 2, at(0, 6), mention.Angry) // the first tells of one who writes today too
	absent, nobody := said(mention.Author{ID: "u3"}, 1, at(-1, 1), mention.Angry), said(guest, 1, at(0, 1), mention.Angry)
	rival, own := said(ayse, 5, at(-1, 5), mention.Angry), said(ayse, 6, at(-1, 6), mention.Angry)
	rival.Brand, own.Mention.Author.Own = "B", true
	soon, twice, late, unshown := replied(first, at(-2, 5)), replied(hers, at(0, 9)), replied(hers, at(2, 0)), replied(quiet, time.Time{})
	late.Mention.ID, unshown.Mention.Written = mention.NewID("site", "reply.example", "late"), mention.Written{Precision: mention.PrecisionUnknown}
	unshown.Mention.Collected = at(0, 7).Add(1500 * time.Microsecond)
	insert(t, s, old, first, calm, later, quiet, hers, absent, nobody, rival, own, soon, twice, late, unshown)

	today := mention.Filter{Brand: "A", Source: "shop", From: at(0, 0).Truncate(24 * time.Hour), To: at(0, 0).Truncate(24 * time.Hour).Add(24 * time.Hour)}
	var got []mention.ID
	for _, c := range must(s.ComplaintsOfWriters(ctx, today, today.From.AddDate(0, 0, -30)))(t) {
		got = append(got, c.ID)
	}
	wantEqual(t, "complaints of those who wrote today", got, []mention.ID{first.Mention.ID, quiet.Mention.ID, hers.Mention.ID})
	wantEqual(t, "first replies", must(s.FirstReplies(ctx, today.From, today.To.Add(45*time.Minute)))(t), map[mention.ID]time.Time{
		hers.Mention.ID: at(0, 9), quiet.Mention.ID: at(0, 7).Add(1500 * time.Microsecond),
	})
}
