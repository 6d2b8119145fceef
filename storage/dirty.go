package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// markRow is one mark (or rebuild) of one day.
type markRow struct {
	Day     time.Time `ch:"day"`
	Marks   uint64    `ch:"marks"`
	Rebuilt uint64    `ch:"rebuilt"`
	Marked  time.Time `ch:"marked"`
}

// markDirty says that the roll-ups of these days may be stale.
func (s *Store) markDirty(ctx context.Context, days []time.Time) error {
	rows := make([]*markRow, len(days))
	for i, d := range days {
		rows[i] = &markRow{Day: d, Marks: 1, Marked: within(time.Now())}
	}
	return insertRows(ctx, s, "dirty_days", rows)
}

// markRebuilt says that the roll-ups of a day know of everything that was there at its first seen marks.
func (s *Store) markRebuilt(ctx context.Context, seen []dirtyDay) error {
	rows := make([]*markRow, len(seen))
	for i, d := range seen {
		rows[i] = &markRow{Day: d.Day, Rebuilt: d.Marks, Marked: within(time.Now())}
	}
	return insertRows(ctx, s, "dirty_days", rows)
}

// dirtyDay is a day whose roll-ups may be stale, with the marks made so far.
type dirtyDay struct {
	Day   time.Time `ch:"day"`
	Marks uint64    `ch:"n"`
}

// dirty lists the dirty days of a range [from, to); zero times do not narrow. Days whose mentions are kept no longer are none:
// rebuilt, they would lose their figures.
func (s *Store) dirty(ctx context.Context, from, to time.Time) ([]dirtyDay, error) {
	if to.IsZero() || to.After(doomsday()) {
		to = doomsday()
	}
	var days []dirtyDay
	err := s.conn.Select(ctx, &days, `SELECT day, sum(marks) AS n FROM dirty_days WHERE day >= {from:Date} AND day < {to:Date}
		AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
		GROUP BY day HAVING n > max(rebuilt) ORDER BY day`,
		clickhouse.Named("from", within(from).Format(time.DateOnly)), clickhouse.Named("to", to.UTC().Format(time.DateOnly)))
	return days, s.explain("list dirty days", err)
}

func daysOnly(dirty []dirtyDay) []time.Time {
	days := make([]time.Time, len(dirty))
	for i, d := range dirty {
		days[i] = d.Day
	}
	return days
}
