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

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"go.yaml.in/yaml/v3"

	"feryat/mention"
)

//go:embed rules/*.yaml
var bundled embed.FS

// Rule says when a mention becomes an escalation.
type Rule struct {
	Name  string            `yaml:"rule"`  // unique, also the rule's code in storage
	Title map[string]string `yaml:"title"` // by language: tr, fa, en
	// Severity is critical, high or normal. What is normal waits on the list;
	// nobody is told of it unless Channels says so.
	Severity string `yaml:"severity"`
	// Channels are told instead of those of the routes.
	Channels []string `yaml:"channels"`
	// MaxAge is how long after it was written a mention may still page someone.
	MaxAge time.Duration `yaml:"max_age"`
	// RepeatWindow is how far back from the time of writing Complaints counts.
	RepeatWindow time.Duration `yaml:"repeat_window"`
	// WaitFor is how long after writing the rule looks, with what is known by then:
	// "still unanswered after 45 minutes". 0 means at once.
	WaitFor time.Duration `yaml:"wait_for"`
	// Precision is the least share of true alarms among those that people judged;
	// a rule that is worse is demoted, see Precision. 0 is no budget.
	Precision float64 `yaml:"precision"`
	// NeverDemoted is for what must be told however often it is wrong.
	NeverDemoted bool `yaml:"never_demoted"`
	// All conditions must hold, and at least one of Any where there are some.
	All  []Condition `yaml:"all"`
	Any  []Condition `yaml:"any"`
	Test Examples    `yaml:"test"`
}

// Condition is one expression over the Facts of a mention.
type Condition struct {
	Say     string `yaml:"say"` // code of the reason that a person is shown; empty for what goes without saying
	If      string `yaml:"if"`  // expression in expr-lang over Facts
	program *vm.Program
}

// Examples prove a rule: Fire must escalate, Quiet must not.
type Examples struct {
	Fire  []Example `yaml:"fire"`
	Quiet []Example `yaml:"quiet"`
}

// Example is a mention told by those facts that matter; the others are zero.
type Example struct {
	Name  string `yaml:"name"`
	Facts Facts  `yaml:"facts"`
}

// Bundled are the rules that come with feryat.
func Bundled() ([]Rule, error) {
	sub, err := fs.Sub(bundled, "rules")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads and compiles every *.yaml file of a folder. All faults of all
// files are told together. A folder without any is refused: nobody would ever
// be told of anything.
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
			err = fmt.Errorf("another file has rule %q", r.Name)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("rule file %s: %w", name, err))
			continue
		}
		rules = append(rules, r)
	}
	return rules, errors.Join(faults...)
}

func loadFile(dir fs.FS, name string) (Rule, error) {
	body, err := fs.ReadFile(dir, name)
	if err != nil {
		return Rule{}, err
	}
	return Parse(body)
}

// Parse reads one rule and compiles its conditions; unknown keys are refused.
func Parse(body []byte) (Rule, error) {
	r := Rule{Severity: "high", MaxAge: 24 * time.Hour, RepeatWindow: 30 * 24 * time.Hour}
	d := yaml.NewDecoder(bytes.NewReader(body))
	d.KnownFields(true)
	if err := d.Decode(&r); err != nil && !errors.Is(err, io.EOF) {
		return Rule{}, err
	}
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	for _, list := range [][]Condition{r.All, r.Any} {
		for i := range list {
			if err := list[i].compile(); err != nil {
				return Rule{}, err
			}
		}
	}
	return r, nil
}

func (r Rule) check() error {
	var faults []error
	if r.Name == "" {
		faults = append(faults, errors.New("rule: a name is missing"))
	}
	for _, lang := range []string{"tr", "fa", "en"} {
		if r.Title[lang] == "" {
			faults = append(faults, fmt.Errorf("title.%s is missing", lang))
		}
	}
	if rankOf(r.Severity) < 0 {
		faults = append(faults, fmt.Errorf("severity %q is not critical, high or normal", r.Severity))
	}
	if len(r.All)+len(r.Any) == 0 {
		faults = append(faults, errors.New("no condition: a rule without one would page for everything"))
	}
	if r.WaitFor < 0 || r.WaitFor >= r.MaxAge {
		faults = append(faults, errors.New("wait_for must be shorter than max_age"))
	}
	if !(r.Precision >= 0 && r.Precision < 1) {
		faults = append(faults, fmt.Errorf("precision %v is no share from 0 to below 1", r.Precision))
	}
	if r.MaxAge <= 0 || r.RepeatWindow <= 0 {
		faults = append(faults, errors.New("max_age and repeat_window must be longer than nothing"))
	}
	return errors.Join(faults...)
}

func (c *Condition) compile() error {
	program, err := expr.Compile(c.If, expr.Env(Facts{}), expr.AsBool())
	if err != nil {
		return fmt.Errorf("condition %q: %w", c.If, err)
	}
	c.program = program
	return nil
}

// Holds tells whether the rule holds of f, and the codes of the reasons why.
// An error comes from the history that f asks.
func (r Rule) Holds(f Facts) (why []string, ok bool, err error) {
	for _, c := range r.All {
		held, err := c.holds(f)
		if err != nil || !held {
			return nil, false, err
		}
		why = c.because(why)
	}
	found := len(r.Any) == 0
	for _, c := range r.Any {
		held, err := c.holds(f)
		if err != nil {
			return nil, false, err
		}
		if held {
			why, found = c.because(why), true
		}
	}
	return why, found, nil
}

func (c Condition) because(why []string) []string {
	if c.Say == "" {
		return why
	}
	return append(why, c.Say)
}

func (c Condition) holds(f Facts) (bool, error) {
	out, err := expr.Run(c.program, f)
	if err != nil {
		return false, fmt.Errorf("condition %q: %w", c.If, err)
	}
	held, _ := out.(bool)
	return held, nil
}

// Check runs the rule's own examples; it tells every one that goes wrong.
func (r Rule) Check() error {
	var faults []error
	try := func(e Example, want bool) {
		f := e.Facts
		f.Unhappy = mention.Mood(f.Mood).Unhappy()
		f.Complaints = func() (int, error) { return f.Past, nil }
		f.Answered = func() (bool, error) { return f.Replied, nil }
		f.Solved = func() (bool, error) { return f.Ended, nil }
		f.Observed = func() ([]string, error) { return f.Kinds, nil }
		f.Stands = func() (string, error) { return f.Standing, nil }
		_, got, err := r.Holds(f)
		if err != nil {
			faults = append(faults, fmt.Errorf("rule %s, example %q: %w", r.Name, e.Name, err))
		} else if got != want {
			faults = append(faults, fmt.Errorf("rule %s, example %q: fires %t, should be %t", r.Name, e.Name, got, want))
		}
	}
	for _, e := range r.Test.Fire {
		try(e, true)
	}
	for _, e := range r.Test.Quiet {
		try(e, false)
	}
	if len(r.Test.Fire) == 0 || len(r.Test.Quiet) == 0 {
		faults = append(faults, fmt.Errorf("rule %s: needs examples that fire and examples that stay quiet", r.Name))
	}
	return errors.Join(faults...)
}
