package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
	"feryat/queue"
)

// postOffice notes when a message was first put into the outbox.
type postOffice struct {
	q      *queue.Queue
	now    func() time.Time
	queued map[string]time.Time
}

// Enqueue passes it on.
func (p *postOffice) Enqueue(ctx context.Context, channel, key string, payload []byte) error {
	if _, ok := p.queued[key]; !ok {
		p.queued[key] = p.now()
	}
	return p.q.Enqueue(ctx, channel, key, payload)
}

// receiver is a help desk that knows messages by their keys. It fails for some
// the first time: before it takes them, or after.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	tries  map[string]int
	taken  map[string]notify.Message
	forged int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{tries: map[string]int{}, taken: map[string]notify.Message{}}
	r.Server = httptest.NewServer(r)
	r.Config.Handler = r
	return r
}

// fails is how often a message is not said to be taken.
func (r *receiver) fails(key string) int {
	if strings.HasSuffix(key, "0") || strings.HasSuffix(key, "1") {
		return 1
	}
	return 0
}

// ServeHTTP takes a message that is signed.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	key := req.Header.Get(notify.HeaderKey)
	var m notify.Message
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || json.Unmarshal(body, &m) != nil || m.Key != key || !notify.Verify([]byte("only-for-tests"), req.Header.Get(notify.HeaderSignature), body, time.Now(), time.Minute) {
		r.forged++
		http.Error(w, "not signed", http.StatusUnauthorized)
		return
	}
	r.tries[key]++
	first := r.tries[key] == 1
	if first && strings.HasSuffix(key, "0") {
		http.Error(w, "later", http.StatusServiceUnavailable)
		return
	}
	r.taken[key] = m
	if first && strings.HasSuffix(key, "1") {
		http.Error(w, "taken, but nobody will hear of it", http.StatusBadGateway)
	}
}

// clerk notes which case is whose, on the way to the journal.
type clerk struct {
	journal interface {
		InsertEvents(ctx context.Context, events []mention.Event) error
	}
	mu    sync.Mutex
	cases map[string]string // the newest, by key
}

// InsertEvents passes them on.
func (c *clerk) InsertEvents(ctx context.Context, events []mention.Event) error {
	c.mu.Lock()
	for _, e := range events {
		if e.Type == "opened" {
			c.cases[caseKey(e.Escalation)] = e.Escalation.ID
		}
	}
	c.mu.Unlock()
	return c.journal.InsertEvents(ctx, events)
}

func (c *clerk) caseOf(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cases[key]
}

// caseKey tells apart whom or what a case is about: a customer, or what a rule
// says of a brand or source.
func caseKey(e mention.Escalation) string {
	if e.Author.Known() {
		return e.Brand + "/" + e.Author.Key()
	}
	return e.Brand + "/" + e.Rule + "/" + e.Source
}
