package view

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// fieldConfig says how the columns of a panel are shown.
type fieldConfig struct {
	Defaults  json.RawMessage
	Overrides []override
}

type override struct {
	Matcher struct {
		ID      string
		Options json.RawMessage
	}
	Properties []struct {
		ID    string
		Value json.RawMessage
	}
}

// field is how one column is shown.
type field struct {
	Unit, NoValue, DisplayName string
	Decimals                   *int
	Min, Max                   *float64
	Thresholds                 struct{ Steps []step }
	Color                      struct{ Mode, FixedColor string }
	Mappings                   []mapping
	Links                      []fieldLink
	Custom                     struct {
		DrawStyle   string
		Stacking    struct{ Mode string }
		Hidden      bool
		HideFrom    struct{ Viz bool }
		CellOptions struct{ Type string }
	}
}

type step struct {
	Value *float64
	Color string
}

type fieldLink struct{ Title, URL string }

// mapping shows values by words: of type value, range or special.
type mapping struct {
	Type    string
	Options json.RawMessage
}

type mapped struct{ Text, Color string }

func (c fieldConfig) check() error {
	_, err := c.of("", "")
	for _, o := range c.Overrides {
		for _, p := range o.Properties {
			if e := (&field{}).set(p.ID, p.Value); e != nil && err == nil {
				err = e
			}
		}
	}
	return err
}

// of is the column of that name and type.
func (c fieldConfig) of(name, kind string) (f field, err error) {
	if len(c.Defaults) > 0 {
		if err := json.Unmarshal(c.Defaults, &f); err != nil {
			return f, fmt.Errorf("defaults: %w", err)
		}
	}
	for _, o := range c.Overrides {
		if !o.matches(name, kind) {
			continue
		}
		for _, p := range o.Properties {
			if err := f.set(p.ID, p.Value); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

func (o override) matches(name, kind string) bool {
	var text string
	_ = json.Unmarshal(o.Matcher.Options, &text) // what is no text matches nothing
	switch o.Matcher.ID {
	case "byName":
		return text == name
	case "byRegexp":
		r, err := regexp.Compile(strings.Trim(text, "/"))
		return err == nil && r.MatchString(name)
	case "byType":
		return text == "number" && isNumber(kind) || text == "time" && isTime(kind) || text == "string" && !isNumber(kind) && !isTime(kind)
	}
	return false
}

// set gives one property its value; the id is a path such as custom.hidden.
func (f *field) set(id string, value json.RawMessage) error {
	switch id { // a list takes the place of the former
	case "links":
		f.Links = nil
	case "mappings":
		f.Mappings = nil
	case "thresholds":
		f.Thresholds.Steps = nil
	}
	if len(value) == 0 {
		return nil
	}
	body := string(value)
	path := strings.Split(id, ".")
	slices.Reverse(path)
	for _, part := range path {
		body = "{" + strconv.Quote(part) + ":" + body + "}"
	}
	if err := json.Unmarshal([]byte(body), f); err != nil {
		return fmt.Errorf("override %s: %w", id, err)
	}
	return nil
}

func (f field) hidden() bool { return f.Custom.Hidden || f.Custom.HideFrom.Viz }

// color is the one that thresholds or the field give a number, as Grafana names it; "" for none.
func (f field) color(n float64) (name string) {
	if f.Color.Mode == "fixed" {
		return f.Color.FixedColor
	}
	for _, s := range f.Thresholds.Steps {
		if s.Value == nil || n >= *s.Value {
			name = s.Color
		}
	}
	return name
}

// mapped is the text that stands for a value, if there is one.
func (f field) mapped(cell any) (mapped, bool) {
	for _, m := range f.Mappings {
		if found, ok := m.of(cell); ok {
			return found, true
		}
	}
	return mapped{}, false
}

func (m mapping) of(cell any) (mapped, bool) {
	switch m.Type {
	case "value":
		var words map[string]mapped
		if json.Unmarshal(m.Options, &words) != nil || cell == nil {
			return mapped{}, false
		}
		found, ok := words[fmt.Sprint(cell)]
		return found, ok
	case "range":
		var r struct {
			From, To *float64
			Result   mapped
		}
		n, number := cell.(float64)
		ok := json.Unmarshal(m.Options, &r) == nil && number && (r.From == nil || n >= *r.From) && (r.To == nil || n <= *r.To)
		return r.Result, ok
	case "special":
		var s struct {
			Match  string
			Result mapped
		}
		ok := json.Unmarshal(m.Options, &s) == nil && (cell == nil && (s.Match == "null" || s.Match == "null+nan") || cell == "" && s.Match == "empty")
		return s.Result, ok
	}
	return mapped{}, false
}

// ink is how a color of Grafana's is drawn: by a class that fits light and dark, or as it is.
type ink struct{ Class, Fill string }

// inkOf knows the names that Grafana gives colors and those of feryat; other names are the text's color.
func inkOf(color string) ink {
	color = strings.ToLower(color)
	plain := regexp.MustCompile(`^(super-light|light|semi-dark|dark)-`).ReplaceAllString(color, "")
	known := map[string]string{
		"#a61c28": "angry", "red": "angry", "#dd7a3a": "dissatisfied", "orange": "dissatisfied", "#b99420": "mixed", "yellow": "mixed",
		"#8b96a5": "neutral", "gray": "neutral", "#2f8f5b": "satisfied", "green": "satisfied", "#c3cad3": "unknown", "blue": "0", "purple": "3", "text": "text",
	}
	if class, ok := known[plain]; ok {
		return ink{Class: "k k-" + class}
	}
	if regexp.MustCompile(`^#([0-9a-f]{3}|[0-9a-f]{6})$`).MatchString(color) {
		return ink{Fill: color}
	}
	return ink{Class: "k k-text"}
}

// palette is the ink of number i of those that have no color of their own.
func palette(i int) ink { return ink{Class: fmt.Sprintf("k k-%d", i%8)} }
