package crawlertest

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, dir, name, body string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.html", "<a href={{base}}/x>")
	write(t, dir, "a/b.html", "plain")
	write(t, dir, "a/b.html?c=1", "<p>query")
	write(t, dir, "feed.xml", "<rss/>")
	write(t, dir, "old.html", "<p>\xfe")
	s := Serve(t, dir)
	for uri, want := range map[string]string{
		"/":           "200 text/html <a href=" + s.URL + "/x>",
		"/a/b":        "200 text/html plain",
		"/a/b.html":   "200 text/html plain",
		"/feed.xml":   "200 application/xml <rss/>",
		"/old":        "200 text/html <p>\xfe",
		"/none":       "404 text/plain; charset=utf-8 404 page not found\n",
		"/robots.txt": "404 text/plain; charset=utf-8 404 page not found\n",
		"/../x":       "404 text/plain; charset=utf-8 404 page not found\n",
	} {
		if got, _ := get(t, s.URL+uri, ""); got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
	if got, _ := get(t, s.URL+"/a/b.html?c=1", ""); !strings.HasSuffix(got, "<p>query") {
		t.Errorf("with a query: %q", got)
	}
	_, etag := get(t, s.URL+"/", "")
	if got, _ := get(t, s.URL+"/", etag); !strings.HasPrefix(got, "304") {
		t.Errorf("conditional: %q", got)
	}
	if uris, statuses := s.Asked(); len(uris) != 11 || len(statuses) != 11 {
		t.Errorf("asked %v, %v", uris, statuses)
	}
}

func get(t *testing.T, url, etag string) (answer, tag string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", etag)
	tr := &http.Transport{DisableKeepAlives: true}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(resp.Status[:4]) + " " + resp.Header.Get("Content-Type") + " " + string(body), resp.Header.Get("ETag")
}

type script func(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error)

func (s script) Collect(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
	return s(ctx, cursor, out)
}

// The suite fails sources that break a promise: each check is shown a source
// that breaks just that one.
func TestSuiteFindsFaults(t *testing.T) {
	if name := os.Getenv("CRAWLERTEST_FAULT"); name != "" {
		f := faults()[name]
		f.check(t, Case{Dir: "testdata/site", New: f.source})
		return
	}
	for name := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, err := child(t, name); err == nil {
				t.Errorf("the suite passes a source that %s:\n%s", name, out)
			}
		})
	}
}

type fault struct {
	check  func(*testing.T, Case)
	source func(t testing.TB, base string, web *fetch.Client, db *frontier.DB) crawler.Source
}

func faults() map[string]fault {
	always := func(s script) func(testing.TB, string, *fetch.Client, *frontier.DB) crawler.Source {
		return func(testing.TB, string, *fetch.Client, *frontier.DB) crawler.Source { return s }
	}
	say := func(id string) script {
		return func(ctx context.Context, _ mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			err := out.Mention(ctx, mention.Mention{ID: mention.NewID("a", "b", id), Text: "x"})
			return mention.Cursor("c"), errors.Join(err, out.Visit(ctx, mention.Visit{URL: "u", Outcome: mention.OutcomeOK}))
		}
	}
	quiet := func(context.Context, mention.Cursor, crawler.Sink) (mention.Cursor, error) { return nil, nil }
	return map[string]fault{
		"says nothing":       {collects, always(quiet)},
		"is not well formed": {collects, always(say("x"))},
		"says all again":     {saysItOnce, always(say("x"))},
		"changes its IDs": {stableIDs, always(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			return say(rand.Text())(ctx, c, out)
		})},
		"ignores the context": {cancelled, always(say("x"))},
		"hides the sink's error": {fullQueue, always(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			return c, another(say("x")(ctx, c, out))
		})},
		"hides a storm": {storm, always(quiet)},
		"panics":        {garbage, always(func(context.Context, mention.Cursor, crawler.Sink) (mention.Cursor, error) { panic("x") })},
		"leaves a goroutine": {leavesNoTrace, always(func(context.Context, mention.Cursor, crawler.Sink) (mention.Cursor, error) {
			go func() { select {} }()
			return nil, nil
		})},
	}
}

// another loses the error that it is given.
func another(mention.Cursor, error) error { return errors.New("another") }

// child runs the suite on one faulty source, in a process of its own because
// it is to fail.
func child(t *testing.T, name string) (output string, err error) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSuiteFindsFaults$")
	cmd.Env = append(os.Environ(), "CRAWLERTEST_FAULT="+name)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
