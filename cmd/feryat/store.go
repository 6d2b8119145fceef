package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"feryat/storage"
)

// withHome opens queue and store for a command and gives them back after it.
func (a *app) withHome(ctx context.Context, command string, do func(context.Context, *home) error) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	h, err := openHome(ctx, cfg, command, a.logger(cfg.Log))
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, h), h.close())
}

func (a *app) queryCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "query SQL",
		Short: "Ask the store, read-only",
		Long: `Runs one SELECT as the read-only user. docs/schema.md describes the views and
their columns, docs/sql.md has questions to begin with. "-" reads the SQL from
standard input.`,
		Example: `  feryat query "SELECT mood, count() FROM v_mentions GROUP BY mood"
  feryat query --format json "SELECT * FROM v_coverage"
  feryat query --format csv "SELECT id, text FROM v_mentions WHERE unhappy" > unhappy.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.query(cmd.Context(), args[0]) },
	}
}

func (a *app) query(ctx context.Context, sql string) error {
	format, ok := map[string]string{"": "PrettyCompactMonoBlock", "text": "PrettyCompactMonoBlock", "json": "JSONEachRow", "csv": "CSVWithNames", "tsv": "TSVWithNames"}[a.format]
	if !ok {
		return usageError{fmt.Errorf("--format %s: say text, json, csv or tsv", a.format)}
	}
	if sql == "-" {
		body, err := io.ReadAll(io.LimitReader(a.in, 1<<20))
		if err != nil {
			return err
		}
		sql = string(body)
	}
	return a.withHome(ctx, "query", func(ctx context.Context, h *home) error { return h.store.Query(ctx, sql, format, a.out) })
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup NAME",
		Short: "Write the store into a backup",
		Long: `Writes all tables into a backup of that name below data_dir/clickhouse/backups (or
storage.embedded.backup_dir): one compressed file where it ends in .tar.gz. It may
run while feryat collects. Keep data_dir/secret with it: without that key the
people whom feryat forgot cannot be recognised.`,
		Example: `  feryat backup before-upgrade.tar.gz`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHome(cmd.Context(), "backup", func(ctx context.Context, h *home) error {
				if err := h.store.Backup(ctx, args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(a.out, "the store is in backup %s\n", args[0])
				return err
			})
		},
	}
}

func (a *app) restoreCommand() *cobra.Command {
	var replace bool
	c := &cobra.Command{
		Use:   "restore NAME",
		Short: "Bring a backup back",
		Long: `Restores the tables from a backup. A store that holds data is left alone unless --replace is given.
While feryat serve or collect runs on the same data folder nothing is restored: what they store meanwhile would be lost.
Of a store by URL only you can know that nobody writes to it.`,
		Example: `  feryat restore before-upgrade.tar.gz
  feryat restore --replace before-upgrade.tar.gz`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHome(cmd.Context(), "restore", func(ctx context.Context, h *home) error {
				if !h.owner {
					return fmt.Errorf("feryat %s (process %d) is at work on this data folder, and what it stores meanwhile would be lost: stop it, then restore", h.run.Command, h.run.PID)
				}
				err := h.store.Restore(ctx, args[0], replace)
				if errors.Is(err, storage.ErrNotEmpty) {
					err = fmt.Errorf("%w; --replace drops them", err)
				}
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "backup %s is restored\n", args[0])
				return err
			})
		},
	}
	c.Flags().BoolVar(&replace, "replace", false, "drop what the store holds now")
	return c
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say the versions of program and lexicons",
		Example: `  feryat version --format json`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			asJSON, err := a.asJSON()
			if err != nil {
				return err
			}
			scorer, err := a.scorer()
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(a.out).Encode(map[string]string{"version": version, "lexicon": scorer.Version()})
			}
			_, err = fmt.Fprintf(a.out, "feryat %s, lexicon %s\n", version, scorer.Version())
			return err
		},
	}
}

// printLines prints each value as one JSON object a line, or one line of text.
func printLines[T any](a *app, values []T, line func(T) string) error {
	asJSON, err := a.asJSON()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(a.out)
	for _, v := range values {
		if asJSON {
			err = enc.Encode(v)
		} else {
			_, err = fmt.Fprintln(a.out, strings.TrimRight(line(v), " "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
