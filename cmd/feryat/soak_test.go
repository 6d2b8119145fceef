//go:build soak

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"feryat/alert/notify"
)

// TestSoak is the long form of TestKilledCollectionsLoseAndDoubleNothing.
func TestSoak(t *testing.T) {
	compareKilled(t, newShop(t, 30, 10, 10), 10, 20, 6*time.Second)
}

// TestSoakInAStorm is the long form of TestKilledInAStorm.
func TestSoakInAStorm(t *testing.T) {
	killInStorm(t, newStorm(t, 30, 10, 10), 10, 20, 6*time.Second)
}

// TestDelay measures how long it takes from the store to the webhook, for a
// thousand escalations while the program collects as fast as it can.
func TestDelay(t *testing.T) {
	s := newShop(t, 40, 10, 10)
	s.fresh = true
	var mu sync.Mutex
	var delays []time.Duration
	phone := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		now := time.Now()
		body, err := io.ReadAll(r.Body)
		var m notify.Message
		if err != nil || json.Unmarshal(body, &m) != nil || m.Escalation.Stored.IsZero() {
			t.Errorf("a message without a time of storing: %s", body)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		delays = append(delays, now.Sub(m.Escalation.Stored))
	}))
	defer phone.Close()
	f := serve(t, writeConfig(t, s.config(phone.URL, 200)))
	want := s.total() / 4
	deadline := time.Now().Add(2 * time.Minute)
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(delays) }
	for count() < want && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
	}
	f.until(t, "SELECT count() FROM feryat.v_mentions", "4000")
	settled(t, f)
	if len(delays) != want {
		t.Fatalf("%d messages, want %d", len(delays), want)
	}
	slices.Sort(delays)
	at := func(p float64) time.Duration { return delays[int(p*float64(len(delays)-1))].Round(time.Millisecond) }
	t.Logf("stored to delivered, %d escalations: median %s, 90%% %s, 99%% %s, longest %s", len(delays), at(.5), at(.9), at(.99), at(1))
}
