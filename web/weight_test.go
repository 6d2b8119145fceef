package web

import (
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// maxWeight is what a page may weigh at its first load, as it travels.
const maxWeight = 600 << 10

// uncached makes each page load all that it needs.
func (p *tab) uncached() {
	p.t.Helper()
	call(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
}

// light prints what the page that was just opened weighs with all that it loads,
// and how long the server took; and holds it to maxWeight.
func (p *tab) light(what string) (bytes int) {
	p.t.Helper()
	p.becomes(`document.readyState === "complete"`)
	page := eval[map[string]float64](p, `(({encodedBodySize, decodedBodySize, responseStart, requestStart}) => ({packed: encodedBodySize, bytes: decodedBodySize, ms: responseStart - requestStart}))(performance.getEntriesByType("navigation")[0])`)
	p.mu.Lock()
	for id, n := range p.got {
		bytes += int(n)
		delete(p.got, id)
	}
	p.mu.Unlock()
	p.t.Logf("%-16s %3d KB in all, the page alone %3.0f KB of %3.0f KB, after %4.0f ms", what, bytes>>10, page["packed"]/1024, page["bytes"]/1024, page["ms"])
	if bytes > maxWeight || bytes < int(page["packed"]) || page["packed"] > page["bytes"]*2/3 {
		p.t.Errorf("%s weighs %d bytes, of which %.0f the page, unpacked %.0f; at most %d are allowed", what, bytes, page["packed"], page["bytes"], maxWeight)
	}
	return bytes
}

// TestCrowdedInbox: three thousand open cases weigh no more than fifty.
func TestCrowdedInbox(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	crowd(t, store, score(t, sample())[:6], 3000)
	s := newServer(t, store, nil)
	s.office = &advisers{}
	p := openTab(t)
	p.uncached()
	p.open(serve(t, s) + "/inbox?lang=fa")
	if bytes := p.light("crowded inbox"); bytes > 60<<10 {
		t.Errorf("it weighs %d bytes", bytes)
	}
	if got := p.text("h1"); got != "پیگیری‌های فوری باز · ۳٬۰۰۰" {
		t.Errorf("it counts %s", got)
	}
}

// TestPacking: who cannot unpack gets pages as they are.
func TestPacking(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), nil))
	for accepts, want := range map[string]string{"gzip": "gzip", "identity": "", "br;q=1, gzip;q=0": ""} {
		a := get(t, site+"/static/style.css", "Accept-Encoding: "+accepts)
		if got := a.header.Get("Content-Encoding"); a.status != http.StatusOK || got != want {
			t.Errorf("%s: %d %q", accepts, a.status, got)
		}
		if a.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: caches are not told: %v", accepts, a.header)
		}
	}
}
