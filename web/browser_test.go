package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// shared is the one browser of all tests; starting one each would take most of the time.
var shared browser

type browser struct {
	once sync.Once
	ctx  context.Context
	end  func()
	err  error
}

func (b *browser) start() {
	program, err := findChromium()
	if err != nil {
		b.err = err
		return
	}
	dir, err := os.MkdirTemp("", "webtest-chromium")
	if err != nil {
		b.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.UserDataDir(dir), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	b.ctx, b.err = ctx, chromedp.Do(ctx)
	b.end = func() { _ = chromedp.Cancel(ctx); cancel(); stop(); _ = os.RemoveAll(dir) }
}

func (b *browser) close() {
	if b.end != nil {
		b.end()
	}
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("these tests look at the page in Chromium and there is none on the PATH: run web/browser.sh")
}

// tab is one page in the browser. Whatever it should not do fails the test:
// errors of scripts, refusals by the content security policy, dialogs, and
// requests to other places than the first.
type tab struct {
	t    testing.TB
	ctx  context.Context
	mu   sync.Mutex
	host string
	bad  []string
	got  map[network.RequestID]float64 // bytes as they came, by request
}

func openTab(t testing.TB) *tab {
	t.Helper()
	shared.once.Do(shared.start)
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	limited, stop := context.WithTimeout(shared.ctx, 5*time.Minute)               // a slow machine is no fault of the page
	ctx, cancel := chromedp.NewContext(limited, chromedp.WithNewBrowserContext()) // others look meanwhile, with other cookies
	p := &tab{t: t, ctx: ctx, got: map[network.RequestID]float64{}}
	if err := chromedp.Listen(ctx, p.watch); err != nil {
		t.Fatal(err)
	}
	call(p, log.Enable, cdp.Empty{})
	call(p, network.Enable, network.EnableParams{})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	t.Cleanup(func() { cancel(); stop(); p.verify() })
	return p
}

func (p *tab) watch(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork { // an answer of 503 is logged there
			p.bad = append(p.bad, "console: "+e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		p.bad = append(p.bad, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.bad = append(p.bad, "console call: "+string(e.Type))
	case *page.EventJavascriptDialogOpening:
		p.bad = append(p.bad, "dialog: "+e.Message)
		go func() { // not here: this is the loop that reads the answer
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	case *network.EventLoadingFinished:
		p.got[e.RequestID] = e.EncodedDataLength
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Host != p.host {
			p.bad = append(p.bad, "request to "+e.Request.URL)
		}
	}
}

func (p *tab) verify() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.bad {
		p.t.Error(b)
	}
}

// call sends a command of the protocol.
func call[P, R any](p *tab, command cdp.Command[P, R], params P) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, command, params); err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
}

// open goes to an address and answers the status.
func (p *tab) open(address string) int64 {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.host = u.Host
	p.mu.Unlock()
	resp, err := chromedp.Run(p.ctx, chromedp.NavigateResponse(address))
	if err != nil {
		p.t.Fatalf("open %s: %v", address, err)
	}
	return resp.Status
}

// eval runs JavaScript in the page, waits for promises, and answers the value.
func eval[T any](p *tab, script string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// texts are the visible words of all that a selector finds.
func (p *tab) texts(selector string) []string {
	p.t.Helper()
	return eval[[]string](p, fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText ?? e.textContent)", selector))
}

func (p *tab) text(selector string) string {
	p.t.Helper()
	return strings.Join(p.texts(selector), "\n")
}

// screen is a device: its width and whether it is dark.
type screen struct {
	width int64
	dark  bool
}

func (s screen) String() string {
	return fmt.Sprintf("%d%s", s.width, map[bool]string{true: "-dark"}[s.dark])
}

// screens are a desk and a phone, by day and by night.
func screens() []screen { return []screen{{1280, false}, {1280, true}, {390, false}, {390, true}} }

func (p *tab) on(s screen) {
	p.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[s.dark]
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: s.width, Height: 844, DeviceScaleFactor: 1, Mobile: s.width < 600})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// click presses what leads to another page, waits for it, and answers its status.
func (p *tab) click(selector string) int64 {
	p.t.Helper()
	resp, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatalf("click %s: %v", selector, err)
	}
	return resp.Status
}

// set fills in a field of a form.
func (p *tab) set(selector, value string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.SetValue(chromedp.CSS(selector), value)); err != nil {
		p.t.Fatalf("set %s: %v", selector, err)
	}
}

// becomes waits until JavaScript in the page is true.
func (p *tab) becomes(script string) {
	p.t.Helper()
	for range 600 {
		if eval[bool](p, "Boolean("+script+")") {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("never becomes true: %s; the page shows %q", script, p.text("body"))
}

// shows waits until what a selector finds has a text.
func (p *tab) shows(selector, text string) {
	p.t.Helper()
	p.becomes(fmt.Sprintf("[...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))", selector, text))
}
