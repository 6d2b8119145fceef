package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// The figures of a day as they follow from the mentions. {days} are the days wanted.
const (
	figuresOfDay = `SELECT brand, day, source, language, mood, count() AS mentions, countIf(unhappy) AS unhappy,
	countIf(mood != 'unknown') AS scored, sumIf(score, mood != 'unknown') AS score_sum, sumIf(anger, mood != 'unknown') AS anger_sum,
	count(rating) AS ratings, ifNull(sum(rating), 0) AS rating_sum, countIf(priority = 1) AS urgent, max(collected) AS last_collected
FROM v_mentions WHERE from_customer AND day IN {days:Array(Date)} GROUP BY brand, day, source, language, mood`

	figuresOfTopic = `SELECT brand, day, source, language, topic, sum(complaint) AS complaints, countIf(complaint = 0) AS praise, countIf(complaint AND unhappy) AS unhappy
FROM (SELECT brand, day, source, language, unhappy, pair.1 AS topic, pair.2 AS complaint FROM v_mentions
	ARRAY JOIN arrayConcat(arrayMap(x -> (x, 1), arrayDistinct(topics)), arrayMap(x -> (x, 0), arrayDistinct(praise))) AS pair
	WHERE from_customer AND day IN {days:Array(Date)})
GROUP BY brand, day, source, language, topic`
)

// rollup is a table of figures and how they are made.
type rollup struct{ table, figures string }

func rollups() []rollup {
	return []rollup{{"rollup_day", figuresOfDay}, {"rollup_topic", figuresOfTopic}}
}

// idle is how many times longer than a rebuild the pause after it is at least: inserts wait for a rebuild, no answer
// does. The time that the rebuild itself waited for inserts does not count.
const idle = 5

// RunRollups rebuilds the roll-ups of dirty days until ctx ends. One process of a cluster does it: two would empty each
// other's staging tables.
func (s *Store) RunRollups(ctx context.Context) error {
	for {
		took, err := s.flush(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "roll-ups wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(max(s.cfg.RollupInterval, idle*took)):
		}
	}
}

// maxDays is how many days one rebuild takes on, to bound its memory and the time that inserts wait for it.
const maxDays = 400

// FlushRollups rebuilds the roll-ups of all days that are dirty now.
func (s *Store) FlushRollups(ctx context.Context) error {
	_, err := s.flush(ctx)
	return err
}

// flush tells for how long it kept inserts waiting.
func (s *Store) flush(ctx context.Context) (took time.Duration, err error) {
	dirty, err := s.dirty(ctx, time.Time{}, time.Time{})
	if err != nil {
		return 0, err
	}
	for days := range slices.Chunk(dirty, maxDays) {
		s.writing.Lock()
		started := time.Now()
		err := s.rebuild(ctx, days)
		took += time.Since(started)
		s.writing.Unlock()
		if err != nil {
			return took, err
		}
	}
	return took, nil
}

// rebuild makes the figures of some days anew. What readers see of a year changes in one step a table. The caller
// holds the lock of writers.
func (s *Store) rebuild(ctx context.Context, days []dirtyDay) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	for _, r := range rollups() {
		if err := s.replace(ctx, r, days); err != nil {
			return s.explain("rebuild "+r.table, err)
		}
	}
	return s.markRebuilt(ctx, days)
}

// replace puts whole years together, from their clean days as they stand and their dirty days as the mentions have them:
// a partition can only be replaced as a whole, and one a day would be thousands.
func (s *Store) replace(ctx context.Context, r rollup, days []dirtyDay) error {
	staging, where, years := r.table+"_staging", names(s.cfg).OnCluster, yearsOf(days)
	truncate := func() error { return s.conn.Exec(ctx, "TRUNCATE TABLE "+staging+where) }
	fill := func() error {
		return s.conn.Exec(ctx, "INSERT INTO "+staging+" SELECT * FROM "+r.table+
			" WHERE toYear(day) IN {years:Array(UInt16)} AND NOT has({days:Array(Date)}, day) UNION ALL "+r.figures,
			clickhouse.Named("days", dayList(daysOnly(days))), clickhouse.Named("years", years))
	}
	swap := func() error {
		filled, err := s.yearsIn(ctx, staging)
		if err != nil {
			return err
		}
		changes := make([]string, len(years))
		for i, y := range years {
			changes[i] = fmt.Sprintf("DROP PARTITION %d", y)
			if filled[y] {
				changes[i] = fmt.Sprintf("REPLACE PARTITION %d FROM %s", y, staging)
			}
		}
		return s.conn.Exec(ctx, "ALTER TABLE "+r.table+where+" "+strings.Join(changes, ", "))
	}
	return firstError(truncate, fill, swap, truncate)
}

// yearsIn lists the partitions that have rows.
func (s *Store) yearsIn(ctx context.Context, table string) (map[uint16]bool, error) {
	var found []struct {
		Year uint16 `ch:"year"`
	}
	err := s.conn.Select(ctx, &found, "SELECT DISTINCT toYear(day) AS year FROM "+table)
	years := map[uint16]bool{}
	for _, f := range found {
		years[f.Year] = true
	}
	return years, err
}

// yearsOf gives the partitions of days that are in order.
func yearsOf(days []dirtyDay) []uint16 {
	var years []uint16
	for _, d := range days {
		years = append(years, uint16(d.Day.Year()))
	}
	return slices.Compact(years)
}
