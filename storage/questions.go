package storage

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// MoodOverTime counts mentions by customers by mood in buckets of whole seconds; empty buckets are left out. Buckets
// begin at multiples of their length since 1970.
func (s *Store) MoodOverTime(ctx context.Context, f mention.Filter, bucket time.Duration) ([]mention.MoodPoint, error) {
	if bucket < time.Second || bucket%time.Second != 0 {
		return nil, fmt.Errorf("mood over time: bucket %s is not made of whole seconds", bucket)
	}
	from, args, err := s.from(ctx, f, bucket%day != 0, figures{
		rollup:   "SELECT toDateTime(day, 'UTC') AS at, mood, mentions FROM rollup_day",
		mentions: "SELECT written AS at, mood, 1 AS mentions FROM v_mentions",
	})
	if err != nil {
		return nil, err
	}
	var rows []struct {
		At       time.Time `ch:"bucket"`
		Mood     string    `ch:"mood"`
		Mentions uint64    `ch:"n"`
	}
	args = append(args, clickhouse.Named("seconds", uint32(bucket/time.Second)))
	err = s.conn.Select(ctx, &rows, `SELECT toDateTime(intDiv(toUInt32(at), {seconds:UInt32}) * {seconds:UInt32}, 'UTC') AS bucket, mood, sum(mentions) AS n
		FROM `+from+` GROUP BY bucket, mood ORDER BY bucket, mood`, args...)
	var points []mention.MoodPoint
	for _, r := range rows {
		if n := len(points); n == 0 || !points[n-1].At.Equal(r.At) {
			points = append(points, mention.MoodPoint{At: r.At.UTC(), Counts: map[mention.Mood]int64{}})
		}
		points[len(points)-1].Counts[mention.Mood(r.Mood)] = int64(r.Mentions)
	}
	return points, s.explain("mood over time", err)
}

// Topics counts what customers complain about and praise, the most complained about first; a limit of 0 is none.
func (s *Store) Topics(ctx context.Context, f mention.Filter, limit int) ([]mention.TopicCount, error) {
	from, args, err := s.from(ctx, f, false, figures{
		rollup: "SELECT topic, complaints, praise AS praises FROM rollup_topic",
		mentions: `SELECT pair.1 AS topic, pair.2 AS complaints, pair.2 = 0 AS praises FROM v_mentions
			ARRAY JOIN arrayConcat(arrayMap(x -> (x, 1), arrayDistinct(topics)), arrayMap(x -> (x, 0), arrayDistinct(praise))) AS pair`,
	})
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Topic      string `ch:"topic"`
		Complaints int64  `ch:"c"`
		Praise     int64  `ch:"p"`
	}
	err = s.conn.Select(ctx, &rows, `SELECT topic, toInt64(sum(complaints)) AS c, toInt64(sum(praises)) AS p FROM `+from+`
		GROUP BY topic ORDER BY c DESC, p DESC, topic`+limitBy(limit), args...)
	counts := make([]mention.TopicCount, len(rows))
	for i, r := range rows {
		counts[i] = mention.TopicCount{Topic: r.Topic, Complaints: r.Complaints, Praise: r.Praise}
	}
	return counts, s.explain("topics", err)
}

// Brands sums up what customers say of each brand, the one most spoken of first.
func (s *Store) Brands(ctx context.Context, f mention.Filter) ([]mention.BrandCount, error) {
	from, args, err := s.from(ctx, f, false, figures{
		rollup:   "SELECT brand, mentions, unhappy, scored, score_sum FROM rollup_day",
		mentions: "SELECT brand, 1 AS mentions, unhappy, mood != 'unknown' AS scored, if(mood != 'unknown', score, 0) AS score_sum FROM v_mentions",
	})
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Brand   string  `ch:"brand"`
		Total   uint64  `ch:"t"`
		Unhappy uint64  `ch:"u"`
		Scored  uint64  `ch:"s"`
		Score   float64 `ch:"x"`
	}
	err = s.conn.Select(ctx, &rows, `SELECT brand, sum(mentions) AS t, sum(unhappy) AS u, sum(scored) AS s, sum(score_sum) AS x FROM `+from+`
		GROUP BY brand ORDER BY t DESC, brand`, args...)
	counts := make([]mention.BrandCount, len(rows))
	for i, r := range rows {
		counts[i] = mention.BrandCount{Brand: r.Brand, Total: int64(r.Total), Unhappy: int64(r.Unhappy), Score: mean(r.Score, r.Scored)}
	}
	return counts, s.explain("brands", err)
}

// mean is rounded, because the order in which floats are summed shows in their last digits.
func mean(sum float64, n uint64) float64 {
	if n == 0 {
		return 0
	}
	return math.Round(sum/float64(n)*1e9) / 1e9
}

// Counts sums up what is stored.
func (s *Store) Counts(ctx context.Context) (mention.Counts, error) {
	c := mention.Counts{Moods: map[mention.Mood]int64{}}
	err := s.conn.QueryRow(ctx, `SELECT toInt64(uniqExact(id)), toInt64(count()), toInt64(countIf(own)),
		(SELECT toInt64(count()) FROM (SELECT DISTINCT id, revision FROM mention_versions)),
		(SELECT toInt64(uniqExact(id)) FROM (SELECT id, gone, gone_why FROM mentions ORDER BY version DESC LIMIT 1 BY id, brand) WHERE gone AND gone_why = 'deleted'),
		(SELECT toInt64(count()) FROM crawl_ledger FINAL WHERE NOT run_end), (SELECT toInt64(uniqExact(source)) FROM crawl_ledger),
		(SELECT toInt64(count()) FROM v_escalations), (SELECT toInt64(countIf(waiting)) FROM v_escalations) FROM v_mentions`).
		Scan(&c.Mentions, &c.Rows, &c.Own, &c.Versions, &c.Gone, &c.Visits, &c.Sources, &c.Escalations, &c.Waiting)
	if err != nil {
		return c, s.explain("counts", err)
	}
	var moods []struct {
		Mood string `ch:"mood"`
		N    int64  `ch:"n"`
	}
	err = s.conn.Select(ctx, &moods, "SELECT mood, toInt64(count()) AS n FROM v_mentions WHERE from_customer GROUP BY mood")
	for _, m := range moods {
		c.Moods[mention.Mood(m.Mood)] = m.N
	}
	return c, s.explain("counts", err)
}

func limitBy(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" LIMIT %d", n)
}
