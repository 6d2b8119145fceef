package customer

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"feryat/mention"
)

func inEncoding(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	turkish := "key;name;value;since\r\nŞ-1;Ayşe Iğdır;1.234,56;5.3.2019\r\nŞ-2;Gül;12,5;\r\n"
	persian := "key;name;value;since\r\nک-۱;مشتری;۱۲۳۴٫۵;۱۴۰۴/۰۸/۱۲\r\n"
	arabic := "key;name;value;since\r\nك-1;گل پژوه;1.234,56;1404/08/12\r\n" // what Windows-1256 has letters for
	day := time.Date(2025, 11, 3, 0, 0, 0, 0, time.UTC)
	wantTurkish := []mention.Customer{{Key: "Ş-1", Name: "Ayşe Iğdır", Value: 1234.56, Since: time.Date(2019, 3, 5, 0, 0, 0, 0, time.UTC)}, {Key: "Ş-2", Name: "Gül", Value: 12.5}}
	wantPersian := []mention.Customer{{Key: "ک-۱", Name: "مشتری", Value: 1234.5, Since: day}}
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	for name, c := range map[string]struct {
		encoding, text string
		want           []mention.Customer
	}{
		"UTF-8":             {"", turkish, wantTurkish},
		"UTF-8 with mark":   {"utf-8", "\ufeff" + persian, wantPersian},
		"Unicode text":      {"", inEncoding(t, little, strings.ReplaceAll(turkish, ";", "\t")), wantTurkish},
		"UTF-16 named":      {"utf-16", inEncoding(t, little, persian), wantPersian},
		"big endian":        {"", inEncoding(t, big, persian), wantPersian},
		"Turkish Windows":   {"windows-1254", inEncoding(t, charmap.Windows1254, turkish), wantTurkish},
		"Arabic Windows":    {"windows-1256", inEncoding(t, charmap.Windows1256, arabic), []mention.Customer{{Key: "ك-1", Name: "گل پژوه", Value: 1234.56, Since: day}}},
		"marked, but named": {"windows-1254", "key\n\xef\xbb\xbf1\n", []mention.Customer{{Key: "ï»¿1"}}},
	} {
		got, refused, err := read(List{Encoding: c.encoding}, strings.NewReader(c.text))
		if err != nil || len(refused) > 0 || !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v %v\n%s", name, err, refused, cmp.Diff(c.want, got))
		}
	}
}

// A line that its encoding cannot explain is refused, the others are taken.
func TestWrongEncoding(t *testing.T) {
	for encoding, hint := range map[string]string{"": "say --encoding windows-1254", "windows-1254": "is --encoding right?"} {
		got, refused, err := read(List{Encoding: encoding}, strings.NewReader("key,name\na,b\nc,secret\xfe\x81\nd,e\n"))
		if err != nil || len(got) != 2 || len(refused) != 1 || !strings.HasPrefix(refused[0], "line 3 refused") || !strings.Contains(refused[0], hint) || strings.Contains(refused[0], "secret") {
			t.Errorf("%q: %v %q %v", encoding, got, refused, err)
		}
	}
}
