package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"feryat/brand"
	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
	"feryat/pipeline"
)

func (a *app) sourceCommand() *cobra.Command {
	return group(&cobra.Command{Use: "source", Short: "What is collected from, and a dry run"}, a.sourceListCommand(), a.sourceTestCommand())
}

// sourceRow is one configured source, for the list.
type sourceRow struct {
	Name  string   `json:"name"`
	Type  string   `json:"type"`
	Every string   `json:"every"`
	About []string `json:"about,omitempty"`
}

func (a *app) sourceListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the configured sources",
		Example: `  feryat source list --format json`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			rows := make([]sourceRow, len(cfg.Sources))
			for i, s := range cfg.Sources {
				rows[i] = sourceRow{s.Name, s.Type, s.Every.String(), s.settings.about()}
			}
			return printLines(a, rows, func(r sourceRow) string {
				return fmt.Sprintf("%-24s %-10s every %-8s %v", r.Name, r.Type, r.Every, r.About)
			})
		},
	}
}

func (a *app) sourceTestCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "test NAME",
		Short: "Fetch once and show what would be stored, and store nothing",
		Long: `Runs one source from its beginning and prints each mention with its brand and
verdict, and what became of each page. Nothing is stored and no cursor moves.

Exit codes: 0 mentions were found, 1 none were or the source is in trouble.`,
		Example: `  feryat source test shop
  feryat source test forum --limit 5 --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.sourceTest(cmd.Context(), args[0], limit) },
	}
	c.Flags().IntVar(&limit, "limit", 20, "stop after so many mentions")
	return c
}

func (a *app) sourceTest(ctx context.Context, name string, limit int) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "feryat-test-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	shown, err := a.newDryRun(cfg, limit, enough)
	if err != nil {
		return err
	}
	summary, err := a.dryRun(ctx, cfg, dir, name, shown)
	if err != nil && !shown.full() {
		return err
	}
	for _, r := range summary.Results {
		_, _ = fmt.Fprintln(a.err, resultLine(r))
	}
	if shown.count == 0 {
		return errTrouble
	}
	return nil
}

func (a *app) dryRun(ctx context.Context, cfg config, dir, name string, shown *dryRun) (crawler.Summary, error) {
	log := a.logger(cfg.Log)
	web, err := fetch.New(cfg.Crawler.Config, log)
	if err != nil {
		return crawler.Summary{}, err
	}
	defer web.Close()
	db, err := frontier.Open(filepath.Join(dir, "frontier.db"))
	if err != nil {
		return crawler.Summary{}, err
	}
	defer func() { _ = db.Close() }() // it is thrown away
	jobs, err := buildJobs(cfg, sourceParts{web, db, log})
	if err != nil {
		return crawler.Summary{}, err
	}
	r, err := crawler.New(cfg.Crawler.Limits, jobs, crawler.Parts{Inbox: shown, Cursors: noCursors{}, Leases: noLeases{}}, log)
	if err != nil {
		return crawler.Summary{}, err
	}
	return r.RunOnce(ctx, name)
}

// dryRun prints what a run finds instead of queueing it.
type dryRun struct {
	app    *app
	judge  *pipeline.Judge
	limit  int
	enough context.CancelFunc
	mu     sync.Mutex
	count  int
}

func (a *app) newDryRun(cfg config, limit int, enough context.CancelFunc) (*dryRun, error) {
	if _, err := a.asJSON(); err != nil {
		return nil, err
	}
	matcher, err := brand.New(cfg.Brands)
	if err != nil {
		return nil, err
	}
	scorer, err := cfg.newVerdicts()
	return &dryRun{app: a, judge: pipeline.NewJudge(matcher, scorer), limit: limit, enough: enough}, err
}

func (d *dryRun) full() bool { d.mu.Lock(); defer d.mu.Unlock(); return d.count >= d.limit }

// PublishMention prints the rows that m would become.
func (d *dryRun) PublishMention(_ context.Context, m mention.Mention) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count >= d.limit {
		d.enough()
		return nil
	}
	d.count++
	rows := d.judge.Rows(m)
	if len(rows) == 0 {
		rows = []mention.Scored{{Mention: m}}
	}
	return printLines(d.app, rows, func(r mention.Scored) string {
		brandName := r.Brand
		if brandName == "" {
			brandName = "(no brand: would not be stored)"
		}
		return fmt.Sprintf("%s  %-12s %-12s %-16s ★%s  %s", r.Mention.Written.Time.Format(time.DateTime), brandName, r.Verdict.Mood, r.Mention.Author.Name, starsOf(r.Mention), oneLine(r.Mention.Text))
	})
}

func starsOf(m mention.Mention) string {
	if share, ok := m.Rating.Share(); ok {
		return fmt.Sprintf("%.2f", share)
	}
	return "–"
}

// PublishVisit prints the pages that gave less than they should.
func (d *dryRun) PublishVisit(_ context.Context, v mention.Visit) error {
	if v.RunEnd || v.Outcome == mention.OutcomeOK || v.Outcome == mention.OutcomeNotModified {
		return nil
	}
	_, err := fmt.Fprintf(d.app.err, "%s  %s %s %s\n", v.Outcome, v.Reason, v.URL, v.Detail)
	return err
}

type noCursors struct{}

func (noCursors) Get(context.Context, string) ([]byte, error) { return nil, nil }
func (noCursors) Put(context.Context, string, []byte) error   { return nil }

type noLeases struct{}

func (noLeases) Hold(ctx context.Context, _ string) (context.Context, func(), bool, error) {
	return ctx, func() {}, true, nil
}
