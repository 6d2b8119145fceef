package dashboards

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feryat/dashboards/dashboardstest"
	"feryat/dashboards/macro"
	"feryat/i18n"
	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// page is what a test reads back out of the JSON that Grafana gets.
type page struct {
	UID, Title, Description, Refresh string
	Tags                             []string
	Panels                           []panelOf
	Links                            []struct {
		Type, Placement       string
		Tags                  []string
		IncludeVars, KeepTime bool
	}
	Templating struct {
		List []variableOf
	}
	Annotations struct {
		List []struct {
			Name       string
			Datasource map[string]string
			Target     struct{ RawSQL string }
		}
	}
}

type variableOf struct {
	Name, Type, Label string
	Query             any
	Refresh           int
	Multi, IncludeAll bool
	Current           struct{ Value any }
	Datasource        map[string]string
	Hide              int
}

type panelOf struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Datasource               map[string]string
	Targets                  []struct {
		RawSQL     string
		Datasource map[string]string
	}
	FieldConfig struct {
		Defaults struct {
			Unit       string
			Thresholds struct{ Steps []struct{ Color string } }
			Links      []struct{ Title, URL string }
		}
		Overrides []struct {
			Matcher    struct{ ID, Options string }
			Properties []struct {
				ID    string
				Value any
			}
		}
	}
}

func read(t *testing.T, lang i18n.Language) []page {
	t.Helper()
	list, err := All(lang)
	if err != nil {
		t.Fatal(err)
	}
	pages := make([]page, len(list))
	for i, d := range list {
		body, err := JSON(d)
		if err == nil {
			err = json.Unmarshal(body, &pages[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return pages
}

// asked is one query of a dashboard, ready to be sent.
type asked struct {
	where, kind, sql string
	context          macro.Context
}

// TestOnARealStore runs what needs the engine on one store.
func TestOnARealStore(t *testing.T) {
	store, access := empty(t)
	dashboardstest.Fill(t, store)
	t.Run("queries", func(t *testing.T) { everyQueryRuns(t, access) })
	t.Run("figures", func(t *testing.T) { figuresAreRight(t, access) })
	t.Run("hours", func(t *testing.T) { hoursAgree(t, access) })
	t.Run("filters", func(t *testing.T) { filtersNarrow(t, access) })
}

// everyQueryRuns sends every panel, variable and annotation to the store as the read-only user: with all that there is,
// and with one value of each variable. The languages differ in words alone. Rules of alerts are run by TestRulesFire.
func everyQueryRuns(t *testing.T, access engine.Access) {
	var all []asked
	panels, pages := 0, 0
	for lang, chosen := range map[i18n.Language]map[string]string{i18n.Turkish: nil, i18n.Persian: dashboardstest.One()} {
		for _, d := range read(t, lang) {
			pages, panels = pages+1, panels+len(d.Panels)
			all = append(all, queriesOf(d, choices(t, access, d, chosen))...)
		}
	}
	rows := 0
	for _, n := range run(t, access, all) {
		rows += n
	}
	t.Logf("%d dashboards (%d in 2 languages), %d panels, %d queries, %d rows", pages, len(boards()), panels, len(all), rows)
}

// choices asks each variable for its values, those before it being chosen already.
func choices(t *testing.T, access engine.Access, d page, chosen map[string]string) macro.Context {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	c := macro.Context{From: now.Add(-30 * aDay), To: now, Interval: time.Hour, Variables: map[string]macro.Variable{}}
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		sql, err := c.Expand(v.Query.(string))
		if err != nil {
			t.Fatalf("%s, variable %s: %v", d.UID, v.Name, err)
		}
		rows, err := answer(access, sql, "JSONCompactEachRow")
		if err != nil || len(rows) == 0 {
			t.Fatalf("%s, variable %s has %d values, %v", d.UID, v.Name, len(rows), err)
		}
		value, narrow := chosen[v.Name]
		x := macro.Variable{All: !narrow, Multi: true}
		for _, row := range rows {
			var cells []string
			if err := json.Unmarshal([]byte(row), &cells); err != nil || len(cells) > 2 {
				t.Fatalf("%s, variable %s: %s, %v", d.UID, v.Name, row, err)
			}
			x.Values = append(x.Values, cells[0])
		}
		if narrow {
			if !slices.Contains(x.Values, value) {
				t.Fatalf("%s, variable %s does not offer %q but %q", d.UID, v.Name, value, x.Values)
			}
			x.Values = []string{value}
		}
		c.Variables[v.Name] = x
	}
	return c
}

func queriesOf(d page, c macro.Context) (list []asked) {
	for _, p := range d.Panels {
		for _, q := range p.Targets {
			list = append(list, asked{d.UID + ", " + p.Title, p.Type, q.RawSQL, c})
		}
	}
	for _, a := range d.Annotations.List {
		list = append(list, asked{d.UID + ", " + a.Name, "annotation", a.Target.RawSQL, c})
	}
	return list
}

// run asks a few at a time, and says how many rows each gave.
func run(t *testing.T, access engine.Access, all []asked) []int {
	t.Helper()
	rows, errs := make([]int, len(all)), make([]error, len(all))
	var group sync.WaitGroup
	free := make(chan struct{}, 4)
	for i, q := range all {
		group.Go(func() {
			free <- struct{}{}
			rows[i], errs[i] = q.run(access)
			<-free
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("%s (%s): %v", all[i].where, all[i].context.Variables["brand"].Values, err)
		}
	}
	return rows
}

// run checks names, types and times of what comes back.
func (q asked) run(access engine.Access) (int, error) {
	sql, err := q.context.Expand(q.sql)
	if err != nil {
		return 0, err
	}
	lines, err := answer(access, sql, "JSONCompactEachRowWithNamesAndTypes")
	if err != nil {
		return 0, err
	}
	var names, types []string
	if err := json.Unmarshal([]byte(lines[0]), &names); err != nil {
		return 0, err
	}
	if err := json.Unmarshal([]byte(lines[1]), &types); err != nil {
		return 0, err
	}
	var cells [][]any
	for _, line := range lines[2:] {
		var row []any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return 0, err
		}
		cells = append(cells, row)
	}
	return len(cells), q.check(names, types, cells)
}

func numeric(kind string) bool {
	return strings.Contains(kind, "Int") || strings.Contains(kind, "Float") || strings.Contains(kind, "Decimal")
}

func (q asked) check(names, types []string, rows [][]any) error {
	empty := func(cell any) bool { return cell == nil || cell == "" }
	switch {
	case len(rows) == 0:
		return fmt.Errorf("no row\n%s", q.sql)
	case len(names) != len(slices.Compact(slices.Sorted(slices.Values(names)))):
		return fmt.Errorf("a column stands twice: %q", names)
	case q.kind == "stat" && (len(rows) != 1 || q.context.Variables["brand"].All && empty(rows[0][0]) || !numeric(types[0])):
		return fmt.Errorf("a figure is one row and a number: %v %v", types, rows)
	case q.kind == "barchart" && (!strings.Contains(types[0], "String") || slices.ContainsFunc(types[1:], func(s string) bool { return !numeric(s) })):
		return fmt.Errorf("bars have a name and numbers: %v", types)
	case (q.kind == "timeseries" || q.kind == "annotation") && (names[0] != "time" || !strings.HasPrefix(types[0], "DateTime")):
		return fmt.Errorf("%q %q: the first column is not the time", names, types)
	case q.kind == "timeseries" && !numeric(types[len(types)-1]):
		return fmt.Errorf("%q are no figures", types)
	}
	whole := q.context.Variables["brand"].All
	for i, name := range names {
		if whole && q.kind != "stat" && !slices.ContainsFunc(rows, func(row []any) bool { return !empty(row[i]) }) && !strings.Contains(q.sql, "< 100, NULL") {
			return fmt.Errorf("column %s is empty in each of %d rows", name, len(rows))
		}
	}
	if q.kind == "timeseries" {
		return q.within(rows)
	}
	return nil
}

func (q asked) within(rows [][]any) error {
	for _, row := range rows {
		at, err := time.Parse(time.DateTime, row[0].(string))
		if err != nil || at.Before(q.context.From.Add(-q.context.Interval)) || at.After(q.context.To) {
			return fmt.Errorf("%v is not in the time shown (%w)", row[0], err)
		}
	}
	return nil
}

// figuresAreRight compares the numbers with what was counted by hand.
func figuresAreRight(t *testing.T, access engine.Access) {
	all, narrow := figuresOf(t, access, nil), figuresOf(t, access, dashboardstest.One())
	for title, want := range map[string]string{
		"overview-en, Mentions":                    "290", // one of them of both brands
		"overview-en, Change of the unhappy share": "0.3448 -7.3445 8.0342",
		"collection-en, Sources in trouble":        "1 2",
	} {
		if got := all[title]; got != want {
			t.Errorf("all, %s: %s, want %s", title, got, want)
		}
	}
	for title, want := range map[string]string{
		"overview-en, Mentions":                     "10",
		"overview-en, Unhappy share":                "0.6 0.3127 0.8318",
		"overview-en, Angry share":                  "0.4 0.1682 0.6873",
		"overview-en, Net sentiment":                "-40 10",
		"overview-en, Mean rating":                  "3.25 4",
		"overview-en, Change of the unhappy share":  "null null null", // fewer than 20
		"overview-en, Sources in trouble":           "0 1",
		"support-en, Open escalations":              "36",
		"support-en, Overdue":                       "18",
		"support-en, Answered in time":              "0.2222 0.1061 0.4076",
		"support-en, Error budget used":             "15.5556 21 27",
		"collection-en, Pages without content":      "0.05 0.0089 0.2361",
		"collection-en, Unknown share":              "0.1538 0.0615 0.3353",
		"topics-en, With a complaint":               "0.8 0.4902 0.9433",
		"topics-en, With praise":                    "0.2 0.0567 0.5098",
		"topics-en, Unhappy without a topic":        "0 0 0.3903",
		"topics-en, Products with half unhappy":     "1",
		"customers-en, At risk":                     "2",
		"customers-en, Churned":                     "3",
		"customers-en, Advocates":                   "2",
		"customers-en, Questions without an answer": "2",
	} {
		if got := narrow[title]; got != want {
			t.Errorf("one, %s: %s, want %s", title, got, want)
		}
	}
}

// filtersNarrow adds to queries what the plugin adds for an ad hoc filter. The engine that is built in refuses that to
// its readers, since the text of a filter passes its checks by; a ClickHouse server does not, for whom the writer stands in.
func filtersNarrow(t *testing.T, access engine.Access) {
	if _, err := answer(access, filterable, "JSONEachRow"); err != nil {
		t.Error(err)
	}
	const filter = "\nsettings additional_table_filters={'feryat.v_mentions' : ' mood = \\'angry\\' '}"
	d := read(t, i18n.English)
	for _, q := range queriesOf(d[0], choices(t, access, d[0], nil)) {
		sql, err := q.context.Expand(q.sql)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(sql, "feryat.v_mentions") {
			continue
		}
		rows, err := answerTo(url.UserPassword(access.WriterUser, access.WriterPassword), access, sql+filter, "JSONEachRow")
		if err != nil || len(rows) == 0 || strings.HasSuffix(q.where, ", Mentions") && rows[0] != `{"Mentions":50}` {
			t.Errorf("%s: %v, %v", q.where, rows, err)
		}
		if _, err := answer(access, sql+filter, "JSONEachRow"); err == nil {
			t.Errorf("%s: the built-in engine no longer refuses filters; its description says so", q.where)
		}
	}
}

// figuresOf are the numbers of each figure.
func figuresOf(t *testing.T, access engine.Access, chosen map[string]string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, d := range read(t, i18n.English) {
		for _, q := range queriesOf(d, choices(t, access, d, chosen)) {
			if q.kind != "stat" {
				continue
			}
			sql, err := q.context.Expand(q.sql)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := answer(access, "SELECT * APPLY(x -> round(x, 4)) FROM ("+sql+")", "TSV")
			if err != nil {
				t.Fatal(err)
			}
			found[strings.TrimPrefix(q.where, "feryat-")] = strings.ReplaceAll(strings.ReplaceAll(rows[0], `\N`, "null"), "\t", " ")
		}
	}
	return found
}

// hoursAgree asks what is counted by the hours, of mentions in brief and of how authors stand once more of the mentions
// themselves: of all days that changed.
func hoursAgree(t *testing.T, access engine.Access) {
	var sqls []string
	for _, chosen := range []map[string]string{nil, {"brand": "Paytak", "rival": "Rakip", "source": "shop", "language": "tr"}} {
		for _, d := range read(t, i18n.English) {
			c := choices(t, access, d, chosen)
			for _, q := range queriesOf(d, c) {
				if !slices.ContainsFunc([]string{"rollup_hour", "v_brief", "v_authors_state"}, func(table string) bool { return strings.Contains(q.sql, table) }) {
					continue
				}
				sql, err := q.context.Expand(q.sql)
				if err != nil {
					t.Fatal(err)
				}
				sqls = append(sqls, sql)
			}
		}
	}
	hours := answers(t, access, sqls)
	enginetest.Exec(t, access, "INSERT INTO "+access.Database+".dirty_days SELECT DISTINCT day, 1, 0, now64(9) FROM "+access.Database+".mentions")
	for i, told := range answers(t, access, sqls) {
		if !slices.Equal(hours[i], told) {
			t.Errorf("%s\nby the hours    %q\nby the mentions %q", sqls[i], hours[i], told)
		}
	}
	if len(sqls) < 80 {
		t.Errorf("only %d queries read what is made beforehand", len(sqls))
	}
}

func answers(t *testing.T, access engine.Access, sqls []string) [][]string {
	t.Helper()
	rows, errs := make([][]string, len(sqls)), make([]error, len(sqls))
	var group sync.WaitGroup
	free := make(chan struct{}, 4)
	for i, sql := range sqls {
		group.Go(func() {
			free <- struct{}{}
			rows[i], errs[i] = answer(access, "SELECT * APPLY(x -> if(toTypeName(x) LIKE '%Float%', toString(round(assumeNotNull(toFloat64OrNull(toString(x))), 6)), toString(x))) FROM ("+sql+")", "TSV")
			<-free
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("%s: %v", sqls[i], err)
		}
	}
	return rows
}
