package notify

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"feryat/mention"
)

// openFor is how long Alertmanager may think that an escalation goes on: an
// alert without an end is closed after its resolve_timeout, five minutes, for
// Prometheus would have sent it again by then. We do not.
const openFor = 7 * 24 * time.Hour

// alertmanager posts to API v2 of Prometheus Alertmanager.
type alertmanager struct {
	poster
	renderer
	user, password string
}

func newAlertmanager(c Config, r renderer, _ *slog.Logger) (Notifier, error) {
	return alertmanager{newPoster(c, strings.TrimSuffix(c.URL, "/")+"/api/v2/alerts"), r, c.User, c.Password}, nil
}

// postableAlert is of
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
type postableAlert struct {
	Labels       map[string]string `json:"labels"` // what an alert is known by
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt,omitzero"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

// Notify posts one alert an escalation. The same labels are the same alert, so
// a repeat changes nothing, and an escalation that has ended ends its alert.
func (a alertmanager) Notify(ctx context.Context, m Message) error {
	var alerts []postableAlert
	for _, e := range escalations(m) {
		one := m
		if one.Escalation = e; m.Kind == KindDigest {
			one.Kind, one.Title = "", map[string]string{}
		}
		alerts = append(alerts, a.alert(one))
	}
	body, err := encode(alerts)
	if err != nil {
		return err
	}
	said, err := a.post(ctx, body, basic(a.user, a.password))
	if err != nil {
		return err
	}
	if said.ok() && said.aPage() {
		return a.odd()
	}
	return a.judge(said)
}

func (a alertmanager) alert(m Message) postableAlert {
	e, d := m.Escalation, a.document(m).silent()
	return postableAlert{
		Labels: filledMap(map[string]string{
			"alertname": labelOf(e.Rule), "severity": labelOf(e.Severity), "brand": labelOf(e.Brand), "source": labelOf(e.Source), "escalation_id": labelOf(e.ID),
		}),
		Annotations: filledMap(map[string]string{
			"summary": quiet(d.Subject), "description": d.text(), "kind": string(m.Kind), "state": string(e.State), "mention_url": safeURL(e.URL),
		}),
		StartsAt: e.Opened, EndsAt: a.end(e), GeneratorURL: safeURL(m.Links.Page),
	}
}

// end is in the past once nobody has to do anything any more.
func (a alertmanager) end(e mention.Escalation) time.Time {
	now := a.now().UTC()
	switch {
	case !e.State.Ended():
		return now.Add(openFor)
	case !e.Resolved.IsZero() && e.Resolved.Before(now) && e.Resolved.After(e.Opened):
		return e.Resolved
	}
	return now
}

// labelOf is a value that Alertmanager and its templates take as it is.
func labelOf(s string) string { return clean(s, maxName) }

func filledMap(m map[string]string) map[string]string {
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}
