package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feryat/mention"
)

func (a *app) customerCommand() *cobra.Command {
	return group(&cobra.Command{Use: "customer", Short: "The customer list, and which authors are on it"},
		a.customerLinkCommand(), a.customerUnlinkCommand(), a.customerListCommand(), a.customerRemoveCommand())
}

func (a *app) customerLinkCommand() *cobra.Command {
	var by string
	c := &cobra.Command{
		Use:   "link SOURCE AUTHOR KEY",
		Short: "Say that an author is a customer of the list",
		Long: `Links an author (key, or name where only one author of the source has it) to a
customer. From then on value, tenure and renewal weigh in what he writes. Several
authors who are one customer have one history: complaints, standing and priority
see what he wrote on all sources, and each of his escalations shows the others.
Do that only where the customer told you, or has agreed.`,
		Example: `  feryat customer link shop user1234 M-1001`,
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.linkCustomer(cmd.Context(), mention.CustomerLink{Source: args[0], Author: args[1], Customer: args[2], By: by})
		},
	}
	c.Flags().StringVar(&by, "by", "", "who says so (default: $USER)")
	return c
}

func (a *app) customerUnlinkCommand() *cobra.Command {
	var by string
	c := &cobra.Command{
		Use:     "unlink SOURCE AUTHOR",
		Short:   "Take such a link back",
		Example: `  feryat customer unlink shop user1234`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.linkCustomer(cmd.Context(), mention.CustomerLink{Source: args[0], Author: args[1], By: by})
		},
	}
	c.Flags().StringVar(&by, "by", "", "who says so (default: $USER)")
	return c
}

func (a *app) linkCustomer(ctx context.Context, l mention.CustomerLink) error {
	return a.withHome(ctx, "customer", func(ctx context.Context, h *home) error {
		l.At, l.By = time.Now(), cmp.Or(l.By, os.Getenv("USER"))
		l, err := h.store.LinkCustomer(ctx, l)
		if err != nil {
			return err
		}
		return printLines(a, []mention.CustomerLink{l}, func(l mention.CustomerLink) string {
			if l.Customer == "" {
				return fmt.Sprintf("author %s of %s is linked to no customer", l.Author, l.Source)
			}
			return fmt.Sprintf("author %s of %s is customer %s", l.Author, l.Source, l.Customer)
		})
	})
}

func (a *app) customerListCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:     "list",
		Short:   "Show the customer list",
		Example: `  feryat customer list --format json --limit 0`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHome(cmd.Context(), "customer", func(ctx context.Context, h *home) error {
				list, err := h.store.CustomerList(ctx, limit)
				if err != nil {
					return err
				}
				return printLines(a, list, func(c mention.Customer) string {
					return fmt.Sprintf("%-20s %14.2f %14.2f  since %s  renewal %s  linked %d  %s", c.Key, c.Value, c.Margin, dayOf(c.Since), dayOf(c.Renewal), c.Links, c.Name)
				})
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	return c
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return strings.Repeat("–", len(time.DateOnly))
	}
	return t.Format(time.DateOnly)
}

func (a *app) customerRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "remove KEY",
		Short:   "Take a customer off the list, with his links",
		Example: `  feryat customer remove M-1001`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHome(cmd.Context(), "customer", func(ctx context.Context, h *home) error {
				rows, err := h.store.RemoveCustomer(ctx, args[0])
				if err != nil {
					return err
				}
				return printLines(a, []map[string]uint64{{"rows": rows}}, func(map[string]uint64) string { return fmt.Sprintf("%d rows removed", rows) })
			})
		},
	}
}
