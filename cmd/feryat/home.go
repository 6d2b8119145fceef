package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"feryat/alert"
	"feryat/datadir"
	"feryat/queue"
	"feryat/storage"
	"feryat/storage/engine"
)

// waitForOwner is how long a command waits for a data folder whose owner is
// just starting or stopping.
const waitForOwner = 15 * time.Second

// home is the open queue and store: of this process, where it owns the data
// folder, or of the process that does, or of a cluster.
type home struct {
	cfg    config
	log    *slog.Logger
	owner  bool
	run    datadir.Run
	lock   *datadir.Lock
	engine *engine.Engine // nil where this process runs none
	queue  *queue.Queue
	store  *storage.Store
	// courier is nil where this process does not run the role alert.
	courier *alert.Courier
	closes  []func() error // last in, first out
}

// openHome opens queue and store. If another process owns the data folder it
// becomes a client of that one, else it becomes the owner until close.
func openHome(ctx context.Context, cfg config, command string, log *slog.Logger) (*home, error) {
	h := &home{cfg: cfg, log: log}
	deadline := time.Now().Add(waitForOwner)
	for {
		err := h.take(command)
		var owned *datadir.ErrOwned
		switch {
		case err == nil:
			return h.opened(ctx)
		case !errors.As(err, &owned):
			return nil, err
		}
		if run, err := datadir.ReadRun(cfg.DataDir); err == nil {
			h.run = run
			return h.opened(ctx)
		} else if time.Now().After(deadline) {
			return nil, owned
		}
		select {
		case <-ctx.Done():
			return nil, owned
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// take tries to become the owner.
func (h *home) take(command string) error {
	lock, err := datadir.Acquire(h.cfg.DataDir, command)
	if err != nil {
		return err
	}
	h.owner, h.lock = true, lock
	h.onClose(lock.Release)
	return nil
}

func (h *home) onClose(f func() error) { h.closes = append(h.closes, f) }

// close gives everything back, in reverse order of opening.
func (h *home) close() error {
	var errs []error
	for i := len(h.closes) - 1; i >= 0; i-- {
		errs = append(errs, h.closes[i]())
	}
	h.closes = nil
	return errors.Join(errs...)
}

// opened starts what this process has to run, and connects.
func (h *home) opened(ctx context.Context) (*home, error) {
	err := h.start(ctx)
	if err == nil {
		err = h.connect(ctx)
	}
	if err == nil && h.owner {
		err = h.lock.Publish(h.run)
	}
	if err != nil {
		_ = h.close() // a part that did not start says so once more
		return nil, err
	}
	return h, nil
}

// start runs engine and queue where they are embedded and this is the owner.
func (h *home) start(ctx context.Context) error {
	if !h.owner {
		return nil
	}
	if h.cfg.Queue.URL == "" {
		s := queue.NewServer(h.cfg.DataDir, h.cfg.Queue, h.log)
		h.background(s.Run)
		if err := s.Ready(ctx); err != nil {
			return err
		}
		h.run.QueueURL, h.run.QueueToken = s.Access().URL, s.Access().Token
	}
	if h.cfg.Storage.URL != "" {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's own file: %w", err)
	}
	cfg := h.cfg.Storage.Embedded
	for _, table := range storage.PersonalTables() {
		cfg.Hidden = append(cfg.Hidden, engine.Table{Database: h.cfg.Storage.Database, Table: table})
	}
	h.engine = engine.New(cfg, []string{self, "engine"}, h.log)
	h.background(h.engine.Run)
	if err := h.engine.Ready(ctx); err != nil {
		return err
	}
	a := h.engine.Access()
	h.run.EngineURL, h.run.WriterUser, h.run.WriterPassword, h.run.ReaderUser = a.URL, a.WriterUser, a.WriterPassword, a.ReaderUser
	return nil
}

// background runs a server until close; it outlives the command's context, so
// that what is under way can still be stored.
func (h *home) background(run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	h.onClose(func() error { cancel(); return <-done })
}

func (h *home) connect(ctx context.Context) error {
	q := h.cfg.Queue.Access()
	if h.cfg.Queue.URL == "" {
		q = queue.Access{URL: h.run.QueueURL, Token: h.run.QueueToken}
	}
	s := h.cfg.Storage.Config
	if s.URL == "" {
		s.URL, s.User, s.Password, s.ReaderUser = h.run.EngineURL, h.run.WriterUser, h.run.WriterPassword, h.run.ReaderUser
	}
	var err error
	if s.Secret, err = installationSecret(h.cfg.DataDir); err != nil {
		return err
	}
	if h.queue, err = queue.Connect(ctx, q, h.cfg.Queue, h.log.With("part", "queue")); err != nil {
		return err
	}
	h.onClose(h.queue.Close)
	if h.store, err = storage.Open(ctx, s, h.log.With("part", "storage")); err != nil {
		return err
	}
	h.onClose(h.store.Close)
	return nil
}

// installationSecret is the key of keyed hashes: made once for a data folder,
// since changing it would bring forgotten people back.
func installationSecret(dir string) ([]byte, error) {
	file := filepath.Join(dir, "secret")
	body, err := os.ReadFile(file)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return body, err
	}
	body = []byte(rand.Text() + rand.Text())
	tmp, err := os.CreateTemp(dir, ".secret-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("make the installation's secret: %w", err)
	}
	_, err = tmp.Write(body)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Link(tmp.Name(), file) // does not replace one that somebody else just made
	}
	_ = os.Remove(tmp.Name())
	if errors.Is(err, os.ErrExist) {
		return os.ReadFile(file)
	}
	return body, err
}
