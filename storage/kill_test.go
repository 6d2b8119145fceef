package storage_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

func killed(n int) mention.Scored {
	at := time.Date(2025, 3, 1, 10, 0, 0, 0, time.UTC)
	m := mention.Mention{
		ID: mention.NewID("site", "shop.example", fmt.Sprint(n)), Source: "shop", Text: fmt.Sprint("text ", n), Collected: at,
		Written: mention.Written{Time: at.AddDate(0, 0, -n%40), Precision: mention.PrecisionDay},
	}
	return mention.Scored{Mention: m.Revise(), Brand: "Paytak", Verdict: mention.Verdict{Mood: mention.Angry, Topics: []string{"delay"}, Lexicon: "1"}}
}

// TestKill kills the engine while batches are stored and rolled up. What was acknowledged stays, and what was not is
// stored by the next try, once.
func TestKill(t *testing.T) {
	t.Parallel()
	e := enginetest.New(t, enginetest.Config(t.TempDir()))
	cfg := embeddedConfig(e.Access())
	cfg.Database = "feryat"
	s := openStore(t, cfg)
	const size, rounds = 200, 2
	for round := range rounds {
		batch := make([]mention.Scored, size)
		for i := range batch {
			batch[i] = killed(round*size + i)
		}
		tries := make(chan int)
		go func() { tries <- insertUntilStored(t, s, batch) }()
		time.Sleep(time.Duration(10+round*40) * time.Millisecond) // anywhere in the insert
		if round > 0 {
			kill(t, e.PID())
		}
		t.Logf("round %d: stored at try %d", round, <-tries)
		if round == 0 {
			kill(t, e.PID()) // right after the acknowledgement
		}
		if err := e.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, func() error { return s.FlushRollups(t.Context()) })
	}
	got := lines(t, s, "SELECT count(), uniqExact(id), (SELECT sum(mentions) FROM rollup_day), (SELECT sum(complaints) FROM rollup_topic) FROM v_mentions")
	if want := fmt.Sprintf("%d\t%[1]d\t%[1]d\t%[1]d", size*rounds); got[0] != want {
		t.Errorf("rows, ids, rolled up: %s, want %s", got[0], want)
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if pid <= 0 {
		return // it is being started again
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
		t.Fatal(err)
	}
}

// insertUntilStored does what the queue does: it delivers a batch until it is acknowledged.
func insertUntilStored(t *testing.T, s *storage.Store, batch []mention.Scored) (tries int) {
	eventually(t, func() error {
		tries++
		_, err := s.Insert(t.Context(), batch)
		return err
	})
	return tries
}

func eventually(t *testing.T, try func() error) {
	for range 100 {
		err := try()
		if err == nil {
			return
		}
		t.Log(err)
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("it never worked again")
}

func TestNobodyAnswers(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.User, cfg.Password, cfg.ConnectTimeout = "http://"+address, "feryat", "a-secret-password", 300*time.Millisecond
	_, err = storage.Open(t.Context(), cfg, quiet())
	if err == nil || !strings.Contains(err.Error(), "waiting for ClickHouse at http://"+address) || strings.Contains(err.Error(), "a-secret-password") {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := storage.Open(ctx, cfg, quiet()); err == nil {
		t.Error("a cancelled context opened a store")
	}
}

func TestWrongPassword(t *testing.T) {
	cfg := embeddedConfig(enginetest.Start(t))
	cfg.Password = "a-wrong-password"
	started := time.Now()
	_, err := storage.Open(t.Context(), cfg, quiet())
	if err == nil || strings.Contains(err.Error(), cfg.Password) || time.Since(started) > cfg.ConnectTimeout {
		t.Errorf("the error is %v", err)
	}
}
