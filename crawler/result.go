package crawler

import (
	"context"
	"errors"
	"time"

	"feryat/mention"
)

// Result is how one run of one source went.
type Result struct {
	Source      string          `json:"source"`
	Run         string          `json:"run,omitempty"`
	Outcome     mention.Outcome `json:"outcome,omitempty"`
	Reason      string          `json:"reason,omitempty"`
	Detail      string          `json:"detail,omitempty"`
	Skipped     bool            `json:"skipped,omitempty"` // not run: another process has it, or the program is stopping
	Mentions    int             `json:"mentions"`          // handed to the queue
	Dropped     int             `json:"dropped,omitempty"` // said nothing: no text, title or rating
	Pages       int             `json:"pages"`             // answered well
	NotModified int             `json:"not_modified"`
	SoftFails   int             `json:"soft_fails"`
	Failed      int             `json:"failed"`
	Refused     int             `json:"refused"`
	Took        time.Duration   `json:"took"`

	started time.Time
	broken  error // of the queue, cursor or lease
}

// Summary is how a RunOnce went, in the order of the sources.
type Summary struct {
	Results []Result `json:"results"`
}

// Mentions counts what was handed to the queue.
func (s Summary) Mentions() (n int) {
	for _, r := range s.Results {
		n += r.Mentions
	}
	return n
}

// Troubled counts the sources that were not collected as a whole.
func (s Summary) Troubled() (n int) {
	for _, r := range s.Results {
		if r.Skipped || r.Outcome != mention.OutcomeOK {
			n++
		}
	}
	return n
}

// count adds a row of the ledger.
func (r *Result) count(v mention.Visit) {
	switch v.Outcome {
	case mention.OutcomeOK:
		r.Pages++
	case mention.OutcomeNotModified:
		r.NotModified++
	case mention.OutcomeSoftFail:
		r.SoftFails++
	case mention.OutcomeFailed:
		r.Failed++
	case mention.OutcomeRefused:
		r.Refused++
	}
}

func (r *Result) fail(reason string, err error) {
	r.Outcome, r.Reason, r.Detail, r.broken = mention.OutcomeFailed, reason, err.Error(), err
}

// judge decides what a run was by the error that ended it, and without one by
// its pages: some good ones make it good.
func (r *Result) judge(err error) {
	var trouble *Trouble
	switch {
	case r.broken != nil:
		r.fail(ReasonQueue, r.broken)
	case errors.As(err, &trouble):
		r.Outcome, r.Reason, r.Detail = trouble.Outcome, trouble.Reason, trouble.Detail
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		r.Outcome, r.Reason = mention.OutcomeFailed, ReasonInterrupted
		if r.Pages+r.NotModified > 0 {
			r.Outcome = mention.OutcomeOK
		}
	case err != nil:
		r.Outcome, r.Reason, r.Detail = mention.OutcomeFailed, "error", err.Error()
	case r.Pages+r.NotModified > 0 || r.SoftFails+r.Failed+r.Refused == 0:
		r.Outcome = mention.OutcomeOK
	case r.SoftFails > 0:
		r.Outcome, r.Reason = mention.OutcomeSoftFail, "no_good_page"
	default:
		r.Outcome, r.Reason = mention.OutcomeFailed, "no_good_page"
	}
}
