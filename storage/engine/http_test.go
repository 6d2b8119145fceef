package engine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// do sends a request and gives the answer with its body.
func do(t *testing.T, method, address string, header http.Header, body io.Reader) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// TestInserts sends rows in every way that a client may choose.
func TestInserts(t *testing.T) {
	access := enginetest.Start(t)
	writer := url.Values{"user": {access.WriterUser}, "password": {access.WriterPassword}, "database": {access.Database}}
	zip := func(s string) string {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return out.String()
	}
	lz4 := func(s string) string {
		w := compress.NewWriter(compress.LevelZero, compress.LZ4)
		if err := w.Compress([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return string(w.Data)
	}
	for name, c := range map[string]struct{ query, body, option, encoding string }{
		"values in the body":        {body: "INSERT INTO t VALUES (1, 'a;b'), (2, 'c')"},
		"values in the parameter":   {query: "INSERT INTO t VALUES (1, 'a;b'), (2, 'c')"},
		"values split":              {query: "INSERT INTO t VALUES", body: "(1, 'a;b'), (2, 'c')"},
		"expressions":               {body: "INSERT INTO t VALUES (0 + 1, concat('a;', 'b')), (toUInt32('2'), 'c')"},
		"TSV in the body":           {body: "INSERT INTO t FORMAT TSV\n1\ta;b\n2\tc\n"},
		"TSV after a parameter":     {query: "INSERT INTO t FORMAT TSV", body: "1\ta;b\n2\tc\n"},
		"columns":                   {query: "INSERT INTO t (s, a) FORMAT CSV", body: "\"a;b\",1\nc,2\n"},
		"settings":                  {body: "INSERT INTO t SETTINGS max_threads = 1, async_insert = 0 FORMAT TSV\n1\ta;b\n2\tc\n"},
		"JSON in one line":          {body: `INSERT INTO t FORMAT JSONEachRow {"a":1,"s":"a;b"} {"a":2,"s":"c"}`},
		"comment":                   {body: "/* FORMAT x */ INSERT INTO t -- VALUES\nFORMAT TSV\r\n1\ta;b\n2\tc\n"},
		"table named values":        {body: "INSERT INTO values VALUES (1, 'a;b'), (2, 'c')"},
		"Native that starts with 2": {query: "INSERT INTO t FORMAT Native", body: "\x02\x02\x01a\x06UInt32\x01\x00\x00\x00\x02\x00\x00\x00\x01s\x06String\x03a;b\x01c"},
		"Native in the body":        {body: "INSERT INTO t FORMAT Native\n\x02\x02\x01a\x06UInt32\x01\x00\x00\x00\x02\x00\x00\x00\x01s\x06String\x03a;b\x01c"},
		"select":                    {body: "INSERT INTO t SELECT number + 1, ['a;b', 'c'][number + 1] FROM numbers(2)"},
		"select with format":        {body: "INSERT INTO t SELECT * FROM format(TSV, 'a UInt32, s String', '1\\ta;b\\n2\\tc\\n')"},
		"gzip":                      {query: "INSERT INTO t FORMAT TSV", body: zip("1\ta;b\n2\tc\n"), encoding: "gzip"},
		"blocks":                    {query: "INSERT INTO t FORMAT TSV", body: lz4("1\ta;b\n") + lz4("2\tc\n"), option: "decompress"},
	} {
		t.Run(name, func(t *testing.T) {
			enginetest.Exec(t, access, "CREATE OR REPLACE TABLE "+access.Database+".t (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
			enginetest.Exec(t, access, "CREATE OR REPLACE TABLE "+access.Database+".values (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
			query := url.Values{"query": {c.query}}
			if c.option != "" {
				query.Set(c.option, "1")
			}
			header := http.Header{}
			if c.encoding != "" {
				header.Set("Content-Encoding", c.encoding)
			}
			resp, body := do(t, http.MethodPost, access.URL+"/?"+writer.Encode()+"&"+query.Encode(), header, strings.NewReader(c.body))
			if resp.StatusCode != http.StatusOK {
				t.Fatalf("%s %s", resp.Status, body)
			}
			if got := count(t, access, "SELECT * FROM merge(currentDatabase(), '.*') ORDER BY a"); got != "1\ta;b\n2\tc" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestBigInsert streams more than the engine's child may hold as one statement.
func TestBigInsert(t *testing.T) {
	access := enginetest.Start(t)
	enginetest.Exec(t, access, "CREATE TABLE "+access.Database+".t (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
	body := "INSERT INTO t FORMAT TSV\n" + strings.Repeat("1\t"+strings.Repeat("x", 98)+"\n", 100_000)
	if status, text := ask(t, access, body, asWriter(access)...); status != http.StatusOK {
		t.Fatal(status, text)
	}
	if got := count(t, access, "SELECT count(), sum(length(s)) FROM t"); got != "100000\t9800000" {
		t.Errorf("got %q", got)
	}
}

func TestAnswers(t *testing.T) {
	access := enginetest.Start(t)
	for _, c := range []struct {
		sql     string
		options []string
		status  int
		want    string // at the start; after ~ anywhere
	}{
		{sql: "SELECT 1", want: "1\n"},
		{sql: "select 1 -- comment", want: "1\n"},
		{sql: "SELECT 1;", want: "1\n"},
		{sql: "(SELECT 1) UNION ALL (SELECT 1)", want: "1\n1\n"},
		{sql: "WITH 2 AS x SELECT x", want: "2\n"},
		{sql: "SELECT 1 AS a FORMAT JSONEachRow", want: `{"a":1}` + "\n"},
		{sql: "SELECT 1 AS a", options: []string{"default_format", "CSVWithNames"}, want: "\"a\"\n1\n"},
		{sql: "SELECT number FROM numbers(200000) FORMAT JSON", want: "~\"rows\": 200000"},
		{sql: "SELECT {x:String} || {y:String}", options: []string{"param_x", "a'b\\n", "param_y", "ş"}, want: "a\\'b\\nş\n"},
		{sql: "SELECT format FROM (SELECT 7 AS format)", want: "7\n"},
		{sql: "SELECT 1 AS a", options: []string{"wait_end_of_query", "1"}, want: "1\n"},
		{sql: "SELECT timezone(), currentDatabase()", options: []string{"database", access.Database}, want: "UTC\t" + access.Database + "\n"},
		{sql: "SHOW DATABASES LIKE '" + access.Database + "'", want: access.Database + "\n"},
		{sql: "DESCRIBE TABLE system.one", want: "dummy\tUInt8"},
		{sql: "EXISTS TABLE system.one", want: "1\n"},
		{sql: "EXPLAIN SELECT 1", want: "~ReadFrom"},
		{sql: "SELECT * FROM system.settings WHERE name = 'readonly' FORMAT Null", want: ""},
		{sql: "SELECT 'INTO OUTFILE', `INTO OUTFILE` FROM (SELECT 1 AS `INTO OUTFILE`)", want: "INTO OUTFILE\t1\n"},
		{sql: "", status: 400, want: "Code: 62."},
		{sql: "-- nothing", status: 400, want: "Code: 62."},
		{sql: "SELEC 1", status: 400, want: "Code: 164."},
		{sql: "SELECT 1 FROM", status: 400, want: "Code: 62."},
		{sql: "SELECT 'open", status: 400, want: "Code: 62."},
		{sql: "SELECT 1; SELECT 2", status: 400, want: "Code: 62."},
		{sql: "SELECT * FROM nothing_here", status: 404, want: "Code: 60."},
		{sql: "SELECT 1", options: []string{"database", "nothing_here"}, status: 404, want: "Code: 81."},
		{sql: "SELECT 1", options: []string{"no_such_setting", "1"}, status: 400, want: "Code: 115."},
		{sql: "SELECT 1", options: []string{"max_threads", "many"}, status: 400, want: "Code: 36."},
		{sql: "SELECT 1", options: []string{"session_id", "1"}, status: 501, want: "Code: 48."},
		{sql: "SELECT 1", options: []string{"user", access.WriterUser}, status: 403, want: "Code: 516."},
		{sql: "SELECT 1", options: []string{"user", access.WriterUser, "password", "guess"}, status: 403, want: "Code: 516."},
		{sql: "SELECT 1", options: []string{"password", "guess"}, status: 403, want: "Code: 516."},
		{sql: "SELECT 1", options: []string{"decompress", "1"}, status: 500, want: "Code: 271."},
		{sql: "SELECT 1 FORMAT Nonsense", status: 500, want: "Code: 73."},
		{sql: "SELECT 1 -- " + strings.Repeat("x", 5<<20), status: 413, want: "Code: 307."},
		{sql: "SELECT throwIf(number = 100000) FROM numbers(200000) FORMAT JSON", status: 500, want: "Code: 395."},
	} {
		status, body := ask(t, access, c.sql, c.options...)
		anywhere, within := strings.CutPrefix(c.want, "~")
		ok := strings.HasPrefix(body, c.want) || within && strings.Contains(body, anywhere)
		if want := max(c.status, http.StatusOK); status != want || !ok {
			t.Errorf("%.80s %v: %d %.300q, want %d %q", c.sql, c.options, status, body, c.status, c.want)
		}
	}
}

// TestLateFailure: an error after the first rows comes in the frame that clients look for.
func TestLateFailure(t *testing.T) {
	access := enginetest.Start(t)
	const sql = "SELECT number, throwIf(number = 250000) FROM numbers(300000) SETTINGS max_block_size = 1000"
	resp, body := do(t, http.MethodPost, access.URL+"/", nil, strings.NewReader(sql))
	tag := resp.Header.Get("X-ClickHouse-Exception-Tag")
	if resp.StatusCode != http.StatusOK || tag == "" || !strings.Contains(body, "\r\n__exception__\r\n"+tag+"\r\nCode: 395.") {
		t.Errorf("%s, tag %q, end %q", resp.Status, tag, body[max(0, len(body)-300):])
	}
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionGZIP} {
		conn := open(t, access, method)
		rows, err := conn.Query(context.Background(), sql)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rows.Next() {
			n++
		}
		if err := rows.Err(); n == 0 || n >= 300000 || err == nil || !strings.Contains(err.Error(), "throwIf") {
			t.Errorf("%s: %d rows, then %v", method, n, err)
		}
		_ = rows.Close()
	}
}

func TestHeaders(t *testing.T) {
	access := enginetest.Start(t)
	port := access.URL[strings.LastIndex(access.URL, ":"):]
	for _, c := range []struct {
		name, path string
		header     http.Header
		status     int
		body       string
	}{
		{name: "ping", path: "/ping", status: 200, body: "Ok.\n"},
		{name: "greeting", path: "/", status: 200, body: "Ok.\n"},
		{name: "localhost", path: "/ping", header: http.Header{"Host": {"localhost" + port}}, status: 200},
		{name: "IPv6", path: "/ping", header: http.Header{"Host": {"[::1]" + port}}, status: 200},
		{name: "rebinding", path: "/ping", header: http.Header{"Host": {"evil.example" + port}}, status: 403},
		{name: "another machine", path: "/?query=SELECT+1", header: http.Header{"Host": {"192.0.2.1" + port}}, status: 403},
		{name: "almost loopback", path: "/ping", header: http.Header{"Host": {"127.0.0.1.evil.example"}}, status: 403},
		{name: "web page", path: "/?query=SELECT+1", header: http.Header{"Origin": {"http://127.0.0.1:8080"}}, status: 403},
		{name: "file page", path: "/?query=SELECT+1", header: http.Header{"Origin": {"null"}}, status: 403},
		{name: "headers", path: "/?query=SELECT+1", header: http.Header{"X-Clickhouse-User": {access.WriterUser}, "X-Clickhouse-Key": {access.WriterPassword}}, status: 200, body: "1\n"},
		{name: "wrong key", path: "/?query=SELECT+1", header: http.Header{"X-Clickhouse-User": {access.WriterUser}, "X-Clickhouse-Key": {"x"}}, status: 403},
		{name: "format", path: "/?query=SELECT+1+AS+a", header: http.Header{"X-Clickhouse-Format": {"JSONEachRow"}}, status: 200, body: "{\"a\":1}\n"},
		{name: "query id", path: "/?query=SELECT+1&query_id=mine", status: 200, body: "1\n"},
	} {
		resp, body := do(t, http.MethodGet, access.URL+c.path, c.header, nil)
		if resp.StatusCode != c.status || c.body != "" && body != c.body {
			t.Errorf("%s: %s %q", c.name, resp.Status, body)
		}
		if c.name == "query id" && resp.Header.Get("X-ClickHouse-Query-Id") != "mine" {
			t.Errorf("headers %v", resp.Header)
		}
	}
	if resp, _ := do(t, http.MethodDelete, access.URL+"/?query=SELECT+1", nil, nil); resp.StatusCode != http.StatusNotImplemented {
		t.Errorf("DELETE: %s", resp.Status)
	}
}

// TestGetChangesNothing: a GET is read-only for the writer too, because browsers and proxies repeat it at will.
func TestGetChangesNothing(t *testing.T) {
	access := enginetest.Start(t)
	query := url.Values{"user": {access.WriterUser}, "password": {access.WriterPassword}, "query": {"DROP DATABASE " + access.Database}}
	if resp, body := do(t, http.MethodGet, access.URL+"/?"+query.Encode(), nil, nil); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("%s %s", resp.Status, body)
	}
	count(t, access, "SHOW TABLES FROM "+access.Database)
}

// TestNothingSticks: settings, database, temporary tables and failures of one request do not reach the next.
func TestNothingSticks(t *testing.T) {
	access := enginetest.Start(t)
	writer := func(sql string, options ...string) string {
		_, body := ask(t, access, sql, append(asWriter(access), options...)...)
		return strings.TrimSpace(body)
	}
	fresh := writer("SELECT getSetting('max_block_size'), currentDatabase()")
	if got := writer("SELECT getSetting('max_block_size')", "max_block_size", "77"); got != "77" {
		t.Errorf("own setting: %q", got)
	}
	writer("SELECT 1 SETTINGS max_block_size = 78")
	writer("SELECT throwIf(number = 5000) FROM numbers(100000) SETTINGS max_block_size = 100")
	writer("SELECT 1", "database", "system")
	writer("CREATE TEMPORARY TABLE left (a UInt8)")
	if got := writer("SELECT getSetting('max_block_size'), currentDatabase()"); got != fresh {
		t.Errorf("got %q, want %q", got, fresh)
	}
	if got := writer("EXISTS TEMPORARY TABLE left"); got != "0" {
		t.Errorf("temporary table: %q", got)
	}
}

// TestHeldAnswer: an answer that must be held in memory is limited, a streamed one is not.
func TestHeldAnswer(t *testing.T) {
	access := enginetest.Start(t)
	const limit = "SELECT getSetting('max_result_bytes') AS v "
	for sql, want := range map[string]string{
		limit + "FORMAT JSONColumns": "268435456",
		limit + "FORMAT TSV":         "0",
		"SELECT number FROM numbers(1000) SETTINGS max_result_bytes = 100 FORMAT JSON": "Code: 396.",
		"SELECT number FROM numbers(1000) SETTINGS max_result_bytes = 100 FORMAT TSV":  "Code: 396.",
	} {
		if _, body := ask(t, access, sql, asWriter(access)...); !strings.Contains(body, want) {
			t.Errorf("%s: %.200q, want %s", sql, body, want)
		}
	}
	if got := count(t, access, limit+"FORMAT JSONColumns SETTINGS max_result_bytes = 5000000000"); !strings.Contains(got, "5000000000") {
		t.Errorf("the writer may choose: %s", got)
	}
}

// TestBackup: the writer backs up to the one folder for it, and gets everything back.
func TestBackup(t *testing.T) {
	access := enginetest.Start(t)
	enginetest.Exec(t, access, "CREATE TABLE "+access.Database+".t ENGINE = MergeTree ORDER BY n AS SELECT number AS n FROM numbers(1000)")
	file := "File('" + access.Database + ".tar.gz')"
	enginetest.Exec(t, access, "BACKUP DATABASE "+access.Database+" TO "+file)
	enginetest.Exec(t, access, "DROP TABLE "+access.Database+".t SYNC")
	enginetest.Exec(t, access, "RESTORE TABLE "+access.Database+".t FROM "+file)
	if got := count(t, access, "SELECT count(), sum(n) FROM t"); got != "1000\t499500" {
		t.Errorf("got %q", got)
	}
}

// TestWriterRights runs one statement of each kind that the store needs.
func TestWriterRights(t *testing.T) {
	access := enginetest.Start(t)
	for _, sql := range []string{
		"CREATE TABLE t (n UInt32, at DateTime, v UInt64) ENGINE = ReplacingMergeTree(v) PARTITION BY n % 2 ORDER BY n TTL at + INTERVAL 1 YEAR",
		"CREATE TABLE staging AS t", "CREATE VIEW seen AS SELECT * FROM t FINAL SETTINGS do_not_merge_across_partitions_select_final = 1",
		"CREATE MATERIALIZED VIEW daily REFRESH EVERY 1 DAY ENGINE = MergeTree ORDER BY n AS SELECT n FROM t", "SYSTEM REFRESH VIEW daily",
		"INSERT INTO t SELECT number, now(), 1 FROM numbers(10)", "INSERT INTO staging SELECT * FROM t", "ALTER TABLE t REPLACE PARTITION 1 FROM staging",
		"ALTER TABLE t ADD COLUMN c String COMMENT 'x'", "ALTER TABLE t UPDATE c = 'y' WHERE n = 1 SETTINGS mutations_sync = 2", "DELETE FROM t WHERE n = 3",
		"ALTER TABLE t DELETE WHERE n = 2 SETTINGS mutations_sync = 2", "OPTIMIZE TABLE t FINAL", "RENAME TABLE staging TO old", "EXCHANGE TABLES old AND t",
		"TRUNCATE TABLE old", "DETACH TABLE old", "ATTACH TABLE old", "CHECK TABLE t", "SYSTEM STOP MERGES t", "SYSTEM START MERGES t", "DROP TABLE old SYNC",
		"KILL MUTATION WHERE table = 'nothing'", "SELECT * FROM seen", "SHOW CREATE TABLE t",
	} {
		if status, body := ask(t, access, sql, asWriter(access)...); status != http.StatusOK {
			t.Errorf("%s: %d %s", sql, status, body)
		}
	}
}

// TestReaderLimits: a reader may lower the limits but not lift them, by parameter or in the text.
func TestReaderLimits(t *testing.T) {
	cfg := enginetest.Config(t.TempDir())
	cfg.ReaderTime, cfg.ReaderRows, cfg.ReaderMemory = 2*time.Second, 1000, 200<<20
	access := enginetest.New(t, cfg).Access()
	for _, c := range []struct {
		sql     string
		options []string
		want    string
	}{
		{sql: "SELECT getSetting('readonly'), getSetting('max_execution_time'), getSetting('max_result_rows')", want: "2\t2\t1000"},
		{sql: "SELECT getSetting('max_execution_time')", options: []string{"max_execution_time", "1"}, want: "1"},
		{sql: "SELECT getSetting('max_execution_time')", options: []string{"max_execution_time", "60"}, want: "2"},
		{sql: "SELECT getSetting('max_execution_time')", options: []string{"max_execution_time", "0"}, want: "2"},
		{sql: "SELECT getSetting('max_result_rows')", options: []string{"max_result_rows", "1e9"}, want: "1000"},
		{sql: "SELECT getSetting('readonly')", options: []string{"readonly", "0"}, want: "2"},
		{sql: "SELECT getSetting('max_result_rows') SETTINGS max_result_rows = 10", want: "10"},
		{sql: "SELECT 1 SETTINGS max_result_rows = 0", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS max_result_rows = 5000", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS max_threads = 1, `max_result_rows` = 5000", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS \"max_result_rows\" = 5000", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS max_result_rows = '5000'", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS max_result_rows = DEFAULT", want: "Code: 164"},
		{sql: "SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS readonly = 0", want: "Code: 164"},
		{sql: "SELECT 1 SETTINGS result_overflow_mode = 'break'", want: "Code: 164"},
		{sql: "SELECT 1", options: []string{"allow_ddl", "1"}, want: "Code: 164"},
		{sql: "SELECT number FROM numbers(2000)", want: "Code: 396"},
		{sql: "SELECT sleepEachRow(0.1) FROM numbers(1000) SETTINGS max_block_size = 1 FORMAT Null", want: "Code: 159"},
		{sql: "SELECT groupArray(number) FROM numbers(100000000)", want: "Code: 241"},
		{sql: "CREATE TABLE default.x (a UInt8) ENGINE = Memory", want: "Code: 164"},
		{sql: "INSERT INTO default.x VALUES (1)", want: "Code: 164"},
		{sql: "KILL QUERY WHERE 1", want: "Code: 164"},
		{sql: "SYSTEM STOP MERGES", want: "Code: 164"},
	} {
		if _, body := ask(t, access, c.sql, c.options...); !strings.HasPrefix(body, c.want) {
			t.Errorf("%s %v: got %q, want %q", c.sql, c.options, body, c.want)
		}
	}
}

func TestReaderOff(t *testing.T) {
	cfg := enginetest.Config(t.TempDir())
	cfg.Reader, cfg.Sandbox = false, false
	cfg.AllowedHosts = []string{"feryat"}
	access := enginetest.New(t, cfg).Access()
	if access.ReaderUser != "" {
		t.Errorf("access %v", access)
	}
	if status, body := ask(t, access, "SELECT 1"); status != http.StatusForbidden {
		t.Errorf("%d %s", status, body)
	}
	if resp, body := do(t, http.MethodGet, access.URL+"/ping", http.Header{"Host": {"feryat:8123"}}, nil); resp.StatusCode != http.StatusOK {
		t.Errorf("allowed host: %s %s", resp.Status, body)
	}
	t.Run("without sandbox", func(t *testing.T) {
		access.Database = "default"
		escapes(t, access)
	})
}

// TestGone: a statement whose client has gone is ended.
func TestGone(t *testing.T) {
	access := enginetest.Start(t)
	for _, sql := range []string{
		"SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number), 'gone')",
		"SELECT sipHash64(number), 'gone' FROM numbers(1000000000000)",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, access.URL+"/?"+writerQuery(access), strings.NewReader(sql))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if resp, err := client.Do(req); err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		}()
		const running = "SELECT count() FROM system.processes WHERE query LIKE '%''gone''%' AND query NOT LIKE '%system.processes%'"
		waitFor(t, access, running, "1")
		cancel()
		<-done
		waitFor(t, access, running, "0")
	}
}

func writerQuery(access engine.Access) string {
	return url.Values{"user": {access.WriterUser}, "password": {access.WriterPassword}}.Encode()
}

func waitFor(t *testing.T, access engine.Access, sql, want string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	got := ""
	for time.Now().Before(deadline) {
		if got = count(t, access, sql); got == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s stays %s, want %s", sql, got, want)
}
