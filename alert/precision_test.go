package alert

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feryat/mention"
)

// judged is feedback with its intervals as v_alert_quality computes them (Wilson, 95 %).
type judged struct {
	sync.Mutex
	list []mention.RuleQuality
	err  error
	asks int
}

func (j *judged) RuleQuality(context.Context) ([]mention.RuleQuality, error) {
	j.Lock()
	defer j.Unlock()
	j.asks++
	return j.list, j.err
}

func (j *judged) set(list []mention.RuleQuality, err error) {
	j.Lock()
	defer j.Unlock()
	j.list, j.err = list, err
}

func (j *judged) asked() int {
	j.Lock()
	defer j.Unlock()
	return j.asks
}

func TestWhichRuleIsUnderItsBudget(t *testing.T) {
	for name, c := range map[string]struct {
		rule mention.RuleQuality
		edit func(*Rule)
		want bool
	}{
		"3 of 3 were false alarms":               {mention.RuleQuality{FalseAlarms: 3, PrecisionHigh: 0.5615}, nil, false},
		"3 of 3, of a rule with a high budget":   {mention.RuleQuality{FalseAlarms: 3, PrecisionHigh: 0.5615}, func(r *Rule) { r.Precision = 0.9 }, false},
		"9 of 9":                                 {mention.RuleQuality{FalseAlarms: 9, PrecisionHigh: 0.2991}, nil, false},
		"10 of 10":                               {mention.RuleQuality{FalseAlarms: 10, PrecisionHigh: 0.2775}, nil, true},
		"6 of 10: half may still be true alarms": {mention.RuleQuality{Confirmed: 4, FalseAlarms: 6, PrecisionHigh: 0.6873}, nil, false},
		"70 of 100":                              {mention.RuleQuality{Confirmed: 30, FalseAlarms: 70, PrecisionHigh: 0.3958}, nil, true},
		"70 of 100 within a smaller budget":      {mention.RuleQuality{Confirmed: 30, FalseAlarms: 70, PrecisionHigh: 0.3958}, func(r *Rule) { r.Precision = 0.3 }, false},
		"no budget":                              {mention.RuleQuality{FalseAlarms: 50, PrecisionHigh: 0.07}, func(r *Rule) { r.Precision = 0 }, false},
		"never demoted":                          {mention.RuleQuality{FalseAlarms: 50, PrecisionHigh: 0.07}, func(r *Rule) { r.NeverDemoted = true }, false},
		"nothing was said":                       {mention.RuleQuality{PrecisionHigh: 1}, nil, false},
	} {
		r := Rule{Name: "r", Precision: 0.5}
		if c.edit != nil {
			c.edit(&r)
		}
		c.rule.Rule = "r"
		p := NewPrecision(&judged{list: []mention.RuleQuality{{Rule: "other"}, c.rule}}, []Rule{r}, slog.New(slog.DiscardHandler))
		if err := p.Refresh(t.Context()); err != nil || p.Demoted("r") != c.want || p.Demoted("other") {
			t.Errorf("%s: demoted %t, %v", name, p.Demoted("r"), err)
		}
	}
	if (*Precision)(nil).Demoted("r") {
		t.Error("nobody asked for a demotion")
	}
}

func TestPrecisionIsLookedAtEveryTenMinutesAndSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := []mention.RuleQuality{{Rule: "r", FalseAlarms: 12, PrecisionHigh: 0.24}}
		feedback := &judged{}
		var log bytes.Buffer
		p := NewPrecision(feedback, []Rule{{Name: "r", Precision: 0.5}}, slog.New(slog.NewTextHandler(&log, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx, LookAtPrecision) }()
		after := func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		}
		after(time.Minute)
		if feedback.asked() != 1 || p.Demoted("r") {
			t.Errorf("asked %d times, demoted %t", feedback.asked(), p.Demoted("r"))
		}
		feedback.set(bad, nil)
		after(time.Hour)
		if feedback.asked() != 7 || !p.Demoted("r") || strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "rule=r") {
			t.Errorf("asked %d times, demoted %t, said:\n%s", feedback.asked(), p.Demoted("r"), log.String())
		}
		feedback.set(nil, errors.New("away"))
		after(time.Hour)
		if !p.Demoted("r") {
			t.Error("what was known is forgotten while the store is away")
		}
		feedback.set(nil, nil) // the feedback was taken back
		after(LookAtPrecision)
		if p.Demoted("r") || !strings.Contains(log.String(), "within its budget again") {
			t.Errorf("demoted %t, said:\n%s", p.Demoted("r"), log.String())
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// demoting is a desk where people called all that some rules found false alarms.
func demoting(t *testing.T, rules ...string) (*desk, *judged) {
	t.Helper()
	d, feedback := newDesk(t), &judged{}
	for _, name := range rules {
		feedback.list = append(feedback.list, mention.RuleQuality{Rule: name, FalseAlarms: 20, PrecisionHigh: 0.16})
	}
	all, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	d.precision = NewPrecision(feedback, all, slog.New(slog.DiscardHandler))
	d.Watcher = NewWatcher(all, d.Desk, d.deps, d.Watcher.metrics)
	if err := d.precision.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d, feedback
}

func TestADemotedRuleFillsTheListAndTellsNobody(t *testing.T) {
	d, feedback := demoting(t, "churn")
	leaving := func(author string) []mention.Scored {
		return []mention.Scored{angry(func(r *mention.Scored) {
			r.Mention.ID, r.Mention.Author = mention.NewID("site", "example.org", author), mention.Author{ID: author}
			r.Verdict.Mood, r.Verdict.Signals = mention.Dissatisfied, []string{"churn"}
			r.Verdict.Customer = []string{"at_risk", "churned"}
		})}
	}
	if err := d.Handle(t.Context(), leaving("ayse")); err != nil {
		t.Fatal(err)
	}
	d.pass(t, 24*time.Hour) // neither the chain nor the promise tells of it
	d.late.Store(0)
	e := d.events[0].Escalation
	if d.events[0].Type != "opened" || e.Rule != "churn" || e.Severity != "normal" || !slices.Contains(e.Why, "demoted") {
		t.Fatalf("opened %+v", e)
	}
	feedback.set(nil, nil)
	if err := d.precision.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Handle(t.Context(), leaving("veli")); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	if got := d.told; len(got) != 1 || got[0].Escalation.Author.ID != "veli" || got[0].Escalation.Severity != "high" || slices.Contains(got[0].Escalation.Why, "demoted") {
		t.Errorf("told %+v", got)
	}
}

func TestAThreatTellsWhateverOtherRulesAreDemoted(t *testing.T) {
	d, _ := demoting(t, "angry_now", "threat", "safety")
	if err := d.Handle(t.Context(), []mention.Scored{angry(nil)}); err != nil { // angry, and goes to law
		t.Fatal(err)
	}
	d.carry(t, 1)
	if len(d.told) != 1 || d.told[0].Escalation.Rule != "threat" || d.told[0].Escalation.Severity != "high" || slices.Contains(d.told[0].Escalation.Why, "demoted") {
		t.Errorf("told %+v", d.told)
	}
}

// A customer on the list alone whose case becomes severe is told of; one of whom
// people were told before stays theirs.
func TestDemotionEndsWithTheCase(t *testing.T) {
	d, _ := demoting(t, "angry_now", "unanswered")
	said := func(n string, edit func(*mention.Scored)) []mention.Scored {
		return []mention.Scored{angry(func(r *mention.Scored) {
			r.Mention.ID, r.Mention.Author = mention.NewID("site", "example.org", n), mention.Author{ID: "ayse", Followers: 500_000}
			r.Verdict.Signals = nil
			if edit != nil {
				edit(r)
			}
		})}
	}
	if err := d.Handle(t.Context(), said("1", nil)); err != nil { // angry, and seen by many
		t.Fatal(err)
	}
	if e := d.events[0].Escalation; e.Rule != "angry_now" || e.Severity != "normal" {
		t.Fatalf("opened %+v", e)
	}
	if err := d.Handle(t.Context(), said("2", func(r *mention.Scored) { r.Verdict.Signals = []string{"safety_hazard"} })); err != nil {
		t.Fatal(err)
	}
	if err := d.Handle(t.Context(), said("3", nil)); err != nil {
		t.Fatal(err)
	}
	d.carry(t, 1)
	if len(d.told) != 1 || d.told[0].Escalation.Rule != "safety" || d.told[0].Escalation.Severity != "critical" || slices.Contains(d.told[0].Escalation.Why, "demoted") {
		t.Errorf("told %+v, events %v", d.told, d.types())
	}
	if got := joining([]string{"angry", "demoted"}, "high"); !slices.Equal(got, []string{"angry"}) {
		t.Errorf("a severe case says %v", got)
	}
}

func TestAPrecisionThatIsNoShareIsRefused(t *testing.T) {
	for _, value := range []string{"1", "-0.1", "50", ".nan"} {
		_, err := Parse([]byte("rule: r\ntitle: {tr: a, fa: b, en: c}\nall: [{if: unhappy}]\nprecision: " + value + "\n"))
		if err == nil || !strings.Contains(err.Error(), "precision") {
			t.Errorf("%s: %v", value, err)
		}
	}
}
