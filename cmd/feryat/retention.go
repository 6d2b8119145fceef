package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"feryat/storage"
)

func (a *app) retentionCommand() *cobra.Command {
	var apply bool
	c := &cobra.Command{
		Use:   "retention",
		Short: "Tell what is kept no longer",
		Long: `Tells what storage.retention takes away of mentions, hourly and daily figures, and
changes nothing. feryat serve takes it away by itself, within the hour; with
--apply this command does, where serve does not run. Daily figures stay when their
mentions go. Mentions of cases that wait for a person stay until the case has an
end; who has to keep all for a while (a legal hold) says mentions: 0 meanwhile.`,
		Example: `  feryat retention
  feryat retention --format json
  feryat retention --apply`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHome(cmd.Context(), "retention", func(ctx context.Context, h *home) error {
				list, err := expiring(ctx, h, apply)
				if err != nil {
					return err
				}
				if len(list) == 0 {
					_, err := fmt.Fprintln(a.err, "storage.retention keeps all")
					return err
				}
				return printLines(a, list, func(e storage.Expiry) string { return expiryLine(e, apply) })
			})
		},
	}
	c.Flags().BoolVar(&apply, "apply", false, "take it away now")
	return c
}

// expiring takes away only as the owner: two processes that rebuild roll-ups would empty each other's tables.
func expiring(ctx context.Context, h *home, apply bool) ([]storage.Expiry, error) {
	switch {
	case !apply:
		return h.store.Expiring(ctx, time.Now())
	case !h.owner:
		return nil, errors.New("another feryat is at work on this data folder and takes away by itself what is kept no longer: leave --apply out")
	}
	return h.store.Retain(ctx, time.Now())
}

func expiryLine(e storage.Expiry, done bool) string {
	verb := "would go"
	if done {
		verb = "are gone"
	}
	line := fmt.Sprintf("%-8s kept since %s: %d rows before it %s", e.What, e.Since.Format(time.DateOnly), e.Rows, verb)
	if e.Held > 0 {
		line += fmt.Sprintf(", %d mentions of open cases stay", e.Held)
	}
	return line
}
