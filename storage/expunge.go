package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// ErrOldParts is the answer of Expunge where parts that are no longer read are still on the disk. ClickHouse removes
// them by itself, mostly within ten minutes.
var ErrOldParts = errors.New("old parts of tables are still on the disk")

// personal are the tables that name authors.
func personal() []string {
	return []string{"corrections", "verdicts", "escalation_events", "mentions", "mention_versions", "customer_links", "customers", "sample_labels",
		"rollup_mention", "rollup_mention_staging", "rollup_author"}
}

// Expunge waits until the parts which Forget and RemoveCustomer rewrote are off the disk. ClickHouse keeps a part for eight
// minutes after its successor is there, for a power cut might lose that one; here it is flushed to the disk instead.
// Broken off, it leaves the tables so (see hasten), which does no harm, and the next call puts them back.
func (s *Store) Expunge(ctx context.Context, rewrite func() error) error {
	if err := s.hasten(ctx, "MODIFY SETTING min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 1"); err != nil {
		return err
	}
	err := rewrite()
	if err == nil {
		err = s.cleared(ctx)
	}
	return errors.Join(err, s.hasten(context.WithoutCancel(ctx), "RESET SETTING min_rows_to_fsync_after_merge, old_parts_lifetime"))
}

// hasten changes how tables treat the parts that a merge or a mutation replaces.
func (s *Store) hasten(ctx context.Context, setting string) error {
	for _, table := range personal() {
		if err := s.conn.Exec(ctx, "ALTER TABLE "+table+names(s.cfg).OnCluster+" "+setting); err != nil {
			return s.explain("hasten the cleaning of "+table, err)
		}
	}
	return nil
}

// clearing is how long Expunge waits.
const clearing = 2 * time.Minute

// cleared waits for the parts that are old now; what merges replace meanwhile holds none of what was removed.
func (s *Store) cleared(ctx context.Context) error {
	var old []struct {
		Table string `ch:"table"`
		Name  string `ch:"name"`
	}
	const sql = "SELECT table, name FROM system.parts WHERE database = {database:String} AND table IN {tables:Array(String)} AND NOT active"
	args := []any{clickhouse.Named("database", s.cfg.Database), clickhouse.Named("tables", personal())}
	if err := s.conn.Select(ctx, &old, sql, args...); err != nil {
		return s.explain("list old parts", err)
	}
	waiting := map[string]bool{}
	for _, p := range old {
		waiting[p.Table+"/"+p.Name] = true
	}
	for end := time.Now().Add(clearing); len(waiting) > 0; {
		if time.Now().After(end) {
			return fmt.Errorf("%w: %d after %s", ErrOldParts, len(waiting), clearing)
		}
		if err := s.wake(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		old = nil
		if err := s.conn.Select(ctx, &old, sql, args...); err != nil {
			return s.explain("list old parts", err)
		}
		still := map[string]bool{}
		for _, p := range old {
			if key := p.Table + "/" + p.Name; waiting[key] {
				still[key] = true
			}
		}
		waiting = still
	}
	return nil
}

// wake lets ClickHouse clean at once. It does so at the end of dropping a partition, even of one that there is none
// of: no day is before 1970. By itself it looks the more seldom the less there is to merge, after up to ten minutes.
func (s *Store) wake(ctx context.Context) error {
	for _, table := range personal() {
		if err := s.conn.Exec(ctx, "ALTER TABLE "+table+names(s.cfg).OnCluster+" DROP PARTITION ID '190001'"); err != nil {
			return s.explain("clean "+table, err)
		}
	}
	return nil
}
