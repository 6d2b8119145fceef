package storage_test

import (
	"strings"
	"testing"

	"feryat/storage"
)

func TestConfig(t *testing.T) {
	good := storage.DefaultConfig()
	good.URL = "http://127.0.0.1:8123"
	if err := good.Validate(); err != nil {
		t.Fatalf("the default configuration with an address: %v", err)
	}
	for name, change := range map[string]func(*storage.Config){
		"url":             func(c *storage.Config) { c.URL = "127.0.0.1:8123" },
		"keys user":       func(c *storage.Config) { c.URL = "http://u:a-secret@host:1" },
		"no address":      func(c *storage.Config) { c.URL = "http://u:a-secret@[host" },
		"database":        func(c *storage.Config) { c.Database = "x; DROP DATABASE y" },
		"cluster":         func(c *storage.Config) { c.Cluster = "a'b" },
		"rollup_interval": func(c *storage.Config) { c.RollupInterval = 0 },
		"connect_timeout": func(c *storage.Config) { c.ConnectTimeout = -1 },
		"query_timeout":   func(c *storage.Config) { c.QueryTimeout = 0 },
	} {
		c := good
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "a-secret") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	bad := storage.Config{}
	if err := bad.Validate(); err == nil || strings.Count(err.Error(), "\n") < 4 {
		t.Errorf("not all mistakes are told: %v", err)
	}
}
