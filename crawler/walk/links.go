package walk

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"

	"feryat/crawler/fetch"
)

// maxLinks bounds the links that are read from, and remembered of, one page.
const maxLinks = 2000

// Links returns the absolute targets of the links of an HTML page, in order and
// once each, with base elements obeyed. It reads tokens and builds no tree.
func Links(body []byte, pageURL string) []string {
	var links []string
	base, based := pageURL, false
	seen := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(body))
	for len(links) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return links
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, hasAttr := z.TagName()
		tag := string(name)
		if !hasAttr || tag != "a" && tag != "area" && tag != "link" && tag != "base" {
			continue
		}
		href, rel := linkAttrs(z)
		if href == "" || strings.HasPrefix(href, "#") || tag == "link" && rel != "next" && rel != "prev" {
			continue
		}
		to, err := fetch.Resolve(base, href)
		switch {
		case err != nil:
		case tag == "base":
			if !based {
				base, based = to, true
			}
		case !seen[to]:
			seen[to] = true
			links = append(links, to)
		}
	}
	return links
}

func linkAttrs(z *html.Tokenizer) (href, rel string) {
	for {
		key, value, more := z.TagAttr()
		switch string(key) {
		case "href":
			href = strings.TrimSpace(string(value))
		case "rel":
			rel = strings.ToLower(strings.TrimSpace(string(value)))
		}
		if !more {
			return href, rel
		}
	}
}
