package dashboards

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"go.yaml.in/yaml/v3"

	"feryat/i18n"
)

// exported reads the alerting files back as Grafana would.
func exported(t *testing.T, lang i18n.Language) provisioned {
	t.Helper()
	dir := t.TempDir()
	if err := Export(dir, "clickhouse", 8123, lang); err != nil {
		t.Fatal(err)
	}
	var all provisioned
	for _, name := range []string{"rules", "contact-points", "policies", "templates"} {
		body, err := os.ReadFile(filepath.Join(dir, "provisioning", "alerting", "feryat-"+name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(body, &all); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return all
}

func rules(p provisioned) (all []rule) {
	for _, g := range p.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

// interpolated is what Grafana's provisioning makes of a value (its package values): $$ becomes $, $NAME the environment.
func interpolated(t *testing.T, s string) string {
	t.Helper()
	parts := strings.Split(s, "$$")
	for i := range parts {
		parts[i] = os.Expand(parts[i], func(name string) string {
			if name != "FERYAT_GRAFANA_EMAIL" {
				t.Errorf("%q would be empty in %q", name, s)
			}
			return "desk@example.org"
		})
	}
	return strings.Join(parts, "$")
}

// given is what Grafana hands to the templates of labels and annotations.
type given struct {
	Labels map[string]string
	Values map[string]struct{ Value float64 }
	Value  string
}

func seriesOf(labels map[string]string, value float64) given {
	return given{labels, map[string]struct{ Value float64 }{"B": {value}, "C": {1}}, "[ var='B' ]"}
}

// fill runs a template of a label or annotation as Grafana does, with its three variables set.
func fill(t *testing.T, text string, s given) string {
	t.Helper()
	tmpl, err := template.New("").Parse("{{- $labels := .Labels -}}{{- $values := .Values -}}{{- $value := .Value -}}" + text)
	if err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	var out strings.Builder
	if err := tmpl.Execute(&out, s); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	if strings.Contains(out.String(), "no value") || strings.Contains(out.String(), "%!") {
		t.Errorf("%q gives %q", text, out.String())
	}
	return out.String()
}

func TestRulesFollowTheConventions(t *testing.T) {
	for _, lang := range i18n.Languages() {
		p := exported(t, lang)
		seen := map[string]bool{}
		for _, g := range p.Groups {
			if g.OrgID != 1 || g.Name == "" || g.Folder == "" || seen[g.Name] || span(t, g.Interval) == 0 {
				t.Errorf("group %+v", g)
			}
			seen[g.Name] = true
			for _, r := range g.Rules {
				if !regexp.MustCompile(`^[a-zA-Z0-9_-]{1,40}$`).MatchString(r.UID) || seen[r.UID] || r.Title == "" || seen[r.Title] {
					t.Errorf("rule %q %q: bad or used twice", r.UID, r.Title)
				}
				seen[r.UID], seen[r.Title] = true, true
				if span(t, r.For) < span(t, g.Interval) {
					t.Errorf("%s: waits less than the interval of its group", r.UID)
				}
				checkRule(t, lang, r)
			}
		}
		if len(rules(p)) != 5 {
			t.Errorf("%d rules", len(rules(p)))
		}
	}
}

func span(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Error(err)
	}
	return d
}

func checkRule(t *testing.T, lang i18n.Language, r rule) {
	t.Helper()
	if !slices.Contains([]string{"OK", "NoData", "Alerting", "KeepLast"}, r.NoDataState) || !slices.Contains([]string{"OK", "Error", "Alerting", "KeepLast"}, r.ExecErrState) {
		t.Errorf("%s: noDataState %q, execErrState %q", r.UID, r.NoDataState, r.ExecErrState)
	}
	var known []string
	for _, s := range r.Data {
		m := s.Model.(map[string]any)
		uid := m["datasource"].(map[string]any)["uid"]
		if m["refId"] != s.RefID || uid != s.DatasourceUID || slices.Contains(known, s.RefID) {
			t.Errorf("%s: step %+v", r.UID, s)
		}
		switch s.DatasourceUID {
		case DatasourceUID:
			sql := m["rawSql"].(string)
			if plain := regexp.MustCompile(`\$__(toTime|timeFilter)\b`).ReplaceAllString(sql, ""); s.TimeRange.From <= s.TimeRange.To || strings.Contains(plain, "$") {
				t.Errorf("%s: Grafana does not fill in variables of dashboards, nor undo $$, in the SQL of a rule: %s", r.UID, sql)
			}
		case "__expr__":
			if !slices.Contains(known, m["expression"].(string)) {
				t.Errorf("%s: %s refers to %v", r.UID, s.RefID, m["expression"])
			}
		}
		known = append(known, s.RefID)
	}
	if r.Condition != known[len(known)-1] {
		t.Errorf("%s: the condition is %q of %v", r.UID, r.Condition, known)
	}
	checkAnnotations(t, lang, r)
	for _, name := range []string{"rule", "severity", "team"} {
		if got := fill(t, interpolated(t, r.Labels[name]), seriesOf(map[string]string{"brand": "Paytak"}, 12)); got == "" {
			t.Errorf("%s has no label %s", r.UID, name)
		}
	}
}

// checkAnnotations: a dollar in an annotation is read differently by different versions of Grafana, so none may be there.
func checkAnnotations(t *testing.T, lang i18n.Language, r rule) {
	t.Helper()
	s := seriesOf(map[string]string{"brand": "Paytak", "source": "shop", "topic_tr": "Gecikme", "topic_fa": "تأخیر", "topic_en": "Delay"}, 12.3)
	for _, name := range []string{"summary", "description", "title"} {
		for _, l := range i18n.Languages() {
			text := r.Annotations[name+"_"+string(l)]
			if text == "" || strings.Contains(text, "$") || strings.HasPrefix(text, "\u200f") != (l == i18n.Persian) {
				t.Errorf("%s: annotation %s_%s is %q", r.UID, name, l, text)
			}
			if got := fill(t, text, s); name == "summary" && !strings.Contains(got, "Paytak") && !strings.Contains(got, "shop") {
				t.Errorf("%s: %q does not say of what", r.UID, got)
			}
		}
		if name != "title" && r.Annotations[name] != r.Annotations[name+"_"+string(lang)] {
			t.Errorf("%s: the %s is not in %s", r.UID, name, lang)
		}
	}
	if uid, there := r.Annotations["__dashboardUid__"]; there && !hasPanel(t, lang, uid, r.Annotations["__panelId__"]) {
		t.Errorf("%s leads to panel %q of %q, which is not there", r.UID, r.Annotations["__panelId__"], uid)
	}
}

func hasPanel(t *testing.T, lang i18n.Language, uid, panel string) bool {
	t.Helper()
	return slices.ContainsFunc(read(t, lang), func(d page) bool {
		return d.UID == uid && slices.ContainsFunc(d.Panels, func(p panelOf) bool { return fmt.Sprint(p.ID) == panel })
	})
}

func TestTeamsAreThoseOfTheSeries(t *testing.T) {
	i := slices.IndexFunc(rules(exported(t, i18n.English)), func(r rule) bool { return r.Labels["rule"] == "promise_burns" })
	label := rules(exported(t, i18n.English))[i].Labels["team"]
	for team, want := range map[string]string{"desk": "desk", "": "customer-care"} {
		if got := fill(t, interpolated(t, label), seriesOf(map[string]string{"team": team}, 12)); got != want {
			t.Errorf("team %q is told as %q", team, got)
		}
	}
}
