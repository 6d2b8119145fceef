package engine_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// ask posts a statement and gives status and body. Options become query parameters.
func ask(t *testing.T, access engine.Access, sql string, options ...string) (int, string) {
	t.Helper()
	query := url.Values{}
	for i := 0; i < len(options); i += 2 {
		query.Set(options[i], options[i+1])
	}
	resp, err := client.Post(access.URL+"/?"+query.Encode(), "text/plain", strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// client leaves no connection behind, which would look like a leak.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func asWriter(access engine.Access, options ...string) []string {
	return append([]string{"user", access.WriterUser, "password", access.WriterPassword, "database", access.Database}, options...)
}

// TestBoundary tries to get out of the store as both users. No answer may hold the secret file's content, no request may
// reach the server, no file may appear, whatever the status.
func TestBoundary(t *testing.T) { escapes(t, enginetest.Start(t)) }

// TestSandboxedData: the values to insert may be expressions, which no check looks at; here the kernel alone stands guard.
func TestSandboxedData(t *testing.T) {
	access := enginetest.Start(t)
	enginetest.Exec(t, access, "CREATE TABLE "+access.Database+".t (s String) ENGINE = MergeTree ORDER BY s")
	file := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	status, body := ask(t, access, "INSERT INTO t VALUES (file('"+file+"'))", asWriter(access)...)
	if status == http.StatusOK || !strings.Contains(body, "Permission denied") {
		t.Errorf("%d %s", status, body)
	}
}

func escapes(t *testing.T, access engine.Access) {
	t.Helper()
	const secret = "canary-5f1c"
	enginetest.Exec(t, access, "CREATE TABLE "+access.Database+".own (a UInt32) ENGINE = MergeTree ORDER BY a")
	dir := t.TempDir()
	file, target := filepath.Join(dir, "secret.txt"), filepath.Join(dir, "target")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var hits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		_, _ = w.Write([]byte(secret))
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	fill := strings.NewReplacer("{file}", file, "{target}", target, "{url}", server.URL, "{host}", host, "{db}", access.Database)
	text, err := os.ReadFile("testdata/escapes.sql")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "--!") {
			continue
		}
		sql := fill.Replace(line)
		for who, options := range map[string][]string{"reader": nil, "writer": asWriter(access)} {
			status, body := ask(t, access, sql, options...)
			if status == http.StatusOK {
				t.Errorf("%s: accepted: %s\n%q", who, line, body)
			}
			if strings.Contains(body, secret) {
				t.Errorf("%s: the secret came out: %s\n%s", who, line, body)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Fatalf("%s: files were written: %s: %v %v", who, line, entries, err)
			}
		}
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("the server was reached %d times", n)
	}
}
