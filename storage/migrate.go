package storage

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"feryat/mention"
)

//go:embed schema/*.sql
var schema embed.FS

// migration is one file of the schema: one idempotent statement.
type migration struct {
	version  uint32
	name     string
	sql      string
	optional bool
}

// placeholders are what differs between a node and a cluster, and what Go says too.
type placeholders struct {
	OnCluster  string // after the name in a statement that defines
	Replicated string // before the name of a table engine
	Nobody     string // whether a.author is a name of nobody, see mention.Nobody
}

func names(cfg Config) placeholders {
	if cfg.Cluster == "" {
		return placeholders{Nobody: nobody("a.author")}
	}
	return placeholders{OnCluster: " ON CLUSTER " + cfg.Cluster, Replicated: "Replicated", Nobody: nobody("a.author")}
}

// nobody asks in SQL what mention.Nobody does. lower changes ASCII alone.
func nobody(column string) string {
	from, to := mention.NobodyFold()
	folded := "translateUTF8(lower(trimBoth(" + column + ")), '" + from + "', '" + to + "')"
	return folded + " IN ('" + strings.Join(mention.Nobodies(), "', '") + "') OR multiSearchAny(" + column + ", ['" + strings.Join(mention.NobodyMasks(), "', '") + "'])"
}

// migrations gives the embedded schema in order.
func migrations(cfg Config) ([]migration, error) {
	entries, err := schema.ReadDir("schema")
	if err != nil {
		return nil, err
	}
	all := make([]migration, 0, len(entries))
	for _, e := range entries {
		m, err := readMigration(e.Name(), names(cfg))
		if err != nil {
			return nil, fmt.Errorf("schema/%s: %w", e.Name(), err)
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b migration) int { return cmp.Compare(a.version, b.version) })
	return all, nil
}

func readMigration(file string, values placeholders) (migration, error) {
	number, _, _ := strings.Cut(file, "_")
	version, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return migration{}, err
	}
	text, err := template.New(file).ParseFS(schema, "schema/"+file)
	if err != nil {
		return migration{}, err
	}
	var sql strings.Builder
	if err := text.Execute(&sql, values); err != nil {
		return migration{}, err
	}
	return migration{
		version:  uint32(version),
		name:     strings.TrimSuffix(file, ".sql"),
		sql:      sql.String(),
		optional: strings.HasPrefix(sql.String(), "-- optional"),
	}, nil
}

// migrate brings the database to the schema of this program. It may be interrupted anywhere: the numbers are written down
// at the end, and each statement is idempotent.
func (s *Store) migrate(ctx context.Context) error {
	all, err := migrations(s.cfg)
	if err != nil {
		return err
	}
	return s.migrateTo(ctx, all)
}

func (s *Store) migrateTo(ctx context.Context, all []migration) error {
	if err := s.conn.Exec(ctx, s.versionTable()); err != nil {
		return s.explain("create schema_migrations", err)
	}
	at, err := s.schemaVersion(ctx)
	if err != nil {
		return err
	}
	if err := checkVersion(s.cfg.Database, at, all); err != nil {
		return err
	}
	pending := slices.DeleteFunc(slices.Clone(all), func(m migration) bool { return m.version <= at })
	for _, m := range pending {
		if err := s.apply(ctx, m); err != nil {
			return err
		}
	}
	return s.note(ctx, pending)
}

func checkVersion(database string, at uint32, all []migration) error {
	if last := all[len(all)-1].version; at > last {
		return fmt.Errorf("storage: database %s has schema %d, this program knows %d: use the newer feryat", database, at, last)
	}
	return nil
}

func (s *Store) versionTable() string {
	n := names(s.cfg)
	return "CREATE TABLE IF NOT EXISTS schema_migrations" + n.OnCluster + `
(version UInt32 COMMENT 'number of the file', name String COMMENT 'name of the file', at DateTime('UTC') COMMENT 'when it was applied')
ENGINE = ` + n.Replicated + `ReplacingMergeTree ORDER BY version COMMENT 'statements of the schema which were applied'`
}

func (s *Store) schemaVersion(ctx context.Context) (uint32, error) {
	var at uint32
	if err := s.conn.QueryRow(ctx, "SELECT max(version) FROM schema_migrations").Scan(&at); err != nil {
		return 0, s.explain("read schema_migrations", err)
	}
	return at, nil
}

func (s *Store) apply(ctx context.Context, m migration) error {
	if err := s.conn.Exec(ctx, m.sql); err != nil {
		if !m.optional || unreachable(err) {
			return s.explain("migrate "+m.name, err)
		}
		s.log.WarnContext(ctx, "this ClickHouse cannot do an optional part of the schema", "migration", m.name, "error", err)
	}
	return nil
}

// note writes down what was applied.
func (s *Store) note(ctx context.Context, applied []migration) error {
	type noteRow struct {
		Version uint32    `ch:"version"`
		Name    string    `ch:"name"`
		At      time.Time `ch:"at"`
	}
	rows := make([]*noteRow, len(applied))
	for i, m := range applied {
		rows[i] = &noteRow{m.version, m.name, second(time.Now())}
	}
	return insertRows(ctx, s, "schema_migrations", rows)
}
