package alert

import (
	"errors"
	"fmt"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"feryat/mention"
)

// Rule says when something becomes an escalation: a mention of which conditions
// hold, or what Trend sees on a clock.
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
	All []Condition `yaml:"all"`
	Any []Condition `yaml:"any"`
	// Trend is what many mentions, or none, show together; nil in a rule with
	// conditions, and the only one of all that says when in a rule without.
	Trend *Trend   `yaml:"trend"`
	Test  Examples `yaml:"test"`

	line int // of its name
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

// Example is a mention told by those facts that matter; the others are zero. A
// trend's is told by its Series.
type Example struct {
	Name   string  `yaml:"name"`
	Facts  Facts   `yaml:"facts"`
	Series *Sample `yaml:"series"`
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
	if r.Trend != nil {
		return nil, false, nil // no mention by itself
	}
	facts := any(f)
	for _, c := range r.All {
		held, err := c.holds(facts)
		if err != nil || !held {
			return nil, false, err
		}
		why = c.because(why)
	}
	found := len(r.Any) == 0
	for _, c := range r.Any {
		held, err := c.holds(facts)
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

// holds takes Facts; as any, since each conversion would copy them.
func (c Condition) holds(facts any) (bool, error) {
	out, err := expr.Run(c.program, facts)
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
		if r.Trend != nil {
			faults = append(faults, r.tryTrend(e, want))
			return
		}
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
