package dashboards

import (
	"fmt"
	"strings"

	"feryat/i18n"
)

const contactPointsHead = `# Grafana takes the address from its environment, FERYAT_GRAFANA_EMAIL (several are parted by
# semicolons), and does not start when it is empty. Mail goes out once its [smtp] section is set up.
`

const policiesHead = `# Grafana has one tree of policies an organisation, and this file replaces it: leave the file out
# where others have alerts in the same organisation, and route by the label "rule" in their tree.
`

type contactPoint struct {
	OrgID     int        `yaml:"orgId"`
	Name      string     `yaml:"name"`
	Receivers []receiver `yaml:"receivers"`
}

type receiver struct {
	UID      string         `yaml:"uid"`
	Type     string         `yaml:"type"`
	Settings map[string]any `yaml:"settings"`
}

// policy says who is told of which alerts; a route is a policy below another.
type policy struct {
	OrgID          int         `yaml:"orgId,omitempty"`
	Receiver       string      `yaml:"receiver"`
	GroupBy        []string    `yaml:"group_by,omitempty,flow"`
	Matchers       [][3]string `yaml:"object_matchers,omitempty,flow"`
	GroupWait      string      `yaml:"group_wait,omitempty"`
	GroupInterval  string      `yaml:"group_interval,omitempty"`
	RepeatInterval string      `yaml:"repeat_interval,omitempty"`
	Routes         []policy    `yaml:"routes,omitempty"`
}

// message is a template of Grafana's notifications.
type message struct {
	OrgID    int    `yaml:"orgId"`
	Name     string `yaml:"name"`
	Template string `yaml:"template"`
}

func contactName(lang i18n.Language) string { return "feryat-" + string(lang) }

// contactPoints are one a language, so that each team can be told in its own.
func (a alertMaker) contactPoints() []contactPoint {
	var list []contactPoint
	for _, lang := range i18n.Languages() {
		list = append(list, contactPoint{1, contactName(lang), []receiver{{contactName(lang) + "-email", "email", map[string]any{
			"addresses":   "$FERYAT_GRAFANA_EMAIL",
			"singleEmail": true,
			"subject":     fmt.Sprintf(`{{ template "feryat.%s.title" . }}`, lang),
			"message":     fmt.Sprintf(`{{ template "feryat.%s.message" . }}`, lang),
		}}}})
	}
	return list
}

// policies tell the team that speaks the language of the alerts: one message for all series of a brand and rule, the
// sooner and the more often the more urgent. Rules that cannot be evaluated mostly have one cause, the store, and are
// told together.
func (a alertMaker) policies() []policy {
	to := contactName(a.lang)
	route := func(severity, wait, again string) policy {
		return policy{Receiver: to, Matchers: [][3]string{{"severity", "=", severity}}, GroupWait: wait, RepeatInterval: again}
	}
	return []policy{{
		OrgID: 1, Receiver: to, GroupBy: []string{"brand", "rule"}, GroupWait: "1m", GroupInterval: "5m", RepeatInterval: "24h",
		Routes: []policy{
			{Receiver: to, GroupBy: []string{"alertname"}, Matchers: [][3]string{{"alertname", "=~", "DatasourceError|DatasourceNoData"}}, GroupWait: "2m", RepeatInterval: "4h"},
			route("critical", "10s", "2h"),
			route("high", "1m", "8h"),
			route("normal", "5m", "24h"),
		},
	}}
}

// messages are the templates, one a language. An alert on a rule that could not be
// evaluated says the error. What is over is named by its title, for the values of its summary are by then those of the end.
func (a alertMaker) messages() []message {
	var list []message
	for _, lang := range i18n.Languages() {
		b := a.in(lang)
		words := func(key string) string { return b.texts.T(lang, "grafana."+key) }
		list = append(list, message{1, "feryat." + string(lang), strings.NewReplacer("LANG", string(lang), "PRODUCT", b.t("product"), "ALERT", words("alert"), "OVER", words("over"),
			"LOOK", words("look"), "SILENCE", words("silence"), "BROKEN", b.say("not_evaluated")).Replace(messageTemplate)})
	}
	return list
}

const messageTemplate = `{{ define "feryat.LANG.title" }}PRODUCT – {{ if .Alerts.Firing }}ALERT{{ else }}OVER{{ end }}{{ with .GroupLabels.brand }}: {{ . }}{{ end }}{{ end }}
{{ define "feryat.LANG.message" }}{{ range .Alerts.Firing }}{{ if .Annotations.Error }}BROKEN: {{ .Labels.rulename }}
{{ .Annotations.Error }}
{{ else }}{{ .Annotations.summary_LANG }}
{{ .Annotations.description_LANG }}
{{ end }}{{ with .PanelURL }}LOOK: {{ . }}
{{ end }}{{ with .SilenceURL }}SILENCE: {{ . }}
{{ end }}
{{ end }}{{ range .Alerts.Resolved }}OVER: {{ .Annotations.title_LANG }}{{ with .Labels.brand }} – {{ . }}{{ end }}{{ with .Labels.topic_LANG }} – {{ . }}{{ end }}{{ with .Labels.source }} – {{ . }}{{ end }}
{{ end }}{{ end }}
`
