package storage_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

var update = flag.Bool("update", false, "rewrite golden files and docs/schema.md")

// golden compares with a file, or rewrites it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); go test ./storage -update rewrites it:\n%s", path, diff)
	}
}

// creates is SHOW CREATE of everything in the database, without the name of the database.
func creates(t *testing.T, s *storage.Store) string {
	t.Helper()
	var out strings.Builder
	for _, name := range lines(t, s, "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name") {
		text := strings.Join(lines(t, s, "SHOW CREATE TABLE "+name), "\n")
		fmt.Fprintf(&out, "%s;\n\n", strings.ReplaceAll(text, s.Database()+".", ""))
	}
	return out.String()
}

func lines(t *testing.T, s *storage.Store, sql string) []string {
	t.Helper()
	var out bytes.Buffer
	if err := s.Query(t.Context(), sql, "TabSeparatedRaw", &out); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestSchemaIsAsRecorded(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/schema.sql", creates(t, openEmbedded(t)))
}

func TestSchemaForACluster(t *testing.T) {
	cfg := storage.DefaultConfig()
	cfg.Cluster = "main"
	texts, err := storage.Statements(cfg)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(texts, ";\n\n") + ";\n"
	golden(t, "testdata/schema_cluster.sql", all)
	for i, text := range texts {
		if !strings.Contains(text, "ON CLUSTER main") && !strings.Contains(text, "INSERT INTO") { // rows are replicated by their table
			t.Errorf("statement %d does not reach the cluster", i)
		}
		if strings.Contains(text, "ENGINE = ") && !strings.Contains(text, "ENGINE = Replicated") {
			t.Errorf("statement %d makes a table without replicas", i)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	access := enginetest.Start(t)
	cfg := embeddedConfig(access)
	s := openStore(t, cfg)
	if err := s.Exec(t.Context(), "INSERT INTO schema_migrations VALUES (9999, 'from the future', now())"); err != nil {
		t.Fatal(err)
	}
	_, err := storage.Open(t.Context(), cfg, quiet())
	if err == nil || !strings.Contains(err.Error(), "use the newer feryat") {
		t.Errorf("a newer schema gives %v", err)
	}
}

// TestDocs keeps docs/schema.md equal to the comments in the database.
func TestDocs(t *testing.T) {
	t.Parallel()
	s := openEmbedded(t)
	var out strings.Builder
	out.WriteString(docsHead)
	for _, table := range tables(t, s, "engine = 'View' OR name IN ('rollup_day', 'rollup_topic', 'rollup_hour', 'rollup_facet', 'rollup_mention', 'rollup_author')") {
		fmt.Fprintf(&out, "\n## %s\n\n%s.\n\n| column | type | meaning |\n|---|---|---|\n", table[0], strings.ToUpper(table[1][:1])+table[1][1:])
		for _, column := range columns(t, s, table[0]) {
			fmt.Fprintf(&out, "| `%s` | `%s` | %s |\n", column[0], column[1], column[2])
		}
	}
	out.WriteString("\n## Other tables\n\n| table | holds |\n|---|---|\n")
	for _, table := range tables(t, s, "engine != 'View' AND name NOT LIKE 'rollup%'") {
		fmt.Fprintf(&out, "| `%s` | %s |\n", table[0], table[1])
		columns(t, s, table[0])
	}
	golden(t, "../docs/schema.md", out.String())
}

const docsHead = `# Views and tables

Read the views and the roll-ups; the other tables are storage's own and may change. This page is written from the comments in
the database (` + "`go test ./storage -run TestDocs -update`" + `), and a test compares it with them.

[Questions in SQL](sql.md) shows them at work.

A figure counts customers, so it is taken from rows with ` + "`from_customer`" + `. All times are UTC; 1970-01-01 stands for never.
The roll-ups are some seconds behind: a day that is dirty (` + "`SELECT day FROM dirty_days GROUP BY day HAVING sum(marks) > max(rebuilt)`" + `)
may be stale in them, and is exact in the views.

To search: ` + "`SELECT … FROM v_mentions WHERE id IN (SELECT id FROM mentions WHERE hasAllTokens(search, 'kargo gelmedi'))`" + ` uses the
text index. The column is folded, so the words have to be folded too: lower case, Turkish and Persian letters unified.
`

// tables gives name and comment of the tables that a condition selects.
func tables(t *testing.T, s *storage.Store, condition string) [][]string {
	t.Helper()
	var list [][]string
	for _, line := range lines(t, s, "SELECT name, comment FROM system.tables WHERE database = currentDatabase() AND ("+condition+") ORDER BY name") {
		list = append(list, strings.SplitN(line, "\t", 2))
	}
	return list
}

// columns gives name, type and comment of each column.
func columns(t *testing.T, s *storage.Store, table string) [][]string {
	t.Helper()
	var list [][]string
	for _, line := range lines(t, s, "SELECT name, type, comment FROM system.columns WHERE database = currentDatabase() AND table = '"+table+"' ORDER BY position") {
		list = append(list, strings.SplitN(line, "\t", 3))
		if list[len(list)-1][2] == "" {
			t.Errorf("column %s of %s has no comment", list[len(list)-1][0], table)
		}
	}
	return list
}
