package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"feryat/i18n"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Config)
		want   []string // nothing: valid
	}{
		"default":                {func(*Config) {}, nil},
		"any loopback port":      {func(c *Config) { c.Listen = "[::1]:0" }, nil},
		"localhost":              {func(c *Config) { c.Listen = "localhost:80" }, nil},
		"open to the world":      {func(c *Config) { c.Listen = "0.0.0.0:8080" }, []string{"0.0.0.0:8080", "password_file"}},
		"all addresses":          {func(c *Config) { c.Listen = ":8080" }, []string{"password_file"}},
		"IPv6":                   {func(c *Config) { c.Listen = "[::]:8080" }, []string{"password_file"}},
		"an address of ours":     {func(c *Config) { c.Listen = "192.168.1.5:8080" }, []string{"password_file"}},
		"a name":                 {func(c *Config) { c.Listen = "feryat.example:8080" }, []string{"password_file"}},
		"open with a password":   {func(c *Config) { c.Listen, c.Password = "0.0.0.0:8080", "long enough" }, nil},
		"short password":         {func(c *Config) { c.Listen, c.Password = "0.0.0.0:8080", "short" }, []string{"shorter than 8"}},
		"everything at once":     {func(c *Config) { *c = Config{Listen: "x", Password: "y", Zone: "No/Where", Days: 400} }, []string{"host:port", "shorter", "No/Where", "400"}},
		"port out of range":      {func(c *Config) { c.Listen = "127.0.0.1:70000" }, []string{"port between"}},
		"no number for the port": {func(c *Config) { c.Listen = "127.0.0.1:http" }, []string{"port between"}},
	} {
		cfg := DefaultConfig()
		c.change(&cfg)
		err := cfg.Validate()
		if (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
		for _, part := range c.want {
			if err != nil && !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
		if _, made := New(cfg, nil, nil, nil, slog.New(slog.DiscardHandler)); (made == nil) != (c.want == nil) {
			t.Errorf("%s: New says %v", name, made)
		}
	}
}

// TestTakenPort: the next free one is used; what cannot be is said.
func TestTakenPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	l, err := newServer(t, nil, func(c *Config) { c.Listen = taken.Addr().String() }).Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if first, second := taken.Addr().(*net.TCPAddr).Port, l.Addr().(*net.TCPAddr).Port; second <= first || second >= first+20 {
		t.Errorf("port %d is taken and %d used", first, second)
	}
	nowhere := newServer(t, nil, func(c *Config) { c.Listen, c.Password = "192.0.2.1:8080", password })
	if l, err := nowhere.Listen(t.Context()); err == nil || !strings.Contains(err.Error(), "web.listen") {
		t.Errorf("listens at %v, %v", l, err)
	}
}

// TestRun: the end of the context lets a request under way finish, and leaves
// nothing behind (TestMain looks for goroutines).
func TestRun(t *testing.T) {
	t.Parallel()
	started, finish := make(chan struct{}), make(chan struct{})
	s := newServer(t, openStore(t), func(c *Config) { c.Listen = "127.0.0.1:0" })
	s.extra["/slow"] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(started)
		<-finish
		_, _ = io.WriteString(w, "to the end")
	})
	l, err := s.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, l) }()
	site := "http://" + l.Addr().String()
	slow := make(chan answer, 1)
	go func() { slow <- get(t, site+"/slow") }()
	<-started
	stop()
	for { // until the port is closed
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		_ = c.Close()
	}
	close(finish)
	if a := <-slow; a.status != http.StatusOK || a.body != "to the end" {
		t.Errorf("the request under way got %d %q", a.status, a.body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunTellsFaults(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	ctx, stop := context.WithCancel(t.Context())
	err = newServer(t, nil, nil).Run(ctx, l)
	stop()
	if !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// line is the way to ClickHouse, which can be cut or answer never.
type line struct{ cut, silent atomic.Bool }

// TestStoreDown: the page says what it waits for, and shows figures again by
// itself when the store is back.
func TestStoreDown(t *testing.T) {
	t.Parallel()
	access := database(t)
	way := &line{}
	wire := httptest.NewServer(way.to(t, access.URL))
	t.Cleanup(wire.Close)
	store := openAt(t, access, wire.URL)
	s := newServer(t, store, nil)
	site := serve(t, s)
	readers := lookedAt(site, "", fill(t, store))
	delete(readers, "misunderstood") // which does not ask the store
	delete(readers, "login")
	readers["export"] = site + "/explore/export?format=csv"
	p := openTab(t)
	p.open(site + "/?lang=en")
	before := p.texts(".figures b")

	way.cut.Store(true)
	for l, want := range map[i18n.Language]string{"en": "Waiting for the database", "tr": "Veritabanı bekleniyor", "fa": "در انتظار پایگاه داده"} {
		for name, address := range readers {
			a := get(t, inLanguage(address, l))
			if text := parse(t, a, http.StatusServiceUnavailable).Find("main").Text(); !strings.Contains(text, want) || a.header.Get("Refresh") == "" || a.header.Get("Retry-After") == "" {
				t.Errorf("%s: %q, %v", name, text, a.header)
			}
		}
	}
	if a := get(t, site+"/api/overview"); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, `"error"`) || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("JSON: %d %s %v", a.status, a.body, a.header)
	}
	eval[bool](p, "refresh().then(() => true)")
	if got := p.text("main"); !strings.Contains(got, "Waiting for the database") {
		t.Errorf("the page that is open says %q", got)
	}
	way.cut.Store(false)
	eval[bool](p, "refresh().then(() => true)")
	if got := p.texts(".figures b"); strings.Join(got, " ") != strings.Join(before, " ") {
		t.Errorf("back again: %v, before %v", got, before)
	}
	for name, address := range readers {
		if a := get(t, address); a.status != http.StatusOK {
			t.Errorf("%s is not back: %d", name, a.status)
		}
	}

	way.silent.Store(true)
	s.patience = 100 * time.Millisecond
	if a := get(t, site+"/"); a.status != http.StatusServiceUnavailable {
		t.Errorf("a store that says nothing: %d", a.status)
	}
	way.silent.Store(false)
}

func (w *line) to(t *testing.T, target string) http.Handler {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.cut.Load() {
			panic(http.ErrAbortHandler) // the connection breaks
		}
		if w.silent.Load() {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return
		}
		r.Host = u.Host
		proxy.ServeHTTP(rw, r)
	})
}
