package alert

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"feryat/mention"
)

const (
	// minJudged is of how many escalations of a rule people must have said whether
	// it was right, before it can be demoted.
	minJudged = 10
	// LookAtPrecision is how often the feedback is looked at.
	LookAtPrecision = 10 * time.Minute
	// whyDemoted is the reason shown with an escalation that is for the list alone
	// because its rule is demoted.
	whyDemoted = "demoted"
)

// quality answers how well rules do.
type quality interface {
	RuleQuality(ctx context.Context) ([]mention.RuleQuality, error)
}

// Precision demotes rules that are wrong too often: while the upper end of the
// interval of a rule's precision is below its budget, what it finds is for the
// list alone. Feedback that improves brings it back.
type Precision struct {
	quality quality
	rules   []Rule
	log     *slog.Logger

	mu      sync.Mutex
	demoted map[string]bool
}

// NewPrecision demotes nothing until Refresh or Run is called.
func NewPrecision(q quality, rules []Rule, log *slog.Logger) *Precision {
	return &Precision{quality: q, rules: rules, log: log, demoted: map[string]bool{}}
}

// Run refreshes at once and then every so often until ctx ends. While the
// feedback cannot be read, what was known last stays.
func (p *Precision) Run(ctx context.Context, every time.Duration) error {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := p.Refresh(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("feedback on rules cannot be read; trying again later", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// Refresh decides anew which rules are demoted, and says what changed.
func (p *Precision) Refresh(ctx context.Context) error {
	found, err := p.quality.RuleQuality(ctx)
	if err != nil {
		return fmt.Errorf("quality of rules: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.rules {
		q := mention.RuleQuality{PrecisionHigh: 1}
		if i := slices.IndexFunc(found, func(q mention.RuleQuality) bool { return q.Rule == r.Name }); i >= 0 {
			q = found[i]
		}
		bad := r.underBudget(q)
		if bad == p.demoted[r.Name] {
			continue
		}
		p.demoted[r.Name] = bad
		said := p.log.With("rule", r.Name, "budget", r.Precision, "confirmed", q.Confirmed, "false_alarms", q.FalseAlarms, "precision_high", q.PrecisionHigh)
		if bad {
			said.Warn("rule is wrong too often: what it finds goes to the list and tells nobody, until feedback improves")
		} else {
			said.Info("rule is within its budget again and tells people")
		}
	}
	return nil
}

// underBudget needs enough judgements: three false alarms of three say little.
func (r Rule) underBudget(q mention.RuleQuality) bool {
	return !r.NeverDemoted && r.Precision > 0 && q.Judged() >= minJudged && q.PrecisionHigh < r.Precision
}

// Demoted reports whether what a rule finds is for the list alone. A nil
// Precision demotes nothing.
func (p *Precision) Demoted(rule string) bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.demoted[rule]
}

// lead puts the most severe rule that tells people first, then those that are
// demoted, so that what people say of the escalation is said of them.
func (p *Precision) lead(matches []match) {
	rank := func(m match) int {
		switch {
		case p.Demoted(m.rule.Name):
			return 1
		case rankOf(m.rule.Severity) == 0 && len(m.rule.Channels) == 0:
			return 0
		}
		return 2 + rankOf(m.rule.Severity)
	}
	slices.SortStableFunc(matches, func(x, y match) int { return rank(y) - rank(x) })
}

// demote makes e one for the list if its rule is demoted, and says so. Of what
// is normal nobody is told, nor reminded, nor is the next of the chain.
func (p *Precision) demote(e *mention.Escalation) {
	if p.Demoted(e.Rule) {
		e.Severity, e.Why = "normal", append(e.Why, whyDemoted)
	}
}

// forTheList reports whether e tells nobody because its rule is demoted. A case
// that people were told of before stays theirs.
func forTheList(e mention.Escalation) bool {
	return rankOf(e.Severity) == 0 && slices.Contains(e.Why, whyDemoted)
}

// joining are the reasons of what joins a case of a severity: people were told
// of a severe one, so it is not for the list alone.
func joining(why []string, severity string) []string {
	if rankOf(severity) == 0 {
		return why
	}
	return slices.DeleteFunc(slices.Clone(why), func(code string) bool { return code == whyDemoted })
}
