package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"feryat/i18n"
	"feryat/mention"
)

// attacks are what people who mean harm, and broken sites, put into a field.
func attacks() map[string]string {
	return map[string]string{
		"script":        `<script>alert("x")</script>`,
		"closed tags":   `</p></article></textarea></title></style></script><script>alert(1)</script><img src=x onerror=alert(2)>`,
		"attribute":     `" onmouseover="alert(1)" autofocus onfocus="alert(2)" x='`,
		"svg":           `<svg/onload=alert(1)><a href="javascript:alert(2)">x</a></svg>`,
		"frames":        `<iframe src="https://evil.example/"></iframe><object data="//evil.example"></object><base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">`,
		"link":          `javascript:alert(1)`,
		"data":          `data:text/html,<script>alert(1)</script>`,
		"template":      `{{.}}{{template "head" .}}${alert(1)}`,
		"entities":      `&lt;script&gt;alert(1)&lt;/script&gt;&#x3C;b&#x3E;&amp;`,
		"comment":       `<!--><img src=x onerror=alert(1)>-->`,
		"bidi":          "\u202eيمدرسة\u202d gnp.exe\u2066\u2067\u202b no end",
		"nul":           "a\x00b\x00<script>",
		"invalid UTF-8": "\xff\xfe kötü \xc3(\xe2\x82",
		"long word":     strings.Repeat("uzun", 600),
		"emoji":         "🤬🧨👩‍👩‍👧‍👦🏳️‍🌈👍🏿\u200d\ufe0f😡",
		"combining":     "e" + strings.Repeat("\u0301", 500),
		"lines":         "a\r\nSet-Cookie: x=1\r\n\r\n<b>b</b>\u2028c\u0085d",
	}
}

// TestHostile puts each attack into every field of the store, looks at the
// pages with a browser, and wants to see it as text. That no script ran, nothing
// was refused by the policy and nothing fetched from elsewhere is told by the tab.
func TestHostile(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	var rows []mention.Scored
	var events []mention.Event
	var visits []mention.Visit
	for name, attack := range attacks() {
		s := hostile(name, attack)
		e := escalation(s, attack)
		e.Escalation.Severity, e.Escalation.Why = attack, []string{attack}
		rows, events = append(rows, s), append(events, e)
		visits = append(visits, mention.Visit{ID: name, Run: attack, Source: attack, URL: attack, At: now(), Outcome: mention.OutcomeFailed, Reason: attack, Detail: attack})
	}
	insert(t, store, rows)
	if err := errors.Join(store.InsertEvents(t.Context(), events), store.InsertVisits(t.Context(), visits)); err != nil {
		t.Fatal(err)
	}
	site := serve(t, newServer(t, store, nil))
	p := openTab(t)
	p.on(screen{width: 390})
	for _, l := range i18n.Languages() {
		if status := p.open(site + "/?days=30&lang=" + string(l)); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		p.harmless("overview in " + string(l))
		p.open(site + "/inbox?lang=" + string(l))
		p.harmless("inbox in " + string(l))
		p.open(site + "/promise?days=30")
		p.harmless("promise in " + string(l))
		p.open(site + "/explore?lang=" + string(l))
		p.harmless("explore in " + string(l))
	}
	for _, name := range []string{"overview", "support", "topics", "rivals", "customers", "collection"} {
		if p.open(site+"/d/feryat-"+name+"?lang=en") == http.StatusOK {
			p.harmless("dashboard " + name)
		}
		if n := len(p.texts(".panel")); n < 8 {
			t.Errorf("%s has %d panels", name, n)
		}
	}
	for name, attack := range attacks() {
		p.open(site + "/m/" + string(idOf(name)))
		p.harmless(name)
		if got, want := eval[string](p, `document.querySelector(".judged > p.text:not(.title)").textContent`), asRead(attack); got != want {
			t.Errorf("%s: shown as %q, want %q", name, got, want)
		}
		if status := p.open(site + "/explore?q=" + url.QueryEscape(attack)); status != http.StatusOK && status != http.StatusBadRequest {
			p.t.Errorf("search for %s: status %d", name, status)
		}
		p.harmless("search for " + name)
		if p.open(site+"/e/"+url.PathEscape(attack)) == http.StatusOK {
			p.harmless("escalation of " + name)
		}
		p.open(site + "/inbox?" + url.Values{"brand": {attack}, "holder": {attack}, "sort": {attack}, "page": {attack}}.Encode())
		p.harmless("inbox narrowed by " + name)
	}
}

// TestHugeText: a hundred thousand letters without a space are shown whole on the
// page of the mention, their beginning everywhere else.
func TestHugeText(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := score(t, []words{{brand: "Paytak", source: "dukkan", author: "uzun", text: "Rezalet! "}})[0]
	row.Mention.Text += strings.Repeat("çokuzun", 100<<10/len("çokuzun"))
	ev := escalation(row, "e1")
	ev.Escalation.Excerpt = row.Mention.Text[:280]
	insert(t, store, []mention.Scored{row})
	if err := store.InsertEvents(t.Context(), []mention.Event{ev}); err != nil {
		t.Fatal(err)
	}
	site := serve(t, newServer(t, store, nil))
	p := openTab(t)
	p.on(screen{width: 390})
	for path, least := range map[string]int{"/": 500, "/inbox": 200, "/explore": 500, "/e/e1": 100 << 10, "/m/" + string(row.Mention.ID): 100 << 10} {
		p.open(site + path + "?lang=en")
		p.harmless(path)
		if got := eval[int](p, `Math.max(...[...document.querySelectorAll("main .text")].map((e) => new TextEncoder().encode(e.textContent).length))`); got < least-10 || least < 1000 && got > 2*briefText {
			t.Errorf("%s shows %d bytes of it", path, got)
		}
	}
}

// asRead is what a browser makes of bytes that are no text.
func asRead(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD").Replace(s)
	if utf8.ValidString(s) {
		return s
	}
	return "\uFFFD\uFFFD kötü \uFFFD(\uFFFD" // the number of marks is the browser's matter: one a maximal part
}

// hostile has the attack in every field that holds foreign text.
func hostile(name, attack string) mention.Scored {
	m := mention.Mention{ID: idOf(name), Source: attack, SourceKind: attack, Kind: mention.KindReview, URL: attack, Product: attack, ThreadID: attack, About: []string{attack},
		Author: mention.Author{ID: attack, Name: attack}, Title: attack, Text: attack, Language: attack, Rating: &mention.Rating{Value: 1, Worst: 1, Best: 5},
		Written: mention.Written{Time: now().Add(-1), Precision: mention.PrecisionMinute, Zone: attack, Shown: attack}, Collected: now().Add(-1), Origin: mention.OriginLive}
	v := mention.Verdict{Language: attack, Score: -1, Mood: mention.Angry, Anger: 1, Topics: []string{attack}, Praise: []string{attack}, Blamed: []string{attack}, Customer: []string{attack},
		Signals: []string{attack}, Switches: &mention.Switch{From: attack, To: attack}, Priority: 1, Lexicon: attack,
		Reasons: []mention.Reason{{Rule: attack, Text: attack, Start: 0, End: len(attack), Weight: -1}, {Rule: "topic:" + attack, Text: attack, Start: 0, End: 1}}}
	return mention.Scored{Mention: m.Revise(), Brand: attack, Verdict: v}
}

// smuggled lists what only code of others could have brought into a page.
const smuggled = `(() => {
  const out = [], all = [...document.querySelectorAll("*")];
  const note = (what, found) => found.length && out.push(what + ": " + found.map((e) => e.outerHTML.slice(0, 80)).slice(0, 3).join(" "));
  note("scripts", [...document.scripts].filter((s) => !["/static/refresh.js", "/static/desk.js", "/static/board.js"].includes(s.getAttribute("src")) || s.text));
  note("foreign elements", [...document.querySelectorAll("iframe, object, embed, base, meta[http-equiv], img:not(header img), svg a, style")]);
  note("handlers", all.filter((e) => [...e.attributes].some((a) => a.name.startsWith("on") || a.name === "style")));
  note("links", [...document.querySelectorAll("main a")].filter((a) => !/^(\/m\/|\/e\/|\/d\/feryat-|\/inbox|\/promise$|\/explore|\?|#|https?:\/\/)/.test(a.getAttribute("href"))));
  if (document.documentElement.scrollWidth !== 390) out.push("width " + document.documentElement.scrollWidth);
  if (!/^(\(\d+|\([۰-۹]+)?\)? ?([^–]+ – )?(Feryat|فریاد) – /.test(document.title)) out.push("title " + document.title);
  // Parts of a line stand in their order, however the text between them is turned.
  const turned = document.dir === "rtl" ? -1 : 1;
  for (const line of document.querySelectorAll("main :is(.meta, h1, h2, dd, li, td, label)")) {
    const parts = [...line.children].filter((e) => e.checkVisibility() && e.getClientRects().length === 1).map((e) => e.getBoundingClientRect());
    if (parts.some((b, i) => i && Math.abs(parts[i - 1].top - b.top) < 3 && (b.left - parts[i - 1].left) * turned < -1)) out.push("out of order: " + line.textContent.slice(0, 80));
  }
  return out;
})()`

func (p *tab) harmless(what string) {
	p.t.Helper()
	for _, fault := range eval[[]string](p, smuggled) {
		p.t.Errorf("%s: %s", what, fault)
	}
}

// TestLinks: only web addresses can be followed.
func TestLinks(t *testing.T) {
	t.Parallel()
	for u, want := range map[string]string{
		"https://a.example/x?y=1": "https://a.example/x?y=1", "http://a.example": "http://a.example", "javascript:alert(1)": "", " https://a.example": "", "JAVASCRIPT:alert(1)": "",
		"data:text/html,x": "", "//a.example": "", "/m/x": "", "file:///etc/passwd": "", "": "", "https:evil": "", "HTTPS://a.example": "",
	} {
		if got := safeURL(u); got != want {
			t.Errorf("%q: %q, want %q", u, got, want)
		}
	}
}

// FuzzPages draws both pages from foreign bytes and reads the HTML back: what
// is foreign is text and values of attributes, never markup.
func FuzzPages(f *testing.F) {
	for _, attack := range attacks() {
		f.Add(attack)
	}
	s := newServer(f, nil, nil)
	f.Fuzz(func(t *testing.T, text string) {
		row := hostile("x", text)
		o := Overview{Brand: text, Days: 30, From: now().AddDate(0, 0, -29), To: now(), Moods: []mention.MoodPoint{{At: now(), Counts: map[mention.Mood]int64{mention.Mood(text): 1, mention.Angry: 1}}},
			Topics: []mention.TopicCount{{Topic: text, Complaints: 1}}, Brands: []mention.BrandCount{{Brand: text, Total: 1}}, Unhappy: []mention.Scored{row}, Waiting: 1,
			Escalations: []mention.OpenEscalation{{Escalation: escalation(row, text).Escalation}}, Sources: []mention.SourceHealth{{Source: text, Reason: text}}}
		graph := s.graph(i18n.Persian, o.Moods, o.From, o.To)
		for page, data := range map[string]map[string]any{
			"overview.html": {"O": o, "Graph": graph, "Brands": brandNames(o), "Periods": periods(o.Days)},
			"mention.html": {"Rows": []judged{{row, true, []mention.Correction{{Field: mention.Field(text), Value: text, By: text, Note: text}}, &mention.Visit{Run: text, URL: text}}}, "Parent": row, "Said": text, "Name": text, "May": true,
				"Versions": news([]mention.Version{{Text: "a " + text + " b"}, {Title: text, Text: text}}), "Around": []mention.Scored{row}, "Alike": []mention.Scored{row}, "Cases": o.Escalations, "Brands": o.Brands},
			"explore.html": {"Rows": []mention.Scored{row}, "Total": int64(1), "Form": field{text, text, text, text}, "Hidden": []kept{{text, text}}, "Next": link(url.Values{text: {text}}, "after", text), "CSV": link(url.Values{text: {text}}, "format", "csv"), "JSON": link(url.Values{text: {text}}, "format", "jsonl"),
				"Facets": s.facets(i18n.Persian, url.Values{"brand": {text}}, mention.Facets{By: map[string][]mention.Count{"brand": {{Value: text + "x", N: 1}}, "topic": {{Value: text, N: 1}}, "stars": {{Value: text, N: 1}}}})},
			"inbox.html": s.hostileInbox(text, o.Escalations),
			"escalation.html": {"E": o.Escalations[0], "Clock": clocks{OpenEscalation: o.Escalations[0]}, "Row": row, "Acts": []string{"resolved"}, "Name": text, "Said": text,
				"Advice": []string{text}, "Draft": text, "Desk": true, "Now": now(), "Known": &known{o.Escalations, o.Unhappy, "/explore?" + url.Values{"author": {text}}.Encode()}, "Elsewhere": &mention.Elsewhere{Cases: o.Escalations, Complaints: o.Unhappy}, "Events": []mention.Event{{At: now(), Type: text, Actor: text, Note: text}}},
			"confirm.html": {"ID": text, "Do": text, "Token": text, "Name": text},
			"said.html":    {"Said": text, "ID": text},
		} {
			data["L"], data["Languages"], data["Query"], data["SignedIn"] = i18n.Persian, i18n.Languages(), map[string][]string{text: {text}}, true
			var b bytes.Buffer
			if err := s.pages[i18n.Persian].ExecuteTemplate(&b, page, data); err != nil {
				t.Fatal(err)
			}
			checkMarkup(t, b.String())
		}
	})
}

// hostileInbox is what the inbox draws, narrowed by a foreign text to what has it.
func (s *Server) hostileInbox(text string, open []mention.OpenEscalation) map[string]any {
	query := url.Values{"brand": {text}, "holder": {text}, "sort": {text}}
	_, counts := narrowed(open, s.aspects(text, now()), query)
	return map[string]any{"Rows": clocked(open, now()), "Count": 1, "All": 2, "Desk": true, "Follows": true, "Live": uint64(7), "Now": now(), "Waiting": 1, "May": true, "Name": text, "Back": text,
		"Filters": s.filters(i18n.Persian, query, counts), "Sorts": sorts(), "Sort": text, "Page": 1, "PageCount": 2, "After": link(query, "page", 2)}
}

func checkMarkup(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	doc := goquery.NewDocumentFromNode(root)
	if doc.Find("script").Length() != doc.Find(`script[src^="/static/"]:empty`).Length() || doc.Find("script").Length() > 2 || doc.Find("iframe, object, embed, base, style, meta[http-equiv], form[action^=http]").Length() != 0 || doc.Find("img").Length() != 1 {
		t.Fatalf("foreign markup in %s", page)
	}
	doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, a := range e.Nodes[0].Attr {
			link := (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "?") && !strings.HasPrefix(a.Val, "#") && safeURL(a.Val) == ""
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || link {
				t.Fatalf("foreign attribute %s=%q in %s", a.Key, a.Val, page)
			}
		}
	})
}
