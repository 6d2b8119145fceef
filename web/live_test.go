package web

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feryat/alert"
	"feryat/mention"
	"feryat/storage"
)

// running is a server that runs as it does in the program; stop ends it and waits.
func running(t *testing.T, s *Server) (site string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, l) }()
	stopped := false
	stop = func() {
		if cancel(); !stopped {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		stopped = true
	}
	t.Cleanup(stop)
	return "http://" + l.Addr().String(), stop
}

// stream is an open line to the server.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	end   func()
}

func follow(t *testing.T, address string, head ...string) (*stream, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range head {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	s := &stream{t: t, lines: bufio.NewScanner(resp.Body), end: func() { cancel(); _ = resp.Body.Close() }}
	t.Cleanup(s.end)
	return s, resp.StatusCode
}

// next is the next event and its number; nothing where the line has ended.
func (s *stream) next() (event, id string) {
	for s.lines.Scan() {
		switch name, value, _ := strings.Cut(s.lines.Text(), ": "); name {
		case "id":
			id = value
		case "event":
			event = value
		case "":
			return event, id
		}
	}
	return "", ""
}

// live is a server that follows the cases of a desk.
func follows(t *testing.T, change func(*Config)) (*Server, *front, string) {
	t.Helper()
	store := openStore(t)
	rows := fill(t, store)
	row := rows[0]
	row.Mention.Written.Time, row.Stored = now().Add(-10*time.Minute), now()
	s := newServer(t, store, change)
	f, id := openFront(t, store, row)
	s.office = f
	s.FollowCases(f.states)
	s.beat, s.rush = 50*time.Millisecond, time.Millisecond
	return s, f, id
}

// TestLive: a line tells of changes, beats meanwhile, tells who comes back what he
// missed, and ends with the server.
func TestLive(t *testing.T) {
	t.Parallel()
	s, f, id := follows(t, nil)
	site, stop := running(t, s)
	s.until(t, func(at uint64) bool { return at > 0 })
	line, status := follow(t, site+"/api/inbox/live")
	event, first := line.next()
	if status != http.StatusOK || event != "change" {
		t.Fatalf("%d, begins with %q", status, event)
	}
	if event, again := line.next(); event != "beat" || again != first {
		t.Errorf("then %q %s", event, again)
	}
	if _, err := f.Do(t.Context(), id, alert.Act{Type: "acknowledged", By: "ayse"}); err != nil {
		t.Fatal(err)
	}
	last := first
	for last == first {
		if event, last = line.next(); event == "" {
			t.Fatal("the line ended")
		}
	}
	line.end()
	for since, want := range map[string]string{first: "change", "x": "change", "": "change"} {
		line, _ := follow(t, site+"/api/inbox/live?since="+url.QueryEscape(since))
		if event, _ := line.next(); event != want {
			t.Errorf("since %q: %q", since, event)
		}
		line.end()
	}
	at, _, _ := s.news.now()
	back, _ := follow(t, site+"/api/inbox/live?since="+first, "Last-Event-ID: "+strconv.FormatUint(at, 10))
	if event, _ := back.next(); event != "beat" {
		t.Errorf("who missed nothing is told %q", event)
	}
	stop()
	for {
		if event, _ := back.next(); event == "" {
			return // the line ended, and Run with it
		}
	}
}

// TestLiveIsForThoseSignedIn: signing out ends the line, not only the page.
func TestLiveIsForThoseSignedIn(t *testing.T) {
	t.Parallel()
	s, _, _ := follows(t, locked)
	s.beat = time.Hour // the end of a session is told at once
	site, _ := running(t, s)
	s.until(t, func(at uint64) bool { return at > 0 })
	if _, status := follow(t, site+"/api/inbox/live"); status != http.StatusUnauthorized {
		t.Errorf("without a login: %d", status)
	}
	cookie := s.gate.begin(User{Role: Viewer})
	line, status := follow(t, site+"/api/inbox/live", "Cookie: "+cookieName+"="+cookie)
	if event, _ := line.next(); status != http.StatusOK || event != "change" {
		t.Fatalf("%d %q", status, event)
	}
	send(t, http.MethodPost, site+"/logout", "", "Cookie: "+cookieName+"="+cookie)
	if event, _ := line.next(); event != "" {
		t.Errorf("after signing out: %q", event)
	}
}

// TestLiveIsBounded: one page too many is refused, and comes in when another goes;
// and where changes are not heard of, nobody is told that they are.
func TestLiveIsBounded(t *testing.T) {
	t.Parallel()
	s, _, _ := follows(t, nil)
	s.listeners = make(chan struct{}, 1)
	site := serve(t, s)
	if a := get(t, site+"/api/inbox/live"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("nobody listens to the queue: %d", a.status)
	}
	s.news.reached(3)
	line, _ := follow(t, site+"/api/inbox/live")
	line.next()
	if a := get(t, site+"/api/inbox/live"); a.status != http.StatusServiceUnavailable {
		t.Errorf("one too many: %d", a.status)
	}
	s.news.reached(0)
	for event := "beat"; event != ""; {
		event, _ = line.next()
	}
	s.listeners <- struct{}{} // it is free again
}

// until waits until so much is known of changes.
func (s *Server) until(t *testing.T, is func(at uint64) bool) {
	t.Helper()
	for {
		at, next, _ := s.news.now()
		if is(at) {
			return
		}
		select {
		case <-next:
		case <-time.After(time.Minute):
			t.Fatalf("changes are at %d", at)
		}
	}
}

// TestInboxFollows: what happens to cases shows on an open inbox without a reload,
// clocks tick by the server's time, and a lost line is told and found again.
func TestInboxFollows(t *testing.T) {
	t.Parallel()
	s, f, id := follows(t, nil)
	site, stop := running(t, s)
	s.until(t, func(at uint64) bool { return at > 0 })
	p := openTab(t)
	p.open(site + "/inbox?lang=en")
	eval[bool](p, "window.same = true")
	p.shows("#live", "Live")
	if got := eval[string](p, "document.title"); !strings.HasPrefix(got, "(2) Inbox") {
		t.Errorf("the title is %q", got)
	}
	if _, err := f.Do(t.Context(), id, alert.Act{Type: "acknowledged", By: "ayse"}); err != nil {
		t.Fatal(err)
	}
	p.shows("[data-case='"+id+"']", "Acknowledged · ayse")
	before := p.text("[data-case='" + id + "'] .clock")
	if !regexp.MustCompile("^answer due in \u20680:[345]\\d:\\d\\d\u2069$").MatchString(before) {
		t.Errorf("the clock shows %q", before)
	}
	p.becomes(`document.querySelector("[data-case='` + id + `'] .clock").textContent !== ` + strconv.Quote(before))
	more := score(t, []words{{brand: "Paytak", source: "dukkan", author: "yeni", text: "Rezalet! Bozuk ürün gönderdiniz, savcılığa gideceğim!"}})
	more[0].Mention.Written.Time, more[0].Mention.Collected, more[0].Stored = now().Add(-time.Minute), now(), now()
	insert(t, f.store, more)
	if err := f.watcher.Handle(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	p.shows(".cases", "yeni")
	p.becomes(`document.title.startsWith("(3)")`)
	stop()
	p.shows("#live", "Connection lost, trying again")
	if !eval[bool](p, "window.same") {
		t.Error("the page was loaded anew")
	}
}

// counting is the real store, and how often it was asked what waits.
type counting struct {
	*storage.Store
	asked atomic.Int64
}

func (c *counting) OpenEscalations(ctx context.Context, limit int) ([]mention.OpenEscalation, error) {
	c.asked.Add(1)
	return c.Store.OpenEscalations(ctx, limit)
}

// TestPagesShareAnAnswer: a hundred pages that a change wakes ask the store once;
// who acts sees what he did, and the next change is asked for.
func TestPagesShareAnAnswer(t *testing.T) {
	t.Parallel()
	s, f, id := follows(t, nil)
	c := &counting{Store: f.store}
	s.store = c
	site := serve(t, s)
	get(t, site+"/inbox")
	get(t, site+"/inbox")
	if n := c.asked.Swap(0); n != 2 {
		t.Errorf("without news of changes: asked %d times for two pages", n)
	}
	for at := uint64(1); at <= 2; at++ {
		s.news.reached(at)
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if a := get(t, site+"/inbox"); a.status != http.StatusOK || strings.Count(a.body, "case-row") != 2 {
					t.Errorf("%d: %.200s", a.status, a.body)
				}
			})
		}
		all.Wait()
		if n := c.asked.Swap(0); n < 1 || n > 50 {
			t.Errorf("change %d: asked %d times for 100 pages", at, n)
		}
	}
	if status, _ := post(t, site+"/e/"+id, url.Values{"do": {"acknowledged"}, "by": {"ayse"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if a := get(t, site+"/inbox?lang=en"); !strings.Contains(a.body, "Acknowledged · <bdi>ayse") {
		t.Error("who acted does not see it")
	}
}
