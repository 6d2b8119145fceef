package push

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/template"
	"time"
)

const token = "glsa_very-private"

// grafana answers as the documentation of Grafana 11 and 12 says, and checks what it is asked: methods, headers, shapes,
// uids, what refers to what, and who may change what.
type grafana struct {
	*httptest.Server
	t  testing.TB
	mu sync.Mutex

	viewer      bool
	fail        []int // the next answers to writes
	lost        bool  // the next write is done, and its answer lost
	listed      bool  // versions are a bare list, as before version 11
	writes      []string
	folders     map[string]string
	datasources map[string]map[string]any
	boards      map[string]*board
	templates   map[string]map[string]any
	points      []map[string]any
	groups      map[string]map[string]any
	policies    map[string]any
}

type board struct {
	model    map[string]any
	folder   string
	messages []string // the newest first
	file     bool
}

func newGrafana(t testing.TB) *grafana {
	g := &grafana{t: t, folders: map[string]string{}, datasources: map[string]map[string]any{"feryat-clickhouse": {"type": pluginID}}, boards: map[string]*board{}, templates: map[string]map[string]any{},
		groups: map[string]map[string]any{}, policies: map[string]any{"receiver": "grafana-default-email", "group_by": []any{"grafana_folder", "alertname"}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/health", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the token is shown before it is known to whom")
		}
		reply(w, 200, map[string]any{"database": "ok", "version": "12.3.0"})
	})
	for pattern, h := range map[string]func(*http.Request, map[string]any) (int, any){
		"GET /api/folders/{uid}": g.getFolder, "POST /api/folders": g.postFolder,
		"GET /api/datasources/uid/{uid}": g.getDatasource, "POST /api/datasources": g.postDatasource,
		"GET /api/dashboards/uid/{uid}": g.getBoard, "GET /api/dashboards/uid/{uid}/versions": g.versions, "POST /api/dashboards/db": g.postBoard,
		"GET /api/v1/provisioning/templates/{name}": g.getTemplate, "PUT /api/v1/provisioning/templates/{name}": g.putTemplate,
		"GET /api/v1/provisioning/contact-points": g.getPoints, "POST /api/v1/provisioning/contact-points": g.postPoint, "PUT /api/v1/provisioning/contact-points/{uid}": g.putPoint,
		"GET /api/v1/provisioning/folder/{folder}/rule-groups/{group}": g.getGroup, "PUT /api/v1/provisioning/folder/{folder}/rule-groups/{group}": g.putGroup,
		"GET /api/v1/provisioning/policies": g.getPolicies, "PUT /api/v1/provisioning/policies": g.putPolicies,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { g.serve(w, r, h) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		g.t.Errorf("%s %s is not documented", r.Method, r.URL)
		reply(w, 404, map[string]any{"message": "Not found"})
	})
	g.Server = httptest.NewServer(mux)
	t.Cleanup(g.Close)
	return g
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func says(words string) map[string]any { return map[string]any{"message": words} }

// serve checks what all requests have alike.
func (g *grafana) serve(w http.ResponseWriter, r *http.Request, h func(*http.Request, map[string]any) (int, any)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	write := r.Method != http.MethodGet
	payload, _ := io.ReadAll(r.Body)
	body := map[string]any{}
	switch {
	case r.Header.Get("Authorization") != "Bearer "+token:
		reply(w, 401, says("Invalid API key"))
		return
	case g.viewer && (write || strings.Contains(r.URL.Path, "provisioning")):
		reply(w, 403, says("You'll need additional permissions to perform this action"))
		return
	case write && (r.Header.Get("Content-Type") != "application/json" || json.Unmarshal(payload, &body) != nil):
		reply(w, 400, says("bad request data"))
		return
	case write && len(g.fail) > 0:
		status := g.fail[0]
		g.fail = g.fail[1:]
		reply(w, status, says("in trouble"))
		return
	}
	status, answer := h(r, body)
	if write && status < 300 {
		g.writes = append(g.writes, r.Method+" "+r.URL.Path)
		if g.lost {
			g.lost = false
			panic(http.ErrAbortHandler)
		}
	}
	if status == 400 {
		g.t.Errorf("%s %s is refused: %v", r.Method, r.URL, answer)
	}
	reply(w, status, answer)
}

func goodUID(v any) bool {
	uid, ok := v.(string)
	return ok && regexp.MustCompile(`^[a-zA-Z0-9_-]{1,40}$`).MatchString(uid)
}

// only answers the first field that is none of those documented.
func only(m map[string]any, fields ...string) string {
	for key := range m {
		if !slices.Contains(fields, key) {
			return "unknown field " + key
		}
	}
	return ""
}

func (g *grafana) getFolder(r *http.Request, _ map[string]any) (int, any) {
	if title, ok := g.folders[r.PathValue("uid")]; ok {
		return 200, map[string]any{"uid": r.PathValue("uid"), "title": title, "version": 1}
	}
	return 404, says("folder not found")
}

func (g *grafana) postFolder(_ *http.Request, b map[string]any) (int, any) {
	if bad := only(b, "uid", "title", "parentUid"); bad != "" || !goodUID(b["uid"]) || b["title"] == "" {
		return 400, says(bad)
	}
	if _, ok := g.folders[b["uid"].(string)]; ok {
		return 409, says("a folder with that uid already exists")
	}
	g.folders[b["uid"].(string)] = b["title"].(string)
	return 200, b
}

func (g *grafana) getDatasource(r *http.Request, _ map[string]any) (int, any) {
	if d, ok := g.datasources[r.PathValue("uid")]; ok {
		return 200, d
	}
	return 404, says("Data source not found")
}

func (g *grafana) postDatasource(_ *http.Request, b map[string]any) (int, any) {
	if bad := only(b, "name", "uid", "type", "access", "jsonData"); bad != "" || !goodUID(b["uid"]) || b["access"] != "proxy" {
		return 400, says(bad)
	}
	g.datasources[b["uid"].(string)] = b
	return 200, map[string]any{"datasource": b}
}

func (g *grafana) getBoard(r *http.Request, _ map[string]any) (int, any) {
	b := g.boards[r.PathValue("uid")]
	if b == nil {
		return 404, says("Dashboard not found")
	}
	model := maps.Clone(b.model)
	model["id"], model["version"], model["schemaVersion"] = 7, len(b.messages), 42 // brought up to date
	return 200, map[string]any{"dashboard": model, "meta": map[string]any{"folderUid": b.folder, "provisioned": b.file}}
}

func (g *grafana) versions(r *http.Request, _ map[string]any) (int, any) {
	b := g.boards[r.PathValue("uid")]
	if b == nil || r.URL.Query().Get("limit") != "1" {
		return 404, says("Dashboard version not found")
	}
	list := []map[string]any{{"version": len(b.messages), "message": b.messages[0], "createdBy": "sa"}}
	if g.listed {
		return 200, list
	}
	return 200, map[string]any{"continueToken": "", "versions": list}
}

func (g *grafana) postBoard(_ *http.Request, b map[string]any) (int, any) {
	model, _ := b["dashboard"].(map[string]any)
	folder, _ := b["folderUid"].(string)
	switch {
	case only(b, "dashboard", "folderUid", "message", "overwrite") != "" || !goodUID(model["uid"]) || model["id"] != nil || model["title"] == "":
		return 400, says("bad dashboard: " + only(b, "dashboard", "folderUid", "message", "overwrite"))
	case g.folders[folder] == "":
		return 400, says("folder not found")
	}
	uid := model["uid"].(string)
	if g.boards[uid] != nil && g.boards[uid].file {
		return 400, says("Cannot save provisioned dashboard")
	}
	if g.boards[uid] != nil && b["overwrite"] != true {
		return 412, map[string]any{"status": "name-exists", "message": "A dashboard with the same uid already exists"}
	}
	was := g.boards[uid]
	if was == nil {
		was = &board{}
	}
	g.boards[uid] = &board{model, folder, append([]string{b["message"].(string)}, was.messages...), false}
	return 200, map[string]any{"uid": uid, "status": "success", "version": len(was.messages) + 1}
}

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

// quickly is a configuration for it, with pauses that tests can wait for.
func (g *grafana) quickly() Config {
	return Config{URL: g.URL, Token: token, Folder: "feryat", Datasource: "feryat-clickhouse", Tries: 3, Pause: time.Millisecond}
}
