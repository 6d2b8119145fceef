package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// ComplaintsOfWriters lists the unhappy mentions of f's brand and source, written since a time and before f.To, of all
// who wrote anything in f's range; oldest first, of more than maxComplaints by one author the newest. It reads the days
// from since to f.To, and is as long as what these authors complained of in them.
func (s *Store) ComplaintsOfWriters(ctx context.Context, f mention.Filter, since time.Time) ([]mention.Complaint, error) {
	w := onMentions(mention.Filter{Brand: f.Brand, Source: f.Source, From: since, To: f.To})
	w.add("day >= {since_day:Date}", "since_day", since.UTC().Format(time.DateOnly))
	w.add("day <= {last_day:Date}", "last_day", f.To.UTC().Format(time.DateOnly))
	w.add("(source, "+authorKey+") IN (SELECT source, "+authorKey+" FROM mentions WHERE brand = {brand:String} AND day >= {first_day:Date} AND day <= {last_day:Date})",
		"first_day", f.From.UTC().Format(time.DateOnly))
	w.terms = append(w.terms, authorKey+" != ''")
	return s.complaints(ctx, w)
}

// FirstReplies tells of each mention that brands themselves have answered in a range of time, half-open, when they first
// did. The range begins with the day of from.
func (s *Store) FirstReplies(ctx context.Context, from, to time.Time) (map[mention.ID]time.Time, error) {
	var rows []struct {
		Parent string    `ch:"parent"`
		At     time.Time `ch:"at"`
	}
	w := onMentions(mention.Filter{From: from.UTC().Truncate(day), To: to})
	w.add("day >= {first_day:Date}", "first_day", from.UTC().Format(time.DateOnly))
	w.add("day <= {last_day:Date}", "last_day", to.UTC().Format(time.DateOnly))
	err := s.conn.Select(ctx, &rows, `SELECT parent_id AS parent, min(if(written_precision = {unknown:String}, seen_first, toDateTime64(written, 6, 'UTC'))) AS at
		FROM v_mentions WHERE own AND parent_id != '' AND `+w.sql()+" GROUP BY parent_id",
		append(w.args, clickhouse.Named("unknown", string(mention.PrecisionUnknown)))...)
	found := make(map[mention.ID]time.Time, len(rows))
	for _, r := range rows {
		found[mention.ID(r.Parent)] = r.At.UTC()
	}
	return found, s.explain("first replies", err)
}
