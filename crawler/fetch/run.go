package fetch

import (
	"container/list"
	"context"
	"errors"
	"net/http"
	"sync"
)

const (
	// memoBytes bounds the bodies that a run keeps for other sources.
	memoBytes = 16 << 20
	// memoBody is the largest body worth keeping.
	memoBody = 2 << 20
)

// Run is one run of all sources: within it no URL that answered is fetched
// twice. Small bodies are kept for a while, for sources that share pages.
type Run struct {
	mu    sync.Mutex
	urls  map[string]*memo
	kept  *list.List // of *memo with a body, last used first
	bytes int
}

type memo struct {
	ready chan struct{} // closed when the rest is set
	asked hopRequest
	ans   *answer
	err   error
	place *list.Element // in kept; nil when the body was let go
}

// NewRun returns a run that has fetched nothing.
func NewRun() *Run { return &Run{urls: map[string]*memo{}, kept: list.New()} }

type runKey struct{}

// WithRun returns a context under which Get fetches each URL once. The Runner
// sets it; a source passes its context on.
func WithRun(ctx context.Context, r *Run) context.Context { return context.WithValue(ctx, runKey{}, r) }

func runOf(ctx context.Context) *Run {
	r, _ := ctx.Value(runKey{}).(*Run)
	return r
}

// once fetches h's URL unless this run already did, and waits for a fetch that
// is under way. What failed for now may be tried again.
func (r *Run) once(ctx context.Context, h hopRequest, get func(hopRequest) (*answer, error)) (*answer, error) {
	key := h.url.String()
	for {
		m, mine := r.entry(key, h)
		if mine {
			ans, err := get(h)
			r.settle(key, m, ans, err)
			return ans, err
		}
		select {
		case <-m.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if ans, ok, err := r.recall(m, h); ok {
			return ans, err
		}
		r.forget(key, m)
	}
}

func (r *Run) entry(key string, h hopRequest) (m *memo, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m, ok := r.urls[key]; ok {
		return m, false
	}
	m = &memo{ready: make(chan struct{}), asked: h}
	r.urls[key] = m
	return m, true
}

func (r *Run) forget(key string, m *memo) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.urls[key] == m {
		delete(r.urls, key)
	}
}

// settle keeps an answer and lets the waiting go on.
func (r *Run) settle(key string, m *memo, ans *answer, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m.err = err
	if ans != nil {
		kept := *ans
		kept.memo, kept.attempts = true, 1
		m.ans = &kept
		r.keep(m)
	}
	if temporary(err) {
		delete(r.urls, key)
	}
	close(m.ready)
}

func temporary(err error) bool {
	var fe *Error
	return err != nil && (!errors.As(err, &fe) || fe.Temporary())
}

// keep holds on to m's body and lets go of those that were used longest ago.
func (r *Run) keep(m *memo) {
	if len(m.ans.body) > memoBody {
		m.ans.body = nil
	}
	if len(m.ans.body) == 0 {
		return
	}
	m.place = r.kept.PushFront(m)
	r.bytes += len(m.ans.body)
	for r.bytes > memoBytes {
		last := r.kept.Remove(r.kept.Back()).(*memo)
		r.bytes -= len(last.ans.body)
		last.ans.body, last.place = nil, nil
	}
}

// recall answers h from m; ok is false when it must be fetched after all: the
// first caller gave up, or got a 304 on validators that h does not have.
func (r *Run) recall(m *memo, h hopRequest) (ans *answer, ok bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case temporary(m.err):
		return nil, false, nil
	case m.err != nil:
		return m.ans, true, m.err
	case m.ans.location != "":
		return m.ans, true, nil
	case m.ans.status == http.StatusNotModified:
		same := h.etag == m.asked.etag && h.lastModified == m.asked.lastModified
		return m.ans, same, nil
	}
	a := *m.ans
	switch {
	case m.place != nil:
		r.kept.MoveToFront(m.place)
	case h.etag != "" && h.etag == a.etag, h.etag == "" && h.lastModified != "" && h.lastModified == a.lastModified:
		a.status = http.StatusNotModified
	case a.bytes > 0:
		return nil, true, &Error{URL: h.url.String(), Reason: ReasonAlreadyFetched, Detail: "another source fetched it in this run, and its body is no longer kept"}
	}
	return &a, true, nil
}
