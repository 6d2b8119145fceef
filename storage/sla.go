package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// sloRow is a row of the answer to SLO.
type sloRow struct {
	Per        string    `ch:"per"`
	Brand      string    `ch:"brand"`
	Source     string    `ch:"source"`
	Team       string    `ch:"team"`
	InTime     uint64    `ch:"in_time"`
	Late       uint64    `ch:"late"`
	OpenInTime uint64    `ch:"open_in_time"`
	OpenLate   uint64    `ch:"open_late"`
	Hour       []uint64  `ch:"hour"` // promises decided in the last hour, and the broken ones of them
	Six        []uint64  `ch:"six"`
	Counts     []uint64  `ch:"counts"` // of what each spread is taken
	Answer     []float64 `ch:"answer"`
	Solve      []float64 `ch:"solve"`
	Seen       []float64 `ch:"seen"`
	Stored     []float64 `ch:"stored"`
	Told       []float64 `ch:"told"`
}

// An escalation that is open is counted as in time until its answer is due. Escalations of which a
// person said that nobody had to be told are in the delays only: they were told as fast as the others.
const sloColumns = `multiIf(grouping(source) = 0, 'source', grouping(team) = 0, 'team', 'brand') AS per, brand, source, team,
	countIf(counted AND answered > 0 AND NOT breached) AS in_time, countIf(counted AND answered > 0 AND breached) AS late,
	countIf(counted AND answered = 0 AND NOT breached) AS open_in_time, countIf(counted AND answered = 0 AND breached) AS open_late,
	[countIf(counted AND past <= 3600), countIf(counted AND past <= 3600 AND breached)] AS hour,
	[countIf(counted AND past <= 21600), countIf(counted AND past <= 21600 AND breached)] AS six,
	[countIf(NOT false_alarm AND answer_seconds IS NOT NULL), countIf(NOT false_alarm AND solve_seconds IS NOT NULL),
		count(seen_seconds), count(stored_seconds), count(told_seconds)] AS counts,
	quantilesExactInclusiveIf(0.5, 0.9, 0.99)(ifNull(answer_seconds, 0) / 60, NOT false_alarm AND answer_seconds IS NOT NULL) AS answer,
	quantilesExactInclusiveIf(0.5, 0.9, 0.99)(ifNull(solve_seconds, 0) / 60, NOT false_alarm AND solve_seconds IS NOT NULL) AS solve,
	quantilesExactInclusiveIf(0.5, 0.9, 0.99)(ifNull(seen_seconds, 0), seen_seconds IS NOT NULL) AS seen,
	quantilesExactInclusiveIf(0.5, 0.9, 0.99)(ifNull(stored_seconds, 0), stored_seconds IS NOT NULL) AS stored,
	quantilesExactInclusiveIf(0.5, 0.9, 0.99)(ifNull(told_seconds, 0), told_seconds IS NOT NULL) AS told`

// SLO tells how the promise of an answer was kept, per brand and per source and team of each brand, for the escalations
// whose clock started in the range of the filter. Target is the share that is to be answered in time, above 0 and below 1.
// The burn rates look back from now, or from the end of the range where that is past. What happened after the range counts
// in it: a customer of yesterday who is answered today was answered.
func (s *Store) SLO(ctx context.Context, f mention.Filter, target float64) ([]mention.SLO, error) {
	if !(target > 0 && target < 1) {
		return nil, fmt.Errorf("slo: the target %v is no share above 0 and below 1", target)
	}
	ctx, cancel := s.limit(ctx)
	defer cancel()
	w := onClocks(f)
	at := time.Now()
	if !f.To.IsZero() && f.To.Before(at) {
		at = f.To
	}
	w.args = append(w.args, clickhouse.Named("at", micro(at).UnixMicro()))
	var rows []sloRow
	err := s.conn.Select(ctx, &rows, "SELECT "+sloColumns+` FROM
		(SELECT *, if(decided > 0, ({at:Int64} - toUnixTimestamp64Micro(decided)) / 1e6, 1e12) AS ago, if(ago < 0, 1e12, ago) AS past
		FROM v_sla WHERE `+w.sql()+`)
		GROUP BY GROUPING SETS ((brand), (brand, source), (brand, team)) ORDER BY brand, per, source, team`, w.args...)
	found := make([]mention.SLO, len(rows))
	for i, r := range rows {
		found[i] = r.figures(target)
	}
	return found, s.explain("slo", err)
}

// onClocks is the filter as a condition on v_sla.
func onClocks(f mention.Filter) *where {
	w := common(f)
	w.addText("has(topics, {topic:String})", "topic", f.Topic)
	if !f.From.IsZero() {
		w.add("started >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')", "from", micro(f.From).UnixMicro())
	}
	if !f.To.IsZero() {
		w.add("started < fromUnixTimestamp64Micro({to:Int64}, 'UTC')", "to", micro(f.To).UnixMicro())
	}
	return w
}

func (r sloRow) figures(target float64) mention.SLO {
	decided, broken := r.InTime+r.Late+r.OpenLate, r.Late+r.OpenLate
	return mention.SLO{
		Per: mention.Per(r.Per), Brand: r.Brand, Source: r.Source, Team: r.Team, Target: target, Count: int64(decided + r.OpenInTime),
		InTime: int64(r.InTime), Late: int64(r.Late), OpenInTime: int64(r.OpenInTime), OpenLate: int64(r.OpenLate),
		Answer: spread(r.Counts[0], r.Answer), Solve: spread(r.Counts[1], r.Solve),
		Used: burn(decided, broken, target), Burn1h: burn(r.Hour[0], r.Hour[1], target), Burn6h: burn(r.Six[0], r.Six[1], target),
		Seen: spread(r.Counts[2], r.Seen), Stored: spread(r.Counts[3], r.Stored), Told: spread(r.Counts[4], r.Told),
	}
}

// burn is the share of broken promises as a multiple of the share that the target allows.
func burn(decided, broken uint64, target float64) mention.Ratio {
	if decided == 0 {
		return mention.Ratio{}
	}
	return mention.Ratio{N: int64(decided), Value: float64(broken) / float64(decided) / (1 - target)}
}

func spread(n uint64, p []float64) mention.Spread {
	if n == 0 {
		return mention.Spread{} // ClickHouse says nan
	}
	return mention.Spread{N: int64(n), P50: p[0], P90: p[1], P99: p[2]}
}
