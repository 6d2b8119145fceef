package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"feryat/alert"
	"feryat/mention"
)

func (a *app) alertCommand() *cobra.Command {
	commands := append([]*cobra.Command{a.alertListCommand(), a.alertShowCommand()}, a.actCommands()...)
	return group(&cobra.Command{Use: "alert", Short: "What waits for a person, and the rules"}, append(commands, a.alertFeedbackCommand(), a.alertRulesCommand(), a.alertTestCommand(), a.alertReplayCommand(), a.alertSLOCommand(), a.alertDigestCommand())...)
}

func (a *app) alertListCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the escalations that wait",
		Example: `  feryat alert list --format json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHome(cmd.Context(), "alert", func(ctx context.Context, h *home) error {
				open, err := h.store.OpenEscalations(ctx, limit)
				if err != nil {
					return err
				}
				return printLines(a, open, func(e mention.OpenEscalation) string {
					return fmt.Sprintf("%s  %s  %-8s %-12s %-10s %-12s %s", e.Opened.Local().Format(time.DateTime), e.ID[:8], e.Severity, e.State, e.Holder, cmp.Or(e.Brand, e.Source), oneLine(e.Excerpt))
				})
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 50, "how many at most")
	return c
}

func (a *app) alertTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test",
		Short: "Run every rule against its own examples",
		Long: `Runs every rule against the examples in its file.

Exit codes: 0 all hold, 1 some do not, 2 a rule file is not valid.`,
		Example: `  feryat alert test --config feryat.yaml`,
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return a.alertTest() },
	}
}

// ruleResult is how a rule did on its own examples.
type ruleResult struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Examples int    `json:"examples"`
	// FalseAlarms is how many a month a rule on a clock may give: for a brand, or
	// in all if it looks at sources.
	FalseAlarms float64 `json:"false_alarms,omitempty"`
	PerBrand    bool    `json:"per_brand,omitempty"`
	Error       string  `json:"error,omitempty"`
}

func (a *app) alertTest() error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	rules, err := loadRules(cfg)
	if err != nil {
		return usageError{err}
	}
	var failed error
	var results []ruleResult
	for _, r := range rules {
		res, err := tryRule(r)
		failed = errors.Join(failed, err)
		results = append(results, res)
	}
	if err := printLines(a, results, func(r ruleResult) string {
		if r.Error != "" {
			return r.Error
		}
		if r.FalseAlarms > 0 {
			return fmt.Sprintf("ok  %s (%s), %d examples, %g false alarms a month%s at most", r.Rule, r.Severity, r.Examples, r.FalseAlarms, map[bool]string{true: " and brand"}[r.PerBrand])
		}
		return fmt.Sprintf("ok  %s (%s), %d examples", r.Rule, r.Severity, r.Examples)
	}); err != nil {
		return err
	}
	if failed != nil {
		return errTrouble
	}
	return nil
}

func tryRule(r alert.Rule) (ruleResult, error) {
	res := ruleResult{Rule: r.Name, Severity: r.Severity, Examples: len(r.Test.Fire) + len(r.Test.Quiet)}
	if r.Trend != nil {
		res.FalseAlarms, res.PerBrand = r.Trend.FalseAlarms, r.Trend.PerBrand()
	}
	err := r.Check()
	if err != nil {
		res.Error = err.Error()
	}
	return res, err
}
