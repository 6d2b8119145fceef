package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Kinds of an answer's messages, in headerKind.
const (
	headerKind    = "Feryat-Kind"
	kindAlive     = "alive"    // still at it
	kindProgress  = "progress" // something to show
	kindDone      = "done"
	kindError     = "error"
	subjectPrefix = "feryat.request."
)

const (
	aliveEvery = 2 * time.Second
	aliveLimit = 10 * time.Second // no sign of life for so long: the server is gone
)

// ErrNobodyServes is the error of a request on a subject that no process serves.
var ErrNobodyServes = errors.New("no running feryat answers this request")

// RemoteError is what the handler of a request answered.
type RemoteError struct{ Message string }

func (e *RemoteError) Error() string { return e.Message }

// Handler answers a request. It may send what is to be shown meanwhile.
type Handler func(ctx context.Context, body []byte, progress func([]byte)) ([]byte, error)

// Serve answers requests on subject, each in a goroutine of its own, until ctx
// ends. Of several processes that serve a subject one gets each request. A
// handler's context ends with ctx; what the asking side does has no effect on it.
func (q *Queue) Serve(ctx context.Context, subject string, handle Handler) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	sub, err := q.conn.QueueSubscribe(subjectPrefix+subject, "feryat", func(m *nats.Msg) {
		wg.Go(func() { q.answer(ctx, m, handle) })
	})
	if err != nil {
		return fmt.Errorf("serve %s: %w", subject, err)
	}
	<-ctx.Done()
	if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("serve %s: %w", subject, err)
	}
	return nil
}

func (q *Queue) answer(ctx context.Context, m *nats.Msg, handle Handler) {
	alive, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { q.sayAlive(alive, m) })
	body, err := safely(ctx, m.Data, handle, func(p []byte) { q.reply(m, kindProgress, p) })
	stop()
	wg.Wait()
	if err != nil {
		q.reply(m, kindError, []byte(err.Error()))
		return
	}
	q.reply(m, kindDone, body)
}

func safely(ctx context.Context, body []byte, handle Handler, progress func([]byte)) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handle(ctx, body, progress)
}

func (q *Queue) sayAlive(ctx context.Context, m *nats.Msg) {
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			q.reply(m, kindAlive, nil)
		}
	}
}

func (q *Queue) reply(m *nats.Msg, kind string, body []byte) {
	out := &nats.Msg{Subject: m.Reply, Data: body, Header: nats.Header{headerKind: {kind}}}
	if err := q.conn.PublishMsg(out); err != nil {
		q.log.Warn("answer not sent", "subject", m.Subject, "kind", kind, "error", err)
	}
}

// Request asks the process that serves subject and waits for its answer, until
// ctx ends or the process shows no sign of life. Progress, which may be nil, is
// called with what the handler sends meanwhile. An error of the handler is a
// *RemoteError.
func (q *Queue) Request(ctx context.Context, subject string, body []byte, progress func([]byte)) ([]byte, error) {
	answer, err := q.request(ctx, subject, body, progress)
	if err != nil {
		return nil, fmt.Errorf("request %s: %w", subject, err)
	}
	return answer, nil
}

func (q *Queue) request(ctx context.Context, subject string, body []byte, progress func([]byte)) ([]byte, error) {
	inbox := q.conn.NewInbox()
	sub, err := q.conn.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer func() { _ = sub.Unsubscribe() }() // fails only where the connection is gone
	if err := q.conn.PublishRequest(subjectPrefix+subject, inbox, body); err != nil {
		return nil, err
	}
	for {
		m, err := next(ctx, sub)
		if err != nil {
			return nil, err
		}
		switch m.Header.Get(headerKind) {
		case kindDone:
			return m.Data, nil
		case kindError:
			return nil, &RemoteError{string(m.Data)}
		case kindProgress:
			if progress != nil {
				progress(m.Data)
			}
		}
	}
}

func next(ctx context.Context, sub *nats.Subscription) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, aliveLimit, fmt.Errorf("no sign of life for %s", aliveLimit))
	defer cancel()
	m, err := sub.NextMsgWithContext(ctx)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, ErrNobodyServes
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	return m, err
}
