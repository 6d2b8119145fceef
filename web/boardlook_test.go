package web

import (
	"net/http"
	"testing"

	"feryat/i18n"
)

// TestBoardsLook opens the list of dashboards and each of them, in every language, on a desk and a phone, by day and by night.
func TestBoardsLook(t *testing.T) {
	t.Parallel()
	s, site, _ := boardSite(t)
	for _, l := range i18n.Languages() {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			p := openTab(t)
			p.uncached()
			p.open(site + "/d?lang=" + string(l))
			p.light("boards-" + string(l))
			p.looked("boards-"+string(l), l)
			for _, b := range s.boards.List(l) {
				if status := p.open(site + "/d/" + b.UID + "?lang=" + string(l)); status != http.StatusOK {
					t.Errorf("%s: status %d", b.UID, status)
				}
				p.light(b.UID)
				p.looked(b.UID, l)
				if got := p.texts(".panel .empty, .panel .notice"); len(got) > 0 {
					t.Errorf("%s: panels without anything: %q", b.UID, got)
				}
				if got, want := len(p.texts(".panel")), len(b.Panels); got != want {
					t.Errorf("%s: %d panels of %d", b.UID, got, want)
				}
				if n := len(p.texts("h1")); n != 1 {
					t.Errorf("%s has %d main headings", b.UID, n)
				}
			}
		})
	}
}
