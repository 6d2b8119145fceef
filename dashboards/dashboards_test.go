package dashboards

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { enginetest.Main(m) }

// TestExportIsAsReviewed compares what Grafana provisions with the files that
// compose.yaml mounts.
func TestExportIsAsReviewed(t *testing.T) {
	dir := t.TempDir()
	if *update {
		dir = "grafana"
	}
	if err := Export(dir, "clickhouse", 8123, i18n.English); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		rel, _ := filepath.Rel(dir, path)
		got, _ := os.ReadFile(path)
		if want, err := os.ReadFile(filepath.Join("grafana", rel)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("grafana/%s differs (%v); look at the difference and run: go test ./dashboards -update", rel, err)
		}
		return nil
	})
	if err != nil || files != 9 {
		t.Errorf("%d files exported, %v", files, err)
	}
}

// TestEveryQueryRuns sends each panel's and variable's SQL, with the macros of
// the plugin filled in, to a real store as the read-only user.
func TestEveryQueryRuns(t *testing.T) {
	access := filled(t)
	for _, lang := range i18n.Languages() {
		for title, sql := range queries(t, lang) {
			for _, chosen := range []string{"", "Paytak"} {
				rows := ask(t, access, expand(t, sql, chosen))
				if len(rows) == 0 {
					t.Errorf("%s, %s, brand %q: no row", lang, title, chosen)
				}
			}
		}
	}
}

func TestFiguresAreRight(t *testing.T) {
	access := filled(t)
	sql := queries(t, i18n.English)
	for title, want := range map[string]string{
		"Mentions":         `{"Mentions":3}`,
		"Unhappy share":    `{"Unhappy share":0.6666666666666666}`,
		"Open escalations": `{"Open escalations":1}`,
	} {
		if rows := ask(t, access, expand(t, sql[title], "Paytak")); len(rows) == 0 || rows[0] != want {
			t.Errorf("%s: %v, want %s", title, rows, want)
		}
	}
	if rows := ask(t, access, expand(t, sql["Topics"], "Paytak")); len(rows) != 2 || rows[0] != `{"Topics":"Delivery","Complaints":2,"Praise":0}` {
		t.Errorf("topics: %v", rows)
	}
}

// empty is a store with nothing in it.
func empty(t *testing.T) (*storage.Store, engine.Access) {
	t.Helper()
	access := enginetest.Start(t)
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.User, cfg.Password, cfg.Database, cfg.Secret = access.URL, access.WriterUser, access.WriterPassword, access.Database, []byte("test")
	s, err := storage.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, access
}

// filled is a store with a few mentions, visits and an escalation.
func filled(t *testing.T) engine.Access {
	t.Helper()
	s, access := empty(t)
	now := time.Now().UTC().Truncate(time.Second)
	row := func(key string, mood mention.Mood, topics, praise []string) mention.Scored {
		m := mention.Mention{ID: mention.NewID("site", "example.org", key), Source: "shop", SourceKind: "site", Kind: mention.KindReview, Text: "Kargo gelmedi " + key,
			Written: mention.Written{Time: now.Add(-time.Hour), Precision: mention.PrecisionMinute}, Collected: now, SeenFirst: now, Origin: mention.OriginLive}
		return mention.Scored{Mention: m.Revise(), Brand: "Paytak", Verdict: mention.Verdict{Language: "tr", Mood: mood, Topics: topics, Praise: praise, Priority: 3, Lexicon: "x",
			Reasons: []mention.Reason{{Rule: "lexicon", Text: "gelmedi", Start: 6, End: 13, Weight: -2}}}}
	}
	rows := []mention.Scored{row("1", mention.Angry, []string{"delivery"}, nil), row("2", mention.Dissatisfied, []string{"delivery"}, []string{"quality"}), row("3", mention.Satisfied, nil, nil)}
	if _, err := s.Insert(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := s.InsertVisits(t.Context(), []mention.Visit{{ID: "v1", Run: "r1", Source: "shop", URL: "http://example.org/", At: now, Status: 200, Outcome: mention.OutcomeOK, Mentions: 3}}); err != nil {
		t.Fatal(err)
	}
	e := mention.Escalation{ID: "e1", Rule: "angry_now", Severity: "critical", Brand: "Paytak", Mention: rows[0].Mention.ID, State: mention.StateOpen, Opened: now, Excerpt: "Kargo gelmedi", Priority: 1}
	if err := s.InsertEvents(t.Context(), []mention.Event{{ID: "ev1", At: now, Type: "opened", State: mention.StateOpen, Escalation: e}}); err != nil {
		t.Fatal(err)
	}
	return access
}

// queries reads the SQL back out of the JSON that Grafana gets.
func queries(t *testing.T, lang i18n.Language) map[string]string {
	t.Helper()
	body, err := JSON(lang)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ RawSQL string }
		}
		Templating struct {
			List []struct{ Name, Query string }
		}
	}
	if err := json.Unmarshal(body, &d); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			if _, ok := found[p.Title]; ok {
				p.Title += " (list)"
			}
			found[p.Title] = target.RawSQL
		}
	}
	for _, v := range d.Templating.List {
		found["variable "+v.Name] = v.Query
	}
	if len(found) != 13 {
		t.Fatalf("%d queries found, want 10 panels and 3 variables", len(found))
	}
	return found
}

// expand fills in the plugin's macros as its documentation says. An empty brand stands for "All".
func expand(t *testing.T, sql, brand string) string {
	t.Helper()
	from, to := time.Now().AddDate(0, 0, -30).Unix(), time.Now().Unix()
	number := func(n int64) string {
		return "toDateTime(" + time.Unix(n, 0).UTC().Format("'2006-01-02 15:04:05'") + ", 'UTC')"
	}
	sql = regexp.MustCompile(`\$__timeFilter\((\w+)\)`).ReplaceAllString(sql, "$1 >= "+number(from)+" AND $1 <= "+number(to))
	sql = regexp.MustCompile(`\$__timeInterval\((\w+)\)`).ReplaceAllString(sql, "toStartOfInterval(toDateTime($1), INTERVAL 3600 second)")
	sql = regexp.MustCompile(`\$__conditionalAll\((\w+) IN \(\$\{(\w+):singlequote\}\), \$(\w+)\)`).ReplaceAllStringFunc(sql, func(s string) string {
		if brand != "" && strings.Contains(s, "$brand") {
			return "brand IN ('" + brand + "')"
		}
		return "1=1"
	})
	if strings.Contains(sql, "$") {
		t.Fatalf("a macro is left in:\n%s", sql)
	}
	return sql
}

// ask runs sql as the user without a password and answers one JSON object a row.
func ask(t *testing.T, access engine.Access, sql string) []string {
	t.Helper()
	sql = strings.ReplaceAll(sql, "feryat.", access.Database+".")
	q := url.Values{"query": {sql + "\nFORMAT JSONEachRow"}, "output_format_json_quote_64bit_integers": {"0"}}
	resp, err := http.Post(access.URL+"/?"+q.Encode(), "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s %v\n%s", resp.StatusCode, body, err, sql)
	}
	return strings.FieldsFunc(string(body), func(r rune) bool { return r == '\n' })
}
