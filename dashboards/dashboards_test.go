package dashboards

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feryat/i18n"
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
	if err != nil || files != 6+3*len(boards()) {
		t.Errorf("%d files exported, %v", files, err)
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

// ask runs sql as the user without a password and answers one JSON object a row.
func ask(t *testing.T, access engine.Access, sql string) []string {
	t.Helper()
	rows, err := answer(access, sql, "JSONEachRow")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// answer gives one line a row, as the read-only user sees it.
func answer(access engine.Access, sql, format string) ([]string, error) {
	return answerTo(nil, access, sql, format)
}

func answerTo(user *url.Userinfo, access engine.Access, sql, format string) ([]string, error) {
	sql = strings.ReplaceAll(sql, "feryat.", access.Database+".")
	q := url.Values{"query": {sql + "\nFORMAT " + format}, "output_format_json_quote_64bit_integers": {"0"}}
	to, err := url.Parse(access.URL + "/?" + q.Encode())
	if err != nil {
		return nil, err
	}
	to.User = user
	resp, err := http.Post(to.String(), "text/plain", nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%d %s %w\n%s", resp.StatusCode, body, err, sql)
	}
	return strings.FieldsFunc(string(body), func(r rune) bool { return r == '\n' }), nil
}
