package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// The figures of a day as they follow from the mentions. {days} are the days wanted.
const (
	figuresOfDay = `SELECT brand, day, source, language, mood, count() AS mentions, countIf(unhappy) AS unhappy,
	countIf(mood != 'unknown') AS scored, sumIf(score, mood != 'unknown') AS score_sum, sumIf(anger, mood != 'unknown') AS anger_sum,
	count(rating) AS ratings, ifNull(sum(rating), 0) AS rating_sum, countIf(priority = 1) AS urgent, max(collected) AS last_collected
FROM v_mentions WHERE from_customer AND day IN {days:Array(Date)} GROUP BY brand, day, source, language, mood`

	figuresOfTopic = `SELECT brand, day, source, language, topic, sum(complaint) AS complaints, sum(1 - complaint) AS praise, countIf(complaint AND unhappy) AS unhappy
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

// RunRollups rebuilds the roll-ups of dirty days until ctx ends. One process of a cluster does it: two would empty each
// other's staging tables.
func (s *Store) RunRollups(ctx context.Context) error {
	tick := time.NewTicker(s.cfg.RollupInterval)
	defer tick.Stop()
	for {
		if err := s.FlushRollups(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "roll-ups wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// FlushRollups rebuilds the roll-ups of all days that are dirty now.
func (s *Store) FlushRollups(ctx context.Context) error {
	dirty, err := s.dirty(ctx, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	for len(dirty) > 0 {
		n := 1
		for n < len(dirty) && month(dirty[n].Day) == month(dirty[0].Day) {
			n++
		}
		if err := s.rebuild(ctx, dirty[:n]); err != nil {
			return err
		}
		dirty = dirty[n:]
	}
	return nil
}

// rebuild makes the figures of some days of one month anew. What readers see changes in one step a table.
func (s *Store) rebuild(ctx context.Context, days []dirtyDay) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	ctx, cancel := s.limit(ctx)
	defer cancel()
	for _, r := range rollups() {
		if err := s.replace(ctx, r, days); err != nil {
			return s.explain(fmt.Sprintf("rebuild %s of %s", r.table, days[0].Day.Format("2006-01")), err)
		}
	}
	return s.markRebuilt(ctx, days)
}

// replace puts a month together from its clean days, as they stand, and its dirty days, as the mentions have them.
func (s *Store) replace(ctx context.Context, r rollup, days []dirtyDay) error {
	staging, where := r.table+"_staging", names(s.cfg).OnCluster
	part := strconv.Itoa(month(days[0].Day))
	args := []any{clickhouse.Named("days", dayList(daysOnly(days))), clickhouse.Named("month", part)}
	if err := s.conn.Exec(ctx, "TRUNCATE TABLE "+staging+where); err != nil {
		return err
	}
	err := s.conn.Exec(ctx, "INSERT INTO "+staging+" SELECT * FROM "+r.table+
		" WHERE toYYYYMM(day) = {month:UInt32} AND NOT has({days:Array(Date)}, day) UNION ALL "+r.figures, args...)
	if err != nil {
		return err
	}
	var rows uint64
	if err := s.conn.QueryRow(ctx, "SELECT count() FROM "+staging).Scan(&rows); err != nil {
		return err
	}
	change := " REPLACE PARTITION " + part + " FROM " + staging
	if rows == 0 {
		change = " DROP PARTITION " + part
	}
	if err := s.conn.Exec(ctx, "ALTER TABLE "+r.table+where+change); err != nil {
		return err
	}
	return s.conn.Exec(ctx, "TRUNCATE TABLE "+staging+where)
}

// month is a partition of the roll-ups.
func month(day time.Time) int { return day.Year()*100 + int(day.Month()) }
