package fetch

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	turkish = "Kargo üç gün gecikti, müşteri hizmetleri telefonu açmıyor. Iğdır'a İADE ettim, ŞİKÂYETÇİYİM!"
	persian = "سفارش من بعد از ده روز هنوز نرسیده و پشتیبانی پاسخگو نیست. خیلی بد بود"
)

func encode(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestToUTF8(t *testing.T) {
	arabic := strings.NewReplacer("ی", "ي", "ک", "ك").Replace(persian) // windows-1256 has the Arabic letters only
	le, be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	meta := func(charset, text string) string { return `<html><head><meta charset="` + charset + `"></head>` + text }
	old := `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-9">`
	tests := []struct {
		name    string
		body    []byte
		header  string
		want    string
		charset string
	}{
		{"UTF-8 in the header", []byte(turkish), "text/html; charset=utf-8", turkish, "utf-8"},
		{"UTF-8 in nothing", []byte(persian), "", persian, "utf-8"},
		{"UTF-8 with a mark", []byte("\ufeff" + turkish), "text/html; charset=windows-1254", turkish, "utf-8"},
		{"UTF-8, the header lies", []byte(turkish), "text/html; charset=iso-8859-1", turkish, "utf-8"},
		{"UTF-8, meta lies", []byte(meta("windows-1254", turkish)), "text/html", meta("windows-1254", turkish), "utf-8"},
		{"1254 in the header", encode(t, charmap.Windows1254, turkish), "text/html; charset=windows-1254", turkish, "windows-1254"},
		{"8859-9 in the header", encode(t, charmap.ISO8859_9, turkish), "text/html; charset=ISO-8859-9", turkish, "windows-1254"},
		{"1254 in meta", encode(t, charmap.Windows1254, meta("windows-1254", turkish)), "text/html", meta("windows-1254", turkish), "windows-1254"},
		{"8859-9 in old meta", encode(t, charmap.ISO8859_9, old+turkish), "", old + turkish, "windows-1254"},
		{"1254 in nothing", encode(t, charmap.Windows1254, turkish), "text/html", turkish, "windows-1254"},
		{"1254 called 8859-1", encode(t, charmap.Windows1254, turkish), "text/html; charset=iso-8859-1", turkish, "windows-1254"},
		{"1254 called UTF-8", encode(t, charmap.Windows1254, turkish), "text/html; charset=utf-8", turkish, "windows-1254"},
		{"1256 in the header", encode(t, charmap.Windows1256, arabic), "text/html; charset=windows-1256", arabic, "windows-1256"},
		{"1256 in nothing", encode(t, charmap.Windows1256, "<p>"+arabic+"</p>"), "", "<p>" + arabic + "</p>", "windows-1256"},
		{"UTF-16 with a mark, little", append([]byte("\xff\xfe"), encode(t, le, turkish)...), "", turkish, "utf-16le"},
		{"UTF-16 with a mark, big", append([]byte("\xfe\xff"), encode(t, be, persian)...), "text/html; charset=utf-8", persian, "utf-16be"},
		{"UTF-16 without", encode(t, le, "<html>"+turkish), "", "<html>" + turkish, "utf-16le"},
		{"UTF-16 without, big", encode(t, be, "<html>"+turkish), "", "<html>" + turkish, "utf-16be"},
		{"called UTF-16 and is not", []byte(meta("utf-16", turkish)), "", meta("utf-16", turkish), "utf-8"},
		{"XML says 1254", encode(t, charmap.Windows1254, `<?xml version="1.0" encoding="windows-1254"?><a>`+turkish), "text/xml",
			`<?xml version="1.0" encoding="utf-8"?><a>` + turkish, "windows-1254"},
		{"no such charset", []byte(turkish), "text/html; charset=klingon", turkish, "utf-8"},
		{"UTF-8 with a broken byte", []byte(turkish + "\xff" + turkish), "text/html; charset=utf-8", turkish + "\uFFFD" + turkish, "utf-8"},
		{"Japanese by its header", encode(t, charmap.Windows1251, "Привет"), "text/html; charset=windows-1251", "Привет", "windows-1251"},
		{"empty", nil, "", "", "utf-8"},
	}
	for _, tt := range tests {
		got, name := toUTF8(tt.body, tt.header)
		if string(got) != tt.want || name != tt.charset {
			t.Errorf("%s: %s %q, want %s %q", tt.name, name, got, tt.charset, tt.want)
		}
	}
}

// The charset is found on a page as it travels, unpacked.
func TestCharsetOfAPage(t *testing.T) {
	s := serve(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed(encode(t, charmap.Windows1254, turkish)))
	})
	resp, err := newClient(t, quick()).Get(t.Context(), Request{URL: s.url})
	if err != nil || string(resp.Body) != turkish || resp.Charset != "windows-1254" || resp.ContentType != "text/html" {
		t.Errorf("%+v, %v", resp, err)
	}
}

// FuzzToUTF8: whatever comes in, valid UTF-8 comes out, valid UTF-8 without a
// mark or zero bytes stays as it is, and the result is bounded.
func FuzzToUTF8(f *testing.F) {
	f.Add([]byte(turkish), "text/html; charset=utf-8")
	f.Add(encode(f, charmap.Windows1254, turkish), "")
	f.Add([]byte("\xff\xfea"), "text/html; charset=utf-16")
	f.Add([]byte("\x1b$B<meta charset=iso-2022-jp>"), "")
	f.Add([]byte(`<?xml encoding="windows-1254"?>`+"\xfd"), "text/xml")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		got, name := toUTF8(bytes.Clone(body), header)
		if !utf8.Valid(got) || name == "" {
			t.Fatalf("%q is not UTF-8, of %q", got, name)
		}
		if len(got) > 3*len(body)+100 {
			t.Errorf("%d bytes became %d", len(body), len(got))
		}
		plain := utf8.Valid(body) && !bytes.HasPrefix(body, []byte("\ufeff")) && bytes.IndexByte(body, 0) < 0 && bytes.IndexByte(body, 0x1b) < 0
		if plain && !bytes.Equal(got, body) {
			t.Errorf("valid UTF-8 %q became %q as %s", body, got, name)
		}
	})
}

// FuzzReadBody: whatever the coding and the bytes, a body stays within its
// bounds, and every error has a reason.
func FuzzReadBody(f *testing.F) {
	f.Add(packed([]byte("yorum")), "gzip")
	f.Add([]byte("\x78\x9c\x03\x00"), "deflate")
	f.Add([]byte("\x0b\x02\x80yorum\x03"), "br")
	f.Add(packed(packed(make([]byte, 10_000))), "identity")
	f.Fuzz(func(t *testing.T, body []byte, coding string) {
		resp := &http.Response{Header: http.Header{"Content-Encoding": {coding}}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: -1}
		got, err := readBody(resp, 1<<16, 1<<18)
		if len(got) > 1<<18 {
			t.Errorf("%d bytes", len(got))
		}
		if err != nil && bodyReason(err) == "" {
			t.Errorf("no reason for %v", err)
		}
	})
}
