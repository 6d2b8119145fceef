package dashboards

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"text/template"

	"feryat/i18n"
)

// TestPoliciesReachSomebody: every rule has a route, every route a contact point, every contact point its templates.
func TestPoliciesReachSomebody(t *testing.T) {
	for _, lang := range i18n.Languages() {
		p := exported(t, lang)
		used := map[string]bool{}
		for _, c := range p.ContactPoints {
			settings := c.Receivers[0].Settings
			if interpolated(t, settings["addresses"].(string)) != "desk@example.org" || used[c.Receivers[0].UID] {
				t.Errorf("contact point %+v", c)
			}
			used[c.Name], used[c.Receivers[0].UID] = true, true
			for _, name := range []string{"subject", "message"} {
				if got := said(t, p, interpolated(t, settings[name].(string))); !strings.Contains(got, "Paytak") {
					t.Errorf("%s of %s is %q", name, c.Name, got)
				}
			}
		}
		root := p.Policies[0]
		if len(p.Policies) != 1 || root.Receiver != "feryat-"+string(lang) || len(root.Matchers) > 0 || len(root.GroupBy) == 0 {
			t.Errorf("policies %+v", p.Policies)
		}
		routes := map[string]bool{}
		for _, r := range root.Routes {
			if !used[r.Receiver] || len(r.Matchers) != 1 {
				t.Errorf("route %+v", r)
			}
			routes[r.Matchers[0][2]] = r.Matchers[0][0] == "severity"
		}
		for _, r := range rules(p) {
			if !routes[r.Labels["severity"]] {
				t.Errorf("%s: no route for severity %q", r.UID, r.Labels["severity"])
			}
		}
	}
}

// told is one alert as Grafana hands it to the templates of a notification.
type told struct {
	Labels, Annotations  map[string]string
	PanelURL, SilenceURL string
}

type notification struct {
	Alerts      struct{ Firing, Resolved []told }
	GroupLabels map[string]string
}

// said is what a contact point sends of one alert that fires, one that could not be evaluated and one that is over.
func said(t *testing.T, p provisioned, text string) string {
	t.Helper()
	tmpl := template.New("")
	for _, m := range p.Templates {
		if strings.Contains(m.Template, "$") {
			t.Errorf("the template %s has a dollar", m.Name)
		}
		template.Must(tmpl.New(m.Name).Parse(m.Template))
	}
	labels := map[string]string{"brand": "Paytak", "topic_tr": "Gecikme", "topic_fa": "تأخیر", "topic_en": "Delay"}
	filled := map[string]string{}
	for name, text := range rules(p)[2].Annotations {
		filled[name] = fill(t, text, seriesOf(labels, 12.3))
	}
	failed := maps.Clone(filled)
	failed["Error"] = "no connection"
	var n notification
	n.GroupLabels = labels
	n.Alerts.Firing = []told{{labels, filled, "https://grafana.example/panel", "https://grafana.example/silence"}, {map[string]string{"rulename": "Unhappy"}, failed, "", ""}}
	n.Alerts.Resolved = []told{{labels, filled, "", ""}}
	var out strings.Builder
	if err := template.Must(tmpl.Parse(text)).Execute(&out, n); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestMessagesRead compares what people get with what was read and judged.
func TestMessagesRead(t *testing.T) {
	p := exported(t, i18n.English)
	var got strings.Builder
	for _, c := range p.ContactPoints {
		fmt.Fprintf(&got, "%s\n%s\n", said(t, p, c.Receivers[0].Settings["subject"].(string)), said(t, p, c.Receivers[0].Settings["message"].(string)))
	}
	const file = "testdata/messages.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got.String() {
		t.Errorf("%v; look at the difference and run: go test ./dashboards -update\n%s", err, got.String())
	}
}
