package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"go.uber.org/goleak"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func open(t testing.TB, access engine.Access, method clickhouse.CompressionMethod) driver.Conn {
	t.Helper()
	u, err := url.Parse(access.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol:    clickhouse.HTTP,
		Addr:        []string{u.Host},
		Auth:        clickhouse.Auth{Database: access.Database, Username: access.WriterUser, Password: access.WriterPassword},
		Compression: &clickhouse.Compression{Method: method},
		ReadTimeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func count(t *testing.T, access engine.Access, sql string) string {
	t.Helper()
	status, body := ask(t, access, sql, asWriter(access)...)
	if status != 200 {
		t.Fatalf("%s: %d %s", sql, status, body)
	}
	return strings.TrimSpace(body)
}

func ready(t *testing.T, e *engine.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := e.Ready(ctx); err != nil {
		t.Fatal(err)
	}
}

// TestKilled kills the child with SIGKILL: what was stored stays, the address and the password stay, a client that asks
// meanwhile waits, and the store is usable again.
func TestKilled(t *testing.T) {
	e := enginetest.New(t, enginetest.Config(t.TempDir()))
	access := e.Access()
	enginetest.Exec(t, access, "CREATE TABLE default.t (a UInt32) ENGINE = MergeTree ORDER BY a")
	enginetest.Exec(t, access, "INSERT INTO default.t SELECT number FROM numbers(100000)")
	for round := range 3 {
		if err := syscall.Kill(e.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		for e.Restarts() <= int64(round) { // the supervisor has noticed
			time.Sleep(time.Millisecond)
		}
		if got := count(t, access, "SELECT count() FROM default.t"); got != fmt.Sprint(100000+round) {
			t.Errorf("round %d: %s rows", round, got)
		}
		enginetest.Exec(t, access, "INSERT INTO default.t VALUES (1)")
		ready(t, e)
	}
	if e.Access() != access {
		t.Errorf("access changed: %v, before %v", e.Access(), access)
	}
}

// TestOwners: a second engine on the same folder waits for the first and takes over its data.
func TestOwners(t *testing.T) {
	cfg := enginetest.Config(t.TempDir())
	log := slog.New(slog.DiscardHandler)
	first, second := engine.New(cfg, enginetest.Command(), log), engine.New(cfg, enginetest.Command(), log)
	stop := run(t, first)
	ready(t, first)
	enginetest.Exec(t, first.Access(), "CREATE TABLE default.t ENGINE = MergeTree ORDER BY a AS SELECT 7 AS a")
	stopSecond := run(t, second)
	defer stopSecond()
	if err := second.Ready(expired(t)); err == nil {
		t.Error("two engines are ready on one folder")
	}
	stop()
	ready(t, second)
	if got := count(t, second.Access(), "SELECT a FROM default.t"); got != "7" {
		t.Errorf("got %q", got)
	}
	if err := first.Ready(context.Background()); err == nil {
		t.Error("a stopped engine says that it is ready")
	}
}

// expired is a context that ends after a moment in which a broken lock would let a second engine in.
func expired(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	t.Cleanup(cancel)
	return ctx
}

// run runs an engine and returns what stops it.
func run(t *testing.T, e *engine.Engine) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	var once sync.Once
	return func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("stopped with %v", err)
			}
		})
	}
}

func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	cfg := enginetest.Config(t.TempDir())
	cfg.Listen = taken.Addr().String()
	var log bytes.Buffer
	e := engine.New(cfg, enginetest.Command(), slog.New(slog.NewTextHandler(&log, nil)))
	stop := run(t, e)
	ready(t, e)
	stop()
	if !strings.Contains(log.String(), "taken="+cfg.Listen) || strings.HasSuffix(e.Access().URL, cfg.Listen) {
		t.Errorf("address %s, log %s", e.Access().URL, log.String())
	}
}

// TestStops: neither processes nor goroutines are left, also when the engine is stopped while it starts.
func TestStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, wait := range []bool{true, false} {
		e := engine.New(enginetest.Config(t.TempDir()), enginetest.Command(), slog.New(slog.DiscardHandler))
		stop := run(t, e)
		pid := 0
		if wait {
			ready(t, e)
			pid = e.PID()
		}
		stop()
		if pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			t.Errorf("the child %d still runs", pid)
		}
	}
}

func TestCannotStart(t *testing.T) {
	for name, change := range map[string]func(*engine.Config){
		"make setup":           func(c *engine.Config) { c.Library = filepath.Join(c.DataDir, "libchdb.so") },
		"data_dir is empty":    func(c *engine.Config) { c.DataDir = "" },
		"is not host:port":     func(c *engine.Config) { c.Listen = "nowhere" },
		"memory_limit 5":       func(c *engine.Config) { c.MemoryLimit = 5 },
		"make the engine's fo": func(c *engine.Config) { c.DataDir = "/dev/null/engine" },
	} {
		cfg := enginetest.Config(t.TempDir())
		change(&cfg)
		e := engine.New(cfg, enginetest.Command(), slog.New(slog.DiscardHandler))
		err := e.Run(context.Background())
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want %q, got %v", name, err)
		}
		if ready := e.Ready(context.Background()); !errors.Is(ready, err) {
			t.Errorf("Ready says %v", ready)
		}
	}
}

// TestCrashLoop: a child that ends at once is started again, ever later, until the owner has enough.
func TestCrashLoop(t *testing.T) {
	var log bytes.Buffer
	e := engine.New(enginetest.Config(t.TempDir()), []string{"/bin/false"}, slog.New(slog.NewTextHandler(&log, nil)))
	stop := run(t, e)
	for e.Restarts() < 2 {
		time.Sleep(time.Millisecond)
	}
	stop()
	if !strings.Contains(log.String(), "started again") {
		t.Error(log.String())
	}
}

func TestDefaultConfig(t *testing.T) {
	cfg := engine.DefaultConfig()
	cfg.DataDir = t.TempDir()
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
}

func TestFindLibrary(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	installed := filepath.Join(dir, "storage/engine/npm/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so")
	for _, folder := range []string{deep, filepath.Dir(installed)} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(deep)
	if path, err := engine.FindLibrary(""); err == nil || !strings.Contains(err.Error(), "make setup") {
		t.Errorf("nothing there: %q %v", path, err)
	}
	if err := os.WriteFile(installed, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if path, err := engine.FindLibrary(""); err != nil || path != installed {
		t.Errorf("installed: %q %v", path, err)
	}
	if path, err := engine.FindLibrary(installed); err != nil || path != installed {
		t.Errorf("explicit: %q %v", path, err)
	}
	if path, err := engine.FindLibrary(filepath.Join(dir, "other.so")); err == nil {
		t.Errorf("explicit but absent: %q", path)
	}
}

// TestSideBySide: readers and a writer at the same time, more of them than statements may run.
func TestSideBySide(t *testing.T) {
	access := enginetest.Start(t)
	conn := open(t, access, clickhouse.CompressionLZ4)
	ctx := context.Background()
	if err := conn.Exec(ctx, "CREATE TABLE t (worker UInt32, n UInt32) ENGINE = MergeTree ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	const workers, rounds, rows = 12, 5, 200
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() {
			for range rounds {
				if err := store(ctx, conn, uint32(worker), rows); err != nil {
					t.Error(err)
				}
				status, body := ask(t, access, "SELECT sum(n), count() FROM "+access.Database+".t FORMAT JSONCompactEachRow")
				if status != 200 {
					t.Errorf("reader: %d %s", status, body)
				}
			}
		})
	}
	wait.Wait()
	if got, want := count(t, access, "SELECT count() FROM t"), fmt.Sprint(workers*rounds*rows); got != want {
		t.Errorf("%s rows, want %s", got, want)
	}
}

func store(ctx context.Context, conn driver.Conn, worker uint32, rows int) error {
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
	if err != nil {
		return err
	}
	for i := range rows {
		if err := batch.Append(worker, uint32(i)); err != nil {
			return err
		}
	}
	return batch.Send()
}

// BenchmarkStart reports how long an empty store takes from Run to the first answer.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		e := engine.New(enginetest.Config(b.TempDir()), enginetest.Command(), slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		if err := e.Ready(ctx); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		cancel()
		<-done
		b.StartTimer()
	}
}

// BenchmarkInsert reports rows stored through clickhouse-go in batches of 5,000.
func BenchmarkInsert(b *testing.B) {
	access := enginetest.Start(b)
	conn := open(b, access, clickhouse.CompressionLZ4)
	if err := conn.Exec(b.Context(), "CREATE TABLE t (worker UInt32, n UInt32) ENGINE = MergeTree ORDER BY n"); err != nil {
		b.Fatal(err)
	}
	const rows = 5000
	for b.Loop() {
		if err := store(b.Context(), conn, 1, rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
