package alert

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sort"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed rules/*.yaml
var bundled embed.FS

// Bundled are the rules that come with feryat.
func Bundled() ([]Rule, error) {
	sub, err := fs.Sub(bundled, "rules")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads and compiles every *.yaml file of a folder. It answers the good
// rules and all faults of the other files together, each with its line: one
// broken file must not silence the rest. A folder without any is refused:
// nobody would ever be told of anything.
func Load(dir fs.FS) ([]Rule, error) {
	if _, err := fs.ReadDir(dir, "."); err != nil {
		return nil, fmt.Errorf("read the folder of rules: %w", err)
	}
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no rule file (*.yaml) in the folder of rules")
	}
	sort.Strings(names)
	var rules []Rule
	var faults []error
	for _, name := range names {
		r, err := loadFile(dir, name)
		if err == nil && slices.ContainsFunc(rules, func(other Rule) bool { return other.Name == r.Name }) {
			err = fmt.Errorf("line %d: another file has rule %q", r.line, r.Name)
		}
		if err != nil {
			faults = append(faults, inFile(name, err)...)
			continue
		}
		rules = append(rules, r)
	}
	return rules, errors.Join(faults...)
}

// inFile names the file in each fault.
func inFile(name string, err error) (all []error) {
	faults := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		faults = joined.Unwrap()
	}
	for _, f := range faults {
		all = append(all, fmt.Errorf("rule file %s: %w", name, f))
	}
	return all
}

func loadFile(dir fs.FS, name string) (Rule, error) {
	body, err := fs.ReadFile(dir, name)
	if err != nil {
		return Rule{}, err
	}
	return Parse(body)
}

// Parse reads one rule and compiles its conditions; unknown keys are refused.
// Every fault begins with its line.
func Parse(body []byte) (Rule, error) {
	trend := defaultTrend()
	r := Rule{Severity: "high", MaxAge: 24 * time.Hour, RepeatWindow: 30 * 24 * time.Hour, Trend: &trend}
	d := yaml.NewDecoder(bytes.NewReader(body))
	d.KnownFields(true)
	if err := d.Decode(&r); err != nil && !errors.Is(err, io.EOF) {
		return Rule{}, err
	}
	doc := &yaml.Node{}
	if err := yaml.Unmarshal(body, doc); err != nil {
		return Rule{}, err
	}
	if find(doc, "trend") == nil {
		r.Trend = nil
	}
	r.line = lineOf(doc, "rule")
	faults := append(r.check(), r.Trend.check(doc)...)
	for key, list := range map[string][]Condition{"all": r.All, "any": r.Any} {
		for i := range list {
			if err := list[i].compile(); err != nil {
				faults = append(faults, fault{err, []any{key, i, "if"}})
			}
		}
	}
	return r, inLines(doc, faults)
}

// fault is what is wrong with the value that a path of keys and places leads to.
type fault struct {
	err  error
	path []any
}

// inLines joins faults in the order of their lines.
func inLines(doc *yaml.Node, faults []fault) error {
	sort.SliceStable(faults, func(i, j int) bool { return lineOf(doc, faults[i].path...) < lineOf(doc, faults[j].path...) })
	var all []error
	for _, f := range faults {
		all = append(all, fmt.Errorf("line %d: %w", lineOf(doc, f.path...), f.err))
	}
	return errors.Join(all...)
}

// lineOf is the line of the value that a path leads to, or of what should have
// held it: 1 where there is nothing of it.
func lineOf(doc *yaml.Node, path ...any) int {
	for n := len(path); n > 0; n-- {
		if at := find(doc, path[:n]...); at != nil {
			return at.Line
		}
	}
	return 1
}

// find answers nil where a path leads nowhere.
func find(n *yaml.Node, path ...any) *yaml.Node {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	for _, step := range path {
		if n = below(n, step); n == nil {
			return nil
		}
	}
	return n
}

func below(n *yaml.Node, step any) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if i, ok := step.(int); ok {
		if n.Kind == yaml.SequenceNode && i < len(n.Content) {
			return n.Content[i]
		}
		return nil
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == step {
			return n.Content[i+1]
		}
	}
	return nil
}

func (r Rule) check() (faults []fault) {
	blame := func(format string, path []any, args ...any) {
		faults = append(faults, fault{fmt.Errorf(format, args...), path})
	}
	if r.Name == "" {
		blame("rule: a name is missing", []any{"rule"})
	}
	for _, lang := range []string{"tr", "fa", "en"} {
		if r.Title[lang] == "" {
			blame("title.%s is missing", []any{"title"}, lang)
		}
	}
	if rankOf(r.Severity) < 0 {
		blame("severity %q is not critical, high or normal", []any{"severity"}, r.Severity)
	}
	switch conditions := len(r.All) + len(r.Any); {
	case r.Trend == nil && conditions == 0:
		blame("no condition and no trend: a rule without one would page for everything", []any{"rule"})
	case r.Trend != nil && conditions > 0:
		blame("a rule has either conditions or a trend", []any{"trend"})
	}
	if r.WaitFor < 0 || r.WaitFor >= r.MaxAge {
		blame("wait_for must be shorter than max_age", []any{"wait_for"})
	}
	if !(r.Precision >= 0 && r.Precision < 1) {
		blame("precision %v is no share from 0 to below 1", []any{"precision"}, r.Precision)
	}
	if r.MaxAge <= 0 || r.RepeatWindow <= 0 {
		blame("max_age and repeat_window must be longer than nothing", []any{"max_age"})
	}
	return faults
}
