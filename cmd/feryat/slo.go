package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feryat/mention"
)

func (a *app) alertSLOCommand() *cobra.Command {
	since, brand := "30d", ""
	c := &cobra.Command{
		Use:   "slo",
		Short: "Say how the promise of an answer is kept",
		Long: `Says per brand, source and team how many customers were answered in time, the
error budget and how fast it burns, and feryat's own part of the delay. The
target is alert.promise.target.`,
		Example: `  feryat alert slo
  feryat alert slo --since 7d --brand Acme --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := sinceOf(since, time.Now())
			if err != nil {
				return usageError{fmt.Errorf("--since: %w", err)}
			}
			return a.withHome(cmd.Context(), "alert", func(ctx context.Context, h *home) error {
				rows, err := h.store.SLO(ctx, mention.Filter{Brand: brand, From: from}, h.cfg.Alert.Promise.Target)
				if err != nil {
					return err
				}
				return printLines(a, rows, sloLine)
			})
		},
	}
	c.Flags().StringVar(&since, "since", since, "how far back: a number of days (30d) or a day (2026-01-31)")
	c.Flags().StringVar(&brand, "brand", "", "this brand alone")
	return c
}

func sloLine(r mention.SLO) string {
	who := strings.Join([]string{r.Brand, r.Source, r.Team}, " ")
	return fmt.Sprintf("%-6s %-30s promised %d: %d in time, %d late, %d open, %d open and late; minutes to answer %.0f/%.0f/%.0f; budget used %.1f, burning %.1f (1 h) %.1f (6 h); seconds to seen %.0f, stored %.0f, told %.0f",
		r.Per, strings.Join(strings.Fields(who), " "), r.Count, r.InTime, r.Late, r.OpenInTime, r.OpenLate, r.Answer.P50, r.Answer.P90, r.Answer.P99,
		r.Used.Value, r.Burn1h.Value, r.Burn6h.Value, r.Seen.P50, r.Stored.P50, r.Told.P50)
}
