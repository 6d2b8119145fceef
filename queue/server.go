package queue

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Server is an embedded NATS server on 127.0.0.1, with a random port and token
// and its files in one folder. Two servers on one folder destroy it without a
// word: the caller must hold the lock of package datadir.
type Server struct {
	dir     string
	cfg     Config
	log     *slog.Logger
	token   string
	trouble chan struct{} // told when the server can no longer write
	started chan struct{} // closed at the first start
	once    sync.Once
	port    int // written before started is closed
}

// NewServer prepares a server whose files go below dir. It does nothing before Run.
func NewServer(dir string, cfg Config, log *slog.Logger) *Server {
	return &Server{
		dir: filepath.Join(dir, "queue"), cfg: cfg, log: log, token: rand.Text(), port: server.RANDOM_PORT,
		trouble: make(chan struct{}, 1), started: make(chan struct{}),
	}
}

// Run serves until ctx ends. A server that cannot write any more (disk full) is
// started again, on the same port, until writing works: JetStream leaves a
// stream closed after a failed write, even when there is room again.
func (s *Server) Run(ctx context.Context) error {
	wait := newBackoff(time.Second, 15*time.Second)
	for {
		err := s.serve(ctx, wait.reset)
		select {
		case <-s.started:
		default:
			return err // it never worked: the configuration or the folder is wrong
		}
		if ctx.Err() != nil {
			return nil
		}
		s.log.Warn("queue cannot write to its folder; trying again", "folder", s.dir, "error", err)
		if wait.sleep(ctx) != nil {
			return nil
		}
	}
}

// serve runs one server until ctx ends or it cannot write.
func (s *Server) serve(ctx context.Context, healthy func()) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the queue's folder: %w", err)
	}
	select {
	case <-s.trouble: // said by the server before this one as it ended
	default:
	}
	ns, err := server.NewServer(s.options())
	if err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	ns.SetLoggerV2(serverLog{s}, false, false, false)
	ns.Start()
	defer func() {
		ns.Shutdown()
		ns.WaitForShutdown()
	}()
	if !ns.ReadyForConnections(30*time.Second) || !ns.JetStreamEnabled() {
		return fmt.Errorf("start the queue in %s: not ready after 30s; the log says more", s.dir)
	}
	s.once.Do(func() {
		s.port = ns.Addr().(*net.TCPAddr).Port
		close(s.started)
	})
	return s.watch(ctx, healthy)
}

// watch waits for the end, or for trouble. A server that has worked for a minute
// counts as healthy again.
func (s *Server) watch(ctx context.Context, healthy func()) error {
	steady := time.NewTimer(time.Minute)
	defer steady.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.trouble:
			return errors.New("a write failed; the message before says why")
		case <-steady.C:
			healthy()
		}
	}
}

func (s *Server) options() *server.Options {
	room := int64(10 * bucketBytes)
	for _, st := range s.cfg.streams() {
		room += st.maxBytes
	}
	return &server.Options{
		ServerName: "feryat", Host: "127.0.0.1", Port: s.port, Authorization: s.token,
		JetStream: true, StoreDir: s.dir, JetStreamMaxStore: room, JetStreamMaxMemory: 64 << 20,
		SyncInterval: cmp.Or(s.cfg.SyncInterval, time.Second), SyncAlways: s.cfg.SyncInterval == 0,
		MaxPayload: MaxPayload, NoSigs: true, NoLog: false,
	}
}

// Ready waits until the server answers.
func (s *Server) Ready(ctx context.Context) error {
	select {
	case <-s.started:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the queue to start: %w", ctx.Err())
	}
}

// Access is the address and token, valid once Ready has returned nil and until Run ends.
func (s *Server) Access() Access {
	return Access{URL: fmt.Sprintf("nats://127.0.0.1:%d", s.port), Token: s.token}
}

// serverLog hands the server's warnings and errors to slog.
type serverLog struct{ *Server }

func (l serverLog) Noticef(string, ...any) {}
func (l serverLog) Debugf(string, ...any)  {}
func (l serverLog) Tracef(string, ...any)  {}
func (l serverLog) Warnf(format string, args ...any) {
	l.log.Warn("queue server", "message", fmt.Sprintf(format, args...))
}
func (l serverLog) Fatalf(format string, args ...any) { l.Errorf(format, args...) }

// Errorf looks for failed writes: after one, JetStream neither answers nor
// stores on that stream, and has no other way to say so.
func (l serverLog) Errorf(format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	l.log.Error("queue server", "message", message)
	for _, sign := range []string{"failed to store a msg", "write error", "will be DISABLED"} {
		if strings.Contains(message, sign) {
			select {
			case l.trouble <- struct{}{}:
			default:
			}
		}
	}
}
