package dashboards

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"feryat/i18n"
)

// Bundle is all that Export writes, in the shapes of Grafana's HTTP API (its documentation: "Dashboard HTTP API", "Alerting
// provisioning HTTP API"), but for folder and organisation, which who sends it knows.
type Bundle struct {
	Dashboards    []Named
	RuleGroups    []Named // title, interval in seconds, rules
	ContactPoints []Named
	Policies      Named // the tree
	Templates     []Named
}

// Named is a thing that Grafana knows by a name: of dashboards and contact points the uid.
type Named struct {
	Name string
	Body map[string]any
}

// NewBundle makes the bundle. Alerts are told in a language, to e-mail addresses that are parted by semicolons.
func NewBundle(alerts i18n.Language, addresses string) (b Bundle, err error) {
	for _, lang := range i18n.Languages() {
		list, err := All(lang)
		if err != nil {
			return b, err
		}
		for _, d := range list {
			body, err := JSON(d)
			if err != nil {
				return b, err
			}
			var model map[string]any
			if err := json.Unmarshal(body, &model); err != nil {
				return b, err
			}
			b.Dashboards = append(b.Dashboards, Named{*d.Uid, model})
		}
	}
	files, err := alerting(alerts)
	if err != nil {
		return b, err
	}
	all := map[string]any{}
	for name, file := range files {
		part, err := generic(file)
		if err != nil {
			return b, fmt.Errorf("read %s: %w", name, err)
		}
		for key, value := range part {
			all[key] = value
		}
	}
	for _, g := range each(all["groups"]) {
		every, err := time.ParseDuration(text(g, "interval"))
		if err != nil {
			return b, fmt.Errorf("rule group %s: %w", text(g, "name"), err)
		}
		b.RuleGroups = append(b.RuleGroups, Named{text(g, "name"), map[string]any{"title": g["name"], "interval": int(every / time.Second), "rules": g["rules"]}})
	}
	for _, c := range each(all["contactPoints"]) {
		for _, r := range each(c["receivers"]) {
			settings, _ := r["settings"].(map[string]any)
			settings["addresses"] = strings.ReplaceAll(text(settings, "addresses"), "$FERYAT_GRAFANA_EMAIL", addresses)
			r["name"], r["disableResolveMessage"] = c["name"], false
			b.ContactPoints = append(b.ContactPoints, Named{text(r, "uid"), r})
		}
	}
	for _, p := range each(all["policies"]) {
		delete(p, "orgId")
		b.Policies = Named{"policies", p}
	}
	for _, t := range each(all["templates"]) {
		delete(t, "orgId")
		b.Templates = append(b.Templates, Named{text(t, "name"), t})
	}
	return b, nil
}

// generic reads YAML as JSON has it.
func generic(body []byte) (m map[string]any, err error) { return m, yaml.Unmarshal(body, &m) }

func each(list any) (all []map[string]any) {
	values, _ := list.([]any)
	for _, v := range values {
		if m, ok := v.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

func text(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}
