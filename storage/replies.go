package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// Replies gives what brands themselves wrote in answer to mentions, as their sources show what answers what, written since a
// time (by day: the mentions are in order of it); oldest first.
func (s *Store) Replies(ctx context.Context, to []mention.ID, since time.Time) ([]mention.Scored, error) {
	if len(to) == 0 {
		return nil, nil
	}
	ids := make([]string, len(to))
	for i, id := range to {
		ids[i] = string(id)
	}
	return s.records(ctx, "replies", "own AND day >= {since:Date} AND parent_id IN "+inList(ids)+" ORDER BY written, id, brand",
		[]any{clickhouse.Named("since", since.UTC().Format(time.DateOnly))})
}
