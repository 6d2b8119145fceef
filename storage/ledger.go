package storage

import (
	"context"
	"math"
	"time"

	"feryat/mention"
)

// visitRow is a row of crawl_ledger.
type visitRow struct {
	Source   string    `ch:"source"`
	At       time.Time `ch:"at"`
	ID       string    `ch:"id"`
	Run      string    `ch:"run"`
	URL      string    `ch:"url"`
	TookMS   uint32    `ch:"took_ms"`
	Status   uint16    `ch:"status"`
	Bytes    int64     `ch:"bytes"`
	Outcome  string    `ch:"outcome"`
	Reason   string    `ch:"reason"`
	Detail   string    `ch:"detail"`
	Mentions uint32    `ch:"mentions"`
	Attempt  uint16    `ch:"attempt"`
	RunEnd   bool      `ch:"run_end"`
}

// InsertVisits stores visits. Twice the same visit (by Source, At and ID) counts once.
func (s *Store) InsertVisits(ctx context.Context, visits []mention.Visit) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	rows := make([]*visitRow, len(visits))
	for i, v := range visits {
		rows[i] = &visitRow{
			Source: v.Source, At: micro(v.At), ID: v.ID, Run: v.Run, URL: v.URL,
			TookMS: clamp32(v.Took.Milliseconds()), Status: clamp16(v.Status), Bytes: v.Bytes,
			Outcome: string(v.Outcome), Reason: v.Reason, Detail: v.Detail,
			Mentions: clamp32(int64(v.Mentions)), Attempt: clamp16(v.Attempt), RunEnd: v.RunEnd,
		}
	}
	return insertRows(ctx, s, "crawl_ledger", rows)
}

func clamp32(n int64) uint32 { return uint32(min(max(n, 0), math.MaxUint32)) }

func clamp16(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) }
