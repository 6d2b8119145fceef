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
	Matcher    matcher
	Properties []struct {
		ID    string
		Value json.RawMessage
	}
}

// matcher says of which columns an override is: by name, pattern or type.
type matcher struct {
	id, text string
	pattern  *regexp.Regexp // of byRegexp; none where it is no text
}

// UnmarshalJSON compiles a pattern once. JavaScript knows a few that Go does not: those are refused.
func (m *matcher) UnmarshalJSON(body []byte) error {
	var raw struct {
		ID      string
		Options json.RawMessage
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return err
	}
	m.id = raw.ID
	if json.Unmarshal(raw.Options, &m.text) != nil || m.id != "byRegexp" { // what is no text matches nothing
		return nil
	}
	var err error
	m.pattern, err = regexp.Compile(patternOf(m.text))
	return err
}

// patternOf is a pattern of Grafana's, /x/ or /x/i or bare, as Go writes it.
func patternOf(text string) string {
	end := strings.LastIndex(text, "/")
	if !strings.HasPrefix(text, "/") || end == 0 {
		return text
	}
	if strings.Contains(text[end:], "i") {
		return "(?i)" + text[1:end]
	}
	return text[1:end]
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

// mapping shows values by words: of type value, range or special; those of other types show none.
type mapping struct {
	kind     string
	words    map[string]mapped
	from, to *float64
	match    string
	result   mapped
}

type mapped struct{ Text, Color string }

// UnmarshalJSON reads the options of a mapping, whose shape its type says.
func (m *mapping) UnmarshalJSON(body []byte) error {
	var raw struct {
		Type    string
		Options json.RawMessage
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return err
	}
	m.kind = raw.Type
	switch m.kind {
	case "value":
		return json.Unmarshal(raw.Options, &m.words)
	case "range", "special":
		var o struct {
			From, To *float64
			Match    string
			Result   mapped
		}
		err := json.Unmarshal(raw.Options, &o)
		m.from, m.to, m.match, m.result = o.From, o.To, o.Match, o.Result
		return err
	}
	return nil
}

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
		if !o.Matcher.matches(name, kind) {
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

func (m matcher) matches(name, kind string) bool {
	switch m.id {
	case "byName":
		return m.text == name
	case "byRegexp":
		return m.pattern != nil && m.pattern.MatchString(name)
	case "byType":
		return m.text == "number" && isNumber(kind) || m.text == "time" && isTime(kind) || m.text == "string" && !isNumber(kind) && !isTime(kind)
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
	switch m.kind {
	case "value":
		found, ok := m.words[plain(cell)]
		return found, ok && cell != nil
	case "range":
		n, ok := cell.(float64)
		return m.result, ok && (m.from == nil || n >= *m.from) && (m.to == nil || n <= *m.to)
	case "special":
		return m.result, cell == nil && (m.match == "null" || m.match == "null+nan") || cell == "" && m.match == "empty"
	}
	return mapped{}, false
}

// ink is how a color of Grafana's is drawn: by a class that fits light and dark, or as it is.
type ink struct{ Class, Fill string }

var (
	shade    = regexp.MustCompile(`^(super-light|light|semi-dark|dark)-`)
	hexColor = regexp.MustCompile(`^#([0-9a-f]{3}|[0-9a-f]{6})$`)
)

// inkOf knows the names that Grafana gives colors and those of feryat; other names are the text's color.
func inkOf(color string) ink {
	color = strings.ToLower(color)
	plain := shade.ReplaceAllString(color, "")
	known := map[string]string{
		"#a61c28": "angry", "red": "angry", "#dd7a3a": "dissatisfied", "orange": "dissatisfied", "#b99420": "mixed", "yellow": "mixed",
		"#8b96a5": "neutral", "gray": "neutral", "#2f8f5b": "satisfied", "green": "satisfied", "#c3cad3": "unknown", "blue": "0", "purple": "3", "text": "text",
	}
	if class, ok := known[plain]; ok {
		return ink{Class: "k k-" + class}
	}
	if hexColor.MatchString(color) {
		return ink{Fill: color}
	}
	return ink{Class: "k k-text"}
}

// palette is the ink of number i of those that have no color of their own.
func palette(i int) ink { return ink{Class: fmt.Sprintf("k k-%d", i%8)} }
