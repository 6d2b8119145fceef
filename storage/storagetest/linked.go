package storagetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// spoke is an angry mention of brand A on a source, hours after start.
func spoke(source string, author mention.Author, hour int) mention.Scored {
	row := complaint(author, hour)
	row.Mention.ID, row.Mention.Source = mention.NewID("site", source, author.Key()+row.Mention.Written.Time.String()), source
	row.Mention.URL = "https://" + source + ".example/" + string(row.Mention.ID)
	row.Mention = row.Mention.Revise()
	return row
}

// caseOf opens a case of a mention, hours after start.
func caseOf(row mention.Scored, hour int) mention.Event {
	x := mention.Escalation{
		ID: "x" + string(row.Mention.ID), Brand: row.Brand, Source: row.Mention.Source, Mention: row.Mention.ID, URL: row.Mention.URL,
		Author: row.Mention.Author, Opened: hours(hour), Severity: "high", State: mention.StateOpen,
	}
	return mention.Event{ID: "opened" + x.ID, At: x.Opened, Step: 1, Type: "opened", State: mention.StateOpen, Escalation: x}
}

// linked holds that the authors of a customer are found by links alone, and each as long as it stands.
func linked(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	ayse, same, other := mention.Author{ID: "u1", Name: "Ayse"}, mention.Author{ID: "u9", Name: "Ayse"}, mention.Author{ID: "u1", Name: "Veli"}
	third := mention.Author{Name: "Ayse"}
	said := []mention.Scored{spoke("shop", ayse, 1), spoke("forum", same, 2), spoke("forum", other, 3), spoke("press", third, 4), spoke("forum", same, 5)}
	rival, late := spoke("forum", same, 6), spoke("forum", same, 7)
	rival.Brand, late.Mention.Author.Own = "B", true
	insert(t, s, append(said, rival, late)...)
	if err := s.InsertEvents(ctx, []mention.Event{caseOf(said[0], 1), caseOf(said[1], 2), caseOf(said[2], 3), caseOf(said[3], 4), caseOf(rival, 6)}); err != nil {
		t.Fatal(err)
	}
	imported(t, s, mention.Customer{Key: "k1", Imported: start()}, mention.Customer{Key: "k2", Imported: start()})
	elsewhere := func(source string, a mention.Author, since time.Time, limit int) string {
		t.Helper()
		return what(must(s.Elsewhere(ctx, "A", mention.Writer{Source: source, Author: a.Key()}, since, limit))(t))
	}
	wantEqual(t, "names alone link nobody", elsewhere("shop", ayse, start(), 10), "")
	link(t, s, "shop", "u1", "k1", 1)
	wantEqual(t, "one author alone", elsewhere("shop", ayse, start(), 10), "")
	link(t, s, "forum", "u9", "k1", 1)
	link(t, s, "press", "Ayse", "k1", 1)
	link(t, s, "forum", "u1", "k2", 1)
	wantEqual(t, "of shop", elsewhere("shop", ayse, start(), 10), "case press, case forum, forum, press, forum")
	wantEqual(t, "of forum", elsewhere("forum", same, start(), 10), "case press, case shop, press, shop")
	wantEqual(t, "the newest", elsewhere("shop", ayse, start(), 1), "case press, forum")
	wantEqual(t, "since", elsewhere("shop", ayse, hours(5), 10), "forum")
	wantEqual(t, "who has the key elsewhere", elsewhere("forum", other, start(), 10), "")

	shop := []mention.Writer{{Source: "shop", Author: "u1"}, {Source: "forum", Author: "u1"}, {Source: "shop", Author: "nobody"}}
	var authors []string
	for _, l := range must(s.Linked(ctx, shop))(t) {
		authors = append(authors, l.Source+" "+l.Author+" "+l.Customer)
	}
	wantEqual(t, "links", authors, []string{"forum u1 k2", "forum u9 k1", "press Ayse k1", "shop u1 k1"})
	var got []string
	for _, c := range must(s.Complaints(ctx, "A", []mention.Writer{shop[0], {Source: "forum", Author: "u9"}, {Source: "press", Author: "u9"}}, start()))(t) {
		got = append(got, c.Source+" "+c.Writer().Author)
	}
	wantEqual(t, "complaints on several sources", got, []string{"shop u1", "forum u9", "forum u9"})

	link(t, s, "press", "Ayse", "", 2)
	wantEqual(t, "one taken back", elsewhere("shop", ayse, start(), 10), "case forum, forum, forum")
	must(s.Forget(ctx, mention.Author{ID: "u9"}, "forum"))(t)
	wantEqual(t, "one forgotten", elsewhere("shop", ayse, start(), 10), "")
	wantEqual(t, "the other stays linked", entries(t, s, shop[0])["u1"].Key, "k1")
	wantEqual(t, "the other's case", len(must(s.Escalations(ctx, "x"+string(said[0].Mention.ID), 0))(t)), 1)
	link(t, s, "press", "Ayse", "k1", 3)
	must(s.RemoveCustomer(ctx, "k1"))(t)
	wantEqual(t, "off the list", elsewhere("shop", ayse, start(), 10), "")
}

// what lists the sources of what is elsewhere.
func what(e mention.Elsewhere) string {
	var all []string
	for _, c := range e.Cases {
		all = append(all, "case "+c.Source)
	}
	for _, row := range e.Complaints {
		all = append(all, row.Mention.Source)
	}
	return strings.Join(all, ", ")
}

// linkedToNobody holds that a name of many is nobody's.
func linkedToNobody(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	masked := mention.Author{Name: "A** K**"}
	insert(t, s, spoke("shop", mention.Author{ID: "u1"}, 1), spoke("forum", masked, 2), spoke("press", mention.Author{ID: "u2", Name: "Guest"}, 3))
	imported(t, s, mention.Customer{Key: "k1", Imported: start()})
	link(t, s, "shop", "u1", "k1", 1)
	if _, err := s.LinkCustomer(ctx, mention.CustomerLink{Source: "forum", Author: masked.Name, Customer: "k1", At: hours(1)}); !errors.Is(err, storage.ErrNobody) {
		t.Errorf("a masked name is linked: %v", err)
	}
	wantEqual(t, "elsewhere", what(must(s.Elsewhere(ctx, "A", mention.Writer{Source: "shop", Author: "u1"}, start(), 10))(t)), "")
	wantEqual(t, "a guest with a key", link(t, s, "press", "Guest", "k1", 1).Author, "u2")
	wantEqual(t, "his", what(must(s.Elsewhere(ctx, "A", mention.Writer{Source: "shop", Author: "u1"}, start(), 10))(t)), "press")
}
