package storage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

func TestRunRollups(t *testing.T) {
	cfg := embeddedConfig(enginetest.Start(t))
	cfg.RollupInterval = 10 * time.Millisecond
	s := openStore(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.RunRollups(ctx) }()
	for n := range 3 {
		if _, err := s.Insert(t.Context(), []mention.Scored{killed(n)}); err != nil {
			t.Fatal(err)
		}
	}
	for lines(t, s, "SELECT sum(mentions) FROM rollup_day")[0] != "3" { // the test's own time limit ends it
		if t.Context().Err() != nil {
			t.Fatal("the roll-ups never came")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("the loop ended with %v", err)
	}
}

// TestAnotherSecret holds that a database whose forgotten authors cannot be recognised takes nothing.
func TestAnotherSecret(t *testing.T) {
	cfg := embeddedConfig(enginetest.Start(t))
	s := openStore(t, cfg)
	if _, err := s.Forget(t.Context(), mention.Author{ID: "u"}, "shop"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"", "another one"} {
		cfg.Secret = []byte(secret)
		other, err := storage.Open(t.Context(), cfg, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Insert(t.Context(), []mention.Scored{killed(1)}); err == nil || !strings.Contains(err.Error(), "secret") {
			t.Errorf("with secret %q: %v", secret, err)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}
	cfg.Secret = nil
	if _, err := openStore(t, cfg).Forget(t.Context(), mention.Author{ID: "u"}, ""); err == nil {
		t.Error("forgotten without a secret")
	}
}
