package storage

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

func itoa(n int) string { return strconv.Itoa(n) }

func (x *digest) cases(ctx context.Context) error {
	var rows []struct {
		Brand    string    `ch:"brand"`
		Opened   int64     `ch:"o"`
		Past     int64     `ch:"past"`
		Promised int64     `ch:"promised"`
		InTime   int64     `ch:"in_time"`
		Late     int64     `ch:"late"`
		False    int64     `ch:"wrong"`
		Waiting  int64     `ch:"w"`
		Oldest   time.Time `ch:"oldest"`
	}
	err := x.conn.Select(ctx, &rows, `SELECT brand, toInt64(countIf(current)) AS o, toInt64(countIf(before)) AS past,
			toInt64(countIf(current AND counted)) AS promised, toInt64(countIf(current AND counted AND ifNull(answered_in_time, false))) AS in_time,
			toInt64(countIf(current AND counted AND breached)) AS late, toInt64(countIf(current AND false_alarm)) AS wrong,
			toInt64(countIf(waiting)) AS w, minIf(opened, waiting) AS oldest
		FROM (SELECT *, opened >= {from:DateTime('UTC')} AND opened < {to:DateTime('UTC')} AS current, opened >= {before:DateTime('UTC')} AND opened < {from:DateTime('UTC')} AS before
			FROM v_sla WHERE brand IN {brands:Array(String)}) GROUP BY brand`, x.args(x.ask.Brands)...)
	for _, r := range rows {
		x.brand(r.Brand).Cases = mention.CaseTally{Opened: r.Opened, Past: r.Past, Promised: r.Promised, InTime: r.InTime, Late: r.Late,
			FalseAlarms: r.False, Waiting: r.Waiting, Oldest: orZero(r.Oldest)}
	}
	return err
}

// openedNow is the period of a digest, as a condition on v_escalations.
const openedNow = "brand IN {brands:Array(String)} AND opened >= {from:DateTime('UTC')} AND opened < {to:DateTime('UTC')}"

// mostIncidents bounds what a digest holds; a reader is not shown as many.
const mostIncidents = 100

func (x *digest) incidents(ctx context.Context) error {
	found, err := x.escalations(ctx, "incidents of a digest", "mention = '' AND "+openedNow+" ORDER BY opened DESC, id"+limitBy(mostIncidents), x.args(x.ask.Brands)...)
	for _, e := range found {
		b := x.brand(e.Brand)
		b.Incidents = append(b.Incidents, e.Escalation)
	}
	return err
}

func (x *digest) listed(ctx context.Context) error {
	var rows []struct {
		Rule string `ch:"rule"`
		N    int64  `ch:"n"`
	}
	err := x.conn.Select(ctx, &rows, "SELECT rule, toInt64(count()) AS n FROM v_escalations WHERE has(why, 'demoted') AND "+openedNow+
		" GROUP BY rule ORDER BY n DESC, rule", x.args(x.ask.Brands)...)
	for _, r := range rows {
		x.d.Listed = append(x.d.Listed, mention.RuleCount{Rule: r.Rule, Count: r.N})
	}
	return err
}

// remembered is how long before the period the ledger is looked at: a source without a visit in it is new.
const remembered = 30 * day

// gaps tells for how long sources were not seen: since a good page, for longer than they are away by their schedule.
func (x *digest) gaps(ctx context.Context) error {
	var rows []struct {
		Source string   `ch:"source"`
		Began  int64    `ch:"began"`
		Good   []int64  `ch:"good"`
		Reason []string `ch:"reason"`
	}
	err := x.conn.Select(ctx, &rows, `SELECT source, toInt64(toUnixTimestamp(min(at))) AS began,
			arraySort(groupUniqArrayIf(toInt64(toUnixTimestamp(toStartOfFiveMinutes(at))), outcome IN ('ok', 'not_modified') AND NOT run_end)) AS good,
			topKIf(1)(reason, outcome IN ('soft_fail', 'failed', 'refused') AND reason != '' AND at >= {from:DateTime('UTC')}) AS reason
		FROM crawl_ledger WHERE at >= {since:DateTime('UTC')} AND at < {to:DateTime('UTC')} GROUP BY source ORDER BY source`,
		append(x.args(nil), clickhouse.Named("since", ceil(x.d.From.Add(-remembered))))...)
	if err != nil {
		return err
	}
	due := maps.Clone(x.ask.Sources)
	maps.DeleteFunc(due, func(_ string, every time.Duration) bool { return every <= 0 }) // collected when asked only
	x.d.Watched = len(due)
	for _, r := range rows {
		every, ok := due[r.Source]
		if !ok {
			continue // no longer configured
		}
		delete(due, r.Source)
		if blind := x.blind(r.Began, r.Good, every); blind > 0 {
			reason := firstOf(r.Reason)
			x.d.Gaps = append(x.d.Gaps, mention.SourceGap{Source: r.Source, Blind: blind, Reason: reason, New: reason == "" && time.Unix(r.Began, 0).After(x.d.From)})
		}
	}
	return x.neverSeen(ctx, slices.Sorted(maps.Keys(due)))
}

// neverSeen adds the sources without a visit up to the end of the period. Those that were visited later for the first time
// are new.
func (x *digest) neverSeen(ctx context.Context, sources []string) error {
	began, err := x.watched(ctx)
	for _, source := range sources {
		first, visited := began[source]
		x.d.Gaps = append(x.d.Gaps, mention.SourceGap{Source: source, Blind: x.d.To.Sub(x.d.From), New: visited && !first.Before(x.d.To)})
	}
	return err
}

// shortest gap that is told, of a source that is collected often.
const shortestGap = 3 * time.Hour

// blind is the part of the period in which a source gave no good page although it should have, or was not watched yet.
func (x *digest) blind(began int64, good []int64, every time.Duration) (sum time.Duration) {
	allowed := max(shortestGap, 2*every+time.Hour)
	end := x.d.To
	if x.d.AsOf.Before(end) {
		end = x.d.AsOf
	}
	last := time.Unix(began, 0)
	if last.After(x.d.From) {
		sum = last.Sub(x.d.From) // what was written before is known by what the pages still show
	}
	for _, g := range append(good, end.Unix()) {
		at := time.Unix(g, 0)
		if at.Sub(last) > allowed {
			sum += max(0, at.Sub(latest(x.d.From, last.Add(every))))
		}
		last = at
	}
	return min(sum, x.d.To.Sub(x.d.From))
}
