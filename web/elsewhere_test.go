package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert"
	"feryat/mention"
	"feryat/storage"
)

// support is a watcher and a desk on a real queue, that know the store's customer list.
type support struct {
	*alert.Watcher
	t     *testing.T
	store *storage.Store
}

func newSupport(t *testing.T, store *storage.Store) *support {
	t.Helper()
	q, quiet := newQueue(t), slog.New(slog.DiscardHandler)
	rules, err := alert.Bundled()
	if err != nil {
		t.Fatal(err)
	}
	rules = slices.DeleteFunc(rules, func(r alert.Rule) bool { return r.Name != "repeat_complainer" && r.Name != "valued_customer" })
	deps := alert.Deps{
		History: store, Replies: store, Customers: store, Journal: store, Outbox: q, Log: quiet, Now: now,
		States: bucketOf(t, q, "e"), Marks: bucketOf(t, q, "m"), Timers: alert.NewTimers(bucketOf(t, q, "t")),
	}
	metrics := alert.NewMetrics(prometheus.NewRegistry())
	desk := alert.NewDesk(alert.Config{Promise: alert.DefaultPromise(), Rules: rules}, deps, metrics)
	return &support{alert.NewWatcher(rules, desk, deps, metrics), t, store}
}

// hears stores what a customer says, as the pipeline does, and lets the watcher see it.
func (s *support) hears(source string, a mention.Author, text string, ago time.Duration) mention.Mention {
	s.t.Helper()
	row := score(s.t, []words{{brand: "Paytak", source: source, author: a.Key(), text: text}})[0]
	row.Mention.ID = mention.NewID("site", source, a.Key()+ago.String())
	row.Mention.Author, row.Mention.Written.Time = a, now().Add(-ago)
	row.Mention.URL = "https://" + source + ".example/" + string(row.Mention.ID)
	row.Mention = row.Mention.Revise()
	if !row.Verdict.Mood.Unhappy() {
		s.t.Fatalf("%q makes nobody unhappy", text)
	}
	insert(s.t, s.store, []mention.Scored{row})
	if err := s.Handle(s.t.Context(), []mention.Scored{row}); err != nil {
		s.t.Fatal(err)
	}
	return row.Mention
}

// case of a mention, nil for none.
func (s *support) caseOf(m mention.Mention) *mention.OpenEscalation {
	s.t.Helper()
	open, err := s.store.OpenEscalations(s.t.Context(), 0)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range open {
		if e.Mention == m.ID {
			return &e
		}
	}
	return nil
}

func (s *support) link(source, author, key string) {
	s.t.Helper()
	if _, err := s.store.LinkCustomer(s.t.Context(), mention.CustomerLink{Source: source, Author: author, Customer: key, By: "test", At: time.Now()}); err != nil {
		s.t.Fatal(err)
	}
}

// TestOneCustomerOnTwoSources takes a customer who complains on a shop and in a
// forum from a link to its end: case, standing, priority and page.
func TestOneCustomerOnTwoSources(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	if err := store.ImportCustomers(context.Background(), []mention.Customer{{Key: "M-1001", Name: "Secret Name", Imported: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	s := newSupport(t, store)
	site := serve(t, newServer(t, store, nil))
	shop, forum, same := mention.Author{ID: "u1", Name: "Deniz"}, mention.Author{ID: "f7", Name: "mavi"}, mention.Author{ID: "f8", Name: "Deniz"}
	const text, again = "Paytak siparişim gelmedi, çok kötü hizmet.", "Paytak hâlâ cevap vermedi, rezalet!"

	first := s.hears("dukkan", shop, text, 50*time.Hour)
	s.hears("forum", same, text, 49*time.Hour)
	s.hears("forum", forum, text, 40*time.Hour)
	if e := s.caseOf(s.hears("dukkan", shop, again, 30*time.Hour)); e != nil {
		t.Fatalf("two on one source are no third: %+v", e)
	}
	s.link("dukkan", "u1", "M-1001")
	s.link("forum", "f7", "M-1001")
	third := s.caseOf(s.hears("forum", forum, again, 3*time.Hour))
	if third == nil || third.Standing != mention.StandingAngry && third.Standing != mention.StandingUnhappy || third.Rule != "repeat_complainer" {
		t.Fatalf("linked, the fourth opens %+v", third)
	}
	fifth := s.caseOf(s.hears("dukkan", shop, again, 2*time.Hour))
	if fifth == nil || fifth.ID == third.ID {
		t.Fatalf("the shop's case is %+v", fifth)
	}

	page := func(id, lang string) ([]string, string) {
		t.Helper()
		a := get(t, site+"/e/"+id+"?lang="+lang)
		return lines(parse(t, a, http.StatusOK).Find(".elsewhere .cases li, .elsewhere .said .meta")), a.body
	}
	for _, lang := range []string{"tr", "fa", "en"} {
		if got, _ := page(third.ID, lang); len(got) != 4 {
			t.Errorf("%s: the forum's case shows %q", lang, got)
		}
	}
	got, body := page(fifth.ID, "en")
	if len(got) != 3 {
		t.Errorf("the shop's case shows %q", got)
	}
	_, other := page(third.ID, "en")
	for in, want := range map[*string][]string{&body: {"/e/" + third.ID, third.URL, "mavi", "forum"}, &other: {"/e/" + fifth.ID, first.URL, "dukkan"}} {
		for _, w := range want {
			if !strings.Contains(*in, w) {
				t.Errorf("a page lacks %q", w)
			}
		}
	}
	if strings.Contains(body+other, "M-1001") || strings.Contains(body+other, "Secret Name") {
		t.Error("a page tells who is on the customer list")
	}
	for i := range 3 {
		if e := s.caseOf(s.hears("forum", mention.Author{Name: "A** K**"}, again, time.Duration(i+1)*time.Minute)); e != nil {
			t.Errorf("a masked name opens %+v", e)
		}
	}

	s.link("forum", "f7", "")
	if got, body := page(fifth.ID, "en"); len(got) != 0 {
		t.Errorf("unlinked, it shows %q", body)
	}
	if e := s.caseOf(s.hears("press", mention.Author{ID: "p1"}, again, time.Hour)); e != nil {
		t.Errorf("a stranger's word opens %+v", e)
	}
	s.link("press", "p1", "M-1001")
	if _, err := store.Forget(t.Context(), mention.Author{ID: "u1"}, "dukkan"); err != nil {
		t.Fatal(err)
	}
	if a := get(t, site+"/e/"+fifth.ID); a.status != http.StatusNotFound {
		t.Errorf("the forgotten one's case is there: %d", a.status)
	}
	if got, _ := page(third.ID, "en"); len(got) != 0 {
		t.Errorf("the other's case shows %q", got)
	}
	if e := s.caseOf(s.hears("press", mention.Author{ID: "p1"}, again, 50*time.Minute)); e != nil {
		t.Errorf("the second after forgetting opens %+v", e)
	}
}
