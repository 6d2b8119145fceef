package engine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// orders is the configuration that the supervisor sends to the child, as one JSON line.
type orders struct {
	Config
	WriterPassword string `json:"writer_password"`
	Listener       int    `json:"listener"` // file descriptor of the listening socket; 0: listen on Listen
}

// report is what the child answers, as one JSON line, as soon as it can be asked.
type report struct {
	Address string `json:"address"`
	Version string `json:"version"` // of the library
}

// Serve is the body of the engine's child process. It reads its configuration as one JSON line from stdin, writes one
// JSON line to stdout when it is ready, and serves until ctx ends or stdin is closed, which means that its owner is gone.
func Serve(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := bufio.NewReader(stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the engine's configuration from standard input: %w", err)
	}
	var o orders
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("the engine's configuration is not valid: %w", err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, in) // returns when the owner is gone, whatever the error
		cancel()
	}()
	if err := o.makeFolders(); err != nil {
		return err
	}
	unlock, err := lockFolder(ctx, o.DataDir)
	if err != nil {
		return err
	}
	defer unlock()
	return serve(ctx, o, stdout)
}

func serve(ctx context.Context, o orders, stdout io.Writer) error {
	listener, err := o.listener(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it
	run, err := newRunner(o.Config)
	if err != nil {
		return err
	}
	defer run.close()
	server := &http.Server{
		Handler:           newHandler(run, o.Config, o.WriterPassword),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	if err := json.NewEncoder(stdout).Encode(report{listener.Addr().String(), run.lib.version()}); err != nil {
		return fmt.Errorf("tell the owner that the engine is ready: %w", err)
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		shutdown(server)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return fmt.Errorf("serve HTTP: %w", err)
	}
	<-ended
	return nil
}

// shutdown lets running statements finish for a moment, then kills them.
func shutdown(server *http.Server) {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close() // ends the requests' contexts; the process ends next
	}
}

func (o orders) listener(ctx context.Context) (net.Listener, error) {
	if o.Listener == 0 {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", o.Listen, err)
		}
		return listener, nil
	}
	file := os.NewFile(uintptr(o.Listener), "listener")
	defer func() { _ = file.Close() }() // the listener has a copy
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("take over the listening socket: %w", err)
	}
	return listener, nil
}

// newRunner opens the store and asks the engine what settings it knows.
func newRunner(c Config) (*runner, error) {
	server, err := writeConfiguration(c)
	if err != nil {
		return nil, err
	}
	lib, err := loadLibrary(c.Library)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		return nil, fmt.Errorf("data_dir %s: %w", c.DataDir, err)
	}
	r := &runner{lib: lib, path: storePath(dir)}
	err = keepingSignals(func() (err error) {
		lib.setSignalHandlers(0)
		r.base, err = lib.open("--config-file="+server, "--path="+r.path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the store in %s: %w", dir, err)
	}
	names, err := settingNames(r.base)
	if err != nil {
		return nil, fmt.Errorf("ask the engine for its settings: %w", err)
	}
	r.policy = newPolicy(c, names)
	return r, nil
}

// close closes the store once no statement runs any more. If one does not end, the store is left as a crash would leave
// it, which loses nothing either.
func (r *runner) close() {
	const patience = 3 * time.Second
	idle := make(chan struct{})
	go func() {
		r.running.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.base.close()
	case <-time.After(patience):
	}
}

// lockFolder takes the folder's lock. A previous owner's child may still be closing down, so it waits a while.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	const patience, pause = 10 * time.Second, 50 * time.Millisecond
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the data folder's lock: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil // closing unlocks
		}
		select {
		case <-ctx.Done():
			_ = file.Close() // the lock was never ours
			return nil, fmt.Errorf("another engine owns the data folder %s; stop it first: %w", dir, err)
		case <-time.After(pause):
		}
	}
}
