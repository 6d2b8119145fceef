package storage

import (
	"context"
	"log/slog"
	"testing"
)

// Drop removes the database of a test.
func (s *Store) Drop() error {
	return s.Exec(context.Background(), "DROP DATABASE "+s.cfg.Database+" SYNC")
}

// Exec runs a statement as the writer.
func (s *Store) Exec(ctx context.Context, sql string) error { return s.conn.Exec(ctx, sql) }

// Reckon reckons the authors who are due, without a rebuild before.
func (s *Store) Reckon(ctx context.Context) error {
	_, err := s.reckon(ctx)
	return err
}

// Database is the name of the database.
func (s *Store) Database() string { return s.cfg.Database }

// Statements gives the schema as it is sent.
func Statements(cfg Config) ([]string, error) {
	all, err := migrations(cfg)
	texts := make([]string, len(all))
	for i, m := range all {
		texts[i] = m.sql
	}
	return texts, err
}

// MigrateUpTo applies n statements and one more which it does not note.
func MigrateUpTo(ctx context.Context, cfg Config, n int) error {
	settings, err := prepare(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	conn, err := connect(cfg, cfg.Database, settings)
	if err != nil {
		return err
	}
	defer conn.Close()
	s := &Store{cfg: cfg, conn: conn, log: slog.New(slog.DiscardHandler)}
	all, err := migrations(cfg)
	if err != nil {
		return err
	}
	if n > 0 {
		if err := s.migrateTo(ctx, all[:n]); err != nil {
			return err
		}
	}
	return conn.Exec(ctx, all[n].sql)
}

// Bare is a store on a database as it is, without migration.
func Bare(t *testing.T, cfg Config) *Store {
	conn, err := connect(cfg, cfg.Database, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &Store{cfg: cfg, conn: conn, log: slog.New(slog.DiscardHandler)}
}

// Personal are the tables that name authors.
func Personal() []string { return personal() }
