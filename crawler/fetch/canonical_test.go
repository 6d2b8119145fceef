package fetch

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCanonical(t *testing.T) {
	tests := []struct{ in, want string }{
		{"HTTP://Shop.Example", "http://shop.example/"},
		{"https://shop.example:443/a", "https://shop.example/a"},
		{"http://shop.example:8080/a", "http://shop.example:8080/a"},
		{" \thttp://shop.example/a\n", "http://shop.example/a"},
		{"http://shop.example/a?", "http://shop.example/a"},
		{"http://shop.example/a#b", "http://shop.example/a"},
		{"http://shop.example/a/../b/./c", "http://shop.example/b/c"},
		{"http://shop.example/%7euser/%c3%bc", "http://shop.example/~user/%C3%BC"},
		{"http://shop.example/çay?q=ş", "http://shop.example/%C3%A7ay?q=%C5%9F"},
		{"http://müşteri.example/", "http://xn--mteri-kva70e.example/"},
		{"http://shop.example/100%/a", "http://shop.example/100%25/a"},
		{"http://shop.example\\a\\b", "http://shop.example/a/b"},
		{"http://shop.example/a?utm_source=x&UTM_medium=y&b=1&gclid=z&fbclid=w", "http://shop.example/a?b=1"},
		{"http://shop.example/a?fbclid=1", "http://shop.example/a"},
		{"http://shop.example/a?PHPSESSID=1&jsessionid=2&b", "http://shop.example/a?b"},
		{"http://shop.example/a;jsessionid=0A?b=1", "http://shop.example/a?b=1"},
		{"http://forum.example/viewtopic.php?t=5&start=20", "http://forum.example/viewtopic.php?t=5&start=20"},
		{"http://forum.example/viewtopic.php?start=20&t=5", "http://forum.example/viewtopic.php?start=20&t=5"},
		{"http://forum.example/viewtopic.php?t=5&sid=0123456789abcdef0123456789abcdef", "http://forum.example/viewtopic.php?t=5"},
		{"http://forum.example/showthread.php?s=0123456789abcdef0123456789abcdef&t=5", "http://forum.example/showthread.php?t=5"},
		{"http://news.example/story?sid=42", "http://news.example/story?sid=42"},
		{"http://shop.example/search?s=kargo", "http://shop.example/search?s=kargo"},
		{"http://shop.example/a?x=1;y=2&&z", "http://shop.example/a?x=1;y=2&z"},
		{"http://shop.example/a//b", "http://shop.example/a//b"},
		{"http://shop.example/a/", "http://shop.example/a/"},
		{"http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"},
		{"http://0x7f.1/", "http://127.0.0.1/"},
	}
	for _, tt := range tests {
		got, err := Canonical(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("Canonical(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestKey(t *testing.T) {
	a, b := Key("http://x.example/a?b=1&a=2&a=1"), Key("http://x.example/a?a=2&a=1&b=1")
	if a != b || a == Key("http://x.example/a?a=1&a=2&b=1") {
		t.Errorf("keys %q and %q: order between names does not count, among equal names it does", a, b)
	}
}

func TestResolve(t *testing.T) {
	for link, want := range map[string]string{
		"?page=2": "http://x.example/a/b?page=2", "../c": "http://x.example/c", "//y.example": "http://y.example/", "#top": "http://x.example/a/b?q",
		" d ": "http://x.example/a/d", "file:///etc/passwd": "file:///etc/passwd", "mailto:a@b": "mailto:a@b", "\\e": "http://x.example/e",
	} {
		if got, err := Resolve("http://x.example/a/b?q", link); err != nil || got != want {
			t.Errorf("Resolve(%q) = %q, %v, want %q", link, got, err, want)
		}
	}
}

// FuzzCanonical: what comes out is http or https, parses, names no password and
// no fragment, is its own canonical form, and has the parameters that went in
// save those that are dropped.
func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"http://Shop.Example:80/a/../b?utm_source=x&b=%zz#c", "https://u:p@x/", "http://[::1]/%2e%2e/%", "//x", "http://x/a;jsessionid=1;jsessionid=2", "http://x/?sid=0123456789abcdef0123&%75tm_source=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := Canonical(raw)
		if err != nil {
			if !utf8.ValidString(err.Error()) {
				t.Errorf("error %q", err)
			}
			return
		}
		u, err := url.Parse(c)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" || !strings.HasPrefix(u.Path, "/") {
			t.Fatalf("Canonical(%q) = %q: %v", raw, c, err)
		}
		if again, err := Canonical(c); err != nil || again != c {
			t.Errorf("Canonical(%q) = %q, and again %q, %v", raw, c, again, err)
		}
		if Key(Key(c)) != Key(c) {
			t.Errorf("Key of %q is not stable", c)
		}
		if w, err := wire(c); err != nil || w.Host != u.Host {
			t.Errorf("wire(%q) = %v, %v", c, w, err)
		}
	})
}
