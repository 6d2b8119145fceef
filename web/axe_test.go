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

// accessible holds the page, with all that can be opened open, to axe's rules by day,
// and to its contrast by night. The night's colours are those of the same style sheet
// in every language, so axe, which needs seconds for a dashboard, reckons them in one;
// faint, which holds to the same limits, in all.
func (p *tab) accessible(what string, l i18n.Language) {
	p.t.Helper()
	program, err := axe()
	if err != nil {
		p.t.Fatalf("%v; install it with: make browser", err)
	}
	if err := chromedp.Do(p.ctx, chromedp.Evaluate[struct{}](string(program)+";({})")); err != nil {
		p.t.Fatal(err)
	}
	eval[bool](p, `document.querySelectorAll("details").forEach((d) => (d.open = true)) ?? true`)
	p.on(screen{1280, true})
	faults := eval[[]string](p, faint)
	if l == i18n.English {
		faults = append(faults, p.violations(`{resultTypes: ["violations"], runOnly: ["color-contrast"]}`)...)
	}
	for _, fault := range faults {
		p.t.Errorf("%s by night: %s", what, fault)
	}
	p.on(screen{1280, false})
	for _, fault := range p.violations(`{resultTypes: ["violations"]}`) {
		p.t.Errorf("%s: %s", what, fault)
	}
}

// violations are what axe finds by some rules.
func (p *tab) violations(rules string) []string {
	p.t.Helper()
	return eval[[]string](p, strings.Replace(serious, "RULES", rules, 1))
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
		p.looked("help-"+string(l), l)
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
	if got := p.violations("{}"); len(got) == 0 {
		t.Error("a field without a name goes unseen")
	}
}
