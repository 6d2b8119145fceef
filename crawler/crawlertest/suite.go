package crawlertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

// patience bounds what must end at once; it is long because machines are slow,
// and no test waits for it that does not fail.
const patience = 20 * time.Second

// Case is one source under test. New makes it afresh, as a new process would:
// base is the address of the site that serves Dir, without a slash at the end.
type Case struct {
	Dir string // folder with the pages of a site that lists mentions; see Serve
	New func(t testing.TB, base string, web *fetch.Client, db *frontier.DB) crawler.Source
}

// Run holds the source to what crawler.Source promises.
func Run(t *testing.T, c Case) {
	for _, part := range []struct {
		name  string
		check func(*testing.T, Case)
	}{
		{"collects", collects},
		{"says it once", saysItOnce},
		{"stable IDs", stableIDs},
		{"cancelled", cancelled},
		{"full queue", fullQueue},
		{"500 storm", storm},
		{"garbage", garbage},
		{"endless redirect", endlessRedirect},
		{"leaves no trace", leavesNoTrace},
	} {
		t.Run(part.name, func(t *testing.T) { part.check(t, c) })
	}
}

// collect runs the source once, within a run of its own.
func collect(t testing.TB, s crawler.Source, cursor mention.Cursor) (*Inbox, mention.Cursor, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	inbox := &Inbox{}
	next, err := s.Collect(fetch.WithRun(ctx, fetch.NewRun()), cursor, inbox)
	if ctx.Err() != nil {
		t.Fatalf("Collect did not end within %v", patience)
	}
	return inbox, next, err
}

func collects(t *testing.T, c Case) {
	site := Serve(t, c.Dir)
	inbox, cursor, err := collect(t, c.New(t, site.URL, Client(t), Frontier(t)), nil)
	if err != nil {
		t.Fatalf("Collect: %v", err)
	}
	if len(inbox.Mentions()) == 0 || len(inbox.Visits()) == 0 {
		t.Fatalf("%d mentions and %d visits, want some of both", len(inbox.Mentions()), len(inbox.Visits()))
	}
	if len(cursor) == 0 {
		t.Error("no cursor after a whole collection")
	}
	for _, m := range inbox.Mentions() {
		if err := wellFormed(m); err != nil {
			t.Errorf("mention %s: %v", m.ID, err)
		}
	}
	for _, v := range inbox.Visits() {
		if v.Outcome == "" || v.URL == "" || v.At.IsZero() || v.Outcome != mention.OutcomeOK && v.Outcome != mention.OutcomeNotModified && v.Reason == "" {
			t.Errorf("visit without outcome, URL, time or reason: %+v", v)
		}
	}
	uris, statuses := site.Asked()
	if err := noneTwice(uris, statuses); err != nil {
		t.Error(err)
	}
}

func wellFormed(m mention.Mention) error {
	switch {
	case len(m.ID) != 32:
		return errors.New("ID is not 32 hex digits")
	case m.SourceKind == "" || m.Kind == "" || m.URL == "":
		return errors.New("no source kind, kind or URL")
	case !utf8.ValidString(m.Text + m.Title + m.Author.Name + m.URL):
		return errors.New("invalid UTF-8")
	case m.Text == "" && m.Title == "" && m.Rating == nil && !m.Gone:
		return errors.New("no text, title or rating")
	case m.Written.Precision == "":
		return errors.New("no precision of the time of writing")
	case m.Written.Time.IsZero() != (m.Written.Precision == mention.PrecisionUnknown):
		return fmt.Errorf("time %v of precision %s", m.Written.Time, m.Written.Precision)
	}
	return nil
}

func noneTwice(uris []string, statuses []int) error {
	seen := map[string]bool{}
	for i, uri := range uris {
		if seen[uri] && i < len(statuses) && statuses[i] == http.StatusOK {
			return fmt.Errorf("%s was fetched twice in one run", uri)
		}
		seen[uri] = true
	}
	return nil
}

func ids(ms []mention.Mention) []string {
	out := make([]string, len(ms))
	for i, m := range ms {
		out[i] = fmt.Sprint(m.ID, " ", m.Revise().Revision)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func saysItOnce(t *testing.T, c Case) {
	site, web, db := Serve(t, c.Dir), Client(t), Frontier(t)
	first, cursor, err := collect(t, c.New(t, site.URL, web, db), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(ids(first.Mentions())); n != len(first.Mentions()) {
		t.Errorf("%d mentions, of which %d differ", len(first.Mentions()), n)
	}
	site.Asked()
	second, next, err := collect(t, c.New(t, site.URL, web, db), cursor)
	if err != nil {
		t.Fatalf("second Collect: %v", err)
	}
	if n := len(second.Mentions()); n != 0 {
		t.Errorf("second run on an unchanged site said %d mentions, the first: %+v", n, second.Mentions()[0])
	}
	if len(next) == 0 {
		t.Error("the second run lost the cursor")
	}
	if _, statuses := site.Asked(); !slices.Contains(statuses, http.StatusNotModified) {
		t.Errorf("no request was conditional: statuses %v", statuses)
	}
}

func stableIDs(t *testing.T, c Case) {
	site := Serve(t, c.Dir)
	a, _, err := collect(t, c.New(t, site.URL, Client(t), Frontier(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := collect(t, c.New(t, site.URL, Client(t), Frontier(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if x, y := ids(a.Mentions()), ids(b.Mentions()); !slices.Equal(x, y) {
		t.Errorf("IDs or revisions differ between two first runs:\n%v\n%v", x, y)
	}
}

// cancelled ends the context while the site keeps an answer back.
func cancelled(t *testing.T, c Case) {
	site := Serve(t, c.Dir)
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	site.Instead(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	done := make(chan error, 1)
	source := c.New(t, site.URL, Client(t), Frontier(t))
	go func() {
		_, err := source.Collect(ctx, nil, &Inbox{})
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("no error from a cancelled collection")
		}
	case <-time.After(patience):
		t.Fatal("Collect goes on after its context ended")
	}
}

var errFull = errors.New("queue is closed")

// fullQueue lets the queue refuse the second mention: the error comes back, the
// cursor stays, and nothing is lost for the next run.
func fullQueue(t *testing.T, c Case) {
	site, web, db := Serve(t, c.Dir), Client(t), Frontier(t)
	first := &Inbox{Refuse: func(n int) error {
		if n == 1 {
			return errFull
		}
		return nil
	}}
	cursor, err := c.New(t, site.URL, web, db).Collect(t.Context(), nil, first)
	if len(first.Mentions()) < 1 {
		t.Fatal("no mention")
	}
	if err == nil {
		t.Fatal("the site lists one mention: it needs a second to be refused")
	}
	if !errors.Is(err, errFull) || len(cursor) != 0 {
		t.Fatalf("error %v and cursor %q, want the sink's error and no cursor", err, cursor)
	}
	rest, _, err := collect(t, c.New(t, site.URL, web, db), nil)
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := collect(t, c.New(t, site.URL, Client(t), Frontier(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(append(first.Mentions(), rest.Mentions()...)), ids(whole.Mentions()); !slices.Equal(got, want) {
		t.Errorf("after a full queue %d of %d mentions", len(got), len(want))
	}
}

// trouble expects no mention, no panic, and a reason in the error or the ledger.
func trouble(t *testing.T, c Case, h http.HandlerFunc) {
	t.Helper()
	site := Serve(t, c.Dir)
	site.Instead(h)
	inbox, cursor, err := collect(t, c.New(t, site.URL, Client(t), Frontier(t)), mention.Cursor(nil))
	if n := len(inbox.Mentions()); n != 0 {
		t.Errorf("%d mentions from a broken site", n)
	}
	told := err != nil
	for _, v := range inbox.Visits() {
		told = told || v.Outcome != mention.OutcomeOK && v.Reason != ""
	}
	if !told {
		t.Error("neither an error nor a ledger row tells of the trouble")
	}
	if err != nil && len(cursor) != 0 {
		t.Errorf("cursor %q came into being in a failed run", cursor)
	}
}

func storm(t *testing.T, c Case) {
	trouble(t, c, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) })
}

func garbage(t *testing.T, c Case) {
	for name, body := range map[string]string{
		"empty":    "",
		"bytes":    strings.Repeat("\x00\xff\xfe<\x80{[\"", 500),
		"open":     "<html><script type=\"application/ld+json\">{\"@graph\":[[[[{",
		"deep":     strings.Repeat("<div>", 20_000),
		"brackets": strings.Repeat("[", 100_000),
		"xml":      "<?xml version=\"1.0\" encoding=\"windows-1254\"?><rss><channel><item><title>\xfe\xf0",
	} {
		t.Run(name, func(t *testing.T) {
			trouble(t, c, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) })
		})
	}
}

func endlessRedirect(t *testing.T, c Case) {
	trouble(t, c, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again?"+r.URL.RawQuery+"x", http.StatusFound)
	})
}

func leavesNoTrace(t *testing.T, c Case) {
	site, web, db := Serve(t, c.Dir), Client(t), Frontier(t)
	source := c.New(t, site.URL, web, db)
	before := goleak.IgnoreCurrent()
	if _, _, err := collect(t, source, nil); err != nil {
		t.Fatal(err)
	}
	web.Close()
	if err := goleak.Find(before, goleak.IgnoreAnyFunction("net/http.(*conn).serve"), goleak.IgnoreAnyFunction("net/http/httptest.(*Server).wrap.func1")); err != nil {
		t.Error(err)
	}
}
