package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"feryat/crawler/fetch"
	"feryat/mention"
)

// The reasons of a run that was not the source's fault.
const (
	ReasonInterrupted = "interrupted" // the program was stopped, or MaxRun is over
	ReasonQueue       = "queue"       // a mention or cursor could not be put down
	ReasonPanic       = "panic"       // a fault in the source's code
	ReasonLeased      = "leased"      // another process runs the source
)

// lastWords is how long the end of a run may take to be put down after the
// program was told to stop.
const lastWords = 5 * time.Second

// attempt runs one source in its turn, if no other process does.
func (r *Runner) attempt(ctx context.Context, j Job) Result {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return Result{Source: j.Name, Skipped: true, Reason: ReasonInterrupted}
	}
	held, release, ok, err := r.parts.Leases.Hold(ctx, j.Name)
	if err != nil {
		return Result{Source: j.Name, Outcome: mention.OutcomeFailed, Reason: ReasonQueue, Detail: err.Error(), broken: fmt.Errorf("source %s: lease: %w", j.Name, err)}
	}
	defer release()
	if !ok {
		return Result{Source: j.Name, Skipped: true, Reason: ReasonLeased, Detail: "another process runs it"}
	}
	return r.run(held, j)
}

// run collects once and puts down how it went. The cursor moves after all that
// was found is safe in the queue, and only if the source came to its end.
func (r *Runner) run(ctx context.Context, j Job) Result {
	res := Result{Source: j.Name, Run: newID(), started: time.Now().UTC()}
	r.progress(Event{Source: j.Name, Run: res.Run, Started: true})
	cursor, err := r.parts.Cursors.Get(ctx, j.Name)
	if err != nil {
		res.fail(ReasonQueue, fmt.Errorf("source %s: read cursor: %w", j.Name, err))
		return r.end(ctx, res)
	}
	run, leave := r.rounds.join(j.Name)
	defer leave()
	s := &sink{runner: r, name: j.Name, first: len(cursor) == 0, res: &res}
	timed, cancel := context.WithTimeout(fetch.WithRun(ctx, run), r.limits.MaxRun)
	next, err := collect(timed, j.Source, cursor, s)
	cancel()
	if err == nil && !bytes.Equal(next, cursor) {
		if perr := r.parts.Cursors.Put(ctx, j.Name, next); perr != nil {
			s.broke(fmt.Errorf("source %s: move cursor: %w", j.Name, perr))
		}
	}
	res.judge(err)
	if res.Reason == ReasonPanic {
		r.log.Error("source panicked: a fault in its code, please report it", "source", j.Name, "panic", res.Detail, "stack", fmt.Sprint(errors.Unwrap(err)))
	}
	return r.end(ctx, res)
}

// collect contains the panics of a source.
func collect(ctx context.Context, s Source, cursor mention.Cursor, out Sink) (next mention.Cursor, err error) {
	defer func() {
		if p := recover(); p != nil {
			next, err = cursor, &Trouble{Outcome: mention.OutcomeFailed, Reason: ReasonPanic, Detail: fmt.Sprint(p), Err: errors.New(string(debug.Stack()))}
		}
	}()
	return s.Collect(ctx, cursor, out)
}

// end writes the row that closes a run, even when the program is stopping.
func (r *Runner) end(ctx context.Context, res Result) Result {
	res.Took = time.Since(res.started)
	v := mention.Visit{ID: newID(), Run: res.Run, Source: res.Source, At: res.started, Took: res.Took, Outcome: res.Outcome,
		Reason: res.Reason, Detail: clip(res.Detail, maxDetail), Mentions: res.Mentions, RunEnd: true}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if err := r.parts.Inbox.PublishVisit(last, v); err != nil && res.broken == nil {
		res.broken = fmt.Errorf("source %s: end of run: %w", res.Source, err)
	}
	r.metrics.run(res)
	r.logEnd(res)
	r.progress(Event{Source: res.Source, Run: res.Run, Result: &res})
	return res
}

func (r *Runner) logEnd(res Result) {
	args := []any{"source", res.Source, "outcome", string(res.Outcome), "mentions", res.Mentions, "pages", res.Pages,
		"not_modified", res.NotModified, "soft_fails", res.SoftFails, "failed", res.Failed, "refused", res.Refused, "took", res.Took.Round(time.Millisecond)}
	if res.Reason != "" {
		args = append(args, "reason", res.Reason, "detail", res.Detail)
	}
	if res.Outcome == mention.OutcomeOK {
		r.log.Info("collected", args...)
		return
	}
	r.log.Warn("collected with trouble", args...)
}
