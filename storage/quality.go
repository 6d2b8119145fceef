package storage

import (
	"context"

	"feryat/mention"
)

// RuleQuality tells of each rule that ever fired how often people said that it was right, by name of the rule.
func (s *Store) RuleQuality(ctx context.Context) ([]mention.RuleQuality, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	var rows []struct {
		Rule        string  `ch:"rule"`
		Confirmed   uint64  `ch:"confirmed"`
		FalseAlarms uint64  `ch:"false_alarms"`
		Low         float64 `ch:"low"`
		High        float64 `ch:"high"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT rule, confirmed, false_alarms, ifNull(precision_low, 0) AS low, ifNull(precision_high, 1) AS high
		FROM v_alert_quality ORDER BY rule`)
	found := make([]mention.RuleQuality, len(rows))
	for i, r := range rows {
		found[i] = mention.RuleQuality{Rule: r.Rule, Confirmed: int64(r.Confirmed), FalseAlarms: int64(r.FalseAlarms), PrecisionLow: r.Low, PrecisionHigh: r.High}
	}
	return found, s.explain("quality of rules", err)
}
