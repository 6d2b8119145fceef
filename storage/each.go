package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// pageSize is how many mentions Each hands out at a time.
const pageSize = 2000

// Each hands out the mentions that the filter selects, page by page, in order of day and ID. All rows of a mention are in
// one page, also those of brands which the filter leaves out: Insert takes the brands of a mention as a whole. What is
// changed meanwhile may be seen in its old or new state.
func (s *Store) Each(ctx context.Context, f mention.Filter, page func([]mention.Scored) error) error {
	spans, err := s.spans(ctx, f)
	if err != nil {
		return err
	}
	for _, span := range spans {
		if err := s.eachOf(ctx, f, span, page); err != nil {
			return err
		}
	}
	return nil
}

// span is a range of days, both ends included.
type span struct{ from, to time.Time }

// spans cuts the days into ranges of about a page each, so that looking for the next page reads little and a day with few
// mentions costs no statement of its own.
func (s *Store) spans(ctx context.Context, f mention.Filter) ([]span, error) {
	w := onMentions(f)
	var days []struct {
		Day time.Time `ch:"day"`
		N   uint64    `ch:"n"`
	}
	err := s.conn.Select(ctx, &days, "SELECT day, uniqExact(id) AS n FROM v_mentions WHERE "+w.sql()+" GROUP BY day ORDER BY day", w.args...)
	var spans []span
	size := uint64(pageSize)
	for _, d := range days {
		if size+d.N > pageSize {
			spans, size = append(spans, span{from: d.Day}), 0
		}
		spans[len(spans)-1].to = d.Day
		size += d.N
	}
	return spans, s.explain("list days", err)
}

// place is a mention's place in the order of Each.
type place struct {
	Day time.Time `ch:"day"`
	ID  string    `ch:"id"`
}

func (s *Store) eachOf(ctx context.Context, f mention.Filter, in span, page func([]mention.Scored) error) error {
	after := place{Day: in.from}
	for {
		w := onMentions(f)
		w.add("day <= {last:Date}", "last", in.to.Format(time.DateOnly))
		w.add("day >= {day:Date}", "day", after.Day.Format(time.DateOnly))
		w.add("(day, id) > ({day:Date}, {id:String})", "id", after.ID)
		var places []place
		err := s.conn.Select(ctx, &places, "SELECT DISTINCT day, id FROM v_mentions WHERE "+w.sql()+" ORDER BY day, id"+limitBy(pageSize), w.args...)
		if err != nil || len(places) == 0 {
			return s.explain("list mentions", err)
		}
		rows, err := s.at(ctx, places)
		if err != nil {
			return err
		}
		if err := page(rows); err != nil {
			return err
		}
		if len(places) < pageSize {
			return nil
		}
		after = places[len(places)-1]
	}
}

// at gives all rows of the mentions at some places, which are in order.
func (s *Store) at(ctx context.Context, places []place) ([]mention.Scored, error) {
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	first, last := places[0].Day, places[len(places)-1].Day
	return s.records(ctx, "read mentions", "day >= {first:Date} AND day <= {last:Date} AND id IN "+inList(ids)+" ORDER BY day, id, brand", []any{
		clickhouse.Named("first", first.Format(time.DateOnly)), clickhouse.Named("last", last.Format(time.DateOnly))})
}
