package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"feryat/dashboards/dashboardstest"
)

// boardSite serves the dashboards over a store in which each panel has something to show; its way to ClickHouse can be cut.
func boardSite(t *testing.T) (*Server, string, *line) {
	t.Helper()
	access, way := database(t), &line{}
	wire := httptest.NewServer(way.to(t, access.URL))
	t.Cleanup(wire.Close)
	store := openReader(t, access, wire.URL)
	dashboardstest.Fill(t, store)
	s := newServer(t, store, nil)
	s.now = time.Now
	return s, serve(t, s), way
}

// TestBoards walks through the dashboards as somebody without Grafana does. What they weigh TestBoardsLook tells.
func TestBoards(t *testing.T) {
	t.Parallel()
	_, site, way := boardSite(t)
	t.Run("addresses", func(t *testing.T) { boardAddresses(t, site) })
	t.Run("choosing", func(t *testing.T) { boardChoosing(t, site) })
	t.Run("following", func(t *testing.T) { boardFollowing(t, site) })
	t.Run("renewing", func(t *testing.T) { boardRenewing(t, site) })
	t.Run("printing", func(t *testing.T) { boardPrinted(t, site) })
	t.Run("store away", func(t *testing.T) { boardStoreAway(t, site, way) })
}

// boardAddresses: what the form sends becomes an address as Grafana has it, and so does that of another language.
func boardAddresses(t *testing.T, site string) {
	day := time.Date(2026, 11, 6, 0, 0, 0, 0, time.UTC).UnixMilli()
	for path, want := range map[string]string{
		"/d/feryat-support-tr?lang=fa":                                                 "/d/feryat-support-fa?lang=fa",
		"/d/feryat-support?from=now-7d&to=now&var-brand=Paytak":                        "/d/feryat-support-en?from=now-7d&to=now&var-brand=Paytak",
		"/d/feryat-support-en?since=now-24h&day1=&day2=":                               "/d/feryat-support-en?from=now-24h&to=now",
		"/d/feryat-support-en?since=&day1=2026-11-06&day2=1405/08/15&refresh=30s":      fmt.Sprintf("/d/feryat-support-en?from=%d&refresh=30s&to=%d", day, day+86400_000-1),
		"/d/feryat-support-en?since=&day1=2026-11-06&day2=":                            fmt.Sprintf("/d/feryat-support-en?from=%d&to=now", day),
		"/d/feryat-support-en?since=&day1=soon&day2=":                                  "/d/feryat-support-en?from=%3F&to=%3F",
		"/d/feryat-support-en?since=now-7d&var-brand=%24__all&var-brand=&var-source=x": "/d/feryat-support-en?from=now-7d&to=now&var-brand=%24__all&var-source=x",
	} {
		a := get(t, site+path, "Accept-Language: en")
		if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != want {
			t.Errorf("%s leads to %d %q, want %q", path, a.status, got, want)
		}
	}
	for path, want := range map[string]int{"/d": 200, "/d/nothing": 404, "/d/feryat-overview-de": 404, "/d/..%2f": 404} {
		if a := get(t, site+path); a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	list := parse(t, get(t, site+"/d?lang=fa"), http.StatusOK)
	if got := list.Find("main h2 a").Map(hrefOf); len(got) != 6 || got[0] != "/d/feryat-overview-fa" {
		t.Errorf("the list has %q", got)
	}
}

// boardChoosing: without scripts the form narrows the panels, later variables offer what is left, and nonsense is told.
func boardChoosing(t *testing.T, site string) {
	all := parse(t, get(t, site+"/d/feryat-overview-en?lang=en"), http.StatusOK)
	q := url.Values{"from": {"now-30d"}, "to": {"now"}, "var-brand": {"Paytak"}, "var-source": {"shop"}, "refresh": {"off"}}
	one := parse(t, get(t, site+"/d/feryat-overview-en?lang=en&"+q.Encode()), http.StatusOK)
	if a, b := all.Find("#panel-1 .big b").Text(), one.Find("#panel-1 .big b").Text(); a != "290" || b == a || b == "" {
		t.Errorf("%s mentions of all, %s of one", a, b)
	}
	if got := one.Find(`[name="var-brand"][checked]`).Map(valueOf); !slices.Equal(got, []string{"Paytak"}) {
		t.Errorf("chosen: %q", got)
	}
	if all.Find("noscript").Length() == 0 || all.Find(`.board[data-every="60"]`).Length() != 1 || one.Find(".board[data-every]").Length() != 0 {
		t.Error("the dashboard does not say how often to ask again")
	}
	if got := one.Find(".boards a").First().AttrOr("href", ""); got != "/d/feryat-overview-en?from=now-30d&to=now&var-brand=Paytak&var-source=shop" {
		t.Errorf("to the next dashboard: %s", got)
	}
	if got := one.Find(".choose .found").AttrOr("href", ""); !strings.HasPrefix(got, "/explore?brand=Paytak&from=") || parse(t, get(t, site+got), http.StatusOK).Find(".said").Length() == 0 {
		t.Errorf("to the mentions: %s", got)
	}
	several := parse(t, get(t, site+"/d/feryat-overview-en?lang=en&from=now-30d&to=now&var-brand=Paytak&var-brand=Rakip&var-product=Kettle"), http.StatusOK)
	found := several.Find(".choose .found").AttrOr("href", "")
	if u, err := url.Parse(found); err != nil || !slices.Equal(u.Query()["brand"], []string{"Paytak", "Rakip"}) || u.Query().Get("product") != "Kettle" {
		t.Errorf("several lead to %s", found)
	}
	if page := parse(t, get(t, site+found), http.StatusOK); page.Find("aside .on").Length() != 3 || page.Find(".said").Length() == 0 {
		t.Errorf("%s shows %d chosen", found, page.Find("aside .on").Length())
	}
	for query, want := range map[string]string{
		"var-brand=nobody": "Chosen, but not found in this period: nobody",
		"from=x":           "The period could not be read",
		"var-brand=" + url.QueryEscape(`<img src=x onerror=alert(1)>') OR 1=1 --`): `<img src=x onerror=alert(1)>') OR 1=1 --`,
	} {
		page := parse(t, get(t, site+"/d/feryat-overview-en?lang=en&"+query), http.StatusOK)
		if got := page.Find(".choose ~ .notice").Text(); !strings.Contains(got, want) {
			t.Errorf("%s: says %q", query, got)
		}
		if page.Find("main img").Length() > 0 {
			t.Errorf("%s comes through", query)
		}
	}
}

// boardFollowing: the links of cells keep time and choice, and lead to what they say.
func boardFollowing(t *testing.T, site string) {
	page := parse(t, get(t, site+"/d/feryat-overview-tr?lang=tr&from=now-30d&to=now&var-source=shop"), http.StatusOK)
	cell := page.Find(`#panel-11 td a[href^="/d/feryat-topics-tr"]`).First()
	u, err := url.Parse(cell.AttrOr("href", ""))
	if err != nil || u.Query().Get("var-topic") != "delivery" || u.Query().Get("var-source") != "shop" || u.Query().Get("from") != "now-30d" || u.Query().Has("var-datasource") {
		t.Errorf("a topic leads to %s", u)
	}
	next := parse(t, get(t, site+u.String(), "Accept-Language: tr"), http.StatusOK)
	if got := next.Find(`[name="var-topic"][checked]`).Map(valueOf); !slices.Equal(got, []string{"delivery"}) {
		t.Errorf("chosen there: %q", got)
	}
	found := cell.Parent().Find(".find").AttrOr("href", "")
	if n := parse(t, get(t, site+found), http.StatusOK).Find(".said").Length(); n == 0 || !strings.Contains(found, "topic=delivery") || !strings.Contains(found, "source=shop") {
		t.Errorf("%d mentions at %s", n, found)
	}
}

// boardRenewing: with the script the panels follow the store; what the reader opened stays open.
func boardRenewing(t *testing.T, site string) {
	p := openTab(t)
	p.open(site + "/d/feryat-overview-en?lang=en")
	eval[bool](p, `(document.querySelector("#panel-9 .behind").open = true) && (document.querySelector("#panel-1 .big b").textContent = "old", true)`)
	eval[bool](p, `(document.querySelector(".choose details").open = true) && renew().then(() => true)`)
	if got := p.text("#panel-1 .big b"); got != "old" {
		t.Error("the page moves while somebody chooses")
	}
	eval[bool](p, `(document.querySelector(".choose details").open = false) || renew().then(() => true)`)
	if got := p.text("#panel-1 .big b") + eval[string](p, `String(document.querySelector("#panel-9 .behind").open)`); got != "290true" {
		t.Errorf("renewed: %s", got)
	}
	eval[bool](p, `(() => { const box = document.querySelector('[name="var-brand"][value="Rakip"]'); box.closest("details").open = true; box.click(); return true; })()`)
	if status := p.click(".choose button"); status != http.StatusOK || eval[string](p, "new URLSearchParams(location.search).getAll('var-brand').join()") != "Rakip" {
		t.Errorf("chosen: %d %s", status, eval[string](p, "location.search"))
	}
}

// boardPrinted: on paper there are the panels, whole, and no controls.
func boardPrinted(t *testing.T, site string) {
	p := openTab(t)
	p.open(site + "/d/feryat-overview-tr?lang=tr")
	p.on(screen{width: 1000})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if got := eval[string](p, `[...document.querySelectorAll(".choose, header, .boards, .panel:not(:has(svg, table, .big))")].filter((e) => e.checkVisibility()).map((e) => e.className).join()`); got != "" {
		t.Errorf("printed too, or empty: %s", got)
	}
	if cut := eval[int](p, `[...document.querySelectorAll(".panel .scroll")].filter((e) => e.scrollHeight > e.clientHeight + 1).length`); cut != 0 {
		t.Errorf("%d tables are cut", cut)
	}
	p.picture("print")
}

// boardStoreAway: the page says so, or its panels do where it remembers what can be chosen; it shows panels again when the
// store is back.
func boardStoreAway(t *testing.T, site string, way *line) {
	known := parse(t, get(t, site+"/d/feryat-overview-en?lang=en&from=1767225600000&to=1769904000000"), http.StatusOK).Find(".panel").Length()
	way.cut.Store(true)
	page := parse(t, get(t, site+"/d/feryat-overview-en?lang=en&from=1767225600000&to=1769904000000"), http.StatusOK)
	if told := page.Find(`.panel .notice:contains("does not answer")`).Length(); told == 0 || told != known {
		t.Errorf("%d of %d panels say that the store is away", told, known)
	}
	a := get(t, site+"/d/feryat-overview-en?lang=en&from=now-29d&to=now")
	if a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "Waiting for the database") || a.header.Get("Refresh") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	way.cut.Store(false)
	if a := get(t, site+"/d/feryat-overview-en?lang=en"); a.status != http.StatusOK {
		t.Errorf("back again: %d", a.status)
	}
}

// TestOwnBoards: dashboards of a folder stand beside feryat's; a wrong one is refused with its reason.
func TestOwnBoards(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, body := range map[string]string{
		"mine.json":  `{"uid": "mine", "title": "Benim <b>panom</b>", "panels": [{"id": 1, "type": "stat", "title": "One", "targets": [{"rawSql": "SELECT 41 + 1 AS answer"}]}]}`,
		"wrong.json": "{\n  \"uid\": \"wrong\",\n  \"title\": <script>\n}",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := DefaultConfig()
	cfg.Dashboards = dir
	s, err := New(cfg, openReader(t, database(t), ""), nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	site := serve(t, s)
	list := parse(t, get(t, site+"/d?lang=tr"), http.StatusOK)
	if got := list.Find("main h2 a").Last().Text(); list.Find("main h2 a").Length() != 7 || got != "Benim <b>panom</b>" {
		t.Errorf("the list ends with %q", got)
	}
	if got := list.Find(".notice").Text(); !strings.Contains(got, "wrong.json: line 3: invalid character '<'") {
		t.Errorf("refused: %q", got)
	}
	if got := parse(t, get(t, site+"/d/mine?lang=fa"), http.StatusOK).Find("#panel-1 .big b").Text(); got != "۴۲" {
		t.Errorf("the answer is %q", got)
	}
}
