package notify

import (
	"strings"
	"time"
)

// Text is m as plain text in one of the three languages, as of now: for the
// shell, and for receivers whose markup nobody knows.
func Text(m Message, language string, now time.Time) (string, error) {
	r, err := newRenderer(language, func() time.Time { return now })
	if err != nil {
		return "", err
	}
	return r.document(m).text(), nil
}

// text writes paragraphs with a line between them. In a right-to-left language
// every line that does not begin with a word of it is made to run that way.
func (d document) text() string {
	var parts []string
	add := func(lines ...string) {
		if lines = filled(lines); len(lines) > 0 {
			parts = append(parts, strings.Join(lines, "\n"))
		}
	}
	add(d.Heading, d.Line)
	var facts []string
	for _, f := range d.Facts {
		facts = append(facts, f.Label+": "+f.Value)
	}
	add(facts...)
	add(d.section(d.Quotes, "")...)
	add(d.section(d.Advice, "• ")...)
	add(d.section(d.Draft, "> ")...)
	for _, it := range d.Items {
		add(d.start("• "+it.Line), d.start(it.Quote), it.URL)
	}
	add(d.Rest)
	var links []string
	for _, l := range d.Links {
		links = append(links, l.Label+": "+l.URL)
	}
	add(links...)
	return strings.Join(parts, "\n\n")
}

// section is a list with its label above and a mark before each line.
func (d document) section(l list, mark string) (lines []string) {
	if len(l.Lines) == 0 {
		return nil
	}
	lines = []string{l.Label + ":"}
	for _, line := range l.Lines {
		lines = append(lines, d.start(mark+line))
	}
	return lines
}

// start gives a line the direction of the document where its first letter may
// have the other one.
func (d document) start(line string) string {
	if d.Language.Dir() == "rtl" && line != "" {
		return rightToLeft + line
	}
	return line
}

// starts is start of every line.
func (d document) starts(lines []string) (started []string) {
	for _, line := range lines {
		started = append(started, d.start(line))
	}
	return started
}

// silent is d for a receiver that may take words for markup that calls people.
func (d document) silent() document {
	d.Heading, d.Line = quiet(d.Heading), quiet(d.Line)
	facts := make([]fact, len(d.Facts))
	for i, f := range d.Facts {
		facts[i] = fact{f.Label, quiet(f.Value)}
	}
	items := make([]item, len(d.Items))
	for i, it := range d.Items {
		items[i] = item{quiet(it.Line), quiet(it.Quote), quietURL(it.URL)}
	}
	links := make([]link, len(d.Links))
	for i, l := range d.Links {
		links[i] = link{l.Label, quietURL(l.URL)}
	}
	d.Facts, d.Items, d.Links = facts, items, links
	d.Quotes, d.Advice, d.Draft = d.Quotes.silent(), d.Advice.silent(), d.Draft.silent()
	return d
}

func (l list) silent() list {
	lines := make([]string, len(l.Lines))
	for i, line := range l.Lines {
		lines[i] = quiet(line)
	}
	return list{l.Label, lines}
}

// quietURL is quiet for an address, which must still lead to its page.
func quietURL(u string) string { return strings.ReplaceAll(u, "@", "%40") }
