package web

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"feryat/i18n"
	"feryat/mention"
)

var screenshots = flag.String("screenshots", "", "folder to put pictures of the pages in")

// faint lists texts with less contrast to what is behind them than WCAG's AA
// asks for: 4.5, or 3 for large letters.
const faint = `(() => {
  const rgba = (c) => { const v = c.match(/[\d.]+/g).map(Number); return v.length < 4 ? [...v, 1] : v; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
  const out = [];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.closest("title, .unseen, script")) continue;
    const style = getComputedStyle(e), svg = e instanceof SVGElement;
    const [a, b] = [light(rgba(svg ? style.fill : style.color)), light(behind(e))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) out.push(e.className + " " + e.textContent.trim().slice(0, 30) + " " + ((a + 0.05) / (b + 0.05)).toFixed(2));
  }
  return [...new Set(out)];
})()`

// wide lists what reaches over the edge of the screen.
const wide = `(() => {
  const inside = innerWidth + 1, root = document.documentElement;
  if (root.scrollWidth <= inside && innerWidth === %d) return [];
  return ["page " + root.scrollWidth + " on " + innerWidth, ...[...document.querySelectorAll("body *")]
    .filter((e) => (e.getBoundingClientRect().right > inside || e.getBoundingClientRect().left < -1) && !e.closest(".scroll > *, .unseen"))
    .map((e) => e.tagName + "." + e.className).slice(0, 5)];
})()`

// nameless lists controls, pictures and tables' heads that a screen reader can say nothing of.
const nameless = `[...document.querySelectorAll("a, button, select, input:not([hidden], [type=hidden]), summary, svg:not([aria-hidden]), img, [role=region], th, h1, h2")]
  .filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length || e.hasAttribute("alt") || e.closest("label")))
  .map((e) => e.outerHTML.slice(0, 80))`

// TestLook holds every page, in every language, on a desk and a phone, by day
// and by night, to what can be measured.
func TestLook(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	crowd(t, store, rows[:6], 9)
	s := newServer(t, store, nil)
	s.office = &advisers{}
	s.FollowCases(bucketOf(t, newQueue(t), "cases"))
	s.news.reached(1)
	alter(t, store, rows[5])
	pages := lookedAt(serve(t, s), serve(t, newServer(t, store, locked)), rows)
	pages["drafted"] = strings.TrimSuffix(pages["overview"], "/") + drafted
	lookAt(t, pages)
}

// lookAt looks at pages by name, in every language, a tab each.
func lookAt(t *testing.T, pages map[string]string) {
	t.Helper()
	for _, l := range i18n.Languages() {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			p := openTab(t)
			p.uncached()
			for name, address := range pages {
				what := name + "-" + string(l)
				if status := p.open(inLanguage(address, l)); (status != http.StatusOK) != (name == "misunderstood") {
					t.Errorf("%s: status %d", what, status)
				}
				p.light(what)
				p.looked(what, l)
				if n := len(p.texts("h1")); n != 1 {
					t.Errorf("%s has %d main headings", what, n)
				}
			}
		})
	}
}

// looked holds the page that is open to what can be measured on every screen, and to
// axe's rules. It is loaded once: no answer depends on the screen, and styles follow
// a change of width and colours as they do when a window is dragged or night falls.
func (p *tab) looked(what string, l i18n.Language) {
	p.t.Helper()
	for _, sc := range screens() {
		p.on(sc)
		name := fmt.Sprintf("%s-%s", what, sc)
		for rule, script := range map[string]string{"too little contrast": faint, "over the edge": fmt.Sprintf(wide, sc.width), "without a name": nameless} {
			if got := eval[[]string](p, script); len(got) > 0 {
				p.t.Errorf("%s: %s: %s", name, rule, strings.Join(got, "; "))
			}
		}
		p.picture(name)
	}
	p.accessible(what, l)
	p.picture(what + "-opened")
}

// lookedAt are the pages by name: those of a site without a login, and the login of another.
func lookedAt(site, closed string, rows []mention.Scored) map[string]string {
	return map[string]string{
		"overview": site + "/", "mention": site + "/m/" + string(rows[0].Mention.ID), "reply": site + "/m/" + string(rows[1].Mention.ID), "corrected": site + "/m/" + string(rows[5].Mention.ID),
		"inbox": site + "/inbox", "narrowed": site + "/inbox?severity=critical&late=yes&holder=-&sort=due", "escalation": site + "/e/e1", "promise": site + "/promise?days=30",
		"explore": site + "/explore", "found": site + "/explore?q=kargo&brand=Paytak&from=2026-10-01&mood=angry", "misunderstood": site + "/explore?from=x", "login": closed + "/login",
	}
}

func inLanguage(address string, l i18n.Language) string {
	return address + map[bool]string{true: "&", false: "?"}[strings.Contains(address, "?")] + "lang=" + string(l)
}

func (p *tab) picture(name string) {
	p.t.Helper()
	if *screenshots == "" {
		return
	}
	// A picture beyond the window is shifted where the page is from right to left, so the window is made as high as the page.
	size := eval[[]int64](p, `[innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)]`)
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: size[0], Height: size[1], DeviceScaleFactor: 1, Mobile: size[0] < 600})
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// TestScreenIsMeasured: the checks of TestLook see what they are for.
func TestScreenIsMeasured(t *testing.T) {
	t.Parallel()
	p := openTab(t)
	p.open(serve(t, newServer(t, openStore(t), nil)) + "/?lang=en")
	p.on(screen{width: 390})
	eval[bool](p, `(() => {
		const link = document.createElement("a"), words = document.createElement("p");
		link.href = "/";
		words.textContent = "faint and far";
		document.body.append(link, words);
		words.animate([{ color: "#999", marginLeft: "900px" }], { duration: 1, fill: "forwards" }).finish(); // a style attribute would be refused
		return true;
	})()`)
	if len(eval[[]string](p, faint)) == 0 || len(eval[[]string](p, fmt.Sprintf(wide, 390))) == 0 || len(eval[[]string](p, nameless)) == 0 {
		t.Error("a faint, far, nameless thing goes unseen")
	}
}

// TestKeyboard walks through the page with the Tab key: every link and control
// comes in turn and is marked by an outline.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	fill(t, store)
	p := openTab(t)
	p.open(serve(t, newServer(t, store, nil)) + "/?lang=en")
	var seen []string
	for range 18 {
		p.press("Tab")
		if outline := eval[string](p, `getComputedStyle(document.activeElement).outlineStyle`); outline == "none" {
			t.Errorf("the focus does not show on %s", eval[string](p, "document.activeElement.outerHTML"))
		}
		seen = append(seen, eval[string](p, `document.activeElement.tagName + (document.activeElement.className && "." + document.activeElement.className)`))
	}
	want := []string{"A.skip", "A.brand", "A", "A", "A", "A", "A", "A", "A", "A", "A", "SELECT", "SELECT", "BUTTON", "A", "SUMMARY"}
	if !slices.Equal(seen[:len(want)], want) {
		t.Errorf("the way of the focus is %q", seen)
	}
}

func (p *tab) press(key string) {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key, Code: key, WindowsVirtualKeyCode: 9})
	}
}

// TestRefresh: the page follows the store and leaves alone what the reader does.
func TestRefresh(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	p := openTab(t)
	p.open(serve(t, newServer(t, store, nil)) + "/?lang=en")
	refresh := func() { eval[bool](p, "refresh().then(() => true)") }
	total := func() string { return p.texts(".figures b")[0] }
	more := func(author string) {
		insert(t, store, score(t, []words{{brand: "Paytak", source: "forum", author: author, hours: 1, text: "Berbat bir deneyim."}}))
	}

	eval[bool](p, `(document.querySelector("details").open = true) && (document.querySelector("summary").focus(), true)`)
	more("one")
	refresh()
	if got, want := total(), counted(append(rows, score(t, []words{{brand: "Paytak", author: "one", hours: 1}})...), "", 30, 1)[0]; got != want {
		t.Errorf("%s mentions, want %s", got, want)
	}
	if got := eval[string](p, `document.querySelector("details").open + " " + document.activeElement.tagName`); got != "true SUMMARY" {
		t.Errorf("open and focused: %s", got)
	}

	before := total()
	more("two")
	for what, script := range map[string]string{
		"text is selected":   `getSelection().selectAllChildren(document.querySelector(".said .text"))`,
		"a field is changed": `(document.querySelector("select").selectedIndex = 1)`,
		"a choice is open":   `(getSelection().empty(), document.querySelector("select").focus())`,
		"the tab is hidden":  `(document.activeElement.blur(), Object.defineProperty(document, "hidden", {value: true, configurable: true}))`,
	} {
		eval[bool](p, `(() => { getSelection().empty(); document.activeElement.blur(); `+script+`; return true; })()`)
		refresh()
		if total() != before {
			t.Errorf("the page moves while %s", what)
		}
		eval[bool](p, `(document.querySelector("select").selectedIndex = 0, delete document.hidden)`)
	}
	eval[bool](p, `(() => { getSelection().empty(); document.activeElement.blur(); return true; })()`)
	refresh()
	if total() == before {
		t.Error("the page does not move again")
	}
}
