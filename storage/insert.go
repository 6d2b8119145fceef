package storage

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// Insert stores a batch and tells which rows were new or changed. It may be called again with the same batch, after an
// error too: twice is as good as once.
//
// The rows of one mention that came with one visit belong into one batch, for their brands are taken as all brands which
// the mention names: those stored before and missing now are hidden. A row with an empty Brand says that the mention
// names none; it is not stored and never fresh.
//
// A row with Mention.Gone hides the mention for all its brands, whatever its Brand and Text. With Origin "rescore" a
// row is a new verdict on the stored revision: Collected is then the time of the rescore run, and the stored Collected
// and Origin stay. What is late by Collected changes nothing; an author who was forgotten is not stored, nor is a mention
// that is first seen when its day is kept no longer.
func (s *Store) Insert(ctx context.Context, batch []mention.Scored) (fresh []bool, err error) {
	if len(batch) == 0 {
		return nil, nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	ctx, cancel := s.limit(ctx)
	defer cancel()
	allowed, index, err := s.withoutForgotten(ctx, batch)
	if err != nil {
		return nil, err
	}
	c, err := s.plan(ctx, allowed)
	if err != nil {
		return nil, err
	}
	if err := s.store(ctx, c); err != nil {
		return nil, err
	}
	fresh = make([]bool, len(batch))
	for i, f := range c.fresh {
		fresh[index[i]] = f
	}
	return fresh, nil
}

// plan looks up what is known and decides what to write.
func (s *Store) plan(ctx context.Context, batch []mention.Scored) (*changes, error) {
	known, err := s.lookup(ctx, batch)
	if err != nil {
		return nil, err
	}
	since, err := s.since(ctx)
	if err != nil {
		return nil, err
	}
	c := fold(batch, known, since)
	return c, s.fill(ctx, c)
}

// store writes in an order that leaves no trace of a call that broke off: mentions, by which the next lookup decides
// what is known, come last, and their days are marked before. A rebuild of roll-ups by another process may have come
// between the marks and the rows, hence the marks after.
func (s *Store) store(ctx context.Context, c *changes) error {
	days := map[time.Time]bool{}
	for _, r := range c.mentions {
		days[r.Day] = true
	}
	dirty := slices.Collect(maps.Keys(days))
	return firstError(
		func() error { return s.markDirty(ctx, dirty) },
		func() error { return insertRows(ctx, s, "mention_versions", c.versions) },
		func() error { return insertRows(ctx, s, "verdicts", c.verdicts) },
		func() error { return insertRows(ctx, s, "mentions", slices.Collect(maps.Values(c.mentions))) },
		func() error { return s.markDirty(ctx, dirty) },
	)
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// insertRows sends rows, pointers to structs with ch tags, in one insert.
func insertRows[T any](ctx context.Context, s *Store, table string, rows []*T) error {
	if len(rows) == 0 {
		return nil
	}
	if types := s.types[table]; types != nil {
		ctx = clickhouse.Context(ctx, clickhouse.WithColumnNamesAndTypes(types))
	}
	batch, err := s.conn.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return s.explain("insert into "+table, err)
	}
	for _, r := range rows {
		if err := batch.AppendStruct(r); err != nil {
			return errors.Join(s.explain("insert into "+table, err), batch.Abort())
		}
	}
	return s.explain("insert into "+table, batch.Send())
}
