package storage

import (
	"context"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// maxThread bounds what is given of one thread: all opinions on a product may be one.
const maxThread = 300

// Threads gives the mentions of some threads of a source that were written until a time, the brand's own included, oldest
// first; of more than maxThread versions of one thread's mentions the newest.
func (s *Store) Threads(ctx context.Context, source string, threads []string, until time.Time) ([]mention.Scored, error) {
	if len(threads) == 0 {
		return nil, nil
	}
	// Keys first, as wide columns of a whole table are much to read; without FINAL, since a thread never moves.
	var places []place
	err := s.conn.Select(ctx, &places, `SELECT DISTINCT day, id FROM (SELECT day, id FROM mentions WHERE source = {source:String} AND thread_id IN {threads:Array(String)}
		AND written <= {until:DateTime('UTC')} ORDER BY written DESC, id DESC`+limitBy(maxThread)+" BY thread_id) ORDER BY day, id",
		clickhouse.Named("source", source), clickhouse.Named("threads", threads), clickhouse.Named("until", second(until)))
	if err != nil || len(places) == 0 {
		return nil, s.explain("threads", err)
	}
	rows, err := s.at(ctx, places)
	slices.SortStableFunc(rows, oldestFirst)
	return rows, err
}

// Loose gives what brands themselves wrote in some threads of a source, in answer to no mention that is known, since a time,
// oldest first. It is asked of every case that opens: a day or two of four narrow columns are what it reads.
func (s *Store) Loose(ctx context.Context, source string, threads []string, since time.Time) ([]mention.Scored, error) {
	if len(threads) == 0 {
		return nil, nil
	}
	var places []place
	err := s.conn.Select(ctx, &places, `SELECT DISTINCT day, id FROM mentions WHERE own AND source = {source:String} AND parent_id = ''
		AND day >= {since:Date} AND thread_id IN {threads:Array(String)} ORDER BY day, id`,
		clickhouse.Named("source", source), clickhouse.Named("threads", threads), clickhouse.Named("since", since.UTC().Format(time.DateOnly)))
	if err != nil || len(places) == 0 {
		return nil, s.explain("loose replies", err)
	}
	rows, err := s.at(ctx, places)
	rows = slices.DeleteFunc(rows, func(r mention.Scored) bool { return r.Mention.ParentID != "" }) // an older version had none
	slices.SortStableFunc(rows, oldestFirst)
	return rows, err
}
