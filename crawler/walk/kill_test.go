package walk_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"feryat/crawler/crawlertest"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/crawler/walk"
	"feryat/mention"
)

const killPages = 40

// file is a queue whose acknowledgement is a line in a file.
type file struct{ f *os.File }

func (q file) Mention(_ context.Context, m mention.Mention) error {
	_, err := fmt.Fprintln(q.f, m.Author.Name)
	return err
}

func (q file) Visit(context.Context, mention.Visit) error { return nil }

// walkAsChild walks the site of the parent test and is killed by it.
func walkAsChild(t *testing.T) {
	dir := os.Getenv("WALK_CHILD")
	f, err := os.OpenFile(filepath.Join(dir, "said"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	db, err := frontier.Open(filepath.Join(dir, "frontier.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cfg := walk.DefaultConfig()
	cfg.Start, cfg.Complete = []string{os.Getenv("WALK_SITE") + "/0"}, true
	w, err := walk.New("source", cfg, crawlertest.Client(t), db, paragraphs{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Collect(fetch.WithRun(t.Context(), fetch.NewRun()), nil, file{f}); err != nil {
		t.Fatal(err)
	}
}

// A walk that is killed at odd moments, again and again, says in the end all
// that the site shows, and fetches again no more than the page of each kill.
func TestKilled(t *testing.T) {
	if os.Getenv("WALK_CHILD") != "" {
		walkAsChild(t)
		return
	}
	var asked, kills atomic.Int32
	var victim atomic.Pointer[os.Process]
	var countdown atomic.Int32
	countdown.Store(5)
	moments := rand.New(rand.NewPCG(1, 2))
	site := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); err != nil || n >= killPages {
			http.NotFound(rw, r)
			return
		}
		asked.Add(1)
		if countdown.Add(-1) == 0 {
			kills.Add(1)
			victim.Load().Signal(syscall.SIGKILL)
		}
		fmt.Fprint(rw, list(fmt.Sprintf("k%d l%d m%d", n, n, n), fmt.Sprintf("/%d", n+1)))
	}))
	t.Cleanup(site.Close)
	dir := t.TempDir()
	for run := 0; ; run++ {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), "WALK_CHILD="+dir, "WALK_SITE="+site.URL)
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		victim.Store(cmd.Process)
		err := cmd.Wait()
		if err == nil {
			break
		}
		if run > 40 || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("run %d: %v\n%s", run, err, out.String())
		}
		countdown.Store(2 + moments.Int32N(6))
	}
	if kills.Load() < 3 {
		t.Errorf("killed %d times only", kills.Load())
	}
	if extra := asked.Load() - killPages - kills.Load(); extra > kills.Load() {
		t.Errorf("%d pages were asked for %d times over %d kills", killPages, asked.Load(), kills.Load())
	}
	said := map[string]bool{}
	f, err := os.Open(filepath.Join(dir, "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		said[s.Text()] = true
	}
	var missing []string
	for n := range killPages {
		for _, k := range []string{"k", "l", "m"} {
			if id := fmt.Sprint(k, n); !said[id] {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) > 0 || len(said) != 3*killPages {
		slices.Sort(missing)
		t.Errorf("%d mentions said, missing %v", len(said), missing)
	}
}
