package engine

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

// The engine's own user gets these rights and no others: nothing under SOURCES (files, URLs, other servers), no users,
// no functions, no named collections, no introspection. Both users of the HTTP interface are this one, so the rows of
// hidden tables are kept from the reader by what only his statements have: readonly.
const serverXML = `<clickhouse>
    <path>{{xml .Store}}</path>
    <users_config>{{xml .Users}}</users_config>
    <timezone>UTC</timezone>
    <max_server_memory_usage>{{.MemoryLimit}}</max_server_memory_usage>
    <mark_cache_size>{{.Cache}}</mark_cache_size>
    <index_mark_cache_size>{{.Cache}}</index_mark_cache_size>
    <uncompressed_cache_size>0</uncompressed_cache_size>
    <backups>
        <allowed_path>{{xml .Backups}}</allowed_path>
    </backups>
</clickhouse>
`

const usersXML = `<clickhouse>
    <profiles>
        <default>
            <max_query_size>{{.MaxText}}</max_query_size>
            <constraints>{{range .Pathlike}}
                <{{.}}><readonly/></{{.}}>{{end}}
            </constraints>
        </default>
    </profiles>
    <quotas>
        <default/>
    </quotas>
    <users>
        <default>
            <password/>
            <networks>
                <ip>::/0</ip>
            </networks>
            <profile>default</profile>
            <quota>default</quota>
            <databases>{{range .Hidden}}
                <{{.Database}}><{{.Table}}><filter>getSetting('readonly') = 0</filter></{{.Table}}></{{.Database}}>{{end}}
            </databases>
            <grants>
                <query>GRANT SHOW, CHECK, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP, TRUNCATE, OPTIMIZE, BACKUP, KILL QUERY, SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM VIEWS, SYSTEM FLUSH, SYSTEM DROP CACHE ON *.*</query>
            </grants>
        </default>
    </users>
</clickhouse>
`

// writeConfiguration writes the engine's two configuration files below the data folder and gives the server's one.
func writeConfiguration(c Config) (string, error) {
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		return "", fmt.Errorf("data_dir %s: %w", c.DataDir, err)
	}
	backups, err := c.backups()
	if err != nil {
		return "", fmt.Errorf("backup_dir %s: %w", c.BackupDir, err)
	}
	values := map[string]any{
		"Store": storePath(dir), "Users": filepath.Join(dir, "users.xml"), "Backups": backups,
		"MemoryLimit": c.MemoryLimit, "Cache": c.MemoryLimit / 16, "MaxText": 2 * maxText,
		"Pathlike": pathlikeSettings(), "Hidden": c.Hidden,
	}
	if err := writeXML(filepath.Join(dir, "users.xml"), usersXML, values); err != nil {
		return "", err
	}
	server := filepath.Join(dir, "server.xml")
	return server, writeXML(server, serverXML, values)
}

func storePath(dataDir string) string { return filepath.Join(dataDir, "store") }

func writeXML(path, text string, values map[string]any) error {
	tmpl := template.Must(template.New(filepath.Base(path)).Funcs(template.FuncMap{"xml": escapeXML}).Parse(text))
	var out bytes.Buffer
	if err := tmpl.Execute(&out, values); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the engine's configuration: %w", err)
	}
	return nil
}

func escapeXML(s string) (string, error) {
	var out bytes.Buffer
	err := xml.EscapeText(&out, []byte(s))
	return out.String(), err
}

// pathlikeSettings name files or services to read from or write to; nobody may set them.
func pathlikeSettings() []string {
	return []string{
		"format_schema", "format_schema_source", "format_schema_message_name", "format_template_row", "format_template_resultset",
		"output_format_schema", "input_format_record_errors_file_path", "format_avro_schema_registry_url", "url_base",
		"into_outfile_create_parent_directories", "rename_files_after_processing",
	}
}
