package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"feryat/alert/notify"
)

// newStorm is a shop whose customers all write at once: about the courier, who
// is one matter, about twenty faults of each product, which are a matter each,
// and to go to court, which is nobody's matter but theirs.
func newStorm(t testing.TB, products, pages, perPage int) *shop {
	s := newShop(t, products, pages, perPage)
	s.says = []string{
		"Kargo 10 gündür gelmedi, artık Zarftan alacağım, üyeliğimi iptal ettim.",
		"Ürün bozuk geldi, çalışmıyor. Bir daha asla almam, hesabımı kapattım.",
		"Beden tablosu yanlış, iki beden küçük geldi, üyeliğimi sildim, bir daha almam.",
		"Rezalet! Param iade edilmezse tüketici hakem heyetine başvuracağım, savcılığa gideceğim!",
	}
	return s
}

// stormConfig lets incidents open and the guard hold pages back, within seconds.
func (s *shop) stormConfig(hook string, rate int) string {
	calm := s.config(hook, rate)
	stormy := strings.Replace(calm, "incidents: {authors: 0}", "incidents: {authors: 3, window: 2h}", 1)
	stormy = strings.Replace(stormy, "storm: {pages: 0}", "storm: {pages: 3, window: 4s, every: 2s}", 1)
	if stormy == calm {
		panic("the configuration has no storm to let loose")
	}
	return stormy
}

// killInStorm kills collections in the middle of a storm, then compares what the
// receiver was told with the journal. What is told singly, in a digest or as part
// of an incident depends on what comes first; that each customer is told of
// once, and how, must not.
func killInStorm(t *testing.T, s *shop, rate, n int, longest time.Duration) {
	phone := newTelephone(t)
	config := writeConfig(t, s.stormConfig(phone.URL, rate))
	at := kills(t, config, phone, n, longest)
	f := serve(t, config)
	defer f.kill()
	const untold = "severity IN ('critical', 'high') AND (rule = 'incident' OR incident = '')"
	f.until(t, "SELECT count() FROM feryat.v_escalations WHERE notified < '2000-01-01' AND "+untold, "0")
	settled(t, f)
	f.stop()

	told := toldInStorm(t, phone, at)
	web := serve(t, config, "--roles", "web")
	defer web.kill()
	checkLedger(t, web, phone)
	of, law := map[string]int{}, 0
	for _, row := range web.rows(t, "SELECT id, rule, severity, rule != 'incident' AND incident != '' AS within, hasAny(signals, ['legal_threat', 'authority_filed']) AS law FROM v_escalations ORDER BY id") {
		var c struct {
			ID, Rule, Severity string
			Within, Law        int
		}
		if err := json.Unmarshal([]byte(row), &c); err != nil {
			t.Fatal(err)
		}
		want := 1
		if c.Severity == "normal" || c.Within == 1 && c.Law == 0 {
			want = 0 // on the list alone
		}
		if told[c.ID] != want {
			t.Errorf("told %d times, want %d: %s", told[c.ID], want, row)
		}
		of[fmt.Sprintf("%s %s, within an incident %d", c.Severity, c.Rule, c.Within)]++
		law += c.Law
	}
	if law < s.total()/8 {
		t.Errorf("of %d customers who write today, a quarter with a lawyer, there are %d: %v", s.total()/2, law, of)
	}
	t.Logf("%d reviews, %d kills, escalations: %v", s.total(), n, of)
}

// toldInStorm counts how often each escalation was opened at the receiver,
// singly or in a digest, the same key once.
func toldInStorm(t *testing.T, phone *telephone, deaths []death) map[string]int {
	t.Helper()
	keys := phone.keys()
	compareRepeats(t, keys, deaths)
	told, kinds := map[string]int{}, map[notify.Kind]int{}
	for key := range keys {
		m := phone.said[key]
		kinds[m.Kind]++
		switch m.Kind {
		case notify.KindDigest:
			for _, e := range m.More {
				told[e.ID]++
			}
		case notify.KindOpened:
			told[m.Escalation.ID]++
		}
	}
	if kinds[notify.KindDigest] == 0 {
		t.Error("nothing was held back: there was no storm")
	}
	t.Logf("messages: %v", kinds)
	return told
}

// checkLedger wants a row of the journal for each escalation of each message,
// and none besides.
func checkLedger(t *testing.T, f *server, phone *telephone) {
	t.Helper()
	want := map[string]int{}
	for key := range phone.keys() {
		m := phone.said[key]
		if m.Kind != notify.KindDigest {
			want[m.Escalation.ID]++
		}
		for _, e := range m.More {
			want[e.ID]++
		}
	}
	got := map[string]int{}
	for _, row := range f.rows(t, "SELECT escalation, toUInt32(count()) AS n FROM escalation_events FINAL WHERE type = 'notified' GROUP BY escalation") {
		var e struct {
			Escalation string
			N          int
		}
		if err := json.Unmarshal([]byte(row), &e); err != nil {
			t.Fatal(err)
		}
		got[e.Escalation] = e.N
	}
	if !maps.Equal(got, want) {
		for id := range want {
			if got[id] != want[id] {
				t.Errorf("escalation %s: the receiver has %d messages, the journal %d", id, want[id], got[id])
			}
		}
		t.Errorf("the receiver knows %d escalations, the journal %d", len(want), len(got))
	}
}

func TestKilledInAStorm(t *testing.T) {
	t.Parallel()
	if underRace {
		t.Skip("TestKilledCollectionsLoseAndDoubleNothing runs the same parts")
	}
	killInStorm(t, newStorm(t, 6, 3, 10), 12, 3, 3*time.Second)
}
