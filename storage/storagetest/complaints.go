package storagetest

import (
	"fmt"
	"testing"
	"time"

	"feryat/mention"
)

// complaint is an angry mention, hours after start, of a name of its own.
func complaint(author mention.Author, hour int) mention.Scored {
	row := judge(review(hour, start()), "A", "1")
	row.Mention.ID = mention.NewID("site", "shop.example", fmt.Sprintf("%s %d", author.Key(), hour))
	row.Mention.Author, row.Mention.Source = author, "shop"
	row.Mention.Written.Time, row.Mention.Collected = hours(hour), hours(hour)
	row.Mention = row.Mention.Revise()
	row.Verdict.Mood = mention.Angry
	return row
}

// atShop are authors as writers at shop.
func atShop(authors ...mention.Author) (writers []mention.Writer) {
	for _, a := range authors {
		writers = append(writers, mention.Writer{Source: "shop", Author: a.Key()})
	}
	return writers
}

func complaints(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	var authors []mention.Author
	var want []mention.Complaint
	for i, name := range nasty() {
		a := mention.Author{ID: "id " + name}
		if i%2 == 0 {
			a = mention.Author{Name: "name " + name}
		}
		authors = append(authors, a)
	}
	for hour := range 2 {
		var rows []mention.Scored
		for _, a := range authors {
			row := complaint(a, hour)
			rows = append(rows, row)
			want = append(want, mention.Complaint{ID: row.Mention.ID, Author: a, Written: row.Mention.Written.Time, Source: "shop"})
		}
		insert(t, s, rows...)
	}
	content, own, rival, elsewhere := complaint(authors[0], 2), complaint(authors[0], 3), complaint(authors[0], 4), complaint(authors[0], 5)
	content.Verdict.Mood, own.Mention.Author.Own, rival.Brand, elsewhere.Mention.Source = mention.Satisfied, true, "B", "forum"
	insert(t, s, content, own, rival, elsewhere, complaint(mention.Author{}, 6), complaint(mention.Author{ID: "stranger"}, 7))

	ask := func(authors []mention.Author, since time.Time) map[mention.Complaint]int {
		places := map[mention.Complaint]int{}
		for i, c := range must(s.Complaints(ctx, "A", atShop(authors...), since))(t) {
			c.Written = c.Written.UTC()
			places[c] = i
		}
		return places
	}
	all := ask(append(authors, mention.Author{}), hours(0))
	if len(all) != len(want) {
		t.Errorf("%d complaints, want %d", len(all), len(want))
	}
	for _, c := range want {
		if _, there := all[c]; !there {
			t.Errorf("the complaint of %+v is not there", c.Author)
		}
	}
	if first, second := all[want[0]], all[want[len(authors)]]; first >= second {
		t.Errorf("the later complaint comes at %d, the earlier one at %d", second, first)
	}
	wantEqual(t, "complaints later", len(ask(authors, hours(1))), len(authors))
	wantEqual(t, "complaints of one", len(ask(authors[:1], hours(0))), 2)
	wantEqual(t, "complaints of nobody", len(ask([]mention.Author{{}}, hours(0))), 0)
}
