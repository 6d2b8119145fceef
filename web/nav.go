package web

import "strings"

// section is one of those that the header leads to.
type section struct {
	Href, Key string
	Here      bool
}

// sections lists those of the header; a case belongs to the inbox.
func sections(path string) []section {
	all := []section{{Href: "/", Key: "ui.overview"}, {Href: "/d", Key: "ui.dashboards"}, {Href: "/inbox", Key: "ui.inbox"}, {Href: "/promise", Key: "ui.promise_short"}, {Href: "/explore", Key: "ui.explore"}, {Href: "/sample", Key: "ui.sample_short"}}
	for i, p := range all {
		all[i].Here = path == p.Href || p.Href == "/inbox" && strings.HasPrefix(path, "/e/") || p.Href == "/sample" && path == "/sample/label" || p.Href == "/d" && strings.HasPrefix(path, "/d/")
	}
	return all
}

// hereIs is the key of the section that a path belongs to; empty for none.
func hereIs(path string) string {
	for _, p := range sections(path) {
		if p.Here {
			return p.Key
		}
	}
	return ""
}
