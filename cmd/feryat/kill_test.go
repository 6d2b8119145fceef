package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// endState is all that a person or a program can see after a collection.
func endState(t testing.TB, config string) []string {
	t.Helper()
	s := serve(t, config, "--roles", "web")
	defer s.kill()
	return s.endState(t)
}

func (s *server) endState(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, sql := range []string{
		"SELECT id, brand, revision, source, product, author, text, rating, written, written_precision, mood, score, topics, signals, origin, url FROM v_mentions ORDER BY id, brand",
		"SELECT id, count() FROM mention_versions GROUP BY id ORDER BY id",
		"SELECT brand, day, source, language, mood, mentions, unhappy FROM rollup_day ORDER BY ALL",
		"SELECT brand, day, source, language, topic, complaints, praise FROM rollup_topic ORDER BY ALL",
		"SELECT brand, author_id, severity, state FROM v_escalations ORDER BY ALL",
		"SELECT brand, author_id, count() FROM escalation_events FINAL WHERE type = 'opened' GROUP BY ALL ORDER BY ALL",
	} {
		all = append(all, s.rows(t, sql)...)
	}
	return all
}

// kills runs collections that are killed n times at random moments, then lets
// one finish. Every third time it is the engine alone that is killed first, and
// in the middle third the receiver of messages is down.
func kills(t testing.TB, config string, phone *telephone, n int, longest time.Duration) []death {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(n)))
	var deaths []death
	defer phone.down.Store(false)
	for i := range n {
		phone.down.Store(i >= n/3 && i < 2*n/3)
		p := start(t, nil, "collect", "--once", "--config", config)
		wait := time.Duration(float64(longest) * (0.1 + 0.9*random.Float64()))
		if i%3 == 2 {
			p.says(t, "embedded ClickHouse is ready")
			time.Sleep(wait / 3)
			killEngine(t, p)
		}
		select {
		case <-p.done:
			t.Logf("kill %d: the collection had ended already with %d", i+1, p.cmd.ProcessState.ExitCode())
		case <-time.After(wait):
		}
		d := death{from: time.Now()}
		p.kill()
		d.to = time.Now()
		deaths = append(deaths, d)
	}
	phone.down.Store(false)
	feryat(t, exitOK, "collect", "--once", "--config", config)
	return deaths
}

// death is from the kill until the process has ended.
type death struct{ from, to time.Time }

// inFlight is true of a message that reached the receiver less than two seconds
// before the kill, in which its delivery is written down, or after it, having
// stood in the receiver's socket meanwhile.
func (d death) inFlight(reached time.Time) bool {
	return reached.After(d.from.Add(-2*time.Second)) && reached.Before(d.to.Add(250*time.Millisecond))
}

// killEngine kills the child process that runs ClickHouse.
func killEngine(t testing.TB, p *program) {
	t.Helper()
	parent := fmt.Sprint(p.cmd.Process.Pid)
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stats {
		body, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(body[strings.LastIndexByte(string(body), ')')+1:]))
		var pid int
		if fields[1] == parent {
			if _, err := fmt.Sscanf(file, "/proc/%d/stat", &pid); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
			}
		}
	}
}

// compareKilled collects the same shop with n kills and without, and compares
// what is stored and what was told.
func compareKilled(t *testing.T, s *shop, rate, n int, longest time.Duration) {
	calm, killed := newTelephone(t), newTelephone(t)
	undisturbed := writeConfig(t, s.config(calm.URL, rate))
	feryat(t, exitOK, "collect", "--once", "--config", undisturbed)
	disturbed := writeConfig(t, s.config(killed.URL, rate))
	at := kills(t, disturbed, killed, n, longest)
	want, got := endState(t, undisturbed), endState(t, disturbed)
	if len(want) < s.total() {
		t.Fatalf("%d lines after an undisturbed run of %d reviews", len(want), s.total())
	}
	if !slices.Equal(got, want) {
		t.Errorf("after %d kills the end state differs: %s", n, firstDifference(got, want))
	}
	compareTold(t, calm.keys(), killed.keys(), at)
	t.Logf("%d reviews, %d lines of end state, %d escalations told, %d kills", s.total(), len(want), len(calm.keys()), n)
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := "(nothing)", "(nothing)"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("%d and %d lines, at line %d\n got %s\nwant %s", len(got), len(want), i, g, w)
		}
	}
	return "nowhere"
}

// compareTold wants every key of the calm run, and no needless repeat.
func compareTold(t *testing.T, want, got map[string][]time.Time, deaths []death) {
	t.Helper()
	if len(want) == 0 {
		t.Error("nobody was told: the test proves nothing")
	}
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Errorf("told of %d keys, want %d", len(g), len(w))
	}
	compareRepeats(t, got, deaths)
}

// compareRepeats wants a key twice only where a kill came while its message was
// in flight.
func compareRepeats(t *testing.T, got map[string][]time.Time, deaths []death) {
	t.Helper()
	repeats := 0
	for key, times := range got {
		for _, again := range times[1:] {
			repeats++
			i := slices.IndexFunc(deaths, func(d death) bool { return d.inFlight(times[0]) && again.After(d.from) })
			if i < 0 {
				t.Errorf("key %s came at %v: no kill explains it; killed at %v", key, times, deaths)
				continue
			}
			t.Logf("key %s came again, first %v after a kill", key, times[0].Sub(deaths[i].from))
		}
	}
	t.Logf("%d keys, %d repeats", len(got), repeats)
}

func TestKilledCollectionsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	compareKilled(t, newShop(t, 6, 3, 10), 12, 3, 3*time.Second)
}
