package engine_test

import (
	"net/http"
	"strings"
	"testing"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// TestHiddenRows tries to see the rows of a hidden table as the reader.
func TestHiddenRows(t *testing.T) {
	cfg := enginetest.Config(t.TempDir())
	cfg.Hidden = []engine.Table{{Database: "shop", Table: "customers"}, {Database: "shop", Table: "links"}}
	access := enginetest.New(t, cfg).Access()
	for _, sql := range []string{
		"CREATE DATABASE shop", "CREATE TABLE shop.customers (key String, name String) ENGINE = ReplacingMergeTree ORDER BY key",
		"CREATE TABLE shop.links (key String) ENGINE = MergeTree ORDER BY key", "CREATE TABLE shop.other (key String) ENGINE = MergeTree ORDER BY key",
		"CREATE VIEW shop.v AS SELECT * FROM shop.customers", "INSERT INTO shop.customers VALUES ('canary', 'canary')",
		"INSERT INTO shop.links VALUES ('canary')", "INSERT INTO shop.other VALUES ('seen')",
	} {
		enginetest.Exec(t, access, sql)
	}
	for _, sql := range []string{
		"SELECT * FROM shop.customers", "SELECT * FROM shop.customers FINAL", "SELECT * FROM shop.v", "SELECT * FROM shop.links", "SELECT * FROM merge('shop', '.*')",
		"SELECT * FROM `shop`.`customers` PREWHERE 1", "SELECT min(key) FROM shop.customers", "SELECT any(name) FROM shop.customers WHERE name LIKE 'can%'",
		"SELECT * FROM shop.customers SETTINGS readonly = 0", "SELECT * FROM (SELECT * FROM shop.customers SETTINGS readonly = 0)",
		"SELECT * FROM (SELECT * FROM shop.customers SETTINGS `readonly` = 0)", "WITH x AS (SELECT * FROM shop.customers SETTINGS readonly = '0') SELECT * FROM x",
		"SELECT (SELECT name FROM shop.customers LIMIT 1 SETTINGS readonly = 0)", "SELECT * FROM mergeTreeIndex('shop', 'customers')", "SELECT * FROM `mergeTreeIndex`(shop, customers)",
		"SELECT * FROM viewIfPermitted(SELECT * FROM shop.customers ELSE null('key String, name String'))", "SELECT * FROM view(SELECT * FROM shop.customers)",
		"SELECT if(throwIf((SELECT count() FROM shop.customers) > 0, 'canary'), 1, 0)", "SELECT * FROM shop.other, shop.customers", "SELECT joinGet('shop.customers', 'name', 'canary2')",
		"EXPLAIN indexes = 1 SELECT * FROM shop.customers WHERE key = 'x'", "SELECT * FROM loop(shop.customers) LIMIT 1", "SELECT * FROM system.parts_columns WHERE table = 'customers'",
	} {
		if status, body := ask(t, access, sql); strings.Contains(body, "canary") && !strings.Contains(body, "canary2") {
			t.Errorf("%s: %d %s", sql, status, body)
		}
		for _, readonly := range []string{"0", "1"} {
			if status, body := ask(t, access, sql, "readonly", readonly); strings.Contains(body, "canary") && !strings.Contains(body, "canary2") {
				t.Errorf("%s with readonly=%s: %d %s", sql, readonly, status, body)
			}
		}
	}
	if status, body := ask(t, access, "SELECT * FROM shop.customers, shop.links", asWriter(access, "database", "default")...); status != http.StatusOK || !strings.Contains(body, "canary") {
		t.Errorf("the writer sees %d %s", status, body)
	}
	if status, body := ask(t, access, "SELECT count(), any(key) FROM shop.other"); status != http.StatusOK || body != "1\tseen\n" {
		t.Errorf("of other tables the reader sees %d %s", status, body)
	}
}
