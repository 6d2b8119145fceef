package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"feryat/mention"
)

func (a *app) rescoreCommand() *cobra.Command {
	var since, brandName string
	var yes bool
	c := &cobra.Command{
		Use:   "rescore",
		Short: "Score stored mentions again with the present lexicons",
		Long: `Says first what would change, mood by mood. With --yes the new verdicts are
stored; the old ones stay in table verdicts. Rescoring pages nobody.`,
		Example: `  feryat rescore                     what would change
  feryat rescore --since 720h --yes  the last 30 days`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.rescore(cmd.Context(), since, brandName, yes) },
	}
	c.Flags().StringVar(&since, "since", "", "only what was written within this time, such as 720h")
	c.Flags().StringVar(&brandName, "brand", "", "only this brand")
	c.Flags().BoolVar(&yes, "yes", false, "store the new verdicts")
	return c
}

func (a *app) rescore(ctx context.Context, since, brandName string, yes bool) error {
	f := mention.Filter{Brand: brandName}
	if since != "" {
		d, err := time.ParseDuration(since)
		if err != nil || d <= 0 {
			return usageError{fmt.Errorf("--since %q is not a time such as 720h", since)}
		}
		f.From = time.Now().Add(-d)
	}
	return a.withHome(ctx, "rescore", func(ctx context.Context, h *home) error {
		scorer, err := h.cfg.newVerdicts()
		if err != nil {
			return usageError{err}
		}
		p, err := h.newPipeline(scorer, prometheus.NewRegistry())
		if err != nil {
			return err
		}
		drift, err := p.Rescore(ctx, f, !yes)
		if err != nil {
			return err
		}
		if err := printLines(a, drift.Changes(), func(c mention.Change) string {
			return fmt.Sprintf("%-14s → %-14s %8d", c.From, c.To, c.Count)
		}); err != nil {
			return err
		}
		what := "would change; run again with --yes to store them"
		if yes {
			what = "changed"
		}
		_, err = fmt.Fprintf(a.err, "%d of %d verdicts %s\n", drift.Changed, drift.Seen, what)
		if yes {
			err = errors.Join(err, h.store.FlushRollups(ctx))
		}
		return err
	})
}
