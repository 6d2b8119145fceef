package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"feryat/dashboards"
	"feryat/dashboards/macro"
	"feryat/i18n"
)

// Board is a dashboard as it stands in Grafana's classic JSON, as far as it is drawn here.
type Board struct {
	UID, Title, Description string
	Tags                    []string
	Refresh                 scalar // such as 1m; empty for never
	Time                    struct{ From, To string }
	Panels                  []Panel
	Templating              struct{ List []Variable }
	Annotations             struct{ List []annotation }
	Links                   []dashLink

	// Language is that of a dashboard of feryat, whose texts stand in it; empty for one of a user's own.
	Language i18n.Language `json:"-"`
}

// Panel is one of a dashboard.
type Panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Interval                 string // the shortest step of its charts
	Targets                  []target
	Panels                   []Panel // of a row that is folded
	Options                  map[string]json.RawMessage
	FieldConfig              fieldConfig
	Datasource               datasource
}

type target struct {
	RawSQL     string
	Hide       bool
	Datasource datasource
}

type datasource struct{ Type string }

// UnmarshalJSON takes the old form too, a bare name.
func (d *datasource) UnmarshalJSON(body []byte) error {
	type plain datasource
	if bytes.HasPrefix(body, []byte("{")) {
		return json.Unmarshal(body, (*plain)(d))
	}
	return nil
}

// option is one that is a text.
func (p Panel) option(name string) (text string) {
	_ = json.Unmarshal(p.Options[name], &text) // what is no text is none
	return text
}

type annotation struct {
	Name   string
	Enable bool
	Target target
}

type dashLink struct {
	Type, Title, URL      string
	Tags                  []string
	IncludeVars, KeepTime bool
}

// scalar is a text that may also be given as false or a number.
type scalar string

// UnmarshalJSON takes whatever is not a text as none.
func (s *scalar) UnmarshalJSON(body []byte) error {
	var text string
	if json.Unmarshal(body, &text) == nil {
		*s = scalar(text)
	}
	return nil
}

// Builtin are feryat's own dashboards, in all languages.
func Builtin() ([]Board, error) {
	boards, err := builtin()
	return slices.Clone(boards), err
}

// builtin reads them once: their definitions are in the program, and reading takes a good part of a second.
//
//nolint:gochecknoglobals // computed once, never changed
var builtin = sync.OnceValues(readBuiltin)

func readBuiltin() ([]Board, error) {
	var boards []Board
	for _, l := range i18n.Languages() {
		list, err := dashboards.All(l)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			body, err := dashboards.JSON(d)
			if err != nil {
				return nil, err
			}
			b, err := Read(*d.Uid, body)
			if err != nil {
				return nil, err
			}
			b.Language = l
			boards = append(boards, b)
		}
	}
	return boards, nil
}

// Read reads a dashboard, as Grafana exports it. What cannot be shown is refused with the file's name and the line or field.
func Read(file string, body []byte) (Board, error) {
	var b Board
	if err := json.Unmarshal(body, &b); err != nil {
		return b, fmt.Errorf("%s%s: %w", file, lineOf(body, err), err)
	}
	b.unfold()
	faults := b.faults()
	for i, fault := range faults {
		faults[i] = fmt.Errorf("%s: %w", file, fault)
	}
	return b, errors.Join(faults...)
}

// lineOf tells where in body a fault of its JSON is, as far as the error knows.
func lineOf(body []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at < 0 || at > int64(len(body)) {
		return ""
	}
	return fmt.Sprintf(": line %d", 1+bytes.Count(body[:at], []byte("\n")))
}

var (
	ownDatabase = regexp.MustCompile(`(?i)\b(FROM|JOIN)(\s+)feryat\.`)
	goodUID     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// unfold takes the panels out of folded rows, puts all in the order in which they are seen, and leaves the database to the
// connection: feryat's name for it is a default.
func (b *Board) unfold() {
	var all []Panel
	for _, p := range b.Panels {
		inner := p.Panels
		p.Panels = nil
		all = append(append(all, p), inner...)
	}
	slices.SortStableFunc(all, func(x, y Panel) int {
		if d := x.GridPos.Y - y.GridPos.Y; d != 0 {
			return d
		}
		return x.GridPos.X - y.GridPos.X
	})
	plain := func(sql string) string { return ownDatabase.ReplaceAllString(sql, "$1$2") }
	for i := range all {
		for j := range all[i].Targets {
			all[i].Targets[j].RawSQL = plain(all[i].Targets[j].RawSQL)
		}
	}
	for i := range b.Templating.List {
		b.Templating.List[i].Query = sqlText(plain(string(b.Templating.List[i].Query)))
	}
	for i := range b.Annotations.List {
		b.Annotations.List[i].Target.RawSQL = plain(b.Annotations.List[i].Target.RawSQL)
	}
	b.Panels = all
}

const plugin = "grafana-clickhouse-datasource"

// faults are all reasons for which a dashboard is refused.
func (b Board) faults() (faults []error) {
	add := func(field, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
	}
	if !goodUID.MatchString(b.UID) {
		add("uid", "%q is not 1 to 64 letters, digits, - and _", b.UID)
	}
	if strings.TrimSpace(b.Title) == "" {
		add("title", "is empty")
	}
	if len(b.Panels) == 0 {
		add("panels", "there is none")
	}
	if _, ok := spanOf(url.Values{"from": {b.Time.From}, "to": {b.Time.To}}, Board{}, time.Now(), time.UTC); !ok {
		add("time", "%q to %q is no period such as now-7d to now", b.Time.From, b.Time.To)
	}
	trial := macro.Context{From: time.Unix(0, 0), To: time.Unix(1, 0), Interval: time.Second, Variables: map[string]macro.Variable{}}
	for i, v := range b.Templating.List {
		field := fmt.Sprintf("templating.list[%d] (%s)", i, v.Name)
		if err := v.check(trial); err != nil {
			add(field, "%v", err)
		}
		trial.Variables[v.Name] = macro.Variable{Values: []string{"x"}, Multi: v.Multi}
	}
	ids := map[int]bool{}
	for _, p := range b.Panels {
		field := fmt.Sprintf("panel %d (%s)", p.ID, p.Title)
		if ids[p.ID] {
			add(field, "its id stands twice")
		}
		ids[p.ID] = true
		faults = append(faults, p.faults(field, trial)...)
	}
	for i, a := range b.Annotations.List {
		if _, err := trial.Expand(a.Target.RawSQL); err != nil {
			add(fmt.Sprintf("annotations.list[%d] (%s)", i, a.Name), "%v", err)
		}
	}
	return faults
}

func (p Panel) faults(field string, trial macro.Context) (faults []error) {
	if p.Type == "" {
		faults = append(faults, fmt.Errorf("%s: has no type", field))
	}
	if err := p.FieldConfig.check(); err != nil {
		faults = append(faults, fmt.Errorf("%s: fieldConfig: %w", field, err))
	}
	if p.Interval != "" && duration(p.Interval) == 0 {
		faults = append(faults, fmt.Errorf("%s: interval: %q is no period such as 1h", field, p.Interval))
	}
	for i, t := range p.Targets {
		source := t.Datasource.Type
		if source == "" {
			source = p.Datasource.Type
		}
		where := fmt.Sprintf("%s: targets[%d]", field, i)
		switch _, err := trial.Expand(t.RawSQL); {
		case source != "" && source != plugin:
			faults = append(faults, fmt.Errorf("%s: asks a data source of type %q; only %s is asked here", where, source, plugin))
		case strings.TrimSpace(t.RawSQL) == "":
			faults = append(faults, fmt.Errorf("%s: has no rawSql", where))
		case err != nil:
			faults = append(faults, fmt.Errorf("%s: rawSql: %w", where, err))
		}
	}
	return faults
}
