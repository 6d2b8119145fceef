package dashboards

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/dashboards/macro"
	"feryat/i18n"
	"feryat/storage/engine"
)

// TestRulesFire runs every rule's own query, reduction and threshold over brands and sources that must fire, that
// nearly do, and that must not. Where a value is given, it was computed by hand.
func TestRulesFire(t *testing.T) {
	s, access := empty(t)
	now := time.Now().UTC().Truncate(time.Second)
	if _, err := s.Insert(t.Context(), slices.Concat(moods(now), ratings(now), topics(now), sources(now))); err != nil {
		t.Fatal(err)
	}
	seedPromises(t, s, now)
	seedVisits(t, s, now)
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]seen{
		"feryat-unhappy-rose": {"mood loud": {20, true}, "mood slight": {9, false}, "mood chance": {0, false}, "stars slight": {0, false}, "topic usual": {0, false}},
		"feryat-rating-fell":  {"stars loud": {1, true}, "stars slight": {0.4, false}, "stars chance": {0, false}, "stars equal": {0, false}},
		"feryat-topic-spiked": {"topic loud delay Gecikme": {4.3330, true}, "topic slight delay Gecikme": {3.0407, false}, "topic usual delay Gecikme": {0.3870, false},
			"topic loud price Fiyat": {1.6978, false}, "topic few delay Gecikme": {0, false}},
		"feryat-promise-burns": {"promise loud desk": {10.6667, true}, "promise slight desk": {5, false}, "promise over desk": {0, false}, "promise few ": {0, false}},
		"feryat-coverage-lost": {"good": {0, false}, "sleepy": {0, false}, "quiet": {1, true}, "broken": {2, true}, "stopped": {3, true}},
	}
	for _, r := range rules(exported(t, i18n.Turkish)) {
		got := evaluate(t, access, r, now)
		for name, w := range want[r.UID] {
			if g, there := got[name]; !there || math.Abs(g.value-w.value) > 1e-4 || g.fires != w.fires {
				t.Errorf("%s: %s has %+v (%v), want %+v", r.UID, name, g, there, w)
			}
			delete(got, name)
		}
		if len(got) > 0 {
			t.Errorf("%s: more than was expected: %v", r.UID, got)
		}
	}
}

// TestRulesOnAnEmptyStore: that nothing was fetched is an alarm; that nobody wrote is not.
func TestRulesOnAnEmptyStore(t *testing.T) {
	_, access := empty(t)
	for _, r := range rules(exported(t, i18n.English)) {
		if got := evaluate(t, access, r, time.Now()); len(got) > 0 {
			t.Errorf("%s gives %v of nothing", r.UID, got)
		}
		lost := r.Labels["rule"] == "coverage_lost"
		if (r.NoDataState == "Alerting") != lost {
			t.Errorf("%s is %s without data", r.UID, r.NoDataState)
		}
		if lost && fill(t, r.Annotations["summary_en"], given{}) != "No source has been visited" {
			t.Errorf("%s does not say that nothing was visited", r.UID)
		}
	}
}

// seen is the value of one series, and whether the condition of its rule holds.
type seen struct {
	value float64
	fires bool
}

// evaluate does what Grafana does with a rule: its query, then its expressions in their order. Series are named by their labels.
func evaluate(t *testing.T, access engine.Access, r rule, now time.Time) map[string]seen {
	t.Helper()
	results := map[string]map[string]float64{}
	for _, s := range r.Data {
		m := s.Model.(map[string]any)
		switch m["type"] {
		case nil:
			results[s.RefID] = table2numbers(t, ask(t, access, macros(t, m["rawSql"].(string), now, s.TimeRange)))
		case "reduce":
			results[s.RefID] = reduced(t, m, results[m["expression"].(string)])
		case "threshold":
			results[s.RefID] = thresholds(t, m, results[m["expression"].(string)])
		default:
			t.Fatalf("%s: no such expression: %v", r.UID, m["type"])
		}
	}
	found := map[string]seen{}
	for name, fires := range results[r.Condition] {
		found[name] = seen{results["B"][name], fires > 0}
	}
	return found
}

// macros fills in those of the plugin that a rule may use.
func macros(t *testing.T, sql string, now time.Time, back relative) string {
	t.Helper()
	at := func(ago int) time.Time { return now.Add(-time.Duration(ago) * time.Second) }
	sql, err := macro.Context{From: at(back.From), To: at(back.To)}.Expand(sql)
	if err != nil {
		t.Fatal(err)
	}
	return sql
}

// table2numbers reads a table as Grafana's expressions do: one number a row, all else text that tells the rows apart.
func table2numbers(t *testing.T, rows []string) map[string]float64 {
	t.Helper()
	found := map[string]float64{}
	for _, row := range rows {
		var cells map[string]any
		if err := json.Unmarshal([]byte(row), &cells); err != nil {
			t.Fatal(err)
		}
		value, labels, numbers := math.NaN(), []string{}, 0
		for _, column := range slices.Sorted(maps.Keys(cells)) {
			switch cell := cells[column].(type) {
			case string:
				if column != "topic_fa" && column != "topic_en" {
					labels = append(labels, cell)
				}
			case float64:
				value, numbers = cell, numbers+1
			case nil:
				numbers++
			default:
				t.Fatalf("a column is neither text nor number: %s", row)
			}
		}
		name := strings.Join(labels, " ")
		if _, twice := found[name]; twice || numbers != 1 {
			t.Fatalf("Grafana cannot read the row %s", row)
		}
		found[name] = value
	}
	return found
}

// reduced: of one number any reduction is that number; the mode dropNN leaves out what is none.
func reduced(t *testing.T, m map[string]any, in map[string]float64) map[string]float64 {
	t.Helper()
	if m["reducer"] != "last" || m["settings"].(map[string]any)["mode"] != "dropNN" {
		t.Fatalf("the test does not know this reduction: %v", m)
	}
	out := maps.Clone(in)
	maps.DeleteFunc(out, func(_ string, v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	return out
}

func thresholds(t *testing.T, m map[string]any, in map[string]float64) map[string]float64 {
	t.Helper()
	e := m["conditions"].([]any)[0].(map[string]any)["evaluator"].(map[string]any)
	var bound float64
	if _, err := fmt.Sscan(fmt.Sprint(e["params"].([]any)[0]), &bound); err != nil || e["type"] != "gt" {
		t.Fatalf("the test does not know this threshold: %v", e)
	}
	out := map[string]float64{}
	for name, v := range in {
		out[name] = 0
		if v > bound {
			out[name] = 1
		}
	}
	return out
}
