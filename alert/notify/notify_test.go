package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

const secret = "kept-in-a-file"

func sample() Message {
	return Message{Key: "0123456789abcdef0123456789abcdef", Title: map[string]string{"en": "Angry customer"}, Escalation: mention.Escalation{
		ID: "e1", Rule: "angry_now", Severity: "critical", Brand: "Paytak", Mood: mention.Angry, Excerpt: "«کرایه» rezalet 🤬", Why: []string{"angry", "threat"}}}
}

func hook(t *testing.T, answer http.HandlerFunc) Notifier {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	n, err := New(Config{Name: "desk", Type: "webhook", URL: s.URL + "/hooks/T0-very-private", Secret: secret}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWebhookSendsASignedMessageWithItsKey(t *testing.T) {
	want := sample()
	n := hook(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !Verify([]byte(secret), r.Header.Get(HeaderSignature), body, time.Now(), time.Minute) {
			t.Error("the signature does not fit")
		}
		if r.Header.Get(HeaderKey) != want.Key || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("got %s with headers %v", r.Method, r.Header)
		}
		var got Message
		if err := json.Unmarshal(body, &got); err != nil || got.Escalation.Excerpt != want.Escalation.Excerpt || got.Key != want.Key {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	if err := n.Notify(context.Background(), want); err != nil {
		t.Fatal(err)
	}
}

func TestWebhookTellsWhetherToTryAgain(t *testing.T) {
	for status, want := range map[int]string{200: "", 204: "", 409: "", 301: "refused", 400: "refused", 401: "refused", 404: "refused", 410: "refused",
		408: "again", 425: "again", 429: "again", 500: "again", 503: "again"} {
		n := hook(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
		})
		got := ""
		if err := n.Notify(context.Background(), sample()); errors.Is(err, ErrRefused) {
			got = "refused"
		} else if err != nil {
			got = "again"
		}
		if got != want {
			t.Errorf("status %d: %q, want %q", status, got, want)
		}
	}
}

func TestNoErrorShowsTheSecretOrTheAddress(t *testing.T) {
	n := hook(t, func(w http.ResponseWriter, _ *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		_ = c.Close()
	})
	err := n.Notify(context.Background(), sample())
	if err == nil || errors.Is(err, ErrRefused) {
		t.Fatalf("a broken connection must be tried again, got %v", err)
	}
	if strings.Contains(err.Error(), "T0-very-private") || strings.Contains(err.Error(), secret) {
		t.Errorf("the error tells too much: %v", err)
	}
}

func TestVerify(t *testing.T) {
	now, body := time.Unix(1_800_000_000, 0), []byte(`{"a":1}`)
	good := Sign([]byte(secret), now, body)
	for name, c := range map[string]struct {
		secret, signature, body string
		at                      time.Time
		want                    bool
	}{
		"right":        {secret, good, `{"a":1}`, now, true},
		"other body":   {secret, good, `{"a":2}`, now, false},
		"other secret": {"x", good, `{"a":1}`, now, false},
		"too old":      {secret, good, `{"a":1}`, now.Add(time.Hour), false},
		"from ahead":   {secret, good, `{"a":1}`, now.Add(-time.Hour), false},
		"no signature": {secret, "", `{"a":1}`, now, false},
		"no mac":       {secret, "t=1800000000", `{"a":1}`, now, false},
		"odd time":     {secret, strings.Replace(good, "18", "x8", 1), `{"a":1}`, now, false},
	} {
		if got := Verify([]byte(c.secret), c.signature, []byte(c.body), c.at, time.Minute); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

func TestLogChannelWritesOneLine(t *testing.T) {
	var b bytes.Buffer
	n, err := New(Config{Name: "log", Type: "log"}, slog.New(slog.NewTextHandler(&b, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Notify(context.Background(), sample()); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "rule=angry_now") || !strings.Contains(got, "threat") {
		t.Errorf("got %q", got)
	}
}

func TestValidate(t *testing.T) {
	for want, c := range map[string]Config{
		"needs a name":         {Type: "log"},
		`type "pigeon" is not`: {Name: "x", Type: "pigeon"},
		"must be an http or":   {Name: "x", Type: "webhook", URL: "ftp://x", Secret: "s"},
		"unsigned webhook":     {Name: "x", Type: "webhook", URL: "https://example.org/h"},
		"timeout is negative":  {Name: "x", Type: "log", Timeout: -1},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
