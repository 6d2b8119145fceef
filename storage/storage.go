// Package storage keeps what feryat knows in ClickHouse: mentions with their newest verdict, what was said revision by
// revision, every verdict, corrections by people, the coverage ledger and the events of escalations.
//
// Everything arrives at least once, so everything is stored idempotently: a row carries its key and its version, tables
// are ReplacingMergeTree, and readers go through views with FINAL. A redelivery, a rescore or a crash between two
// statements changes no figure.
//
// It speaks to ClickHouse over HTTP only, so the embedded engine, a server and a cluster are one code path.
package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Store is a migrated database. It is safe for concurrent use.
type Store struct {
	cfg  Config
	conn driver.Conn
	log  *slog.Logger
	// types are the columns of each table; without them clickhouse-go asks for them before every insert.
	types map[string][]clickhouse.ColumnNameAndType
	// writing makes batches (marks, lookups, rows) follow one another within this process.
	writing sync.Mutex
	// rebuilding does the same for rebuilds of roll-ups, which inserts do not wait for: marks tell what a rebuild missed. What
	// takes rows away needs both, this one first.
	rebuilding sync.Mutex
}

// Open waits until ClickHouse answers, at most Config.ConnectTimeout, then creates or migrates the database.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	settings, err := prepare(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	conn, err := connect(cfg, cfg.Database, settings)
	if err != nil {
		return nil, err
	}
	s := &Store{cfg: cfg, conn: conn, log: log}
	if err := firstError(func() error { return s.migrate(ctx) }, func() error { return s.learnTypes(ctx) }); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, nil
}

func (s *Store) learnTypes(ctx context.Context) error {
	var found []struct {
		Table string `ch:"table"`
		Name  string `ch:"name"`
		Type  string `ch:"type"`
	}
	err := s.conn.Select(ctx, &found, "SELECT table, name, type FROM system.columns WHERE database = {database:String} ORDER BY table, position",
		clickhouse.Named("database", s.cfg.Database))
	s.types = map[string][]clickhouse.ColumnNameAndType{}
	for _, f := range found {
		s.types[f.Table] = append(s.types[f.Table], clickhouse.ColumnNameAndType{Name: f.Name, Type: f.Type})
	}
	return s.explain("list columns", err)
}

// Ready answers nil when ClickHouse answers.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.conn.Ping(ctx); err != nil {
		return s.explain("ping", err)
	}
	return nil
}

// Close lets the connections go. Nothing is buffered.
func (s *Store) Close() error {
	return s.conn.Close()
}
