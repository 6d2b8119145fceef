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
// no functions, no named collections, no introspection.
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
            <max_result_bytes>{{.MaxResult}}</max_result_bytes>
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
            <grants>
                <query>GRANT SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP, TRUNCATE, OPTIMIZE, BACKUP, KILL QUERY, SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM VIEWS, SYSTEM SYNC TRANSACTION LOG, SYSTEM FLUSH, SYSTEM DROP CACHE ON *.*</query>
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
	for _, folder := range []string{storePath(dir), backups} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", fmt.Errorf("make the engine's folder: %w", err)
		}
	}
	values := map[string]any{
		"Store": storePath(dir), "Users": filepath.Join(dir, "users.xml"), "Backups": backups,
		"MemoryLimit": c.MemoryLimit, "Cache": c.MemoryLimit / 16, "MaxText": 2 * maxText, "MaxResult": 4 * maxResult,
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
