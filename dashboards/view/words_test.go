package view

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
)

func speaker(t *testing.T, l i18n.Language) words {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return words{texts: texts, lang: l, zone: time.UTC}
}

func TestUnits(t *testing.T) {
	two := 2
	for _, x := range []struct {
		f          field
		n          float64
		tr, fa, en string
	}{
		{field{Unit: "percentunit"}, 0.345, "%35", "۳۵٪", "35%"},
		{field{Unit: "percentunit"}, 0.0345, "%3,5", "۳٫۵٪", "3.5%"},
		{field{Unit: "percent"}, 50, "%50", "۵۰٪", "50%"},
		{field{Unit: "short"}, 1234567, "1.234.567", "۱٬۲۳۴٬۵۶۷", "1,234,567"},
		{field{Unit: "none"}, 2.25, "2,25", "۲٫۲۵", "2.25"},
		{field{Decimals: &two}, 3, "3,00", "۳٫۰۰", "3.00"},
		{field{}, -21, "-21", "\u200e-۲۱", "-21"},
		{field{Unit: "s"}, 1.5, "1,5 sn", "۱٫۵ ثانیه", "1.5 s"},
		{field{Unit: "s"}, 5400, "90 dakika", "۹۰ دقیقه", "90 minutes"},
		{field{Unit: "s"}, -7200, "−2 saat", "\u200e−۲ ساعت", "−2 hours"},
		{field{Unit: "h"}, 72, "3 gün", "۳ روز", "3 days"},
		{field{Unit: "ns"}, 2e9, "2 sn", "۲ ثانیه", "2 s"},
		{field{}, 1.5e20, "1.5e+20", "۱.۵e+۲۰", "1.5e+20"},
		{field{Unit: "km"}, 7, "7 km", "۷ km", "7 km"},
	} {
		for l, want := range map[i18n.Language]string{i18n.Turkish: x.tr, i18n.Persian: x.fa, i18n.English: x.en} {
			if got := speaker(t, l).number(x.f, x.n); got != want {
				t.Errorf("%s: %v of %v is %q, want %q", l, x.n, x.f.Unit, got, want)
			}
		}
	}
}

// TestMappings: a number stands for itself, however large, and patterns are Grafana's.
func TestMappings(t *testing.T) {
	var c fieldConfig
	if err := json.Unmarshal([]byte(`{"defaults": {"mappings": [{"type": "value", "options": {"2000000": {"text": "many"}}}, {"type": "range", "options": {"from": 5, "to": 9, "result": {"text": "some"}}},
		{"type": "special", "options": {"match": "null", "result": {"text": "none"}}}, {"type": "regex", "options": {"pattern": "x"}}]},
		"overrides": [{"matcher": {"id": "byRegexp", "options": "/^Price/i"}, "properties": [{"id": "unit", "value": "percent"}]}]}`), &c); err != nil {
		t.Fatal(err)
	}
	f, err := c.of("price now", "Float64")
	if err != nil || f.Unit != "percent" {
		t.Errorf("unit %q, %v", f.Unit, err)
	}
	if other, _ := c.of("my price", "Float64"); other.Unit != "" {
		t.Errorf("another column has the unit %q", other.Unit)
	}
	for _, x := range []struct {
		cell any
		want string
	}{{2e6, "many"}, {7.0, "some"}, {nil, "none"}, {3.0, ""}, {"x", ""}} {
		if m, _ := f.mapped(x.cell); m.Text != x.want {
			t.Errorf("%v is %q", x.cell, m.Text)
		}
	}
}

func TestListed(t *testing.T) {
	got := Variable{Query: `few : 2, many : 5,a\,b, ,plain`}.listed()
	want := []Option{{Value: "2", Text: "few"}, {Value: "5", Text: "many"}, {Value: "a,b", Text: "a,b"}, {Value: "plain", Text: "plain"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestTimes(t *testing.T) {
	zone := time.FixedZone("", 3*3600+1800)
	day := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	at := day("2026-11-06 12:34:56") // a Friday
	for query, want := range map[string][2]string{
		"from=now-7d&to=now":         {"2026-10-30 12:34:56", "2026-11-06 12:34:56"},
		"from=now-1d/d&to=now-1d/d":  {"2026-11-05 00:00:00", "2026-11-05 23:59:59"},
		"from=now/w&to=now/w":        {"2026-11-02 00:00:00", "2026-11-08 23:59:59"},
		"from=now-1M/M&to=now-1M/M":  {"2026-10-01 00:00:00", "2026-10-31 23:59:59"},
		"from=now/y":                 {"2026-01-01 00:00:00", "2026-11-06 12:34:56"},
		"from=now-1d-2h":             {"2026-11-05 10:34:56", "2026-11-06 12:34:56"},
		"from=0&to=1000":             {"1970-01-01 03:30:00", "1970-01-01 03:30:01"},
		"from=2026-11-01T00:00:00Z":  {"2026-11-01 03:30:00", "2026-11-06 12:34:56"},
		"":                           {"2026-10-07 12:34:56", "2026-11-06 12:34:56"},
		"from=yesterday&to=now":      {"2026-10-07 12:34:56", "bad"},
		"from=now&to=now-1d":         {"2026-10-07 12:34:56", "bad"},
		"from=now-999999y":           {"2026-10-07 12:34:56", "bad"},
		"from=now-1d%3BDROP+TABLE":   {"2026-10-07 12:34:56", "bad"},
		"from=-1&to=now":             {"2026-10-07 12:34:56", "bad"},
		"from=99999999999999&to=now": {"2026-10-07 12:34:56", "bad"},
	} {
		q, _ := url.ParseQuery(query)
		s, ok := spanOf(q, Board{}, at, zone)
		if ok != (want[1] != "bad") || !s.From.Equal(day(want[0])) || ok && !s.To.Equal(day(want[1])) {
			t.Errorf("%s: %s to %s, %v", query, s.From.In(zone), s.To.In(zone), ok)
		}
	}
	for days, want := range map[int]time.Duration{1: time.Hour, 7: 6 * time.Hour, 30: 24 * time.Hour, 90: 48 * time.Hour, 365: 14 * 24 * time.Hour, 40000: 360 * 24 * time.Hour} {
		s := Span{From: at.AddDate(0, 0, -days), To: at}
		if got := s.interval(time.Hour); got != want {
			t.Errorf("%d days in steps of %s", days, got)
		}
	}
	from, to, ok := Days("۱۴۰۵/۰۸/۱۵", "", zone)
	if c, good := spanOf(url.Values{"from": {from}, "to": {to}}, Board{}, at, zone); !ok || !good || !c.From.Equal(day("2026-11-06 00:00:00")) {
		t.Errorf("the 15th of Aban is %s", c.From)
	}
	if _, _, ok := Days("soon", "", zone); ok {
		t.Error("soon is a day")
	}
}

// TestMentions: the list of mentions is linked to only where it shows the same.
func TestMentions(t *testing.T) {
	c := Choice{Language: i18n.Persian, Span: Span{From: now().AddDate(0, 0, -1), To: now()}}
	for _, name := range []string{"brand", "topic", "product", "rival"} {
		c.Selections = append(c.Selections, Selection{Variable: Variable{Name: name}})
	}
	for query, want := range map[string]string{
		"var-brand=Paytak&var-topic=delay":              "brand=Paytak&from=%DB%B1%DB%B4%DB%B0%DB%B5%2F%DB%B0%DB%B8%2F%DB%B1%DB%B4&to=%DB%B1%DB%B4%DB%B0%DB%B5%2F%DB%B0%DB%B8%2F%DB%B1%DB%B5&topic=delay",
		"var-brand=Paytak&var-brand=Rakip":              "brand=Paytak&brand=Rakip&from=",
		"var-product=Kettle":                            "from=%DB%B1%DB%B4%DB%B0%DB%B5%2F%DB%B0%DB%B8%2F%DB%B1%DB%B4&product=Kettle&to=",
		"var-brand=Paytak&var-rival=Rakip":              "",
		"var-rival=$__all":                              "from=",
		strings.Repeat("var-product=x&", exploreMost+1): "",
		"var-brand=$__all&var-product=$__all":           "from=",
	} {
		q, _ := url.ParseQuery(query)
		got := c.mentions(q, time.UTC)
		if want == "" && got != "" || !strings.HasPrefix(got, map[bool]string{true: "/explore?", false: ""}[want != ""]+want) {
			t.Errorf("%s leads to %q", query, got)
		}
	}
}

// TestTextsAreThere: each text that is asked for is in the table.
func TestTextsAreThere(t *testing.T) {
	for _, key := range []string{"no_data", "failed", "gone", "about", "time", "cut", "as_table", "mentions"} {
		if w := speaker(t, i18n.English); !w.texts.Has("view." + key) {
			t.Errorf("view.%s has no text", key)
		}
	}
}
