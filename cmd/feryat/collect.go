package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"feryat/crawler"
	"feryat/mention"
	"feryat/queue"
)

// outboxPatience is how long a collection waits for channels to take their
// messages; those that do not are tried again by the next process.
const outboxPatience = 15 * time.Second

func (a *app) collectCommand() *cobra.Command {
	var once bool
	c := &cobra.Command{
		Use:   "collect [SOURCE…]",
		Short: "Run sources now and end when all is stored",
		Long: `Runs the named sources, or all, once, and ends when everything they gave is
scored and stored. If feryat serve owns the data folder, it does the work.

Exit codes: 0 all sources were collected, 1 some were not, 2 wrong arguments or
configuration.`,
		Example: `  feryat collect --once
  feryat collect shop forum --format json`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.collect(cmd.Context(), once, args) },
	}
	c.Flags().BoolVar(&once, "once", true, "end after one run; false keeps running the sources on their schedule")
	return c
}

func (a *app) collect(ctx context.Context, once bool, names []string) error {
	asJSON, err := a.asJSON()
	if err != nil {
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if len(cfg.Sources) == 0 {
		return usageError{errors.New("the configuration has no sources; see: feryat init")}
	}
	if !once {
		return a.serve(ctx, []string{roleCollect, roleScore, roleAlert})
	}
	h, err := openHome(ctx, cfg, "collect", a.logger(cfg.Log))
	if err != nil {
		return err
	}
	watch := a.newProgress(asJSON)
	summary, err := h.collect(ctx, names, watch)
	watch.end()
	if err == nil {
		err = a.tellSummary(ctx, h, summary, asJSON)
	}
	if err == nil && summary.Troubled() > 0 {
		err = errTrouble
	}
	return errors.Join(err, h.close())
}

// collect runs sources here, or asks the owner to.
func (h *home) collect(ctx context.Context, names []string, watch crawler.Progress) (crawler.Summary, error) {
	if h.owner {
		return h.collectHere(ctx, names, watch)
	}
	var summary crawler.Summary
	body, err := json.Marshal(names)
	if err != nil {
		return summary, err
	}
	if body, err = h.queue.Request(ctx, collectSubject, body, nil); err != nil {
		return summary, fmt.Errorf("ask process %d to collect: %w", h.run.PID, err)
	}
	if err := json.Unmarshal(body, &summary); err != nil {
		return summary, err
	}
	return summary, h.queue.Drained(ctx, queue.Mentions, queue.Visits)
}

func (h *home) collectHere(ctx context.Context, names []string, watch crawler.Progress) (crawler.Summary, error) {
	var summary crawler.Summary
	reg := prometheus.NewRegistry()
	c, err := h.newCrawlers(ctx, reg, watch)
	if err != nil {
		return summary, err
	}
	err = h.withConsumers(ctx, reg, func(ctx context.Context) (err error) {
		if summary, err = c.RunOnce(ctx, names...); err != nil {
			return err
		}
		return h.settle(ctx)
	})
	return summary, errors.Join(err, c.close())
}

// withConsumers runs pipeline and alert while work does its own.
func (h *home) withConsumers(ctx context.Context, reg prometheus.Registerer, work func(context.Context) error) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	g, running := errgroup.WithContext(running)
	if err := h.startScore(running, g, reg); err != nil {
		return err
	}
	if err := h.startAlert(running, g, reg); err != nil {
		return err
	}
	err := work(running)
	stop()
	if waited := g.Wait(); !errors.Is(waited, context.Canceled) {
		err = errors.Join(err, waited)
	}
	return err
}

// settle waits until what was collected is stored and told, and the roll-ups agree.
func (h *home) settle(ctx context.Context) error {
	if err := h.queue.Drained(ctx, queue.Mentions, queue.Visits, queue.Stored); err != nil {
		return err
	}
	patient, cancel := context.WithTimeout(ctx, outboxPatience)
	defer cancel()
	if err := h.queue.Drained(patient, queue.Outbox); err != nil && ctx.Err() == nil {
		h.log.Warn("a channel does not take its messages; they are kept and tried again later", "error", err)
	}
	return h.store.FlushRollups(ctx)
}

// tellSummary prints how the run went and what is stored now.
func (a *app) tellSummary(ctx context.Context, h *home, s crawler.Summary, asJSON bool) error {
	counts, err := h.store.Counts(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(a.out).Encode(struct {
			Results []crawler.Result `json:"results"`
			Stored  mention.Counts   `json:"stored"`
		}{s.Results, counts})
	}
	for _, r := range s.Results {
		_, _ = fmt.Fprintln(a.out, resultLine(r))
	}
	_, err = fmt.Fprintf(a.out, "stored now: %d mentions in %d rows, %d versions, %d gone, %d escalations waiting\n",
		counts.Mentions, counts.Rows, counts.Versions, counts.Gone, counts.Waiting)
	return err
}

func resultLine(r crawler.Result) string {
	if r.Skipped {
		return fmt.Sprintf("%s: not run (%s)", r.Source, r.Detail)
	}
	line := fmt.Sprintf("%s: %s, %d mentions, %d pages, %d unchanged", r.Source, r.Outcome, r.Mentions, r.Pages, r.NotModified)
	if n := r.SoftFails + r.Failed + r.Refused; n > 0 {
		line += fmt.Sprintf(", %d without content, %d failed, %d refused", r.SoftFails, r.Failed, r.Refused)
	}
	if r.Reason != "" {
		line += fmt.Sprintf(" (%s: %s)", r.Reason, r.Detail)
	}
	return line + ", " + r.Took.Round(10*time.Millisecond).String()
}
