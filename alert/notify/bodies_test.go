package notify

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

func TestBodiesOfSlackTeamsAndTelegram(t *testing.T) {
	path, _, body := told(t, "slack", full(KindOpened))
	var s slackMessage
	if err := json.Unmarshal(body, &s); err != nil || path != "/services/"+hush || !strings.Contains(s.Text, "Paytak") || len(s.Blocks) != 1 || s.Blocks[0].Type != "rich_text" {
		t.Errorf("slack: %s, %v, %s", path, err, body)
	}
	_, _, body = told(t, "teams", full(KindOpened))
	var m teamsMessage
	if err := json.Unmarshal(body, &m); err != nil || m.Type != "message" || m.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" || m.Attachments[0].Content.Version != "1.5" ||
		len(m.Attachments[0].Content.Actions) != 4 {
		t.Errorf("teams: %v, %s", err, body)
	}
	path, _, body = told(t, "telegram", full(KindOpened))
	var g map[string]any
	if err := json.Unmarshal(body, &g); err != nil || path != "/bot"+hush+"/sendMessage" || g["chat_id"] != "-1001" || g["parse_mode"] != "HTML" || !strings.Contains(g["text"].(string), "<b>Acil takip") {
		t.Errorf("telegram: %s, %v, %s", path, err, body)
	}
	_, _, body = told(t, "shoutrrr", full(KindOpened))
	if err := json.Unmarshal(body, &g); err != nil || !strings.HasPrefix(g["message"].(string), "Acil takip: Öfkeli") {
		t.Errorf("shoutrrr: %v, %s", err, body)
	}
}

func TestBodyOfTheWebhook(t *testing.T) {
	m := full(KindOpened)
	_, h, body := told(t, "webhook", m)
	if !Verify([]byte(hush), h.Get(HeaderSignature), body, time.Now(), time.Minute) || h.Get(HeaderKey) != m.Key {
		t.Errorf("headers %v", h)
	}
	var got hookBody
	if err := json.Unmarshal(body, &got); err != nil || got.ExternalID != m.Escalation.ID || !reflect.DeepEqual(got.Message, m) {
		t.Errorf("%v: %+v", err, got)
	}
	if _, _, again := told(t, "webhook", m); !bytes.Equal(again, body) {
		t.Error("a repeat has another body")
	}
	if _, _, digest := told(t, "webhook", full(KindDigest)); bytes.Contains(digest, []byte("external_id")) || !bytes.Contains(digest, []byte(`"more":[{"id":"e1e1`)) {
		t.Errorf("digest: %s", digest)
	}
}

func TestBodyOfAlertmanager(t *testing.T) {
	m := full(KindOpened)
	path, h, body := told(t, "alertmanager", m)
	var got []postableAlert
	if err := json.Unmarshal(body, &got); err != nil || len(got) != 1 || path != "/api/v2/alerts" || !strings.HasPrefix(h.Get("Authorization"), "Basic ") {
		t.Fatalf("%s, %v, %s", path, err, body)
	}
	want := map[string]string{"alertname": "angry_now", "severity": "critical", "brand": "Paytak", "source": "shop", "escalation_id": m.Escalation.ID}
	if a := got[0]; !reflect.DeepEqual(a.Labels, want) || !a.StartsAt.Equal(m.Escalation.Opened) || !a.EndsAt.After(time.Now().Add(24*time.Hour)) || a.GeneratorURL != m.Links.Page ||
		!strings.Contains(a.Annotations["summary"], "Öfkeli") || !strings.Contains(a.Annotations["description"], "üç haftadır") {
		t.Errorf("got %+v", a)
	}
	if _, _, body := told(t, "alertmanager", full(KindDigest)); json.Unmarshal(body, &got) != nil || len(got) != 2 || got[1].Labels["escalation_id"] != "e2" {
		t.Errorf("digest: %s", body)
	}
}

func TestAnEndedEscalationEndsItsAlert(t *testing.T) {
	a := alertmanager{renderer: rendererOf(t, i18n.English)}
	for _, c := range []struct {
		state    mention.State
		resolved time.Time
		want     time.Time
	}{
		{mention.StateOpen, time.Time{}, noon.Add(openFor)}, {mention.StateAnswered, time.Time{}, noon.Add(openFor)},
		{mention.StateResolved, noon.Add(-time.Minute), noon.Add(-time.Minute)}, {mention.StateResolved, noon.Add(time.Hour), noon}, {mention.StateExpired, time.Time{}, noon}, {mention.StateNotWinnable, time.Time{}, noon},
	} {
		m := full(KindOpened)
		m.Escalation.State, m.Escalation.Resolved = c.state, c.resolved
		if got := a.alert(m); !got.EndsAt.Equal(c.want) || got.EndsAt.Before(got.StartsAt) {
			t.Errorf("%s: ends %v, want %v", c.state, got.EndsAt, c.want)
		}
	}
}
