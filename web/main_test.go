package web

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"go.uber.org/goleak"

	"feryat/storage"
	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

func TestMain(m *testing.M) {
	code := enginetest.Run(m)
	if flag.Parsed() { // not so in the engine's child
		shared.close()
		http.DefaultClient.CloseIdleConnections()
		if err := goleak.Find(); err != nil && code == 0 {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// now is when all pages of these tests are looked at.
func now() time.Time { return time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC) }

func openStore(t testing.TB) *storage.Store { return openAt(t, database(t), "") }

// database gives the way to a database without rows that is the test's own until it ends.
func database(t testing.TB) engine.Access {
	t.Helper()
	return enginetest.Again(t, "schema_migrations")
}

// openAt opens the test's database, by way of another address if one is given.
func openAt(t testing.TB, access engine.Access, url string) *storage.Store {
	t.Helper()
	return openAs(t, access, url, "")
}

// openReader is openAt, with questions asked as the user who may only read.
func openReader(t testing.TB, access engine.Access, url string) *storage.Store {
	t.Helper()
	return openAs(t, access, url, access.ReaderUser)
}

func openAs(t testing.TB, access engine.Access, url, reader string) *storage.Store {
	t.Helper()
	cfg := storage.DefaultConfig()
	cfg.ReaderUser = reader
	cfg.URL, cfg.User, cfg.Password, cfg.Database, cfg.Secret = access.URL, access.WriterUser, access.WriterPassword, access.Database, []byte("test")
	if url != "" {
		cfg.URL = url
	}
	s, err := storage.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// newServer is a server whose clock stands at now.
func newServer(t testing.TB, store Store, change func(*Config)) *Server {
	t.Helper()
	cfg := DefaultConfig()
	if change != nil {
		change(&cfg)
	}
	extra := map[string]http.Handler{"/healthz": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })}
	s, err := New(cfg, store, nil, extra, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.now, s.pause = now, time.Millisecond
	return s
}

// serve puts a server on a loopback port and answers its address without a slash.
func serve(t testing.TB, s *Server) string {
	t.Helper()
	site := httptest.NewServer(s.Handler())
	t.Cleanup(site.Close)
	return site.URL
}

// answer is what a request brought.
type answer struct {
	status int
	header http.Header
	body   string
}

// send makes one request; head lines are "Name: value". Redirects are answers.
func send(t testing.TB, method, url, body string, head ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range head {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, readAll(t, resp)}
}

func readAll(t testing.TB, resp *http.Response) string {
	t.Helper()
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func get(t testing.TB, url string, head ...string) answer {
	t.Helper()
	return send(t, http.MethodGet, url, "", head...)
}

func newRequest(t testing.TB, target string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
}

// parse reads an answer that is a page.
func parse(t testing.TB, a answer, status int) *goquery.Document {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %.300s", a.status, status, a.body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func lines(found *goquery.Selection) []string {
	return found.Map(func(_ int, e *goquery.Selection) string { return e.Text() })
}

func rowText(_ int, row *goquery.Selection) string {
	return strings.Join(row.Find("td").Map(func(_ int, cell *goquery.Selection) string { return strings.TrimSpace(cell.Text()) }), "|")
}

func hrefOf(_ int, e *goquery.Selection) string { return e.AttrOr("href", "") }

func valueOf(_ int, e *goquery.Selection) string { return e.AttrOr("value", "") }
