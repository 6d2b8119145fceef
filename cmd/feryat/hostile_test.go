package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// listenOn serves on one address of the loopback network: to feryat each is a site of its own.
func listenOn(t testing.TB, address string, h http.Handler) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", address+":0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(h)
	_ = s.Listener.Close() // of the address that httptest chose
	s.Listener = l
	s.Start()
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// reviewsOf is a block of schema.org reviews.
func reviewsOf(texts ...string) string {
	var list []any
	for i, text := range texts {
		list = append(list, map[string]any{"@type": "Review", "author": fmt.Sprint("alici", i), "datePublished": "2026-10-01", "reviewBody": text})
	}
	body, _ := json.Marshal(map[string]any{"@context": "https://schema.org", "@type": "Product", "name": "Paytak", "review": list}) // of plain values
	return `<script type="application/ld+json">` + string(body) + `</script>`
}

// hostile is a site of traps, and counts who falls into them.
type hostile struct {
	bomb []byte
	mu   sync.Mutex
	hits map[string]int
}

// newHostile packs a gibibyte of zeros into one of the bombs.
func newHostile(t testing.TB) *hostile {
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	if _, err := z.Write(make([]byte, 16<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return &hostile{bomb: bytes.Repeat(member.Bytes(), 64), hits: map[string]int{}}
}

func (h *hostile) hit(path string) int { h.mu.Lock(); defer h.mu.Unlock(); return h.hits[path] }

const page = `<!doctype html><html lang="tr"><meta charset="utf-8"><title>Paytak</title>`

func (h *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.hits[r.URL.Path]++
	h.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	say := func(body string) { _, _ = w.Write([]byte(body)) }
	switch r.URL.Path {
	case "/robots.txt":
		w.Header().Set("Content-Type", "text/plain")
		say("User-agent: *\nDisallow: /trap/\n")
	case "/":
		say(page + reviewsOf("Ürün güzel."))
		for _, to := range []string{"/bomb", "/endless", "/loop", "/captcha", "/trap/1", "/metadata", "/file", "/broken", "/charset", "/unended", "/empty",
			"/nothing", "/picture", "/deep/a/a/a/a/a", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "javascript:alert(1)", "http://[::1", "//"} {
			say(`<a href="` + to + `">x</a>`)
		}
	case "/bomb":
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(h.bomb)
	case "/endless":
		say(page)
		for filler := strings.Repeat("<p>daha var ", 4096); r.Context().Err() == nil; {
			if _, err := w.Write([]byte(filler)); err != nil {
				return
			}
		}
	case "/loop":
		http.Redirect(w, r, "/loop/again", http.StatusFound)
	case "/loop/again":
		http.Redirect(w, r, "/loop", http.StatusFound)
	case "/metadata":
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	case "/file":
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	case "/captcha":
		say(`<title>Just a moment...</title><div id="challenge-form">robot musunuz?</div>`)
	case "/broken":
		say(page + `<script type="application/ld+json">{"@type":"Product","review":[{"@type":"Review","reviewBody":</script>` + reviewsOf("Bozuk bloğun yanındaki yorum."))
	case "/charset": // says UTF-8 and is windows-1254
		say(page + "<script type=\"application/ld+json\">{\"@type\":\"Product\",\"name\":\"Paytak\",\"review\":[{\"@type\":\"Review\",\"author\":\"x\",\"reviewBody\":\"G\xf6nderi \xe7ok ge\xe7 geldi, \xfcz\xfcld\xfcm, \xfe\xfdk de\xf0il.\"}]}</script>")
	case "/unended":
		say(page + `<div><table><p>` + reviewsOf("Sonu gelmeyen sayfadaki yorum.") + `<p class="`)
	case "/empty":
	case "/picture":
		w.Header().Set("Content-Type", "image/png")
		say("\x89PNG")
	case "/deep/a/a/a/a/a", "/trap/1":
		say(page + `<a href="` + r.URL.Path + `/a">deeper</a>`)
	default:
		http.NotFound(w, r)
	}
}

// storm answers nothing but a status.
func storm(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		http.Error(w, "storm", status)
	})
}

func feeds() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		switch r.URL.Path {
		case "/empty.xml":
		case "/none.xml":
			_, _ = w.Write([]byte(`<rss version="2.0"><channel><title>x</title></channel></rss>`))
		case "/good.xml", "/torn.xml":
			body := `<rss version="2.0"><channel><title>x</title><item><guid>1</guid><title>Paytak</title><description>Paytak harika</description></item><item><guid>2</guid><title>Paytak</title><description>Paytak rezalet</description></item></channel></rss>`
			if r.URL.Path == "/torn.xml" {
				body = body[:len(body)-60]
			}
			_, _ = w.Write([]byte(body))
		default:
			http.NotFound(w, r)
		}
	})
}

// TestHostileSitesCostRowsAndNothingElse collects from sites that do all they can to
// stop, fill or mislead the program, beside two that are well.
func TestHostileSitesCostRowsAndNothingElse(t *testing.T) {
	t.Parallel()
	bad, well := newHostile(t), newShop(t, 3, 4, 10)
	badSite := listenOn(t, "127.0.0.2", bad)
	config := writeConfig(t, fmt.Sprintf(`
brands: [{name: Paytak}]
crawler: {requests_per_second: 500, concurrency: 4, allow_private: [127.0.0.0/8], retry_wait: 10ms, attempts: 3, timeout: 20s, max_retry_after: 1s, parallel: 8}
storage: {rollup_interval: 200ms, embedded: {listen: "127.0.0.1:0"}}
sources:
  - {name: shop, type: site, about: [Paytak], zone: UTC, start: ["%s/"], complete: true, every: 1h}
  - {name: hostile, type: site, about: [Paytak], zone: UTC, start: ["%s/"], every: 1h}
  - {name: down, type: site, about: [Paytak], start: ["%s/"], every: 1h}
  - {name: busy, type: site, about: [Paytak], start: ["%s/"], every: 1h}
  - {name: emptied, type: feed, urls: ["%s/empty.xml"], every: 1h}
  - {name: quiet, type: feed, urls: ["%[6]s/none.xml"], every: 1h}
  - {name: news, type: feed, urls: ["%[6]s/good.xml"], every: 1h}
  - {name: torn, type: feed, urls: ["%[6]s/torn.xml"], every: 1h}
`, well.URL, badSite.URL, listenOn(t, "127.0.0.3", storm(http.StatusInternalServerError)).URL, listenOn(t, "127.0.0.4", storm(http.StatusTooManyRequests)).URL,
		listenOn(t, "127.0.0.5", feeds()).URL, listenOn(t, "127.0.0.6", feeds()).URL))
	f := serve(t, config)
	f.until(t, "SELECT uniqExact(source) FROM feryat.crawl_ledger WHERE run_end", "8")
	if err := f.queue(t).Drained(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Run("ledger", func(t *testing.T) { testLedger(t, f) })
	t.Run("others are collected", func(t *testing.T) { testOthers(t, f, well.total()) })
	t.Run("coverage shows the trouble", func(t *testing.T) { testCoverage(t, f) })
	if n := bad.hit("/trap/1"); n != 0 {
		t.Errorf("what robots.txt forbids was fetched %d times", n)
	}
	if peak := peakMemory(t, f.cmd.Process.Pid); peak > 200<<20 && !underRace {
		t.Errorf("peak of resident memory: %d MiB, want at most 200", peak>>20)
	} else {
		t.Logf("peak of resident memory: %d MiB", peak>>20)
	}
}

func testLedger(t *testing.T, f *server) {
	type row struct{ Path, Outcome, Reason, Count string }
	rows := map[string]row{}
	for _, line := range f.rows(t, `SELECT source || ' ' || if(url LIKE 'http://127.%', path(url), url) AS Path, any(outcome) AS Outcome, any(reason) AS Reason, toString(count()) AS Count
		FROM crawl_ledger FINAL WHERE NOT run_end GROUP BY Path`) {
		r := decodeLine[row](t, line)
		rows[r.Path] = r
		t.Log(r)
	}
	for path, want := range map[string]string{
		"hostile /": "ok ", "hostile /bomb": "refused too_large", "hostile /endless": "refused too_large", "hostile /loop": "refused redirect_loop",
		"hostile /captcha": "soft_fail challenge", "hostile /trap/1": "refused robots", "hostile /metadata": "refused private_network", "hostile /file": "refused scheme",
		"hostile /broken": "ok ", "hostile /charset": "ok ", "hostile /unended": "ok ", "hostile /nothing": "failed not_found", "hostile /empty": "soft_fail empty",
		"down /": "failed server_error", "busy /": "failed rate_limited", "emptied /empty.xml": "soft_fail empty", "quiet /none.xml": "ok ", "news /good.xml": "ok ", "torn /torn.xml": "soft_fail parse",
	} {
		visits := "1"
		if path == "down /" || path == "busy /" { // what may pass gets a second chance at the end of the walk
			visits = "2"
		}
		if r := rows[path]; r.Outcome+" "+r.Reason != want || r.Count != visits {
			t.Errorf("%s: %+v, want %s rows that say %q", path, r, visits, want)
		}
	}
}

func testOthers(t *testing.T, f *server, total int) {
	for sql, want := range map[string]string{
		"SELECT count() FROM feryat.v_mentions WHERE source = 'shop'": fmt.Sprint(total),
		"SELECT count() FROM feryat.v_mentions WHERE source = 'news'": "2",
		"SELECT count() FROM feryat.v_mentions WHERE source = 'hostile' AND text IN ('Ürün güzel.', 'Bozuk bloğun yanındaki yorum.', 'Gönderi çok geç geldi, üzüldüm, şık değil.', 'Sonu gelmeyen sayfadaki yorum.')": "4",
		"SELECT count() FROM feryat.v_mentions WHERE source = 'hostile'":                                "4",
		"SELECT count() FROM feryat.v_mentions WHERE source NOT IN ('shop', 'news', 'hostile', 'torn')": "0",
	} {
		if _, got := f.curl(t, sql); strings.TrimSpace(got) != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func testCoverage(t *testing.T, f *server) {
	health := map[string]string{}
	for _, s := range f.overview(t, "").Sources {
		health[s.Source] = fmt.Sprint(s.Healthy, " ", s.Reason)
	}
	for source, want := range map[string]string{"shop": "true ", "news": "true ", "quiet": "true ", "down": "false server_error", "busy": "false rate_limited", "emptied": "false empty", "torn": "false parse"} {
		if health[source] != want {
			t.Errorf("%s: %q, want %q", source, health[source], want)
		}
	}
	t.Log(health)
}

// An engine that is killed again and again while a collection runs holds it up
// and costs nothing.
func TestEngineKilledWhileCollecting(t *testing.T) {
	t.Parallel()
	s := newShop(t, 3, 4, 10)
	s.gate = newGate(5)
	config := writeConfig(t, s.config(newTelephone(t).URL, 500))
	p := start(t, nil, "collect", "--config", config, "--format", "json")
	for s.gate.held.Load() == 0 { // until it collects
		select {
		case <-p.done:
			t.Fatalf("ended with %d:\n%s", p.cmd.ProcessState.ExitCode(), p.err.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	killEngine(t, p)
	s.gate.open()
	for starts := 1; !strings.Contains(p.err.String(), "waiting_for"); {
		select {
		case <-p.done:
			t.Fatalf("ended with %d before it said what it waits for:\n%s", p.cmd.ProcessState.ExitCode(), p.err.String())
		case <-time.After(10 * time.Millisecond):
		}
		// Statements wait for the engine to come back: in its first moments it is at work.
		if n := strings.Count(p.err.String(), "is ready"); n > starts {
			starts = n
			killEngine(t, p)
		}
	}
	if code := p.wait(); code != exitOK {
		t.Fatalf("ended with %d:\n%s", code, p.err.String())
	}
	if !strings.Contains(p.err.String(), "embedded ClickHouse ended and is started again") {
		t.Errorf("the end of the engine was not told:\n%s", p.err.String())
	}
	got := query(t, config, "SELECT count() AS n, uniqExact(id) AS ids, (SELECT count() FROM mention_versions) AS versions FROM v_mentions")
	if want := fmt.Sprintf(`{"n":%d,"ids":%[1]d,"versions":%[1]d}`, s.total()); got[0] != want {
		t.Errorf("stored %s, want %s", got[0], want)
	}
}
