package macro

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// documented is the context of the examples in the plugin's documentation.
func documented() Context {
	return Context{
		From: time.UnixMilli(1415792726123).UTC(), To: time.UnixMilli(1447328726456).UTC(), Interval: 20 * time.Second,
		Variables: map[string]Variable{
			"brand": {Values: []string{"a", "it's"}, Multi: true},
			"one":   {Values: []string{"x y"}},
			"all":   {Values: []string{"a", "b"}, All: true, Multi: true},
			"none":  {Multi: true},
			"macro": {Values: []string{"$__dateFilter(a) $one"}},
			"path":  {Values: []string{`a\`}, Multi: true},
		},
	}
}

// TestDocumentedExamples has those of the tables of macros in the plugin's README.md and docs/sources/query-editor.md.
func TestDocumentedExamples(t *testing.T) {
	for sql, want := range map[string]string{
		"$__timeFilter(time)":         "time >= toDateTime(1415792726) AND time <= toDateTime(1447328726)",
		"$__timeFilter_ms(time)":      "time >= fromUnixTimestamp64Milli(1415792726123) AND time <= fromUnixTimestamp64Milli(1447328726456)",
		"$__dateFilter(date)":         "date >= toDate('2014-11-12') AND date <= toDate('2015-11-12')",
		"$__dateTimeFilter(d, t)":     "(d >= toDate('2014-11-12') AND d <= toDate('2015-11-12')) AND (t >= toDateTime(1415792726) AND t <= toDateTime(1447328726))",
		"$__dt(d, t)":                 "(d >= toDate('2014-11-12') AND d <= toDate('2015-11-12')) AND (t >= toDateTime(1415792726) AND t <= toDateTime(1447328726))",
		"$__timeFrom(time)":           "time >= toDateTime(1415792726)",
		"$__timeTo(time)":             "time <= toDateTime(1447328726)",
		"$__timeGroup(column, 5m)":    "toStartOfInterval(toDateTime(column), INTERVAL 300 second)",
		"$__timeGroup(column, '1d')":  "toStartOfInterval(toDateTime(column), INTERVAL 86400 second)",
		"$__fromTime":                 "toDateTime(1415792726)",
		"$__toTime":                   "toDateTime(1447328726)",
		"$__fromTime_ms":              "fromUnixTimestamp64Milli(1415792726123)",
		"$__toTime_ms":                "fromUnixTimestamp64Milli(1447328726456)",
		"$__interval_s":               "20",
		"$__timeInterval(column)":     "toStartOfInterval(toDateTime(column), INTERVAL 20 second)",
		"$__timeInterval_ms(column)":  "toStartOfInterval(toDateTime64(column, 3), INTERVAL 20000 millisecond)",
		"$__conditionalAll(x, $all)":  "1=1",
		"$__conditionalAll(x, $one)":  "x",
		"$__conditionalAll(x,${all})": "1=1",
	} {
		if got, err := documented().Expand(sql); err != nil || got != want {
			t.Errorf("%s\n gives %s\n want  %s (%v)", sql, got, want, err)
		}
	}
	east := documented()
	east.From = time.Date(2026, 11, 6, 0, 0, 0, 0, time.FixedZone("", 3*3600+1800))
	if got, _ := east.Expand("$__dateFilter(day)"); !strings.HasPrefix(got, "day >= toDate('2026-11-05')") {
		t.Errorf("the reader's day is taken for that of UTC: %s", got)
	}
	fine := documented()
	fine.Interval = 20 * time.Millisecond
	if got, _ := fine.Expand("$__timeInterval_ms(column) $__interval_s"); got != "toStartOfInterval(toDateTime64(column, 3), INTERVAL 20 millisecond) 1" {
		t.Errorf("20 ms give %s", got)
	}
}

func TestVariables(t *testing.T) {
	for sql, want := range map[string]string{
		"${brand:singlequote}":   `'a','it\'s'`,
		"${brand:sqlstring}":     `'a','it''s'`,
		"${brand:doublequote}":   `"a","it's"`,
		"${brand:csv}":           `a,it's`,
		"${brand:raw} $one":      `a,it's x y`,
		"${brand:pipe}":          `a|it's`,
		"$brand":                 `'a','it\'s'`,
		"${one} [[one]]":         "x y x y",
		"[[brand:csv]] [[1, 2]]": "a,it's [[1, 2]]",
		"[[column]]":             "[[column]]",
		"${macro:singlequote}":   `'$__dateFilter(a) $one'`,
		"${path:singlequote}":    `'a\\'`,
		"${all:singlequote}":     "'a','b'",
		"$__conditionalAll(hasAny(x, [${brand:singlequote}]), $brand) AND 1":                        `hasAny(x, ['a','it\'s']) AND 1`,
		"$__conditionalAll(x IN (${none:singlequote}), $none)":                                      "1=1",
		"NOT ($__conditionalAll($__conditionalAll(a = $one, $all) AND $__timeFilter(w), ${brand}))": "NOT (1=1 AND w >= toDateTime(1415792726) AND w <= toDateTime(1447328726))",
		"$__timeFilter(if(a, b, c))":                                                                "if(a, b, c) >= toDateTime(1415792726) AND if(a, b, c) <= toDateTime(1447328726)",
	} {
		if got, err := documented().Expand(sql); err != nil || got != want {
			t.Errorf("%s\n gives %s\n want  %s (%v)", sql, got, want, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for sql, want := range map[string]string{
		"$__nothing(x)":                            "no macro $__nothing",
		"$__table":                                 "no macro $__table",
		"$__timeFilter":                            "expected 1 arguments, received 0",
		"$__timeFilter(a, b)":                      "expected 1 arguments, received 2",
		"$__timeFilter(a":                          "expected 1 arguments, received 0",
		"$__timeGroup(a, b)":                       "no period",
		"$other":                                   `no variable "other"`,
		"${brand:lucene}":                          `no format "lucene"`,
		"$__conditionalAll(a)":                     "a condition and a variable",
		"$__conditionalAll(a, $other)":             "no variable",
		"$__conditionalAll(a, ${all:c)":            "no plain variable",
		"$__conditionalAll(a, ${all:singlequote})": "no plain variable",
	} {
		if got, err := documented().Expand(sql); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %q, %v; want %q", sql, got, err, want)
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("SELECT $__timeFilter(a) AND $__conditionalAll(b IN (${brand:singlequote}), $brand) [[one]]", "it's")
	f.Add("$__conditionalAll($__conditionalAll(", `\`)
	f.Fuzz(func(t *testing.T, sql, value string) {
		c := documented()
		c.Variables["brand"] = Variable{Values: []string{value}, Multi: true}
		got, err := c.Expand(sql)
		if err == nil && utf8.ValidString(sql) && utf8.ValidString(value) && !utf8.ValidString(got) {
			t.Errorf("%q gives %q", sql, got)
		}
		quoted, err := c.Expand("${brand:singlequote}")
		if err != nil {
			t.Fatal(err)
		}
		inner := strings.NewReplacer(`\\`, "", `\'`, "").Replace(quoted[1 : len(quoted)-1])
		if strings.ContainsAny(inner, `'\`) {
			t.Errorf("%q is quoted as %s", value, quoted)
		}
	})
}
