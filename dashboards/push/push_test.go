package push

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"feryat/dashboards"
	"feryat/i18n"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func bundle(t testing.TB, lang i18n.Language) dashboards.Bundle {
	t.Helper()
	b, err := dashboards.NewBundle(lang, "desk@example.org;team@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// push answers how many things became what, and the changes that are no plain ones.
func push(t testing.TB, cfg Config, b dashboards.Bundle) (map[string]int, []Change, error) {
	t.Helper()
	counts, odd := map[string]int{}, []Change{}
	err := Push(t.Context(), cfg, b, func(c Change) error {
		counts[c.What]++
		if c.Why != "" || c.What == Updated {
			odd = append(odd, c)
		}
		return nil
	})
	if err != nil && strings.Contains(err.Error(), token) {
		t.Errorf("the token is in the error: %v", err)
	}
	return counts, odd, err
}

func must(t testing.TB, cfg Config, b dashboards.Bundle, want string) []Change {
	t.Helper()
	counts, odd, err := push(t, cfg, b)
	if got := fmt.Sprint(counts); err != nil || got != "map["+want+"]" {
		t.Fatalf("%s, want %s: %v %v", got, want, err, odd)
	}
	return odd
}

// TestPushTwice: the second push changes nothing, whatever the language of alerts or the version of Grafana.
func TestPushTwice(t *testing.T) {
	g := newGrafana(t)
	b := bundle(t, i18n.English)
	all := 2 + len(b.Dashboards) + len(b.ContactPoints) + len(b.RuleGroups) + len(b.Templates) + 1
	cfg := g.quickly()
	cfg.DryRun = true
	must(t, cfg, b, fmt.Sprintf("created:%d unchanged:1 updated:1", all-2)) // the data source is there, and a tree of policies
	if len(g.writes) > 0 || len(g.boards) > 0 {
		t.Errorf("a dry run wrote: %v", g.writes)
	}
	cfg.DryRun = false
	must(t, cfg, b, fmt.Sprintf("created:%d unchanged:1 updated:1", all-2))
	for _, g.listed = range []bool{true, false} {
		g.writes = nil
		must(t, cfg, b, fmt.Sprintf("unchanged:%d", all))
		if len(g.writes) > 0 {
			t.Errorf("a second push wrote: %v", g.writes)
		}
	}
	odd := must(t, cfg, bundle(t, i18n.Persian), fmt.Sprintf("unchanged:%d updated:3", all-3)) // rules and policies are told in another language
	if g.policies["receiver"] != "feryat-fa" || len(odd) != 3 {
		t.Errorf("%v", odd)
	}
	if len(g.boards) != len(b.Dashboards) || g.folders["feryat"] == "" || len(g.points) != 3 {
		t.Errorf("%d dashboards, %v, %d contact points", len(g.boards), g.folders, len(g.points))
	}
}

// TestOthersAreLeftAlone: what people made or changed is refused and named, and overwritten by force alone.
func TestOthersAreLeftAlone(t *testing.T) {
	g := newGrafana(t)
	b := bundle(t, i18n.English)
	cfg := g.quickly()
	cfg.Editable = true
	g.policies["routes"] = []any{map[string]any{"receiver": "ops"}}
	if _, odd, err := push(t, cfg, b); err != nil || len(odd) != 1 || odd[0].Kind != "policies" || odd[0].What != Refused {
		t.Fatalf("the tree of others: %v %v", odd, err)
	}
	board := g.boards[b.Dashboards[0].Name]
	board.messages, board.folder = append([]string{"made it nicer"}, board.messages...), "elsewhere"
	g.folders["elsewhere"] = "Elsewhere"
	g.boards[b.Dashboards[1].Name].file = true
	g.points[0]["settings"].(map[string]any)["addresses"] = "own@example.org"
	g.templates["feryat.tr"]["template"] = "own"
	rule := g.groups["feryat/feryat-customers"]["rules"].([]any)[0].(map[string]any)
	rule["for"] = "1h"
	operations := g.groups["feryat/feryat-operations"]
	operations["rules"] = append(operations["rules"].([]any), map[string]any{"uid": "own", "title": "Own rule", "provenance": ""})
	_, odd, err := push(t, cfg, b)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range odd {
		got = append(got, c.What+" "+c.Kind)
	}
	slices.Sort(got)
	want := []string{"refused contact point", "refused dashboard", "refused dashboard", "refused policies", "refused rule group", "refused rule group", "refused template"}
	if !slices.Equal(got, want) {
		t.Errorf("%v", odd)
	}
	cfg.Force = true
	if _, odd, err = push(t, cfg, b); err != nil {
		t.Fatal(err)
	}
	for _, c := range odd {
		if c.What == Refused && !strings.Contains(c.Why, "file of Grafana's provisioning") {
			t.Errorf("force leaves %v", c)
		}
	}
	if board = g.boards[b.Dashboards[0].Name]; board.folder != "elsewhere" || len(g.groups["feryat/feryat-operations"]["rules"].([]any)) != 2 {
		t.Errorf("it is in %s, or the rule of others is there still", board.folder)
	}
	rule = g.groups["feryat/feryat-customers"]["rules"].([]any)[0].(map[string]any)
	rule["isPaused"], rule["for"] = true, "2h"
	if _, _, err = push(t, cfg, b); err != nil || g.groups["feryat/feryat-customers"]["rules"].([]any)[0].(map[string]any)["isPaused"] != true {
		t.Errorf("a rule that was paused goes on: %v", err)
	}
}

// TestTrouble: what Grafana answers becomes words that say what to do; what passes is tried again, what does not is not.
func TestTrouble(t *testing.T) {
	b := bundle(t, i18n.English)
	for name, c := range map[string]struct {
		change func(*grafana, *Config)
		want   string // in the error; empty is none
	}{
		"wrong token":          {func(_ *grafana, c *Config) { c.Token = "glsa_other" }, "the token is wrong or no longer valid"},
		"viewer":               {func(g *grafana, _ *Config) { g.viewer = true }, "the token may not do this"},
		"busy for a while":     {func(g *grafana, _ *Config) { g.fail = []int{503, 500, 429} }, "grafana answers POST /api/folders with 429 (in trouble)"},
		"busy for less":        {func(g *grafana, _ *Config) { g.fail = []int{503, 429} }, ""},
		"an answer is lost":    {func(g *grafana, _ *Config) { g.lost = true }, ""},
		"changed meanwhile":    {func(g *grafana, _ *Config) { g.fail = []int{412} }, ""},
		"changed all the time": {func(g *grafana, _ *Config) { g.fail = []int{412, 412} }, "somebody else changed it meanwhile"},
		"no data source":       {func(g *grafana, _ *Config) { g.datasources = map[string]map[string]any{} }, "let one be made with --clickhouse"},
		"data source made": {func(g *grafana, c *Config) {
			g.datasources, c.ClickHouse = map[string]map[string]any{}, "clickhouse:8123"
		}, ""},
		"another data source":   {func(g *grafana, c *Config) { g.datasources["x"], c.Datasource = map[string]any{"type": pluginID}, "x" }, ""},
		"wrong data source":     {func(g *grafana, _ *Config) { g.datasources["feryat-clickhouse"]["type"] = "loki" }, "it is of type loki"},
		"a password in the URL": {func(_ *grafana, c *Config) { c.URL = "http://admin:secret@host" }, "holds a password"},
		"no URL":                {func(_ *grafana, c *Config) { c.URL = "grafana" }, "no http or https address"},
		"no token":              {func(_ *grafana, c *Config) { c.Token = "" }, "there is no token"},
		"a token with its line": {func(_ *grafana, c *Config) { c.Token += "\n" }, "spaces or line ends"},
		"a wrong path":          {func(_ *grafana, c *Config) { c.URL += "/api/health/x" }, "does not answer as a Grafana does"},
		"nobody there":          {func(g *grafana, _ *Config) { g.Close() }, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGrafana(t)
			if name == "a wrong path" {
				g.t = quiet{t}
			}
			cfg := g.quickly()
			c.change(g, &cfg)
			_, _, err := push(t, cfg, b)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("a password is in %v", err)
			}
		})
	}
}

// quiet is for a test that asks wrong things.
type quiet struct{ testing.TB }

func (quiet) Errorf(string, ...any) {}

// TestNotAGrafana: no token goes to a stranger, nor after a redirect.
func TestNotAGrafana(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"page": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>hello") },
		"json": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"status":"ok"}`) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
		"login": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "" {
					t.Error("a stranger has the token")
				}
				h(w, r)
			}))
			defer s.Close()
			_, _, err := push(t, Config{URL: s.URL, Token: token, Folder: "feryat", Datasource: "d", Tries: 1}, bundle(t, i18n.English))
			if err == nil || !strings.Contains(err.Error(), "does not answer as a Grafana does") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestTellEnds: who cannot be told ends the push.
func TestTellEnds(t *testing.T) {
	full := errors.New("disk full")
	if err := Push(t.Context(), newGrafana(t).quickly(), bundle(t, i18n.English), func(Change) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		ours, theirs any
		want         bool
	}{
		{map[string]any{"a": 1}, map[string]any{"a": 1.0, "b": 2}, true}, {map[string]any{"a": 1}, map[string]any{"b": 2}, false}, {map[string]any{"wait": "24h"}, map[string]any{"wait": "1d"}, true},
		{map[string]any{"wait": "24h"}, map[string]any{"wait": "2d"}, false}, {[]any{1, 2}, []any{1}, false}, {[]any{1}, []any{1}, true}, {"10m", "10m", true}, {"10m", nil, false}, {"", nil, true},
		{map[string]any{"off": false, "n": 0}, map[string]any{}, true}, {map[string]any{"on": true}, map[string]any{}, false}, {map[string]any{"orgID": 1}, map[string]any{"orgID": 5}, true}, {"1d12h", "36h", true}, {"1d x", "36h", false},
	} {
		if got := within(c.ours, c.theirs); got != c.want {
			t.Errorf("%v in %v: %t", c.ours, c.theirs, got)
		}
	}
}

// TestBundleIsWhatIsExported: as many of all as Grafana's files have, and nothing that Grafana would have to fill in.
func TestBundleIsWhatIsExported(t *testing.T) {
	b := bundle(t, i18n.Turkish)
	if len(b.Dashboards) != 18 || len(b.RuleGroups) != 2 || len(b.ContactPoints) != 3 || len(b.Templates) != 3 || len(b.Policies.Body) == 0 {
		t.Errorf("%d dashboards, %d groups, %d contact points, %d templates", len(b.Dashboards), len(b.RuleGroups), len(b.ContactPoints), len(b.Templates))
	}
	for _, p := range b.ContactPoints {
		if strings.Contains(fmt.Sprint(p.Body), "$") {
			t.Errorf("contact point %s has a variable", p.Name)
		}
	}
	uids := slices.Sorted(maps.Keys(func() map[string]bool {
		m := map[string]bool{}
		for _, d := range b.Dashboards {
			m[d.Name] = true
		}
		return m
	}()))
	if len(uids) != len(b.Dashboards) {
		t.Errorf("dashboards share uids: %v", uids)
	}
}
