package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// alertmanagerBinary is the installed one or that of alertmanager.sh.
func alertmanagerBinary(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("prometheus-alertmanager"); err == nil {
		return path
	}
	path := "../../.cache/alertmanager/usr/bin/prometheus-alertmanager"
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("there is no Alertmanager to test against; install it with: make receivers (%v)", err)
	}
	return path
}

// startAlertmanager runs Debian's Alertmanager on a free port of this machine
// and answers its address.
func startAlertmanager(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(config, []byte("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freePort(t)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, alertmanagerBinary(t), "--config.file="+config, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=")
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Log(said.String())
		}
	})
	ready(t, "http://"+address+"/-/ready")
	return "http://" + address
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func ready(t *testing.T, url string) {
	t.Helper()
	for range 600 {
		if resp, err := http.Get(url); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("Alertmanager does not start")
}

// alertsOf asks Alertmanager what it has.
func alertsOf(t *testing.T, base string) (all []struct {
	Labels, Annotations map[string]string
	StartsAt, EndsAt    time.Time
	GeneratorURL        string
}) {
	t.Helper()
	resp, err := http.Get(base + "/api/v2/alerts")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// The real Alertmanager shows an escalation once, keeps it open, and takes it
// away when it has ended.
func TestDebiansAlertmanagerShowsTheAlert(t *testing.T) {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	base := startAlertmanager(t)
	n, err := New(Config{Name: "pager", Type: "alertmanager", URL: base + "/", Language: "fa"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	tell := func(m Message) {
		t.Helper()
		if err := n.Notify(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	m := full(KindOpened)
	m.Escalation.Opened = time.Now().UTC().Add(-10 * time.Minute).Truncate(time.Millisecond)
	tell(m)
	late := m // the same escalation, told of again: the same alert
	late.Kind = KindBreached
	tell(late)
	all := alertsOf(t, base)
	if len(all) != 1 || all[0].Labels["escalation_id"] != m.Escalation.ID || all[0].Labels["alertname"] != "angry_now" || all[0].GeneratorURL != m.Links.Page ||
		!all[0].StartsAt.Equal(m.Escalation.Opened) || !strings.Contains(all[0].Annotations["summary"], "مهلت پاسخ گذشته است") || time.Until(all[0].EndsAt) < 24*time.Hour {
		t.Fatalf("got %+v", all)
	}
	m.Escalation.State, m.Escalation.Resolved = mention.StateResolved, time.Now().Add(-time.Second)
	tell(m)
	if all := alertsOf(t, base); len(all) != 0 {
		t.Errorf("an ended escalation is still shown: %+v", all)
	}
	for i, foreign := range hostile() { // no text is refused
		bad := poisoned(foreign, KindDigest)
		bad.More[0].ID, bad.More[1].ID = fmt.Sprint("a", i), fmt.Sprint("b", i)
		bad.Escalation.ID = bad.More[0].ID
		tell(bad)
	}
	if all := alertsOf(t, base); len(all) != 2*len(hostile()) {
		t.Errorf("%d alerts, want %d", len(all), 2*len(hostile()))
	}
}
