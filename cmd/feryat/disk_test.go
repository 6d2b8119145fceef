package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a disk of so many MiB in memory, for which a test must run as
// root, as it does in a container.
func smallDisk(t *testing.T, mib int) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", mib)); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill writes until nothing more fits, and answers how to make room again.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for chunk := make([]byte, 1<<20); len(chunk) > 0; {
		_, err := f.Write(chunk)
		switch {
		case errors.Is(err, unix.ENOSPC):
			chunk = chunk[:len(chunk)/2] // down to the last byte
		case err != nil:
			t.Fatal(err)
		}
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}

// A full disk holds up the crawl, says so, and heals: nothing that was
// collected is lost or doubled.
func TestFullDiskHolds(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, 512)
	s := newShop(t, 3, 4, 10)
	s.gate = newGate(5)
	config := filepath.Join(t.TempDir(), "feryat.yaml")
	body := "data_dir: " + filepath.Join(disk, "data") + s.config(newTelephone(t).URL, 500)
	if err := os.WriteFile(config, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, nil, "collect", "--config", config, "--format", "json")
	for s.gate.held.Load() == 0 { // until it collects
		select {
		case <-p.done:
			t.Fatalf("ended with %d:\n%s", p.cmd.ProcessState.ExitCode(), p.err.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	free := fill(t, disk)
	s.gate.open()
	for _, trouble := range []string{"no space left on device", "queue cannot write to its folder; trying again", "waiting_for"} {
		p.says(t, trouble)
	}
	free()
	if code := p.wait(); code != exitOK {
		t.Fatalf("ended with %d after there was room again:\n%s", code, p.err.String())
	}
	got := query(t, config, "SELECT count() AS n, uniqExact(id) AS ids, (SELECT count() FROM mention_versions) AS versions FROM v_mentions")
	if want := fmt.Sprintf(`{"n":%d,"ids":%[1]d,"versions":%[1]d}`, s.total()); got[0] != want {
		t.Errorf("stored %s, want %s:\n%s", got[0], want, p.err.String())
	}
}
