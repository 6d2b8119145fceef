package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// listed is a customer of a list, imported hours after start.
func listed(key string, value float64, hour int) mention.Customer {
	date := func(y int) time.Time { return time.Date(y, 3, 5, 0, 0, 0, 0, time.UTC) }
	return mention.Customer{
		Key: key, Name: "name of " + key, Value: value, Margin: -value, Since: date(2019), Renewal: date(2031), LastSeen: date(2024), Referrals: 3, Imported: hours(hour),
	}
}

func imported(t *testing.T, s *storage.Store, list ...mention.Customer) {
	t.Helper()
	if err := s.ImportCustomers(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, s *storage.Store, source, author, key string, hour int) mention.CustomerLink {
	t.Helper()
	return must(s.LinkCustomer(t.Context(), mention.CustomerLink{Source: source, Author: author, Customer: key, By: "ayse", At: hours(hour)}))(t)
}

func customers(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	var list []mention.Customer
	for i := range 10 {
		list = append(list, listed(fmt.Sprint("k", i), float64(100*(10-i)), 1))
	}
	bare := mention.Customer{Key: "bare", Imported: hours(1)}
	imported(t, s, append(list, bare)...)
	imported(t, s, list...) // a second time
	ids, names := mention.Author{ID: "u1", Name: "Author 1"}, mention.Author{Name: "Author 2"}
	var rows []mention.Scored
	for i, a := range []mention.Author{ids, names, {ID: "u3", Name: "twin"}, {ID: "u4", Name: "twin"}} {
		rows = append(rows, heard(a, i, start(), mention.Angry))
	}
	insert(t, s, rows...)
	ask := func(authors ...mention.Author) map[string]mention.Customer {
		t.Helper()
		return entries(t, s, atShop(authors...)...)
	}
	wantEqual(t, "customers before any link", ask(ids, names), nil)
	wantEqual(t, "the key of a name", link(t, s, "shop", "Author 1", "k0", 1).Author, "u1")
	link(t, s, "shop", "Author 2", "bare", 1)
	top := list[0]
	top.ValueAbove = 0.9
	wantEqual(t, "customers", ask(ids, names, mention.Author{ID: "u3"}, mention.Author{}), map[string]mention.Customer{"u1": top, "Author 2": bare})
	wantEqual(t, "customers elsewhere", entries(t, s, mention.Writer{Source: "forum", Author: "u1"}), nil)

	linkRefused(t, s)
	late := listed("k0", 1, 0) // an import that comes late
	imported(t, s, late)
	wantEqual(t, "after a late import", ask(ids)["u1"], top)
	imported(t, s, listed("k0", 50, 2))
	wantEqual(t, "after the next import", ask(ids)["u1"].ValueAbove, 0)
	link(t, s, "shop", "u3", "k0", 2)
	all := must(s.CustomerList(ctx, 0))(t)
	if len(all) != 11 || all[0].Key != "bare" || all[1].Links != 2 || all[0].Links != 1 || all[2].Links != 0 {
		t.Errorf("the list is %+v", all)
	}
	wantEqual(t, "the list's beginning", len(must(s.CustomerList(ctx, 2))(t)), 2)
	link(t, s, "shop", "Author 1", "", 3)
	link(t, s, "shop", "u1", "k5", 2) // older: comes late
	wantEqual(t, "taken back", ask(ids), nil)
	removed(t, s)
}

// entries gives those of some writers, by author.
func entries(t *testing.T, s *storage.Store, writers ...mention.Writer) map[string]mention.Customer {
	t.Helper()
	var keys []string
	links := must(s.Linked(t.Context(), writers))(t)
	for _, l := range links {
		keys = append(keys, l.Customer)
	}
	listed := must(s.Customers(t.Context(), keys))(t)
	var found map[string]mention.Customer
	for _, l := range links {
		if slices.Contains(writers, mention.Writer{Source: l.Source, Author: l.Author}) {
			if found == nil {
				found = map[string]mention.Customer{}
			}
			found[l.Author] = listed[l.Customer]
		}
	}
	return found
}

func linkRefused(t *testing.T, s *storage.Store) {
	for _, c := range []struct {
		source, author, key string
		want                error
	}{
		{"shop", "u1", "nobody", storage.ErrUnknownCustomer}, {"shop", "u9", "k0", storage.ErrUnknownAuthor}, {"forum", "u1", "k0", storage.ErrUnknownAuthor},
		{"shop", "twin", "k0", storage.ErrManyAuthors}, {"shop", "", "k0", storage.ErrUnknownAuthor}, {"shop", "u9", "", storage.ErrUnknownAuthor},
	} {
		_, err := s.LinkCustomer(t.Context(), mention.CustomerLink{Source: c.source, Author: c.author, Customer: c.key, At: hours(9)})
		if !errors.Is(err, c.want) {
			t.Errorf("link %+v: %v", c, err)
		}
	}
}

func removed(t *testing.T, s *storage.Store) {
	if n := must(s.RemoveCustomer(t.Context(), "k0"))(t); n < 2 {
		t.Errorf("%d rows were removed", n)
	}
	wantEqual(t, "removed", ask(t, s, "SELECT (SELECT count() FROM customer_links WHERE customer = 'k0'), (SELECT count() FROM customers WHERE key = 'k0'), (SELECT uniqExact(key) FROM customers)"), []string{"0\t0\t10"})
	wantEqual(t, "removed again", must(s.RemoveCustomer(t.Context(), "k0"))(t), 0)
	wantEqual(t, "nobody removed", must(s.RemoveCustomer(t.Context(), ""))(t), 0)
}

func customersForgotten(t *testing.T, open Opener) {
	s, names := open(t), nasty()[4:14]
	var list []mention.Customer
	var rows []mention.Scored
	for i, name := range names {
		list = append(list, mention.Customer{Key: "key " + name, Name: name, Imported: start()})
		rows = append(rows, heard(mention.Author{ID: "id " + name, Name: "name " + name}, i, start(), mention.Angry))
	}
	imported(t, s, append(list, mention.Customer{Key: "shared", Imported: start()})...)
	insert(t, s, rows...)
	for _, name := range names {
		link(t, s, "shop", "name "+name, "key "+name, 1)
		wantEqual(t, "the customer", entries(t, s, mention.Writer{Source: "shop", Author: "id " + name})["id "+name].Key, "key "+name)
	}
	link(t, s, "shop", "id ?", "shared", 2)
	link(t, s, "shop", "id $1", "shared", 2)

	done := must(s.Forget(t.Context(), mention.Author{Name: "name \\N"}, "shop"))(t)
	if done.Links != 1 || len(done.Customers) != 1 || done.Customers[0] != "key \\N" || done.Left != 0 {
		t.Errorf("forget says %+v", done)
	}
	done = must(s.Forget(t.Context(), mention.Author{ID: "id ?"}, ""))(t)
	if done.Links == 0 || len(done.Customers) != 0 {
		t.Errorf("forget says %+v: the customer is another author too", done)
	}
	wantEqual(t, "links of the forgotten", ask(t, s, `SELECT count() FROM customer_links WHERE author IN ('id ?', 'id \\N')`), []string{"0"})
	wantEqual(t, "links of the others", ask(t, s, "SELECT count() FROM customer_links FINAL"), []string{fmt.Sprint(len(names) - 2)})
	if _, err := s.LinkCustomer(t.Context(), mention.CustomerLink{Source: "shop", Author: "id ?", Customer: "shared", At: hours(3)}); !errors.Is(err, storage.ErrUnknownAuthor) {
		t.Errorf("a forgotten author was linked: %v", err)
	}
}
