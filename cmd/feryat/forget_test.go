package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bytesOf lists the files below dir that hold one of some words.
func bytesOf(dir string, words ...string) (files []string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // what vanishes meanwhile holds nothing
		}
		body, _ := os.ReadFile(path)
		for _, word := range words {
			if bytes.Contains(body, []byte(word)) {
				files = append(files, strings.TrimPrefix(path, dir)+": "+word)
			}
		}
		return nil
	})
	return files
}

// goneFrom waits until none of the words is below dir: the queue's files are
// written up to some seconds late.
func goneFrom(t *testing.T, when, dir string, words ...string) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		files := bytesOf(dir, words...)
		if len(files) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: %v", when, files)
		}
	}
}

// TestForgetLeavesNoByte has a person in tables, customer list, cases and messages
// that wait for a channel which is down. Forget is killed at several moments beside a running
// serve; the last one finishes.
func TestForgetLeavesNoByte(t *testing.T) {
	t.Parallel()
	const name, phrase, number = "zumruduanka4711", "mavi-zurafa-4711", "M-zebra-4711"
	phone := newTelephone(t)
	phone.down.Store(true)
	s := newShop(t, 2, 2, 10)
	s.fresh, s.guest = true, &guest{name, "Rezalet! Kargo gelmedi, " + phrase + ", param iade edilmezse savcılığa gideceğim!"}
	config := writeConfig(t, strings.NewReplacer("incidents: {authors: 0}", "incidents: {authors: 2}").Replace(s.config(phone.URL, 500)))
	dir := dataOf(config)
	f := serve(t, config)
	f.until(t, "SELECT count() FROM feryat.v_mentions", fmt.Sprint(s.total()))
	f.until(t, "SELECT count() > 0 FROM feryat.v_escalations WHERE author = '"+name+"'", "1")
	list := filepath.Join(t.TempDir(), "crm.csv")
	if err := os.WriteFile(list, []byte("key,name,value\n"+number+","+name+",12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	feryat(t, exitOK, "import", "customers", list, "--config", config)
	feryat(t, exitOK, "customer", "link", "shop", name, number, "--config", config)
	before := bytesOf(dir, name, phrase, number)
	t.Logf("before: %s", strings.Join(before, "\n"))
	for _, place := range []string{"/queue/", "/clickhouse/", "OUTBOX", "KV_feryat_escalations"} {
		if !strings.Contains(strings.Join(before, "\n"), place) {
			t.Errorf("nothing of him is below %s: the search proves nothing", place)
		}
	}
	args := []string{"forget", name, "--source", "shop", "--customers", "--config", config}
	for _, after := range []time.Duration{300, 600, 900, 1300, 1800} {
		p := start(t, nil, args...)
		select {
		case <-p.done:
			t.Logf("done before %d ms: %s", after, p.out.String())
		case <-time.After(after * time.Millisecond):
			p.kill()
		}
	}
	begun := time.Now()
	t.Logf("forget took %[2]s and says %[1]s", feryat(t, exitOK, args...), time.Since(begun))
	goneFrom(t, "after forget", dir, name, phrase, number)
	if rest := query(t, config, "SELECT count() AS n FROM v_mentions"); rest[0] != fmt.Sprintf(`{"n":%d}`, s.total()-1) && rest[0] != fmt.Sprintf(`{"n":"%d"}`, s.total()-1) {
		t.Errorf("left: %s", rest)
	}
	phone.down.Store(false)
	feryat(t, exitOK, "collect", "--config", config)
	settled(t, f)
	for key, at := range phone.keys() {
		if len(at) > 1 {
			t.Errorf("%s was told %d times", key, len(at))
		}
	}
	if len(phone.keys()) == 0 {
		t.Error("nobody was told of the others")
	}
	goneFrom(t, "after the next collection", dir, name, phrase, number)
	f.kill()
	serve(t, config).until(t, "SELECT count() FROM feryat.v_mentions", fmt.Sprint(s.total()-1))
	goneFrom(t, "after a new start", dir, name, phrase, number)
}
