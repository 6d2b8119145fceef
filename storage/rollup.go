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

// figuresOfHour has each mention once, with all its views; see 0052_rollup_hour.sql. Bits of views are told by place.
func figuresOfHour() string {
	// pairs are the codes of one column with the views that have them; an empty code stands for any.
	pairs := func(place int) string {
		codes := fmt.Sprintf("arrayFilter(c -> c != '', arrayDistinct(arrayFlatten(arrayMap(v -> v.%d, views))))", place)
		bits := func(has string) string {
			return "arraySum(arrayMap((v, i) -> if(" + has + ", bitShiftLeft(toUInt64(1), i - 1), 0), views, arrayEnumerate(views)))"
		}
		return fmt.Sprintf("arrayConcat(if(arrayExists(v -> notEmpty(v.%d), views), [('', %s)], []), arrayMap(c -> (c, %s), %s))",
			place, bits(fmt.Sprintf("notEmpty(v.%d)", place)), bits(fmt.Sprintf("has(v.%d, c)", place)), codes)
	}
	counted := func(column string) string {
		return "arrayMap(x -> (x.1, x.2, countEqual(" + column + ", x)), arraySort(arrayDistinct(" + column + "))) AS " + column + "_counted"
	}
	return `SELECT day, at, brands, sources, languages, moods, mentions, ratings, rating_sum, ` +
		counted("topics") + ", " + counted("praise") + ", " + counted("customer") + ", " + counted("signals") + `
FROM (SELECT day, at, arrayMap(v -> v.1, views) AS brands, arrayMap(v -> v.2, views) AS sources, arrayMap(v -> v.3, views) AS languages, arrayMap(v -> v.4, views) AS moods,
	count() AS mentions, count(stars) AS ratings, ifNull(sum(stars), 0) AS rating_sum, groupArrayArray(` + pairs(5) + `) AS topics, groupArrayArray(` + pairs(6) + `) AS praise,
	groupArrayArray(` + pairs(7) + `) AS customer, groupArrayArray(` + pairs(8) + `) AS signals
	FROM (SELECT day, id, toStartOfHour(min(written)) AS at, any(rating) AS stars,
			arraySort(groupArray((toString(brand), toString(source), toString(language), toString(mood), topics::Array(String), praise::Array(String), customer::Array(String), signals::Array(String)))) AS views
		FROM v_mentions WHERE from_customer AND day IN {days:Array(Date)} GROUP BY day, id)
	GROUP BY day, at, brands, sources, languages, moods)`
}

// rollup is a table of figures, how they are made, what its partitions are (what a rebuild replaces), and what is to be done
// when new ones are in the staging table and the old ones still in place.
type rollup struct {
	table, figures, partition string
	of                        func(time.Time) uint32
	before                    string
}

func rollups() []rollup {
	year := func(t time.Time) uint32 { return uint32(t.Year()) }
	month := func(t time.Time) uint32 { return uint32(t.Year()*100) + uint32(t.Month()) }
	week := func(t time.Time) uint32 { y, w := t.ISOWeek(); return uint32(y*100 + w) }
	return []rollup{
		{"rollup_day", figuresOfDay, "toYear(day)", year, ""},
		{"rollup_topic", figuresOfTopic, "toYear(day)", year, ""},
		{"rollup_facet", "SELECT brand, day, f.1 AS kind, f.2 AS value, count() AS mentions FROM (SELECT brand, day, " + facetsOf +
			" AS f FROM v_mentions WHERE day IN {days:Array(Date)}) GROUP BY brand, day, kind, value", "toYear(day)", year, ""},
		{"rollup_hour", figuresOfHour(), "toYYYYMM(day)", month, ""},
		{"rollup_mention", figuresOfMention, "toYearWeek(day, 3)", week, changedAuthors},
	}
}

// idle is how many times longer than a rebuild the pause after it is at least: nobody waits for it, but it takes the engine's
// time. That which it spent waiting itself does not count.
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

// What one rebuild takes on, to bound its memory and the time that Forget waits for it: days, and rows of mentions.
const (
	maxDays = 400
	maxRows = 300_000
)

// FlushRollups rebuilds the roll-ups of all days that are dirty now, and those of authors who are due.
func (s *Store) FlushRollups(ctx context.Context) error {
	_, err := s.flush(ctx)
	return err
}

// flush tells for how long it kept the engine busy.
func (s *Store) flush(ctx context.Context) (took time.Duration, err error) {
	dirty, err := s.dirty(ctx, time.Time{}, time.Time{})
	if err != nil {
		return 0, err
	}
	portions, err := s.portions(ctx, dirty)
	if err != nil {
		return 0, err
	}
	for _, days := range portions {
		s.rebuilding.Lock()
		started := time.Now()
		err := s.rebuild(ctx, days)
		took += time.Since(started)
		s.rebuilding.Unlock()
		if err != nil {
			return took, err
		}
	}
	reckoned, err := s.reckon(ctx)
	return took + reckoned, err
}

// portions parts dirty days, in order, into what one rebuild takes on.
func (s *Store) portions(ctx context.Context, dirty []dirtyDay) (list [][]dirtyDay, err error) {
	var counts []struct {
		Day time.Time `ch:"day"`
		N   uint64    `ch:"n"`
	}
	if len(dirty) > 0 {
		err = s.conn.Select(ctx, &counts, "SELECT day, count() AS n FROM mentions WHERE day IN {days:Array(Date)} GROUP BY day", clickhouse.Named("days", dayList(daysOnly(dirty))))
	}
	rows, of := uint64(0), map[int64]uint64{}
	for _, c := range counts {
		of[c.Day.Unix()] = c.N
	}
	for _, d := range dirty {
		n := of[d.Day.Unix()]
		if last := len(list) - 1; last >= 0 && rows+n <= maxRows && len(list[last]) < maxDays {
			list[last], rows = append(list[last], d), rows+n
			continue
		}
		list, rows = append(list, []dirtyDay{d}), n
	}
	return list, s.explain("count the mentions of dirty days", err)
}

// rebuild makes the figures of some days anew. What readers see of a partition (a year, a month or a
// week) changes in one step a table. The caller holds the lock of rebuilds.
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

// replace puts whole partitions together, from their clean days as they stand and their dirty days as the mentions have
// them: a partition can only be replaced as a whole, and one a day would be thousands.
func (s *Store) replace(ctx context.Context, r rollup, days []dirtyDay) error {
	staging, where, parts := r.table+"_staging", names(s.cfg).OnCluster, r.partitions(days)
	truncate := func() error { return s.conn.Exec(ctx, "TRUNCATE TABLE "+staging+where) }
	fill := func() error {
		return s.conn.Exec(ctx, "INSERT INTO "+staging+" SELECT * FROM "+r.table+
			" WHERE "+r.partition+" IN {parts:Array(UInt32)} AND NOT has({days:Array(Date)}, day) UNION ALL "+r.figures,
			clickhouse.Named("days", dayList(daysOnly(days))), clickhouse.Named("parts", parts))
	}
	before := func() error {
		if r.before == "" {
			return nil
		}
		return s.conn.Exec(ctx, r.before, clickhouse.Named("days", dayList(daysOnly(days))))
	}
	swap := func() error {
		filled, err := s.partitionsIn(ctx, staging, r.partition)
		if err != nil {
			return err
		}
		changes := make([]string, len(parts))
		for i, p := range parts {
			changes[i] = fmt.Sprintf("DROP PARTITION %d", p)
			if filled[p] {
				changes[i] = fmt.Sprintf("REPLACE PARTITION %d FROM %s", p, staging)
			}
		}
		return s.conn.Exec(ctx, "ALTER TABLE "+r.table+where+" "+strings.Join(changes, ", "))
	}
	return firstError(truncate, fill, before, swap, truncate)
}

// partitionsIn lists the partitions that have rows.
func (s *Store) partitionsIn(ctx context.Context, table, partition string) (map[uint32]bool, error) {
	var found []struct {
		Part uint32 `ch:"part"`
	}
	err := s.conn.Select(ctx, &found, "SELECT DISTINCT toUInt32("+partition+") AS part FROM "+table)
	parts := map[uint32]bool{}
	for _, f := range found {
		parts[f.Part] = true
	}
	return parts, err
}

// partitions gives those of days that are in order.
func (r rollup) partitions(days []dirtyDay) []uint32 {
	var parts []uint32
	for _, d := range days {
		parts = append(parts, r.of(d.Day))
	}
	return slices.Compact(parts)
}
