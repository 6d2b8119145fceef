package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// counter is a shop of one product whose page changes while it is watched: calm at
// first, then somebody is angry, then the brand answers him.
type counter struct {
	*httptest.Server
	opened          time.Time
	angry, answered atomic.Bool
}

func newCounter(t testing.TB) *counter {
	c := &counter{opened: time.Now().UTC().Truncate(time.Second)}
	c.Server = httptest.NewServer(http.HandlerFunc(c.page))
	t.Cleanup(c.Close)
	return c
}

func (c *counter) page(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	reviews := []any{c.review("sakin1", "Ürün çok güzel, hızlı geldi, teşekkürler.", 5), c.review("sakin2", "İdare eder, fiyatına göre normal.", 3)}
	if c.angry.Load() {
		review := c.review("kizgin", "Rezalet! Bozuk ürün gönderdiniz, param iade edilmezse tüketici hakem heyetine başvuracağım, savcılığa gideceğim!", 1)
		if c.answered.Load() {
			review["comment"] = map[string]any{"@type": "Comment", "author": map[string]any{"@type": "Organization", "name": "Paytak"},
				"dateCreated": time.Now().UTC().Format(time.RFC3339), "text": "Merhaba, yaşadığınız sorun için üzgünüz. Ürün iadenizi başlattık, ücretiniz bugün hesabınıza yatacaktır."}
		}
		reviews = append(reviews, review)
	}
	body, _ := json.Marshal(map[string]any{"@context": "https://schema.org", "@type": "Product", "name": "Paytak 1", "review": reviews})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<html lang="tr"><script type="application/ld+json">%s</script>`, body)
}

func (c *counter) review(author, text string, stars int) map[string]any {
	return map[string]any{"@type": "Review", "@id": "#" + author, "author": map[string]any{"@type": "Person", "name": author},
		"datePublished": c.opened.Add(-5 * time.Minute).Format(time.RFC3339), "reviewBody": text, "reviewRating": map[string]any{"ratingValue": stars}}
}

// TestFromOutcryToAnswer goes the whole way in a browser: an angry review appears
// on a site; within a minute it stands in the open inbox, without a reload; a person
// takes it with one click; the brand's public reply is crawled, which stops its
// clock before the person's eyes; and the page of the promise counts one more kept.
func TestFromOutcryToAnswer(t *testing.T) {
	site := newCounter(t)
	f := serve(t, writeConfig(t, fmt.Sprintf(`
brands: [{name: Paytak}]
web: {zone: Europe/Istanbul}
crawler: {requests_per_second: 50, allow_private: [127.0.0.1], retry_wait: 50ms}
storage: {rollup_interval: 200ms, embedded: {listen: "127.0.0.1:0"}}
sources:
  - {name: shop, type: site, about: [Paytak], zone: UTC, start: ["%s/"], every: 1s}
`, site.URL)))
	f.until(t, "SELECT count() FROM feryat.v_mentions", "2")
	p := openTab(t)
	p.open(f.run.WebURL + "promise?lang=tr")
	if before := p.text("main table"); before != "" {
		t.Fatalf("something was promised already: %s", before)
	}
	p.open(f.run.WebURL + "inbox")
	if got := p.text(".cases"); !strings.Contains(got, "Bekleyen acil takip yok") {
		t.Fatalf("the inbox is not empty: %s", got)
	}
	p.becomes(`document.querySelector("#live").textContent === "Canlı"`)
	eval[bool](p, "window.same = true")

	site.angry.Store(true)
	took := p.becomes(`document.querySelector(".case-row")?.textContent.includes("kizgin")`)
	t.Logf("from the site to the open inbox in %v", took.Round(100*time.Millisecond))
	if !eval[bool](p, "window.same === true && document.title.startsWith('(1)') && Boolean(document.querySelector('.case-row [data-due]'))") {
		t.Errorf("the page was loaded anew, its title is %q, or no clock runs: %s", eval[string](p, "document.title"), p.text(".cases"))
	}

	if err := chromedp.Do(p.ctx, chromedp.SetValue(chromedp.CSS("[name=by]"), "ayse")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(".case-row button[value=acknowledged]"))); err != nil {
		t.Fatal(err)
	}
	p.becomes(`document.querySelector(".case-row").textContent.includes("Üstlenildi · ayse")`)
	promise := func() string {
		_, page := get(t, f.run.WebURL+"promise?lang=tr")
		return page
	}
	unanswered := promise()
	eval[bool](p, "window.same = true")
	p.becomes(`document.querySelector("#live").textContent === "Canlı"`)

	site.answered.Store(true)
	took = p.becomes(`document.querySelector(".case-row").textContent.includes("Yanıtlandı · ayse")`)
	t.Logf("from the reply to the stopped clock in %v", took.Round(100*time.Millisecond))
	if !eval[bool](p, "window.same === true && !document.querySelector('.case-row [data-due]')") {
		t.Error("the page was loaded anew, or its clock goes on")
	}
	if clock := p.text(".case-row .clock"); !strings.Contains(clock, "sonra yanıtlandı") {
		t.Errorf("the clock says %q", clock)
	}
	testShellIsHeard(t, f, p)
	p.open(f.run.WebURL + "promise")
	if got := p.text("main table"); !strings.Contains(got, "%100") || strings.Contains(unanswered, "%100") || !strings.Contains(unanswered, "Paytak") {
		t.Errorf("the page of the promise shows %s; before the answer: %s", got, unanswered)
	}
}

// testShellIsHeard: what another process does shows on the open inbox too.
func testShellIsHeard(t *testing.T, f *server, p *tab) {
	t.Helper()
	id := eval[string](p, `document.querySelector(".case-row").dataset.case`)
	feryat(t, exitOK, "alert", "resolve", id[:8], "--by", "veli", "--config", f.config)
	p.becomes(`!document.querySelector(".case-row") && document.title.startsWith("Gelen kutusu")`)
	if !eval[bool](p, "window.same === true") {
		t.Error("the page was loaded anew")
	}
}
