package storage

import (
	"context"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// columns of v_mentions that make up a record.
const columns = `id, brand, day, source, source_kind, kind, url, product, thread_id, parent_id, about, author_id, author, followers, own,
	title, text, truncated, language, language_claimed, rating, rating_value, rating_worst, rating_best, likes, replies, shares, views, verified,
	written, written_precision, written_zone, written_clamped, written_shown, edited, seen_first, collected, origin, weak_id, revision, version,
	score, raw, mood, anger, topics, praise, blamed, customer, signals, switch_from, switch_to, priority, coverage, reasons, lexicon, scored, search`

// Unhappy gives the newest mentions by angry or dissatisfied customers, newest first; a limit of 0 is none.
func (s *Store) Unhappy(ctx context.Context, f mention.Filter, limit int) ([]mention.Scored, error) {
	w := onMentions(f)
	// Keys first: reading the wide columns of everything that is sorted would take a hundred times as long.
	keys := "SELECT brand, day, id FROM v_mentions WHERE unhappy AND from_customer AND " + w.sql() +
		" ORDER BY written DESC, collected DESC, id, brand" + limitBy(limit)
	return s.records(ctx, "unhappy", "(brand, day, id) IN ("+keys+") ORDER BY written DESC, collected DESC, id, brand", w.args)
}

// Mention answers one mention as each brand sees it, see Mentions.
func (s *Store) Mention(ctx context.Context, id mention.ID) ([]mention.Scored, error) {
	return s.Mentions(ctx, id)
}

// Mentions answers some mentions as each brand sees them, one row a mention and brand, by brand; those that
// were deleted at their source as they were last. What is not known is left out.
func (s *Store) Mentions(ctx context.Context, ids ...mention.ID) ([]mention.Scored, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	days, err := s.daysOf(ctx, "id IN "+inList(list))
	if err != nil || len(days) == 0 {
		return nil, err
	}
	found, err := s.records(ctx, "mention", "day IN {days:Array(Date)} AND id IN "+inList(list)+" ORDER BY brand, id", []any{clickhouse.Named("days", dayList(days))})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(id string) bool {
		return slices.ContainsFunc(found, func(f mention.Scored) bool { return string(f.Mention.ID) == id })
	})
	if len(list) == 0 {
		return found, nil
	}
	rows, err := s.newestRows(ctx, "*", list, days)
	for _, r := range rows {
		if r.GoneWhy == whyDeleted {
			found = append(found, r.record())
		}
	}
	return found, err
}

func (s *Store) records(ctx context.Context, what, condition string, args []any) ([]mention.Scored, error) {
	var rows []row
	err := s.conn.Select(ctx, &rows, "SELECT "+columns+" FROM v_mentions WHERE "+condition, args...)
	found := make([]mention.Scored, len(rows))
	for i := range rows {
		found[i] = rows[i].record()
	}
	return found, s.explain(what, err)
}

// Coverage tells how each source is doing: the state of its last run, and its visits since a time. Sources come by name.
func (s *Store) Coverage(ctx context.Context, since time.Time) ([]mention.SourceHealth, error) {
	var rows []struct {
		Source      string    `ch:"source"`
		Healthy     bool      `ch:"healthy"`
		Reason      string    `ch:"reason"`
		LastRun     time.Time `ch:"last_run"`
		LastOK      time.Time `ch:"last_ok"`
		LastMention time.Time `ch:"last_mention"`
		RunStarted  time.Time `ch:"run_started"`
		Pages       uint64    `ch:"pages"`
		SoftFails   uint64    `ch:"soft_fails"`
		Failures    uint64    `ch:"failures"`
	}
	// The newest collection comes from the mentions themselves: the roll-ups may be behind.
	err := s.conn.Select(ctx, &rows, `SELECT c.source AS source, c.healthy AS healthy, c.reason AS reason, c.last_run AS last_run, c.last_ok AS last_ok, c.run_started AS run_started,
		m.last AS last_mention, w.pages AS pages, w.soft_fails AS soft_fails, w.failures AS failures
		FROM v_coverage AS c
		LEFT JOIN (SELECT source, count() AS pages, countIf(outcome = 'soft_fail') AS soft_fails, countIf(outcome = 'failed') AS failures
			FROM crawl_ledger FINAL WHERE at >= {since:DateTime64(6, 'UTC')} AND NOT run_end GROUP BY source) AS w ON c.source = w.source
		LEFT JOIN (SELECT source, max(collected) AS last FROM mentions WHERE NOT gone GROUP BY source) AS m ON c.source = m.source
		ORDER BY source`, clickhouse.Named("since", micro(since)))
	found := make([]mention.SourceHealth, len(rows))
	for i, r := range rows {
		found[i] = mention.SourceHealth{
			Source: r.Source, Healthy: r.Healthy, Reason: r.Reason, LastRun: orZero(r.LastRun), LastOK: orZero(r.LastOK), LastMention: orZero(r.LastMention), RunStarted: orZero(r.RunStarted),
			Pages: int64(r.Pages), SoftFails: int64(r.SoftFails), Failures: int64(r.Failures),
		}
	}
	return found, s.explain("coverage", err)
}
