package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What robots.txt answers, one a line, and whether pages may be fetched then.
func TestRobotsAnswers(t *testing.T) {
	forbid := "User-agent: *\nDisallow: /\n"
	tests := []struct {
		name   string
		robots http.HandlerFunc
		reason string
		asked  int
	}{
		{"allows", say(200, "User-agent: *\nDisallow: /other\n"), "", 1},
		{"forbids", say(200, forbid), ReasonRobots, 1},
		{"empty", say(200, ""), "", 1},
		{"204", status(204), "", 1},
		{"401", status(401), "", 1},
		{"403", status(403), "", 1},
		{"404", status(404), "", 1},
		{"410", status(410), "", 1},
		{"429", status(429), ReasonRobotsFailed, 3},
		{"500", status(500), ReasonRobotsFailed, 3},
		{"503", status(503), ReasonRobotsFailed, 3},
		{"503 and asks for a long pause", status(503, "Retry-After", "7200"), ReasonHostPaused, 1},
		{"hangs up", raw(""), ReasonRobotsFailed, 3},
		{"cut short", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *"), ReasonRobotsFailed, 3},
		{"HTML instead", say(200, "<!doctype html><html><body>User-agent: *<br>Disallow: /</body></html>"), "", 1},
		{"a picture instead", status(200, "Content-Type", "image/png"), "", 1},
		{"byte order mark", say(200, "\ufeff"+forbid), ReasonRobots, 1},
		{"gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed([]byte(forbid)))
		}, ReasonRobots, 1},
		{"600 KB, forbidden at the start", say(200, forbid+strings.Repeat("#", 600<<10)), ReasonRobots, 1},
		{"600 KB, forbidden beyond the bound", say(200, strings.Repeat("#\n", 300<<10)+forbid), "", 1},
		{"endless", with("identity", plain, 1<<40), "", 1},
		{"bomb", with("gzip", gz, 1<<27), "", 1},
		{"redirect to itself", to("/robots.txt"), "", 6},
		{"redirect to file", to("file:///etc/passwd"), ReasonScheme, 1},
		{"redirect to metadata", to("http://169.254.169.254/robots.txt"), ReasonPrivateNetwork, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.robots, say(200, "page"))
			c := newClient(t, quick())
			for range 2 {
				if _, err := c.Get(t.Context(), Request{URL: s.url + "/page"}); reasonOf(t, err) != tt.reason {
					t.Errorf("%v, want %q", err, tt.reason)
				}
			}
			if n := s.asked(robotsPath); n != tt.asked {
				t.Errorf("robots.txt asked for %d times, want %d", n, tt.asked)
			}
			if n := s.asked("/page"); tt.reason != "" && n != 0 {
				t.Errorf("the page was asked for %d times although %s", n, tt.reason)
			}
		})
	}
}

// Five redirects of robots.txt are followed, to other sites too, and the rules
// hold for the site that was asked; with more there are no rules.
func TestRobotsRedirects(t *testing.T) {
	far := serve(t, nil, say(200, "User-agent: *\nDisallow: /no\n"))
	for redirects, want := range map[int]string{1: ReasonRobots, 5: ReasonRobots, 6: ""} {
		hop := func(w http.ResponseWriter, r *http.Request) {
			n := 1
			fmt.Sscan(r.URL.RawQuery, &n)
			if n == redirects {
				http.Redirect(w, r, far.url+"/rules", http.StatusFound)
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/hop?%d", n+1), http.StatusFound)
		}
		s := serve(t, hop, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/hop" {
				hop(w, r)
				return
			}
			say(200, "page")(w, r)
		})
		if _, err := newClient(t, quick()).Get(t.Context(), Request{URL: s.url + "/no"}); reasonOf(t, err) != want {
			t.Errorf("%d redirects: %v, want %q", redirects, err, want)
		}
	}
}

// Fifty pages at once ask for robots.txt once; a day later it is asked for again.
func TestRobotsOnceADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var forbid atomic.Bool
		c, s := bubble(t, quick(), func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			if forbid.Load() {
				say(200, "User-agent: *\nDisallow: /")(w, r)
			}
		}, say(200, "page"))
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				if _, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.url, i)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		forbid.Store(true)
		time.Sleep(23 * time.Hour)
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/late"}); err != nil || s.asked(robotsPath) != 1 {
			t.Errorf("%v; asked %d times within a day", err, s.asked(robotsPath))
		}
		time.Sleep(2 * time.Hour)
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/next"}); reasonOf(t, err) != ReasonRobots || s.asked(robotsPath) != 2 {
			t.Errorf("%v; asked %d times after a day", err, s.asked(robotsPath))
		}
	})
}

// A robots.txt that could not be had forbids all for a while, then is tried again.
func TestRobotsRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var well atomic.Bool
		c, s := bubble(t, quick(), func(w http.ResponseWriter, r *http.Request) {
			if !well.Load() {
				w.WriteHeader(http.StatusBadGateway)
			}
		}, say(200, "page"))
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/"}); reasonOf(t, err) != ReasonRobotsFailed {
			t.Error(err)
		}
		well.Store(true)
		time.Sleep(robotsRetry + time.Minute)
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/"}); err != nil {
			t.Error(err)
		}
	})
}

func TestCrawlDelay(t *testing.T) {
	for text, want := range map[string]time.Duration{"5": 5 * time.Second, "600": 30 * time.Second, "0.5": 2 * time.Second, "-1": 2 * time.Second, "soon": 2 * time.Second, "1e300": 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			c, s := bubble(t, DefaultConfig(), say(200, "User-agent: *\nCrawl-delay: "+text), say(200, "page"))
			if _, err := c.Get(t.Context(), Request{URL: s.url + "/"}); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			for i := range 3 {
				c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.url, i)})
			}
			if each := time.Since(start) / 3; each < want-time.Second/2 || each > want+time.Second/2 {
				t.Errorf("Crawl-delay %s: a request each %v, want %v", text, each, want)
			}
		})
	}
}

func TestRobotsRules(t *testing.T) {
	star := func(lines ...string) string { return "User-agent: *\n" + strings.Join(lines, "\n") }
	tests := []struct {
		name, robots, path string
		want               bool
	}{
		{"prefix", star("Disallow: /a"), "/ab", false},
		{"no prefix", star("Disallow: /a"), "/b", true},
		{"empty disallow", star("Disallow:"), "/", true},
		{"longest wins", star("Disallow: /a", "Allow: /a/b"), "/a/b/c", true},
		{"longest wins, other order", star("Allow: /a/b", "Disallow: /a"), "/a/b/c", true},
		{"allow wins a tie", star("Disallow: /a", "Allow: /a"), "/a", true},
		{"star counts as a byte", star("Disallow: /*.pdf", "Allow: /doc.pdf"), "/doc.pdf", true},
		{"star", star("Disallow: /*?"), "/x?y=1", false},
		{"star spares", star("Disallow: /*?"), "/x", true},
		{"two stars", star("Disallow: /*/x/*/y"), "/1/x/2/3/y", false},
		{"end", star("Disallow: /x.php$"), "/x.php", false},
		{"end spares", star("Disallow: /x.php$"), "/x.php5", true},
		{"star and end", star("Disallow: /*.gif$"), "/a/b.gif", false},
		{"star and end spares", star("Disallow: /*.gif$"), "/b.gif?x", true},
		{"dollar within", star("Disallow: /a$b"), "/a$b", false},
		{"query", star("Disallow: /foo?x=1"), "/foo?x=1&y", false},
		{"escaped rule", star("Disallow: /%C3%BC"), "/ü", false},
		{"escaped path", star("Disallow: /ü"), "/%c3%bc", false},
		{"needless escape", star("Disallow: /%61bc"), "/abc", false},
		{"escaped slash is no slash", star("Disallow: /a/b"), "/a%2Fb", true},
		{"comment", star("Disallow: /a # not here"), "/a", false},
		{"CR LF and blank lines", "User-agent: *\r\n\r\nDisallow: /a\r\n\r\nDisallow: /b", "/b", false},
		{"CR alone", "User-agent: *\rDisallow: /a", "/a", false},
		{"spaces before the colon", "User-agent : *\nDisallow : /a", "/a", false},
		{"case of fields", "USER-AGENT: *\nDISALLOW: /a", "/a", false},
		{"own group", "User-agent: *\nDisallow: /\n\nUser-agent: Feryat\nDisallow: /a", "/b", true},
		{"own group with version", "User-agent: feryat/2.0\nDisallow: /a\nUser-agent: *\nDisallow:", "/a", false},
		{"own groups are joined", "User-agent: feryat\nDisallow: /a\nUser-agent: *\nDisallow: /\nUser-agent: feryat\nDisallow: /b", "/b", false},
		{"own group of two agents", "User-agent: googlebot\nUser-agent: feryat\nDisallow: /a", "/a", false},
		{"another's group", "User-agent: googlebot\nDisallow: /", "/a", true},
		{"a shorter name is another's", "User-agent: fer\nDisallow: /", "/a", true},
		{"a longer name is another's", "User-agent: feryatbot\nDisallow: /", "/a", true},
		{"empty own group allows", "User-agent: feryat\nDisallow:\nUser-agent: *\nDisallow: /", "/a", true},
		{"rule before any group", "Disallow: /\nUser-agent: *\nDisallow: /b", "/a", true},
		{"unknown fields do not end a group", "User-agent: *\nHost: x\nClean-param: y\nDisallow: /a", "/a", false},
		{"crawl-delay ends the agents", "User-agent: feryat\nCrawl-delay: 1\nUser-agent: *\nDisallow: /a", "/a", true},
		{"sitemap does not end a group", "User-agent: *\nSitemap: http://x/\nDisallow: /a", "/a", false},
	}
	for _, tt := range tests {
		if got := parseRobots([]byte(tt.robots)).allows(tt.path); got != tt.want {
			t.Errorf("%s: %q allows %s: %v, want %v", tt.name, tt.robots, tt.path, got, tt.want)
		}
	}
}

// FuzzRobots holds the rules to what is true of any robots.txt: the answer does
// not depend on how a path is escaped, a file without a disallow line allows
// all, and one more "Disallow: /" group of our own forbids nothing that a
// longer allow permits.
func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 3\nSitemap: x", "/a/b?c")
	f.Add("\ufeffuser-agent:feryat\r\ndisallow:/%zz\x00*", "/%zz")
	f.Add("<html>", "")
	f.Fuzz(func(t *testing.T, text, path string) {
		r := parseRobots([]byte(text))
		allowed := r.allows(path)
		if again := r.allows(escapePath(path)); again != allowed {
			t.Errorf("%q: %v, escaped %v", path, allowed, again)
		}
		if !allowed && !strings.Contains(strings.ToLower(text), "disallow") {
			t.Error("forbidden by nothing")
		}
		if r.delay < 0 {
			t.Errorf("delay %v", r.delay)
		}
		if !parseRobots([]byte(text + "\nUser-agent: feryat\nAllow: " + strings.Repeat("*", len(text)+1) + "/x")).allows("/x") {
			t.Error("the longest rule does not win")
		}
	})
}

func TestMatchPathIsQuick(t *testing.T) {
	pattern, uri := strings.Repeat("*a", 2000)+"$", strings.Repeat("a", 8000)+"b"
	if matchPath(pattern, uri) {
		t.Error("matches")
	}
}
