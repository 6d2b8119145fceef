package notify

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/bidi"

	"feryat/i18n"
)

// First strong isolate and pop directional isolate keep a text that runs the
// other way from turning round what stands beside it (Unicode TR9).
const (
	isolateBegin = "\u2068"
	isolateEnd   = "\u2069"
	rightToLeft  = "\u200f" // an invisible letter that makes a line run from right to left
)

// Clean is one line of a text that others wrote, for those who show it: at most
// limit runes, without what could act on the text around it.
func Clean(s string, limit int) string { return clean(s, limit) }

// SafeURL is s if it leads to the web and shows where, else empty.
func SafeURL(s string) string { return safeURL(s) }

// clean makes one line of text that others wrote, at most limit runes long,
// without what could act on the text around it: control characters, line breaks,
// embeddings and overrides of the writing direction.
func clean(s string, limit int) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToValidUTF8(s, string(unicode.ReplacementChar)) {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			space = b.Len() > 0
			continue
		case harmful(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return cut(b.String(), limit)
}

func harmful(r rune) bool {
	switch {
	case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	case r == '\ufeff', r >= '\ufff9' && r <= '\ufffb', r&0xfffe == 0xfffe, r >= '\ufdd0' && r <= '\ufdef':
		return true // marks of byte order and annotation, and what is no character at all
	}
	return false
}

// cut shortens s to limit runes, the ellipsis included, and leaves no half of a
// letter and its marks.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	n := limit - 1
	for n > 0 && (joins(runes[n]) || runes[n-1] == '\u200d') {
		n--
	}
	return strings.TrimRight(string(runes[:n]), " \u200c\u200d") + "…"
}

// joins reports whether r belongs to the rune before it.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || r == '\u200d' || r >= 0x1f3fb && r <= 0x1f3ff
}

// isolate wraps a text that has letters of the other direction.
func isolate(l i18n.Language, s string) string {
	for _, r := range s {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.L:
			if l.Dir() == "rtl" {
				return isolateBegin + s + isolateEnd
			}
		case bidi.R, bidi.AL, bidi.AN:
			if l.Dir() == "ltr" {
				return isolateBegin + s + isolateEnd
			}
		}
	}
	return s
}

// quiet keeps words such as @everyone and <!channel> from calling people, for
// receivers whose markup is not known.
func quiet(s string) string {
	return strings.NewReplacer("@", "@\u200b", "<!", "<\u200b!").Replace(s)
}

// maxURL is the longest address that a message carries, in bytes.
const maxURL = 2000

// safeURL keeps an address only if it leads to the web and shows where: no other
// scheme, no name and password before the host. What could end an address in
// some markup, and every letter beyond ASCII, is percent-encoded.
func safeURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"'<>|()\\`*^{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	if b.Len() > maxURL {
		return ""
	}
	return b.String()
}

// units counts UTF-16 code units, as Telegram does.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// Foreign is a text that others wrote, as it may stand in a text of language l:
// one line of at most limit runes, without what acts on the text around it. It
// is no markup, and has to be escaped where markup is read.
func Foreign(l i18n.Language, s string, limit int) string { return isolate(l, clean(s, limit)) }

// Address is s if it leads to the web and shows where, else nothing.
func Address(s string) string { return safeURL(s) }
