package dashboards

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feryat/i18n"
)

// TestConventions is the linter of the dashboards: what each of them must have.
func TestConventions(t *testing.T) {
	for _, lang := range i18n.Languages() {
		pages := read(t, lang)
		uids := map[string]bool{}
		for _, d := range pages {
			if !regexp.MustCompile(`^feryat-[a-z]+-`+string(lang)+`$`).MatchString(d.UID) || uids[d.UID] {
				t.Errorf("uid %q: not ours, or used twice", d.UID)
			}
			uids[d.UID] = true
		}
		for _, d := range pages {
			for _, complaint := range slices.Concat(lintPage(d, lang), lintVariables(d), lintGrid(d), lintPanels(d), lintLinks(d, uids)) {
				t.Errorf("%s: %s", d.UID, complaint)
			}
		}
	}
}

// TestTheLinterFinds breaks a good dashboard in every way that the linter knows.
func TestTheLinterFinds(t *testing.T) {
	uids := map[string]bool{}
	for _, d := range read(t, i18n.English) {
		uids[d.UID] = true
	}
	for want, spoil := range map[string]func(*page){
		"no refresh":          func(d *page) { d.Refresh = "" },
		"no description":      func(d *page) { d.Panels[2].Description = "" },
		"no title":            func(d *page) { d.Panels[2].Title = "panel.nothing" },
		"no link by tag":      func(d *page) { d.Links[0].KeepTime = false },
		"fixed data source":   func(d *page) { d.Panels[1].Targets[0].Datasource["uid"] = "x" },
		"no variable":         func(d *page) { d.Templating.List = d.Templating.List[1:] },
		"cascades":            func(d *page) { d.Templating.List[2].Query = "SELECT DISTINCT source FROM x" },
		"several":             func(d *page) { d.Templating.List[1].Multi = false },
		"is used by no panel": func(d *page) { d.Templating.List[1].Name = "other" },
		"does not ask for": func(d *page) {
			d.Panels[0].Targets[0].RawSQL = strings.ReplaceAll(d.Panels[0].Targets[0].RawSQL, "$brand", "")
		},
		"not narrowed by source": func(d *page) { d.Panels[6].Targets[0].RawSQL = "SELECT 1" },
		"overlaps":               func(d *page) { d.Panels[1].GridPos = d.Panels[0].GridPos },
		"beyond":                 func(d *page) { d.Panels[1].GridPos.X = 20 },
		"no unit":                func(d *page) { d.Panels[0].FieldConfig.Defaults.Unit = "" },
		"no threshold":           func(d *page) { d.Panels[1].FieldConfig.Defaults.Thresholds.Steps = nil },
		"loses": func(d *page) {
			d.Panels[1].FieldConfig.Defaults.Links[0].URL = "/d/feryat-topics-en?${brand:queryparam}"
		},
		"leads to no": func(d *page) { d.Panels[1].FieldConfig.Defaults.Links[0].URL = "/d/feryat-else-en?" },
	} {
		d := read(t, i18n.English)[0]
		spoil(&d)
		found := slices.Concat(lintPage(d, i18n.English), lintVariables(d), lintGrid(d), lintPanels(d), lintLinks(d, uids))
		if !strings.Contains(strings.Join(found, "\n"), want) {
			t.Errorf("%s is not found: %q", want, found)
		}
	}
}

func lintPage(d page, lang i18n.Language) (bad []string) {
	if d.Refresh == "" || d.Description == "" || strings.Contains(d.Title+d.Description, "board.") {
		bad = append(bad, "no refresh, title or description")
	}
	if !slices.Equal(d.Tags, []string{"feryat", string(lang)}) {
		bad = append(bad, "tags")
	}
	if len(d.Links) != 1 || d.Links[0].Type != "dashboards" || !slices.Equal(d.Links[0].Tags, d.Tags) || !d.Links[0].IncludeVars || !d.Links[0].KeepTime || d.Links[0].Placement != "" {
		bad = append(bad, "no link by tag that keeps variables and time")
	}
	for _, a := range d.Annotations.List {
		if a.Datasource["uid"] != "${datasource}" || a.Name == "" {
			bad = append(bad, "annotation "+a.Name+": fixed data source or no name")
		}
	}
	return bad
}

// lintVariables wants the data source first, then what is chosen from: several or all, each narrowed by those before it.
func lintVariables(d page) (bad []string) {
	list := d.Templating.List
	if len(list) == 0 || list[0].Name != "datasource" || list[0].Type != "datasource" || list[0].Query != pluginID {
		return []string{"no variable datasource in front"}
	}
	kinds := ""
	var before []string
	for _, v := range list {
		kinds += v.Type + " "
		if v.Type != "query" {
			continue
		}
		sql, _ := v.Query.(string)
		if !v.Multi || !v.IncludeAll || v.Refresh == 0 || v.Label == "" || v.Datasource["uid"] != "${datasource}" || fmt.Sprint(v.Current.Value) != "[$__all]" {
			bad = append(bad, "variable "+v.Name+" does not let choose several or all, does not begin with all, or has no label, refresh or ${datasource}")
		}
		if len(before) > 0 && !strings.Contains(sql, "$brand") {
			bad = append(bad, "variable "+v.Name+" cascades from no brand")
		}
		if !slices.ContainsFunc(d.Panels, func(p panelOf) bool {
			return slices.ContainsFunc(p.Targets, func(q struct {
				RawSQL     string
				Datasource map[string]string
			}) bool {
				return strings.Contains(q.RawSQL, "${"+v.Name+":singlequote}")
			})
		}) {
			bad = append(bad, "variable "+v.Name+" is used by no panel")
		}
		before = append(before, v.Name)
	}
	if !strings.Contains(kinds, "adhoc constant") {
		bad = append(bad, "no ad hoc filters")
	}
	if !slices.Contains(before, "brand") || !slices.Contains(before, "source") || !slices.Contains(before, "language") {
		bad = append(bad, "no variable brand, source or language")
	}
	return bad
}

func lintGrid(d page) (bad []string) {
	for i, p := range d.Panels {
		a := p.GridPos
		if a.W < 1 || a.H < 1 || a.X < 0 || a.X+a.W > 24 {
			bad = append(bad, p.Title+" is beyond the grid")
		}
		for _, q := range d.Panels[:i] {
			b := q.GridPos
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				bad = append(bad, p.Title+" overlaps "+q.Title)
			}
		}
	}
	return bad
}

// neutral are figures that are not good or bad in themselves.
func neutral() []string { return []string{"Mentions", "Bahsetmeler", "اشاره‌ها"} }

func lintPanels(d page) (bad []string) {
	for _, p := range d.Panels {
		if p.Title == "" || p.Description == "" || strings.Contains(p.Title+p.Description, "panel.") || !strings.ContainsAny(p.Description, ".؛") {
			bad = append(bad, p.Title+": no title or no description")
		}
		if p.Type != "table" && p.FieldConfig.Defaults.Unit == "" {
			bad = append(bad, p.Title+": no unit")
		}
		if steps := p.FieldConfig.Defaults.Thresholds.Steps; p.Type == "stat" && len(steps) < 2 && !slices.Contains(neutral(), p.Title) {
			bad = append(bad, p.Title+": no threshold")
		}
		if len(p.Targets) == 0 || p.Datasource["uid"] != "${datasource}" {
			bad = append(bad, p.Title+": no query, or a fixed data source")
		}
		bad = append(bad, lintIdle(d, p)...)
		for _, q := range p.Targets {
			if q.Datasource["uid"] != "${datasource}" || q.Datasource["type"] != pluginID {
				bad = append(bad, p.Title+": fixed data source")
			}
			bad = append(bad, lintSQL(d, p, q.RawSQL)...)
		}
	}
	return bad
}

// lintIdle: a panel that a variable does not narrow says so by the variable's label.
func lintIdle(d page, p panelOf) (bad []string) {
	for _, v := range d.Templating.List {
		if v.Type == "query" && len(p.Targets) > 0 && !strings.Contains(p.Targets[0].RawSQL, "${"+v.Name+":") && !strings.Contains(p.Description, v.Label) {
			bad = append(bad, p.Title+" does not say that it is not narrowed by "+v.Name)
		}
	}
	return bad
}

// lintSQL: a question about mentions minds every variable of the dashboard, else what was chosen would be a lie.
func lintSQL(d page, p panelOf, sql string) (bad []string) {
	for _, v := range d.Templating.List {
		if v.Type != "query" || v.Name == "rival" || !strings.Contains(sql, "feryat.v_mentions") && !strings.Contains(sql, "feryat.v_escalations") {
			continue
		}
		if !strings.Contains(sql, "$"+v.Name+")") {
			bad = append(bad, p.Title+" does not ask for "+v.Name)
		}
	}
	if regexp.MustCompile(`\{'?\w+\.`).MatchString(sql) {
		bad = append(bad, p.Title+": a word is not filled in")
	}
	return bad
}

// lintLinks: a link to another dashboard keeps the time and every variable; others lead to the source of a text.
func lintLinks(d page, uids map[string]bool) (bad []string) {
	found := 0
	check := func(title, to string) {
		board, query, _ := strings.Cut(strings.TrimPrefix(to, "/d/"), "?")
		if to == "${__value.raw}" {
			return
		}
		found++
		if !uids[board] {
			bad = append(bad, title+" leads to no dashboard: "+to)
		}
		if !strings.Contains(query, "${__url_time_range}") {
			bad = append(bad, title+" loses the time")
		}
		for _, v := range d.Templating.List {
			if (v.Type == "query" || v.Type == "datasource") && !strings.Contains(query, "${"+v.Name+":queryparam}") && !strings.Contains(query, "var-"+v.Name+"=") {
				bad = append(bad, title+" loses "+v.Name)
			}
		}
	}
	for _, p := range d.Panels {
		for _, l := range p.FieldConfig.Defaults.Links {
			check(p.Title, l.URL)
		}
		for _, o := range p.FieldConfig.Overrides {
			for _, property := range o.Properties {
				if property.ID == "links" {
					l := property.Value.([]any)[0].(map[string]any)
					check(p.Title, l["url"].(string))
				}
			}
		}
	}
	if found == 0 {
		bad = append(bad, "no data link")
	}
	return bad
}
