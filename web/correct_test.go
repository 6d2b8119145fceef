package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"feryat/mention"
)

// submit sends a form of the page of a mention.
func submit(t testing.TB, address string, form url.Values, head ...string) answer {
	t.Helper()
	return send(t, http.MethodPost, address, form.Encode(), append(head, "Content-Type: application/x-www-form-urlencoded")...)
}

// TestCorrect puts a verdict right on the page, sees it win, and takes it back.
func TestCorrect(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := fill(t, store)[0]
	s := newServer(t, store, nil)
	at := now()
	s.now = func() time.Time { at = at.Add(time.Minute); return at }
	site := serve(t, s)
	page := site + "/m/" + string(row.Mention.ID)
	p := openTab(t)
	p.open(page + "?lang=en")
	p.on(screen{width: 390})
	eval[bool](p, `document.querySelector("details.correct").open = true`)
	p.set(".correct [name=by]", "ayse")
	p.set(".correct [name=note]", "<b>calm</b>")
	p.set(".correct [name=mood]", "neutral")
	eval[bool](p, `[...document.querySelectorAll(".correct [name=topic]:checked")].every((box) => !(box.checked = false)) && (document.querySelector(".correct [value=price]").checked = true)`)
	if status := p.click(".correct form button"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	got, err := store.Mention(t.Context(), row.Mention.ID)
	if err != nil || got[0].Verdict.Mood != mention.Neutral || !slices.Equal(got[0].Verdict.Topics, []string{"price"}) {
		t.Fatalf("the view has %s %v, %v", got[0].Verdict.Mood, got[0].Verdict.Topics, err)
	}
	if text := p.text(".corrections"); !strings.Contains(text, "ayse") || !strings.Contains(text, "<b>calm</b>") || !strings.Contains(text, "Neutral") || !strings.Contains(text, "Price") || !strings.Contains(text, "6 Nov 2026") {
		t.Errorf("who corrected what is not shown: %q", text)
	}
	if name := eval[string](p, `document.querySelector(".back [name=by]").value`); name != "ayse" {
		t.Errorf("the name is not kept: %q", name)
	}
	if status := p.click(".back [value=mood]"); status != http.StatusOK || !strings.Contains(p.text(".corrections"), "Taken back") || !strings.Contains(p.text("h1"), "Angry") {
		t.Errorf("not taken back: %d %q", status, p.text("h1"))
	}
}

// TestNotOurs: the page of a mention that is not ours stays, to take that back.
func TestNotOurs(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := fill(t, store)[0]
	s := newServer(t, store, nil)
	at := now()
	s.now = func() time.Time { at = at.Add(time.Minute); return at }
	site := serve(t, s)
	page := site + "/m/" + string(row.Mention.ID)
	form := url.Values{"brand": {"Paytak"}, "by": {"ayse"}, "was_mood": {"angry"}, "mood": {"angry"}, "was_topic": row.Verdict.Topics, "topic": row.Verdict.Topics, "not_ours": {"yes"}}
	if a := submit(t, page, form); a.status != http.StatusSeeOther || a.header.Get("Location") != "/m/"+string(row.Mention.ID) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got, err := store.Mention(t.Context(), row.Mention.ID); len(got) != 0 || err != nil {
		t.Errorf("the view still has %v, %v", got, err)
	}
	doc := parse(t, get(t, page+"?lang=en"), http.StatusOK)
	if notice := doc.Find(".judged .notice").Text(); !strings.Contains(notice, "not about the brand") || doc.Find("[name=not_ours]").Length() != 0 {
		t.Errorf("the page says %q", notice)
	}
	if found := parse(t, get(t, site+"/explore?q=rezalet&lang=en"), http.StatusOK).Find("article").Length(); found != 0 {
		t.Errorf("it is found %d times", found)
	}
	if a := submit(t, page, url.Values{"brand": {"Paytak"}, "by": {"ayse"}, "take_back": {"not_ours"}}); a.status != http.StatusSeeOther {
		t.Errorf("take back: %d", a.status)
	}
	if got, err := store.Mention(t.Context(), row.Mention.ID); len(got) != 1 || err != nil {
		t.Errorf("it does not come back: %v, %v", got, err)
	}
}

// TestCorrectRefuses: nothing is stored of what is not right, and nothing breaks.
func TestCorrectRefuses(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := fill(t, store)[0]
	page := serve(t, newServer(t, store, nil)) + "/m/" + string(row.Mention.ID) + "?lang=en"
	for name, c := range map[string]struct {
		change map[string]string
		want   int
	}{
		"no name":            {map[string]string{"mood": "neutral", "by": " "}, 400},
		"no such brand":      {map[string]string{"mood": "neutral", "brand": "Rakip"}, 400},
		"no brand":           {map[string]string{"mood": "neutral", "brand": ""}, 400},
		"no mood":            {map[string]string{"mood": "furious"}, 400},
		"no topic":           {map[string]string{"topic": "delay,price"}, 400},
		"nothing changed":    {nil, 400},
		"the brand itself":   {map[string]string{"meant": "Paytak"}, 400},
		"not corrected":      {map[string]string{"take_back": "mood"}, 400},
		"no field":           {map[string]string{"take_back": "\xff'; DROP"}, 400},
		"a form too long":    {map[string]string{"note": strings.Repeat("x", 64<<10), "mood": "neutral"}, 400},
		"bytes and no brand": {map[string]string{"brand": "\xff\x00", "mood": "neutral"}, 400},
	} {
		form := url.Values{"brand": {"Paytak"}, "by": {"ayse"}, "was_mood": {"angry"}, "mood": {"angry"}}
		for k, v := range c.change {
			form.Set(k, v)
		}
		if a := submit(t, page, form); a.status != c.want || !strings.Contains(a.body, `role="status"`) {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := submit(t, strings.Replace(page, string(row.Mention.ID), "nothing", 1), url.Values{"brand": {"Paytak"}, "by": {"a"}, "not_ours": {"yes"}}); a.status != http.StatusNotFound {
		t.Errorf("of nothing: %d", a.status)
	}
	if said, err := store.Corrections(t.Context(), row.Mention.ID); len(said) != 0 || err != nil {
		t.Errorf("stored: %v, %v", said, err)
	}
}

// TestCorrectRoles: a viewer sees no form and is refused; others correct under
// the own name, and not from a foreign page.
func TestCorrectRoles(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := fill(t, store)[0]
	site := serve(t, newServer(t, store, staff(t)))
	page := site + "/m/" + string(row.Mention.ID) + "?lang=en"
	form := url.Values{"brand": {"Paytak"}, "by": {"somebody else"}, "was_mood": {"angry"}, "mood": {"neutral"}, "was_topic": row.Verdict.Topics, "topic": row.Verdict.Topics}
	if a := submit(t, page, form); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login") {
		t.Errorf("without a session: %d", a.status)
	}
	_, viewer := come(t, site, "guest", "only looking")
	if a := get(t, page, "Cookie: "+viewer); a.status != http.StatusOK || strings.Contains(a.body, "<form method=\"post\" action=\"/m/") {
		t.Errorf("a viewer is shown the form, or nothing: %d", a.status)
	}
	if a := submit(t, page, form, "Cookie: "+viewer); a.status != http.StatusForbidden || !strings.Contains(a.body, "may only look") {
		t.Errorf("a viewer corrected: %d", a.status)
	}
	_, support := come(t, site, "ayse", "ayse's password")
	if a := get(t, page, "Cookie: "+support); !strings.Contains(a.body, "details class=\"correct\"") || strings.Contains(a.body, `name="by"`) {
		t.Error("somebody of support is shown no form, or asked for a name")
	}
	if a := submit(t, page, form, "Cookie: "+support, "Sec-Fetch-Site: cross-site"); a.status != http.StatusForbidden {
		t.Errorf("from a foreign page: %d", a.status)
	}
	if a := submit(t, page, form, "Cookie: "+support); a.status != http.StatusSeeOther {
		t.Errorf("support: %d", a.status)
	}
	said, err := store.Corrections(t.Context(), row.Mention.ID)
	if err != nil || len(said) != 1 || said[0].By != "ayse" || said[0].Field != mention.FieldMood {
		t.Errorf("stored: %+v, %v", said, err)
	}
}

// TestMentionTellsAll: versions, thread, copies and case are shown and lead on.
func TestMentionTellsAll(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := fill(t, store)[5]
	alter(t, store, row)
	page := parse(t, get(t, serve(t, newServer(t, store, nil))+"/m/"+string(row.Mention.ID)+"?lang=en"), http.StatusOK)
	if got := page.Find(".versions del").Text() + "→" + page.Find(".versions ins").Text(); got != "back!→back now!" {
		t.Errorf("changed: %q", got)
	}
	if stars := page.Find(".versions .meta").First().Text(); !strings.Contains(stars, "★ – → ★ 1/5") {
		t.Errorf("stars: %q", stars)
	}
	for where, want := range map[string]string{".around a.more": "/m/" + string(idOf("answer")), ".alike a.more": "/m/" + string(idOf("copy")), ".cases a": "/e/e2"} {
		if links := page.Find(where).Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") }); !slices.Equal(links, []string{want}) {
			t.Errorf("%s leads to %q", where, links)
		}
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("çok ", 40)
	for _, c := range []struct{ old, now, want string }{
		{"a", "a", ""}, {"", "yeni", "[+yeni]"}, {"eski", "", "[-eski]"}, {"a b c", "a x c", "a [-b][+x] c"}, {"kötü", "köşe", "[-kötü][+köşe]"}, {"a", "a b", "[-a][+a b]"}, {"a b b c", "a b c", "a b [-b c][+c]"},
		{long + "kötü", long + "iyi", "…çok çok çok çok çok çok çok çok çok çok çok çok [-kötü][+iyi]"}, {"\xff a", "\xff b", "\xff [-a][+b]"},
	} {
		var b strings.Builder
		for _, p := range changed(c.old, c.now) {
			b.WriteString(map[string]string{"": p.Text, "del": "[-" + p.Text + "]", "ins": "[+" + p.Text + "]"}[p.Class])
		}
		if b.String() != c.want {
			t.Errorf("%q to %q: %q, want %q", c.old, c.now, b.String(), c.want)
		}
	}
}
