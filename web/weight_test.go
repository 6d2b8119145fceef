package web

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"feryat/i18n"
)

// maxWeight is what a page may weigh at its first load, as it travels.
const maxWeight = 600 << 10

// TestWeight prints what each page weighs with all that it loads, and how long the
// server took, with three thousand open cases; and holds it to maxWeight.
func TestWeight(t *testing.T) {
	store := openStore(t)
	rows := fill(t, store)
	crowd(t, store, rows[:6], 3000)
	s := newServer(t, store, nil)
	s.office = &advisers{}
	p := openTab(t)
	call(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	for name, address := range lookedAt(serve(t, s), serve(t, newServer(t, store, locked)), rows) {
		begun := time.Now()
		a := get(t, inLanguage(address, i18n.Persian), "Accept-Encoding: gzip")
		took := time.Since(begun)
		if a.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is not packed", name)
		}
		p.weigh()
		p.open(inLanguage(address, i18n.Persian))
		p.becomes(`document.readyState === "complete"`)
		weight := p.weigh()
		t.Logf("%-14s %4d KB in all, the page alone %3d KB in %v", name, weight>>10, len(a.body)>>10, took.Round(time.Millisecond))
		if weight > maxWeight || weight < len(a.body) {
			t.Errorf("%s weighs %d bytes; at most %d are allowed, and the page alone is %d", name, weight, maxWeight, len(a.body))
		}
	}
}

// weigh is what came in since it was asked last, in bytes.
func (p *tab) weigh() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, bytes := range p.got {
		n += int(bytes)
		delete(p.got, id)
	}
	return n
}

// TestPacking: who cannot unpack gets pages as they are.
func TestPacking(t *testing.T) {
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
