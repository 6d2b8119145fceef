package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert"
	"feryat/alert/helpdesk"
	"feryat/alert/notify"
	"feryat/mention"
	"feryat/storage"
)

// What opens a door in these tests, and must not be seen anywhere.
const (
	hushSecret = "very-private-secret"
	hushToken  = "very-private-token-42"
	bearer     = "Authorization: Bearer " + hushToken
)

// reception is the page with two help desks behind it, one escalation, and all
// that is logged.
type reception struct {
	*front
	store *storage.Store
	site  string
	id    string
	log   *lockedBuffer
}

type lockedBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func newReception(t *testing.T) *reception {
	t.Helper()
	store := openStore(t)
	row := fill(t, store)[0]
	row.Mention.Written.Time, row.Stored = now().Add(-10*time.Minute), now()
	s := newServer(t, store, locked) // a help desk has no password
	f, id := openFront(t, store, row)
	s.office = f
	r := &reception{front: f, store: store, id: id, log: &lockedBuffer{}}
	s.HearDesks(helpdesk.New([]notify.Config{
		{Name: "desk", Type: "webhook", Secret: hushSecret, Token: hushToken, Statuses: map[string]string{"open": "acknowledged", "çözüldü": "solved"}},
		{Name: "signed only", Type: "webhook", Secret: "another-secret"},
		{Name: "group", Type: "telegram", Token: hushToken},
	}, f.Desk, prometheus.NewRegistry(), slog.New(slog.NewTextHandler(r.log, nil))))
	r.site = serve(t, s)
	t.Cleanup(func() {
		if shown := r.log.String(); strings.Contains(shown, "very-private") || strings.Contains(shown, "another-secret") {
			t.Errorf("the log shows a secret:\n%s", shown)
		}
	})
	return r
}

// saidBack is what a desk is answered.
type saidBack struct {
	Status                    int    `json:"-"`
	ExternalID                string `json:"external_id"`
	Did, State, Holder, Error string
}

// push sends a body with headers.
func (r *reception) push(t testing.TB, channel, body string, head ...string) (a saidBack) {
	t.Helper()
	got := send(t, http.MethodPost, r.site+"/api/hooks/"+channel, body, head...)
	if strings.Contains(got.body, "very-private") || len(got.header.Values("Set-Cookie")) > 0 {
		t.Errorf("the answer shows a secret or sets a cookie: %s", got.body)
	}
	if err := json.Unmarshal([]byte(got.body), &a); err != nil && got.status != http.StatusForbidden && got.status != http.StatusNotFound && got.status != http.StatusMethodNotAllowed {
		t.Errorf("%d is no JSON: %s", got.status, got.body)
	}
	a.Status = got.status
	return a
}

func (r *reception) body(rest string) string {
	return `{"external_id":"` + r.id + `",` + rest + `}`
}

func signed(secret, body string, at time.Time) string {
	return notify.HeaderSignature + ": " + notify.Sign([]byte(secret), at, []byte(body))
}

// types are those of the events that are stored, in order.
func (r *reception) types(t *testing.T) (types []string) {
	t.Helper()
	events, err := r.store.Events(t.Context(), r.id)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(events, func(a, b mention.Event) int { return a.Step - b.Step })
	for _, e := range events {
		if e.Step > 0 {
			types = append(types, e.Type+" "+e.Actor)
		}
	}
	return types
}

// TestHelpDesks pushes to one page with a real desk and store behind it.
func TestHelpDesks(t *testing.T) {
	t.Parallel()
	r := newReception(t)
	t.Run("who may speak", func(t *testing.T) { testWhoMaySpeak(t, r) })
	t.Run("a life", func(t *testing.T) { testALife(t, r) })
	t.Run("the ticket is shown", func(t *testing.T) { testTicketIsShown(t, r) })
	t.Run("at once, and replayed", func(t *testing.T) { testAtOnceAndReplayed(t, r) })
}

func testWhoMaySpeak(t *testing.T, r *reception) {
	t.Helper()
	body := r.body(`"status":"pending"`)
	good := signed(hushSecret, body, time.Now())
	for name, c := range map[string]struct {
		channel, body string
		head          []string
		want          int
	}{
		"signed":                         {"desk", body, []string{good}, 200},
		"signed, without a secret":       {"desk", body, []string{signed("", body, time.Now())}, 401},
		"signed with another secret":     {"desk", body, []string{signed("another-secret", body, time.Now())}, 401},
		"signed for another channel":     {"signed%20only", body, []string{good}, 401},
		"the other channel's own":        {"signed%20only", body, []string{signed("another-secret", body, time.Now())}, 200},
		"an old signature":               {"desk", body, []string{signed(hushSecret, body, time.Now().Add(-6*time.Minute))}, 401},
		"one of the future":              {"desk", body, []string{signed(hushSecret, body, time.Now().Add(6*time.Minute))}, 401},
		"another body":                   {"desk", r.body(`"status":"solved"`), []string{good}, 401},
		"half a signature":               {"desk", body, []string{notify.HeaderSignature + ": t=1"}, 401},
		"nothing":                        {"desk", body, nil, 401},
		"a token":                        {"desk", body, []string{bearer}, 200},
		"a wrong token":                  {"desk", body, []string{bearer + "3"}, 401},
		"a wrong token, and signed":      {"desk", body, []string{bearer + "3", good}, 401},
		"an empty token":                 {"desk", body, []string{"Authorization: Bearer "}, 401},
		"an empty one where there is no": {"signed%20only", body, []string{"Authorization: Bearer "}, 401},
		"the token of another channel":   {"signed%20only", body, []string{bearer}, 401},
		"a token by another scheme":      {"desk", body, []string{"Authorization: Basic " + hushToken}, 401},
		"the password of the page":       {"desk", body, []string{"Authorization: Bearer " + password}, 401},
		"no such channel":                {"nobody", body, []string{bearer}, 401},
		"a channel that is no desk":      {"group", body, []string{bearer}, 401},
		"a body that is too large":       {"desk", strings.Repeat(" ", 64<<10+1), []string{bearer}, 413},
		"a page of another site":         {"desk", body, []string{bearer, "Sec-Fetch-Site: cross-site"}, 403},
		"not JSON":                       {"desk", "status=solved", []string{bearer}, 400},
	} {
		a := r.push(t, c.channel, c.body, c.head...)
		if a.Status != c.want || c.want == 401 && a.Error != "the signature or token is not accepted" {
			t.Errorf("%s: %+v, want %d", name, a, c.want)
		}
	}
	if a := get(t, r.site+"/api/hooks/desk", bearer); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
	if n := strings.Count(r.log.String(), "was not let in"); n != 1 {
		t.Errorf("callers that are not let in are logged %d times:\n%s", n, r.log.String())
	}
	if e, err := r.Case(t.Context(), r.id); err != nil || e.State != mention.StateOpen {
		t.Errorf("%+v, %v", e, err)
	}
}

// testALife is what an agent does there, with people here beside it.
func testALife(t *testing.T, r *reception) {
	t.Helper()
	shell := func(do, by string) {
		t.Helper()
		if _, err := r.Act(t.Context(), Act{Escalation: r.id, Do: do, By: by}); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		rest   string
		want   saidBack
		before func()
	}{
		{`"status":"open","agent":"ayse","ticket":4711,"url":"https://desk.example.com/t/4711?a=1&b=<x>","id":"1"`, saidBack{200, r.id, "done", "acknowledged", "ayse", ""}, nil},
		{`"status":"open","agent":"ayse","ticket":4711,"url":"https://desk.example.com/t/4711?a=1&b=<x>","id":"1"`, saidBack{200, r.id, "repeat", "acknowledged", "ayse", ""}, nil},
		{`"status":"open","agent":"veli","id":"2"`, saidBack{409, r.id, "", "acknowledged", "ayse", "ayse has it"}, nil},
		{`"status":"Beklemede","agent":"ayse","note":"<b>parça</b> bekleniyor","id":"3"`, saidBack{200, r.id, "noted", "acknowledged", "ayse", ""}, nil},
		{`"status":"ÇÖZÜLDÜ","agent":"ayse","note":"para iade edildi","id":"4"`, saidBack{200, r.id, "done", "resolved", "ayse", ""}, nil},
		{`"status":"answered","agent":"ayse","id":"5"`, saidBack{409, r.id, "", "resolved", "ayse", "it has ended: resolved"}, nil},
		{`"status":"Çözüldü","agent":"ayse","note":"para iade edildi","id":"4"`, saidBack{200, r.id, "repeat", "reopened", "", ""}, func() { shell("reopened", "veli") }},
		{`"status":"open","agent":"ayse","id":"6"`, saidBack{409, r.id, "", "acknowledged", "veli", "veli has it"}, func() { shell("acknowledged", "veli") }},
		{`"status":"çözüldü","agent":"ayse","id":"7"`, saidBack{200, r.id, "done", "resolved", "veli", ""}, nil},
		{`"status":"çözüldü","agent":"ayse","id":"8"`, saidBack{200, r.id, "nothing", "resolved", "veli", ""}, nil},
	} {
		if c.before != nil {
			c.before()
		}
		if a := r.push(t, "desk", r.body(c.rest), bearer); a != c.want {
			t.Errorf("%d: %s\n got %+v\nwant %+v", i, c.rest, a, c.want)
		}
	}
	unknown := `{"external_id":"` + strings.Repeat("0", 32) + `","status":"solved"}`
	if a := r.push(t, "desk", unknown, bearer); a.Status != http.StatusNotFound {
		t.Errorf("an unknown one: %+v", a)
	}
	want := []string{"opened ", "acknowledged ayse", "resolved ayse", "reopened veli", "acknowledged veli", "resolved ayse"}
	if got := r.types(t); !slices.Equal(got, want) {
		t.Errorf("stored are %v", got)
	}
}

func testTicketIsShown(t *testing.T, r *reception) {
	t.Helper()
	cookie := signIn(t, r.site).header.Get("Set-Cookie")
	page := parse(t, get(t, r.site+"/e/"+r.id+"?lang=tr", "Cookie: "+strings.Split(cookie, ";")[0]), http.StatusOK)
	link := page.Find(`a[href^="https://desk.example.com/"]`)
	if href, _ := link.Attr("href"); link.Length() != 1 || link.Text() != "#4711" || href != "https://desk.example.com/t/4711?a=1&b=%3Cx%3E" {
		t.Errorf("the ticket is shown as %d links, %q to %q", link.Length(), link.Text(), href)
	}
	text := page.Find("main").Text()
	for _, want := range []string{"Destek kaydı", "Destek sisteminin notu", "desk: Beklemede: <b>parça</b> bekleniyor", "desk: para iade edildi"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

// The same signed request twice within its five minutes, and what a desk sends
// by two ways at once, count once.
func testAtOnceAndReplayed(t *testing.T, r *reception) {
	t.Helper()
	before := len(r.types(t))
	reopen := func() {
		t.Helper()
		if _, err := r.Do(t.Context(), r.id, alert.Act{Type: "reopened", By: "veli"}); err != nil {
			t.Fatal(err)
		}
	}
	reopen()
	body := r.body(`"status":"solved","agent":"ayse"`)
	signature := signed(hushSecret, body, time.Now())
	var mu sync.Mutex
	did := map[string]int{}
	var g sync.WaitGroup
	for i := range 6 {
		g.Go(func() { // a header that is not signed makes it no other push
			a := r.push(t, "desk", body, signature, fmt.Sprintf("%s: %d", notify.HeaderKey, i))
			mu.Lock()
			defer mu.Unlock()
			did[a.Did]++
		})
	}
	g.Wait()
	if did["done"] != 1 || did["repeat"] != 5 {
		t.Errorf("it came to %v", did)
	}
	reopen()
	if a := r.push(t, "desk", body, signature); a.Did != "repeat" || a.State != "reopened" {
		t.Errorf("a replay: %+v", a)
	}
	for _, want := range []string{"done", "repeat"} {
		if a := r.push(t, "desk", body, bearer, notify.HeaderKey+": new"); a.Did != want || a.State != "resolved" {
			t.Errorf("a new one: %+v, want %s", a, want)
		}
	}
	if got := r.types(t)[before:]; !slices.Equal(got, []string{"reopened veli", "resolved ayse", "reopened veli", "resolved ayse"}) {
		t.Errorf("stored are %v", got)
	}
}

func TestWithoutDesksThereIsNoDoor(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, nil, nil))
	if a := send(t, http.MethodPost, site+"/api/hooks/desk", "{}"); a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
		t.Errorf("status %d", a.status)
	}
}

func TestTicketOf(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]ticket{
		"4711":                             {"#4711", ""},
		"4711 https://d.example.com/4711":  {"#4711", "https://d.example.com/4711"},
		"https://d.example.com/4711":       {"https://d.example.com/4711", "https://d.example.com/4711"},
		"4711 httpx://d.example.com/":      {"#4711", ""},
		"javascript:alert(1)":              {"#javascript:alert(1)", ""},
		"a b http://d.example.com/ http:x": {"#a b", "http://d.example.com/ http:x"},
	} {
		if got := ticketOf(note); got != want {
			t.Errorf("%q is %+v", note, got)
		}
	}
}
