package push

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
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

// quickly is a configuration for it, with pauses that tests can wait for.
func (g *grafana) quickly() Config {
	return Config{URL: g.URL, Token: token, Folder: "feryat", Datasource: "feryat-clickhouse", Tries: 3, Pause: time.Millisecond}
}
