package storage

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// wanted are the settings of our own statements. Those a server does not know are left out, because it would refuse the
// statement.
func wanted(cfg Config) clickhouse.Settings {
	return clickhouse.Settings{
		// An acknowledged insert has to be on disk; buffering on the server would acknowledge before.
		"async_insert": 0,
		// Equal blocks are deduplicated by replicated tables for a week. Our own keys do that for rows; for the roll-ups'
		// staging tables it would lose a block that is equal for a good reason.
		"insert_deduplicate":       0,
		"deduplicate_insert":       "disable",
		"max_execution_time":       int(cfg.QueryTimeout.Seconds()) + 1,
		"max_query_size":           64 << 20, // a lookup carries up to 5,000 ids in its text
		"lightweight_deletes_sync": 2,
		"mutations_sync":           2, // what forget deletes is gone when it returns
		// A backfill reaches over more than the default hundred months.
		"max_partitions_per_insert_block":             0,
		"do_not_merge_across_partitions_select_final": 1,
	}
}

// prepare waits for the server, creates the database and gives the settings that the server knows.
func prepare(ctx context.Context, cfg Config, log *slog.Logger) (settings clickhouse.Settings, err error) {
	conn, err := connect(cfg, "", nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := await(ctx, conn, cfg, log); err != nil {
		return nil, err
	}
	create := "CREATE DATABASE IF NOT EXISTS " + cfg.Database + names(cfg).OnCluster
	if err := conn.Exec(ctx, create); err != nil {
		return nil, fmt.Errorf("create database %s: %w", cfg.Database, err)
	}
	return known(ctx, conn, wanted(cfg))
}

// await asks until the server answers. An answer that refuses us ends the wait.
func await(ctx context.Context, conn driver.Conn, cfg Config, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, cfg.ConnectTimeout)
	defer cancel()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for said := false; ; said = true {
		err := conn.Ping(ctx)
		if err == nil || !unreachable(err) {
			return explain(cfg, "ping", err)
		}
		if !said {
			log.InfoContext(ctx, "waiting for ClickHouse", "url", cfg.URL, "error", err)
		}
		select {
		case <-ctx.Done():
			return explain(cfg, fmt.Sprintf("no answer within %s", cfg.ConnectTimeout), err)
		case <-tick.C:
		}
	}
}

func connect(cfg Config, database string, settings clickhouse.Settings) (driver.Conn, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, errors.New("storage: url is no address")
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol:     clickhouse.HTTP,
		Addr:         []string{u.Host},
		HttpUrlPath:  u.Path,
		TLS:          tlsOf(u),
		Auth:         clickhouse.Auth{Database: database, Username: cfg.User, Password: cfg.Password},
		Settings:     settings,
		DialTimeout:  5 * time.Second,
		ReadTimeout:  cfg.QueryTimeout,
		MaxOpenConns: 8,
		MaxIdleConns: 4,
		Compression:  compression(u),
	})
	if err != nil {
		return nil, fmt.Errorf("storage: connect to %s: %w", cfg.URL, err)
	}
	return conn, nil
}

// compression saves the network where there is one. It is never LZ4: clickhouse-go then takes a stored text that holds
// the frame of an exception ("__exception__" and a line end) for one, so that one foreign review could end every answer.
func compression(u *url.URL) *clickhouse.Compression {
	if address := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || address != nil && address.IsLoopback() {
		return nil
	}
	return &clickhouse.Compression{Method: clickhouse.CompressionGZIP, Level: 1}
}

// known drops the settings that the server has never heard of.
func known(ctx context.Context, conn driver.Conn, want clickhouse.Settings) (clickhouse.Settings, error) {
	var have []struct {
		Name string `ch:"name"`
	}
	if err := conn.Select(ctx, &have, "SELECT name FROM system.settings"); err != nil {
		return nil, fmt.Errorf("list the settings of ClickHouse: %w", err)
	}
	settings := clickhouse.Settings{}
	for _, h := range have {
		if v, ok := want[h.Name]; ok {
			settings[h.Name] = v
		}
	}
	return settings, nil
}

// unreachable tells a server that is not there (yet) from one that answers with an error.
func unreachable(err error) bool {
	var exception *clickhouse.Exception
	var answer *clickhouse.HTTPError
	var network net.Error
	switch {
	case errors.As(err, &exception), errors.As(err, &answer):
		return errors.As(err, &answer) && answer.StatusCode >= 502 && answer.StatusCode <= 504
	case errors.Is(err, context.Canceled):
		return false
	}
	return errors.As(err, &network) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// explain says what was tried and, where nobody answered, what is being waited for.
func explain(cfg Config, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case unreachable(err):
		return fmt.Errorf("storage: %s: waiting for ClickHouse at %s: %w", what, cfg.URL, bare(err))
	}
	return fmt.Errorf("storage: %s: %w", what, err)
}

// bare leaves out the address of the request, which holds all settings.
func bare(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}

func (s *Store) explain(what string, err error) error {
	return explain(s.cfg, what, err)
}

// limit gives a statement of our own its time.
func (s *Store) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.cfg.QueryTimeout)
}

func tlsOf(u *url.URL) *tls.Config {
	if u.Scheme != "https" {
		return nil
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname()}
}
