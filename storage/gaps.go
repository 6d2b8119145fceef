package storage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

const (
	// regularDays is how many days before a time show what pause a source makes.
	regularDays = 14
	// longestBurst is how long a source may bring what it missed.
	longestBurst = 6 * time.Hour
)

// outage is a time without a good run.
type outage struct {
	Source string    `ch:"source"`
	From   time.Time `ch:"gone"`
	To     time.Time `ch:"back"`
	Lasts  bool      `ch:"lasts"`
}

// outages lists, by source and time, when sources of the crawl ledger could not be read in [since, until): from their first
// visit to their first good run (see v_coverage), and wherever the next took more than one and a half of their usual pause
// and five minutes, as one missed run makes it. A source that nobody visits any more is out to the end.
func (s *Store) outages(ctx context.Context, since, until time.Time) (found []outage, err error) {
	err = s.conn.Select(ctx, &found, `WITH
		firsts AS (SELECT source, min(at) AS first FROM crawl_ledger WHERE at < {until:DateTime64(6, 'UTC')} GROUP BY source),
		runs AS (SELECT source, min(at) AS started, max(at) AS newest, countIf(NOT run_end AND outcome IN ('ok', 'not_modified')) AS good
			FROM crawl_ledger FINAL WHERE at >= {since:DateTime64(6, 'UTC')} - INTERVAL {days:UInt32} DAY AND at < {until:DateTime64(6, 'UTC')} GROUP BY source, run
			HAVING good > 0 AND countIf(NOT run_end AND outcome IN ('soft_fail', 'failed')) <= good AND anyIf(outcome, run_end) NOT IN ('soft_fail', 'failed', 'refused')),
		-- The end of the time is a run of every source, so that the last pause is one too.
		ends AS (SELECT source, started, newest FROM runs UNION ALL SELECT source, {until:DateTime64(6, 'UTC')}, {until:DateTime64(6, 'UTC')} FROM firsts),
		pauses AS (SELECT source, started, lagInFrame(newest, 1, toDateTime64(0, 6, 'UTC')) OVER (PARTITION BY source ORDER BY started, newest
			ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before, dateDiff('second', before, started) AS pause FROM ends),
		usual AS (SELECT source, quantileExactLow(0.5)(pause) AS pause FROM pauses GROUP BY source)
		SELECT p.source AS source, greatest(p.before, f.first, {since:DateTime64(6, 'UTC')}) AS gone, p.started AS back, toBool(p.started = {until:DateTime64(6, 'UTC')}) AS lasts
		FROM pauses AS p JOIN usual AS u ON p.source = u.source JOIN firsts AS f ON p.source = f.source
		WHERE back > gone AND (p.before = toDateTime64(0, 6, 'UTC') OR p.pause > 1.5 * u.pause + 300)
		ORDER BY source, back`, append(spanArgs(since, until), clickhouse.Named("days", uint32(regularDays)))...)
	return found, s.explain("list outages", err)
}

// gapsOf gives the gaps of sources that began at some time: hours in which a source was out or not yet there, and of what
// counts by sight those in which it may bring what it missed, as long as it was away.
func (s *Store) gapsOf(ctx context.Context, began map[string]time.Time, since, until time.Time) ([]mention.Gap, error) {
	outages, err := s.outages(ctx, since, until)
	outages = slices.DeleteFunc(outages, func(o outage) bool { _, ours := began[o.Source]; return !ours })
	var gaps []mention.Gap
	for source, at := range began {
		if at.After(since) {
			outages = append(outages, outage{Source: source, From: since, To: at})
		}
	}
	for _, o := range outages {
		from, to := o.From.UTC().Truncate(time.Hour), o.To.UTC().Add(time.Hour-1)
		gaps = append(gaps, mention.Gap{Source: o.Source, From: from, To: to.Truncate(time.Hour)},
			mention.Gap{Source: o.Source, Sighted: true, From: from, To: to.Add(o.burst()).Truncate(time.Hour)})
	}
	return merged(gaps), err
}

// gapsNow gives the gaps of a time that ends now: what a source that is back brings with the hour of writing is all there,
// or at least not more than there was.
func gapsNow(outages []outage, since, now time.Time, bursting []string) []mention.Gap {
	var gaps []mention.Gap
	for _, o := range outages {
		if o.Lasts {
			gaps = append(gaps, mention.Gap{Source: o.Source, From: o.From.UTC(), To: o.To.UTC()})
		}
		gaps = append(gaps, mention.Gap{Source: o.Source, Sighted: true, From: o.From.UTC(), To: o.To.UTC().Add(o.burst())})
	}
	for _, source := range bursting {
		gaps = append(gaps, mention.Gap{Source: source, Sighted: true, From: since, To: now})
	}
	return merged(gaps)
}

func (o outage) burst() time.Duration { return min(o.To.Sub(o.From), longestBurst) }

// merged puts gaps of one part that overlap together.
func merged(gaps []mention.Gap) []mention.Gap {
	slices.SortFunc(gaps, func(a, b mention.Gap) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(number(a.Sighted), number(b.Sighted)), a.From.Compare(b.From))
	})
	var all []mention.Gap
	for _, g := range gaps {
		if n := len(all) - 1; n >= 0 && all[n].Source == g.Source && all[n].Sighted == g.Sighted && !g.From.After(all[n].To) {
			all[n].To = latest(all[n].To, g.To)
			continue
		}
		all = append(all, g)
	}
	return all
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// gapArgs are the parameters of gaps.
func gapArgs(gaps []mention.Gap) []any {
	sources, sighted, from, to := []string{}, []bool{}, []string{}, []string{}
	for _, g := range gaps {
		sources, sighted = append(sources, g.Source), append(sighted, g.Sighted)
		from, to = append(from, micro(g.From).Format(microFormat)), append(to, micro(g.To).Format(microFormat))
	}
	return []any{clickhouse.Named("gap_sources", sources), clickhouse.Named("gap_sighted", sighted), clickhouse.Named("gap_from", from), clickhouse.Named("gap_to", to)}
}

// hidden tells whether a time is in a gap of a part.
func hidden(gaps []mention.Gap, source string, sighted bool, at time.Time) bool {
	return slices.ContainsFunc(gaps, func(g mention.Gap) bool {
		return g.Source == source && g.Sighted == sighted && !at.Before(g.From) && at.Before(g.To)
	})
}
