package storage_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// cookbook is docs/sql.md as far as it can be run.
type cookbook struct {
	params    map[string][2]string // type and default by name
	questions []question
}

type question struct{ title, prose, sql string }

func readCookbook(t *testing.T) cookbook {
	t.Helper()
	text, err := os.ReadFile("../docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), "\n## ")
	book := cookbook{params: map[string][2]string{}}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `([^`]+)` \\| `([^`]+)` \\|").FindAllStringSubmatch(head, -1) {
		book.params[row[1]] = [2]string{row[2], row[3]}
	}
	for _, section := range strings.Split(rest, "\n## ") {
		title, body, _ := strings.Cut(section, "\n")
		prose, body, _ := strings.Cut(body, "\n```sql\n")
		sql, after, closed := strings.Cut(body, "\n```")
		if !closed || strings.TrimSpace(after) != "" {
			t.Errorf("%s: has no single block of SQL at its end", title)
		}
		book.questions = append(book.questions, question{title, prose, sql})
	}
	return book
}

// TestCookbook runs every question of docs/sql.md as the reader, on data in which each has an answer.
func TestCookbook(t *testing.T) {
	t.Parallel()
	book := readCookbook(t)
	access := enginetest.Start(t)
	s := openStore(t, embeddedConfig(access))
	seedCookbook(t, s)
	views := lines(t, s, "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'")
	used := map[string]bool{}
	if len(book.questions) < 12 || len(book.params) == 0 {
		t.Fatalf("%d questions, %d parameters", len(book.questions), len(book.params))
	}
	for _, q := range book.questions {
		t.Run(q.title, func(t *testing.T) {
			if !strings.Contains(q.prose, "Counts: ") || !strings.Contains(q.prose, "Misleads: ") {
				t.Error("it does not say what it counts and what misleads")
			}
			for _, name := range sourcesOf(q.sql) {
				used[name] = true
				if !slices.Contains(views, name) {
					t.Errorf("%s is no view", name)
				}
			}
			rows := answer(t, access, book.bind(t, q), q.sql)
			told(t, rows)
			number, _, _ := strings.Cut(q.title, ".")
			if want := figures()[number]; want != "" && fmt.Sprint(rows) != want {
				t.Errorf("got  %v\nwant %s", rows, want)
			}
		})
	}
	for _, view := range views {
		// Where things stand now, for pages; and what other views are made of.
		if !used[view] && !slices.Contains([]string{"v_coverage", "v_escalations", "v_stale_days", "v_author_reckoned", "v_brief_now", "v_dirty_days", "v_due_authors"}, view) {
			t.Errorf("no question uses %s", view)
		}
	}
}

// bind gives the values of the parameters that a question names.
func (b cookbook) bind(t *testing.T, q question) url.Values {
	t.Helper()
	values := url.Values{}
	for _, use := range regexp.MustCompile(`\{(\w+):([^}]+)\}`).FindAllStringSubmatch(q.sql, -1) {
		param, known := b.params[use[1]]
		if !known || param[0] != use[2] {
			t.Errorf("%s is no parameter of the table", use[0])
		}
		values.Set("param_"+use[1], param[1])
	}
	return values
}

// sourcesOf are the tables and views that a statement reads, without its own sub-queries.
func sourcesOf(sql string) (names []string) {
	own := regexp.MustCompile(`(\w+) AS\s*\(`).FindAllStringSubmatch(sql, -1)
	for _, m := range regexp.MustCompile(`\b(?:FROM|JOIN)\s+([\w.]+)`).FindAllStringSubmatch(sql, -1) {
		if !slices.ContainsFunc(own, func(o []string) bool { return o[1] == m[1] }) {
			names = append(names, m[1])
		}
	}
	return names
}

// answer asks over HTTP as the read-only user, as the page says.
func answer(t *testing.T, access engine.Access, values url.Values, sql string) (rows []map[string]any) {
	t.Helper()
	values.Set("database", access.Database)
	values.Set("default_format", "JSON")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, access.URL+"/?"+values.Encode(), strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(access.ReaderUser, "")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %v: %s", resp.StatusCode, err, body)
	}
	var found struct {
		Data []map[string]any `json:"data"`
	}
	if err := json.Unmarshal(body, &found); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return found.Data
}

// told: there are rows, and each column says something in one of them. JSON writes what is no number as null.
func told(t *testing.T, rows []map[string]any) {
	t.Helper()
	if len(rows) == 0 {
		t.Fatal("no rows")
	}
	for column := range rows[0] {
		if !slices.ContainsFunc(rows, func(row map[string]any) bool {
			return !slices.Contains([]any{nil, "", "0", 0.0, false}, row[column])
		}) {
			t.Errorf("column %s is empty in all %d rows", column, len(rows))
		}
	}
	t.Logf("%d rows, first %v", len(rows), rows[0])
}
