package datadir

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Variables that make the test binary a process that owns the folder.
const (
	childDir   = "FERYAT_TEST_DATADIR"
	childSleep = "FERYAT_TEST_DATADIR_SILENT" // do not publish
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		own(dir)
	}
	os.Exit(m.Run())
}

// own takes the folder, says so, and gives it back when its input ends.
func own(dir string) {
	l, err := Acquire(dir, "serve")
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	if os.Getenv(childSleep) == "" {
		err = l.Publish(Run{QueueURL: "nats://127.0.0.1:4222", QueueToken: "secret"})
	}
	fmt.Println("owning", err)
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // ends with the pipe
	if err := l.Release(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

type owner struct {
	cmd   *exec.Cmd
	stdin interface{ Close() error }
	first string // its first line
}

func start(t *testing.T, dir string, env ...string) *owner {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childDir+"="+dir), env...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	t.Cleanup(func() { _ = stdin.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &owner{cmd, stdin, strings.TrimSpace(line)}
}

func TestSecondProcessIsToldWhoOwns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := start(t, dir)
	if first.first != "owning <nil>" {
		t.Fatalf("first process: %s", first.first)
	}
	_, err := Acquire(dir, "collect")
	var owned *ErrOwned
	if !errors.As(err, &owned) || owned.Run.PID != first.cmd.Process.Pid || owned.Run.Started.IsZero() {
		t.Fatalf("Acquire: %v, want ErrOwned by process %d", err, first.cmd.Process.Pid)
	}
	if msg := err.Error(); !strings.Contains(msg, "feryat serve") || strings.Contains(msg, "secret") {
		t.Errorf("message %q names the owner and no secret", msg)
	}
	if second := start(t, dir); !strings.HasPrefix(second.first, "refused: data folder "+dir) {
		t.Errorf("second process: %s", second.first)
	}
	run, err := ReadRun(dir)
	if err != nil || run.QueueToken != "secret" {
		t.Errorf("ReadRun: %+v, %v", run, err)
	}
}

func TestKilledOwnerLeavesNoClaim(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.cmd.Wait() // killed
	if _, err := os.Stat(filepath.Join(dir, runFile)); err != nil {
		t.Fatalf("the killed owner should have left run.json: %v", err)
	}
	if run, err := ReadRun(dir); !errors.Is(err, ErrNoOwner) {
		t.Errorf("ReadRun believes a stale run.json: %+v, %v", run, err)
	}
	l, err := Acquire(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, runFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Acquire left the stale run.json: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Error(err)
	}
}

func TestReleaseLetsTheNextIn(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	if err := first.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.cmd.Wait(); err != nil {
		t.Fatalf("owner ended with %v", err)
	}
	if second := start(t, dir); second.first != "owning <nil>" {
		t.Errorf("after a release: %s", second.first)
	}
}

func TestOwnerThatHasNotPublished(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, childSleep+"=1")
	var owned *ErrOwned
	if _, err := ReadRun(dir); !errors.As(err, &owned) || owned.Run.PID != 0 {
		t.Errorf("ReadRun: %v, want ErrOwned without a process", err)
	}
	if _, err := Acquire(dir, "x"); !errors.As(err, &owned) || !strings.Contains(err.Error(), "starting or stopping") {
		t.Errorf("Acquire: %v", err)
	}
}

func TestPermissions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "data")
	l, err := Acquire(dir, "serve")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // again: an address has changed
		if err := l.Publish(Run{QueueToken: "secret"}); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]os.FileMode{"": 0o700, runFile: 0o600, lockFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: mode %v, %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 1 || left[0].Name() != lockFile {
		t.Errorf("left after release: %v, want the lock file alone", left)
	}
	if _, err := ReadRun(dir); !errors.Is(err, ErrNoOwner) {
		t.Errorf("ReadRun after release: %v", err)
	}
	if _, err := ReadRun(filepath.Join(dir, "none")); !errors.Is(err, ErrNoOwner) {
		t.Errorf("ReadRun of no folder: %v", err)
	}
}

// Readers look at the lock by taking it for a moment; an owner to be must not
// take them for an owner.
func TestReadersDoNotKeepAnOwnerOut(t *testing.T) {
	dir := t.TempDir()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = ReadRun(dir) // only its lock matters here
			}
		}
	})
	for range 20 {
		l, err := Acquire(dir, "serve")
		if err != nil {
			t.Errorf("Acquire beside readers: %v", err)
			break
		}
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

func TestBrokenRunFile(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, childSleep+"=1")
	if err := os.WriteFile(filepath.Join(dir, runFile), []byte(`{"pid":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRun(dir); err == nil || !strings.Contains(err.Error(), runFile) {
		t.Errorf("ReadRun of a broken file: %v", err)
	}
}

func TestSpace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	free, err := FreeSpace(dir)
	if err != nil || free <= 0 {
		t.Fatalf("FreeSpace: %d, %v", free, err)
	}
	if err := CheckSpace(dir, 1); err != nil {
		t.Error(err)
	}
	var none *NoSpaceError
	if err := CheckSpace(dir, 1<<60); !errors.As(err, &none) || none.Need != 1<<60 {
		t.Errorf("CheckSpace: %v", err)
	}
}
