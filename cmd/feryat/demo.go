package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"feryat/crawler"
	"feryat/demo"
	"feryat/mention"
)

// secondDay is when the sample sites change while the demo's page is shown.
const secondDay = 45 * time.Second

func (a *app) demoCommand() *cobra.Command {
	var once bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole program on three sample sites",
		Long: `Serves three sample sites on this machine (a Turkish shop, the page of an app in a
Persian store, an English forum), collects them with the real crawler, scores,
stores, alerts, and shows the page until stopped. After a while some customers
edit and delete what they wrote. Everything is thrown away in the end unless
--data-dir is given.`,
		Example: `  feryat demo
  feryat demo --once --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), once) },
	}
	c.Flags().BoolVar(&once, "once", false, "collect both days, print the counts and end")
	a.configFlag(c, "listen", "web.listen", "address of the page")
	return c
}

func (a *app) demo(ctx context.Context, once bool) (err error) {
	asJSON, err := a.asJSON()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "feryat-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	sites, err := demo.New(ctx, time.Now())
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- sites.Run(serving) }()
	defer func() { stop(); err = errors.Join(err, <-done) }()
	cfg, err := a.demoConfig(dir, sites)
	if err != nil {
		return err
	}
	h, err := openHome(ctx, cfg, "demo", a.logger(cfg.Log))
	if err != nil {
		return err
	}
	if once {
		err = a.demoOnce(ctx, h, sites, asJSON)
	} else {
		err = a.demoShow(ctx, h, sites)
	}
	return errors.Join(err, h.close())
}

// demoConfig writes the sites' configuration beside the data and loads it.
func (a *app) demoConfig(dir string, sites *demo.Sites) (config, error) {
	file := filepath.Join(dir, "feryat.yaml")
	if err := os.WriteFile(file, []byte(sites.Config()), 0o600); err != nil {
		return config{}, err
	}
	flags := map[string]any{"data_dir": filepath.Join(dir, "data"), "log.level": "error"}
	for key, value := range a.flags {
		flags[key] = value
	}
	cfg, err := loadConfig(file, flags)
	if err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// demoCounts is what demo --once tells.
type demoCounts struct {
	Served  int               `json:"served"`  // by customers, as the sites show it now
	Replies int               `json:"replies"` // by the brand
	Edited  int64             `json:"edited"`
	Stored  mention.Counts    `json:"stored"`
	Runs    []crawler.Summary `json:"runs"`
}

// demoOnce collects both days.
func (a *app) demoOnce(ctx context.Context, h *home, sites *demo.Sites, asJSON bool) error {
	reg := prometheus.NewRegistry()
	watch := a.newProgress(asJSON)
	c, err := h.newCrawlers(ctx, reg, watch)
	if err != nil {
		return err
	}
	var counts demoCounts
	err = h.withConsumers(ctx, reg, func(ctx context.Context) error {
		for range 2 {
			summary, err := c.RunOnce(ctx)
			if err != nil {
				return err
			}
			counts.Runs = append(counts.Runs, summary)
			if err := h.settle(ctx); err != nil {
				return err
			}
			sites.NextDay()
		}
		return nil
	})
	watch.end()
	if err = errors.Join(err, c.close()); err != nil {
		return err
	}
	counts.Served, counts.Replies = sites.Truth()
	if counts.Stored, err = h.store.Counts(ctx); err != nil {
		return err
	}
	counts.Edited = counts.Stored.Versions - counts.Stored.Mentions - counts.Stored.Gone
	if asJSON {
		return json.NewEncoder(a.out).Encode(counts)
	}
	return a.tellDemo(counts)
}

func (a *app) tellDemo(c demoCounts) error {
	s := c.Stored
	_, err := fmt.Fprintf(a.out, `the sites show %d texts by customers and %d replies by the brand
stored: %d mentions in %d rows (a text that names both brands is two rows)
edited: %d, deleted: %d, visits in the ledger: %d from %d sources
moods: %d angry, %d dissatisfied, %d mixed, %d neutral, %d satisfied, %d unknown
escalations that wait: %d
`, c.Served, c.Replies, s.Mentions, s.Rows, c.Edited, s.Gone, s.Visits, s.Sources,
		s.Moods[mention.Angry], s.Moods[mention.Dissatisfied], s.Moods[mention.Mixed], s.Moods[mention.Neutral], s.Moods[mention.Satisfied], s.Moods[mention.Unknown], s.Waiting)
	return err
}

// demoShow serves the page until stopped.
func (a *app) demoShow(ctx context.Context, h *home, sites *demo.Sites) error {
	next := time.AfterFunc(secondDay, sites.NextDay)
	defer next.Stop()
	return h.serve(ctx, allRoles(), func(url string) {
		_, _ = fmt.Fprintf(a.out, `feryat is at        %s      (Turkish, Persian and English at the top)
the same rows:      curl '%s/?query=SELECT+mood,count()+FROM+feryat.v_mentions+GROUP+BY+mood'
the sample sites:   %s  %s  %s
the first collection takes a few seconds; stop with Ctrl-C
`, url, h.run.EngineURL, sites.URL("shop"), sites.URL("store"), sites.URL("forum"))
	})
}
