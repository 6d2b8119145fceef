package notify

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestVerify(t *testing.T) {
	now, body := time.Unix(1_800_000_000, 0), []byte(`{"a":1}`)
	good := Sign([]byte(hush), now, body)
	for name, c := range map[string]struct {
		secret, signature, body string
		at                      time.Time
		want                    bool
	}{
		"right":        {hush, good, `{"a":1}`, now, true},
		"other body":   {hush, good, `{"a":2}`, now, false},
		"other secret": {"x", good, `{"a":1}`, now, false},
		"too old":      {hush, good, `{"a":1}`, now.Add(time.Hour), false},
		"from ahead":   {hush, good, `{"a":1}`, now.Add(-time.Hour), false},
		"no signature": {hush, "", `{"a":1}`, now, false},
		"no mac":       {hush, "t=1800000000", `{"a":1}`, now, false},
		"odd time":     {hush, strings.Replace(good, "18", "x8", 1), `{"a":1}`, now, false},
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
	if err := n.Notify(t.Context(), full(KindOpened)); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "rule=angry_now") || !strings.Contains(got, "legal") {
		t.Errorf("got %q", got)
	}
}
