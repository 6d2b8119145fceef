package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/input"
	"pgregory.net/rapid"

	"feryat/i18n"
	"feryat/mention"
)

// TestNarrowing: choices together keep what has them all, whatever is counted is
// what a further choice would leave, and the address holds everything.
func TestNarrowing(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	all := crowd(t, store, rows[:6], 120)
	s := newServer(t, store, nil)
	s.office = &advisers{}
	site := serve(t, s)
	count := func(is func(e mention.Escalation) bool) (n int) {
		for _, e := range append(all, escalation(rows[0], "e1").Escalation) {
			if is(e) {
				n++
			}
		}
		return n
	}
	late := func(e mention.Escalation) bool { return e.Answered.IsZero() && e.Due.Before(now()) }
	for query, is := range map[string]func(mention.Escalation) bool{
		"":                             func(mention.Escalation) bool { return true },
		"severity=critical":            func(e mention.Escalation) bool { return e.Severity == "critical" },
		"state=acknowledged":           func(e mention.Escalation) bool { return e.State == mention.StateAcknowledged },
		"team=kargo&severity=high":     func(e mention.Escalation) bool { return e.Team == "kargo" && e.Severity == "high" },
		"team=-":                       func(e mention.Escalation) bool { return e.Team == "" },
		"holder=veli":                  func(e mention.Escalation) bool { return e.Holder == "veli" },
		"holder=-&late=yes":            func(e mention.Escalation) bool { return e.Holder == "" && late(e) },
		"mine=yes":                     func(e mention.Escalation) bool { return e.Holder == "ayse" },
		"language=fa":                  func(e mention.Escalation) bool { return e.Language == "fa" },
		"source=forum&topic=damaged":   func(e mention.Escalation) bool { return e.Source == "forum" && slices.Contains(e.Topics, "damaged") },
		"brand=Rakip":                  func(e mention.Escalation) bool { return e.Brand == "Rakip" },
		"brand=nonesuch&sort=nonesuch": func(mention.Escalation) bool { return false },
	} {
		doc := parse(t, get(t, site+"/inbox?lang=en&"+query, "Cookie: "+nameCookie+"=ayse"), http.StatusOK)
		if got, want := doc.Find("h1").Text(), fmt.Sprintf("Open escalations · %d", count(is)); got != want && !strings.HasPrefix(got, want+" ") {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		if shown := doc.Find(".case-row").Length(); shown != min(count(is), inboxShown) {
			t.Errorf("%s: %d shown of %d", query, shown, count(is))
		}
		for name := range choicesOf(t, query) {
			if on := doc.Find(`[name="` + name + `"] option[selected][value!=""], [name="` + name + `"][checked]`); on.Length() != 1 {
				t.Errorf("%s: the form has forgotten %s", query, name)
			}
		}
	}
}

// choicesOf are the choices of a query, without the order.
func choicesOf(t *testing.T, query string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	v.Del("sort")
	return v
}

// TestCountsSayWhatIsLeft: choosing a value leaves as many as stood behind it.
func TestCountsSayWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	names := rapid.SampledFrom([]string{"", "a", "b", nobody})
	rapid.Check(t, func(t *rapid.T) {
		var open []mention.OpenEscalation
		for range rapid.IntRange(0, 12).Draw(t, "cases") {
			open = append(open, mention.OpenEscalation{Escalation: mention.Escalation{Brand: names.Draw(t, "brand"), Team: names.Draw(t, "team"), Holder: names.Draw(t, "holder"), Topics: []string{names.Draw(t, "topic")}}})
		}
		chosen := url.Values{"brand": {names.Draw(t, "of brand")}, "topic": {names.Draw(t, "of topic")}}
		aspects := s.aspects("a", now())
		rows, counts := narrowed(open, aspects, chosen)
		for _, c := range counts {
			for value, n := range c.n {
				next := url.Values{"brand": chosen["brand"], "topic": chosen["topic"]}
				next.Set(c.Param, value)
				if left, _ := narrowed(open, aspects, next); int64(len(left)) != n {
					t.Fatalf("%s=%s leaves %d of %d, said were %d", c.Param, value, len(left), len(rows), n)
				}
			}
		}
	})
}

// TestOrderAndPages: each order puts first what it says, and pages hold all cases
// once.
func TestOrderAndPages(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := score(t, sample())
	all := crowd(t, store, rows[:6], 120)
	site := serve(t, newServer(t, store, nil))
	byID := map[string]mention.Escalation{}
	for _, e := range all {
		byID[e.ID] = e
	}
	for by, before := range map[string]func(a, b mention.Escalation) bool{
		"": func(a, b mention.Escalation) bool {
			return slices.Index(severities(), a.Severity) <= slices.Index(severities(), b.Severity)
		},
		"due": func(a, b mention.Escalation) bool {
			return !b.Answered.IsZero() || a.Answered.IsZero() && !a.Due.After(b.Due)
		},
		"newest": func(a, b mention.Escalation) bool { return !a.Opened.Before(b.Opened) },
	} {
		var seen []mention.Escalation
		next := "?lang=en&sort=" + by
		for page := 1; next != ""; page++ {
			doc := parse(t, get(t, site+"/inbox"+next), http.StatusOK)
			for _, id := range doc.Find(".case-row").Map(func(_ int, row *goquery.Selection) string { return row.AttrOr("data-case", "") }) {
				seen = append(seen, byID[id])
			}
			next = doc.Find("a[rel=next]").AttrOr("href", "")
		}
		if len(seen) != len(all) {
			t.Errorf("%q: %d on the pages, want %d", by, len(seen), len(all))
		}
		for i := 1; i < len(seen); i++ {
			if !before(seen[i-1], seen[i]) {
				t.Errorf("%q: %+v before %+v", by, seen[i-1], seen[i])
				break
			}
		}
	}
	for _, page := range []string{"0", "-1", "99999999999999999999", "x", "4"} {
		if a := get(t, site+"/inbox?page="+page); a.status != http.StatusOK || !strings.Contains(a.body, "case-row") {
			t.Errorf("page %s: %d", page, a.status)
		}
	}
}

// TestKeys works through the inbox and a case with the keyboard alone, also with a
// Persian layout, and writes the same letters where something is typed.
func TestKeys(t *testing.T) {
	t.Parallel()
	s, f, id := follows(t, nil)
	s.office = drafting{f}
	site := serve(t, s)
	p := openTab(t)
	p.open(site + "/inbox?lang=en")
	at := func() string {
		return eval[string](p, `document.activeElement.closest(".case-row")?.dataset.case ?? ""`)
	}
	ids := eval[[]string](p, `[...document.querySelectorAll(".case-row")].map((r) => r.dataset.case)`)
	for i, step := range []struct {
		key, code string
		want      string
	}{{"j", "KeyJ", ids[0]}, {"j", "KeyJ", ids[1]}, {"j", "KeyJ", ids[1]}, {"k", "KeyK", ids[0]}, {"ت", "KeyJ", ids[1]}, {"ن", "KeyK", ids[0]}} {
		if p.key(step.key, step.code); at() != step.want {
			t.Errorf("step %d: %s leads to %q, want %q", i, step.key, at(), step.want)
		}
	}
	p.key("/", "Slash")
	if got := eval[string](p, `document.activeElement.name + document.querySelector(".filters").open`); got != "latetrue" {
		t.Errorf("/ leads to %s", got)
	}
	eval[bool](p, `document.querySelector("[name=by]").focus() ?? true`)
	p.key("j", "KeyJ")
	p.key("a", "KeyA")
	if got := eval[string](p, `document.activeElement.name`); got != "by" {
		t.Errorf("a key that is typed acts: %s", got)
	}
	eval[bool](p, `document.querySelector("[data-case='`+id+`'] a.open").focus() ?? true`)
	p.key("a", "KeyA")
	p.shows("[data-case='"+id+"']", "Acknowledged · ja")
	if got := eval[string](p, "location.pathname"); got != "/inbox" {
		t.Errorf("acting leads to %s", got)
	}
	p.open(site + "/e/" + id)
	eval[bool](p, `document.execCommand = () => (window.picked = getSelection().toString(), true), Object.defineProperty(navigator, "clipboard", {value: undefined}), true`)
	p.key("c", "KeyC")
	p.shows("#copied", "Copied")
	if got, want := eval[string](p, "window.picked.trim()"), eval[string](p, `document.querySelector("#draft").innerText.trim()`); got != want || want == "" {
		t.Errorf("copied %q of %q", got, want)
	}
	p.key("?", "Slash")
	p.becomes(`document.querySelector("#keys").open`)
	p.key("e", "KeyE") // not behind the dialog
	eval[bool](p, `document.querySelector("#keys-on").click() ?? document.querySelector("#keys").close() ?? true`)
	p.key("e", "KeyE") // not when they are off
	if e, err := f.Case(t.Context(), id); err != nil || e.State.Ended() {
		t.Errorf("a key that is off acts: %+v, %v", e, err)
	}
	eval[bool](p, `localStorage.clear() ?? true`)
	p.key("e", "KeyE")
	p.shows("h1", "Resolved")
}

// drafting is a desk that has a draft for everybody.
type drafting struct{ *front }

func (drafting) Advise(e mention.Escalation) (map[string][]string, string, string) {
	return map[string][]string{e.Language: {"1"}}, "Merhaba, siparişinizi hemen inceliyoruz.", ""
}

// key presses one with its letter and its place on the keyboard.
func (p *tab) key(key, code string) {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		e := input.DispatchKeyEventParams{Type: kind, Key: key, Code: code}
		if kind == input.DispatchKeyEventTypeKeyDown {
			e.Text = key
		}
		call(p, input.DispatchKeyEvent, e)
	}
}

// TestWayBack: an act leads back to the list as it was, and to nowhere else; who
// only looks has no buttons.
func TestWayBack(t *testing.T) {
	t.Parallel()
	s, f, id := follows(t, nil)
	site := serve(t, s)
	for back, want := range map[string]string{"brand=Paytak&sort=due": "/inbox?brand=Paytak&sort=due", "": "/inbox?", "//evil.example/": "/inbox?", "a=\r\nb": "/inbox?a=%0D%0Ab", "%zz": "/e/" + id} {
		a := send(t, http.MethodPost, site+"/e/"+id, url.Values{"do": {"acknowledged"}, "by": {"ayse"}, "back": {back}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
		if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != want {
			t.Errorf("%q leads to %q, want %q", back, got, want)
		}
	}
	if e, err := f.Case(t.Context(), id); err != nil || e.Holder != "ayse" {
		t.Errorf("%+v, %v", e, err)
	}
	closed := newServer(t, f.store, locked)
	closed.office = f
	cookie := "Cookie: " + cookieName + "=" + closed.gate.begin(User{Name: "bakan", Role: Viewer})
	if a := get(t, serve(t, closed)+"/inbox", cookie); a.status != http.StatusOK || strings.Contains(a.body, "<button form") || !strings.Contains(a.body, "case-row") {
		t.Errorf("who only looks: %d", a.status)
	}
}

// TestTheCustomerOfACase: what he said before and his other cases stand beside a
// case, and none of people who cannot be told apart.
func TestTheCustomerOfACase(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	more := score(t, []words{{brand: "Paytak", source: "dukkan", author: "deniz_k", hours: 200, text: "Yine geç geldi."}, {brand: "Paytak", source: "dukkan", author: "misafir", text: "Berbat."}})
	more[0].Mention.ID = idOf("deniz_k before")
	insert(t, store, more)
	earlier, guest := escalation(more[0], "e8"), escalation(more[1], "e9")
	earlier.Escalation.Standing, guest.Escalation.Standing = mention.StandingUnhappy, ""
	if err := store.InsertEvents(t.Context(), []mention.Event{earlier, guest}); err != nil {
		t.Fatal(err)
	}
	site := serve(t, newServer(t, store, nil))
	for id, want := range map[string][]string{"e1": {"Yine geç geldi.", "/e/e8", "no history known"}, "e8": {"/e/e1", rows[0].Mention.Text, "Unhappy"}, "e9": {"does not tell this person apart"}} {
		part := parse(t, get(t, site+"/e/"+id+"?lang=en"), http.StatusOK).Find(".customer")
		links := strings.Join(part.Find("a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") }), " ")
		for _, w := range want {
			if !strings.Contains(part.Text()+links, w) {
				t.Errorf("%s: no %q in %s with links to %s", id, w, part.Text(), links)
			}
		}
		if slices.Contains(strings.Fields(links), "/e/"+id) {
			t.Errorf("%s is among its own others", id)
		}
	}
}

// TestTheRecordOfAMention tells what was taken from the source, and by which request.
func TestTheRecordOfAMention(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	m := rows[0].Mention
	v := mention.Visit{ID: strings.Repeat("a", 32), Run: "run-7", Source: m.Source, URL: m.URL, At: m.Collected.Add(-2e9), Status: 200, Bytes: 12345, Outcome: mention.OutcomeOK, Mentions: 3}
	if err := store.InsertVisits(t.Context(), []mention.Visit{v}); err != nil {
		t.Fatal(err)
	}
	site := serve(t, newServer(t, store, nil))
	for l, want := range map[i18n.Language][]string{
		"en": {"The page itself is not kept", "to the minute", "12,345 bytes", "3 mentions on it", "run-7", m.URL, string(m.ID), "live"},
		"tr": {"Sayfanın kendisi saklanmaz", "dakikasına kadar", "12.345 bayt", "canlı toplama"}, "fa": {"خود صفحه نگه داشته نمی‌شود", "تا دقیقه", "۱۲٬۳۴۵ بایت"},
	} {
		got := parse(t, get(t, inLanguage(site+"/m/"+string(m.ID), l)), http.StatusOK).Find(".record").Text()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in %s", l, w, got)
			}
		}
	}
	if got := parse(t, get(t, site+"/m/"+string(rows[3].Mention.ID)+"?lang=en"), http.StatusOK).Find(".record").Text(); strings.Contains(got, "Page asked for") {
		t.Error("a request is told that nobody knows of")
	}
}
