package crawler

import "feryat/mention"

// Event is a step of a run, for people who watch. One of Started, Visit,
// Mentions and Result is set.
type Event struct {
	Source   string
	Run      string
	Started  bool
	Visit    *mention.Visit // a request was made or refused
	Mentions int            // how many mentions the run has handed to the queue
	Result   *Result        // the run has ended
}

// Progress is told what happens, by many goroutines at once; it must not block.
type Progress interface {
	Progress(e Event)
}

func (r *Runner) progress(e Event) {
	if r.parts.Progress != nil {
		r.parts.Progress.Progress(e)
	}
}
