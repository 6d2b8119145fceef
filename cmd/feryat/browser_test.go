package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// tab is a page in a browser of the test's own.
type tab struct {
	t   testing.TB
	ctx context.Context
}

func openTab(t testing.TB) *tab {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
		}
	}
	if program == "" {
		t.Fatal("this test looks at the page in Chromium and there is none on the PATH: run make browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	limited, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	allocator, end := chromedp.NewExecAllocator(limited, options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel(); end(); stop() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	return &tab{t, ctx}
}

func (p *tab) open(address string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.NavigateResponse(address)); err != nil {
		p.t.Fatalf("open %s: %v", address, err)
	}
}

// eval runs JavaScript in the page and answers the value.
func eval[T any](p *tab, script string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return v
}

func (p *tab) text(selector string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText).join('\\n')", selector))
}

// becomes waits until JavaScript in the page is true, for a minute at most, and
// answers how long that took.
func (p *tab) becomes(script string) time.Duration {
	p.t.Helper()
	begun := time.Now()
	for time.Since(begun) < time.Minute {
		if eval[bool](p, "Boolean("+script+")") {
			return time.Since(begun)
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("not true within a minute: %s; the page shows:\n%s", script, p.text("body"))
	return 0
}
