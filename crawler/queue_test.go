package crawler_test

import (
	"context"
	"log/slog"
	"regexp"
	"sync"
	"testing"
	"time"

	"feryat/crawler"
	"feryat/crawler/crawlertest"
	"feryat/crawler/walk"
	"feryat/mention"
	"feryat/queue"
)

// jetStream is a Runner's parts on a real queue in dir.
func jetStream(t *testing.T, dir, holder string) (crawler.Parts, *queue.Queue, func()) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	server := queue.NewServer(dir, queue.DefaultConfig(), log)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { server.Run(ctx) })
	if err := server.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	parts, q := connect(t, server, holder)
	stop := sync.OnceFunc(func() {
		q.Close()
		cancel()
		wg.Wait()
	})
	t.Cleanup(stop)
	return parts, q, stop
}

func connect(t *testing.T, server *queue.Server, holder string) (crawler.Parts, *queue.Queue) {
	t.Helper()
	q, err := queue.Connect(t.Context(), server.Access(), queue.DefaultConfig(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	cursors, err := q.Bucket(t.Context(), "cursors", 0)
	if err != nil {
		t.Fatal(err)
	}
	leases, err := q.Leases(t.Context(), "sources", holder, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return crawler.Parts{Inbox: q, Cursors: cursors, Leases: leases}, q
}

type paragraphs struct{}

var paragraph = regexp.MustCompile(`<p class="m" id="([^"]*)">([^<]*)</p>`)

func (paragraphs) Extract(_ context.Context, p walk.Page) (walk.Found, error) {
	var ms []mention.Mention
	for _, m := range paragraph.FindAllSubmatch(p.Body, -1) {
		ms = append(ms, mention.Mention{ID: mention.NewID("test", "site", string(m[1])), SourceKind: "test", Kind: mention.KindReview, Text: string(m[2])})
	}
	return walk.Found{Mentions: ms, Links: walk.Links(p.Body, p.URL)}, nil
}

// Sources, walks, queue, cursors and leases as the program has them: what a
// site shows is in the queue once, over restarts.
func TestOnJetStream(t *testing.T) {
	site, web, db := crawlertest.Serve(t, "walk/testdata/shop"), crawlertest.Client(t), crawlertest.Frontier(t)
	var jobs []crawler.Job
	for _, name := range []string{"shop", "the same shop"} {
		cfg := walk.DefaultConfig()
		cfg.Start = []string{site.URL + "/"}
		w, err := walk.New(name, cfg, web, db, paragraphs{})
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, crawler.Job{Name: name, Source: w})
	}
	dir := t.TempDir()
	for run, want := range []int{8, 0} {
		parts, q, stop := jetStream(t, dir, "test")
		r, err := crawler.New(crawler.DefaultLimits(), jobs, parts, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		site.Asked()
		s, err := r.RunOnce(t.Context())
		if err != nil || s.Troubled() != 0 || s.Mentions() != want {
			t.Errorf("run %d: %+v, %v", run, s, err)
		}
		if uris, _ := site.Asked(); len(uris) > 6 { // five pages and one robots.txt, for both sources
			t.Errorf("run %d asked for %v", run, uris)
		}
		if run == 0 {
			got := drain(t, q, want)
			for _, m := range got {
				if m.Origin != mention.OriginBackfill || m.Revision == "" || m.Source == "" {
					t.Errorf("mention %+v", m)
				}
			}
		}
		cursor, err := parts.Cursors.Get(t.Context(), "shop")
		if err != nil || len(cursor) == 0 {
			t.Errorf("cursor %q, %v", cursor, err)
		}
		stop()
	}
}

// drain takes n mentions out of the queue.
func drain(t *testing.T, q *queue.Queue, n int) (all []mention.Mention) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	q.ConsumeMentions(ctx, 100, 50*time.Millisecond, func(_ context.Context, ds []queue.Delivery[mention.Mention]) error {
		for _, d := range ds {
			all = append(all, d.Value)
		}
		if len(all) >= n {
			cancel()
		}
		return nil
	})
	if len(all) != n {
		t.Errorf("%d mentions in the queue, want %d", len(all), n)
	}
	return all
}

// Of two processes one runs a source; the other waits until it is free.
func TestLeasesOnJetStream(t *testing.T) {
	parts, q, _ := jetStream(t, t.TempDir(), "first")
	second := parts
	leases, err := q.Leases(t.Context(), "sources", "second", 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	second.Leases = leases
	var mu sync.Mutex
	running, most, runs := 0, 0, 0
	job := crawler.Job{Name: "s", Source: script(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
		mu.Lock()
		running++
		runs++
		most = max(most, running)
		mu.Unlock()
		err := out.Visit(ctx, mention.Visit{URL: "u", Outcome: mention.OutcomeOK})
		mu.Lock()
		running--
		mu.Unlock()
		return c, err
	})}
	var wg sync.WaitGroup
	for _, p := range []crawler.Parts{parts, second} {
		r, err := crawler.New(crawler.DefaultLimits(), []crawler.Job{job}, p, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			if s, err := r.RunOnce(t.Context()); err != nil || s.Troubled() != 0 {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
	wg.Wait()
	if most != 1 || runs != 2 {
		t.Errorf("%d runs, %d at once", runs, most)
	}
}
