package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert"
	"feryat/alert/advice"
	"feryat/mention"
	"feryat/queue"
	"feryat/storage"
)

// advisers is an office that advises and does nothing.
type advisers struct{}

func (*advisers) Act(context.Context, Act) (mention.Escalation, error) {
	return mention.Escalation{}, alert.ErrUnknown
}
func (*advisers) Allows(string, string, string) bool { return false }
func (*advisers) Advise(e mention.Escalation) (lines map[string][]string, draft, withheld string) {
	b, err := book()
	if err != nil {
		return nil, "", err.Error()
	}
	found := b.For(e)
	return found.Lines, found.Draft, found.Withheld
}

// book is the advice that comes with feryat; it is read once.
var book = sync.OnceValues(advice.Bundled)

// front is a real desk on a real queue and the test's store.
type front struct {
	*alert.Desk
	*alert.Signer
	watcher *alert.Watcher
	states  *queue.Bucket
	store   *storage.Store
}

func (f *front) Act(ctx context.Context, a Act) (mention.Escalation, error) {
	if a.Do == falseAlarm {
		return mention.Escalation{ID: a.Escalation}, f.Feedback(ctx, a.Escalation, a.By, true)
	}
	return f.Do(ctx, a.Escalation, alert.Act{Type: a.Do, By: a.By, To: a.To, Note: a.Note})
}

// newQueue is one of the test's own.
func newQueue(t *testing.T) *queue.Queue {
	t.Helper()
	quiet, cfg := slog.New(slog.DiscardHandler), queue.DefaultConfig()
	server := queue.NewServer(t.TempDir(), cfg, quiet)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	if err := server.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	q, err := queue.Connect(ctx, server.Access(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func bucketOf(t *testing.T, q *queue.Queue, name string) *queue.Bucket {
	t.Helper()
	b, err := q.Bucket(t.Context(), name, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// openFront opens an escalation of the first row and answers its ID.
func openFront(t *testing.T, store *storage.Store, row mention.Scored) (*front, string) {
	t.Helper()
	q, quiet := newQueue(t), slog.New(slog.DiscardHandler)
	bucket := func(name string) *queue.Bucket { return bucketOf(t, q, name) }
	states := bucket("e")
	deps := alert.Deps{History: store, Replies: store, Journal: store, Outbox: q, Log: quiet, States: states, Marks: bucket("m"), Timers: alert.NewTimers(bucket("t")), Now: now}
	rules, err := alert.Bundled()
	if err != nil {
		t.Fatal(err)
	}
	metrics := alert.NewMetrics(prometheus.NewRegistry())
	f := &front{Desk: alert.NewDesk(alert.Config{Promise: alert.DefaultPromise(), Rules: rules}, deps, metrics), Signer: alert.NewSigner([]byte("x"), "https://feryat.example.com", now), states: states, store: store}
	f.watcher = alert.NewWatcher(rules, f.Desk, deps, metrics)
	if err := f.watcher.Handle(t.Context(), []mention.Scored{row}); err != nil {
		t.Fatal(err)
	}
	open, err := store.OpenEscalations(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range open {
		if e.ID != "e1" && e.Mention == row.Mention.ID {
			return f, e.ID
		}
	}
	t.Fatal("nothing was opened")
	return nil, ""
}

// post sends a form without following where it leads.
func post(t *testing.T, address string, form url.Values, cookies ...*http.Cookie) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range cookies {
		req.AddCookie(c)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	client.CloseIdleConnections()
	return resp.StatusCode, string(body)
}

func TestPeopleActOnThePage(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	row := rows[0]
	row.Mention.Written.Time, row.Stored = now().Add(-10*time.Minute), now()
	s := newServer(t, store, nil)
	f, id := openFront(t, store, row)
	s.office = f
	site := serve(t, s)
	p := openTab(t)
	p.open(site + "/inbox?lang=en")
	if got := p.texts("article a"); len(got) != 2 {
		t.Errorf("the inbox lists %q", got)
	}
	p.open(site + "/e/" + id + "?lang=en")
	p.set("[name=by]", "ayse")
	p.set("[name=note]", "calling <b>now</b>")
	if status := p.click("button[value=acknowledged]"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if got := p.text("h1"); !strings.Contains(got, "Acknowledged") || !strings.Contains(p.text("main"), "calling <b>now</b>") {
		t.Errorf("the page shows %q", got)
	}
	if got := eval[string](p, `document.querySelector("[name=by]").value`); got != "ayse" {
		t.Errorf("the name is forgotten: %q", got)
	}
	status, body := post(t, site+"/e/"+id, url.Values{"do": {"acknowledged"}, "by": {"veli"}})
	if status != http.StatusConflict || !strings.Contains(body, "ayse") {
		t.Errorf("the second got %d", status)
	}
	for do, want := range map[string]int{"eaten": http.StatusBadRequest, "": http.StatusBadRequest, "assigned": http.StatusBadRequest} {
		if status, _ := post(t, site+"/e/"+id, url.Values{"do": {do}, "by": {"ayse"}}); status != want {
			t.Errorf("%q: %d, want %d", do, status, want)
		}
	}
	if status, _ := post(t, site+"/e/"+id, url.Values{"do": {"resolved"}, "by": {"ayse"}}); status != http.StatusSeeOther {
		t.Errorf("resolved: %d", status)
	}
	if a := get(t, site+"/e/"+id+"?lang=tr"); !strings.Contains(a.body, "Çözüldü") || strings.Contains(a.body, `value="resolved"`) {
		t.Errorf("after the end: %s", a.body)
	}
	if a := get(t, site+"/e/"+fmt.Sprintf("%032x", 7)); a.status != http.StatusNotFound {
		t.Errorf("an unknown one: %d", a.status)
	}
}

// A link in a message opens one thing without the password, after a question.
func TestASignedLinkWorksWithoutAPassword(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	row := rows[0]
	row.Mention.Written.Time = now().Add(-10 * time.Minute)
	s := newServer(t, store, locked)
	f, id := openFront(t, store, row)
	s.office = f
	site := serve(t, s)
	link, err := url.Parse(f.Links(mention.Escalation{ID: id}).Acknowledge)
	if err != nil {
		t.Fatal(err)
	}
	token := link.Query().Get("t")
	if a := get(t, site+link.RequestURI()); a.status != http.StatusOK || !strings.Contains(a.body, "<form") || strings.Contains(a.body, row.Mention.Text) {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if e, err := f.Case(t.Context(), id); err != nil || e.Holder != "" {
		t.Fatalf("looking at the link did something: %+v, %v", e, err)
	}
	for what, form := range map[string]url.Values{
		"without the link": {"do": {"acknowledged"}, "by": {"veli"}}, "another act": {"do": {"resolved"}, "by": {"veli"}, "t": {token}},
		"another token": {"do": {"acknowledged"}, "by": {"veli"}, "t": {strings.Repeat("A", 32)}},
	} {
		if status, body := post(t, site+"/e/"+id, form); status != http.StatusSeeOther || body != "" {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	if status, body := post(t, site+"/e/"+id, url.Values{"do": {"acknowledged"}, "by": {"veli"}, "t": {token}}); status != http.StatusOK || strings.Contains(body, row.Mention.Text) {
		t.Errorf("%d %s", status, body)
	}
	if e, err := f.Case(t.Context(), id); err != nil || e.Holder != "veli" {
		t.Errorf("%+v, %v", e, err)
	}
}
