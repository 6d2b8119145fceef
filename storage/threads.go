package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// maxThread bounds what is given of one thread: all opinions on a product may be one.
const maxThread = 300

// Threads gives the mentions of some threads of a source that were written until a time, the brand's own included, oldest
// first; of more than maxThread rows of one thread the newest.
func (s *Store) Threads(ctx context.Context, source string, threads []string, until time.Time) ([]mention.Scored, error) {
	if len(threads) == 0 {
		return nil, nil
	}
	// Keys first, as wide columns of a whole thread are much to sort; without FINAL, since a thread never moves.
	keys := "SELECT brand, day, id FROM mentions WHERE source = {source:String} AND thread_id IN " + inList(threads) +
		" AND written <= {until:DateTime('UTC')} ORDER BY written DESC, id DESC" + limitBy(maxThread) + " BY thread_id"
	return s.records(ctx, "threads", "(brand, day, id) IN ("+keys+") ORDER BY written, id, brand", []any{
		clickhouse.Named("source", source), clickhouse.Named("until", second(until))})
}
