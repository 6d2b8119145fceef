package main

import (
	"strings"
	"testing"
	"time"
)

// A channel that does not accept us is shown on the page and said once.
func TestAWrongTokenIsOnThePage(t *testing.T) {
	t.Parallel()
	phone := newTelephone(t)
	f := serveWith(t, []string{hookSecret + "=mistyped"}, writeConfig(t, newShop(t, 4, 5, 10).config(phone.URL, 500)))
	deadline := time.Now().Add(time.Minute)
	for {
		_, page := get(t, f.run.WebURL+"inbox?lang=en")
		if strings.Contains(page, "has not taken messages since") && strings.Contains(page, "its token, password or address is not accepted") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the page says nothing of the channel: %.2000s\n%s", page, f.err.String())
		}
		time.Sleep(200 * time.Millisecond)
	}
	if _, metrics := get(t, f.run.WebURL+"metrics"); !strings.Contains(metrics, "\nferyat_channel_up{channel=") || !strings.Contains(metrics, "} 0\n") {
		t.Error("feryat_channel_up does not say 0")
	}
	if n := strings.Count(f.err.String(), "does not accept us"); n != 1 {
		t.Errorf("the log says it %d times:\n%s", n, f.err.String())
	}
}
