package helpdesk

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/mention"
)

// broken is a desk whose journal is away: it may have done what it was told.
type broken struct{}

func (broken) Hear(context.Context, string, alert.Word) (mention.Escalation, alert.Heard, error) {
	return mention.Escalation{ID: escalation, State: mention.StateResolved}, alert.HeardDone, mention.ErrUnavailable
}

// call sends a body with a token; the path names the channel.
func call(t *testing.T, h http.Handler, token, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/hooks/desk", strings.NewReader(body))
	r.SetPathValue("channel", "desk")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// What is not stored yet is to be said again; nothing says that it was done.
func TestWhatIsNotStoredIsSaidAgain(t *testing.T) {
	var log bytes.Buffer
	reg := prometheus.NewRegistry()
	c := channel()
	c.Token = "very-private-token"
	h := New([]notify.Config{c}, broken{}, reg, slog.New(slog.NewTextHandler(&log, nil)))
	w := call(t, h, c.Token, `{"external_id":"`+escalation+`","status":"solved","agent":"ayse"}`)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "done") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	const counted = "# HELP feryat_helpdesk_words_total What came of what help desks told, by channel; those that are not let in have none.\n# TYPE feryat_helpdesk_words_total counter\n" +
		"feryat_helpdesk_words_total{channel=\"desk\",outcome=\"later\"} 1\n"
	if err := testutil.GatherAndCompare(reg, strings.NewReader(counted)); err != nil {
		t.Error(err)
	}
	if shown := log.String(); !strings.Contains(shown, "channel=desk") || strings.Contains(shown, "very-private") || strings.Contains(shown, "ayse") {
		t.Errorf("the log says %s", shown)
	}
}

// Callers that are not let in are counted, and said once a minute.
func TestGuessingFillsNoLog(t *testing.T) {
	var log bytes.Buffer
	reg := prometheus.NewRegistry()
	c := channel()
	c.Token = "very-private-token"
	h := New([]notify.Config{c}, broken{}, reg, slog.New(slog.NewTextHandler(&log, nil)))
	at := noon()
	h.now = func() time.Time { return at }
	for range 1000 {
		if w := call(t, h, "a guess", "{}"); w.Code != http.StatusUnauthorized {
			t.Fatal(w.Code)
		}
	}
	at = at.Add(sayEvery)
	call(t, h, "a guess", "{}")
	if got := log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "times=1000") || strings.Contains(got, "guess") {
		t.Errorf("the log says\n%s", got)
	}
}
