package storage

import (
	"cmp"
	"context"
	"slices"
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
	// Keys first, and most often there are none: it is asked of every complaint.
	var places []place
	err := s.conn.Select(ctx, &places, "SELECT DISTINCT day, id FROM mentions WHERE own AND day >= {since:Date} AND parent_id IN "+inList(ids)+" ORDER BY day, id",
		clickhouse.Named("since", since.UTC().Format(time.DateOnly)))
	if err != nil || len(places) == 0 {
		return nil, s.explain("replies", err)
	}
	rows, err := s.at(ctx, places)
	rows = slices.DeleteFunc(rows, func(r mention.Scored) bool { return !slices.Contains(to, r.Mention.ParentID) })
	slices.SortStableFunc(rows, oldestFirst)
	return rows, err
}

func oldestFirst(a, b mention.Scored) int {
	return cmp.Or(a.Mention.Written.Time.Compare(b.Mention.Written.Time), cmp.Compare(a.Mention.ID, b.Mention.ID), cmp.Compare(a.Brand, b.Brand))
}
