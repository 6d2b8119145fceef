package notify

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Whether a message may have arrived is known by the answer, or by its lack.
func TestNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   bool
	}{
		"refused":          {status(http.StatusBadRequest), true},
		"not let in":       {status(http.StatusUnauthorized), true},
		"too many":         {status(http.StatusTooManyRequests), true},
		"too early":        {status(http.StatusTooEarly), true},
		"busy, come later": {func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Retry-After", "7"); w.WriteHeader(503) }, true},
		"a gateway's word": {status(http.StatusBadGateway), false},
		"a slow one":       {status(http.StatusRequestTimeout), false},
		"cut":              {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false},
	} {
		site := httptest.NewServer(c.answer)
		if err := tryHook(t, site.URL); err == nil || NotTaken(err) != c.want {
			t.Errorf("%s: certain %t: %v", name, NotTaken(err), err)
		}
		site.Close()
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := tryHook(t, "http://"+l.Addr().String()); err == nil || !NotTaken(err) {
		t.Errorf("nobody listens: %v", err)
	}
	mail, err := New(Config{Name: "mail", Type: "email", Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none", From: "a@example.com", To: []string{"b@example.com"}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := mail.Notify(t.Context(), Message{Key: "k"}); err == nil || !NotTaken(err) {
		t.Errorf("no mail server: %v", err)
	}
	if NotTaken(nil) {
		t.Error("success is certain too, but it was taken")
	}
	if wait := (&RetryAfterError{After: time.Minute}).RetryAfter(); wait != time.Minute {
		t.Errorf("asked to wait a minute, waits %s", wait)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func tryHook(t *testing.T, url string) error {
	t.Helper()
	n, err := New(Config{Name: "hook", Type: "webhook", URL: url, Secret: "s"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n.Notify(t.Context(), Message{Key: "k"})
}
