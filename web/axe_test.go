package web

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"feryat/i18n"
)

// axe is axe-core, whose rules are WCAG's as far as a program can check them.
var axe = sync.OnceValues(func() ([]byte, error) { return os.ReadFile("axe/node_modules/axe-core/axe.min.js") })

// serious are the violations that shut people out.
const serious = `axe.run(document, RULES).then((r) => r.violations
  .filter((v) => v.impact === "serious" || v.impact === "critical")
  .map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(", ")))`

// accessible holds the page, with all that can be opened open, to axe's rules by day
// and by night. By night its rules of colours are enough: nothing else differs.
func (p *tab) accessible(what string) {
	p.t.Helper()
	program, err := axe()
	if err != nil {
		p.t.Fatalf("%v; install it with: make browser", err)
	}
	if err := chromedp.Do(p.ctx, chromedp.Evaluate[struct{}](string(program)+";({})")); err != nil {
		p.t.Fatal(err)
	}
	eval[bool](p, `document.querySelectorAll("details").forEach((d) => (d.open = true)) ?? true`)
	for _, by := range []struct {
		screen
		rules string
	}{{screen{1280, false}, `{resultTypes: ["violations"]}`}, {screen{1280, true}, `{resultTypes: ["violations"], runOnly: ["color-contrast"]}`}} {
		p.on(by.screen)
		for _, fault := range eval[[]string](p, strings.Replace(serious, "RULES", by.rules, 1)) {
			p.t.Errorf("%s-%s: %s", what, by, fault)
		}
	}
}

// TestHelpIsAccessible: the dialog of the keys is a page of its own for who cannot see.
func TestHelpIsAccessible(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	fill(t, store)
	site := serve(t, newServer(t, store, nil))
	p := openTab(t)
	for _, l := range i18n.Languages() {
		p.open(inLanguage(site+"/inbox", l))
		p.press("?")
		if !eval[bool](p, `document.querySelector("#keys").open`) {
			t.Fatal("the help does not open")
		}
		p.looked("help-" + string(l))
	}
}

// TestAxeIsHeard: what axe finds, fails.
func TestAxeIsHeard(t *testing.T) {
	t.Parallel()
	p := openTab(t)
	p.open(serve(t, newServer(t, openStore(t), nil)) + "/login")
	program, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	eval[bool](p, string(program)+`;document.querySelector("main").append(document.createElement("input")) ?? true`)
	if got := eval[[]string](p, strings.Replace(serious, "RULES", "{}", 1)); len(got) == 0 {
		t.Error("a field without a name goes unseen")
	}
}
