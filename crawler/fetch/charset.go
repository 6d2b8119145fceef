package fetch

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniffed is how much of a page is searched for a declaration of its charset.
const sniffed = 4 << 10

var (
	// declared finds <meta charset=…>, <meta … content="…charset=…"> and <?xml encoding="…"?>.
	declared = regexp.MustCompile(`(?i)<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']`)
	prolog   = regexp.MustCompile(`(?i)^(\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*)("[^"]*"|'[^']*')`)
)

// toUTF8 decodes a body by, in this order: byte order mark, being valid UTF-8
// with letters beyond ASCII (no text in another charset is that by accident),
// the charset of the Content-Type header, the page's own declaration,
// and its bytes. The result is always valid UTF-8.
func toUTF8(body []byte, contentType string) (text []byte, name string) {
	enc, name := chooseCharset(body, contentType)
	if name == "utf-8" {
		text = bytes.TrimPrefix(body, []byte("\ufeff"))
		return repair(text), name
	}
	text, _, err := transform.Bytes(enc.NewDecoder(), body)
	if err != nil {
		return repair(body), "utf-8"
	}
	return repair(prolog.ReplaceAll(text, []byte(`${1}"utf-8"`))), name
}

func repair(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return bytes.ToValidUTF8(b, []byte("\uFFFD"))
}

func chooseCharset(body []byte, contentType string) (encoding.Encoding, string) {
	if enc, name := byMark(body); name != "" {
		return enc, name
	}
	if utf8.Valid(body) && bytes.IndexByte(body, 0) < 0 {
		if !ascii(body) || !shiftsState(contentType, body) {
			return nil, "utf-8"
		}
	}
	for _, label := range []string{headerCharset(contentType), ownCharset(body)} {
		if enc, name := lookupCharset(label); name != "" && (name != "utf-8" || !mostlyBroken(body)) {
			return enc, name
		}
	}
	return detect(body)
}

func byMark(body []byte) (encoding.Encoding, string) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return nil, "utf-8"
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16le"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf-16be"
	}
	return nil, ""
}

// shiftsState holds for the declared charsets whose bytes are all ASCII.
func shiftsState(contentType string, body []byte) bool {
	label := strings.ToLower(headerCharset(contentType) + " " + ownCharset(body))
	return strings.Contains(label, "iso-2022") && bytes.IndexByte(body, 0x1b) >= 0
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func headerCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

func ownCharset(body []byte) string {
	m := declared.FindSubmatch(body[:min(len(body), sniffed)])
	if m == nil {
		return ""
	}
	return string(m[1]) + string(m[2])
}

// lookupCharset finds a charset by its label. The Western ones are read as
// windows-1254, which differs in six letters only: those of Turkish, in place
// of those of Icelandic. A page that says utf-16 in its own ASCII bytes is not.
func lookupCharset(label string) (encoding.Encoding, string) {
	enc, name := charset.Lookup(strings.TrimSpace(label))
	switch name {
	case "utf-8", "replacement", "x-user-defined":
		if name != "utf-8" {
			return nil, ""
		}
		return nil, "utf-8"
	case "windows-1252":
		return charset.Lookup("windows-1254")
	case "utf-16le", "utf-16be":
		return nil, ""
	}
	return enc, name
}

// mostlyBroken holds for bytes that have more broken sequences than whole ones.
func mostlyBroken(b []byte) bool {
	whole, broken := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			broken++
		case n > 1:
			whole++
		}
		b = b[n:]
	}
	return broken > whole
}

// detect tells what nothing declared. Zero bytes at every other place are
// UTF-16. Else Arabic script fills whole words with high bytes, while in
// Turkish they stand single among ASCII letters.
func detect(body []byte) (encoding.Encoding, string) {
	if enc, name := detectUTF16(body); name != "" {
		return enc, name
	}
	if !mostlyBroken(body) {
		return nil, "utf-8"
	}
	inRuns, high, run := 0, 0, 0
	for i := 0; i <= len(body); i++ {
		if i < len(body) && body[i] >= 0x80 {
			high, run = high+1, run+1
			continue
		}
		if run >= 3 {
			inRuns += run
		}
		run = 0
	}
	if inRuns*2 > high {
		return charset.Lookup("windows-1256")
	}
	return charset.Lookup("windows-1254")
}

func detectUTF16(body []byte) (encoding.Encoding, string) {
	head := body[:min(len(body), sniffed)]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch quarter := len(head) / 8; {
	case len(head) < 8:
		return nil, ""
	case zeros[1] > quarter && zeros[0] < zeros[1]/8:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	case zeros[0] > quarter && zeros[1] < zeros[0]/8:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	}
	return nil, ""
}
