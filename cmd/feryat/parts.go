package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/brand"
	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/pipeline"
)

// leaseTTL is how long after a crash another process may take over a source.
const leaseTTL = 30 * time.Second

// newPipeline is the part that scores and stores.
func (h *home) newPipeline(scorer verdicts, reg prometheus.Registerer) (*pipeline.Pipeline, error) {
	matcher, err := brand.New(h.cfg.Brands)
	if err != nil {
		return nil, err
	}
	p := pipeline.New(h.queue, matcher, scorer, h.store, h.queue, h.log.With("part", "pipeline"))
	return p, p.Metrics(reg)
}

// crawlers is the part that collects, with what must be closed after it.
type crawlers struct {
	*crawler.Runner
	web *fetch.Client
	db  *frontier.DB
}

func (c *crawlers) close() error { c.web.Close(); return c.db.Close() }

func (h *home) newCrawlers(ctx context.Context, reg prometheus.Registerer, progress crawler.Progress) (*crawlers, error) {
	web, err := fetch.New(h.cfg.Crawler.Config, h.log.With("part", "fetch"))
	if err != nil {
		return nil, err
	}
	db, err := frontier.Open(filepath.Join(h.cfg.DataDir, "frontier.db"))
	if err != nil {
		return nil, err
	}
	c := &crawlers{web: web, db: db}
	parts, err := h.crawlerParts(ctx, progress)
	var jobs []crawler.Job
	if err == nil {
		jobs, err = buildJobs(h.cfg, sourceParts{web, db, h.log.With("part", "crawler")})
	}
	if err == nil {
		c.Runner, err = crawler.New(h.cfg.Crawler.Limits, jobs, parts, h.log.With("part", "crawler"))
	}
	if err == nil {
		err = c.Metrics(reg)
	}
	if err != nil {
		_ = c.close() // nothing was collected yet
		return nil, err
	}
	return c, nil
}

// leaseBucket keeps who collects which source.
const leaseBucket = "sources"

// dropStaleLeases ends the leases of a process that was killed, where nobody
// else can hold one: this process owns the data folder and runs the queue in it.
func (h *home) dropStaleLeases(ctx context.Context) error {
	if !h.owner || h.cfg.Queue.URL != "" {
		return nil
	}
	b, err := h.queue.Bucket(ctx, leaseBucket, leaseTTL)
	if err != nil {
		return err
	}
	keys, err := b.Keys(ctx)
	for _, key := range keys {
		err = errors.Join(err, b.Delete(ctx, key))
	}
	return err
}

func (h *home) crawlerParts(ctx context.Context, progress crawler.Progress) (crawler.Parts, error) {
	cursors, err := h.queue.Bucket(ctx, "cursors", 0)
	if err != nil {
		return crawler.Parts{}, err
	}
	if err := h.dropStaleLeases(ctx); err != nil {
		return crawler.Parts{}, err
	}
	leases, err := h.queue.Leases(ctx, leaseBucket, fmt.Sprintf("process %d", os.Getpid()), leaseTTL)
	if err != nil {
		return crawler.Parts{}, err
	}
	return crawler.Parts{Inbox: h.queue, Cursors: cursors, Leases: leases, Progress: progress}, nil
}

func buildJobs(cfg config, p sourceParts) ([]crawler.Job, error) {
	jobs := make([]crawler.Job, len(cfg.Sources))
	for i, s := range cfg.Sources {
		source, err := s.settings.build(s.Name, p)
		if err != nil {
			return nil, err
		}
		jobs[i] = crawler.Job{Name: s.Name, Every: s.Every, Source: source}
	}
	return jobs, nil
}
