package web

import (
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// What no mention caused is shown by its figures, in the reader's language.
func TestFiguresOfASpike(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	spike := mention.Figures{Kind: mention.FiguresSpike, Observed: 14, Expected: 3.14, Hours: 2, People: 11}
	e := mention.Escalation{
		ID: "spike1", Rule: "spike", Severity: "high", Brand: "Paytak", Topics: []string{"delivery"}, Why: []string{"spike"},
		Excerpt: spike.String(), Language: "en", State: mention.StateOpen, Opened: now(), Priority: 2,
	}
	lost := e
	lost.ID, lost.Rule, lost.Brand, lost.Source, lost.Why, lost.Topics = "lost1", "coverage_lost", "", "dukkan", []string{"quiet"}, nil
	lost.Excerpt = mention.Figures{Kind: mention.FiguresQuiet, Expected: 12.4, Hours: 72}.String()
	grown := spike
	grown.Observed = 31
	larger := e
	larger.Excerpt, larger.Topics = grown.String(), []string{"delivery", "price"}
	ended := larger
	ended.State, ended.Resolved = mention.StateResolved, now()
	if err := store.InsertEvents(t.Context(), []mention.Event{
		{ID: "1", At: now(), Step: 1, Type: "opened", State: e.State, Escalation: e}, {ID: "2", At: now().Add(time.Minute), Type: "grown", State: e.State, Actor: "feryat", Note: grown.String(), Escalation: larger},
		{ID: "3", At: now(), Step: 1, Type: "opened", State: e.State, Escalation: lost},
	}); err != nil {
		t.Fatal(err)
	}
	site := serve(t, newServer(t, store, nil))
	for page, wants := range map[string][]string{
		"/inbox?lang=tr":    {"Son 2 saat içinde 11 kişiden 31 şikâyet geldi", "3 gün boyunca hiçbir şey gelmedi; olağan sayı 12,4", "<bdi>dukkan</bdi>", `lang="tr" dir="ltr"`},
		"/e/spike1?lang=fa": {"۱۱ نفر ۳۱ شکایت نوشتند", `lang="fa" dir="rtl"`},
		"/e/lost1?lang=en":  {"Nothing has come for 3 days; 12.4 would be usual", "the source has gone quiet"},
	} {
		body := get(t, site+page).body
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not show %q:\n%s", page, want, body)
			}
		}
		if strings.Contains(body, "expected") {
			t.Errorf("%s shows the English fallback:\n%s", page, body)
		}
	}
	if err := store.InsertEvents(t.Context(), []mention.Event{{ID: "4", At: now().Add(time.Hour), Step: 2, Type: "resolved", State: ended.State, Actor: "feryat", Note: "usual_again", Escalation: ended}}); err != nil {
		t.Fatal(err)
	}
	if body := get(t, site+"/e/spike1?lang=tr").body; !strings.Contains(body, "Yeniden olağan düzeyde") {
		t.Errorf("the end is not explained:\n%s", body)
	}
}
