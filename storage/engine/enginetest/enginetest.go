// Package enginetest gives tests a real embedded ClickHouse. A test package that uses it hands its tests to [Main]:
//
//	func TestMain(m *testing.M) { enginetest.Main(m) }
//
// because the engine runs in a child process, which is the test program itself started once more.
package enginetest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feryat/storage/engine"
)

// childArgument makes a test program serve as the engine's child.
const childArgument = "enginetest-child"

// Main is [Run] and the end of the program.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run runs the tests of the package and stops the shared engine, or, in a child, serves as the engine.
func Run(m *testing.M) int {
	if len(os.Args) > 1 && os.Args[1] == childArgument {
		if err := engine.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	code := m.Run()
	shared.stop()
	return code
}

// shared is the engine of the whole test program; starting one for each test would take most of the time.
var shared sharedEngine //nolint:gochecknoglobals // tests have nothing else in common

type sharedEngine struct {
	once      sync.Once
	access    engine.Access
	err       error
	end       func()
	databases atomic.Int64
	mu        sync.Mutex
	spare     []string // databases that Again may give once more
}

// Start gives the way to an engine that all tests of the package share, with a new, empty database of the test's own in
// Access.Database, which is dropped in the end.
func Start(t testing.TB) engine.Access {
	t.Helper()
	shared.once.Do(shared.start)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	access := shared.access
	access.Database = fmt.Sprintf("test_%d", shared.databases.Add(1))
	Exec(t, access, "CREATE DATABASE "+access.Database)
	t.Cleanup(func() { Exec(t, access, "DROP DATABASE IF EXISTS "+access.Database+" SYNC") })
	return access
}

// Again is Start, except that the database may be one that an earlier test of the package was given by Again: its tables
// are there and empty, but for the table keep. Where a schema is made of many statements, that is most of a test's time.
func Again(t testing.TB, keep string) engine.Access {
	t.Helper()
	shared.once.Do(shared.start)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	access := shared.access
	access.Database = shared.take()
	Exec(t, access, "CREATE DATABASE IF NOT EXISTS "+access.Database)
	t.Cleanup(func() {
		Exec(t, access, "TRUNCATE ALL TABLES FROM "+access.Database+" NOT LIKE '"+keep+"'")
		shared.mu.Lock()
		defer shared.mu.Unlock()
		shared.spare = append(shared.spare, access.Database)
	})
	return access
}

func (s *sharedEngine) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.spare)
	if n == 0 {
		return fmt.Sprintf("test_%d", s.databases.Add(1))
	}
	name := s.spare[n-1]
	s.spare = s.spare[:n-1]
	return name
}

func (s *sharedEngine) start() {
	dir, err := os.MkdirTemp("", "enginetest")
	if err != nil {
		s.err = err
		return
	}
	e, stop := launch(Config(dir))
	s.end = func() { stop(); _ = os.RemoveAll(dir) }
	s.access, s.err = ready(e)
}

func (s *sharedEngine) stop() {
	if s.end != nil {
		s.end()
	}
}

// Config is the default configuration with its data in dir, on any free port.
func Config(dir string) engine.Config {
	cfg := engine.DefaultConfig()
	cfg.DataDir = filepath.Join(dir, "engine")
	cfg.Listen = "127.0.0.1:0"
	return cfg
}

// New starts an engine for this test alone and stops it in the end.
func New(t testing.TB, cfg engine.Config) *engine.Engine {
	t.Helper()
	e, stop := launch(cfg)
	t.Cleanup(stop)
	if _, err := ready(e); err != nil {
		t.Fatal(err)
	}
	return e
}

// Command is what starts this test program as an engine.
func Command() []string { return []string{os.Args[0], childArgument} }

func launch(cfg engine.Config) (*engine.Engine, func()) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	e := engine.New(cfg, Command(), log)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := e.Run(ctx); err != nil {
			log.Error("engine", "error", err)
		}
	}()
	return e, func() { cancel(); <-done }
}

func ready(e *engine.Engine) (engine.Access, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := e.Ready(ctx)
	return e.Access(), err
}

// Exec runs a statement as the writer.
func Exec(t testing.TB, access engine.Access, sql string) {
	t.Helper()
	query := url.Values{"user": {access.WriterUser}, "password": {access.WriterPassword}}
	// Not the test's own context: Exec also cleans up, when that has ended.
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, access.URL+"/?"+query.Encode(), strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to the end where it matters
	if resp.StatusCode != http.StatusOK {
		message, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s: %s: %s", sql, resp.Status, message)
	}
}
