package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

func TestThePromiseIsShown(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	written := now().Add(-5 * time.Hour)
	put := func(id string, answered time.Duration) {
		e := escalation(rows[0], id).Escalation
		e.Written, e.Seen, e.Stored, e.Due, e.Opened = written, written.Add(20*time.Second), written.Add(21*time.Second), written.Add(time.Hour), written.Add(22*time.Second)
		events := []mention.Event{{ID: id + "1", At: e.Opened, Step: 1, Type: "opened", State: mention.StateOpen, Escalation: e},
			{ID: id + "2", At: e.Opened.Add(2 * time.Second), Type: "notified", State: mention.StateOpen, Escalation: e}}
		if answered > 0 {
			e.Answered = written.Add(answered)
			events = append(events, mention.Event{ID: id + "3", At: e.Answered, Step: 2, Type: "answered", State: mention.StateAnswered, Escalation: e})
		}
		if err := store.InsertEvents(t.Context(), events); err != nil {
			t.Fatal(err)
		}
	}
	put("a", 20*time.Minute)
	put("b", 40*time.Minute)
	put("c", 2*time.Hour)
	put("d", 0)
	s := newServer(t, store, nil)
	s.WatchPromise(0.5)
	site := serve(t, s)
	p := openTab(t)
	if status := p.open(site + "/promise?lang=en&days=30"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	// Of five promises, the sample's own included, two were kept and three broken: of a budget of one half 1.2.
	want := []string{"Paytak", "–", "–", "5", "40%", "1", "2", "40 minutes / 104 minutes / 118 minutes", "–", "1.2", "– / –"}
	if got := p.texts("section:nth-of-type(2) .scroll:nth-of-type(1) tbody tr:first-child td"); !slices.Equal(got[len(got)-len(want):], want) {
		t.Errorf("the first row is %q", got)
	}
	if body := p.text("main"); !strings.Contains(body, "50%") {
		t.Errorf("the target is not said: %s", body)
	}
	p.on(screen{width: 390})
	for _, l := range i18n.Languages() {
		p.open(site + "/promise?days=1&brand=none&lang=" + string(l))
		p.harmless("promise in " + string(l))
	}
}

func TestFiguresOfNothingSayNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	if got := s.inTime(i18n.English, mention.SLO{}) + s.ratio(i18n.English, mention.Ratio{}) + s.spread(i18n.English, mention.Spread{}, time.Minute); got != "–––" {
		t.Errorf("%q", got)
	}
	if got := s.spread(i18n.Persian, mention.Spread{N: 3, P50: 1.26, P90: 150, P99: 80000}, time.Second); got != "۱٫۳ ثانیه / ۲ دقیقه / ۲۲ ساعت" {
		t.Errorf("%q", got)
	}
}
