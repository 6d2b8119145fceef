package engine_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSetup: the script asks npm for nothing when the pinned library is there, and says what to do when npm fails.
func TestSetup(t *testing.T) {
	folder, tools := t.TempDir(), t.TempDir()
	script(t, filepath.Join(tools, "npm"), "#!/bin/sh\necho asked for $* >&2\nexit 1\n")
	lock, err := os.ReadFile("npm/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("npm/setup.sh")
	if err != nil {
		t.Fatal(err)
	}
	script(t, filepath.Join(folder, "setup.sh"), string(text))
	script(t, filepath.Join(folder, "package-lock.json"), string(lock))
	setup := func() (string, error) {
		cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(folder, "setup.sh"))
		cmd.Env = []string{"PATH=" + tools + ":/usr/bin:/bin"}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := setup(); err == nil || !strings.Contains(out, "asked for ci --prefer-offline") || !strings.Contains(out, "could not install") {
		t.Errorf("absent: %v %s", err, out)
	}
	_, integrity, _ := strings.Cut(string(lock), `"integrity": "`)
	integrity, _, _ = strings.Cut(integrity, `"`)
	script(t, filepath.Join(folder, "node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"), "1234")
	script(t, filepath.Join(folder, "node_modules/.installed"), integrity+" 4\n")
	if out, err := setup(); err != nil || out != "" {
		t.Errorf("present: %v %s", err, out)
	}
	script(t, filepath.Join(folder, "node_modules/@chdb/lib-linux-x64-gnu/libchdb.so"), "123")
	if out, err := setup(); err == nil {
		t.Errorf("cut off: %s", out)
	}
}

func script(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
