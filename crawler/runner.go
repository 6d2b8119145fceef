package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/crawler/fetch"
	"feryat/mention"
)

// Inbox is the queue's entrance. Both methods return after the record is safe,
// and wait while the queue is full.
type Inbox interface {
	PublishMention(ctx context.Context, m mention.Mention) error
	PublishVisit(ctx context.Context, v mention.Visit) error
}

// Cursors keeps the cursor of each source; Get returns nil for one it does not have.
type Cursors interface {
	Get(ctx context.Context, source string) ([]byte, error)
	Put(ctx context.Context, source string, cursor []byte) error
}

// Leases lets one process at a time run a source. Hold returns ok=false when
// another has it; held ends when the lease is lost.
type Leases interface {
	Hold(ctx context.Context, source string) (held context.Context, release func(), ok bool, err error)
}

// Job is a source and how often to run it.
type Job struct {
	Name   string
	Every  time.Duration // between two runs; 0 means only when asked
	Source Source
}

// Parts are what a Runner works with. Progress may be nil.
type Parts struct {
	Inbox    Inbox
	Cursors  Cursors
	Leases   Leases
	Progress Progress
}

// Runner runs sources: on their schedule, or once.
type Runner struct {
	limits  Limits
	jobs    []Job
	parts   Parts
	log     *slog.Logger
	metrics *metrics
	slots   chan struct{}
	rounds  *rounds
}

// New checks the limits and the jobs and returns a Runner that has not done
// anything yet.
func New(limits Limits, jobs []Job, parts Parts, log *slog.Logger) (*Runner, error) {
	if err := limits.Validate(); err != nil {
		return nil, fmt.Errorf("crawler: %w", err)
	}
	seen := map[string]bool{}
	for _, j := range jobs {
		if j.Name == "" || seen[j.Name] {
			return nil, fmt.Errorf("crawler: source name %q is empty or not unique", j.Name)
		}
		seen[j.Name] = true
	}
	return &Runner{limits: limits, jobs: jobs, parts: parts, log: log, metrics: newMetrics(),
		slots: make(chan struct{}, limits.Parallel), rounds: &rounds{}}, nil
}

// Metrics registers the Runner's counters.
func (r *Runner) Metrics(reg prometheus.Registerer) error { return r.metrics.register(reg) }

// Run runs each source at once and then on its schedule, until ctx ends. What
// befalls one source does not touch the others.
func (r *Runner) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for _, j := range r.jobs {
		if j.Every > 0 {
			wg.Go(func() { r.schedule(ctx, j) })
		}
	}
	<-ctx.Done()
	wg.Wait()
	return nil
}

// RunOnce runs the named sources, or all, side by side, and returns when they
// are done. What went wrong with a source stands in the Summary; the error is
// an unknown name, ctx, or a queue, cursor or lease that failed.
func (r *Runner) RunOnce(ctx context.Context, names ...string) (Summary, error) {
	jobs, err := r.pick(names)
	if err != nil {
		return Summary{}, err
	}
	results := make([]Result, len(jobs))
	var wg sync.WaitGroup
	for i, j := range jobs {
		wg.Go(func() { results[i] = r.once(ctx, j) })
	}
	wg.Wait()
	s := Summary{Results: results}
	errs := []error{ctx.Err()}
	for _, res := range results {
		errs = append(errs, res.broken)
	}
	return s, errors.Join(errs...)
}

func (r *Runner) pick(names []string) ([]Job, error) {
	if len(names) == 0 {
		return r.jobs, nil
	}
	var jobs []Job
	var unknown []string
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if i := slices.IndexFunc(r.jobs, func(j Job) bool { return j.Name == name }); i >= 0 {
			jobs = append(jobs, r.jobs[i])
		} else {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("no such source: %s (there are: %s)", strings.Join(unknown, ", "), strings.Join(r.names(), ", "))
	}
	return jobs, nil
}

func (r *Runner) names() []string {
	names := make([]string, len(r.jobs))
	for i, j := range r.jobs {
		names[i] = j.Name
	}
	return names
}

// rounds lets sources that run at the same time share what they fetch: a source
// joins the round under way unless it had a part in it already.
type rounds struct {
	mu      sync.Mutex
	run     *fetch.Run
	members map[string]bool
	active  int
}

func (r *rounds) join(name string) (run *fetch.Run, leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active == 0 || r.members[name] {
		r.run, r.members, r.active = fetch.NewRun(), map[string]bool{}, 0
	}
	r.members[name] = true
	r.active++
	mine := r.run
	return mine, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.run == mine {
			if r.active--; r.active == 0 {
				r.run, r.members = nil, nil // lets go of its memo
			}
		}
	}
}
