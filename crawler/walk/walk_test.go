package walk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"feryat/crawler"
	"feryat/crawler/crawlertest"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/crawler/walk"
	"feryat/mention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// paragraphs reads <p class="m" id="key">text</p>.
type paragraphs struct{}

var paragraph = regexp.MustCompile(`<p class="m" id="([^"]*)">([^<]*)</p>`)

func (paragraphs) Extract(_ context.Context, p walk.Page) (walk.Found, error) {
	if strings.Contains(string(p.Body), "PANIC") {
		panic("broken extractor")
	}
	var ms []mention.Mention
	for _, m := range paragraph.FindAllSubmatch(p.Body, -1) {
		ms = append(ms, mention.Mention{ID: mention.NewID("test", "site", string(m[1])), SourceKind: "test", Kind: mention.KindReview,
			Text: string(m[2]), Author: mention.Author{Name: string(m[1])}, Written: mention.Written{Precision: mention.PrecisionUnknown}})
	}
	return walk.Found{Mentions: ms, Links: walk.Links(p.Body, p.URL)}, nil
}

func TestConformance(t *testing.T) {
	crawlertest.Run(t, crawlertest.Case{Dir: "testdata/shop", New: func(t testing.TB, base string, web *fetch.Client, db *frontier.DB) crawler.Source {
		cfg := walk.DefaultConfig()
		cfg.Start = []string{base + "/"}
		w, err := walk.New("shop", cfg, web, db, paragraphs{})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}})
}

// world is a site whose pages a test changes between walks.
type world struct {
	t   *testing.T
	url string
	db  *frontier.DB
	cfg walk.Config

	mu    sync.Mutex
	pages map[string]string // by path and query; "!" begins a status, ">" a redirect
	asked []string
}

func newWorld(t *testing.T, pages map[string]string) *world {
	w := &world{t: t, pages: pages, db: crawlertest.Frontier(t), cfg: walk.DefaultConfig()}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.cfg.Start, w.cfg.Complete = []string{w.url + "/"}, true
	return w
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.URL.Path != "/robots.txt" {
		w.asked = append(w.asked, r.URL.RequestURI())
	}
	page, ok := w.pages[r.URL.RequestURI()]
	if !ok {
		page, ok = w.pages[r.URL.Path+"*"]
	}
	var month int
	fmt.Sscanf(r.URL.RawQuery, "month=%d", &month)
	page = strings.ReplaceAll(page, "{{next}}", fmt.Sprint(month+1))
	page = strings.ReplaceAll(page, "{{query}}", r.URL.RawQuery)
	page = strings.ReplaceAll(page, "{{base}}", w.url)
	etag := fmt.Sprintf("%q", fmt.Sprint(len(page), strings.Count(page, "e")))
	switch {
	case !ok:
		http.NotFound(rw, r)
	case strings.HasPrefix(page, "!"):
		var status int
		fmt.Sscanf(page, "!%d", &status)
		http.Error(rw, "status", status)
	case strings.HasPrefix(page, ">"):
		http.Redirect(rw, r, page[1:], http.StatusFound)
	case strings.HasPrefix(page, "@") && r.Header.Get("If-None-Match") == etag:
		rw.WriteHeader(http.StatusNotModified)
	default:
		if strings.HasPrefix(page, "@") {
			rw.Header().Set("ETag", etag)
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(rw, strings.TrimPrefix(page, "@"))
	}
}

func (w *world) set(uri, page string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if page == "" {
		delete(w.pages, uri)
		return
	}
	w.pages[uri] = page
}

// walk collects once and returns what was said, the ledger in short, what was
// asked for, and the error.
func (w *world) walk() (said, rows, asked []string, err error) {
	w.t.Helper()
	inbox := &crawlertest.Inbox{}
	source, err := walk.New("source", w.cfg, crawlertest.Client(w.t), w.db, paragraphs{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.asked = nil
	w.mu.Unlock()
	_, err = source.Collect(fetch.WithRun(w.t.Context(), fetch.NewRun()), nil, inbox)
	for _, m := range inbox.Mentions() {
		if m.Gone {
			said = append(said, "gone "+m.Author.Name)
		} else {
			said = append(said, m.Author.Name)
		}
	}
	for _, v := range inbox.Visits() {
		rows = append(rows, strings.TrimSpace(strings.TrimPrefix(v.URL, w.url)+" "+string(v.Outcome)+" "+v.Reason))
	}
	slices.Sort(said)
	return said, rows, w.asked, err
}

func (w *world) expect(what string, got []string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func list(keys string, links ...string) string {
	var b strings.Builder
	b.WriteString("<html><title>Sayfa</title>")
	for k := range strings.FieldsSeq(keys) {
		fmt.Fprintf(&b, `<p class="m" id="%s">text of %s</p>`, k, k)
	}
	for _, l := range links {
		fmt.Fprintf(&b, `<a href="%s">x</a>`, l)
	}
	return b.String()
}

func TestGone(t *testing.T) {
	tests := map[string]struct {
		change func(w *world)
		want   []string
		err    string
	}{
		"unchanged":                 {func(w *world) {}, nil, ""},
		"edited list":               {func(w *world) { w.set("/a", list("a1 a3")) }, []string{"a3", "gone a2"}, ""},
		"page answers 404":          {func(w *world) { w.set("/b", "") }, []string{"gone b1", "gone b2", "gone b3"}, ""},
		"page answers 410":          {func(w *world) { w.set("/b", "!410") }, []string{"gone b1", "gone b2", "gone b3"}, ""},
		"moved to another page":     {func(w *world) { w.set("/a", list("a1")); w.set("/b", list("b1 b2 b3 a2")) }, []string{"a2"}, ""},
		"page answers 500":          {func(w *world) { w.set("/a", list("a1")); w.set("/b", "!500") }, nil, ""},
		"new page answers 500":      {func(w *world) { w.set("/a", list("a1", "/c")); w.set("/c", "!500") }, nil, ""},
		"no link leads there":       {func(w *world) { w.set("/", list("", "/a", "/faults")) }, nil, ""},
		"no link, and 404":          {func(w *world) { w.set("/", list("", "/a", "/faults")); w.set("/b", "") }, []string{"gone b1", "gone b2", "gone b3"}, ""},
		"few pages emptied":         {func(w *world) { w.set("/a", list("")) }, []string{"gone a1", "gone a2"}, ""},
		"most pages emptied":        {func(w *world) { w.set("/a", list("")); w.set("/b", list("")); w.set("/d", list("")) }, nil, "shape_changed"},
		"challenge":                 {func(w *world) { w.set("/a", list("a1")); w.set("/b", "<title>Just a moment...</title>") }, nil, ""},
		"refuses a page we knew":    {func(w *world) { w.set("/a", list("a1")); w.set("/b", "!403") }, nil, ""},
		"a cap was hit":             {func(w *world) { w.set("/a", list("a1")); w.cfg.MaxPages = 3 }, nil, ""},
		"listings are not complete": {func(w *world) { w.set("/a", list("a1")); w.cfg.Complete = false }, nil, ""},
		"out of scope now":          {func(w *world) { w.set("/a", list("a1")); w.cfg.Exclude = []string{"^/d"} }, []string{"gone a2"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, map[string]string{
				"/": list("", "/a", "/b", "/d", "/faults"), "/a": "@" + list("a1 a2"), "/b": list("b1 b2 b3"), "/d": list("d1"),
				"/faults": ">/faults",
			})
			said, _, _, err := w.walk()
			if err != nil {
				t.Fatal(err)
			}
			w.expect("first walk", said, "a1", "a2", "b1", "b2", "b3", "d1")
			tt.change(w)
			said, _, _, err = w.walk()
			w.expect("second walk", said, tt.want...)
			var trouble *crawler.Trouble
			if errors.As(err, &trouble) && trouble.Reason != tt.err || err == nil && tt.err != "" {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			// what is gone is told once
			if said, _, _, _ := w.walk(); slices.ContainsFunc(said, func(s string) bool { return slices.Contains(tt.want, s) }) {
				t.Errorf("third walk said again: %v", said)
			}
		})
	}
}

func TestGoneIsToldWhenTheSiteIsWellAgain(t *testing.T) {
	w := newWorld(t, map[string]string{"/": list("", "/a", "/b"), "/a": list("a1 a2"), "/b": list("b1")})
	w.walk()
	w.set("/a", list("a1"))
	w.set("/b", "!500")
	said, _, _, _ := w.walk()
	w.expect("while a page fails", said)
	w.set("/b", list("b1"))
	said, _, _, _ = w.walk()
	w.expect("when it is back", said, "gone a2")
}

// A page that never had anything and fails in every walk does not keep the walk
// from knowing what is gone.
func TestLastingFaultsDoNotHideGone(t *testing.T) {
	w := newWorld(t, map[string]string{"/": list("", "/a", "/captcha", "/broken"), "/a": list("a1 a2"),
		"/captcha": `<title>Attention Required!</title><form id="challenge-form">`, "/broken": "!500"})
	w.walk()
	w.set("/a", list("a1"))
	said, _, _, _ := w.walk()
	w.expect("second walk", said, "gone a2")
}

func TestNotModified(t *testing.T) {
	w := newWorld(t, map[string]string{"/": "@" + list("", "/a"), "/a": "@" + list("a1", "/a?page=2"), "/a?page=2": "@" + list("a2")})
	w.walk()
	said, rows, asked, err := w.walk()
	if err != nil {
		t.Fatal(err)
	}
	w.expect("said", said)
	w.expect("rows", rows, "/ not_modified", "/a not_modified", "/a?page=2 not_modified")
	w.expect("asked", asked, "/", "/a", "/a?page=2")
	w.cfg.Epoch = "another recipe"
	_, rows, _, _ = w.walk()
	w.expect("rows when what is read has changed", rows, "/ ok", "/a ok", "/a?page=2 ok")
}

// The site's validators cover neither numbers nor letters: a1 and a3 look the
// same to them.
func TestUnchangedIsBelievedForAWhile(t *testing.T) {
	w := newWorld(t, map[string]string{"/": "@" + list("", "/a"), "/a": "@" + list("a1")})
	w.walk()
	w.set("/a", "@"+list("a3"))
	said, _, _, _ := w.walk()
	w.expect("said while the site's word is taken", said)
	page, _, err := w.db.Source("source").Page(w.url + "/a")
	if err != nil || !page.Whole.Before(page.Fetched) {
		t.Errorf("whole at %v, asked at %v, %v", page.Whole, page.Fetched, err)
	}
	w.cfg.Revalidate = 0
	said, rows, _, _ := w.walk()
	w.expect("said when it is not", said, "a3", "gone a1")
	w.expect("rows", rows, "/ ok", "/a ok")
}

// Each trap costs few requests and one ledger row where it is left.
func TestTraps(t *testing.T) {
	tests := map[string]struct {
		pages   map[string]string
		rows    []string
		reading func(c *walk.Config)
	}{
		"calendar": {map[string]string{"/": list("a", "/cal?month=1"), "/cal*": list("", "/", "/cal?month={{next}}")},
			[]string{"/ ok", "/cal?month=1 ok", "/cal?month=2 ok", "/cal?month=3 refused trap"}, nil},
		"filters that add up": {map[string]string{"/": list("a", "/f?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1"), "/f*": list("", "/f?{{query}}&red")},
			[]string{"/ ok", "/f?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1 ok", "/f?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&red ok", "/f?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&red&red refused trap"}, nil},
		"last page repeats": {map[string]string{"/": list("", "/r?page=1"), "/r?page=1": list("a b", "/r?page=2"), "/r?page=2": list("c d", "/r?page=3"),
			"/r?page=3": list("c d", "/r?page=4"), "/r?page=4": list("c d", "/r?page=5"), "/r?page=5": list("c d")},
			[]string{"/ ok", "/r?page=1 ok", "/r?page=2 ok", "/r?page=3 ok", "/r?page=4 ok", "/r?page=5 refused trap"}, nil},
		"index pages lead on": {map[string]string{"/": list("", "/i?page=1"), "/i?page=1": list("", "/x", "/i?page=2"), "/i?page=2": list("", "/y", "/i?page=3"),
			"/i?page=3": list("", "/z"), "/x": list("x"), "/y": list("y"), "/z": list("z")},
			[]string{"/ ok", "/i?page=1 ok", "/x ok", "/i?page=2 ok", "/y ok", "/i?page=3 ok", "/z ok"}, nil},
		"path loop": {map[string]string{"/": list("a", "/l/x/"), "/l/x/": list("", "x/x/x/"), "/l/x/x/x/x/": list("")},
			[]string{"/ ok", "/l/x/ ok", "/l/x/x/x/x/ refused trap"}, nil},
		"session ids": {map[string]string{"/": list("a", "/s?sid=0123456789abcdef0123456789abcdef", "/s?sid=fedcba9876543210fedcba9876543210", "/s;jsessionid=77"), "/s": list("b")},
			[]string{"/ ok", "/s ok"}, nil},
		"depth": {map[string]string{"/": list("a", "/1"), "/1": list("b", "/2"), "/2": list("c", "/3")},
			[]string{"/ ok", "/1 ok", "/2 ok", "/3 refused depth"}, func(c *walk.Config) { c.MaxDepth = 2 }},
		"page cap": {map[string]string{"/": list("a", "/1", "/2", "/3"), "/1": list("b"), "/2": list("c"), "/3": list("d")},
			[]string{"/ ok", "/1 ok", "/2 refused pages"}, func(c *walk.Config) { c.MaxPages = 2 }},
		"long URL": {map[string]string{"/": list("a", "/"+strings.Repeat("y", 80))},
			[]string{"/ ok", "/" + strings.Repeat("y", 80) + " refused trap"}, func(c *walk.Config) { c.MaxURLLength = 60 }},
		"spellings of one page": {map[string]string{"/": list("a", "/b?x=1&y=2", "/b?y=2&x=1", "/b?x=1&y=2#z", "/b?x=1&y=2&utm_source=q", "/./b?x=1&y=2", "/%62?x=1&y=2"), "/b?x=1&y=2": list("b")},
			[]string{"/ ok", "/b?x=1&y=2 ok"}, nil},
		"robots": {map[string]string{"/robots.txt": "User-agent: *\nDisallow: /private\n", "/": list("a", "/private/1", "/open"), "/open": list("b")},
			[]string{"/ ok", "/private/1 refused robots", "/open ok"}, nil},
		"schemes": {map[string]string{"/": list("a", "file:///etc/passwd", "ftp://x.example/", "mailto:a@b.example", "javascript:void(0)", "tel:1")},
			[]string{"/ ok", "file:///etc/passwd refused scheme", "ftp://x.example/ refused scheme"}, nil},
		"private networks": {map[string]string{"/": list("a", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/", "http://0x7f000002/")},
			[]string{"/ ok", "http://169.254.169.254/latest/ refused private_network", "http://[::ffff:a00:1]/ refused private_network", "http://127.0.0.2/ refused private_network"}, nil},
		"password in a URL": {map[string]string{"/": list("a", "http://user:secret@shop.example/")},
			[]string{"/ ok", "http://shop.example/ refused credentials"}, nil},
		"other hosts": {map[string]string{"/": list("a", "https://elsewhere.example/")}, []string{"/ ok"}, nil},
		"redirect out of scope": {map[string]string{"/": list("a", "/out"), "/out": ">/not-included", "/not-included": list("b")},
			[]string{"/ ok", "/out refused scope"}, func(c *walk.Config) { c.Include = []string{"^/out$"} }},
		"redirect to a visited page": {map[string]string{"/": list("a", "/b", "/old"), "/b": list("b"), "/old": ">/b"},
			[]string{"/ ok", "/b ok", "/old ok"}, nil},
		"redirect ahead of a link": {map[string]string{"/": list("a", "/old", "/b"), "/b": list("b"), "/old": ">/b"},
			[]string{"/ ok", "/old ok"}, nil},
		"loop": {map[string]string{"/": list("a", "/loop"), "/loop": ">/loop"}, []string{"/ ok", "/loop refused redirect_loop"}, nil},
		"captcha": {map[string]string{"/": list("a", "/c"), "/c": `<title>Attention Required!</title><form id="challenge-form">`},
			[]string{"/ ok", "/c soft_fail challenge"}, nil},
		"login wall": {map[string]string{"/": list("a", "/c"), "/c": `<title>Üye Girişi</title><input type="password">`},
			[]string{"/ ok", "/c soft_fail login"}, nil},
		"broken extractor": {map[string]string{"/": list("a", "/p"), "/p": "PANIC"}, []string{"/ ok", "/p soft_fail parse"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tt.pages)
			if tt.reading != nil {
				tt.reading(&w.cfg)
			}
			_, rows, _, err := w.walk()
			if err != nil {
				t.Fatal(err)
			}
			for i := range rows {
				rows[i] = strings.ReplaceAll(rows[i], w.url, "")
			}
			w.expect("rows", rows, tt.rows...)
		})
	}
}

func TestTrouble(t *testing.T) {
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf("/m%d", i)
	}
	tests := map[string]struct {
		pages  map[string]string
		reason string
	}{
		"nothing at all":    {map[string]string{"/": list("")}, "empty"},
		"start page is 404": {map[string]string{}, "not_found"},
		"start page is 403": {map[string]string{"/": "!403"}, "forbidden"},
		"robots.txt is 500": {map[string]string{"/robots.txt": "!500", "/": list("a")}, "robots_unreachable"},
		"all is challenge":  {map[string]string{"/": "<title>Lütfen bekleyiniz...</title>"}, "challenge"},
		"500 storm":         {map[string]string{"/": list("", many...), "/m0": "!500"}, "server_error"},
	}
	for i := range many {
		tests["500 storm"].pages[many[i]] = "!500"
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tt.pages)
			_, rows, asked, err := w.walk()
			var trouble *crawler.Trouble
			if !errors.As(err, &trouble) || trouble.Reason != tt.reason {
				t.Errorf("error %v, want %s; rows %v", err, tt.reason, rows)
			}
			if len(asked) > 40 {
				t.Errorf("%d requests to a site in trouble", len(asked))
			}
		})
	}
}

// A walk that is broken off goes on where it stopped, and says no less.
func TestResume(t *testing.T) {
	pages := map[string]string{"/": list("", "/p0")}
	var want []string
	for i := range 8 {
		pages[fmt.Sprintf("/p%d", i)] = list(fmt.Sprintf("k%d", i), fmt.Sprintf("/p%d", i+1))
		want = append(want, fmt.Sprintf("k%d", i))
	}
	for stopAt := range 8 {
		t.Run(fmt.Sprint("after ", stopAt), func(t *testing.T) {
			w := newWorld(t, pages)
			killed := errors.New("killed")
			inbox := &crawlertest.Inbox{Refuse: func(n int) error {
				if n == stopAt {
					return killed
				}
				return nil
			}}
			source, err := walk.New("source", w.cfg, crawlertest.Client(t), w.db, paragraphs{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := source.Collect(t.Context(), nil, inbox); !errors.Is(err, killed) {
				t.Fatal(err)
			}
			said, _, asked, err := w.walk()
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range inbox.Mentions() {
				said = append(said, m.Author.Name)
			}
			slices.Sort(said)
			w.expect("said in both", said, want...)
			if first := fmt.Sprintf("/p%d", stopAt); len(asked) == 0 || asked[0] != first && asked[0] != "/p8" {
				t.Errorf("asked %v, want to go on with %s", asked, first)
			}
		})
	}
}

func TestSitemaps(t *testing.T) {
	w := newWorld(t, map[string]string{
		"/robots.txt": "Sitemap: {{base}}/index.xml\n",
		"/index.xml":  `<sitemapindex><sitemap><loc>{{base}}/a.xml</loc></sitemap><sitemap><loc>{{base}}/index.xml</loc></sitemap></sitemapindex>`,
		"/a.xml": `@<?xml version="1.0"?><urlset><url><loc>{{base}}/old</loc><lastmod>2026-01-02</lastmod></url>
			<url><loc> {{base}}/new </loc><lastmod>2026-10-02T10:00:00+03:00</lastmod></url><url><loc>http://elsewhere.example/x</loc></url></urlset>`,
		"/": list(""), "/old": list("o"), "/new": list("n"),
	})
	said, rows, _, err := w.walk()
	if err != nil {
		t.Fatal(err)
	}
	w.expect("said", said, "n", "o")
	w.expect("rows", rows, "/index.xml ok", "/a.xml ok", "/ ok", "/new ok", "/old ok")
	_, rows, _, _ = w.walk()
	w.expect("rows of the second walk", rows, "/index.xml ok", "/a.xml not_modified", "/ ok", "/new ok", "/old ok")
}

func TestTwoSourcesShareAPage(t *testing.T) {
	w := newWorld(t, map[string]string{"/": list("a", "/b"), "/b": list("b")})
	web, run := crawlertest.Client(t), fetch.NewRun()
	var wg sync.WaitGroup
	inboxes := []*crawlertest.Inbox{{}, {}, {}}
	for i, inbox := range inboxes {
		source, err := walk.New(fmt.Sprint("source", i), w.cfg, web, w.db, paragraphs{})
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			if _, err := source.Collect(fetch.WithRun(t.Context(), run), nil, inbox); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i, inbox := range inboxes {
		if n := len(inbox.Mentions()); n != 2 {
			t.Errorf("source %d found %d mentions, want 2", i, n)
		}
	}
	slices.Sort(w.asked)
	w.expect("asked", w.asked, "/", "/b")
}

// A start page may lead to another host of its domain, which then belongs to
// the source; unless the hosts are configured.
func TestStartRedirectsWithinItsDomain(t *testing.T) {
	w := newWorld(t, map[string]string{"/": list("", "/a"), "/a": list("a")})
	front := httptest.NewServer(http.RedirectHandler(w.url+"/", http.StatusMovedPermanently))
	t.Cleanup(front.Close)
	w.cfg.Start = []string{front.URL + "/"}
	said, rows, _, err := w.walk()
	if err != nil {
		t.Fatal(err)
	}
	w.expect("said", said, "a")
	w.expect("rows", rows, front.URL+"/ ok", "/a ok")
	w.set("/a", list("b"))
	said, _, _, _ = w.walk()
	w.expect("said in the second walk", said, "b", "gone a")
	w.cfg.Hosts = []string{strings.TrimPrefix(front.URL, "http://")}
	_, rows, _, _ = w.walk()
	w.expect("rows when hosts are configured", rows, front.URL+"/ refused scope")
}

func TestConfig(t *testing.T) {
	good := walk.DefaultConfig()
	good.Start = []string{"https://shop.example/"}
	if err := good.Validate(); err != nil {
		t.Errorf("the defaults with a start page: %v", err)
	}
	bad := walk.Config{Start: []string{"ftp://x"}, Include: []string{"("}}
	for _, key := range []string{"start", "include", "max_pages", "max_url_length", "max_segment_repeats"} {
		if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%v says nothing of %s", err, key)
		}
	}
}
