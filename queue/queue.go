// Package queue is the durable queue between the parts of feryat, and the small
// state that they share: NATS JetStream, embedded (Server) or a cluster by URL.
//
// Streams: MENTIONS and VISITS carry what the crawler found to the pipeline,
// STORED what the pipeline stored to alert, OUTBOX what alert has to tell to its
// channels, and DEAD keeps what could not be handled, with the reason.
//
// Promises:
//   - A publish function returns nil after JetStream has acknowledged the
//     message. A full stream makes it wait, and say so, until its context ends.
//   - A message leaves its stream after the handler returned nil for it. It may
//     be handed over more than once, then with Redelivered set; the flag is also
//     set where a crash may have made the server forget an earlier delivery.
//   - Publishing the same record again within DuplicateWindow stores it once.
//     A message ID holds ID, revision and time of collection: with the ID alone
//     an edit would be dropped as a duplicate, and with ID and revision an edit
//     taken back within the window would be.
//   - kill -9 of the process loses nothing acknowledged: every write has reached
//     the kernel before the acknowledgement. A power cut may lose what was
//     acknowledged within Config.SyncInterval before it.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Access is where and how to reach a NATS server: one that Server runs, or a
// cluster's. Of Token, User with Password, and CredentialsFile at most one is set.
type Access struct {
	URL             string `json:"url"` // nats://host:port, several separated by commas
	Token           string `json:"token,omitempty"`
	User            string `json:"user,omitempty"`
	Password        string `json:"password,omitempty"`
	CredentialsFile string `json:"credentials_file,omitempty"` // made by nsc
}

// Queue is a connection to the streams and buckets. Its methods may be called
// from several goroutines.
type Queue struct {
	conn    *nats.Conn
	js      jetstream.JetStream
	cfg     Config
	log     *slog.Logger
	streams map[string]stream
	metrics *metrics
	// connected is when the connection was last made, in Unix nanoseconds: a
	// message older than that may have been delivered before a crash.
	connected atomic.Int64
}

// Connect reaches the server at a, and creates or updates the streams there.
// It waits for a server that is not up yet until ctx ends. The caller closes
// the Queue.
func Connect(ctx context.Context, a Access, cfg Config, log *slog.Logger) (*Queue, error) {
	q := &Queue{cfg: cfg, log: log, metrics: newMetrics(), streams: map[string]stream{}}
	for _, s := range cfg.streams() {
		q.streams[s.name] = s
	}
	conn, err := dial(ctx, a, q.options(a))
	if err != nil {
		return nil, fmt.Errorf("connect to the queue: %w", err)
	}
	q.conn = conn
	q.connected.Store(time.Now().UnixNano())
	if q.js, err = jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(4*publishWindow)); err == nil {
		err = q.setUp(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("set up the queue's streams: %w", err)
	}
	return q, nil
}

// dial tries until the server answers or ctx ends. A refused credential is an
// error at once.
func dial(ctx context.Context, a Access, opts []nats.Option) (*nats.Conn, error) {
	wait := newBackoff(50*time.Millisecond, 2*time.Second)
	for {
		conn, err := nats.Connect(a.URL, opts...)
		if err == nil || errors.Is(err, nats.ErrAuthorization) {
			return conn, err
		}
		if wait.sleep(ctx) != nil {
			return nil, fmt.Errorf("%w: %w", ctx.Err(), err)
		}
	}
}

func (q *Queue) options(a Access) []nats.Option {
	opts := []nats.Option{
		nats.Name("feryat"), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond), nats.ReconnectBufSize(-1),
		nats.ReconnectHandler(func(*nats.Conn) {
			q.connected.Store(time.Now().UnixNano())
			q.log.Info("queue connected again")
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				q.log.Warn("queue connection lost, trying again", "error", err)
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { q.log.Warn("queue", "error", err) }),
	}
	switch {
	case a.CredentialsFile != "":
		return append(opts, nats.UserCredentials(a.CredentialsFile))
	case a.User != "":
		return append(opts, nats.UserInfo(a.User, a.Password))
	case a.Token != "":
		return append(opts, nats.Token(a.Token))
	}
	return opts
}

// Close sends what is under way and ends the connection.
func (q *Queue) Close() error {
	err := q.conn.FlushTimeout(2 * time.Second)
	q.conn.Close()
	if err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("close the queue: %w", err)
	}
	return nil
}

// Ready answers nil when the server answers and all streams are there.
func (q *Queue) Ready(ctx context.Context) error {
	_, err := q.Stats(ctx)
	return err
}
