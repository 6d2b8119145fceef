package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feryat/alert/notify"
)

// shop is a site of products with pages of reviews; some customers are angry
// and threaten, so that somebody must be told.
type shop struct {
	*httptest.Server
	products, pages, perPage int
	opened                   time.Time
	gate                     *gate
	fresh                    bool     // all of the last hours, none too old to page for
	says                     []string // what customers write in turn, with one star; nil: some of all moods
	guest                    *guest
}

// guest writes the fourth review of the first product in his own words.
type guest struct{ name, text string }

// gate lets some requests through and holds the others until it is opened, so
// that a test can look at a collection in the middle. A nil gate is open.
type gate struct {
	pass chan struct{}
	held atomic.Int64
}

func newGate(passing int) *gate {
	g := &gate{pass: make(chan struct{}, passing)}
	for range passing {
		g.pass <- struct{}{}
	}
	return g
}

func (g *gate) open() { close(g.pass) }

func (g *gate) wait(ctx context.Context) {
	if g == nil {
		return
	}
	g.held.Add(1)
	defer g.held.Add(-1)
	select {
	case <-g.pass:
	case <-ctx.Done():
	}
}

func newShop(t testing.TB, products, pages, perPage int) *shop {
	s := &shop{products: products, pages: pages, perPage: perPage, opened: time.Now().UTC().Truncate(time.Second)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /p/{product}", s.page)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) total() int { return s.products * s.pages * s.perPage }

func (s *shop) home(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	for p := range s.products {
		_, _ = fmt.Fprintf(w, `<a href="/p/%d">product</a>`, p)
	}
}

func (s *shop) page(w http.ResponseWriter, r *http.Request) {
	s.gate.wait(r.Context())
	var product, n int
	if _, err := fmt.Sscan(r.PathValue("product"), &product); err != nil || product >= s.products {
		http.NotFound(w, r)
		return
	}
	_, _ = fmt.Sscan(r.URL.Query().Get("page"), &n)
	n = max(n, 1)
	reviews := []any{}
	for i := range s.perPage {
		reviews = append(reviews, s.review(product, (n-1)*s.perPage+i))
	}
	body, _ := json.Marshal(map[string]any{"@context": "https://schema.org", "@type": "Product", "name": fmt.Sprintf("Paytak %d", product), "review": reviews})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<html lang="tr"><script type="application/ld+json">%s</script>`, body)
	if n < s.pages {
		_, _ = fmt.Fprintf(w, `<a rel="next" href="/p/%d?page=%d">»</a>`, product, n+1)
	}
}

func (s *shop) review(product, i int) map[string]any {
	texts := []string{"Ürün çok güzel, hızlı geldi, teşekkürler.", "Kargo 10 gündür gelmedi, kimse telefona bakmıyor.", "İdare eder, fiyatına göre normal.",
		"Rezalet! Bozuk ürün gönderdiniz, param iade edilmezse tüketici hakem heyetine başvuracağım, savcılığa gideceğim!"}
	stars := []int{5, 1, 3, 1}
	if s.says != nil {
		texts, stars = s.says, []int{1}
	}
	name, text := fmt.Sprintf("alici%d", product*s.pages*s.perPage+i), texts[i%len(texts)]
	if s.guest != nil && product == 0 && i == 3 {
		name, text = s.guest.name, s.guest.text
	}
	return map[string]any{"@type": "Review", "@id": fmt.Sprintf("#r%d-%d", product, i), "author": map[string]any{"@type": "Person", "name": name},
		"datePublished": s.written(product*s.pages*s.perPage + i).Format(time.RFC3339),
		"reviewBody":    text, "reviewRating": map[string]any{"ratingValue": stars[i%len(stars)]}}
}

// written spreads the reviews over the last hours, and every other twenty of
// them over days long past: none is about as old as what is too old to page
// for, so that a slower run tells of the same ones.
func (s *shop) written(n int) time.Time {
	if s.fresh {
		return s.opened.Add(-time.Duration(n) * 2 * time.Second)
	}
	at := s.opened.Add(-time.Duration(n) * 20 * time.Second)
	if n/20%2 == 1 {
		return at.AddDate(0, 0, -3)
	}
	return at
}

// config makes feryat collect the shop, at rate requests a second, and tell hook.
func (s *shop) config(hook string, rate int) string {
	return fmt.Sprintf(`
brands: [{name: Paytak}]
crawler: {requests_per_second: %d, concurrency: 4, allow_private: [127.0.0.1], retry_wait: 50ms}
storage: {rollup_interval: 200ms, embedded: {listen: "127.0.0.1:0"}}
sources:
  - {name: shop, type: site, about: [Paytak], zone: UTC, start: ["%s/"], complete: true, every: 1h}
alert:
  # What is told must not depend on how long a test takes, nor on what comes first.
  promise: {answer: 0s}
  incidents: {authors: 0}
  storm: {pages: 0}
  channels: [{name: desk, type: webhook, url: "%s"}]
`, rate, s.URL, hook)
}

// hookSecret is given to feryat through the environment.
// hookSecret holds "only-for-tests" wherever start starts the program.
const hookSecret = "FERYAT_CHANNEL_DESK_SECRET"

// telephone is a webhook receiver that keeps when each key came.
type telephone struct {
	*httptest.Server
	mu   sync.Mutex
	told map[string][]time.Time
	said map[string]notify.Message
	bad  int
	down atomic.Bool // it answers that it cannot
}

func newTelephone(t testing.TB) *telephone {
	p := &telephone{told: map[string][]time.Time{}, said: map[string]notify.Message{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		body, err := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		key := r.Header.Get(notify.HeaderKey)
		var m notify.Message
		if err != nil || json.Unmarshal(body, &m) != nil || m.Key != key || !notify.Verify([]byte("only-for-tests"), r.Header.Get(notify.HeaderSignature), body, time.Now(), time.Minute) {
			p.bad++
			http.Error(w, "not signed", http.StatusUnauthorized)
			return
		}
		p.told[key] = append(p.told[key], time.Now())
		p.said[key] = m
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *telephone) keys() map[string][]time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string][]time.Time{}
	for k, v := range p.told {
		out[k] = append([]time.Time(nil), v...)
	}
	return out
}
