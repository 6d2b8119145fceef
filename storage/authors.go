package storage

import (
	"context"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// figuresOfMention are the mentions of days in brief. One that a single brand sees needs no twin to be counted once.
const figuresOfMention = `SELECT * REPLACE (if(count() OVER (PARTITION BY day, id) = 1, 0, twin) AS twin) FROM v_brief_now WHERE day IN {days:Array(Date)}`

// changedAuthors makes those due of whom something changes when the days that are made anew replace the present ones: what they
// said, and what answers it. It comes before that, so that nobody is missed where a rebuild breaks off.
const changedAuthors = `INSERT INTO rollup_author (who)
WITH both AS (SELECT *, 1 AS side FROM rollup_mention_staging WHERE day IN {days:Array(Date)} UNION ALL SELECT *, -1 AS side FROM rollup_mention WHERE day IN {days:Array(Date)})
SELECT DISTINCT who FROM (
	SELECT who FROM both WHERE NOT own AND who != 0 GROUP BY who, cityHash64(brand, id, written, mood, peace, author, name, bare, marked) HAVING sum(side) != 0
	UNION ALL SELECT cityHash64(toString(source), if(author_id != '', author_id, author)) AS who FROM mention_versions
		WHERE id IN (SELECT parent_id FROM both WHERE own GROUP BY brand, parent_id, id, written HAVING sum(side) != 0))`

// maxAuthors is how many authors are reckoned at a time, to bound memory and the time that Forget waits for it.
const maxAuthors = 50_000

// reckon brings rollup_author up to date for those who are due: their time is up, or a rebuild changed something of them.
// New rows come before old ones go, so that an author who has any row has one that tells of him; see v_authors_state.
func (s *Store) reckon(ctx context.Context) (took time.Duration, err error) {
	at := second(time.Now())
	var due uint64
	if err := s.conn.QueryRow(ctx, "SELECT uniq(who) FROM rollup_author WHERE until <= {at:DateTime('UTC')}", clickhouse.Named("at", at)).Scan(&due); err != nil || due == 0 {
		return 0, s.explain("count the authors who are due", err)
	}
	parts := due/maxAuthors + 1
	for i := range parts {
		first := math.MaxUint64 / parts * i
		last := first + (math.MaxUint64/parts - 1)
		if i == parts-1 {
			last = math.MaxUint64
		}
		s.rebuilding.Lock()
		started := time.Now()
		err := s.reckonPart(ctx, at, first, last)
		took += time.Since(started)
		s.rebuilding.Unlock()
		if err != nil {
			return took, s.explain("reckon how authors stand", err)
		}
	}
	return took, nil
}

// reckonPart does so for those whose number lies in a range, both ends included.
func (s *Store) reckonPart(ctx context.Context, at time.Time, first, last uint64) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	const due = " WHERE who BETWEEN {first:UInt64} AND {last:UInt64} AND who IN (SELECT who FROM rollup_author WHERE until <= {at:DateTime('UTC')} AND who BETWEEN {first:UInt64} AND {last:UInt64})"
	args := []any{clickhouse.Named("at", at), clickhouse.Named("first", first), clickhouse.Named("last", last), clickhouse.Named("now", micro(time.Now()).UnixMicro())}
	add := func() error {
		// What days that are dirty show may be gone before the next rebuild, which would see no change: see 0077_v_dirty_days.sql.
		return s.conn.Exec(ctx, "INSERT INTO rollup_author SELECT * REPLACE (fromUnixTimestamp64Micro({now:Int64}, 'UTC') AS reckoned) FROM v_author_reckoned"+due+" SETTINGS log_comment = 'as of the last rebuild'", args...)
	}
	drop := func() error {
		// A server with replicas has to be told that the sub-query gives the same on each.
		same := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"allow_nondeterministic_mutations": 1}))
		return s.conn.Exec(same, "DELETE FROM rollup_author"+names(s.cfg).OnCluster+due+" AND reckoned < fromUnixTimestamp64Micro({now:Int64}, 'UTC')", args...)
	}
	return firstError(add, drop)
}
