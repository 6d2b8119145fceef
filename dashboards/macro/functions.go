package macro

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// call is one macro: how many arguments it takes, and what it becomes.
type call struct {
	arguments int
	expand    func(Context, []string) (string, error)
}

// calls are the macros that the back end of the plugin knows, and Grafana's own of the interval and the time.
func calls() map[string]call {
	value := func(f func(Context) string) call {
		return call{0, func(c Context, _ []string) (string, error) { return f(c), nil }}
	}
	of := func(f func(Context, string) string) call {
		return call{1, func(c Context, args []string) (string, error) { return f(c, args[0]), nil }}
	}
	both := call{2, func(c Context, args []string) (string, error) {
		return "(" + c.between(args[0], date) + ") AND (" + c.between(args[1], seconds) + ")", nil
	}}
	return map[string]call{
		"fromTime":       value(func(c Context) string { return seconds(c.From) }),
		"toTime":         value(func(c Context) string { return seconds(c.To) }),
		"fromTime_ms":    value(func(c Context) string { return millis(c.From) }),
		"toTime_ms":      value(func(c Context) string { return millis(c.To) }),
		"interval_s":     value(func(c Context) string { return fmt.Sprint(c.steps(time.Second)) }),
		"interval_ms":    value(func(c Context) string { return fmt.Sprint(c.steps(time.Millisecond)) }),
		"from":           value(func(c Context) string { return fmt.Sprint(c.From.UnixMilli()) }),
		"to":             value(func(c Context) string { return fmt.Sprint(c.To.UnixMilli()) }),
		"timeFilter":     of(func(c Context, column string) string { return c.between(column, seconds) }),
		"timeFilter_ms":  of(func(c Context, column string) string { return c.between(column, millis) }),
		"dateFilter":     of(func(c Context, column string) string { return c.between(column, date) }),
		"timeFrom":       of(func(c Context, column string) string { return column + " >= " + seconds(c.From) }),
		"timeTo":         of(func(c Context, column string) string { return column + " <= " + seconds(c.To) }),
		"dateTimeFilter": both,
		"dt":             both,
		"timeInterval": of(func(c Context, column string) string {
			return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", column, c.steps(time.Second))
		}),
		"timeInterval_ms": of(func(c Context, column string) string {
			return fmt.Sprintf("toStartOfInterval(toDateTime64(%s, 3), INTERVAL %d millisecond)", column, c.steps(time.Millisecond))
		}),
		"timeGroup": {2, timeGroup},
	}
}

func seconds(t time.Time) string { return fmt.Sprintf("toDateTime(%d)", t.Unix()) }
func millis(t time.Time) string  { return fmt.Sprintf("fromUnixTimestamp64Milli(%d)", t.UnixMilli()) }

// date is the day in UTC, as in the plugin, whichever zone the reader looks from.
func date(t time.Time) string { return "toDate('" + t.UTC().Format(time.DateOnly) + "')" }

func (c Context) between(column string, write func(time.Time) string) string {
	return column + " >= " + write(c.From) + " AND " + column + " <= " + write(c.To)
}

// steps is the interval in units, at least one.
func (c Context) steps(unit time.Duration) int64 { return max(int64(c.Interval/unit), 1) }

// timeGroup takes periods such as 5m, 1h, 1d; they may be quoted.
func timeGroup(_ Context, args []string) (string, error) {
	text := strings.Trim(args[1], `'"`)
	for from, to := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if n, ok := strings.CutSuffix(text, from); ok {
			d, err := time.ParseDuration(n + "s")
			if err != nil {
				return "", fmt.Errorf("$__timeGroup: %q is no period", args[1])
			}
			text = (d * (to / time.Second)).String()
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second {
		return "", fmt.Errorf("$__timeGroup: %q is no period of a second or more", args[1])
	}
	return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", args[0], d/time.Second), nil
}

var macroName = regexp.MustCompile(`\$__\w+`)

// macros fills in the calls from the left; what one becomes is not looked at again, but its arguments are.
func (c Context) macros(sql string) (string, error) {
	known := calls()
	var out strings.Builder
	var errs []error
	for {
		at := macroName.FindStringIndex(sql)
		if at == nil {
			out.WriteString(sql)
			return out.String(), errors.Join(errs...)
		}
		name := sql[at[0]+len("$__") : at[1]]
		m, ok := known[name]
		if !ok {
			return "", fmt.Errorf("there is no macro $__%s", name)
		}
		args, length := []string(nil), 0
		if m.arguments > 0 {
			args, length = arguments(sql[at[1]:])
		}
		text, err := c.call(name, m, args)
		errs = append(errs, err)
		out.WriteString(sql[:at[0]] + text)
		sql = sql[at[1]+length:]
	}
}

func (c Context) call(name string, m call, args []string) (string, error) {
	if len(args) != m.arguments {
		return "", fmt.Errorf("$__%s: expected %d arguments, received %d", name, m.arguments, len(args))
	}
	for i, arg := range args {
		inner, err := c.macros(strings.TrimSpace(arg))
		if err != nil {
			return "", fmt.Errorf("$__%s: %w", name, err)
		}
		args[i] = inner
	}
	return m.expand(c, args)
}

// arguments parts what stands in brackets at the beginning of s at its commas, and says how long it is with the brackets.
// Like the plugin it counts round brackets and knows nothing of quotes; a bracket that does not close gives none.
func arguments(s string) (args []string, length int) {
	if !strings.HasPrefix(s, "(") {
		return nil, 0
	}
	depth, start := 0, 1
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth == 1:
			return append(args, s[start:i]), i + 1
		case r == ')':
			depth--
		case r == ',' && depth == 1:
			args, start = append(args, s[start:i]), i+1
		}
	}
	return nil, 0
}
