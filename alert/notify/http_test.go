package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hush is the secret of every channel in these tests, in a form that each takes.
const hush = "77000111:Very-Private_Key"

// at is a channel of a kind that posts to a server on this machine.
func at(t testing.TB, kind, server string) Config {
	t.Helper()
	c := Config{Name: "chan", Type: kind, Language: "tr", URL: server, Timeout: 5 * time.Second}
	switch kind {
	case "webhook":
		c.Secret, c.URL = hush, server+"/hooks/"+hush
	case "slack", "teams":
		c.URL = server + "/services/" + hush
	case "telegram":
		c.Token, c.ChatID = hush, "-1001"
	case "alertmanager":
		c.User, c.Password = "feryat", hush
	case "shoutrrr":
		c.URL = "generic://" + strings.TrimPrefix(server, "http://") + "/" + hush + "?disabletls=yes&template=json"
	default:
		t.Fatalf("%s does not post", kind)
	}
	return c
}

func posting() []string {
	return []string{"webhook", "slack", "teams", "telegram", "alertmanager", "shoutrrr"}
}

// fine is what each receiver says of success.
func fine(kind string) string {
	return map[string]string{"slack": "ok", "telegram": `{"ok":true,"result":{"message_id":1}}`, "teams": "1"}[kind]
}

// tell sends m by a channel of kind to a server that answers so. No line that is
// logged meanwhile may show a secret.
func tell(t testing.TB, kind string, m Message, answer http.HandlerFunc) error {
	t.Helper()
	s := httptest.NewServer(answer)
	defer s.Close()
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	var logged bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&logged) // libraries may write there
	n, err := New(at(t, kind, s.URL), slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	err = n.Notify(t.Context(), m)
	shows(t, kind+"'s log", logged.String())
	return err
}

// told is tell to a server that is content, with what it was told.
func told(t testing.TB, kind string, m Message) (path string, h http.Header, body []byte) {
	t.Helper()
	if err := tell(t, kind, m, func(w http.ResponseWriter, r *http.Request) {
		path, h = r.URL.Path, r.Header
		if body, _ = io.ReadAll(r.Body); r.Method != http.MethodPost || !strings.HasPrefix(h.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %s with %v", kind, r.Method, h)
		}
		_, _ = io.WriteString(w, fine(kind))
	}); err != nil {
		t.Errorf("%s: %v", kind, err)
	}
	return path, h, body
}

// outcome says in a word what an error of a channel means.
func outcome(err error) string {
	var wait *RetryAfterError
	switch {
	case err == nil:
		return "taken"
	case errors.Is(err, ErrUnauthorized) && errors.Is(err, ErrRefused):
		return "unauthorized"
	case errors.Is(err, ErrRefused):
		return "refused"
	case errors.As(err, &wait):
		return "again in " + wait.After.String()
	}
	return "again"
}

func TestWhatEachReceiverMeans(t *testing.T) {
	for kind, want := range map[string]map[int]string{
		"webhook":      {204: "taken", 409: "taken", 301: "refused", 400: "refused", 401: "unauthorized", 403: "unauthorized", 404: "refused", 410: "refused", 408: "again", 425: "again", 429: "again in 7s", 500: "again", 503: "again in 7s"},
		"slack":        {400: "refused", 403: "unauthorized", 404: "unauthorized", 410: "unauthorized", 302: "refused", 429: "again in 7s", 500: "again"},
		"teams":        {200: "taken", 202: "taken", 400: "refused", 401: "unauthorized", 404: "unauthorized", 413: "refused", 429: "again in 7s", 502: "again"},
		"telegram":     {400: "refused", 401: "unauthorized", 403: "refused", 404: "unauthorized", 429: "again in 7s", 500: "again"},
		"alertmanager": {200: "taken", 400: "refused", 401: "unauthorized", 404: "refused", 500: "again"},
		"shoutrrr":     {200: "taken", 400: "refused", 401: "unauthorized", 403: "unauthorized", 404: "refused", 429: "again", 503: "again"},
	} {
		for status, want := range want {
			err := tell(t, kind, full(KindOpened), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://127.0.0.1:1/")
				if status == 429 || status == 503 {
					w.Header().Set("Retry-After", "7")
				}
				w.WriteHeader(status)
			})
			if got := outcome(err); got != want {
				t.Errorf("%s, status %d: %s (%v), want %s", kind, status, got, err, want)
			}
		}
	}
}

func TestAnswersInWords(t *testing.T) {
	for _, c := range []struct {
		kind   string
		status int
		body   string
		want   string
	}{
		{"slack", 200, "ok", "taken"}, {"slack", 200, "<html>sign in to the network</html>", "again"}, {"slack", 200, "", "again"},
		{"telegram", 200, `{"ok":true}`, "taken"}, {"telegram", 200, `{"ok":false}`, "again"}, {"telegram", 200, "<html>", "again"}, {"telegram", 200, "\xff{", "again"},
		{"telegram", 429, `{"ok":false,"error_code":429,"parameters":{"retry_after":31}}`, "again in 31s"}, {"telegram", 429, `{"ok":false,"parameters":{"retry_after":999999}}`, "again in 1h0m0s"},
		{"telegram", 400, `{"ok":false,"parameters":{"migrate_to_chat_id":-100987}}`, "refused"}, {"telegram", 400, `{"ok":false,"parameters":{"retry_after":5}}`, "refused"},
		{"teams", 200, "1", "taken"}, {"teams", 200, "", "taken"}, {"teams", 202, "", "taken"}, {"teams", 200, "<html>", "again"},
		{"teams", 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x", "again"},
		{"teams", 200, "Microsoft Teams endpoint returned HTTP error 413 with ContextId x", "refused"},
		{"alertmanager", 200, "<html>", "again"}, {"alertmanager", 200, "", "taken"}, {"alertmanager", 200, "{}", "taken"},
		{"webhook", 200, "anything", "taken"},
	} {
		err := tell(t, c.kind, full(KindOpened), func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		if got := outcome(err); got != c.want {
			t.Errorf("%s, %d %q: %s (%v), want %s", c.kind, c.status, c.body, got, err, c.want)
		}
		if strings.Contains(c.body, "migrate") && !strings.Contains(err.Error(), "set chat_id to -100987") {
			t.Errorf("does not say what to do: %v", err)
		}
	}
}

// No error holds a secret, even of a receiver that says back all it was sent,
// and none is longer for a receiver that never stops talking.
func TestNoErrorShowsASecret(t *testing.T) {
	cut := func(w http.ResponseWriter, _ *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		_ = c.Close()
	}
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", hush)
			w.Header().Set("Location", r.URL.Path)
			w.WriteHeader(status)
			_ = r.Write(w)
		}
	}
	raw := func(format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			c, _, _ := w.(http.Hijacker).Hijack()
			fmt.Fprintf(c, format, hush, r.URL.Path)
			_ = c.Close()
		}
	}
	for _, kind := range posting() {
		for name, answer := range map[string]http.HandlerFunc{
			"cut": cut, "echo 200": echo(200), "echo 400": echo(400), "echo 401": echo(401), "echo 500": echo(500), "redirect": echo(302),
			"no HTTP": raw("%s %s\r\n\r\n"), "bad header": raw("HTTP/1.1 200 OK\r\n%s %s\r\n\r\n"), "half a body": raw("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n%s %s"),
			"bad length": raw("HTTP/1.1 200 OK\r\nContent-Length: %s %s\r\n\r\n"),
			"huge": func(w http.ResponseWriter, _ *http.Request) {
				for range 1 << 10 {
					if _, err := w.Write(bytes.Repeat([]byte(hush), 100)); err != nil {
						return
					}
				}
			},
		} {
			if err := tell(t, kind, full(KindOpened), answer); err != nil {
				shows(t, kind+", "+name, err.Error())
			} else if name == "cut" || name == "no HTTP" {
				t.Errorf("%s, %s: taken", kind, name)
			}
		}
	}
}

// shows fails if s holds a secret or much of one.
func shows(t testing.TB, what, s string) {
	t.Helper()
	for _, part := range []string{hush, "Very-Private", "77000111", "Key"} {
		if strings.Contains(s, part) || len(s) > 400 {
			t.Errorf("%s tells too much: %s", what, s)
			return
		}
	}
}

func TestNoServerAndNoTimeAreTriedAgain(t *testing.T) {
	for _, kind := range posting() {
		release := make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}))
		c := at(t, kind, s.URL)
		c.Timeout = 20 * time.Millisecond
		n, err := New(c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second finds the first still hanging where that can be
			if err := n.Notify(t.Context(), full(KindOpened)); outcome(err) != "again" {
				t.Errorf("%s, slow: %v", kind, err)
			} else {
				shows(t, kind, err.Error())
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := n.Notify(ctx, full(KindOpened)); outcome(err) != "again" {
			t.Errorf("%s, cancelled: %v", kind, err)
		}
		close(release)
		s.Close()
		if err := n.Notify(t.Context(), full(KindOpened)); outcome(err) != "again" {
			t.Errorf("%s, nobody there: %v", kind, err)
		} else {
			shows(t, kind, err.Error())
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, "-5": -5 * time.Second, "soon": 0, "99999999999999999999": 0, "Fri, 06 Nov 2026 12:01:00 GMT": time.Minute, "Fri, 06 Nov 2026 11:00:00 GMT": -time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, noon); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
	base := errors.New("down")
	if err := after(base, -time.Hour); !errors.Is(err, base) || outcome(err) != "again" {
		t.Errorf("a time that is over: %v", err)
	}
	if err := after(fmt.Errorf("x: %w", base), 100*time.Hour); !errors.Is(err, base) || outcome(err) != "again in 1h0m0s" || !strings.Contains(err.Error(), "1h") {
		t.Errorf("got %v", err)
	}
}

func TestStatusOfALibrarysError(t *testing.T) {
	for text, want := range map[string]int{
		"failed: 404 Not Found": 404, `status "503 Service Unavailable"`: 503, "unexpected HTTP status: 429": 429, "got HTTP 401 Unauthorized": 401, "server returned status 500": 500,
		`Post "http://127.0.0.1:404/500/x": dial tcp: refused`: 0, "": 0, "token 404404": 0, "room 404": 0, "response status code 400": 400,
	} {
		if got := statusIn(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
