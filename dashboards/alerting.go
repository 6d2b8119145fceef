package dashboards

import (
	"bytes"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"go.yaml.in/yaml/v3"

	"feryat/i18n"
)

// The shapes below are those of Grafana's file provisioning (its documentation: "Use configuration files to provision
// alerting resources"). The foundation SDK has Grafana's HTTP API, whose fields bear other names.
//
// Grafana replaces $NAME by the environment in labels, contact points and policies, where a dollar is therefore written
// twice. It leaves annotations, SQL and templates as they are, except that its newest versions replace ${NAME} in
// annotations; so those say .Labels and .Values, which need no dollar and read the same in every version.
type provisioned struct {
	APIVersion    int            `yaml:"apiVersion"`
	Groups        []group        `yaml:"groups,omitempty"`
	ContactPoints []contactPoint `yaml:"contactPoints,omitempty"`
	Policies      []policy       `yaml:"policies,omitempty"`
	Templates     []message      `yaml:"templates,omitempty"`
}

type group struct {
	OrgID    int    `yaml:"orgId"`
	Name     string `yaml:"name"`
	Folder   string `yaml:"folder"`
	Interval string `yaml:"interval"`
	Rules    []rule `yaml:"rules"`
}

type rule struct {
	UID          string            `yaml:"uid"`
	Title        string            `yaml:"title"`
	Condition    string            `yaml:"condition"`
	Data         []step            `yaml:"data"`
	NoDataState  string            `yaml:"noDataState"`
	ExecErrState string            `yaml:"execErrState"`
	For          string            `yaml:"for"`
	Annotations  map[string]string `yaml:"annotations"`
	Labels       map[string]string `yaml:"labels"`
}

// step is a query or an expression over the results of others.
type step struct {
	RefID         string   `yaml:"refId"`
	TimeRange     relative `yaml:"relativeTimeRange"`
	DatasourceUID string   `yaml:"datasourceUid"`
	Model         any      `yaml:"model"`
}

// relative is a range in seconds before the evaluation.
type relative struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// expression is what Grafana itself computes.
type expression struct {
	Datasource common.DataSourceRef `yaml:"datasource"`
	RefID      string               `yaml:"refId"`
	Type       string               `yaml:"type"`
	Expression string               `yaml:"expression"`
	Reducer    string               `yaml:"reducer,omitempty"`
	Settings   map[string]string    `yaml:"settings,omitempty"`
	Conditions []condition          `yaml:"conditions,omitempty"`
}

type condition struct {
	Evaluator evaluator `yaml:"evaluator"`
}

type evaluator struct {
	Type   string    `yaml:"type"`
	Params []float64 `yaml:"params"`
}

// alerting makes the files that provision Grafana's alerts, by name. Lang is the language of titles, of the annotations
// that Grafana itself shows, and of the contact point that is told.
//
// There is one set of rules in all three languages and not one set a language: the same trouble would page three times.
// Annotations whose names end in _tr, _fa and _en are there for teams with a contact point of their own language.
func alerting(lang i18n.Language) (map[string][]byte, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	list, err := All(lang)
	if err != nil {
		return nil, err
	}
	a := alertMaker{maker{texts: texts, lang: lang}, list[0].Panels}
	files := map[string][]byte{}
	for name, f := range map[string]struct {
		head string
		body provisioned
	}{
		"feryat-rules.yaml":          {rulesHead, provisioned{Groups: a.groups()}},
		"feryat-contact-points.yaml": {contactPointsHead, provisioned{ContactPoints: a.contactPoints()}},
		"feryat-policies.yaml":       {policiesHead, provisioned{Policies: a.policies()}},
		"feryat-templates.yaml":      {"", provisioned{Templates: a.messages()}},
	} {
		f.body.APIVersion = 1
		if files[name], err = encode(f.head, f.body); err != nil {
			return nil, fmt.Errorf("make %s: %w", name, err)
		}
	}
	return files, nil
}

func encode(head string, body provisioned) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("# Made by \"feryat dashboards export\".\n" + head)
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	err := e.Encode(body)
	return out.Bytes(), err
}

// alertMaker makes the alerts; panels are those of the overview, to which they lead.
type alertMaker struct {
	maker
	panels []dashboard.PanelOrRowPanel
}

// panel gives the number of the last panel of a title: where a figure and a list share one, the list.
func (a alertMaker) panel(title string) string {
	for i := len(a.panels) - 1; i >= 0; i-- {
		if p := a.panels[i].Panel; p != nil && p.Title != nil && *p.Title == title {
			return fmt.Sprint(*p.Id)
		}
	}
	return ""
}

// in gives the same maker in another language.
func (a alertMaker) in(lang i18n.Language) alertMaker {
	a.lang = lang
	return a
}

// say gives a text; one in Persian begins with a mark, since a name in Latin letters at its beginning would turn it round.
func (a alertMaker) say(key string, args ...any) string {
	text := a.texts.T(a.lang, "grafana."+key, args...)
	if a.lang == i18n.Persian {
		return "\u200f" + text
	}
	return text
}

// steps are query, reduction and threshold, in the order and with the names of Grafana's own examples. The query gives
// one row a series already; the reduction drops those without a figure.
func steps(sql string, back int, above float64) []step {
	engine := "__expr__"
	itself := common.DataSourceRef{Uid: &engine, Type: &engine}
	return []step{
		{"A", relative{From: back}, DatasourceUID, query{own(), "sql", asTable, "table", sql, "A"}},
		{"B", relative{}, engine, expression{Datasource: itself, RefID: "B", Type: "reduce", Expression: "A", Reducer: "last", Settings: map[string]string{"mode": "dropNN"}}},
		{"C", relative{}, engine, expression{Datasource: itself, RefID: "C", Type: "threshold", Expression: "B", Conditions: []condition{{evaluator{"gt", []float64{above}}}}}},
	}
}
