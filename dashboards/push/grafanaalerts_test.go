package push

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"text/template"
)

// provenanceOf is what Grafana keeps of a write, and whether it may be made over what is there.
func provenanceOf(r *http.Request, there map[string]any) (string, bool) {
	now := "api"
	if r.Header.Get("X-Disable-Provenance") == "true" {
		now = ""
	}
	was, known := there["provenance"]
	return now, !known || was == "" || was == now
}

func (g *grafana) getTemplate(r *http.Request, _ map[string]any) (int, any) {
	if t, ok := g.templates[r.PathValue("name")]; ok {
		return 200, t
	}
	return 404, nil
}

func (g *grafana) putTemplate(r *http.Request, b map[string]any) (int, any) {
	name := r.PathValue("name")
	there := g.templates[name]
	by, may := provenanceOf(r, there)
	body, _ := b["template"].(string)
	_, err := template.New(name).Parse(body)
	switch {
	case only(b, "template", "version") != "" || err != nil:
		return 400, says(fmt.Sprint(only(b, "template", "version"), err))
	case !may:
		return 409, says("cannot change provenance")
	case there != nil && b["version"] != there["version"]:
		return 409, says("version conflict")
	}
	g.templates[name] = map[string]any{"name": name, "template": strings.TrimSpace(body), "provenance": by, "version": fmt.Sprint(len(g.writes))}
	return 202, g.templates[name]
}

func (g *grafana) getPoints(r *http.Request, _ map[string]any) (int, any) {
	list := []map[string]any{}
	for _, p := range g.points {
		if name := r.URL.Query().Get("name"); name == "" || p["name"] == name {
			list = append(list, p)
		}
	}
	return 200, list
}

func (g *grafana) checkPoint(b map[string]any) string {
	settings, _ := b["settings"].(map[string]any)
	addresses, _ := settings["addresses"].(string)
	if bad := only(b, "uid", "name", "type", "settings", "disableResolveMessage"); bad != "" || !goodUID(b["uid"]) || b["name"] == "" || b["type"] != "email" || !strings.Contains(addresses, "@") || strings.Contains(addresses, "$") {
		return "bad contact point " + bad
	}
	return ""
}

func (g *grafana) postPoint(r *http.Request, b map[string]any) (int, any) {
	if bad := g.checkPoint(b); bad != "" {
		return 400, says(bad)
	}
	if slices.ContainsFunc(g.points, func(p map[string]any) bool { return p["uid"] == b["uid"] }) {
		return 409, says("contact point exists")
	}
	b["provenance"], _ = provenanceOf(r, nil)
	g.points = append(g.points, b)
	return 202, b
}

func (g *grafana) putPoint(r *http.Request, b map[string]any) (int, any) {
	i := slices.IndexFunc(g.points, func(p map[string]any) bool { return p["uid"] == r.PathValue("uid") })
	if i < 0 {
		return 404, says("not found")
	}
	by, may := provenanceOf(r, g.points[i])
	switch {
	case g.checkPoint(b) != "":
		return 400, says(g.checkPoint(b))
	case !may:
		return 409, says("cannot change provenance")
	}
	b["provenance"] = by
	g.points[i] = b
	return 202, says("contactpoint updated")
}

func (g *grafana) getGroup(r *http.Request, _ map[string]any) (int, any) {
	if group, ok := g.groups[r.PathValue("folder")+"/"+r.PathValue("group")]; ok {
		return 200, group
	}
	return 404, says("rule group not found")
}

func (g *grafana) putGroup(r *http.Request, b map[string]any) (int, any) {
	key := r.PathValue("folder") + "/" + r.PathValue("group")
	interval, _ := b["interval"].(float64)
	rules, _ := b["rules"].([]any)
	if bad := only(b, "title", "folderUid", "interval", "rules"); bad != "" || interval < 10 || int(interval)%10 != 0 || g.folders[r.PathValue("folder")] == "" || b["folderUid"] != r.PathValue("folder") || len(rules) == 0 {
		return 400, says("bad group " + bad)
	}
	old, _ := g.groups[key]["rules"].([]any)
	for _, v := range rules {
		rule := v.(map[string]any)
		var there map[string]any
		for _, o := range old {
			if o.(map[string]any)["uid"] == rule["uid"] {
				there = o.(map[string]any)
			}
		}
		by, may := provenanceOf(r, there)
		if bad := g.checkRule(rule, r); bad != "" {
			return 400, says(bad)
		}
		if !may {
			return 409, says("cannot change provenance")
		}
		rule["provenance"], rule["updated"], rule["id"] = by, "2026-11-22T00:00:00Z", 1
		if _, ok := rule["isPaused"]; !ok {
			rule["isPaused"] = false
		}
	}
	g.groups[key] = b
	return 200, b
}

func (g *grafana) checkRule(rule map[string]any, r *http.Request) string {
	if bad := only(rule, "uid", "title", "condition", "data", "noDataState", "execErrState", "for", "annotations", "labels", "folderUID", "ruleGroup", "orgID", "isPaused", "provenance", "updated", "id"); bad != "" {
		return bad
	}
	title, _ := rule["title"].(string)
	wait, _ := rule["for"].(string)
	_, okTime := span(wait)
	if !goodUID(rule["uid"]) || title == "" || len(title) > 190 || !okTime || rule["folderUID"] != r.PathValue("folder") || rule["ruleGroup"] != r.PathValue("group") || rule["orgID"] != 1.0 ||
		!slices.Contains([]any{"OK", "NoData", "Alerting", "KeepLast"}, rule["noDataState"]) || !slices.Contains([]any{"OK", "Error", "Alerting", "KeepLast"}, rule["execErrState"]) {
		return fmt.Sprint("bad rule ", rule["uid"])
	}
	refs := []any{}
	for _, v := range rule["data"].([]any) {
		q := v.(map[string]any)
		model, _ := q["model"].(map[string]any)
		times, _ := q["relativeTimeRange"].(map[string]any)
		_, hasFrom := times["from"].(float64)
		if only(q, "refId", "queryType", "relativeTimeRange", "datasourceUid", "model") != "" || model["refId"] != q["refId"] || !hasFrom || q["datasourceUid"] != "__expr__" && g.datasources[q["datasourceUid"].(string)] == nil {
			return fmt.Sprint("bad query of rule ", rule["uid"], q["datasourceUid"])
		}
		refs = append(refs, q["refId"])
	}
	for _, field := range []string{"labels", "annotations"} {
		for _, v := range rule[field].(map[string]any) {
			if _, ok := v.(string); !ok {
				return "labels and annotations are strings"
			}
		}
	}
	if !slices.Contains(refs, rule["condition"]) {
		return "the condition is no query"
	}
	return ""
}

func (g *grafana) getPolicies(*http.Request, map[string]any) (int, any) { return 200, g.policies }

func (g *grafana) putPolicies(r *http.Request, b map[string]any) (int, any) {
	by, may := provenanceOf(r, g.policies)
	if !may {
		return 409, says("cannot change provenance")
	}
	if _, ok := b["object_matchers"]; ok {
		return 400, says("the root has matchers")
	}
	if bad := g.checkRoute(b); bad != "" {
		return 400, says(bad)
	}
	var out bytes.Buffer // as Grafana gives it back
	_ = json.NewEncoder(&out).Encode(b)
	said := strings.ReplaceAll(out.String(), `"24h"`, `"1d"`)
	g.policies = map[string]any{}
	_ = json.Unmarshal([]byte(said), &g.policies)
	g.policies["provenance"] = by
	return 202, says("policies updated")
}

func (g *grafana) checkRoute(b map[string]any) string {
	if bad := only(b, "receiver", "group_by", "object_matchers", "group_wait", "group_interval", "repeat_interval", "routes", "continue", "mute_time_intervals", "provenance"); bad != "" {
		return bad
	}
	if !slices.ContainsFunc(g.points, func(p map[string]any) bool { return p["name"] == b["receiver"] }) {
		return fmt.Sprint("receiver ", b["receiver"], " does not exist")
	}
	for _, key := range []string{"group_wait", "group_interval", "repeat_interval"} {
		if s, ok := b[key].(string); ok {
			if _, ok := span(s); !ok {
				return key
			}
		}
	}
	routes, _ := b["routes"].([]any)
	for _, r := range routes {
		if bad := g.checkRoute(r.(map[string]any)); bad != "" {
			return bad
		}
	}
	return ""
}
