package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// What user hash writes is what the configuration takes.
func TestUserHash(t *testing.T) {
	for in, want := range map[string]int{"long enough\n": exitOK, "no line end": exitOK, "short\n": exitUsage, "": exitUsage, "\n": exitTrouble} {
		var out, trouble bytes.Buffer
		if got := run([]string{"user", "hash"}, strings.NewReader(in), &out, &trouble); got != want {
			t.Errorf("%q: exit code %d, want %d: %s", in, got, want, trouble.String())
		}
		if want != exitOK {
			continue
		}
		file := writeConfig(t, fmt.Sprintf("brands: [{name: Acme}]\nweb: {users: [{name: ayse, role: support, password_hash: %q}]}\n", strings.TrimSpace(out.String())))
		if cfg, err := loadConfig(file, nil); err != nil || len(cfg.Web.Users) != 1 {
			t.Errorf("%q: %v", in, err)
		}
	}
}
