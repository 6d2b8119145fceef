package view

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"feryat/dashboards/macro"
)

// Variable is one that a dashboard's queries are narrowed by.
type Variable struct {
	Name, Type, Label string
	Query             sqlText
	Multi, IncludeAll bool
	Hide              int
	Current           struct{ Value values }
}

// sqlText is a query, given as a text or as an object that holds one.
type sqlText string

// UnmarshalJSON takes both forms.
func (s *sqlText) UnmarshalJSON(body []byte) error {
	var text string
	if json.Unmarshal(body, &text) == nil {
		*s = sqlText(text)
		return nil
	}
	var object struct{ Query, RawSQL string }
	err := json.Unmarshal(body, &object)
	*s = sqlText(object.RawSQL)
	if *s == "" {
		*s = sqlText(object.Query)
	}
	return err
}

// values are one or several texts.
type values []string

// UnmarshalJSON takes one text as a list of it, and what is neither as nothing.
func (v *values) UnmarshalJSON(body []byte) error {
	var one string
	if json.Unmarshal(body, &one) == nil {
		*v = values{one}
		return nil
	}
	var several []string
	if json.Unmarshal(body, &several) == nil {
		*v = several
	}
	return nil
}

// all is how Grafana writes that everything is chosen.
const all = "$__all"

// check refuses what readers could not choose of, and what would put a reader's own text into SQL.
func (v Variable) check(trial macro.Context) error {
	switch v.Type {
	case "query":
		if strings.TrimSpace(string(v.Query)) == "" {
			return fmt.Errorf("has no query")
		}
		_, err := trial.Expand(string(v.Query))
		return err
	case "custom", "interval", "constant", "datasource", "adhoc":
		return nil
	}
	return fmt.Errorf("variables of type %q are not shown here: use query, custom, interval or constant", v.Type)
}

// chosen are those that a reader can choose from.
func (v Variable) chosen() bool {
	return v.Hide < 2 && (v.Type == "query" || v.Type == "custom" || v.Type == "interval")
}

// Option is a value that a variable offers.
type Option struct {
	Value, Text string
	On          bool
}

// Selection is a variable and what was chosen of it.
type Selection struct {
	Variable
	Options []Option
	All     bool
	Missing []string // chosen, but not offered: nothing is asked with them
	Failed  error
}

// void: all that was chosen is not there, so that there is nothing to show.
func (s Selection) void() bool {
	return !s.All && len(s.Missing) > 0 && len(s.on()) == 0
}

func (s Selection) on() (list []string) {
	for _, o := range s.Options {
		if o.On || s.All {
			list = append(list, o.Value)
		}
	}
	return list
}

func (s Selection) macro() macro.Variable {
	return macro.Variable{Values: s.on(), All: s.All, Multi: s.Multi}
}

// Words are those of what is chosen.
func (s Selection) Words() (list []string) {
	for _, o := range s.Options {
		if o.On {
			list = append(list, o.Text)
		}
	}
	return append(list, s.Missing...)
}

// param is the name in an address, Grafana's.
func param(variable string) string { return "var-" + variable }

// pick marks what query asks for. Only what is offered counts.
func (v Variable) pick(options []Option, query url.Values) Selection {
	s := Selection{Variable: v, Options: options}
	asked, given := query[param(v.Name)]
	if !given {
		asked = v.Current.Value
	}
	asked = slices.DeleteFunc(slices.Clone(asked), func(value string) bool {
		return value == "" || len(value) > maxValue || !utf8.ValidString(value)
	})
	if !v.Multi {
		asked = asked[:min(1, len(asked))]
	}
	switch {
	case v.IncludeAll && (len(asked) == 0 || slices.Contains(asked, all)):
		s.All = true
		return s
	case len(options) > 0 && (len(asked) == 0 || !given && !has(options, asked[0])):
		asked = []string{options[0].Value}
	}
	for _, value := range asked[:min(len(asked), maxPicked)] {
		at := slices.IndexFunc(options, func(o Option) bool { return o.Value == value })
		if at < 0 {
			s.Missing = append(s.Missing, value)
			continue
		}
		s.Options[at].On = true
	}
	return s
}

func has(options []Option, value string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value })
}

const (
	maxValue   = 400  // bytes of a value in an address
	maxPicked  = 200  // values of one variable
	maxOffered = 1000 // values that one variable offers
)

// listed are the values that stand in the definition: a,b or words : value.
func (v Variable) listed() (options []Option) {
	const comma = "\x00" // that of a value, which the definition writes with a backslash
	for _, part := range strings.Split(strings.ReplaceAll(string(v.Query), `\,`, comma), ",") {
		text, value, both := strings.Cut(strings.TrimSpace(strings.ReplaceAll(part, comma, ",")), " : ")
		if !both {
			value = text
		}
		if value != "" {
			options = append(options, Option{Value: value, Text: text})
		}
	}
	return options
}
