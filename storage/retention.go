package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Retention says for how many days each resolution is kept; 0 keeps all. Mentions and hours go by whole months, days by
// whole years, so that each is kept for at least as long.
type Retention struct {
	// Mentions are texts, versions, verdicts and corrections. Those of cases that still wait for a person stay.
	Mentions int `yaml:"mentions" mapstructure:"mentions"`
	// Hours are the hourly figures of dashboards.
	Hours int `yaml:"hours" mapstructure:"hours"`
	// Days are the daily figures. They stay when their mentions are gone.
	Days int `yaml:"days" mapstructure:"days"`
}

// The least that can be kept: how a customer stands follows from a year of mentions, and a dashboard of 30 days compares
// them with the 30 before.
const (
	leastMentions = 400
	leastHours    = 70
)

// check tells what is wrong with it.
func (r Retention) check() error {
	longest := func(d int) bool { return r.Days == 0 || d != 0 && r.Days >= d }
	switch {
	case r.Mentions != 0 && r.Mentions < leastMentions:
		return fmt.Errorf("retention: mentions are kept for %d days: say 0 (all) or at least %d", r.Mentions, leastMentions)
	case r.Hours != 0 && r.Hours < leastHours:
		return fmt.Errorf("retention: hours are kept for %d days: say 0 (all) or at least %d", r.Hours, leastHours)
	case r.Days < 0 || !longest(r.Mentions) || !longest(r.Hours):
		return fmt.Errorf("retention: days are kept for %d days, which is less than mentions or hours: say 0 (all) or more than those", r.Days)
	}
	return nil
}

// Expiry is what a retention takes away of one resolution.
type Expiry struct {
	What  string    `json:"what"`  // mentions, hours or days
	Since time.Time `json:"since"` // first day that is kept
	Rows  uint64    `json:"rows"`  // rows before it, but for those held
	Held  uint64    `json:"held"`  // mentions before it that stay, because a person still has to answer them
}

// kept is one resolution: its tables and what their partitions begin with.
type kept struct {
	what   string
	days   int
	begin  func(time.Time) time.Time // of the partition that a day lies in
	tables []string
}

func (r Retention) kept() []kept {
	month := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }
	year := func(t time.Time) time.Time { return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC) }
	return []kept{
		{"mentions", r.Mentions, month, []string{"mentions"}},
		{"hours", r.Hours, month, []string{"rollup_hour"}},
		{"days", r.Days, year, []string{"rollup_day", "rollup_topic", "rollup_facet"}},
	}
}

// Expiring tells what Retain would take away at a time. It changes nothing.
func (s *Store) Expiring(ctx context.Context, now time.Time) ([]Expiry, error) {
	var list []Expiry
	for _, k := range s.cfg.Retention.kept() {
		if k.days == 0 {
			continue
		}
		e := Expiry{What: k.what, Since: k.begin(now.UTC().AddDate(0, 0, -k.days))}
		for _, table := range k.tables {
			rows, held, err := s.before(ctx, table, e.Since)
			if err != nil {
				return nil, err
			}
			e.Rows, e.Held = e.Rows+rows, e.Held+held
		}
		list = append(list, e)
	}
	return list, nil
}

// waitingOnes are the mentions of cases that wait for a person.
const waitingOnes = "(SELECT mention FROM v_escalations WHERE waiting AND mention != '')"

// before counts the rows of a table that would go, and the mentions that are held.
func (s *Store) before(ctx context.Context, table string, since time.Time) (rows, held uint64, err error) {
	count := "count(), toUInt64(0)"
	if table == "mentions" {
		count = "countIf(id NOT IN " + waitingOnes + "), uniqExactIf(id, id IN " + waitingOnes + ")"
	}
	err = s.conn.QueryRow(ctx, "SELECT "+count+" FROM "+table+" WHERE day < {since:Date}", clickhouse.Named("since", since.Format(time.DateOnly))).Scan(&rows, &held)
	return rows, held, s.explain("count what is not kept", err)
}

// Retain takes away what is kept no longer. Figures of days whose mentions go are brought up to date first, and stay as they
// are from then on: such days are neither rebuilt nor added to. Only the process that runs RunRollups may call it.
func (s *Store) Retain(ctx context.Context, now time.Time) ([]Expiry, error) {
	if err := s.FlushRollups(ctx); err != nil {
		return nil, err
	}
	s.rebuilding.Lock()
	defer s.rebuilding.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	list, err := s.Expiring(ctx, now)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		if e.Rows == 0 {
			continue
		}
		if err := s.expire(ctx, e, now); err != nil {
			return list[:i], err
		}
	}
	return list, nil
}

// errChanging ends an attempt when days changed after their figures were brought up to date.
var errChanging = errors.New("days whose mentions are to go have just changed")

// expire drops what is before the first day kept. The caller holds the lock of writers.
func (s *Store) expire(ctx context.Context, e Expiry, now time.Time) error {
	if dirty, err := s.dirty(ctx, time.Time{}, e.Since); err != nil || len(dirty) > 0 && e.What == "mentions" {
		return errors.Join(err, errChanging)
	}
	type retentionRow struct {
		What  string    `ch:"what"`
		Since time.Time `ch:"since"`
		At    time.Time `ch:"at"`
	}
	if err := insertRows(ctx, s, "retention", []*retentionRow{{e.What, e.Since, micro(now)}}); err != nil {
		return err
	}
	for _, k := range s.cfg.Retention.kept() {
		if k.what == e.What && e.What != "mentions" {
			return s.dropBefore(ctx, k.tables, e.Since)
		}
	}
	return s.removeBefore(ctx, e)
}

// dropBefore drops whole partitions.
func (s *Store) dropBefore(ctx context.Context, tables []string, since time.Time) error {
	for _, table := range tables {
		var parts []struct {
			ID string `ch:"partition_id"`
		}
		err := s.conn.Select(ctx, &parts, `SELECT DISTINCT partition_id FROM system.parts WHERE active AND database = {database:String} AND table = {table:String} AND max_date < {since:Date}`,
			clickhouse.Named("database", s.cfg.Database), clickhouse.Named("table", table), clickhouse.Named("since", since.Format(time.DateOnly)))
		for _, p := range parts {
			if err == nil {
				err = s.conn.Exec(ctx, "ALTER TABLE "+table+names(s.cfg).OnCluster+" DROP PARTITION ID '"+p.ID+"'")
			}
		}
		if err != nil {
			return s.explain("drop old partitions of "+table, err)
		}
	}
	return nil
}

// removeBefore takes mentions away with what hangs on them. Mention_versions goes last: by it the rest is found again
// where this breaks off.
func (s *Store) removeBefore(ctx context.Context, e Expiry) error {
	day := e.Since.Format(time.DateOnly)
	var held, judged []string
	if err := firstError(
		func() error {
			return s.ids(ctx, &held, "SELECT DISTINCT mention AS id FROM v_escalations WHERE waiting AND mention != ''")
		},
		func() error {
			return s.ids(ctx, &judged, "SELECT DISTINCT id FROM corrections WHERE id IN (SELECT id FROM mention_versions WHERE day < '"+day+"') AND id NOT IN "+waitingOnes)
		}); err != nil {
		return err
	}
	remove := func(table, where string) func() error {
		return func() error {
			return s.explain("remove from "+table, s.long(ctx, "ALTER TABLE "+table+names(s.cfg).OnCluster+" DELETE WHERE "+where))
		}
	}
	old := "day < '" + day + "' AND id NOT IN " + inList(held)
	steps := []func() error{remove("verdicts", old), remove("mentions", old), remove("mention_versions", old)}
	if len(held) == 0 {
		steps[1] = func() error { return s.dropBefore(ctx, []string{"mentions"}, e.Since) }
	}
	due := func() error {
		return s.explain("have authors reckoned anew", s.long(ctx, "INSERT INTO rollup_author (who) SELECT DISTINCT who FROM rollup_mention WHERE NOT own AND who != 0 AND day < '"+day+"'"))
	}
	steps = append([]func() error{due, remove("rollup_mention", "day < '"+day+"'")}, steps...)
	if len(judged) > 0 {
		steps = append([]func() error{remove("corrections", "id IN "+inList(judged))}, steps...)
	}
	return firstError(steps...)
}

func (s *Store) ids(ctx context.Context, list *[]string, sql string) error {
	var found []struct {
		ID string `ch:"id"`
	}
	err := s.conn.Select(ctx, &found, sql)
	for _, f := range found {
		*list = append(*list, f.ID)
	}
	return s.explain("look up old mentions", err)
}

// since is the first day whose mentions are kept; 1970 where all are.
func (s *Store) since(ctx context.Context) (day time.Time, err error) {
	err = s.conn.QueryRow(ctx, "SELECT max(since) FROM retention WHERE what = 'mentions'").Scan(&day)
	return day, s.explain("read the retention", err)
}

// retaining is how often a running process looks for what is kept no longer.
const retaining = time.Hour

// RunRetention takes away what is kept no longer until ctx ends. Where nothing is to go it does nothing.
func (s *Store) RunRetention(ctx context.Context) error {
	for s.cfg.Retention != (Retention{}) {
		list, err := s.Retain(ctx, time.Now())
		for _, e := range list {
			if e.Rows > 0 {
				s.log.InfoContext(ctx, "kept no longer", "what", e.What, "before", e.Since.Format(time.DateOnly), "rows", e.Rows, "held", e.Held)
			}
		}
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "retention waits", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(retaining):
		}
	}
	return nil
}
