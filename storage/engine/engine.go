package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Access is how a client reaches the engine. It stays the same over restarts of the child.
type Access struct {
	URL            string // http://host:port
	Database       string // to use when none is asked for
	WriterUser     string
	WriterPassword string
	ReaderUser     string // empty: readers are switched off
}

// Engine supervises the child process in which ClickHouse runs.
type Engine struct {
	cfg      Config
	command  []string
	log      *slog.Logger
	password string
	restarts atomic.Int64

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever a field below changes
	address string        // of the listening socket; empty before Run
	pid     int           // of the child that answers; 0: none does
	ended   error         // why Run is over; nil: it is not
}

// New makes an engine that starts nothing yet. command is what runs [Serve] in a process of its own.
func New(cfg Config, command []string, log *slog.Logger) *Engine {
	return &Engine{cfg: cfg, command: command, log: log, password: randomHex(16), changed: make(chan struct{})}
}

// Run keeps the child running until ctx ends, then stops it in order. It returns nil in that case, and at once with an
// error if the configuration, the address or the library is at fault.
func (e *Engine) Run(ctx context.Context) (err error) {
	defer func() { e.end(err) }()
	if err := e.cfg.Validate(); err != nil {
		return fmt.Errorf("embedded ClickHouse: %w", err)
	}
	if e.cfg.Library, err = FindLibrary(e.cfg.Library); err != nil {
		return fmt.Errorf("embedded ClickHouse: %w", err)
	}
	if err := e.cfg.makeFolders(); err != nil {
		return fmt.Errorf("embedded ClickHouse: %w", err)
	}
	listener, err := listen(ctx, e.cfg.Listen, e.log)
	if err != nil {
		return fmt.Errorf("embedded ClickHouse: %w", err)
	}
	defer func() { _ = listener.Close() }() // nobody listens any more
	socket, err := listener.File()
	if err != nil {
		return fmt.Errorf("embedded ClickHouse: share the listening socket: %w", err)
	}
	defer func() { _ = socket.Close() }() // a copy of the listener's
	e.update(func() { e.address = listener.Addr().String() })
	return e.keepRunning(ctx, socket)
}

// keepRunning starts the child again and again, ever slower while it does not keep running.
func (e *Engine) keepRunning(ctx context.Context, socket *os.File) error {
	pause := &backoff.ExponentialBackOff{InitialInterval: 100 * time.Millisecond, RandomizationFactor: 0.3, Multiplier: 2, MaxInterval: 15 * time.Second}
	const stable = time.Minute
	pause.Reset()
	for {
		started := time.Now()
		err := e.runChild(ctx, socket)
		if ctx.Err() != nil {
			return nil
		}
		if time.Since(started) > stable {
			pause.Reset()
		}
		wait := pause.NextBackOff()
		e.restarts.Add(1)
		e.log.Error("embedded ClickHouse ended and is started again", "error", err, "wait", wait.Round(time.Millisecond))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// runChild runs one child to its end. It never returns a nil error unless ctx ended.
func (e *Engine) runChild(ctx context.Context, socket *os.File) error {
	const patience = 10 * time.Second // for an orderly end; then the child is killed
	started := time.Now()
	cmd := exec.CommandContext(ctx, e.command[0], e.command[1:]...)
	cmd.ExtraFiles = []*os.File{socket}
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.WaitDelay = patience
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the owner, which still has rows to store
	stdin, stdout, err := e.pipes(cmd)
	if err != nil {
		return err
	}
	cmd.Cancel = stdin.Close // tells the child to end
	if err := e.start(cmd); err != nil {
		return fmt.Errorf("start %s: %w", e.command[0], err)
	}
	err = e.greet(stdin, stdout)
	if err == nil {
		e.log.Info("embedded ClickHouse is ready", "address", e.url(), "pid", cmd.Process.Pid, "took", time.Since(started).Round(time.Millisecond))
		e.update(func() { e.pid = cmd.Process.Pid })
	}
	waited := cmd.Wait()
	e.update(func() { e.pid = 0 })
	return errors.Join(errors.New("the child process is gone"), err, waited)
}

// greet gives the child its orders and waits until it is ready.
func (e *Engine) greet(stdin io.Writer, stdout io.Reader) error {
	if err := json.NewEncoder(stdin).Encode(orders{Config: e.cfg, WriterPassword: e.password, Listener: 3}); err != nil {
		return fmt.Errorf("configure the child: %w", err)
	}
	var ready report
	if err := json.NewDecoder(stdout).Decode(&ready); err != nil {
		return fmt.Errorf("the child did not become ready: %w", err)
	}
	return nil
}

// pipes connects the child's standard streams; what it writes to standard error goes to the log.
func (e *Engine) pipes(cmd *exec.Cmd) (io.WriteCloser, io.Reader, error) {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the child: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the child: %w", err)
	}
	cmd.Stderr = &lineLogger{log: e.log}
	return stdin, stdout, nil
}

// lineLogger logs what is written to it, line by line. A line is cut at 4 KiB.
type lineLogger struct {
	log  *slog.Logger
	line []byte
}

func (l *lineLogger) Write(p []byte) (int, error) {
	const longest = 4 << 10
	for rest := p; len(rest) > 0; {
		piece, after, ended := bytes.Cut(rest, []byte("\n"))
		l.line = append(l.line, piece[:min(len(piece), longest-len(l.line))]...)
		if ended {
			l.log.Warn("embedded ClickHouse says", "text", string(l.line))
			l.line = l.line[:0]
		}
		rest = after
	}
	return len(p), nil
}

// start starts the child in its sandbox, or without one where there is none.
func (e *Engine) start(cmd *exec.Cmd) error {
	if !e.cfg.Sandbox {
		return cmd.Start()
	}
	box, err := e.cfg.sandbox(cmd.Path)
	if err != nil {
		return err
	}
	err = box.start(cmd)
	if errors.Is(err, errNoSandbox) {
		e.log.Warn("embedded ClickHouse runs without the kernel's sandbox", "error", err)
		return cmd.Start()
	}
	return err
}

// Ready waits until the engine answers. It returns an error if ctx or [Engine.Run] ends first.
func (e *Engine) Ready(ctx context.Context) error {
	for {
		e.mu.Lock()
		changed, pid, ended := e.changed, e.pid, e.ended
		e.mu.Unlock()
		switch {
		case ended != nil:
			return ended
		case pid != 0:
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the embedded ClickHouse: %w", ctx.Err())
		}
	}
}

// Access gives the address and users. The URL is empty before [Engine.Run] listens; after [Engine.Ready] it is set.
func (e *Engine) Access() Access {
	access := Access{URL: e.url(), Database: "default", WriterUser: WriterUser, WriterPassword: e.password}
	if e.cfg.Reader {
		access.ReaderUser = ReaderUser
	}
	return access
}

// Restarts counts how often the child had to be started again.
func (e *Engine) Restarts() int64 { return e.restarts.Load() }

// PID is the process of the child that answers; 0 while none does.
func (e *Engine) PID() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pid
}

func (e *Engine) url() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.address == "" {
		return ""
	}
	return "http://" + e.address
}

func (e *Engine) update(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
	close(e.changed)
	e.changed = make(chan struct{})
}

func (e *Engine) end(err error) {
	if err == nil {
		err = errors.New("the embedded ClickHouse was stopped")
	}
	e.update(func() { e.ended = err })
}

// listen opens the address or, if its port is taken, the next free one.
func listen(ctx context.Context, address string, log *slog.Logger) (*net.TCPListener, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen %q is not host:port: %w", address, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("listen %q: the port is not a number: %w", address, err)
	}
	const tries = 100
	for i := 0; ; i++ {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port+i)))
		if err == nil {
			if i > 0 {
				log.Warn("the port is taken, the next free one is used", "taken", address, "address", listener.Addr().String())
			}
			return listener.(*net.TCPListener), nil
		}
		if port == 0 || i == tries || port+i == 65535 || !isTaken(err) {
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
	}
}
