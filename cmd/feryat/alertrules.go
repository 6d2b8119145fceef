package main

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"feryat/alert"
)

func (a *app) alertRulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List the rules, and what to expect of those on a clock",
		Long: `Lists the rules that run: whether they page somebody or wait on the list, and
for rules on a clock how many false alarms a month they promise and how many are
expected at most, by what is stored now.

Exit codes: 0 all rules run, 1 some have faults and do not.`,
		Example: `  feryat alert rules --format json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHome(cmd.Context(), "alert", a.alertRules)
		},
	}
}

// listedRule is a line of alert rules.
type listedRule struct {
	Rule     string            `json:"rule"`
	Severity string            `json:"severity"`
	Title    map[string]string `json:"title"`
	Tells    string            `json:"tells"` // page or list
	// Budget and Expected are false alarms a month, of rules on a clock.
	Budget   float64  `json:"false_alarms,omitempty"`
	Expected *float64 `json:"false_alarms_expected,omitempty"`
	Series   int      `json:"series,omitempty"` // that are judged
	Young    int      `json:"young,omitempty"`  // that are not yet, for want of history
}

func (a *app) alertRules(ctx context.Context, h *home) error {
	rules, refused := h.cfg.usableRules()
	expected, err := h.outlooks(ctx, rules)
	if err != nil {
		return err
	}
	var listed []listedRule
	for _, r := range rules {
		l := listedRule{Rule: r.Name, Severity: r.Severity, Title: r.Title, Tells: "page"}
		if r.Severity == "normal" && len(r.Channels) == 0 {
			l.Tells = "list"
		}
		if o, ok := expected[r.Name]; ok {
			l.Budget, l.Expected, l.Series, l.Young = o.Promised, &o.FalseAlarms, o.Series, o.Young
		}
		listed = append(listed, l)
	}
	if err := printLines(a, listed, listedRule.line); err != nil || refused == nil {
		return err
	}
	_, _ = fmt.Fprintln(a.err, refused)
	return errTrouble
}

func (r listedRule) line() string {
	line := fmt.Sprintf("%-16s %-8s  %s  %s", r.Rule, r.Severity, r.Tells, r.Title["en"])
	if r.Expected != nil {
		line += fmt.Sprintf("; false alarms a month: %g promised, %.2g expected (%d series, %d too young)", r.Budget, *r.Expected, r.Series, r.Young)
	}
	return line
}

// outlooks are what to expect of the rules on a clock, by name.
func (h *home) outlooks(ctx context.Context, rules []alert.Rule) (map[string]alert.Outlook, error) {
	m := alert.NewMetrics(prometheus.NewRegistry())
	trends, err := h.newTrends(rules, nil, alert.Deps{Log: h.log}, m)
	if err != nil {
		return nil, err
	}
	all, err := trends.Outlooks(ctx)
	found := map[string]alert.Outlook{}
	for _, o := range all {
		found[o.Rule] = o
	}
	return found, err
}
