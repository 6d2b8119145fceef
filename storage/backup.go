package storage

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// inBackup is the name of the database within every backup, so that it can be restored under any name.
const inBackup = "feryat"

// ErrNotEmpty is the refusal of Restore to put a backup in the place of data.
var ErrNotEmpty = errors.New("the database holds data already")

// Backup writes everything into one archive. The path is on ClickHouse's machine: a name is taken below the folder that
// it allows for backups, and a name ending in .tar.gz makes a compressed archive. An existing file is not overwritten.
func (s *Store) Backup(ctx context.Context, path string) error {
	target, err := file(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	sql := "BACKUP DATABASE " + s.cfg.Database + " AS " + inBackup + names(s.cfg).OnCluster + " TO " + target
	return s.explain("backup to "+path, s.long(ctx, sql))
}

// Restore puts the backup at path, as Backup wrote it, in the place of the database, and migrates it. Data are replaced
// only when overwrite says so; else the answer is ErrNotEmpty. Until the backup has been read as a whole nothing changes.
// Who was forgotten here since the backup stays so: what it holds of them is removed again.
func (s *Store) Restore(ctx context.Context, path string, overwrite bool) error {
	source, err := file(path)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	s.rebuilding.Lock()
	defer s.rebuilding.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	if !overwrite {
		if err := s.empty(ctx); err != nil {
			return fmt.Errorf("restore %s: %w", path, err)
		}
	}
	known, err := s.forgottenRows(ctx)
	if err != nil {
		return err
	}
	temporary, cluster := s.cfg.Database+"_restore", names(s.cfg).OnCluster
	drop := "DROP DATABASE IF EXISTS " + temporary + cluster + " SYNC"
	err = firstError(
		func() error { return s.conn.Exec(ctx, drop) },
		func() error {
			return s.long(ctx, "RESTORE DATABASE "+inBackup+" AS "+temporary+cluster+" FROM "+source)
		},
		func() error { return s.checkRestored(ctx, temporary) },
		func() error { return s.swap(ctx, temporary) },
		func() error { return s.migrate(ctx) },
		func() error { return insertRows(ctx, s, "forgotten", known) },
		func() error { return s.forgetAgain(ctx) },
	)
	return s.explain("restore "+path, errors.Join(err, s.conn.Exec(ctx, drop)))
}

// long runs a statement that may take longer than our others.
func (s *Store) long(ctx context.Context, sql string) error {
	ctx, cancel := context.WithTimeout(ctx, 24*time.Hour)
	defer cancel()
	return s.conn.Exec(clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_execution_time": 0})), sql)
}

// checkRestored refuses what a newer program wrote.
func (s *Store) checkRestored(ctx context.Context, database string) error {
	all, err := migrations(s.cfg)
	if err != nil {
		return err
	}
	var at uint32
	if err := s.conn.QueryRow(ctx, "SELECT max(version) FROM "+database+".schema_migrations").Scan(&at); err != nil {
		return fmt.Errorf("this is no backup of feryat: %w", err)
	}
	return checkVersion(database, at, all)
}

// empty tells whether no table of the database but its history of migrations has rows.
func (s *Store) empty(ctx context.Context) error {
	tables, err := s.tables(ctx, s.cfg.Database)
	if err != nil {
		return err
	}
	for _, t := range tables {
		var n uint64
		if err := s.conn.QueryRow(ctx, "SELECT count() FROM "+t).Scan(&n); err != nil {
			return err
		}
		if n > 0 && t != "schema_migrations" {
			return fmt.Errorf("%w: table %s has %d rows", ErrNotEmpty, t, n)
		}
	}
	return nil
}

// swap exchanges each table of the database, in one step each, with that of the restored one. Views stay: they hold no
// data, and those of the backup name its tables.
func (s *Store) swap(ctx context.Context, restored string) error {
	here, err := s.tables(ctx, s.cfg.Database)
	if err != nil {
		return err
	}
	there, err := s.tables(ctx, restored)
	if err != nil {
		return err
	}
	for _, t := range there {
		if !slices.Contains(here, t) {
			continue // of an older schema, and dropped since
		}
		sql := "EXCHANGE TABLES " + s.cfg.Database + "." + t + " AND " + restored + "." + t + names(s.cfg).OnCluster
		if err := s.conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// tables lists the tables of a database, without views.
func (s *Store) tables(ctx context.Context, database string) ([]string, error) {
	var found []struct {
		Name string `ch:"name"`
	}
	err := s.conn.Select(ctx, &found, "SELECT name FROM system.tables WHERE database = {database:String} AND engine != 'View' ORDER BY name",
		clickhouse.Named("database", database))
	list := make([]string, len(found))
	for i, f := range found {
		list[i] = f.Name
	}
	return list, err
}

// file is the path as BACKUP wants it.
func file(path string) (string, error) {
	if path == "" || regexp.MustCompile(`[\x00-\x1f]`).MatchString(path) {
		return "", fmt.Errorf("%q is no path", path)
	}
	return "File('" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(path) + "')", nil
}
