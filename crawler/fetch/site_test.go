package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick is a configuration for a site on loopback.
func quick() Config {
	cfg := DefaultConfig()
	cfg.RequestsPerSecond, cfg.Concurrency = 1000, 8
	cfg.RetryWait, cfg.MaxRetryAfter = time.Millisecond, 5*time.Millisecond
	cfg.Attempts, cfg.Timeout = 3, 5*time.Second
	cfg.AllowPrivate = []string{"127.0.0.1"}
	return cfg
}

func newClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// site is a server that notes what it is asked for.
type testSite struct {
	url string
	mu  sync.Mutex
	log []string
}

// serve answers robots.txt with robots (nil: 404) and all else with page.
func serve(t testing.TB, robots, page http.HandlerFunc) *testSite {
	t.Helper()
	s := &testSite{}
	server := httptest.NewServer(s.handler(robots, page))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *testSite) handler(robots, page http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.log = append(s.log, r.URL.RequestURI())
		s.mu.Unlock()
		switch {
		case r.URL.Path != robotsPath:
			page(w, r)
		case robots != nil:
			robots(w, r)
		default:
			http.NotFound(w, r)
		}
	}
}

// asked counts the requests for a path, without the query.
func (s *testSite) asked(path string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, uri := range s.log {
		if p, _, _ := strings.Cut(uri, "?"); p == path {
			n++
		}
	}
	return n
}

// bubble is a client and a site that talk HTTP over pipes in memory, for tests
// of time within synctest.
func bubble(t testing.TB, cfg Config, robots, page http.HandlerFunc) (*Client, *testSite) {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &testSite{url: "http://shop.example"}
	server := &http.Server{Handler: s.handler(robots, page)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l)
	}()
	c := newClient(t, cfg)
	c.dial = l.dial
	c.sites.lookup = func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("203.0.113.7")}, nil
	}
	t.Cleanup(func() {
		c.Close()
		server.Close()
		<-done
	})
	return c, s
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// reasonOf returns the reason of a fetch error, or "" without one.
func reasonOf(t testing.TB, err error) string {
	t.Helper()
	var fe *Error
	if err == nil {
		return ""
	}
	if !errors.As(err, &fe) {
		t.Fatalf("%T %v is no *Error", err, err)
	}
	return fe.Reason
}

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}
