package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"feryat/storage/engine"
)

// asProgram makes the test program behave as feryat, engine child included.
const asProgram = "FERYAT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"feryat": main})
}

// TestScripts runs each file of testdata/script: what a person types and sees.
func TestScripts(t *testing.T) {
	library, err := engine.FindLibrary("")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Setup: func(e *testscript.Env) error {
			e.Setenv(asProgram, "1")
			e.Setenv("FERYAT_STORAGE_EMBEDDED_LIBRARY", library)
			e.Setenv("FERYAT_STORAGE_EMBEDDED_LISTEN", "127.0.0.1:0")
			e.Setenv("FERYAT_WEB_LISTEN", "127.0.0.1:0")
			return nil
		},
	})
}

// exits is "exits CODE COMMAND…": exec, with the exit code that is wanted.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	code := exitOK
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		code = ended.ExitCode()
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("ended with %d, want %s", code, args[0])
	}
}

// program is a started feryat.
type program struct {
	cmd  *exec.Cmd
	out  syncBuffer
	err  syncBuffer
	done chan struct{}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// start runs feryat with args; it is killed when the test ends.
func start(t testing.TB, env []string, args ...string) *program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{cmd: exec.Command(self, args...), done: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1", "FERYAT_STORAGE_EMBEDDED_LISTEN=127.0.0.1:0", "FERYAT_WEB_LISTEN=127.0.0.1:0", hookSecret+"=only-for-tests"), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(p.kill)
	return p
}

// kill is kill -9.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// stop is an orderly end; it answers the exit code.
func (p *program) stop() int {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	return p.wait()
}

func (p *program) wait() int {
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

// says waits until the program has printed text.
func (p *program) says(t testing.TB, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for !strings.Contains(p.out.String()+p.err.String(), text) {
		select {
		case <-p.done:
			t.Fatalf("ended with %d before it said %q:\n%s%s", p.cmd.ProcessState.ExitCode(), text, p.out.String(), p.err.String())
		case <-ctx.Done():
			t.Fatalf("did not say %q:\n%s%s", text, p.out.String(), p.err.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// feryat runs a command to its end and answers its output; the exit code must be want.
func feryat(t testing.TB, want int, args ...string) string {
	t.Helper()
	p := start(t, nil, args...)
	if got := p.wait(); got != want {
		t.Fatalf("feryat %s ended with %d, want %d:\n%s%s", strings.Join(args, " "), got, want, p.out.String(), p.err.String())
	}
	return p.out.String()
}

// fails is feryat for a command that must end with want; it answers what was
// said on standard error.
func fails(t testing.TB, want int, args ...string) string {
	t.Helper()
	p := start(t, nil, args...)
	if got := p.wait(); got != want {
		t.Fatalf("feryat %s ended with %d, want %d:\n%s%s", strings.Join(args, " "), got, want, p.out.String(), p.err.String())
	}
	return p.err.String()
}

// query answers the rows of sql as JSON lines.
func query(t testing.TB, config, sql string) []string {
	t.Helper()
	out := feryat(t, exitOK, "query", "--config", config, "--format", "json", sql)
	return strings.FieldsFunc(out, func(r rune) bool { return r == '\n' })
}

// writeConfig writes a configuration file into a folder of its own, with its data beside it.
func writeConfig(t testing.TB, body string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "feryat.yaml")
	body = "data_dir: " + filepath.Join(dir, "data") + "\n" + body
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func decodeLine[T any](t testing.TB, line string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return v
}
