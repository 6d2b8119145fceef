package customer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"feryat/mention"
)

// read gives what a list holds, what was refused of it, and how it ended.
func read(l List, in io.Reader) (entries []mention.Customer, refused []string, err error) {
	for c, e := range l.Read(in) {
		var r *RefusedError
		switch {
		case errors.As(e, &r):
			refused = append(refused, e.Error())
		case e != nil:
			err = e
		default:
			entries = append(entries, c)
		}
	}
	return entries, refused, err
}

func TestLists(t *testing.T) {
	date := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	full := mention.Customer{
		Key: "m-1", Name: "Ayşe, of \"X\"", Value: 1234.5, Margin: -20, Since: date(2019, 3, 5), Renewal: date(2026, 12, 31), LastSeen: date(2026, 11, 1), Referrals: 2,
	}
	for name, c := range map[string]struct {
		list List
		text string
		want []mention.Customer
	}{
		"all fields": {
			text: "key,name,value,margin,since,renewal,last_seen,referrals\nm-1,\"Ayşe, of \"\"X\"\"\",1234.5,-20,2019-03-05,31.12.2026,2026-11-01T10:00:00Z,2\n",
			want: []mention.Customer{full},
		},
		"a Turkish spreadsheet": {
			list: List{Columns: map[string]string{"key": "Müşteri No", "value": "ciro"}},
			text: "\ufeffmüşteri no;CİRO;Şehir\r\nm-1;1.234,5;Ankara\r\nm-2;1.234;\r\nm-3;-5;;\r\n\r\n;;\r\n",
			want: []mention.Customer{{Key: "m-1", Value: 1234.5}, {Key: "m-2", Value: 1234}, {Key: "m-3", Value: -5}},
		},
		"tabs, order, spaces": {
			text: "Referrals\tLast Seen\tKEY\n 3 \t1.2.2026 09:30\t k \n",
			want: []mention.Customer{{Key: "k", LastSeen: date(2026, 2, 1), Referrals: 3}},
		},
		"Persian digits": {
			text: "key,value,since\nک-۱,۱٬۲۳۴٫۵,۲۰۱۹-۰۳-۰۵\n",
			want: []mention.Customer{{Key: "ک-۱", Value: 1234.5, Since: date(2019, 3, 5)}},
		},
		"a decimal comma said": {List{Decimal: ','}, "key,value\na,1.234\nb,\"1,234\"\n", []mention.Customer{{Key: "a", Value: 1234}, {Key: "b", Value: 1.234}}},
		"a decimal point said": {List{Decimal: '.'}, "key;value\na;1.234\nb;1,234\n", []mention.Customer{{Key: "a", Value: 1.234}, {Key: "b", Value: 1234}}},
		"keys alone":           {List{}, "key\na\n\n\"b\"\nc", []mention.Customer{{Key: "a"}, {Key: "b"}, {Key: "c"}}},
		"a break within":       {List{}, "key,name\na,\"one\ntwo\"\nb,5\" pipe\n", []mention.Customer{{Key: "a", Name: "one two"}, {Key: "b", Name: `5" pipe`}}},
		"no entries":           {List{}, "key,name", nil},
	} {
		if name == "a Turkish spreadsheet" { // capitals fold by Unicode's rules, not by Turkish ones
			c.text = strings.Replace(c.text, "CİRO", "Ciro", 1)
		}
		got, refused, err := read(c.list, strings.NewReader(c.text))
		if err != nil || len(refused) > 0 || !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v %v\n%s", name, err, refused, cmp.Diff(c.want, got))
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "12": "12", "1234": "1234", "1234.5": "1234.5", "1234,5": "1234.5", "1.234,56": "1234.56", "1,234.56": "1234.56", "1.234.567": "1.234567e+06",
		"1,234,567": "1.234567e+06", "1 234,5": "1234.5", "1 234": "1234", "1\u00a0234": "1234", "1'234.5": "1234.5", ".5": "0.5", ",5": "0.5", "0.125": "0.125",
		"1234.567": "1234.567", "-3,5": "-3.5", "−3": "-3", "12.34": "12.34", "٣٫٥": "3.5",
		"1.234": "thousands", "12,345": "thousands", "-1.234": "thousands",
		"-": "not", "": "not", "x": "not", "1.2.3": "not", "1,2,3": "not", "1.23.456": "not", "12345.678.901": "not", "1.234,5,6": "not", "1e5": "not", "NaN": "not", "Inf": "not", "0x10": "not",
		"5 TL": "not", "1.": "not", "+5": "not", "--5": "not", "1 23": "not", "1,234.": "not", "1 234.567,8": "not", "99999999999999999": "not", ".": "not", "1. 5": "not",
	} {
		got, err := table{}.number(text)
		if s := fmt.Sprint(got); err == nil && s != want || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v %v, want %s", text, got, err, want)
		}
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-31": "2026-03-31", "31.03.2026": "2026-03-31", "1.3.2026": "2026-03-01", "2026-03-31 23:59:59": "2026-03-31", "2026-03-31T23:59:59+03:00": "2026-03-31",
		"31.03.2026 08:00": "2026-03-31", "۳۱.۰۳.۲۰۲۶": "2026-03-31", "1970-01-01": "1970-01-01", "2105-12-31": "2105-12-31",
		"1969-12-31": "", "2106-01-01": "", "9999-12-31": "", "31/03/2026": "", "03-31-2026": "", "30.02.2026": "", "1402-05-12": "2023-08-03", "۱۴۰۴/۰۸/۱۲": "2025-11-03", "1404-08-12": "2025-11-03", "1404/8/2": "2025-10-24", "12.08.1404": "2025-11-03", "١٤٠٤/٠٨/١٢ ۱۰:۳۰": "2025-11-03",
		"2026/03/31": "2026-03-31", "1403/12/30": "2025-03-20", "1404/12/30": "", "1404/07/31": "", "1404/13/01": "", "1348/10/10": "", "1499/01/01": "", "1500/01/01": "", "1404/08-12": "",
		"12/08/1404": "", "-1404-08-12": "", "1404-08-12-": "", "1404--12": "", "2026.03.31": "", "+404-08-12": "", "31.03.26": "", "tomorrow": "", "0": "", " ": "",
	} {
		got, err := date(text)
		if err == nil && got.Format(time.DateOnly) != want || err != nil && want != "" {
			t.Errorf("%q: %v %v, want %q", text, got, err, want)
		}
	}
}

// Bad lines are refused by their number, and the rest goes on; nothing of them is quoted.
func TestBadLinesAreRefused(t *testing.T) {
	const head = "key,value,since,referrals,name\n"
	for name, c := range map[string]struct{ line, want string }{
		"no key":               {",1,,,secret", "key: it is empty"},
		"long key":             {strings.Repeat("secret", 50) + ",,,,", "key: it is longer than 256 bytes"},
		"control character":    {"sec\x1bret,,,,", "key: it holds a control character"},
		"long name":            {"a,,,," + strings.Repeat("secret", 100), "name: it is longer than 512 bytes"},
		"no number":            {"a,secret,,,", "value: not a number such as 1234.5 or 1234,5"},
		"either number":        {"a,1.234,,,", "value: thousands or a fraction? Say --decimal comma or --decimal point"},
		"no date":              {"a,,secret,,", "since: not a date such as 2026-03-31, 31.03.2026 or 1405/01/11, from 1970 to 2105"},
		"half a referral":      {"a,,,1.5,", "referrals: not a whole number from 0 to 1000000000"},
		"negative referrals":   {"a,,,-1,", "referrals: not a whole number from 0 to 1000000000"},
		"the same key":         {"first,,,,secret", "key: the same as in line 2"},
		"too few":              {"a,secret", "it has 2 columns, the first line 5"},
		"too many":             {"a,,,,,secret", "it has 6 columns, the first line 5"},
		"NUL":                  {"a,,,,se\x00cret", "it holds a NUL byte"},
		"not UTF-8":            {"a,,,,se\xffcret", "it is not valid UTF-8: say --encoding windows-1254 (Turkish) or windows-1256 (Persian, Arabic), or save the list as UTF-8"},
		"NUL in a second line": {"a,,,,\"sec\nre\x00t\"", "it holds a NUL byte"},
		"open quote":           {"a,,,,\"secret", "a quotation mark is not closed"},
		"text after a quote":   {"a,,,,\"sec\"ret", "text follows a closing quotation mark"},
		"huge line":            {strings.Repeat("secret,", 1<<20), "it is longer than 64 KiB"},
		"a million columns":    {strings.Repeat(",", 1_000_000), "it is longer than 64 KiB"},
		"many columns":         {strings.Repeat(",", 60_000) + "secret", "it has 60001 columns, the first line 5"},
	} {
		rest := strings.Repeat("\"x\"\n", 20) // of which each is refused
		entries, refused, err := read(List{}, strings.NewReader(head+"first,1,,,\n"+c.line+"\nlast,2,,,\n"+rest+"end,3,,,"))
		want := []mention.Customer{{Key: "first", Value: 1}, {Key: "last", Value: 2}, {Key: "end", Value: 3}}
		if err != nil || !cmp.Equal(entries, want) || len(refused) < 21 || refused[0] != "line 3 refused: "+c.want || strings.Contains(fmt.Sprint(refused), "secret") {
			t.Errorf("%s: %v\n%.300s\n%s", name, err, refused, cmp.Diff(want, entries))
		}
		if last := refused[len(refused)-1]; !strings.HasPrefix(last, fmt.Sprintf("line %d refused", 24+strings.Count(c.line, "\n"))) {
			t.Errorf("%s: the last is %s", name, last)
		}
	}
}

func TestBadHeadersEndIt(t *testing.T) {
	for name, c := range map[string]struct {
		list       List
		text, want string
	}{
		"empty":           {List{}, "", "the list is empty"},
		"no header":       {List{}, "secret,12,2020-01-01\n", `line 1 names no column "key"`},
		"blank":           {List{}, "\n\nkey\n", `line 1 names no column "key"`},
		"twice":           {List{}, "key,value,Key\n", `line 1 names two columns "key"`},
		"half a UTF-16":   {List{}, "\xff\xfek\x00e", "is --encoding right?"},
		"not UTF-16":      {List{Encoding: "utf-16"}, "key,secret\n", "line 1"},
		"NUL":             {List{}, "key\x00,secret\n", "line 1, which has to name the columns: it holds a NUL byte"},
		"huge":            {List{}, strings.Repeat("secret,", 1<<20), "line 1, which has to name the columns: it is longer than 64 KiB"},
		"open quote":      {List{}, "\"key,value\na,1\n", "line 1, which has to name the columns: a quotation mark is not closed"},
		"mapped, missing": {List{Columns: map[string]string{"value": "ciro"}}, "key,value\n", `line 1 names no column "ciro"`},
		"no such field":   {List{Columns: map[string]string{"phone": "tel"}}, "key,tel\n", `there is no field "phone": the fields are key, name, value`},
	} {
		entries, refused, err := read(c.list, strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") || len(entries)+len(refused) > 0 {
			t.Errorf("%s: %v %v %v", name, entries, refused, err)
		}
	}
	broken := errors.New("the disk is gone")
	for _, after := range []string{"key\na\n", "", "key\n" + strings.Repeat("x", 100<<10), "key\n\"a\n"} {
		if _, _, err := read(List{}, io.MultiReader(strings.NewReader(after), iotest.ErrReader(broken))); !errors.Is(err, broken) {
			t.Errorf("after %.20q: %v", after, err)
		}
	}
	for range (List{}).Read(strings.NewReader("key\na\nb\n")) {
		break // and nothing is yielded after that
	}
}

// TestLongListsTakeLittle reads without keeping more than the keys.
func TestLongListsTakeLittle(t *testing.T) {
	n := 0
	in := &lines{left: 200_000}
	for c, err := range (List{}).Read(in) {
		if err != nil || c.Value != 12.5 {
			t.Fatal(c, err)
		}
		n++
	}
	if n != 200_000 {
		t.Errorf("%d entries", n)
	}
}

// lines is a long list that is made as it is read.
type lines struct {
	left, made int
	rest       string
}

func (l *lines) Read(p []byte) (int, error) {
	if l.rest == "" {
		if l.left == 0 {
			return 0, io.EOF
		}
		l.rest = fmt.Sprintf("k%d,\"12,5\",2020-01-02\n", l.made)
		if l.made == 0 {
			l.rest, l.left = "key,value,since\n", l.left+1
		}
		l.made, l.left = l.made+1, l.left-1
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// FuzzList holds that no bytes crash the reader, that every line is accounted for once and in order, and that entries are sound.
func FuzzList(f *testing.F) {
	for _, seed := range []string{"key,value\na,1\n", "\ufeffkey;name\r\na;\"x\ny\"\r\n", "key\n\"a\n\"b\n\"\"\"\nc", "key\t\n\x00\n\xff\n", "key,value\n\"a\"x,1\n,,\n", "\xff\xfek", "\xff\xfek\x00e\x00y\x00\n\x00\x31", "key,since\na,1404/08/12\nb,0000-00-00\n"} {
		for i := range Encodings() {
			f.Add(seed, uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		last, keys := 0, map[string]bool{}
		list := List{Encoding: append(Encodings(), "")[int(which)%(len(Encodings())+1)]}
		for c, err := range list.Read(strings.NewReader(text)) {
			var r *RefusedError
			if errors.As(err, &r) {
				if r.Line <= last || r.Line > strings.Count(text, "\n")+1 {
					t.Fatalf("line %d after %d of %q", r.Line, last, text)
				}
				last = r.Line
			} else if err == nil && (keys[c.Key] || checkKey(c.Key) != nil || checkName(c.Name) != nil || c.Value != c.Value || c.Referrals < 0) {
				t.Fatalf("%+v of %q", c, text)
			}
			keys[c.Key] = keys[c.Key] || err == nil
		}
	})
}

// FuzzSplit holds that what the standard reader understands is understood the same way.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"a,b", `"a","b ""c"""`, "a,,", `"x` + "\n" + `y",z`, `""`, `a,"`, " a , b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := csv.NewReader(strings.NewReader(text))
		all, err := r.ReadAll()
		if err != nil || len(all) != 1 || strings.ContainsAny(text, "\r") || strings.HasPrefix(text, "\n") {
			return
		}
		got, err := split(strings.TrimRight(text, "\n"), ',')
		if err != nil || !reflect.DeepEqual(got, all[0]) {
			t.Errorf("%q: %q %v, want %q", text, got, err, all[0])
		}
	})
}

func TestFieldsAreThoseOfTheRecord(t *testing.T) {
	kind := reflect.TypeFor[mention.Customer]()
	for _, field := range Fields() {
		if !slices.ContainsFunc(reflect.VisibleFields(kind), func(f reflect.StructField) bool {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			return name == field
		}) {
			t.Errorf("%s is no field of mention.Customer", field)
		}
	}
}
