package storage

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// What is counted by the hour is live: a backfill goes back as far as a site shows pages, and an import as far as somebody
// has kept texts, so that both would thin out the past of a series and make its present a spike.
//
// A mention counts for the hour in which it was written where the source tells that. Where it tells the day only, all of
// them would fall on midnight: they count for the hour in which they were seen first, and not at all if that was two days
// or more after the beginning of the day of writing. A source that comes back after a silence may thus bring a burst.
const hourly = `SELECT id, brand, source, unhappy, topics, if(author_id != '', author_id, author) AS who,
	written_precision IN ('second', 'minute', 'hour') AND NOT written_clamped AS exact, if(exact, toDateTime64(written, 6, 'UTC'), seen_first) AS at
	FROM v_mentions WHERE from_customer AND origin = 'live' AND (exact OR written_precision = 'unknown' OR seen_first < written + INTERVAL 2 DAY)
	AND day >= {first:Date} AND day <= {last:Date} AND source IN `

// lateSeen is how many days the beginning of a day of writing may lie before what counts.
const lateSeen = 3

// HourlyComplaints hands out, one after the other, the series of each brand's mentions by unhappy customers in [since,
// until), that of the brand first and then those of its topics. Sources that are watched for less than
// mention.SettledAfter are left out, and a series begins when the oldest of the others of the brand did. What was said
// while a source could not be read does not count, found later or not: the series tells those gaps. A brand without any
// such source has no series; one of which they said nothing has an empty one.
func (s *Store) HourlyComplaints(ctx context.Context, since, until time.Time, each func(mention.Series) error) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	began, sources, err := s.settled(ctx, since, until)
	if err != nil || len(sources) == 0 {
		return err
	}
	silent := maps.Clone(began)
	gaps, err := s.gapsOf(ctx, sources, since, until)
	if err != nil {
		return err
	}
	err = s.eachSeries(ctx, "hourly complaints", began, gaps, func(series mention.Series) error {
		if series.Topic == "" {
			delete(silent, series.Brand)
		}
		return each(series)
	},
		`SELECT brand AS owner, arrayJoin(if(unhappy, arrayConcat([''], arrayFilter(x -> x != '', arrayDistinct(topics))), [''])) AS topic,
			toStartOfHour(at) AS hour, source, NOT exact AS sighted, toInt64(countIf(unhappy)) AS n, if(topic = '', toInt64(count()), 0) AS of
		FROM (`+hourly+inList(slices.Sorted(maps.Keys(sources)))+`) WHERE at >= {since:DateTime64(6, 'UTC')} AND at < {until:DateTime64(6, 'UTC')}
		GROUP BY owner, topic, hour, source, sighted ORDER BY owner, topic, hour, source, sighted`, spanArgs(since, until)...)
	for _, brand := range slices.Sorted(maps.Keys(silent)) {
		if err == nil {
			err = each(mention.Series{Brand: brand, Since: silent[brand], Gaps: gaps})
		}
	}
	return err
}

// RecentComplaints counts the mentions by unhappy customers in windows of whole seconds that end with now, and the people
// they come from, of the same sources as HourlyComplaints had until learnt. Windows without any are left out, and so is what
// lies in the gaps that are given beside: while a source is out nothing is expected of it, and what one brings that was away
// for a while is not all of now, unless it tells the hour in which it was written. Bursting are sources that are known to
// be so, beside those of the ledger.
func (s *Store) RecentComplaints(ctx context.Context, now, learnt time.Time, windows []time.Duration, bursting []string) ([]mention.Recent, []mention.Gap, error) {
	longest := time.Duration(0)
	seconds := make([]uint32, len(windows))
	for i, w := range windows {
		longest, seconds[i] = max(longest, w), uint32(w/time.Second)
	}
	_, sources, err := s.settled(ctx, now.Add(-longest), learnt)
	if err != nil || len(sources) == 0 {
		return nil, nil, err
	}
	out, err := s.outages(ctx, now.Add(-longest-2*longestBurst), now)
	if err != nil {
		return nil, nil, err
	}
	gaps := gapsNow(out, now.Add(-longest), now, bursting)
	var rows []struct {
		Brand   string `ch:"brand"`
		Topic   string `ch:"topic"`
		Seconds uint32 `ch:"seconds"`
		N       int64  `ch:"n"`
		Authors int64  `ch:"authors"`
	}
	err = s.conn.Select(ctx, &rows, `SELECT brand, arrayJoin(arrayConcat([''], arrayFilter(x -> x != '', arrayDistinct(topics)))) AS topic,
			arrayJoin({windows:Array(UInt32)}) AS seconds, toInt64(count()) AS n, toInt64(uniqExact(source, if(who != '', who, id))) AS authors
		FROM (`+hourly+inList(slices.Sorted(maps.Keys(sources)))+`) WHERE unhappy AND at > {until:DateTime64(6, 'UTC')} - toIntervalSecond(seconds) AND at <= {until:DateTime64(6, 'UTC')}
			AND NOT arrayExists((s, x, f, t) -> s = source AND x != exact AND at > f AND at <= t, {gap_sources:Array(String)}, {gap_sighted:Array(Bool)}, {gap_from:Array(DateTime64(6, 'UTC'))}, {gap_to:Array(DateTime64(6, 'UTC'))})
		GROUP BY brand, topic, seconds ORDER BY brand, topic, seconds`,
		append(append(spanArgs(now.Add(-longest), now), gapArgs(gaps)...), clickhouse.Named("windows", seconds))...)
	var recent []mention.Recent
	for _, r := range rows {
		if n := len(recent); n == 0 || recent[n-1].Brand != r.Brand || recent[n-1].Topic != r.Topic {
			recent = append(recent, mention.Recent{Brand: r.Brand, Topic: r.Topic})
		}
		last := &recent[len(recent)-1]
		last.Windows = append(last.Windows, mention.WindowCount{Window: time.Duration(r.Seconds) * time.Second, N: r.N, Authors: r.Authors})
	}
	return recent, gaps, s.explain("recent complaints", err)
}

// HourlySeen hands out, one after the other, the series of each source's live mentions by the hour in which they were seen
// first, in [since, until), without the gaps of the source: whether it still gives anything. Mentions that are found four weeks or more after they
// were written do not count. A source without any in this time has no series.
func (s *Store) HourlySeen(ctx context.Context, since, until time.Time, each func(mention.Series) error) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	all, err := s.watched(ctx)
	if err != nil {
		return err
	}
	began := map[string]time.Time{}
	for source, at := range all {
		began[source] = latest(since, at)
	}
	gaps, err := s.gapsOf(ctx, began, since, until)
	if err != nil {
		return err
	}
	return s.eachSeries(ctx, "hourly seen", began, gaps, func(series mention.Series) error {
		series.Source, series.Brand = series.Brand, ""
		return each(series)
	}, `SELECT source AS owner, '' AS topic, toStartOfHour(seen_first) AS hour, source AS part, true AS sighted, toInt64(uniqExact(id)) AS n, toInt64(0) AS of
		FROM v_mentions WHERE origin = 'live' AND day >= {first:Date} - 28 AND day <= {last:Date} AND seen_first < written + INTERVAL 28 DAY
			AND seen_first >= {since:DateTime64(6, 'UTC')} AND seen_first < {until:DateTime64(6, 'UTC')}
		GROUP BY owner, hour ORDER BY owner, hour`, spanArgs(since, until)...)
}

// DailyRatings gives the stars of each brand and source by day of writing in [since, until), in order. Those of a backfill
// count: it thins out the past, but does not change the mean of a day. What was imported was picked by somebody.
func (s *Store) DailyRatings(ctx context.Context, since, until time.Time) ([]mention.RatingDay, error) {
	var rows []struct {
		Brand  string    `ch:"brand"`
		Source string    `ch:"source"`
		Day    time.Time `ch:"d"`
		Share  float64   `ch:"share"`
		N      int64     `ch:"n"`
	}
	// The day of a source that tells no hour begins at its own midnight: twelve hours later it is that day in UTC too.
	err := s.conn.Select(ctx, &rows, `SELECT brand, source, toDate(if(written_precision = 'day', written + INTERVAL 12 HOUR, written)) AS d,
			round(assumeNotNull(rating) * 20) / 20 AS share, toInt64(count()) AS n
		FROM v_mentions WHERE from_customer AND rating IS NOT NULL AND origin IN ('live', 'backfill') AND day >= {first:Date} AND day <= {last:Date}
			AND d >= toDate({since:DateTime64(6, 'UTC')}) AND d < toDate({until:DateTime64(6, 'UTC')})
		GROUP BY brand, source, d, share ORDER BY brand, source, d, share`, spanArgs(since, until)...)
	var days []mention.RatingDay
	for _, r := range rows {
		if n := len(days); n == 0 || days[n-1].Brand != r.Brand || days[n-1].Source != r.Source || !days[n-1].Day.Equal(r.Day) {
			days = append(days, mention.RatingDay{Brand: r.Brand, Source: r.Source, Day: r.Day.UTC()})
		}
		last := &days[len(days)-1]
		last.Stars = append(last.Stars, mention.StarCount{Share: r.Share, N: r.N})
	}
	return days, s.explain("daily ratings", err)
}

// spanArgs are the parameters of a span of time, with the days that partitions are chosen by.
func spanArgs(since, until time.Time) []any {
	return []any{
		clickhouse.Named("since", micro(since).Format(microFormat)), clickhouse.Named("until", micro(until).Format(microFormat)),
		clickhouse.Named("first", within(since.AddDate(0, 0, -lateSeen)).Format(time.DateOnly)),
		clickhouse.Named("last", within(until.AddDate(0, 0, 1)).Format(time.DateOnly)),
	}
}

// microFormat is how a DateTime64(6) is written.
const microFormat = "2006-01-02 15:04:05.000000"

// eachSeries reads rows of owner, topic, hour, source, sighted, n, of in order and hands them out by owner and topic,
// without what is before their owner began or in a gap. It holds one series at a time.
func (s *Store) eachSeries(ctx context.Context, what string, began map[string]time.Time, gaps []mention.Gap, each func(mention.Series) error, sql string, args ...any) (err error) {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return s.explain(what, err)
	}
	defer func() { err = errors.Join(err, s.explain(what, rows.Close())) }()
	var series mention.Series
	for rows.Next() {
		var owner, topic string
		var part mention.Part
		var h mention.HourCount
		if err := rows.Scan(&owner, &topic, &h.At, &part.Source, &part.Sighted, &h.N, &h.Of); err != nil {
			return s.explain(what, err)
		}
		since, ok := began[owner]
		if h.At = h.At.UTC(); !ok || h.At.Before(since) || hidden(gaps, part.Source, part.Sighted, h.At) {
			continue
		}
		if len(series.Hours) > 0 && (series.Brand != owner || series.Topic != topic) {
			if err := each(series); err != nil {
				return err
			}
			series = mention.Series{}
		}
		series.Brand, series.Topic, series.Since, series.Gaps = owner, topic, since, gaps
		part.N = h.N
		count(&series, part, h)
	}
	if err := rows.Err(); err != nil || len(series.Hours) == 0 {
		return s.explain(what, err)
	}
	return each(series)
}

// count adds what a part has of an hour.
func count(s *mention.Series, p mention.Part, h mention.HourCount) {
	if n := len(s.Hours) - 1; n >= 0 && s.Hours[n].At.Equal(h.At) {
		s.Hours[n].N, s.Hours[n].Of = s.Hours[n].N+h.N, s.Hours[n].Of+h.Of
	} else {
		s.Hours = append(s.Hours, h)
	}
	i := slices.IndexFunc(s.Parts, func(o mention.Part) bool { return o.Source == p.Source && o.Sighted == p.Sighted })
	if i < 0 {
		s.Parts = append(s.Parts, p)
	} else {
		s.Parts[i].N += p.N
	}
}

// watched tells since when each source is watched: its first visit, or its first live mention where none is noted.
func (s *Store) watched(ctx context.Context) (map[string]time.Time, error) {
	var rows []struct {
		Source string    `ch:"source"`
		Began  time.Time `ch:"began"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT source, min(began) AS began FROM
		(SELECT source, min(at) AS began FROM crawl_ledger GROUP BY source
			UNION ALL SELECT source, min(seen_first) AS began FROM mentions WHERE origin = 'live' GROUP BY source)
		GROUP BY source`)
	began := map[string]time.Time{}
	for _, r := range rows {
		began[r.Source] = r.Began.UTC()
	}
	return began, s.explain("list watched sources", err)
}

// settled tells which sources are watched long enough at a time and since when, and from when on, since at the earliest,
// each brand was watched in one of them.
func (s *Store) settled(ctx context.Context, since, at time.Time) (brands, sources map[string]time.Time, err error) {
	began, err := s.watched(ctx)
	if err != nil {
		return nil, nil, err
	}
	maps.DeleteFunc(began, func(_ string, first time.Time) bool { return at.Sub(first) < mention.SettledAfter })
	var rows []struct {
		Brand   string    `ch:"brand"`
		Began   time.Time `ch:"began"`
		Sources []string  `ch:"sources"`
	}
	err = s.conn.Select(ctx, &rows, `SELECT brand, min(seen_first) AS began, groupUniqArray(source) AS sources FROM mentions WHERE origin = 'live' GROUP BY brand`)
	brands = map[string]time.Time{}
	for _, r := range rows {
		first, any := time.Time{}, false
		for _, source := range r.Sources {
			if at, ok := began[source]; ok && (!any || at.Before(first)) {
				first, any = at, true
			}
		}
		if any {
			brands[r.Brand] = latest(latest(since, r.Began.UTC()), first)
		}
	}
	return brands, began, s.explain("list watched brands", err)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
