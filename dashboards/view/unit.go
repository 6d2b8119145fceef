package view

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"feryat/i18n"
)

// words writes values in one language.
type words struct {
	texts *i18n.Texts
	lang  i18n.Language
	zone  *time.Location
	day   bool // times are whole days, and those of UTC
}

func (w words) t(key string, args ...any) string { return w.texts.T(w.lang, key, args...) }

const nothing = "–"

// value shows a cell as its field says.
func (w words) value(f field, cell any) string {
	if m, ok := f.mapped(cell); ok && m.Text != "" {
		return m.Text
	}
	switch x := cell.(type) {
	case nil:
		return orNothing(f.NoValue)
	case float64:
		return w.number(f, x)
	case time.Time:
		return w.time(x)
	case string:
		return x
	case bool:
		return map[bool]string{true: "✓", false: "✗"}[x]
	case []any:
		parts := make([]string, len(x))
		for i, part := range x {
			parts[i] = w.value(f, part)
		}
		return strings.Join(parts, " · ")
	}
	return fmt.Sprint(cell)
}

func orNothing(text string) string {
	if text == "" {
		return nothing
	}
	return text
}

func (w words) time(t time.Time) string {
	switch {
	case t.Unix() <= 0:
		return nothing
	case w.day:
		return w.texts.Date(w.lang, t, time.UTC)
	}
	return w.texts.DateTime(w.lang, t, w.zone)
}

// number shows n in the unit, by Grafana's name of it.
func (w words) number(f field, n float64) string {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return nothing
	}
	if math.Abs(n) >= 1e18 { // beyond whole numbers
		return i18n.Digits(w.lang, strconv.FormatFloat(n, 'g', 3, 64))
	}
	places := -1
	if f.Decimals != nil {
		places = min(max(*f.Decimals, 0), 6)
	}
	switch f.Unit {
	case "percentunit":
		return w.percent(100*n, places)
	case "percent":
		return w.percent(n, places)
	case "s":
		return w.span(n)
	case "ms":
		return w.span(n / 1000)
	case "µs", "us":
		return w.span(n / 1e6)
	case "ns":
		return w.span(n / 1e9)
	case "m":
		return w.span(n * 60)
	case "h":
		return w.span(n * 3600)
	case "d":
		return w.span(n * 86400)
	case "", "none", "short", "sishort", "locale":
		return w.decimal(n, places)
	}
	return w.decimal(n, places) + " " + strings.TrimPrefix(f.Unit, "suffix:")
}

// decimal shows a number with the thousands apart; without places as many as it needs, two at most.
func (w words) decimal(n float64, places int) string {
	if places < 0 {
		places = 0
		for places < 2 && math.Abs(n-round(n, places)) > 1e-9 {
			places++
		}
	}
	if n = round(n, places); places == 0 || math.Abs(n) >= 1000 {
		return i18n.Number(w.lang, int64(math.Round(n)))
	}
	return i18n.Decimal(w.lang, n, places)
}

func round(n float64, places int) float64 {
	scale := math.Pow10(places)
	return math.Round(n*scale) / scale
}

func (w words) percent(n float64, places int) string {
	if places < 0 {
		places = 0
		if a := math.Abs(n); a > 0 && a < 10 && a != math.Trunc(a) {
			places = 1
		}
	}
	text := w.decimal(n, places)
	switch w.lang {
	case i18n.Turkish:
		return "%" + text
	case i18n.Persian:
		return text + "٪"
	}
	return text + "%"
}

// span shows seconds; what was due is before nothing.
func (w words) span(n float64) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
		if w.lang == i18n.Persian {
			sign = "\u200e−"
		}
	}
	switch {
	case n == 0:
		return w.t("span.seconds", i18n.Number(w.lang, 0))
	case n < 10:
		return sign + w.t("span.seconds", w.decimal(n, -1))
	case n < 120:
		return sign + w.t("span.seconds", i18n.Number(w.lang, int64(math.Round(n))))
	}
	return sign + w.texts.Span(w.lang, time.Duration(min(n, 1e9)*float64(time.Second)))
}
