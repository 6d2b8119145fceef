package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"
)

// demoPanels is how many panels the dashboards have in one language.
const demoPanels = 65

// TestDemoShowsEveryPanel: soon after the demo's start no panel is without data, in any dashboard.
func TestDemoShowsEveryPanel(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "demo", "--listen", "127.0.0.1:0")
	p.says(t, "stop with Ctrl-C")
	site := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(p.out.String())
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for began := time.Now(); ; {
		panels, empty := demoEmpty(ctx, t, site)
		if panels == demoPanels && len(empty) == 0 {
			t.Logf("%d panels with data after %s", panels, time.Since(began).Round(time.Second))
			break
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d panels, without data: %q", panels, empty)
		case <-time.After(2 * time.Second):
		}
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("ended with %d:\n%s", code, p.err.String())
	}
}

// demoEmpty counts the panels of all dashboards and names those that show nothing.
func demoEmpty(ctx context.Context, t *testing.T, site string) (panels int, empty []string) {
	t.Helper()
	for _, board := range []string{"overview", "support", "topics", "rivals", "customers", "collection"} {
		body := demoPage(ctx, t, fmt.Sprintf("%s/d/feryat-%s-en?lang=en", site, board))
		for _, panel := range bytes.Split(body, []byte("<section class=\"card panel"))[1:] {
			panels++
			title := regexp.MustCompile(`<h2[^>]*>([^<]*)</h2>`).FindSubmatch(panel)
			if text := string(panel); title == nil || regexp.MustCompile(`<p class="(empty|notice)"|<p class="big"><b[^>]*>–</b>`).MatchString(text) {
				empty = append(empty, board+": "+string(bytes.Join(title, []byte(" "))))
			}
		}
	}
	return panels, empty
}

// demoPage gets a page; none while the store is not there yet or the time is up.
func demoPage(ctx context.Context, t *testing.T, address string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil
	}
	defer func() { _ = resp.Body.Close() }() // what was to be read of it was
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil
	}
	return body
}
