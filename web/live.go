package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// livePath is where pages wait for changes.
	livePath = "/api/inbox/live"
	// maxListeners bounds the pages that follow changes at one time.
	maxListeners = 300
	// heartbeat is how often a page is told that it still hears us; it gives up
	// after three. Behind it stands how soon the end of a session is noticed.
	heartbeat = 15 * time.Second
	// rush is how long changes are gathered before they are told together.
	rush = 500 * time.Millisecond
	// watchAgain is how long after a fault changes are watched for again.
	watchAgain = 2 * time.Second
)

// changes tells that a case changed, whoever did it.
type changes interface {
	// Watch calls changed with a number that grows from change to change, the
	// first time with how far it is; it ends with ctx or an error.
	Watch(ctx context.Context, changed func(uint64)) error
}

// FollowCases lets pages that are open follow the changes of cases. It is called
// before Run.
func (s *Server) FollowCases(c changes) { s.changes = c }

// caseNews is how far cases have changed, for all pages that wait for it.
type caseNews struct {
	mu   sync.Mutex
	at   uint64        // 0: nobody knows, changes are not heard of
	next chan struct{} // closed when there is something new
	over bool          // the server ends
}

func newCaseNews() *caseNews { return &caseNews{next: make(chan struct{})} }

// now tells how far cases have changed, and what closes when they change again.
func (n *caseNews) now() (at uint64, next <-chan struct{}, over bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.at, n.next, n.over
}

// set tells all who wait; they also look whether they may go on.
func (n *caseNews) set(change func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	change()
	close(n.next)
	n.next = make(chan struct{})
}

func (n *caseNews) reached(at uint64) { n.set(func() { n.at = at }) }
func (n *caseNews) wake()             { n.set(func() {}) }
func (n *caseNews) end()              { n.set(func() { n.over = true }) }

// follow hears of changes until ctx ends. Where it cannot, pages are told so.
func (s *Server) follow(ctx context.Context) {
	if s.changes == nil {
		return
	}
	for ctx.Err() == nil {
		if err := s.changes.Watch(ctx, s.news.reached); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "changes of cases are not heard of; trying again", "error", err)
		}
		s.news.reached(0)
		select {
		case <-ctx.Done():
		case <-time.After(watchAgain):
		}
	}
}

// live tells a page by server-sent events that cases changed, by number; the
// page then asks for itself anew.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	select {
	case s.listeners <- struct{}{}:
		defer func() { <-s.listeners }()
	default:
		w.Header().Set("Retry-After", retryAfter)
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	if at, _, over := s.news.now(); at == 0 || over {
		w.Header().Set("Retry-After", retryAfter)
		http.Error(w, "changes are not heard of now", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // proxies shall not keep it back
	known, _ := strconv.ParseUint(cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("since")), 10, 64)
	s.tell(w, r, known)
}

// tell writes until the page goes, its session ends or there is nothing to tell.
func (s *Server) tell(w http.ResponseWriter, r *http.Request, known uint64) {
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	for {
		at, next, over := s.news.now()
		if _, in := s.gate.who(r); at == 0 || over || !in {
			return
		}
		event := "beat"
		if at != known {
			event, known = "change", at
		}
		if !push(w, fmt.Sprintf("id: %d\nevent: %s\ndata: %d\n\n", at, event, at), 2*s.beat) {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			continue
		case <-next:
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(s.rush):
		}
	}
}

// push writes at once. The limits of the server are for pages, which end.
func push(w http.ResponseWriter, text string, within time.Duration) bool {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // what cannot, has none
	_ = c.SetWriteDeadline(time.Now().Add(within))
	_, err := w.Write([]byte(text))
	return err == nil && c.Flush() == nil
}
