package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"feryat/datadir"
	"feryat/mention"
	"feryat/queue"
	"feryat/web"
)

// server is a running feryat serve.
type server struct {
	*program
	config string
	run    datadir.Run
}

func serve(t testing.TB, config string, more ...string) *server {
	t.Helper()
	return serveWith(t, nil, config, more...)
}

func serveWith(t testing.TB, env []string, config string, more ...string) *server {
	t.Helper()
	s := &server{program: start(t, env, append([]string{"serve", "--config", config}, more...)...), config: config}
	s.says(t, "feryat is at")
	run, err := datadir.ReadRun(dataOf(config))
	if err != nil {
		t.Fatal(err)
	}
	s.run = run
	return s
}

// dataOf is the data folder beside a file of writeConfig.
func dataOf(config string) string { return filepath.Join(filepath.Dir(config), "data") }

// get answers the body of a page.
func get(t testing.TB, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
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

// curl asks the engine without any credentials, as curl would.
func (s *server) curl(t testing.TB, sql string, more ...string) (int, string) {
	t.Helper()
	return get(t, s.run.EngineURL+"/?"+strings.Join(append([]string{"query=" + url.QueryEscape(sql)}, more...), "&"))
}

// rows answers the rows of sql as JSON lines.
func (s *server) rows(t testing.TB, sql string) []string {
	t.Helper()
	status, body := s.curl(t, sql+" FORMAT JSONEachRow", "database=feryat")
	if status != http.StatusOK {
		t.Fatalf("%s: %s", sql, body)
	}
	return strings.FieldsFunc(body, func(r rune) bool { return r == '\n' })
}

// until waits until sql answers want.
func (s *server) until(t testing.TB, sql, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for last := ""; ; {
		if _, last = s.curl(t, sql); strings.TrimSpace(last) == want {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s answers %q, want %q; feryat said:\n%s", sql, last, want, s.err.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *server) overview(t testing.TB, query string) (o web.Overview) {
	t.Helper()
	status, body := get(t, s.run.WebURL+"api/overview"+query)
	if err := json.Unmarshal([]byte(body), &o); err != nil || status != http.StatusOK {
		t.Fatalf("overview: %d, %v in %s", status, err, body)
	}
	return o
}

// TestServe looks at one running feryat from all sides: in the middle of a
// collection, after it, and after its owner was killed.
func TestServe(t *testing.T) {
	t.Parallel()
	phone := newTelephone(t)
	s := newShop(t, 4, 5, 10)
	const passing = 9 // pages, of 20
	s.gate = newGate(passing)
	config := writeConfig(t, s.config(phone.URL, 500))
	f := serve(t, config)
	f.until(t, "SELECT count() FROM feryat.v_mentions", fmt.Sprint(passing*s.perPage))

	t.Run("answers about itself", func(t *testing.T) { testHealth(t, f) })
	t.Run("all readers see the same rows while it collects", func(t *testing.T) { testReadersAgree(t, f, passing*s.perPage) })
	t.Run("a reader can only read", func(t *testing.T) { testReaderIsBounded(t, f) })
	t.Run("a second serve says who owns the folder", func(t *testing.T) { testSecondServe(t, f) })
	t.Run("backup while serving", func(t *testing.T) { testBackup(t, f, passing*s.perPage) })
	if n := s.gate.held.Load(); n == 0 {
		t.Error("no page was held: the collection had ended, and nothing above was seen in the middle of it")
	}
	s.gate.open()
	t.Run("commands are clients", func(t *testing.T) { testClients(t, f, s) })
	t.Run("the forgotten stay away", func(t *testing.T) { testForget(t, f) })
	settled(t, f)
	before := f.endState(t)
	f.kill()
	next := serveTwo(t, config)
	t.Run("the next owner takes over after kill -9", func(t *testing.T) { testTakeOver(t, f, next, before) })
	t.Cleanup(func() { t.Logf("the first owner said:\n%s", f.err.String()) })
	t.Run("an orderly end", func(t *testing.T) { testOrderlyEnd(t, next) })
}

func testHealth(t *testing.T, f *server) {
	for path, want := range map[string]string{
		"healthz": "ok", "readyz": "ready",
		"metrics": "go_goroutines", "api/overview": `"moods"`, "": "<html",
	} {
		if status, body := get(t, f.run.WebURL+path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("/%s: %d, no %q in %.300s", path, status, want, body)
		}
	}
	_, metrics := get(t, f.run.WebURL+"metrics")
	for _, want := range []string{"feryat_queue_", "feryat_crawler_", "feryat_pipeline_", "feryat_channel_up"} {
		if !strings.Contains(metrics, "\n"+want) {
			t.Errorf("no metric begins with %s", want)
		}
	}
	for _, secret := range []string{f.run.WriterPassword, f.run.QueueToken} {
		if secret == "" || strings.Contains(f.out.String()+f.err.String()+metrics, secret) {
			t.Error("a secret is empty, in the log or in the metrics")
		}
	}
	if info, err := os.Stat(filepath.Join(dataOf(f.config), "run.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("run.json: %v, %v", info, err)
	}
}

// writer connects as run.json says, through clickhouse-go over HTTP.
func (s *server) writer(t testing.TB) driver.Conn {
	t.Helper()
	u, err := url.Parse(s.run.EngineURL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(&clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{u.Host}, TLS: (*tls.Config)(nil),
		Auth: clickhouse.Auth{Database: "feryat", Username: s.run.WriterUser, Password: s.run.WriterPassword}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// queue connects as run.json says.
func (s *server) queue(t testing.TB) *queue.Queue {
	t.Helper()
	q, err := queue.Connect(t.Context(), queue.Access{URL: s.run.QueueURL, Token: s.run.QueueToken}, queue.DefaultConfig(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func testReadersAgree(t *testing.T, f *server, want int) {
	const sql = "SELECT id, brand, mood, author, text FROM feryat.v_mentions ORDER BY written DESC, id, brand"
	rows := f.rows(t, sql)
	if len(rows) != want {
		t.Fatalf("curl sees %d rows, want %d", len(rows), want)
	}
	if got := query(t, f.config, sql); !slices.Equal(got, rows) {
		t.Errorf("feryat query sees other rows than curl: %s", firstDifference(got, rows))
	}
	var byDriver []struct{ ID, Brand, Mood, Author, Text string }
	if err := f.writer(t).Select(t.Context(), &byDriver, strings.Replace(sql, "SELECT id, brand, mood, author, text", "SELECT id AS ID, brand AS Brand, mood AS Mood, author AS Author, text AS Text", 1)); err != nil {
		t.Fatal(err)
	}
	type row struct{ ID, Brand, Mood, Author, Text string }
	unhappy := map[mention.ID]string{}
	for i, d := range byDriver {
		if got := decodeLine[row](t, rows[i]); got != row(d) {
			t.Errorf("clickhouse-go sees %v, curl %v", d, got)
		}
		if mention.Mood(d.Mood).Unhappy() {
			unhappy[mention.ID(d.ID)] = d.Text
		}
	}
	o := f.overview(t, "?days=365")
	if len(byDriver) != want || o.Total() != int64(want) || o.UnhappyCount() != int64(len(unhappy)) || len(unhappy) == 0 {
		t.Errorf("clickhouse-go sees %d rows, the page %d with %d unhappy; want %d with %d", len(byDriver), o.Total(), o.UnhappyCount(), want, len(unhappy))
	}
	for _, m := range o.Unhappy {
		if unhappy[m.Mention.ID] != m.Mention.Text {
			t.Errorf("the page shows %s %q, curl %q", m.Mention.ID, m.Mention.Text, unhappy[m.Mention.ID])
		}
	}
	if len(o.Brands) != 1 || o.Brands[0].Total != int64(want) {
		t.Errorf("brands on the page: %+v", o.Brands)
	}
}

func testReaderIsBounded(t *testing.T, f *server) {
	var reached atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer elsewhere.Close()
	outside := filepath.Join(t.TempDir(), "written")
	for _, sql := range []string{
		"INSERT INTO feryat.forgotten (hash) VALUES ('x')", "ALTER TABLE feryat.mentions DELETE WHERE 1", "DROP TABLE feryat.mentions",
		"TRUNCATE TABLE feryat.mentions", "CREATE TABLE feryat.t (a Int8) ENGINE = MergeTree ORDER BY a", "CREATE DATABASE mine", "OPTIMIZE TABLE feryat.mentions",
		"SELECT * FROM file('/etc/hostname', 'RawBLOB')", "SELECT * FROM file('" + dataOf(f.config) + "/secret', 'RawBLOB')",
		"SELECT * FROM url('" + elsewhere.URL + "', 'RawBLOB')", "SELECT * FROM remote('127.0.0.1', 'system.one')",
		"INSERT INTO FUNCTION url('" + elsewhere.URL + "', 'CSV', 'a Int8') SELECT 1", "INSERT INTO FUNCTION file('" + outside + "', 'CSV', 'a Int8') SELECT 1",
		"SELECT 1 INTO OUTFILE '" + outside + "'", "SET max_result_rows = 1", "USE system", "SELECT 1; SELECT 2", "SYSTEM SHUTDOWN",
		"BACKUP DATABASE feryat TO File('stolen.tar')", "SELECT 1 SETTINGS readonly = 0", "SELECT 1 SETTINGS max_memory_usage = 0", "KILL QUERY WHERE 1",
	} {
		if status, body := f.curl(t, sql); status == http.StatusOK {
			t.Errorf("%s: answered %.100q", sql, body)
		}
	}
	for _, more := range []string{"user=feryat", "user=feryat&password=guess", "user=nobody"} {
		if status, body := f.curl(t, "SELECT 1", more); status == http.StatusOK {
			t.Errorf("%s: answered %.100q", more, body)
		}
	}
	if status, _ := f.curl(t, "INSERT INTO feryat.forgotten (hash) VALUES ('x')", "readonly=0"); status == http.StatusOK {
		t.Error("readonly=0 lets a reader write")
	}
	// The settings of one caller do not outlive his question.
	f.curl(t, "SELECT number FROM numbers(10)", "max_block_size=3", "session_id=mine", "limit=1")
	for range 16 {
		if _, body := f.curl(t, "SELECT count() FROM (SELECT * FROM numbers(10))"); strings.TrimSpace(body) != "10" {
			t.Fatalf("another caller's setting holds: %q", body)
		}
		if _, body := f.curl(t, "SELECT getSetting('max_block_size')"); strings.TrimSpace(body) == "3" {
			t.Fatal("another caller's setting holds")
		}
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file was written")
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("a URL was reached %d times", n)
	}
	if said := fails(t, exitTrouble, "query", "--config", f.config, "DROP TABLE mentions"); !strings.Contains(said, "query: ") {
		t.Errorf("feryat query said %q", said)
	}
}

func testSecondServe(t *testing.T, f *server) {
	said := fails(t, exitTrouble, "serve", "--config", f.config)
	if want := fmt.Sprintf("in use by feryat serve, process %d, since ", f.cmd.Process.Pid); !strings.Contains(said, want) {
		t.Errorf("no %q in %q", want, said)
	}
	if status, _ := get(t, f.run.WebURL+"readyz"); status != http.StatusOK {
		t.Error("the owner is not ready any more")
	}
}

func testBackup(t *testing.T, f *server, want int) {
	feryat(t, exitOK, "backup", "all.tar.gz", "--config", f.config)
	if said := fails(t, exitTrouble, "backup", "all.tar.gz", "--config", f.config); !strings.Contains(said, "all.tar.gz") {
		t.Errorf("a second backup of that name: %q", said)
	}
	const backups = "clickhouse/backups"
	body, err := os.ReadFile(filepath.Join(dataOf(f.config), backups, "all.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	other := writeConfig(t, "brands: [{name: Paytak}]\n")
	if err := os.MkdirAll(filepath.Join(dataOf(other), backups), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dataOf(other), backups, "all.tar.gz"), body, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := fails(t, exitTrouble, "restore", "--replace", "all.tar.gz", "--config", f.config); !strings.Contains(said, "stop it") {
		t.Errorf("while serve runs: %q", said)
	}
	if said := fails(t, exitTrouble, "restore", "none.tar.gz", "--config", other); !strings.Contains(said, "none.tar.gz") {
		t.Errorf("a backup that is not there: %q", said)
	}
	feryat(t, exitOK, "restore", "all.tar.gz", "--config", other)
	const sql = "SELECT * FROM v_mentions ORDER BY id, brand"
	rows, restored := query(t, f.config, sql), query(t, other, sql)
	if len(rows) != want || !slices.Equal(rows, restored) {
		t.Errorf("%d rows, want %d: %s", len(rows), want, firstDifference(restored, rows))
	}
	if said := fails(t, exitTrouble, "restore", "all.tar.gz", "--config", other); !strings.Contains(said, "--replace") {
		t.Errorf("into a store that holds data: %q", said)
	}
	feryat(t, exitOK, "restore", "--replace", "all.tar.gz", "--config", other)
	if again := query(t, other, sql); !slices.Equal(rows, again) {
		t.Errorf("after the second restore: %s", firstDifference(again, rows))
	}
}

func testClients(t *testing.T, f *server, s *shop) {
	var told struct {
		Results []struct{ Source, Outcome string }
		Stored  mention.Counts
	}
	out := feryat(t, exitOK, "collect", "--config", f.config, "--format", "json")
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		t.Fatal(err)
	}
	total := int64(s.total())
	if len(told.Results) != 1 || told.Results[0].Outcome != "ok" || told.Stored.Mentions != total || told.Stored.Versions != total {
		t.Errorf("collect told %s, want %d mentions", out, total)
	}
	if said := fails(t, exitTrouble, "collect", "nonesuch", "--config", f.config); !strings.Contains(said, "nonesuch") {
		t.Errorf("a source that is not there: %q", said)
	}
	if err := f.queue(t).Drained(t.Context(), queue.Stored); err != nil {
		t.Fatal(err)
	}
	_, waiting := f.curl(t, "SELECT count() FROM feryat.v_escalations")
	list := strings.FieldsFunc(feryat(t, exitOK, "alert", "list", "--limit", "1000", "--config", f.config, "--format", "json"), func(r rune) bool { return r == '\n' })
	if fmt.Sprint(len(list)) != strings.TrimSpace(waiting) {
		t.Errorf("alert list tells %d, the store has %s", len(list), waiting)
	}
	testLifeOfAnEscalation(t, f, list[0])
	formats := map[string]string{"json": `{"n":200}`, "csv": "\"n\"\n200", "tsv": "n\n200", "text": "│ 200 │"}
	for format, want := range formats {
		if got := feryat(t, exitOK, "query", "--config", f.config, "--format", format, "SELECT count() AS n FROM v_mentions"); !strings.Contains(got, want) {
			t.Errorf("%s: %q", format, got)
		}
	}
	if o := f.overview(t, "?days=365"); o.Total() != total || o.Healthy() != 1 {
		t.Errorf("the page counts %d mentions of %d, %d healthy sources", o.Total(), total, o.Healthy())
	}
}

// testLifeOfAnEscalation is what people do from the shell while feryat runs.
func testLifeOfAnEscalation(t *testing.T, f *server, line string) {
	t.Helper()
	var e mention.OpenEscalation
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) []string { return append(append([]string{"alert"}, args...), "--config", f.config) }
	short := e.ID[:8]
	if out := feryat(t, exitOK, in("ack", short, "--by", "ayse")...); !strings.Contains(out, "acknowledged  ayse") {
		t.Errorf("ack told %q", out)
	}
	feryat(t, exitOK, in("ack", short, "--by", "ayse")...) // once more is no harm
	if said := fails(t, exitTrouble, in("ack", short, "--by", "veli")...); !strings.Contains(said, "ayse has it") {
		t.Errorf("the second was told %q", said)
	}
	feryat(t, exitOK, in("assign", short, "--by", "ayse", "--to", "veli")...)
	feryat(t, exitOK, in("answer", short, "--by", "veli", "--note", "by telephone")...)
	feryat(t, exitOK, in("resolve", short, "--by", "veli")...)
	feryat(t, exitOK, in("feedback", short, "true", "--by", "veli")...)
	if said := fails(t, exitTrouble, in("not-winnable", short, "--by", "ayse")...); !strings.Contains(said, "resolved") {
		t.Errorf("after the end: %q", said)
	}
	for _, bad := range [][]string{{"ack", "x"}, {"feedback", short, "perhaps"}, {"answer", short, "--at", "noon"}} {
		fails(t, exitUsage, in(bad...)...)
	}
	for _, bad := range [][]string{{"ack", "zzzzzzzz"}, {"assign", short, "--to", ""}} {
		fails(t, exitTrouble, in(bad...)...)
	}
	if out := feryat(t, exitOK, in("show", short)...); !strings.Contains(out, "by telephone") || strings.Count(out, "acknowledged") != 1 {
		t.Errorf("show told %q", out)
	}
	replay := strings.Split(strings.TrimSpace(feryat(t, exitOK, in("replay", "--since", "90d", "--format", "json")...)), "\n")
	var total replayTotal
	if err := json.Unmarshal([]byte(replay[len(replay)-1]), &total); err != nil || total.Mentions != 200 || len(total.Quality) == 0 || len(replay) < 3 {
		t.Errorf("replay told %v, %v", replay, err)
	}
	fails(t, exitUsage, in("replay", "--rule", "none.yaml")...)
	if slo := feryat(t, exitOK, in("slo", "--since", "9d")...); !strings.Contains(slo, "Paytak") || !strings.Contains(slo, "seconds to seen") {
		t.Errorf("slo told %q", slo)
	}
	want := "resolved\tveli\t0"
	if _, got := f.curl(t, "SELECT state, holder, answered = toDateTime64(0, 6) FROM feryat.v_escalations WHERE id = '"+e.ID+"'"); strings.TrimSpace(got) != want {
		t.Errorf("it stands %q, want %q", got, want)
	}
}

func testForget(t *testing.T, f *server) {
	_, name := f.curl(t, "SELECT author FROM feryat.v_mentions WHERE id IN (SELECT mention FROM feryat.v_escalations) ORDER BY author LIMIT 1")
	name = strings.TrimSpace(name)
	_, his := f.curl(t, "SELECT count() FROM feryat.v_mentions WHERE author = '"+name+"'")
	feryat(t, exitOK, "forget", name, "--source", "shop", "--config", f.config)
	gone := func(when string) {
		t.Helper()
		for _, table := range []string{"mentions", "mention_versions", "escalation_events", "crawl_ledger", "verdicts", "corrections"} {
			_, dump := f.curl(t, "SELECT * FROM feryat."+table+" FORMAT JSONEachRow")
			if strings.Contains(dump, `"`+name+`"`) || dump == "" && table != "corrections" {
				t.Errorf("%s: table %s names %s, or is empty", when, table, name)
			}
		}
	}
	gone("after forget")
	before := query(t, f.config, "SELECT id FROM v_mentions ORDER BY id")
	feryat(t, exitOK, "collect", "--config", f.config)
	gone("after the next collection")
	if after := query(t, f.config, "SELECT id FROM v_mentions ORDER BY id"); !slices.Equal(after, before) {
		t.Errorf("the next collection changed the rows: %s", firstDifference(after, before))
	}
	if fmt.Sprint(200-len(before)) != strings.TrimSpace(his) {
		t.Errorf("%d mentions left of 200; %s were by %s", len(before), his, name)
	}
}

// serveTwo starts two at the same moment, of which one must become the owner,
// and the other say so.
func serveTwo(t *testing.T, config string) *server {
	t.Helper()
	one, two := start(t, nil, "serve", "--config", config), start(t, nil, "serve", "--config", config)
	select {
	case <-one.done:
		one, two = two, one
	case <-two.done:
	case <-time.After(time.Minute):
		t.Fatalf("both go on:\n%s\n%s", one.err.String(), two.err.String())
	}
	if code := two.wait(); code != exitTrouble || !strings.Contains(two.err.String(), "in use by feryat serve") && !strings.Contains(two.err.String(), "in use by another feryat") {
		t.Errorf("the second ended with %d and said %s", code, two.err.String())
	}
	one.says(t, "feryat is at")
	run, err := datadir.ReadRun(dataOf(config))
	if err != nil {
		t.Fatal(err)
	}
	return &server{program: one, config: config, run: run}
}

func testTakeOver(t *testing.T, killed, next *server, before []string) {
	if next.run.PID == killed.run.PID || next.run.WriterPassword == killed.run.WriterPassword {
		t.Error("run.json is the old owner's")
	}
	settled(t, next)
	if after := next.endState(t); !slices.Equal(after, before) {
		t.Errorf("after kill -9: %s", firstDifference(after, before))
	}
}

func testOrderlyEnd(t *testing.T, f *server) {
	if code := f.stop(); code != exitOK {
		t.Errorf("ended with %d after SIGTERM:\n%s", code, f.err.String())
	}
	if strings.Contains(f.err.String(), "level=ERROR") {
		t.Errorf("it complained:\n%s", f.err.String())
	}
	if _, err := datadir.ReadRun(dataOf(f.config)); err == nil {
		t.Error("run.json still names an owner")
	}
}
