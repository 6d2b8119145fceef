package htmltext

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain keeps its lines":         {"bir\niki\n\n\nüç", "bir\niki\n\nüç"},
		"markup folds source lines":     {"<b>bir</b>\n  iki", "bir iki"},
		"br is a line":                  {"a<br>b<br/>c</br>d", "a\nb\ncd"},
		"two br are a blank line":       {"a<br><br>b<br><br><br><br>c", "a\n\nb\n\nc"},
		"paragraphs":                    {"<p>a</p><p>b</p>", "a\n\nb"},
		"list":                          {"<ul><li>a<li>b</ul>c", "a\nb\n\nc"},
		"cells":                         {"<tr><td>a</td><td>b</td></tr>", "a b"},
		"entities":                      {"Tom &amp; Jerry &lt;3 &#8217;", "Tom & Jerry <3 ’"},
		"escaped markup is text":        {"said &lt;br /&gt; and &lt;b&gt;", "said <br /> and <b>"},
		"less-than is text":             {"5 < 6 <3 <-- a", "5 < 6 <3 <-- a"},
		"script and style":              {"a<script>x<b>y</script><style>p{}</style>b", "ab"},
		"emoji picture":                 {`iyi <img class="emoji" alt="😡"> <img alt="logo">son`, "iyi 😡 son"},
		"no-break space":                {"a&nbsp;&nbsp;b", "a b"},
		"zero-width non-joiner is kept": {"<p>نمی\u200cخواهم</p>", "نمی\u200cخواهم"},
		"control characters":            {"a\x00b\x07c", "abc"},
		"preformatted":                  {"<pre>a\n  b</pre>c", "a\nb\nc"},
		"unclosed":                      {"<div><p>a<b", "a"},
		"broken utf-8":                  {"a\xffb", "a\uFFFDb"},
		"nothing":                       {" <p> </p> ", ""},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("%s: Text(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	if got, want := Plain(" a &lt; <b>\t c\r\n\n\n\nd "), "a &lt; <b> c\n\nd"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestIsMarkup(t *testing.T) {
	for in, want := range map[string]bool{
		"<p>a</p>": true, " <div><b>x</b></div>\n": true, "<h2>a</h2> <p>b</p>": true,
		"<br />": false, "a <p>b</p>": false, "<3 </p>": false, "<b>a</b>": false, "<x>": false, "": false, "<p> is a tag": false,
	} {
		if got := IsMarkup(in); got != want {
			t.Errorf("IsMarkup(%q) = %v", in, got)
		}
	}
}

func TestTitleIsReadWhenAsked(t *testing.T) {
	doc, err := html.Parse(strings.NewReader("<title>Paytak p01</title><p>x<button>y</button>"))
	if err != nil {
		t.Fatal(err)
	}
	if got := Node(doc.FirstChild.FirstChild.FirstChild, nil); got != "Paytak p01" {
		t.Errorf("title is %q", got)
	}
	if got := Node(doc, nil); got != "x" {
		t.Errorf("page is %q", got)
	}
}

func TestNodeSkips(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(`<p>mine</p><blockquote>theirs</blockquote><p>mine too</p>`))
	if err != nil {
		t.Fatal(err)
	}
	got := Node(doc, func(n *html.Node) bool { return n.Data == "blockquote" })
	if want := "mine\n\nmine too"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "<br><br>", "a<", "<script>", "\xff<img class=emoji alt=\xf0>", "<pre>\n\n\n</pre>", "&#0;&lt;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Text(%q) = %q is not UTF-8", s, got)
		}
		if strings.TrimSpace(got) != got || strings.Contains(got, "\n\n\n") || strings.Contains(got, "  ") {
			t.Fatalf("Text(%q) = %q has loose white space", s, got)
		}
		doc, err := html.Parse(strings.NewReader(s))
		if err == nil && !utf8.ValidString(Node(doc, nil)) && utf8.ValidString(s) {
			t.Fatalf("Node(%q) is not UTF-8", s)
		}
	})
}
