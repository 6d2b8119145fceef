package feed

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/mmcdole/gofeed"

	"feryat/crawler/fetch"
)

// The soft fails of an answer that is no good feed.
const (
	reasonShape = "shape_changed"
	reasonEmpty = "empty"
	reasonParse = "parse"
)

const (
	// maxDepth bounds the nesting of elements: the feed parser is recursive, and
	// a stack that overflows cannot be recovered from.
	maxDepth = 5000
	// maxHead bounds what stands before the first item, for it is read again with
	// every item when a broken feed is read in parts.
	maxHead = 64 << 10
	// maxParts bounds the items read from a broken feed.
	maxParts = 2000
)

// parsed is a feed, or as much of one as could be read.
type parsed struct {
	feed   *gofeed.Feed // never nil
	reason string       // soft fail, "" when all is well
	detail string
}

// declaration is <?xml …?>. Bodies are UTF-8 whatever it says.
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]{0,300}\?>`)

// parse reads a feed. One that does not parse as a whole is read item by item:
// a mistake in one item then costs that item only.
func parse(body []byte) parsed {
	body = declaration.ReplaceAll(bytes.TrimPrefix(body, []byte("\ufeff")), nil)
	if n := depth(body); n > maxDepth {
		return parsed{&gofeed.Feed{}, reasonParse, fmt.Sprintf("elements nested %d deep", n)}
	}
	feed, err := read(body)
	if err == nil {
		return parsed{feed: feed}
	}
	if gofeed.DetectFeedType(bytes.NewReader(body[:min(len(body), maxHead)])) == gofeed.FeedTypeUnknown {
		return noFeed(body)
	}
	feed, lost := readParts(body)
	return parsed{feed, reasonParse, fmt.Sprintf("%v; read %d items one by one, lost %d", err, len(feed.Items), lost)}
}

func read(body []byte) (*gofeed.Feed, error) {
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	return p.Parse(bytes.NewReader(body))
}

// noFeed says what came instead of a feed.
func noFeed(body []byte) parsed {
	p := parsed{&gofeed.Feed{}, reasonShape, "neither RSS, Atom nor JSON Feed"}
	head := bytes.ToLower(body[:min(len(body), 1024)])
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		p.reason, p.detail = reasonEmpty, "the answer has no content"
	case bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")):
		p.detail = "an HTML page instead of a feed"
		if reason := fetch.Challenge(body); reason != "" {
			p.reason, p.detail = reason, "a check or log-in page instead of a feed"
		}
	}
	return p
}

var itemStart = regexp.MustCompile(`<(item|entry)[\s>]`)

// readParts reads a broken feed item by item, each within a copy of the head.
func readParts(body []byte) (all *gofeed.Feed, lost int) {
	all = &gofeed.Feed{}
	starts := itemStart.FindAllIndex(body, maxParts)
	if len(starts) == 0 || starts[0][0] > maxHead {
		return all, 0
	}
	head := body[:starts[0][0]]
	for i, s := range starts {
		end := len(body)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		part, err := readPart(head, body[s[0]:end])
		if err != nil || len(part.Items) != 1 {
			lost++
			continue
		}
		if len(all.Items) == 0 {
			items := all.Items
			*all = *part
			all.Items = items
		}
		all.Items = append(all.Items, part.Items...)
	}
	return all, lost
}

func readPart(head, item []byte) (*gofeed.Feed, error) {
	end := bytes.LastIndex(item, []byte("</item>"))
	size := len("</item>")
	if end < 0 {
		end, size = bytes.LastIndex(item, []byte("</entry>")), len("</entry>")
	}
	if end < 0 {
		return nil, fmt.Errorf("item without an end")
	}
	one := append(append(bytes.Clone(head), item[:end+size]...), tail(head)...)
	return read(one)
}

// tail closes what head opened.
func tail(head []byte) string {
	switch {
	case bytes.Contains(head, []byte("<rss")):
		return "</channel></rss>"
	case bytes.Contains(head, []byte("<rdf:RDF")):
		return "</rdf:RDF>"
	}
	return "</feed>"
}

// depth is the deepest nesting of elements, by a scan that knows comments,
// CDATA and self-closing tags.
func depth(body []byte) int {
	now, most := 0, 0
	for i := bytes.IndexByte(body, '<'); i >= 0 && i < len(body); {
		rest := body[i:]
		skip := 1
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			skip = past(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			skip = past(rest, "]]>")
		case bytes.HasPrefix(rest, []byte("</")):
			now = max(0, now-1)
		case len(rest) > 1 && (rest[1] == '?' || rest[1] == '!'):
		default:
			if end := bytes.IndexByte(rest, '>'); end < 1 || rest[end-1] != '/' {
				now++
				most = max(most, now)
			}
		}
		next := bytes.IndexByte(body[i+skip:], '<')
		if next < 0 {
			break
		}
		i += skip + next
	}
	return most
}

func past(b []byte, end string) int {
	if n := bytes.Index(b, []byte(end)); n >= 0 {
		return n
	}
	return len(b)
}
