// Package crawler collects public mentions: it runs sources on a schedule,
// keeps their cursors, and hands what they find to the queue.
//
// A source is a folder below this one; all of them fetch through crawler/fetch,
// and those that walk pages do so with crawler/walk.
package crawler

import (
	"context"
	"fmt"

	"feryat/mention"
)

// Source finds mentions. Collect pushes what it finds and each request it made
// into out, and returns the cursor to start from next time; a nil cursor means
// "from the beginning", and returning the cursor that came in leaves it be.
//
// Collect returns soon after ctx ends, leaves no goroutine behind, and does not
// panic on foreign bytes. An error of out ends the collection and is returned.
// A page that could not be had is a Visit, not an error; an error says that the
// source as a whole could not be collected, and then the cursor stays.
type Source interface {
	Collect(ctx context.Context, cursor mention.Cursor, out Sink) (mention.Cursor, error)
}

// Sink takes what a source finds. Both methods return after the record is safe
// in the queue, and block while the queue is full. The Runner fills in what
// it knows better than the source: Source, Collected, Origin and Revision of a
// mention; Source, Run and ID of a visit.
type Sink interface {
	Mention(ctx context.Context, m mention.Mention) error
	Visit(ctx context.Context, v mention.Visit) error
}

// Trouble is the error of a source that could not be collected as a whole. Its
// outcome and reason become those of the run.
type Trouble struct { //nolint:errname // how a run went, which also travels as an error
	Outcome mention.Outcome // OutcomeSoftFail, OutcomeFailed or OutcomeRefused
	Reason  string          // a code of mention.Visit.Reason
	Detail  string          // one line for a person
	Err     error           // what led to it; may be nil
}

// Error says what happened, in one line.
func (t *Trouble) Error() string {
	if t.Err != nil {
		return fmt.Sprintf("%s: %s: %v", t.Reason, t.Detail, t.Err)
	}
	return t.Reason + ": " + t.Detail
}

// Unwrap returns what led to the trouble.
func (t *Trouble) Unwrap() error { return t.Err }
