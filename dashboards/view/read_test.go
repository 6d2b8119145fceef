package view

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const fine = `{"uid": "mine", "title": "Mine", "panels": [{"id": 1, "type": "table", "targets": [{"rawSql": "SELECT 1"}]}]}`

// TestWrongFiles: each is refused with its name and the line or field.
func TestWrongFiles(t *testing.T) {
	for name, x := range map[string]struct{ from, to, want string }{
		"no JSON":         {`"title"`, "\n\n\"title\" x", "f.json: line 3: invalid character 'x'"},
		"cut":             {`}]}]}`, "", "f.json: line 1: unexpected end of JSON input"},
		"a wrong kind":    {`"id": 1`, "\n\"id\": \"one\"", "f.json: line 2: json: cannot unmarshal string into Go struct field"},
		"no uid":          {`"mine"`, `""`, `uid: "" is not 1 to 64`},
		"a path for uid":  {`"mine"`, `"../x"`, `uid: "../x" is not`},
		"no title":        {`"Mine"`, `" "`, "title: is empty"},
		"no panels":       {`[{"id": 1, "type": "table", "targets": [{"rawSql": "SELECT 1"}]}]`, "[]", "panels: there is none"},
		"no type":         {`"table"`, `""`, "panel 1 (): has no type"},
		"no SQL":          {"SELECT 1", " ", "panel 1 (): targets[0]: has no rawSql"},
		"a macro":         {"SELECT 1", "SELECT $__nothing", "targets[0]: rawSql: there is no macro $__nothing"},
		"a variable":      {"SELECT 1", "SELECT $brand", `rawSql: there is no variable "brand"`},
		"another source":  {`{"rawSql"`, `{"datasource": {"type": "prometheus"}, "rawSql"`, `asks a data source of type "prometheus"`},
		"the same id":     {`"targets"`, `"targets": [{"rawSql": "SELECT 1"}]}, {"id": 1, "type": "table", "targets"`, "panel 1 (): its id stands twice"},
		"a field":         {`"targets"`, `"fieldConfig": {"defaults": {"decimals": "x"}}, "targets"`, "panel 1 (): fieldConfig: defaults: json"},
		"an override":     {`"targets"`, `"fieldConfig": {"overrides": [{"properties": [{"id": "custom.hidden", "value": 7}]}]}, "targets"`, "fieldConfig: override custom.hidden: json"},
		"an interval":     {`"targets"`, `"interval": "often", "targets"`, `interval: "often" is no period`},
		"a free variable": {`"panels"`, `"templating": {"list": [{"name": "x", "type": "textbox"}]}, "panels"`, `templating.list[0] (x): variables of type "textbox"`},
		"an empty query":  {`"panels"`, `"templating": {"list": [{"name": "x", "type": "query"}]}, "panels"`, "templating.list[0] (x): has no query"},
		"a time":          {`"panels"`, `"time": {"from": "soon", "to": "now"}, "panels"`, `time: "soon" to "now" is no period`},
		"a pattern":       {`"targets"`, `"fieldConfig": {"overrides": [{"matcher": {"id": "byRegexp", "options": "/a(?=b)/"}}]}, "targets"`, "error parsing regexp"},
		"a mapping":       {`"targets"`, `"fieldConfig": {"defaults": {"mappings": [{"type": "value", "options": [1]}]}}, "targets"`, "panel 1 (): fieldConfig: defaults: json"},
		"a mark":          {`"panels"`, `"annotations": {"list": [{"name": "m", "target": {"rawSql": "$x"}}]}, "panels"`, "annotations.list[0] (m): there is no variable"},
	} {
		if _, err := Read("f.json", []byte(strings.Replace(fine, x.from, x.to, 1))); err == nil || !strings.Contains(err.Error(), x.want) || !strings.HasPrefix(err.Error(), "f.json: ") {
			t.Errorf("%s: %v, want %s", name, err, x.want)
		}
	}
	if _, err := Read("f.json", []byte(fine)); err != nil {
		t.Error(err)
	}
}

// TestFolder: what is fine is shown, the rest is refused.
func TestFolder(t *testing.T) {
	v, err := New(away{}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	own := len(v.List("tr"))
	refused := v.Add(fstest.MapFS{"a.json": {Data: []byte(fine)}, "b.json": {Data: []byte("[")}, "c.json": {Data: []byte(fine)}, "d.txt": {Data: []byte("no dashboard")}})
	if len(v.List("tr")) != own+1 || len(refused) != 2 || !strings.Contains(refused[0].Error(), "b.json: line 1") || !strings.Contains(refused[1].Error(), `c.json: uid: "mine" is that of another`) {
		t.Errorf("%d dashboards, refused %v", len(v.List("tr")), refused)
	}
	if refused := v.Add(fstest.MapFS{}); len(refused) != 1 {
		t.Errorf("an empty folder: %v", refused)
	}
	big := fstest.MapFS{"a.json": {Data: []byte(fine)}, "big.json": {Data: make([]byte, maxFile+1)}, "own.json": {Data: []byte(strings.Replace(fine, "mine", "feryat-overview-tr", 1))}}
	if err := Check(big); err == nil || strings.Contains(err.Error(), "a.json") || !strings.Contains(err.Error(), "big.json: is no file of at most") || !strings.Contains(err.Error(), "own.json: uid") {
		t.Errorf("checked: %v", err)
	}
	if err := Check(fstest.MapFS{"a.json": {Data: []byte(fine)}}); err != nil {
		t.Error(err)
	}
	for uid, want := range map[string]string{"mine": "mine", "feryat-overview-en": "feryat-overview-tr", "feryat-overview": "feryat-overview-tr", "feryat-nothing": "", "overview-tr": ""} {
		if b, ok := v.Board(uid, "tr"); b.UID != want || ok != (want != "") {
			t.Errorf("%s gives %q", uid, b.UID)
		}
	}
}

// FuzzRead: no file makes the reader fall over.
func FuzzRead(f *testing.F) {
	f.Add([]byte(fine))
	f.Add([]byte(`{"panels": [{"panels": [{"targets": [{}]}], "options": {"content": 7}, "datasource": "x"}], "refresh": 5, "templating": {"list": [{"query": {}, "current": {"value": [1]}}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if b, err := Read("f.json", body); err == nil && (b.UID == "" || len(b.Panels) == 0) {
			t.Errorf("takes %s", body)
		}
	})
}
