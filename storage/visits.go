package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// visitBefore is how long before the end of a collection the request began that gave it.
const visitBefore = time.Hour

// VisitOf gives the request of a source for an address that ended in what was collected at a time; nil where none is
// known, as for what was imported, or came with another page.
func (s *Store) VisitOf(ctx context.Context, source, url string, collected time.Time) (*mention.Visit, error) {
	var rows []visitRow
	err := s.conn.Select(ctx, &rows, `SELECT source, at, id, run, url, took_ms, status, bytes, outcome, reason, detail, mentions, attempt, run_end
		FROM crawl_ledger FINAL WHERE source = {source:String} AND url = {url:String} AND NOT run_end AND outcome = 'ok' AND mentions > 0
		AND at BETWEEN {since:DateTime64(6, 'UTC')} AND {until:DateTime64(6, 'UTC')} ORDER BY at DESC LIMIT 1`,
		clickhouse.Named("source", source), clickhouse.Named("url", url),
		clickhouse.Named("since", micro(collected.Add(-visitBefore)).Format(microFormat)), clickhouse.Named("until", micro(collected).Format(microFormat)))
	if err != nil || len(rows) == 0 {
		return nil, s.explain("visit of a mention", err)
	}
	v := rows[0]
	return &mention.Visit{
		ID: v.ID, Run: v.Run, Source: v.Source, URL: v.URL, At: v.At.UTC(), Took: time.Duration(v.TookMS) * time.Millisecond, Status: int(v.Status),
		Bytes: v.Bytes, Outcome: mention.Outcome(v.Outcome), Reason: v.Reason, Detail: v.Detail, Mentions: int(v.Mentions), Attempt: int(v.Attempt),
	}, nil
}
