package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func inRun(t *testing.T) context.Context { return WithRun(t.Context(), NewRun()) }

// Sources that ask for a page at once, or later, share one fetch.
func TestRunFetchesOnce(t *testing.T) {
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(10 * time.Millisecond)
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		say(200, "page "+r.URL.Path)(w, r)
	})
	c, ctx := newClient(t, quick()), inRun(t)
	var memos atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			path := []string{"/old", "/new", "/a", "/a#x"}[i%4]
			resp, err := c.Get(ctx, Request{URL: s.url + path})
			if err != nil || !strings.HasPrefix(string(resp.Body), "page /") {
				t.Errorf("%s: %+v, %v", path, resp, err)
			} else if resp.Memo {
				memos.Add(1)
			}
		})
	}
	wg.Wait()
	for _, path := range []string{"/old", "/new", "/a"} {
		if n := s.asked(path); n != 1 {
			t.Errorf("%s asked for %d times", path, n)
		}
	}
	if memos.Load() != 18 {
		t.Errorf("%d answers from the memo, want 18", memos.Load())
	}
	if resp, err := c.Get(inRun(t), Request{URL: s.url + "/a"}); err != nil || resp.Memo || s.asked("/a") != 2 {
		t.Errorf("the next run: %+v, %v", resp, err)
	}
}

func TestRunAndValidators(t *testing.T) {
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		say(200, "body")(w, r)
	})
	c, ctx := newClient(t, quick()), inRun(t)
	steps := []struct {
		etag     string
		modified bool
		memo     bool
		asked    int
		what     string
	}{
		{`"v1"`, false, false, 1, "first asks the site"},
		{`"v1"`, false, true, 1, "the same validator shares the 304"},
		{"", true, false, 2, "a source that has no copy needs the body"},
		{"", true, true, 2, "and the next shares it"},
		{`"v0"`, true, true, 2, "an older copy too"},
		{`"v1"`, true, true, 2, "a present one gets the body or a 304"},
	}
	for _, st := range steps {
		resp, err := c.Get(ctx, Request{URL: s.url + "/p", ETag: st.etag})
		if err != nil || resp.NotModified == st.modified || resp.Memo != st.memo || s.asked("/p") != st.asked {
			t.Errorf("%s: %+v, %v, asked %d", st.what, resp, err, s.asked("/p"))
		}
	}
}

// Lasting trouble is remembered, passing trouble may be tried again.
func TestRunAndTrouble(t *testing.T) {
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/404":
			w.WriteHeader(404)
		case "/500":
			w.WriteHeader(500)
		default:
			with("identity", plain, 1<<40)(w, r)
		}
	})
	cfg := quick()
	cfg.Attempts = 1
	c, ctx := newClient(t, cfg), inRun(t)
	for path, asked := range map[string]int{"/404": 1, "/500": 3, "/endless": 1} {
		for range 3 {
			if _, err := c.Get(ctx, Request{URL: s.url + path}); err == nil {
				t.Errorf("%s: no error", path)
			}
		}
		if n := s.asked(path); n != asked {
			t.Errorf("%s asked for %d times, want %d", path, n, asked)
		}
	}
}

// A caller that gives up does not spoil the page for those who wait.
func TestRunAndCancel(t *testing.T) {
	var n atomic.Int32
	began := make(chan struct{})
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			close(began)
			<-r.Context().Done()
			return
		}
		say(200, "page")(w, r)
	})
	c, ctx := newClient(t, quick()), inRun(t)
	first, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.Get(first, Request{URL: s.url + "/p"}); err == nil {
			t.Error("the first did not give up")
		}
	})
	<-began
	wg.Go(func() {
		if resp, err := c.Get(ctx, Request{URL: s.url + "/p"}); err != nil || string(resp.Body) != "page" {
			t.Errorf("the second: %+v, %v", resp, err)
		}
	})
	cancel()
	wg.Wait()
}

// Bodies are let go of, oldest first, and then the page is said to have been fetched.
func TestRunMemory(t *testing.T) {
	s := serve(t, nil, say(200, strings.Repeat("x", 1<<20)))
	c, run := newClient(t, quick()), NewRun()
	ctx := WithRun(t.Context(), run)
	for i := range 40 {
		if _, err := c.Get(ctx, Request{URL: fmt.Sprintf("%s/%d", s.url, i)}); err != nil {
			t.Fatal(err)
		}
	}
	if run.bytes > memoBytes || run.kept.Len() != 16 {
		t.Errorf("%d bodies of %d bytes in all", run.kept.Len(), run.bytes)
	}
	if _, err := c.Get(ctx, Request{URL: s.url + "/0"}); reasonOf(t, err) != ReasonAlreadyFetched {
		t.Errorf("an old page: %v", err)
	}
	if resp, err := c.Get(ctx, Request{URL: s.url + "/39"}); err != nil || !resp.Memo {
		t.Errorf("a new page: %v", err)
	}
}

func TestConfig(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	err := Config{AllowPrivate: []string{"10.0.0.0/99"}, MaxRedirects: -1, MaxRetryAfter: -1, MaxCrawlDelay: -1}.Validate()
	for _, key := range []string{"requests_per_second", "concurrency", "timeout", "attempts", "retry_wait", "max_retry_after", "max_body", "max_wire", "max_redirects", "robots_ttl", "max_crawl_delay", "allow_private"} {
		if err == nil || !strings.Contains(err.Error(), key+":") {
			t.Errorf("%v says nothing of %s", err, key)
		}
	}
	if _, err := New(Config{}, nil); err == nil {
		t.Error("a client of nothing")
	}
}

func TestUserAgent(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Version, cfg.Contact = "1.2", "https://feryat.example/bot"
	if got := userAgent(cfg); got != "feryat/1.2 (+https://feryat.example/bot)" {
		t.Error(got)
	}
}
