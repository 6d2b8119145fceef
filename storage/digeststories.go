package storage

import (
	"context"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// mostSwitches is how many moves of a brand a report has.
const mostSwitches = 12

// switches counts moves from and to brands of ours. One between two of them is told of both.
func (x *digest) switches(ctx context.Context) error {
	var rows []struct {
		From string `ch:"switch_from"`
		To   string `ch:"switch_to"`
		N    int64  `ch:"n"`
	}
	err := x.conn.Select(ctx, &rows, `SELECT switch_from, switch_to, toInt64(count()) AS n FROM v_switches
		WHERE (switch_from IN {brands:Array(String)} OR switch_to IN {brands:Array(String)}) AND day >= {first:Date} AND day <= {last:Date}
			AND written >= {from:DateTime('UTC')} AND written < {to:DateTime('UTC')}
		GROUP BY switch_from, switch_to ORDER BY n DESC, switch_from, switch_to`, x.args(x.ask.Brands)...)
	for _, r := range rows {
		for _, name := range slices.Compact([]string{r.From, r.To}) {
			if !slices.Contains(x.ask.Brands, name) {
				continue
			}
			if b := x.brand(name); len(b.Switches) < mostSwitches {
				b.Switches = append(b.Switches, mention.SwitchCount{From: r.From, To: r.To, N: r.N})
			}
		}
	}
	return err
}

// Which cases waited longest, and which were answered best: conditions on v_sla, and in which order they are told.
const (
	isSlow     = "breached"
	slowFirst  = "answered > toDateTime64(0, 6, 'UTC'), waited DESC, id"
	isQuick    = "counted AND ifNull(answered_in_time, false) AND answered > toDateTime64(0, 6, 'UTC')"
	quickFirst = "reply != 'solution', waited, id"
)

func (x *digest) waits(ctx context.Context) error {
	for _, kind := range []struct {
		is, order string
		to        func(*mention.BrandDigest) *[]mention.CaseTime
	}{
		{isSlow, slowFirst, func(b *mention.BrandDigest) *[]mention.CaseTime { return &b.Slow }},
		{isQuick, quickFirst, func(b *mention.BrandDigest) *[]mention.CaseTime { return &b.Quick }},
	} {
		var rows []struct {
			ID     string  `ch:"id"`
			Waited float64 `ch:"waited"`
		}
		err := x.conn.Select(ctx, &rows, `SELECT id, toFloat64(ifNull(answer_seconds, greatest(0, dateDiff('second', started, toDateTime64({as_of:DateTime('UTC')}, 6, 'UTC'))))) AS waited
			FROM v_sla WHERE counted AND `+openedNow+" AND "+kind.is+" ORDER BY brand, "+kind.order+limitBy(x.ask.Most)+" BY brand",
			append(x.args(x.ask.Brands), clickhouse.Named("as_of", x.d.AsOf))...)
		if err != nil || len(rows) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		ids := make([]string, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		found, err := x.escalations(ctx, "cases of a report", "id IN "+inList(ids))
		if err != nil {
			return err
		}
		for _, r := range rows {
			if i := slices.IndexFunc(found, func(e mention.OpenEscalation) bool { return e.ID == r.ID }); i >= 0 {
				to := kind.to(x.brand(found[i].Brand))
				*to = append(*to, mention.CaseTime{Escalation: found[i].Escalation, Waited: time.Duration(r.Waited) * time.Second})
			}
		}
	}
	return nil
}

func (x *digest) heard(ctx context.Context) error {
	var rows []struct {
		Source string `ch:"source"`
		Now    int64  `ch:"current"`
		Past   int64  `ch:"past"`
	}
	err := x.conn.Select(ctx, &rows, `SELECT source, toInt64(uniqExactIf(id, at >= {from:DateTime('UTC')})) AS current, toInt64(uniqExactIf(id, at < {from:DateTime('UTC')})) AS past
		FROM `+said+" WHERE at >= {before:DateTime('UTC')} AND at < {to:DateTime('UTC')} GROUP BY source ORDER BY current DESC, past DESC, source", x.args(x.ask.Brands)...)
	for _, r := range rows {
		x.d.Heard = append(x.d.Heard, mention.SourceCount{Source: r.Source, Now: r.Now, Past: r.Past})
	}
	return err
}
