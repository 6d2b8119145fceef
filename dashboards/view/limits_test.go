package view

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/storage"
)

// pageOf is a dashboard of panels that ask these questions.
func pageOf(t *testing.T, kind string, questions ...string) Board {
	t.Helper()
	var panels []string
	for i, sql := range questions {
		panels = append(panels, fmt.Sprintf(`{"id": %d, "type": %q, "title": "P", "targets": [{"rawSql": %q}]}`, i+1, kind, sql))
	}
	b, err := Read("page.json", []byte(`{"uid": "page", "title": "Page", "panels": [`+strings.Join(panels, ",")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOnOneStore asks what needs the engine of one.
func TestOnOneStore(t *testing.T) {
	v, s := open(t)
	t.Run("nothing", func(t *testing.T) { nothingHasAHeight(t, v) })
	t.Run("long steps", func(t *testing.T) { longSteps(t, v) })
	t.Run("several questions", func(t *testing.T) { severalQuestions(t, v) })
	t.Run("naming", func(t *testing.T) { anyWayOfNaming(t, v) })
	t.Run("at once", func(t *testing.T) { atOnceAtMost(t, v, s) })
	t.Run("reader goes", func(t *testing.T) { readerGoes(t, v, s) })
	t.Run("limits", func(t *testing.T) { limits(t, v) })
}

// limits: the store is told how much one question may take, and ends it itself.
func limits(t *testing.T, v *Viewer) {
	_, panels := show(t, v, pageOf(t, "table", "SELECT getSetting('max_execution_time') AS a, getSetting('max_memory_usage') AS b, getSetting('session_timezone') AS c, toDateTime(0) = toDateTime('1970-01-01 00:00:00') AS d"), i18n.English, "", now())
	for _, want := range []string{">15<", ">1,000,000,000<", ">UTC<", ">1<"} {
		if !strings.Contains(panels[0], want) {
			t.Errorf("%s is not in %s", want, panels[0])
		}
	}
	defer func() { v.patience = patience }()
	for _, sql := range []string{"SELECT length(range(450000000))", "SELECT sleepEachRow(0.5) FROM numbers(60) SETTINGS max_block_size = 1"} {
		if _, panels = show(t, v, pageOf(t, "table", sql), i18n.English, "", now()); !strings.Contains(panels[0], "too long or too much memory") {
			t.Errorf("%s: %s", sql, panels[0])
		}
		v.patience = time.Second
	}
}

// broken is a store that falls over.
type broken struct{}

func (broken) QueryWithin(context.Context, time.Duration, int64, string, string, io.Writer) error {
	panic("out of range")
}

// TestBrokenPanel: one panel that falls over leaves the others, and the program.
func TestBrokenPanel(t *testing.T) {
	v, err := New(broken{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	b := pageOf(t, "table", "SELECT 1")
	b.Panels = append(b.Panels, Panel{ID: 2, Type: "text", Title: "Words"})
	if _, panels := show(t, v, b, i18n.English, "", now()); !strings.Contains(panels[0], "panic: out of range") || !strings.Contains(panels[1], "Words") {
		t.Errorf("%q", panels)
	}
}

// crowd counts the questions that are asked at the same time.
type crowd struct {
	*storage.Store
	mu        sync.Mutex
	now, most int
}

func (c *crowd) QueryWithin(ctx context.Context, within time.Duration, memory int64, sql, format string, w io.Writer) error {
	c.add(1)
	defer c.add(-1)
	return c.Store.QueryWithin(ctx, within, memory, sql, format, w)
}

func (c *crowd) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += n
	c.most = max(c.most, c.now)
}

// atOnceAtMost: one page asks two questions at a time, all pages six.
func atOnceAtMost(t *testing.T, v *Viewer, s *storage.Store) {
	c := &crowd{Store: s}
	v.store = c
	defer func() { v.store = s }()
	b := pageOf(t, "table", strings.Split(strings.Repeat("SELECT sleep(0.1);", 8), ";")[:8]...)
	show(t, v, b, i18n.English, "", now())
	if c.most != atOnce {
		t.Errorf("a page asked %d questions at once", c.most)
	}
	var pages sync.WaitGroup
	for range 5 {
		pages.Go(func() {
			_ = v.Draw(t.Context(), Choice{Board: b, Language: i18n.English, Span: Span{From: now().Add(-time.Hour), To: now()}}, func(template.HTML) error { return nil })
		})
	}
	pages.Wait()
	if c.most != slots {
		t.Errorf("all pages asked %d questions at once", c.most)
	}
}

// readerGoes: what was asked for a reader who has gone is ended in the store.
func readerGoes(t *testing.T, v *Viewer, s *storage.Store) {
	b := pageOf(t, "table", "SELECT 'gone reader', sleepEachRow(0.1) FROM numbers(140) SETTINGS max_block_size = 1", "SELECT 1")
	ctx, leave := context.WithCancel(t.Context())
	var shown atomic.Int32
	done := make(chan error, 1)
	go func() {
		done <- v.Draw(ctx, Choice{Board: b, Language: i18n.English, Span: Span{From: now().Add(-time.Hour), To: now()}}, func(template.HTML) error { shown.Add(1); return nil })
	}()
	await(t, s, "1")
	leave()
	if err := <-done; err == nil || shown.Load() > 0 {
		t.Errorf("%d panels were shown, %v", shown.Load(), err)
	}
	await(t, s, "0")
	if len(v.slots) != 0 {
		t.Errorf("%d places are still taken", len(v.slots))
	}
}

// await waits until so many of the test's questions run in the store.
func await(t *testing.T, s *storage.Store, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		var out strings.Builder
		if err := s.Query(ctx, "SELECT count() FROM system.processes WHERE query LIKE '%gone reader%' AND query NOT LIKE '%processes%'", "TSV", &out); err != nil {
			t.Fatalf("never %s: %v", want, err)
		}
		if strings.TrimSpace(out.String()) == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
