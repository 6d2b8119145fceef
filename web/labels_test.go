package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"feryat/i18n"
	"feryat/mention"
	"feryat/storage"
)

// drawn is a page with a sample of all texts of the brand Paytak.
func drawn(t *testing.T) (*storage.Store, string) {
	t.Helper()
	store := openStore(t)
	fill(t, store)
	s := newServer(t, store, nil)
	at := now()
	s.now = func() time.Time { at = at.Add(time.Second); return at }
	site := serve(t, s)
	a := submit(t, site+"/sample", url.Values{"n": {"50"}, "brand": {"Paytak"}, "even": {"yes"}})
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/sample/label?sample=") {
		t.Fatalf("not drawn: %d %.300s", a.status, a.body)
	}
	return store, site + a.header.Get("Location")
}

// TestLabelByKeyboard labels three texts in the browser by one key each and sees what they say of the scorer.
func TestLabelByKeyboard(t *testing.T) {
	t.Parallel()
	store, page := drawn(t)
	p := openTab(t)
	p.open(page + "&lang=en")
	if text := p.text("main"); strings.Contains(text, "Why") || len(p.texts(".mood, mark, .tag")) > 0 {
		t.Errorf("the page tells what the scorer thinks: %q", text)
	}
	p.set(".label [name=by]", "ayse")
	for i, key := range []string{"1", "5", "0"} {
		eval[bool](p, `document.activeElement.blur() ?? true`)
		if _, err := chromedp.RunResponse(p.ctx, chromedp.KeyEvent(key)); err != nil {
			t.Fatal(err)
		}
		if got := p.text(".labelling"); !strings.Contains(got, "labelled: "+string(rune('1'+i))) {
			t.Errorf("after key %s: %q", key, got)
		}
	}
	samples, err := store.Samples(t.Context())
	if err != nil || len(samples) != 1 || samples[0].Labelled != 3 {
		t.Fatalf("%+v, %v", samples, err)
	}
	items, err := store.SampleItems(t.Context(), samples[0].Name, 0, false, 3)
	if err != nil || items[0].Label.Mood != mention.Angry || items[1].Label.Mood != mention.Satisfied || !items[2].Label.NotOurs || items[2].Label.By != "ayse" {
		t.Errorf("%+v, %v", items, err)
	}
}

// TestLabelWithoutScript labels all texts by plain forms; the last leads to the accuracy.
func TestLabelWithoutScript(t *testing.T) {
	t.Parallel()
	store, page := drawn(t)
	samples, err := store.Samples(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := samples[0].Name
	site := page[:strings.Index(page, "/sample")]
	form := func(number string, more url.Values) url.Values {
		more["sample"], more["number"], more["by"] = []string{name}, []string{number}, []string{"ayse"}
		return more
	}
	for number := range samples[0].Drawn {
		a := submit(t, site+"/sample/label", form(i18n.Number(i18n.English, number+1), url.Values{"mood": {"angry"}, "topic": {"delay", "delay"}}))
		if a.status != http.StatusSeeOther {
			t.Fatalf("%d: %.300s", a.status, a.body)
		}
	}
	if a := get(t, page); a.status != http.StatusSeeOther || a.header.Get("Location") != "/sample?sample="+name {
		t.Errorf("after the last: %d %v", a.status, a.header)
	}
	for _, l := range i18n.Languages() {
		doc := parse(t, get(t, site+"/sample?sample="+name+"&lang="+string(l)), http.StatusOK)
		if got := doc.Find(".accuracy tbody tr").Length(); got != 3 {
			t.Errorf("%s: %d parts", l, got)
		}
		if cell := doc.Find(".accuracy tfoot td").First().Text(); l == i18n.English && cell != "too few to say (8)" {
			t.Errorf("eight labels give %q", cell)
		}
		if n := strings.TrimSpace(doc.Find(".matrix tbody tr").First().Find(".same").Text()); n == i18n.Number(l, 0) {
			t.Errorf("%s: no angry text is seen as angry", l)
		}
	}
	again := parse(t, get(t, page+"&number=1&lang=en"), http.StatusOK)
	if got := again.Find(".labelling .notice").Text(); !strings.Contains(got, "Angry") || !strings.Contains(got, "ayse") {
		t.Errorf("the label so far: %q", got)
	}
	for what, bad := range map[string]url.Values{
		"no mood": {}, "a foreign mood": {"mood": {"glad"}}, "a foreign topic": {"mood": {"angry"}, "topic": {"x"}},
	} {
		if a := submit(t, site+"/sample/label", form("1", bad)); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	for _, number := range []string{"", "x", "0", "-1", "1e3"} {
		if a := submit(t, site+"/sample/label", form(number, url.Values{"mood": {"satisfied"}})); a.status != http.StatusBadRequest && a.status != http.StatusSeeOther {
			t.Errorf("text %q: %d", number, a.status)
		}
	}
	if items, err := store.SampleItems(t.Context(), name, 1, false, 1); err != nil || len(items) != 1 || items[0].Label.Mood != mention.Angry {
		t.Errorf("a label without a number went to the first text: %+v, %v", items, err)
	}
	for _, bad := range []url.Values{{"n": {"0"}}, {"n": {"x"}}, {"n": {"9000000"}}, {"n": {"5"}, "days": {"-1"}}} {
		if a := submit(t, site+"/sample", bad); a.status != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, a.status)
		}
	}
	if a := submit(t, site+"/sample", url.Values{"n": {"5"}, "brand": {"nobody"}}); a.status != http.StatusOK || !strings.Contains(a.body, "no text to draw from") {
		t.Errorf("nothing to draw: %d", a.status)
	}
	if a := get(t, site+"/sample/label?sample=x"); a.status != http.StatusNotFound {
		t.Errorf("no such sample: %d", a.status)
	}
}

// TestViewersDoNotLabel: a viewer sees the accuracy and changes nothing.
func TestViewersDoNotLabel(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	fill(t, store)
	site := serve(t, newServer(t, store, staff(t)))
	_, cookie := come(t, site, "guest", "only looking")
	cookie = "Cookie: " + cookie
	doc := parse(t, get(t, site+"/sample?lang=en", cookie), http.StatusOK)
	if doc.Find("form[action='/sample']").Length() != 0 {
		t.Error("a viewer is offered to draw")
	}
	for _, way := range []string{"/sample", "/sample/label"} {
		if a := submit(t, site+way, url.Values{"n": {"5"}, "sample": {"x"}, "mood": {"angry"}}, cookie); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			t.Errorf("%s: %d", way, a.status)
		}
		if a := submit(t, site+way, url.Values{"n": {"5"}}); a.status != http.StatusSeeOther || a.header.Get("Location") != "/login" {
			t.Errorf("%s without a login: %d", way, a.status)
		}
	}
	if samples, err := store.Samples(t.Context()); err != nil || len(samples) != 0 {
		t.Errorf("%v, %v", samples, err)
	}
}

// TestLabelsLook holds the pages to what TestLook holds the others to.
func TestLabelsLook(t *testing.T) {
	t.Parallel()
	_, page := drawn(t)
	site, query, _ := strings.Cut(page, "/sample/label?")
	if a := submit(t, site+"/sample/label", url.Values{"sample": {strings.TrimPrefix(query, "sample=")}, "number": {"1"}, "by": {"ayse"}, "mood": {"angry"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	lookAt(t, map[string]string{"label": page, "labelled": page + "&number=1", "samples": site + "/sample", "sample": site + "/sample?" + query})
}
