package notify

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"feryat/i18n"
)

// checkFormats holds what is true of every message in every format.
func checkFormats(t testing.TB, l i18n.Language, m Message) {
	t.Helper()
	r := rendererOf(t, l)
	d := r.document(m)
	checkText(t, d.text())
	checkText(t, d.Subject)
	if loud := d.silent().text(); strings.Contains(loud, "@everyone") || strings.Contains(loud, "<!") {
		t.Errorf("would call people: %q", loud)
	}
	checkTelegram(t, r, d)
	checkSlack(t, r, d)
	checkTeams(t, r, d)
	checkMail(t, l, m)
	a := alertmanager{renderer: r}.alert(m)
	for _, values := range []map[string]string{a.Labels, a.Annotations} {
		for k, v := range values {
			if checkText(t, v); v == "" || k != "description" && strings.Contains(v, "\n") {
				t.Errorf("%s is %q", k, v)
			}
		}
	}
}

// checkText wants plain text of one direction a line, whatever stands in it.
func checkText(t testing.TB, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("not UTF-8: %q", s)
	}
	for line := range strings.Lines(s) {
		open := 0
		for _, r := range strings.TrimSuffix(line, "\n") {
			switch {
			case r == '\u2068':
				open++
			case r == '\u2069':
				open--
			case r >= '\u202a' && r <= '\u202e', r == '\u2066', r == '\u2067', unicode.IsControl(r), r == '\u2028', r == '\u2029':
				t.Errorf("%q acts on the text around it: %q", r, line)
			}
			if open < 0 || open > 1 {
				t.Errorf("isolates are not balanced: %q", line)
			}
		}
		if open != 0 {
			t.Errorf("an isolate stays open: %q", line)
		}
	}
}

func checkURL(t testing.TB, u string) {
	t.Helper()
	if safeURL(u) != u || u == "" {
		t.Errorf("an address that is not safe: %q", u)
	}
}

// tags walks markup, wants it well nested and of the allowed tags alone, and
// gives its text.
func tags(t testing.TB, markup, allowed string) (text string) {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("not closed: %v in %q", open, markup)
			}
			return text
		case html.TextToken:
			text += z.Token().Data
		case html.StartTagToken:
			token := z.Token()
			if !strings.Contains(" "+allowed+" ", " "+token.Data+" ") {
				t.Errorf("tag %s in %q", token.Data, markup)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("attribute %s", a.Key)
				} else if a.Key == "href" {
					checkURL(t, a.Val)
				}
			}
			if token.Data != "br" && token.Data != "meta" {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			token := z.Token()
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes %v in %q", token.Data, open, markup)
			}
			open = open[:len(open)-1]
		case html.CommentToken, html.SelfClosingTagToken:
			t.Errorf("%q in %q", z.Token().Data, markup)
		}
	}
}

func checkTelegram(t testing.TB, r renderer, d document) {
	t.Helper()
	d = telegram{renderer: r}.fitted(d)
	text := tags(t, d.telegram(), "b a blockquote")
	checkText(t, text)
	if n := units(text); n > maxTelegram || n == 0 {
		t.Errorf("%d units of text", n)
	}
	if strings.Contains(text, "@everyone") || strings.Contains(text, "@U123") {
		t.Errorf("would call people: %q", text)
	}
}

func checkSlack(t testing.TB, r renderer, d document) {
	t.Helper()
	d = slack{renderer: r}.fitted(d)
	m := d.slack()
	if strings.ContainsAny(m.Text, "<>\n") || strings.Contains(m.Text, "@everyone") || m.Text == "" {
		t.Errorf("the notification's text is %q", m.Text)
	}
	n := 0
	var walk func(slackBlock)
	walk = func(b slackBlock) {
		switch b.Type {
		case "text", "link":
			n += utf8.RuneCountInString(b.Text)
			if checkText(t, b.Text); b.Text == "" || len(b.Elements) > 0 {
				t.Errorf("%+v", b)
			}
			if b.Type == "link" {
				checkURL(t, b.URL)
			}
		case "rich_text", "rich_text_section", "rich_text_quote", "rich_text_list":
			if len(b.Elements) == 0 || b.Text != "" {
				t.Errorf("%+v", b)
			}
		default:
			t.Errorf("element of type %q", b.Type)
		}
		for _, below := range b.Elements {
			walk(below)
		}
	}
	walk(m.Blocks[0])
	if body, err := encode(m); n > maxSlack || err != nil || !json.Valid(body) || !utf8.Valid(body) {
		t.Errorf("%d runes, %v", n, err)
	}
}

func checkTeams(t testing.TB, r renderer, d document) {
	t.Helper()
	d = teams{renderer: r}.fitted(d)
	m := d.teams()
	body, err := encode(m)
	if err != nil || len(body) > maxTeams || !json.Valid(body) || !utf8.Valid(body) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	card := m.Attachments[0].Content
	for _, a := range card.Actions {
		checkURL(t, a.URL)
	}
	var walk func(teamsElement)
	walk = func(e teamsElement) {
		if e.Type != "RichTextBlock" && e.Type != "Container" {
			t.Errorf("element of type %q: markup would be read in it", e.Type)
		}
		for _, run := range e.Inlines {
			if checkText(t, run.Text); run.Type != "TextRun" || run.Text == "" || strings.Contains(run.Text, "\n") {
				t.Errorf("%+v", run)
			}
			if run.Select != nil {
				checkURL(t, run.Select.URL)
			}
		}
		for _, below := range e.Items {
			walk(below)
		}
	}
	for _, e := range card.Body {
		walk(e)
	}
}

func checkMail(t testing.TB, l i18n.Language, m Message) {
	t.Helper()
	letter, err := mailer(t, l).letter(m)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(letter) {
		if len(line) > 998 || bytes.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("a line that SMTP does not carry: %q", line)
		}
	}
	header, text, page := parts(t, letter)
	if len(header) > 11 || header.Get("Bcc") != "" {
		t.Errorf("headers %v", header)
	}
	checkText(t, subject(t, header))
	checkText(t, text)
	checkText(t, tags(t, page, "html head title meta body h2 p table tr th td blockquote ul li a br"))
}
