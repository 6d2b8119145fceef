package view

import (
	"context"
	"flag"
	"html/template"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"feryat/dashboards/dashboardstest"
	"feryat/i18n"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { enginetest.Main(m) }

func now() time.Time { return time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC) }

// open gives a viewer of a store whose questions are asked as the user who may only read.
func open(t *testing.T) (*Viewer, *storage.Store) {
	t.Helper()
	access := enginetest.Start(t)
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.User, cfg.Password, cfg.Database, cfg.Secret, cfg.ReaderUser = access.URL, access.WriterUser, access.WriterPassword, access.Database, []byte("test"), access.ReaderUser
	s, err := storage.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return v, s
}

// show draws a dashboard: a piece of HTML a panel.
func show(t *testing.T, v *Viewer, b Board, l i18n.Language, query string, at time.Time) (Choice, []string) {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, err := v.Choose(t.Context(), b, l, q, at)
	if err != nil {
		t.Fatal(err)
	}
	var panels []string
	err = v.Draw(t.Context(), c, func(html template.HTML) error {
		panels = append(panels, string(html))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, panels
}

func goldenBoard(t *testing.T) Board {
	t.Helper()
	body, err := os.ReadFile("testdata/board.json")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Read("board.json", body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryKind draws a panel of each kind and compares with what was looked at.
func TestEveryKind(t *testing.T) {
	v, _ := open(t)
	b := goldenBoard(t)
	for _, l := range []i18n.Language{i18n.English, i18n.Persian} {
		c, panels := show(t, v, b, l, "var-limit=2", now())
		golden := filepath.Join("testdata", "board."+string(l)+".golden.html")
		long := panels[len(panels)-1]
		got := strings.Join(panels[:len(panels)-1], "\n")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s differs (%v); look at the difference and run: go test ./dashboards/view -update", golden, err)
		}
		if rows := strings.Count(long, "<tr>"); rows != maxRows+1 || !strings.Contains(long, v.texts.T(l, "view.cut", i18n.Number(l, maxRows))) {
			t.Errorf("%d rows of 5000, and nothing says so", rows)
		}
		if links := v.Boards(c); len(links) != 1 || links[0].URL != "https://example.org/?" && links[0].URL != "https://example.org/" {
			t.Errorf("links %+v", links)
		}
		for _, bad := range []string{"<script", "javascript:", "<b>Rakip"} {
			if strings.Contains(strings.ReplaceAll(got, ">javascript:alert(1)<", ""), bad) {
				t.Errorf("%s gets through", bad)
			}
		}
	}
}

// TestOwnBoards draws feryat's dashboards over a store in which each panel has something to show.
func TestOwnBoards(t *testing.T) {
	v, s := open(t)
	dashboardstest.Fill(t, s)
	narrow := url.Values{}
	for name, value := range dashboardstest.One() {
		narrow.Set(param(name), value)
	}
	latin := regexp.MustCompile(`>[^<]*\d[^<]*</(?:text|dd|b)>`)
	panels := 0
	for l, query := range map[i18n.Language]string{i18n.Turkish: "", i18n.Persian: narrow.Encode()} {
		for _, b := range v.List(l) {
			began := time.Now()
			c, all := show(t, v, b, l, query, time.Now())
			t.Logf("%s: %d panels in %s", b.UID, len(all), time.Since(began).Round(time.Millisecond))
			if panels += len(all); len(c.Missing()) > 0 || c.BadTime {
				t.Errorf("%s: %q is missing", b.UID, c.Missing())
			}
			for i, html := range all {
				where := b.UID + ", " + b.Panels[i].Title
				if strings.Contains(html, `class="notice"`) || strings.Contains(html, `class="empty"`) {
					t.Errorf("%s shows nothing: %s", where, html)
				}
				if found := latin.FindString(html); l == i18n.Persian && found != "" && strings.ContainsAny(found, "0123456789") {
					t.Errorf("%s: Latin digits in %s", where, found)
				}
				if strings.Contains(html, "${") || strings.Contains(html, "ZgotmplZ") {
					t.Errorf("%s: a link is not filled in", where)
				}
			}
		}
	}
	if panels != 130 {
		t.Errorf("%d panels", panels)
	}
}

// TestForeignValues: what an address says is used only if it is offered, and then as a value.
func TestForeignValues(t *testing.T) {
	v, _ := open(t)
	b := goldenBoard(t)
	b.Panels = b.Panels[9:10]
	for query, want := range map[string]string{
		"var-brand=O'Neil\\":                           `O&#39;Neil\`,
		"var-brand=Paytak":                             "Paytak",
		"var-brand=%3Cb%3ERakip%3C/b%3E":               "&lt;b&gt;Rakip&lt;/b&gt;",
		"var-brand=')+UNION+ALL+SELECT+1--":            `class="empty"`,
		"var-limit=5+UNION+ALL+SELECT+1":               `class="empty"`,
		"var-limit=5&var-limit=2&var-brand=Paytak":     "Paytak",
		"var-brand=nobody&var-brand=Paytak":            "Paytak",
		"var-brand=" + strings.Repeat("x", maxValue+1): "Paytak", // as if not given
		"var-brand=%ff":                                "Paytak",
	} {
		c, panels := show(t, v, b, i18n.English, query, now())
		if !strings.Contains(panels[0], want) {
			t.Errorf("%s gives %s", query, panels[0])
		}
		if strings.Contains(query, "UNION") != (len(c.Missing()) == 1) && !strings.Contains(query, "nobody") {
			t.Errorf("%s: missing %q", query, c.Missing())
		}
	}
	if len(v.offered.asks) == 0 || len(v.offered.asks) > 3 {
		t.Errorf("%d questions for the values of one variable", len(v.offered.asks))
	}
	overview, _ := v.Board("feryat-overview", i18n.English)
	if _, panels := show(t, v, overview, i18n.English, "var-brand=nobody", time.Now()); !strings.Contains(panels[0], "No data") {
		t.Errorf("a brand that is not there has %s", panels[0])
	}
}

// away is a store that cannot be reached.
type away struct{}

func (away) QueryWithin(ctx context.Context, _ time.Duration, _ int64, _, _ string, _ io.Writer) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestSlowStore: a query has its time, and what does not come is told in its panel.
func TestSlowStore(t *testing.T) {
	v, err := New(away{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	v.patience = time.Millisecond
	own, _ := v.Board("feryat-overview", i18n.English)
	if _, err := v.Choose(t.Context(), own, i18n.English, nil, now()); !Gone(err) {
		t.Errorf("choosing: %v", err)
	}
	own.Templating.List = nil
	own.Panels = own.Panels[:1]
	own.Panels[0].Targets[0].RawSQL = "SELECT 1"
	c := Choice{Board: own, Language: i18n.English, Span: Span{From: now().Add(-time.Hour), To: now()}}
	if err := v.Draw(t.Context(), c, func(html template.HTML) error {
		if !strings.Contains(string(html), "does not answer") {
			t.Errorf("%s", html)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := v.Draw(ctx, c, func(template.HTML) error { return nil }); err == nil {
		t.Error("draws for nobody")
	}
}
