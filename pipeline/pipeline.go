// Package pipeline is the main job of feryat in one place: what the crawler found
// is matched with brands, scored, stored, and told on to alert.
//
//	MENTIONS ──> matcher ──> scorer ──> store ──> STORED ──> (acknowledged)
//	VISITS ────────────────────────────> store ────────────> (acknowledged)
//
// Every step may happen twice: a batch is acknowledged when all of them are done,
// and the store takes a row as often as it comes. Rows are told on when they are
// fresh, or when the mention was handed over before: then the telling may be what
// a crash cut short.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/mention"
)

const (
	// batchSize and batchWait: at most one insert a second, or 5,000 mentions.
	batchSize = 5000
	batchWait = time.Second
)

// inbox hands over what was collected. A batch is acknowledged when the handler
// returns nil; see mention.ErrBad and mention.ErrUnavailable for the others.
type inbox interface {
	ConsumeMentions(ctx context.Context, max int, wait time.Duration, handle func(context.Context, []mention.Delivery[mention.Mention]) error) error
	ConsumeVisits(ctx context.Context, max int, wait time.Duration, handle func(context.Context, []mention.Delivery[mention.Visit]) error) error
}

// store keeps rows; both methods take the same rows again without harm.
type store interface {
	// Insert tells which rows were new or changed. All rows of a mention come in one
	// call; one with no brand says that the mention names none.
	Insert(ctx context.Context, rows []mention.Scored) (fresh []bool, err error)
	InsertVisits(ctx context.Context, visits []mention.Visit) error
}

// archive answers what is stored.
type archive interface {
	Mention(ctx context.Context, id mention.ID) ([]mention.Scored, error)
	// Threads gives what is stored of some threads of a source, written until a
	// time; of a thread with very many mentions the newest.
	Threads(ctx context.Context, source string, threads []string, until time.Time) ([]mention.Scored, error)
	// Each hands out mentions page by page, all rows of a mention in one page.
	Each(ctx context.Context, f mention.Filter, page func([]mention.Scored) error) error
	// Forgotten reports of each mention whether its author was forgotten.
	Forgotten(ctx context.Context, ms []mention.Mention) ([]bool, error)
}

// outlet tells of stored rows.
type outlet interface {
	PublishStored(ctx context.Context, rows []mention.Scored) error
}

// Pipeline scores and stores what was collected.
type Pipeline struct {
	in      inbox
	judge   *Judge
	store   store
	archive archive
	out     outlet
	log     *slog.Logger
	metrics *metrics
}

// New puts the parts together. It does nothing before Run.
func New(in inbox, m matcher, s scorer, db interface {
	store
	archive
}, out outlet, log *slog.Logger) *Pipeline {
	return &Pipeline{in: in, judge: NewJudge(m, s), store: db, archive: db, out: out, log: log, metrics: newMetrics()}
}

// Run works until ctx ends; the batch under way is finished.
func (p *Pipeline) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.in.ConsumeMentions(ctx, batchSize, batchWait, p.mentions) })
	g.Go(func() error { return p.in.ConsumeVisits(ctx, batchSize, batchWait, p.visits) })
	if err := g.Wait(); err != nil {
		return fmt.Errorf("pipeline: %w", err)
	}
	return nil
}

// mentions is the way of a batch.
func (p *Pipeline) mentions(ctx context.Context, batch []mention.Delivery[mention.Mention]) error {
	defer p.metrics.took(time.Now())
	var rows []mention.Scored
	again := map[mention.ID]bool{}
	for _, d := range batch {
		if err := check(d.Value); err != nil {
			return err
		}
		rows = append(rows, p.judge.Rows(d.Value)...)
		again[d.Value.ID] = again[d.Value.ID] || d.Redelivered
	}
	threads, err := p.tie(ctx, rows)
	if err != nil {
		return waiting("ask storage for threads", err)
	}
	rows, err = p.inherit(ctx, rows, threads)
	if err != nil {
		return waiting("ask storage for parents", err)
	}
	fresh, err := p.store.Insert(ctx, rows)
	if err != nil {
		return waiting(fmt.Sprintf("store %d rows", len(rows)), err)
	}
	news, err := p.news(ctx, rows, fresh, again)
	if err != nil {
		return waiting("ask storage who was forgotten", err)
	}
	if err := p.out.PublishStored(ctx, news); err != nil {
		return waiting(fmt.Sprintf("tell of %d stored rows", len(news)), err)
	}
	p.metrics.batch(batch, rows, fresh)
	return nil
}

// news are the rows to tell of. What came before and is not fresh is stored, or
// its author was forgotten meanwhile.
func (p *Pipeline) news(ctx context.Context, rows []mention.Scored, fresh []bool, again map[mention.ID]bool) ([]mention.Scored, error) {
	var news []mention.Scored
	var doubtful []mention.Mention
	now := time.Now().UTC()
	for i, r := range rows {
		if r.Brand != "" && (fresh[i] || again[r.Mention.ID]) {
			r.Stored = now
			news = append(news, r)
			if !fresh[i] {
				doubtful = append(doubtful, r.Mention)
			}
		}
	}
	if len(doubtful) == 0 {
		return news, nil
	}
	gone, err := p.archive.Forgotten(ctx, doubtful)
	forgotten := map[mention.ID]bool{}
	for i, g := range gone {
		forgotten[doubtful[i].ID] = g
	}
	return slices.DeleteFunc(news, func(r mention.Scored) bool { return forgotten[r.Mention.ID] }), err
}

func (p *Pipeline) visits(ctx context.Context, batch []mention.Delivery[mention.Visit]) error {
	visits := make([]mention.Visit, len(batch))
	for i, d := range batch {
		if d.Value.ID == "" {
			return fmt.Errorf("visit of %s has no ID: %w", d.Value.URL, mention.ErrBad)
		}
		visits[i] = d.Value
	}
	if err := p.store.InsertVisits(ctx, visits); err != nil {
		return waiting(fmt.Sprintf("store %d visits", len(visits)), err)
	}
	p.metrics.visited(visits)
	return nil
}

// check refuses what no store can keep, before it holds up a batch.
func check(m mention.Mention) error {
	switch {
	case len(m.ID) != 32:
		return fmt.Errorf("mention of %s: ID %q has not 32 digits: %w", m.Source, m.ID, mention.ErrBad)
	case m.Revision == "":
		return fmt.Errorf("mention %s has no revision: %w", m.ID, mention.ErrBad)
	case m.Collected.IsZero():
		return fmt.Errorf("mention %s has no time of collection: %w", m.ID, mention.ErrBad)
	}
	return nil
}

// waiting takes an error that is no record's fault as one that will pass.
func waiting(what string, err error) error {
	if errors.Is(err, mention.ErrBad) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w: %w", what, mention.ErrUnavailable, err)
}
