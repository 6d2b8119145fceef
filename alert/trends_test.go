package alert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/alert/trend"
	"feryat/mention"
)

func TestASpikeIsOneEscalationFromBeginToEnd(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "spike")
	w.talk("Paytak", "delivery", noon.Add(-trend.History), noon.Add(24*time.Hour), 1.5)
	w.talk("Paytak", "price", noon.Add(-trend.History), noon.Add(24*time.Hour), 1)
	w.talk("Rival", "delivery", noon.Add(-trend.History), noon, 1)
	w.cry("Rival", "delivery", noon.Add(10*time.Minute), 60)
	a, b := w.process(), w.process()
	w.until(t, noon.Add(time.Hour), a, b)
	w.want(t, "before")

	w.cry("Paytak", "delivery", noon.Add(62*time.Minute), 25)
	w.until(t, noon.Add(90*time.Minute), a, b)
	w.want(t, "begun", "opened")
	e := w.events[0].Escalation
	if e.Brand != "Paytak" || e.Mention != "" || !slices.Equal(e.Topics, []string{"delivery"}) || e.Figures.Observed < 25 || e.Figures.Expected > 10 || e.Figures.People < 25 {
		t.Errorf("told %+v %+v", e, e.Figures)
	}
	w.carry(t, 1)
	c := w.process() // a restart
	w.cry("Paytak", "delivery", noon.Add(95*time.Minute), 35)
	w.until(t, noon.Add(2*time.Hour), b, c)
	w.want(t, "grown", "opened", "grown")
	w.cry("Paytak", "delivery", noon.Add(122*time.Minute), 20) // more, but not twice as many
	w.until(t, noon.Add(3*time.Hour), b, c)
	w.want(t, "a little more", "opened", "grown")
	w.until(t, noon.Add(12*time.Hour), a, c)
	w.want(t, "over", "opened", "grown", "resolved")
	w.carry(t, 2)
	if w.count() != 2 || w.told[0].Kind != notify.KindOpened || w.told[1].Kind != notify.KindGrown || w.told[0].Title["fa"] == "" || w.told[1].Escalation.Figures.Observed < 60 {
		t.Errorf("told %d times: %+v", w.count(), w.told)
	}
	resolved := slices.IndexFunc(w.events, func(e mention.Event) bool { return e.Type == "resolved" })
	last := w.events[resolved].Escalation
	if last.ID != e.ID || last.Figures.Observed < 80 || last.Figures.People < 80 || last.Excerpt != last.Figures.String() || !slices.Equal(last.Topics, e.Topics) {
		t.Errorf("at its end it shows %+v %+v", last, last.Figures)
	}
}

func TestADeadJournalDoublesNoSpike(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "spike")
	w.talk("Paytak", "delivery", noon.Add(-trend.History), noon.Add(24*time.Hour), 1.5)
	w.cry("Paytak", "delivery", noon.Add(-time.Minute), 25)
	w.down = true
	if err := w.process().Tick(t.Context()); err == nil {
		t.Fatal("the journal was down and nobody said so")
	}
	w.down = false
	w.until(t, noon.Add(30*time.Minute), w.process())
	w.want(t, "after the restart", "opened")
	w.carry(t, 1)
	if w.count() != 1 {
		t.Errorf("told %d times", w.count())
	}
}

func TestASpikeThatDoublesAfterItWasSolvedIsOpenAgain(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "spike")
	w.talk("Paytak", "delivery", noon.Add(-trend.History), noon.Add(24*time.Hour), 1.5)
	w.cry("Paytak", "delivery", noon.Add(-time.Minute), 25)
	p := w.process()
	w.until(t, noon, p)
	id := w.events[0].Escalation.ID
	if _, err := w.Do(t.Context(), id, Act{Type: "resolved", By: "ayse"}); err != nil {
		t.Fatal(err)
	}
	w.until(t, noon.Add(10*time.Minute), p)
	w.want(t, "solved", "opened", "resolved")
	w.cry("Paytak", "delivery", noon.Add(11*time.Minute), 35)
	w.until(t, noon.Add(time.Hour), p)
	w.want(t, "doubled", "opened", "resolved", "reopened")
}

func TestEfsaneCumaIsNoIncident(t *testing.T) {
	for day, want := range map[time.Time]bool{
		time.Date(2026, 11, 27, 5, 0, 0, 0, time.UTC): false, // Efsane Cuma
		time.Date(2026, 10, 23, 5, 0, 0, 0, time.UTC): true,  // a Friday
	} {
		w := newWatch(t, "Europe/Istanbul", day, "spike")
		w.talk("Paytak", "delivery", day.Add(-trend.History), day.Add(-5*time.Hour), 2)
		w.talk("Paytak", "delivery", day.Add(-5*time.Hour), day.Add(12*time.Hour), 10)
		w.until(t, day.Add(6*time.Hour), w.process())
		if got := slices.Contains(w.steps(), "opened"); got != want {
			t.Errorf("%s: paged %t, want %t", day, got, want)
		}
	}
}

func TestASourceThatFailsIsToldUntilItIsBack(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "coverage_lost", "spike")
	a, b := w.process(), w.process()
	run := func(after time.Duration, healthy bool) {
		t.Helper()
		at := noon.Add(after)
		w.until(t, at.Add(-5*time.Minute), a, b)
		w.at.Store(at.UnixNano())
		w.health = []mention.SourceHealth{
			{Source: "shop", Healthy: healthy, RunStarted: at, LastRun: at, LastOK: noon}, {Source: "never", RunStarted: at, LastRun: at},
		}
		w.until(t, at.Add(30*time.Minute), a, b)
	}
	run(0, true)
	run(time.Hour, false)
	run(2*time.Hour, false)
	run(3*time.Hour, true)
	for h := 4; h < 6; h++ {
		run(time.Duration(h)*time.Hour, false)
	}
	w.want(t, "two bad runs")
	run(6*time.Hour, false)
	run(7*time.Hour, false)
	w.want(t, "three bad runs", "opened")
	if e := w.events[0].Escalation; e.Source != "shop" || e.Brand != "" || e.Figures.Kind != mention.FiguresFailing || e.Figures.Observed != 3 || e.Figures.Hours != 2 {
		t.Errorf("told %+v", e)
	}
	b = w.process()
	run(8*time.Hour, true)
	w.want(t, "back", "opened", "resolved")
	if len(w.bursting) != 1 || w.bursting[0] != "shop" {
		t.Errorf("what the source missed may come now, held are %v", w.bursting)
	}
	run(15*time.Hour, true)
	if len(w.bursting) != 0 {
		t.Errorf("held for ever: %v", w.bursting)
	}
}

func TestASilentSourceIsToldUntilItSpeaks(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "coverage_lost")
	speak := func(from, to time.Time) {
		for at := from; at.Before(to); at = at.Add(20 * time.Minute) {
			w.seen["shop"] = append(w.seen["shop"], at)
		}
	}
	speak(noon.Add(-trend.History), noon)
	w.seen["seldom"] = []time.Time{noon.Add(-40 * 24 * time.Hour), noon.Add(-4 * 24 * time.Hour)}
	w.health = []mention.SourceHealth{{Source: "shop", Healthy: true, LastOK: noon}, {Source: "seldom", Healthy: true, LastOK: noon}}
	p := w.process()
	w.until(t, noon.Add(2*time.Hour), p)
	w.want(t, "a pause")
	w.until(t, noon.Add(24*time.Hour), p, w.process())
	w.want(t, "a day", "opened")
	if e := w.events[0].Escalation; e.Source != "shop" || e.Figures.Kind != mention.FiguresQuiet || e.Figures.Expected < 10 {
		t.Errorf("told %+v", e)
	}
	speak(noon.Add(25*time.Hour), noon.Add(27*time.Hour))
	w.until(t, noon.Add(26*time.Hour), w.process())
	w.want(t, "it speaks", "opened", "resolved")

	// Nobody looked for two days: what was silent meanwhile was not heard by us.
	w.at.Store(noon.Add(75 * time.Hour).UnixNano())
	w.until(t, noon.Add(76*time.Hour), p)
	w.want(t, "this program slept", "opened", "resolved")
}

// What nobody watches any more may be silent.
func TestALostSourceThatIsTakenOutIsNoLongerLost(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "coverage_lost")
	w.health = []mention.SourceHealth{{Source: "shop", Healthy: true, LastOK: noon}, {Source: "old", Healthy: true, LastOK: noon}}
	w.sources["old"] = 24 * time.Hour // its next visit is not yet late
	for at := noon.Add(-trend.History); at.Before(noon); at = at.Add(20 * time.Minute) {
		w.seen["shop"], w.seen["old"] = append(w.seen["shop"], at), append(w.seen["old"], at)
	}
	w.until(t, noon.Add(24*time.Hour), w.process())
	w.want(t, "a day", "opened")
	delete(w.sources, "shop")
	w.until(t, noon.Add(25*time.Hour), w.process())
	w.want(t, "taken out", "opened", "resolved")
}

func TestWorseStarsAreToldOnce(t *testing.T) {
	morning := time.Date(2026, 6, 17, 4, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", morning, "rating_drop")
	today := morning.Truncate(24 * time.Hour)
	day := func(back, ones, fives int) {
		w.stars = append(w.stars, mention.RatingDay{Brand: "Paytak", Source: "shop", Day: today.AddDate(0, 0, -back), Stars: []mention.StarCount{{Share: 0, N: int64(ones)}, {Share: 1, N: int64(fives)}}})
	}
	for back := 24; back > 0; back-- {
		day(back, 4+back%3, 15)
	}
	step := func(days int) {
		t.Helper()
		w.at.Store(morning.AddDate(0, 0, days).UnixNano())
		w.until(t, morning.AddDate(0, 0, days).Add(10*time.Minute), w.process(), w.process())
	}
	step(0)
	w.want(t, "as ever")
	day(0, 18, 4)
	step(1)
	w.want(t, "a bad day", "opened")
	if e := w.events[0].Escalation; e.Brand != "Paytak" || e.Source != "shop" || e.Figures.Observed > 0.3 || e.Figures.Expected < 0.7 || e.Figures.People != 22 {
		t.Errorf("told %+v %+v", e, e.Figures)
	}
	for back := -1; back > -10; back-- {
		day(back, 4, 15)
		step(1 - back)
	}
	w.want(t, "as ever again", "opened", "resolved")
	day(-10, 15, 7)
	step(11)
	w.want(t, "a bad day again", "opened", "resolved", "opened")
}

func TestOutlooksSayWhatToExpect(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	w := newWatch(t, "Europe/Istanbul", noon, "spike", "rating_drop", "coverage_lost")
	w.talk("Paytak", "delivery", noon.Add(-trend.History), noon, 2)
	w.seen["shop"] = []time.Time{noon.Add(-time.Hour)}
	all, err := w.process().Outlooks(t.Context())
	if err != nil || len(all) != 3 {
		t.Fatalf("%+v %v", all, err)
	}
	for _, o := range all {
		want := map[string]int{"spike": 2, "coverage_lost": 1}[o.Rule]
		if o.Series != want || o.FalseAlarms > 1 || (want > 0) != (o.FalseAlarms > 0) {
			t.Errorf("%+v, want %d series", o, want)
		}
	}
}

func TestABadRuleFileStopsNoOther(t *testing.T) {
	const head = "title: {tr: x, fa: x, en: x}\n"
	rules, err := Load(fstest.MapFS{
		"a.yaml": {Data: []byte("rule: a\n" + head + "trend:\n  kind: spike\n  min_times: 2\n")},
		"b.yaml": {Data: []byte("rule: b\n" + head + "trend:\n  kind: spik\n")},
		"c.yaml": {Data: []byte("rule: c\n" + head + "trend:\n  kind: rating_drop\n  runs: 3\n  false_alarms: 0\n")},
		"d.yaml": {Data: []byte("rule: d\n" + head + "all:\n  - if: unhappy\n  - say: x\n    if: moood\n")},
		"e.yaml": {Data: []byte("rule: e\n" + head + "all: [{if: unhappy}]\ntrend: {kind: spike}\n")},
		"f.yaml": {Data: []byte("rule: f\n" + head + "all: [{if: unhappy}]\n")},
		"g.yaml": {Data: []byte("rule: g\n" + head + "trend:\n  kind: coverage_lost\n  min_silense: 3h\n")},
	})
	if len(rules) != 2 || rules[0].Name != "a" || rules[0].Trend.MinTimes != 2 || rules[0].Trend.FalseAlarms != 1 || rules[1].Name != "f" || rules[1].Trend != nil {
		t.Errorf("running: %+v", rules)
	}
	for _, want := range []string{
		"rule file b.yaml: line 4: trend: kind \"spik\"", "rule file c.yaml: line 5: trend: runs means nothing for rating_drop", "rule file c.yaml: line 6: trend: false_alarms",
		"rule file d.yaml: line 6: condition \"moood\"", "rule file e.yaml: line 4: a rule has either conditions or a trend", "line 5: field min_silense not found",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestATrendsExamplesCanGoWrong(t *testing.T) {
	r := rule(t, "trend: {kind: spike}\ntest: {fire: [{name: few, series: {usual: 2, now: 3, people: 3, within: 1h}}, {name: none}], quiet: [{name: many, series: {usual: 2, now: 60, people: 50, within: 1h}}]}")
	err := r.Check()
	for _, want := range []string{`"few": fires false`, `"many": fires true`, `"none": a trend is tried on a series`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %s: %v", want, err)
		}
	}
	if _, held, _ := r.Holds(Facts{}); held {
		t.Error("a trend holds of a mention")
	}
}

// People are not paged once more for what an incident tells them already.
func TestASpikeWithinAnIncidentIsForTheList(t *testing.T) {
	noon := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		topic  string
		people int
		told   int
	}{
		"the same matter": {"delivery", 20, 0}, "another topic": {"app", 20, 1}, "a small part of it": {"delivery", 4, 1}, "no incident": {"delivery", 0, 1},
	} {
		w := newWatch(t, "Europe/Istanbul", noon, "spike")
		w.incidents = incident.NewBook(bucket(t, w.q, "incidents"), incident.DefaultConfig(), w.deps.Now)
		w.talk("Paytak", "delivery", noon.Add(-trend.History), noon.Add(24*time.Hour), 1.5)
		w.cry("Paytak", "delivery", noon.Add(-time.Minute), 25)
		for i := range c.people {
			row := angryAbout(fmt.Sprint("author ", i), c.topic, fmt.Sprint("Şikâyet ", i))
			row.Mention.Written.Time = noon.Add(-time.Minute)
			m, ok := incident.NewMember([]byte("secret"), row)
			if !ok {
				t.Fatal("no member")
			}
			if _, _, err := w.incidents.Add(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		pending, err := w.incidents.Pending(t.Context())
		for _, told := range pending {
			err = errors.Join(err, w.incidents.MarkTold(t.Context(), told))
		}
		if err != nil {
			t.Fatal(err)
		}
		w.until(t, noon.Add(5*time.Minute), w.process())
		w.want(t, name, "opened")
		if c.told > 0 {
			w.carry(t, c.told)
		}
		if e := w.events[0].Escalation; (e.Incident == "") != (c.told == 1) || w.count() != c.told {
			t.Errorf("%s: told %d times, within incident %q", name, w.count(), e.Incident)
		}
	}
}
