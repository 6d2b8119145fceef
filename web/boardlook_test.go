package web

import (
	"fmt"
	"strings"
	"testing"

	"feryat/i18n"
)

// TestBoardsLook opens every dashboard in every language, on a desk and a phone, by day and by night.
func TestBoardsLook(t *testing.T) {
	s, site, _ := boardSite(t)
	for _, l := range i18n.Languages() {
		p := openTab(t)
		for _, b := range s.boards.List(l) {
			if status := p.open(site + "/d/" + b.UID + "?lang=" + string(l)); status != 200 {
				t.Errorf("%s: status %d", b.UID, status)
			}
			for _, sc := range screens(l) {
				p.on(sc)
				what := fmt.Sprintf("%s-%s", b.UID, sc)
				for rule, script := range map[string]string{"too little contrast": faint, "over the edge": fmt.Sprintf(wide, sc.width), "without a name": nameless} {
					if got := eval[[]string](p, script); len(got) > 0 {
						t.Errorf("%s: %s: %s", what, rule, strings.Join(got, "; "))
					}
				}
				p.picture(what)
			}
			if got := p.texts(".panel .empty, .panel .notice"); len(got) > 0 {
				t.Errorf("%s: panels without anything: %q", b.UID, got)
			}
			if got, want := len(p.texts(".panel")), len(b.Panels); got != want {
				t.Errorf("%s: %d panels of %d", b.UID, got, want)
			}
		}
	}
}
