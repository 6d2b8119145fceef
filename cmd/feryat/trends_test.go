package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"feryat/alert"
	"feryat/mention"
)

// TestRulesOnAClock lets the bundled rules look at a store with eight weeks of
// complaints, a spike, and a source that fails, beside a rule file that is broken.
func TestRulesOnAClock(t *testing.T) {
	config := writeConfig(t, `
brands: [{name: Paytak, zone: UTC}, {name: Rakip, rival: true}]
sources: [{name: shop, type: feed, urls: ["https://shop.example/feed"], every: 1h}]
storage: {embedded: {listen: "127.0.0.1:0"}}
alert: {rules: rules}
`)
	copyRules(t, filepath.Join(filepath.Dir(config), "rules"))
	h := ownHome(t, config)
	now := time.Now().UTC().Truncate(time.Hour)
	var rows []mention.Scored
	for i := range 8 * 7 * 24 { // two an hour, and the hours are not alike
		for k := range 1 + i%3 {
			at := now.Add(-time.Duration(i) * time.Hour).Add(-time.Duration(10*k+5) * time.Minute)
			rows = append(rows, complaint("Paytak", fmt.Sprint(i, "-", k), at, []string{"delivery", "price"}[k%2]))
		}
	}
	for i := range 40 {
		rows = append(rows, complaint("Paytak", fmt.Sprint("spike", i), now.Add(-time.Duration(i)*time.Minute), "delivery"), complaint("Rakip", fmt.Sprint("rival", i), now.Add(-time.Duration(i)*time.Minute), "delivery"))
	}
	for part := range slices.Chunk(rows, 500) {
		if _, err := h.store.Insert(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}

	clock := now
	deps, err := h.alertDeps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	deps.Now = func() time.Time { return clock }
	rules, refused := h.cfg.usableRules()
	if refused == nil || !strings.Contains(refused.Error(), "rule file broken.yaml: line 4: condition") || len(rules) < 10 {
		t.Fatalf("%d rules run, refused are: %v", len(rules), refused)
	}
	metrics := alert.NewMetrics(prometheus.NewRegistry())
	desk, err := h.newDesk(t.Context(), deps, rules, nil, metrics)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second is a restart
		trends, err := h.newTrends(rules, desk, deps, metrics)
		if err != nil {
			t.Fatal(err)
		}
		for run := range 4 {
			outcome, reason := mention.OutcomeSoftFail, "challenge"
			if run == 0 && clock.Equal(now) {
				outcome, reason = mention.OutcomeOK, ""
			}
			visit := mention.Visit{ID: fmt.Sprint(clock.Unix()), Run: fmt.Sprint(clock.Unix()), Source: "shop", At: clock, Outcome: outcome, Reason: reason, Attempt: 1}
			end := mention.Visit{ID: visit.ID + "end", Run: visit.Run, Source: "shop", At: clock, Outcome: outcome, Reason: reason, RunEnd: true}
			if err := h.store.InsertVisits(t.Context(), []mention.Visit{visit, end}); err != nil {
				t.Fatal(err)
			}
			if err := trends.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			clock = clock.Add(6 * time.Minute)
		}
	}
	checkOpened(t, h)
	checkRefused(t, h)
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	checkListed(t, config)
}

func checkOpened(t *testing.T, h *home) {
	t.Helper()
	open, err := h.store.OpenEscalations(t.Context(), 0)
	if err != nil || len(open) != 2 {
		t.Fatalf("%v; open are %+v", err, open)
	}
	slices.SortFunc(open, func(a, b mention.OpenEscalation) int { return strings.Compare(a.Rule, b.Rule) })
	lost, spike := open[0].Escalation, open[1].Escalation
	if lost.Rule != "coverage_lost" || lost.Source != "shop" || lost.Figures == nil || lost.Figures.Kind != mention.FiguresFailing || lost.Figures.Observed != 3 {
		t.Errorf("lost is %+v %v", lost, lost.Figures)
	}
	if spike.Rule != "spike" || spike.Brand != "Paytak" || spike.Topics[0] != "delivery" || spike.Figures == nil || spike.Figures.Observed < 40 || spike.Figures.People < 40 {
		t.Errorf("the spike is %+v %v", spike, spike.Figures)
	}
}

// checkRefused: whoever serves runs the good rules and shows that there is a bad one.
func checkRefused(t *testing.T, h *home) {
	t.Helper()
	reg := prometheus.NewRegistry()
	if _, err := h.newAlerts(t.Context(), reg); err != nil {
		t.Fatal(err)
	}
	const want = "# HELP feryat_alert_rules_refused Faults for which rules do not run; feryat config check tells them.\n# TYPE feryat_alert_rules_refused gauge\nferyat_alert_rules_refused 1\n"
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "feryat_alert_rules_refused"); err != nil {
		t.Error(err)
	}
}

// checkListed looks at what people see of the rules.
func checkListed(t *testing.T, config string) {
	t.Helper()
	listed := map[string]listedRule{}
	for line := range strings.Lines(feryat(t, exitTrouble, "alert", "rules", "--config", config, "--format", "json")) {
		r := decodeLine[listedRule](t, line)
		listed[r.Rule] = r
	}
	if s := listed["spike"]; s.Tells != "page" || s.Budget != 1 || s.Expected == nil || *s.Expected <= 0 || *s.Expected > 1 || s.Series != 3 {
		t.Errorf("the spike is listed as %+v", s)
	}
	if l := listed["angry"]; l.Tells != "list" || l.Expected != nil {
		t.Errorf("plain anger is listed as %+v", l)
	}
	fails(t, exitUsage, "alert", "test", "--config", config)
	fails(t, exitUsage, "config", "check", "--config", config)
}

// copyRules fills a folder with the bundled rules and a broken one.
func copyRules(t *testing.T, dir string) {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS("../../alert/rules")); err != nil {
		t.Fatal(err)
	}
	broken := "rule: broken\ntitle: {tr: x, fa: x, en: x}\nall:\n  - if: moood == \"angry\"\n"
	if err := os.WriteFile(filepath.Join(dir, "broken.yaml"), []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ownHome opens what the configuration describes, engine included.
func ownHome(t *testing.T, config string) *home {
	t.Helper()
	t.Setenv(asProgram, "1")
	cfg, err := loadConfig(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHome(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func complaint(brand, key string, at time.Time, topic string) mention.Scored {
	m := mention.Mention{
		ID: mention.NewID("site", "shop.example", brand+key), Source: "shop", SourceKind: "site", Kind: mention.KindReview, URL: "https://shop.example/" + key,
		Author: mention.Author{ID: "u" + brand + key}, Text: "Kargo gelmedi", Language: "tr", Origin: mention.OriginLive,
		Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(time.Minute),
	}
	return mention.Scored{Mention: m.Revise(), Brand: brand, Verdict: mention.Verdict{Language: "tr", Mood: mention.Dissatisfied, Topics: []string{topic}, Lexicon: "1"}}
}
