package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feryat/alert"
	"feryat/brand"
	"feryat/mention"
)

func (a *app) alertReplayCommand() *cobra.Command {
	var rules []string
	since := "90d"
	c := &cobra.Command{
		Use:   "replay",
		Short: "Say what rules would have told of what is stored",
		Long: `Runs rules over the stored mentions and lists, day by day, what they would have
told of, with examples, and how far the people who were told agree. It tells
nobody. Try a rule of your own before you enable it. It does not look at the
customer list: what one customer writes as several authors is not put together.

--rule is a rule file, or the name of a rule in use; without it all in use run.`,
		Example: `  feryat alert replay --since 30d
  feryat alert replay --rule my-rule.yaml --since 90d --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.replay(cmd.Context(), rules, since) },
	}
	c.Flags().StringSliceVar(&rules, "rule", nil, "rule files, or names of rules in use")
	c.Flags().StringVar(&since, "since", since, "how far back: a number of days (90d) or a day (2026-01-31)")
	return c
}

func (a *app) replay(ctx context.Context, names []string, since string) error {
	from, err := sinceOf(since, time.Now())
	if err != nil {
		return usageError{fmt.Errorf("--since: %w", err)}
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	rules, err := replayRules(cfg, names)
	if err != nil {
		return usageError{err}
	}
	return a.withHome(ctx, "alert", func(ctx context.Context, h *home) error {
		r := &alert.Replay{Rules: rules, Archive: h.store}
		if r.Feedback, err = h.store.Feedback(ctx, from); err != nil {
			return err
		}
		brands, err := brand.New(cfg.Brands)
		if err != nil {
			return err
		}
		err = h.store.Each(ctx, mention.Filter{From: from}, func(rows []mention.Scored) error {
			var watched []mention.Scored
			for _, row := range rows {
				if brands.Watched(row.Brand) && !writtenBefore(row, from) {
					watched = append(watched, row)
				}
			}
			return r.Page(ctx, watched)
		})
		return errors.Join(err, a.showReplay(r, from))
	})
}

func writtenBefore(row mention.Scored, from time.Time) bool {
	return !row.Mention.Written.Time.IsZero() && row.Mention.Written.Time.Before(from)
}

// sinceOf reads "90d" or a day.
func sinceOf(s string, now time.Time) (time.Time, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 {
			return time.Time{}, fmt.Errorf("%q is no number of days", s)
		}
		return now.UTC().AddDate(0, 0, -n), nil
	}
	return time.Parse(time.DateOnly, s)
}

// replayRules finds rules by file or by name.
func replayRules(cfg config, names []string) ([]alert.Rule, error) {
	used, err := loadRules(cfg)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return slices.DeleteFunc(used, func(r alert.Rule) bool { return r.Trend != nil }), nil
	}
	var rules []alert.Rule
	for _, name := range names {
		r, err := replayRule(used, name)
		if err != nil {
			return nil, err
		}
		if r.Trend != nil {
			return nil, fmt.Errorf("rule %s judges counts on a clock, not mentions: it cannot be replayed; feryat alert rules shows what to expect of it", r.Name)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func replayRule(used []alert.Rule, name string) (alert.Rule, error) {
	for _, r := range used {
		if r.Name == name {
			return r, nil
		}
	}
	body, err := os.ReadFile(name)
	if err != nil {
		return alert.Rule{}, fmt.Errorf("%q is neither the name of a rule nor a file: %w", name, err)
	}
	r, err := alert.Parse(body)
	if err != nil {
		return alert.Rule{}, fmt.Errorf("rule file %s: %w", filepath.Base(name), err)
	}
	return r, nil
}

// replayTotal ends the listing of a replay.
type replayTotal struct {
	Since    time.Time       `json:"since"`
	Mentions int             `json:"mentions"`
	Quality  []alert.Quality `json:"quality"`
}

func (a *app) showReplay(r *alert.Replay, from time.Time) error {
	err := printLines(a, r.Days(), func(d alert.Day) string {
		var b strings.Builder
		fmt.Fprintf(&b, "%s  %-18s %5d mentions, %5d customers", d.Day.Format(time.DateOnly), d.Rule, d.Fired, d.Customers)
		for _, e := range d.Shown {
			fmt.Fprintf(&b, "\n    %s  %s  [%s]", e.Brand, oneLine(e.Excerpt), strings.Join(e.Why, ", "))
		}
		return b.String()
	})
	return errors.Join(err, printLines(a, []replayTotal{{from, r.Seen, r.Judged()}}, func(t replayTotal) string {
		line := fmt.Sprintf("%d mentions since %s", t.Mentions, t.Since.Format(time.DateOnly))
		for _, q := range t.Quality {
			line += fmt.Sprintf("\n%-18s %d of %d that people judged were true alarms", q.Rule, q.True, q.Judged)
		}
		return line
	}))
}
