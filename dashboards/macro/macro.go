// Package macro fills in what Grafana and its ClickHouse plugin fill in before a query is sent: variables and macros.
// With it the SQL of a panel runs without Grafana, in tests and in a viewer of our own.
//
// The macros are those of the plugin's documentation (grafana/clickhouse-datasource, docs/sources/query-editor.md and
// pkg/macros/macros.go, read at version 4.20): their output is the same to the letter. What the plugin leaves for
// ClickHouse to stumble over is an error here: an unknown name, a wrong number of arguments. The statement macros
// ($__columns and the like), $__adHocFilters and arguments in braces are not supported.
package macro

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Context is what a query is expanded for.
type Context struct {
	From, To  time.Time           // what the reader looks at, both ends included
	Interval  time.Duration       // one step of a chart; less than a millisecond counts as none
	Variables map[string]Variable // by name
}

// Variable is what the reader chose of a variable.
type Variable struct {
	// Values are the chosen ones; with All all there are, as Grafana has it.
	Values []string
	All    bool
	// Multi tells that several could be chosen. Without a format their list is then quoted, and one value is not.
	Multi bool
}

// all is as in the plugin's applyConditionalAll: no value is no filter either.
func (v Variable) all() bool {
	return v.All || len(v.Values) == 0 || len(v.Values) == 1 && v.Values[0] == ""
}

// Expand gives the SQL that ClickHouse gets. Unlike in Grafana the macros come before the variables, so that a macro
// within a chosen value, which a reader may type, stays text.
func (c Context) Expand(sql string) (string, error) {
	sql, err := c.conditions(sql)
	if err != nil {
		return "", err
	}
	if sql, err = c.macros(sql); err != nil {
		return "", err
	}
	return c.variables(sql)
}

const conditionalAll = "$__conditionalAll"

// conditions fills in $__conditionalAll, the last first, so that they may stand within one another.
func (c Context) conditions(sql string) (string, error) {
	for {
		at := strings.LastIndex(sql, conditionalAll)
		if at < 0 {
			return sql, nil
		}
		args, length := arguments(sql[at+len(conditionalAll):])
		if len(args) != 2 {
			return "", fmt.Errorf("%s takes a condition and a variable, not %d arguments", conditionalAll, len(args))
		}
		name := plainVariable.FindStringSubmatch(strings.TrimSpace(args[1]))
		if name == nil {
			return "", fmt.Errorf("%s: the second argument %q is no plain variable", conditionalAll, args[1])
		}
		v, ok := c.Variables[name[1]+name[2]]
		if !ok {
			return "", fmt.Errorf("%s: there is no variable %q", conditionalAll, args[1])
		}
		condition := args[0]
		if v.all() {
			condition = "1=1"
		}
		sql = sql[:at] + condition + sql[at+len(conditionalAll)+length:]
	}
}

// plainVariable is one without a format: with one the plugin does not see that all is chosen, says its documentation.
var plainVariable = regexp.MustCompile(`^\$(?:\{(\w+)\}|(\w+))$`)

// reference is how a variable is written, as in Grafana's variableRegex.
var reference = regexp.MustCompile(`\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?::([^}]+))?\}`)

// Names are the variables and macros that a text speaks of, and what stands alone in two brackets, in order; some may come
// twice.
func Names(sql string) (names []string) {
	for _, m := range reference.FindAllStringSubmatch(sql, -1) {
		names = append(names, m[1]+m[2]+m[4])
	}
	return names
}

// variables fills in the variables. Two brackets around no variable may be ClickHouse's own and are left alone, as are
// macros, whose names begin with two underscores.
func (c Context) variables(sql string) (string, error) {
	var errs []error
	out := reference.ReplaceAllStringFunc(sql, func(found string) string {
		m := reference.FindStringSubmatch(found)
		name, format := m[1]+m[2]+m[4], m[3]+m[5]
		v, ok := c.Variables[name]
		switch {
		case ok:
			text, err := v.format(format)
			errs = append(errs, err)
			return text
		case m[2] == "" && !strings.HasPrefix(name, "__"):
			errs = append(errs, fmt.Errorf("there is no variable %q", name))
		}
		return found
	})
	return out, errors.Join(errs...)
}

// format writes the chosen values as Grafana's formats do, but that a backslash is escaped too: Grafana leaves it, and
// a value that ends in one would eat the quote behind it.
func (v Variable) format(format string) (string, error) {
	quote := func(mark, escaped string) string {
		list := make([]string, len(v.Values))
		for i, s := range v.Values {
			list[i] = mark + strings.NewReplacer(`\`, `\\`, mark, escaped).Replace(s) + mark
		}
		return strings.Join(list, ",")
	}
	switch format {
	case "":
		if v.Multi || len(v.Values) > 1 {
			return quote("'", `\'`), nil
		}
		return strings.Join(v.Values, ","), nil
	case "raw", "csv":
		return strings.Join(v.Values, ","), nil
	case "singlequote":
		return quote("'", `\'`), nil
	case "doublequote":
		return quote(`"`, `\"`), nil
	case "sqlstring":
		return quote("'", "''"), nil
	case "pipe":
		return strings.Join(v.Values, "|"), nil
	}
	return "", fmt.Errorf("there is no format %q of a variable", format)
}
