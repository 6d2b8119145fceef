package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// seconds fetches n pages one after another and returns how long each took.
func seconds(t *testing.T, c *Client, url string, n int) []int {
	t.Helper()
	var out []int
	for i := range n {
		start := time.Now()
		c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", url, i)})
		out = append(out, int(time.Since(start).Round(time.Second)/time.Second))
	}
	return out
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := bubble(t, DefaultConfig(), nil, say(200, "page"))
		if got := seconds(t, c, s.url, 5); fmt.Sprint(got) != "[2 2 2 2 2]" { // robots.txt came first
			t.Errorf("seconds between pages: %v", got)
		}
	})
}

// Hosts of one domain share its rate, other domains do not; an address has a
// rate of its own, which many domains share.
func TestRateIsPerDomainAndAddress(t *testing.T) {
	for hosts, want := range map[string]time.Duration{
		"a.shop.example b.shop.example c.shop.example":                                    10 * time.Second, // 3 robots.txt and 3 pages
		"a.example b.example c.example":                                                   2500 * time.Millisecond,
		"a.example b.example c.example d.example e.example f.example g.example h.example": 7500 * time.Millisecond, // 16 requests at 2 a second
		"a.co.uk b.co.uk": 2 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			c, _ := bubble(t, DefaultConfig(), nil, say(200, "page"))
			start := time.Now()
			var wg sync.WaitGroup
			for host := range strings.FieldsSeq(hosts) {
				wg.Go(func() { c.Get(t.Context(), Request{URL: "http://" + host + "/"}) })
			}
			wg.Wait()
			if took := time.Since(start); took < want-time.Second || took > want+time.Second {
				t.Errorf("%s took %v, want about %v", hosts, took, want)
			}
		})
	}
}

func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		cfg := quick()
		cfg.Concurrency = 2
		c, s := bubble(t, cfg, nil, func(w http.ResponseWriter, r *http.Request) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
		})
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() { c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.url, i)}) })
		}
		wg.Wait()
		if most.Load() != 2 {
			t.Errorf("%d at once, want 2", most.Load())
		}
	})
}

// Trouble halves the rate, peace brings it back bit by bit.
func TestSlowsDownAndRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy atomic.Bool
		cfg := DefaultConfig()
		cfg.RequestsPerSecond, cfg.Attempts = 1, 1
		c, s := bubble(t, cfg, nil, func(w http.ResponseWriter, r *http.Request) {
			if busy.Load() {
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		seconds(t, c, s.url, 2)
		busy.Store(true)
		if got := seconds(t, c, s.url, 4); fmt.Sprint(got) != "[1 2 4 8]" {
			t.Errorf("seconds while busy: %v", got)
		}
		seconds(t, c, s.url, 10)
		if got := seconds(t, c, s.url, 1); got[0] != 32 {
			t.Errorf("slowest is one request in %v s, want 32", got)
		}
		busy.Store(false)
		got := seconds(t, c, s.url, 14)
		if got[0] != 32 || got[1] > 8 || got[13] != 1 {
			t.Errorf("seconds after: %v", got)
		}
	})
}

// Retry-After holds for every request to the site.
func TestRetryAfterIsKept(t *testing.T) {
	for name, value := range map[string]func() string{
		"seconds": func() string { return "120" },
		"date":    func() string { return time.Now().Add(2 * time.Minute).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n atomic.Int32
				c, s := bubble(t, DefaultConfig(), nil, func(w http.ResponseWriter, r *http.Request) {
					if n.Add(1) == 1 {
						w.Header().Set("Retry-After", value())
						w.WriteHeader(http.StatusServiceUnavailable)
					}
				})
				start := time.Now()
				var wg sync.WaitGroup
				wg.Go(func() { c.Get(t.Context(), Request{URL: s.url + "/first"}) })
				time.Sleep(10 * time.Second)
				wg.Go(func() { c.Get(t.Context(), Request{URL: s.url + "/second"}) })
				wg.Wait()
				if took := time.Since(start); took < 2*time.Minute || took > 2*time.Minute+20*time.Second {
					t.Errorf("both pages after %v", took)
				}
			})
		})
	}
}

// A pause longer than is waited for is told at once, and kept.
func TestLongPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		c, s := bubble(t, DefaultConfig(), nil, func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				w.Header().Set("Retry-After", "3600")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		c.Get(t.Context(), Request{URL: s.url + "/first"})
		start := time.Now()
		_, err := c.Get(t.Context(), Request{URL: s.url + "/second"})
		if reasonOf(t, err) != ReasonHostPaused || time.Since(start) > 10*time.Second || s.asked("/second") != 0 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		time.Sleep(time.Hour)
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/third"}); err != nil {
			t.Error(err)
		}
	})
}

func TestCancelledWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := bubble(t, DefaultConfig(), nil, status(503, "Retry-After", "600"))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.Get(ctx, Request{URL: s.url + "/"})
		if err == nil || time.Since(start) > 30*time.Second || ctx.Err() == nil && reasonOf(t, err) != "" {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestSitesAreForgotten(t *testing.T) {
	l := newLimiter(DefaultConfig())
	for i := range maxSites + 10 {
		l.host(fmt.Sprintf("shop%d.example", i))
	}
	if n := len(l.sites); n > maxSites {
		t.Errorf("%d sites in memory", n)
	}
}

func TestAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.MaxBody = 2000
		c, s := bubble(t, cfg, say(200, "User-agent: *\nDisallow: /"), func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.UserAgent(), "feryat/") || r.Header.Get("Authorization") != "key" {
				w.WriteHeader(http.StatusForbidden)
			}
			if r.URL.Path == "/long" {
				io.WriteString(w, strings.Repeat("x", 3000))
			}
		})
		web := &http.Client{Transport: c.API()}
		start := time.Now()
		for _, path := range []string{"/a", "/b", "/long"} {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
			req.Header.Set("Authorization", "key")
			resp, err := web.Do(req)
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%+v, %v", resp, err)
			}
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
			if (err != nil) != (path == "/long") {
				t.Errorf("%s: %v", path, err)
			}
		}
		if took := time.Since(start); took != 4*time.Second || s.asked(robotsPath) != 0 {
			t.Errorf("three requests took %v", took)
		}
	})
}
