package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"path/filepath"
	"strings"
	"testing"

	"feryat/i18n"
	"feryat/mention"
)

func pretty(t testing.TB, v any) string {
	t.Helper()
	body, err := encode(v)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", " "); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func mailer(t testing.TB, l i18n.Language) *email {
	t.Helper()
	c := valid()["email"]
	n, err := newEmail(c, rendererOf(t, l), nil)
	if err != nil {
		t.Fatal(err)
	}
	return n.(*email)
}

// parts are the headers of a mail and its two bodies.
func parts(t testing.TB, letter []byte) (header mail.Header, text, page string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q, %v", kind, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	var bodies []string
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
	if len(bodies) != 2 {
		t.Fatalf("%d parts", len(bodies))
	}
	return m.Header, bodies[0], bodies[1]
}

func subject(t testing.TB, h mail.Header) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Each format writes a single message and a digest as the golden files do.
func TestFormats(t *testing.T) {
	for _, l := range i18n.Languages() {
		for _, k := range []Kind{KindOpened, KindDigest} {
			d := rendererOf(t, l).document(full(k))
			name := filepath.Join(string(l), string(k))
			golden(t, name+".slack.json", pretty(t, d.slack()))
			golden(t, name+".teams.json", pretty(t, d.teams()))
			golden(t, name+".telegram.html", d.telegram())
			letter, err := mailer(t, l).letter(full(k))
			if err != nil {
				t.Fatal(err)
			}
			header, text, page := parts(t, letter)
			golden(t, name+".mail.html", "<!-- "+subject(t, header)+" -->\n"+page)
			if text != d.text() {
				t.Errorf("%s: the mail's plain part is not the plain text:\n%s", name, text)
			}
			wantDir := map[i18n.Language]string{i18n.Persian: `dir="rtl"`}[l]
			if !strings.Contains(page, wantDir) || strings.Contains(pretty(t, d.teams()), `"rtl": true`) != (wantDir != "") {
				t.Errorf("%s: wrong direction", name)
			}
		}
	}
}

// What a customer writes must not act on the message. Each is tried in every
// place where foreign text may stand.
func hostile() []string {
	return []string{
		"<!channel> <@U123> @everyone @here", "</b><script>alert(1)</script><a href=\"javascript:x\">", "*b* _i_ ~s~ `c` ```block", "[x](http://evil.example) **b** {{DATE(2017-02-14T06:00:00Z)}}",
		"a\r\nBcc: evil@example.com\r\n\r\nbody", "\u202eesrever\u202c \u2067x", "\u2069\u2069 out", "\x00\x1b[31m", "\xff\xfe\xc3", "&lt;b&gt; &amp;", "\u2028\u2029", strings.Repeat("🤬", 5000),
		strings.Repeat("e\u0301", 3000), "-- \n.\r\n.\r\nQUIT", "=?utf-8?q?x?=", "https://user:pw@evil.example/", "javascript:alert(1)", "http://a.example/\">)|<x>", "http://a.example/\u202e\n@everyone",
	}
}

// poisoned has foreign in all its texts that come from outside.
func poisoned(foreign string, k Kind) Message {
	m := full(k)
	e := &m.Escalation
	e.Brand, e.Product, e.URL, e.Excerpt, e.Holder, e.Source, e.Author.Name = foreign, foreign, foreign, foreign, foreign, foreign, foreign
	e.Quotes, e.Topics, e.Rule = []string{foreign, foreign, foreign, foreign, foreign}, []string{foreign, "delay"}, foreign
	m.Draft, m.Advice = foreign, map[string][]string{"en": {foreign, foreign}, "fa": {foreign}}
	m.Title = map[string]string{"en": foreign}
	for i := range m.More {
		id := m.More[i].ID
		m.More[i] = *e
		m.More[i].ID = id
	}
	return m
}

func TestHostileTextStaysText(t *testing.T) {
	for _, l := range i18n.Languages() {
		for _, foreign := range hostile() {
			for _, k := range []Kind{KindOpened, KindDigest} {
				checkFormats(t, l, poisoned(foreign, k))
			}
		}
	}
}

func FuzzRender(f *testing.F) {
	for i, s := range hostile() {
		f.Add(s, byte(i))
	}
	f.Fuzz(func(t *testing.T, foreign string, choice byte) {
		l := i18n.Languages()[int(choice)%3]
		k := kindsOfMessage()[int(choice/3)%len(kindsOfMessage())]
		checkFormats(t, l, poisoned(foreign, k))
	})
}

func TestCutKeepsLettersWhole(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"kısa", 4, "kısa"}, {"uzun söz", 5, "uzun…"}, {"e\u0301e\u0301e\u0301", 4, "e\u0301…"}, {"ab👩\u200d👩\u200d👧", 5, "ab…"}, {"ab👍🏽cd", 4, "ab…"}, {"می\u200cخواهم", 4, "می…"},
	} {
		if got := cut(c.in, c.limit); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

func TestSafeURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.com/a?b=c&d=e#f": "https://example.com/a?b=c&d=e#f", " https://example.com/ ": "https://example.com/", "javascript:alert(1)": "", "//example.com": "", "": "",
		"https://example.com@evil.example/": "", "https://example.com/(a)|<b>\"": "https://example.com/%28a%29%7C%3Cb%3E%22", "https://example.com/ش?q=ü": "https://example.com/%D8%B4?q=%C3%BC",
		"http://[::1]:80/a": "http://[::1]:80/a", "http://a.example/%zz": "", "ftp://example.com": "", "https://example.com/" + strings.Repeat("a", maxURL): "",
		"https://mastodon.example/@ayse": "https://mastodon.example/@ayse",
	} {
		if got := safeURL(in); got != want || got != "" && safeURL(got) != got {
			t.Errorf("safeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

// A draft that would have to be cut is not shown: half a reply must not be sent.
func TestNoHalfDraft(t *testing.T) {
	r := rendererOf(t, i18n.English)
	for _, draft := range []string{strings.Repeat("a ", maxDraft), strings.Repeat("a\n", mostDraft+1)} {
		if got := r.draft(draft); len(got) != 1 || got[0] != r.t("msg.draft_cut") {
			t.Errorf("got %q", got)
		}
	}
	m := full(KindOpened)
	m.Draft = strings.TrimSpace(strings.Repeat(strings.Repeat("söz ", 280)+"\n", 5))
	if d := (telegram{renderer: r}).fitted(r.document(m)); len(d.Draft.Lines) != 1 || len(d.Quotes.Lines) == 0 || len(d.Links) == 0 {
		t.Errorf("a long draft leaves %+v", d)
	}
}

func TestALongDigestIsCounted(t *testing.T) {
	r := rendererOf(t, i18n.English)
	m := full(KindDigest)
	for range 200 {
		m.More = append(m.More, mention.Escalation{ID: "x", Brand: "Paytak", Excerpt: strings.Repeat("söz ", 70), Mood: mention.Angry})
	}
	d := r.document(m)
	if len(d.Items) != mostItems || d.Rest != "and 182 more" || d.Heading != "Digest: 202 escalations" {
		t.Errorf("%d items, %q, %q", len(d.Items), d.Rest, d.Heading)
	}
	m.Escalation.ID = "not in the list"
	if d := r.document(m); d.Heading != "Digest: 203 escalations" {
		t.Errorf("the most urgent one is lost: %q", d.Heading)
	}
	m.More = nil
	if d := r.document(m); d.Heading != "Digest: 1 escalation" || d.Rest != "" {
		t.Errorf("%q, %q", d.Heading, d.Rest)
	}
}
