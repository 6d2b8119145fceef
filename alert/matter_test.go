package alert

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/mention"
)

// guarded is a desk with incidents and a storm guard.
func guarded(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.promise.Answer = 0
	kept := bucket(t, d.q, "incidents")
	d.incidents = incident.NewBook(kept, incident.DefaultConfig(), d.Desk.deps.now)
	d.guard = incident.NewGuard(kept, incident.DefaultStormConfig(), d.Desk.deps.now)
	return d
}

// angryAbout is an angry customer with a topic, whose anger pages by reach.
func angryAbout(author, topic, text string) mention.Scored {
	return by(author, 1, time.Minute, func(r *mention.Scored) {
		r.Verdict.Signals, r.Verdict.Topics = nil, []string{topic}
		r.Mention.Author.Followers, r.Mention.Text = 20_000, text
	})
}

func (d *desk) of(kind notify.Kind) (found []notify.Message) {
	for _, m := range d.told {
		if m.Kind == kind {
			found = append(found, m)
		}
	}
	return found
}

func TestSeveralCustomersAreOneIncident(t *testing.T) {
	t.Parallel()
	d := guarded(t)
	texts := []string{
		"Uygulama sabahtan beri açılmıyor, bıktım!", "Giriş yapamıyorum, destek de telefona bakmıyor.", "Sistem yine çöktü, işim yarım kaldı.",
		"Üç saattir bağlantı yok, rezalet bu.", "Ödeme ekranında donup kalıyor, defalarca denedim.", "Sunucu hatası verip duruyor, kimse açıklama yapmıyor.",
		"Kesinti yüzünden toplantıyı kaçırdım, utanın!", "Ne zaman düzelecek, haber veren yok.", "İnternet bankası gibi çalışıyor, yani çalışmıyor.",
		"Dün akşamdan beri erişim sıfır, param boşa gidiyor.", "Aynı hata üçüncü kez bu ay, yeter artık!", "Bakım diyorlar ama iki gündür bitmedi.",
	}
	for i, text := range texts {
		row := angryAbout(fmt.Sprint("author ", i), "outage", text)
		d.store(t, row)
		d.store(t, row)
	}
	law := angryAbout("lawyer", "outage", "Savcılığa gidiyorum, bu kesinti yüzünden iş kaybettim!")
	law.Verdict.Signals = []string{"legal_threat"}
	d.store(t, law)
	d.carry(t, 6)
	// Two come singly before there is an incident; it opens with the third and is
	// told of at 6 and 12; the law is never part of a crowd.
	opened, grown := d.of(notify.KindOpened), d.of(notify.KindGrown)
	if len(d.told) != 6 || len(opened) != 4 || len(grown) != 2 {
		t.Fatalf("told %v", d.kinds())
	}
	singles := slices.DeleteFunc(slices.Clone(opened), func(m notify.Message) bool { return m.Escalation.Mention == "" })
	if len(singles) != 3 || !slices.ContainsFunc(singles, func(m notify.Message) bool { return m.Escalation.Mention == law.Mention.ID }) {
		t.Errorf("single pages for %d", len(singles))
	}
	e := d.stands(t, grown[0].Escalation.ID)
	if e.Rule != incidentRule || e.Authors < 12 || !slices.Equal(e.Topics, []string{"outage"}) || e.Excerpt == "" || !slices.Equal(e.Why, []string{"several"}) {
		t.Errorf("%+v", e)
	}
	if got := len(d.paged()); got != 14 { // all are on the list, with the incident
		t.Errorf("%d escalations", got)
	}
	d.pass(t, time.Hour)
	d.carry(t, 6)
	if len(d.told) != 6 {
		t.Errorf("told again: %v", d.kinds())
	}
}

// What an incident tells of is not told singly because nobody answered each of them.
func TestAnIncidentSpeaksForThoseWhoWait(t *testing.T) {
	t.Parallel()
	d := guarded(t)
	rule, err := Parse([]byte(unanswered))
	if err != nil {
		t.Fatal(err)
	}
	d.rules = []Rule{rule}
	for i := range 5 {
		d.store(t, angryAbout(fmt.Sprint("author ", i), "outage", fmt.Sprintf("Uygulama %d gündür çalışmıyor, bıktık!", i+3)))
	}
	d.pass(t, 50*time.Minute)
	d.pass(t, 50*time.Minute)
	d.carry(t, 1)
	if got := len(d.paged()); len(d.told) != 1 || d.told[0].Escalation.Rule != incidentRule || got != 6 {
		t.Errorf("told %v, %d escalations", d.kinds(), got)
	}
}

func TestACrashBeforeAnIncidentIsToldIsMadeGood(t *testing.T) {
	t.Parallel()
	d := guarded(t)
	for i := range 2 {
		d.store(t, angryAbout(fmt.Sprint("author ", i), "outage", fmt.Sprintf("Uygulama %d gündür çalışmıyor, rezalet, bıktık artık!", i+3)))
	}
	third := angryAbout("author 2", "outage", "Bugün yine giriş yapamadım, destek hattı da açmıyor telefonu!")
	m, _ := incident.NewMember(nil, third)
	if _, change, err := d.incidents.Add(t.Context(), m); err != nil || change.News != incident.Opened {
		t.Fatalf("%v, %v", change, err)
	} // and here the process ended
	d.pass(t, 2*time.Minute)
	d.store(t, third)
	d.pass(t, 2*time.Minute)
	d.carry(t, 3)
	if n := len(d.told); n != 3 || !slices.ContainsFunc(d.told, func(m notify.Message) bool { return m.Escalation.Rule == incidentRule }) {
		t.Errorf("told %v", d.kinds())
	}
}

// What a crawler brings that was away for a day makes no incident of today.
func TestOldComplaintsAreNoIncident(t *testing.T) {
	t.Parallel()
	d := guarded(t)
	for i, text := range []string{"Uygulama sabahtan beri açılmıyor, bıktım!", "Giriş yapamıyorum, destek de telefona bakmıyor.", "Sistem yine çöktü, işim yarım kaldı."} {
		row := angryAbout(fmt.Sprint("author ", i), "outage", text)
		row.Mention.Written.Time = time.Now().Add(-30 * time.Hour)
		d.store(t, row)
	}
	if slices.ContainsFunc(d.events, func(e mention.Event) bool { return e.Escalation.Rule == incidentRule }) {
		t.Errorf("events %v", d.types())
	}
}

// A text that is copied is told of once, marked as such, and never in silence.
func TestACampaignIsMarked(t *testing.T) {
	t.Parallel()
	d := guarded(t)
	for i := range 6 {
		d.store(t, angryAbout(fmt.Sprint("author ", i), "price", "Bu zam kabul edilemez, herkes aboneliğini hemen iptal etsin arkadaşlar!"))
	}
	d.carry(t, 4)
	campaign := slices.DeleteFunc(slices.Clone(d.told), func(m notify.Message) bool { return m.Escalation.Rule != incidentRule })
	if len(d.told) != 4 || len(campaign) != 2 || !slices.Equal(campaign[0].Escalation.Why, []string{"campaign"}) {
		t.Errorf("told %v", d.kinds())
	}
}

// A burst over many matters: ten come singly, the rest in a digest that says so.
func TestAStormIsToldInADigest(t *testing.T) {
	t.Parallel()
	d := guarded(t)
	topics := []string{"delivery", "billing", "price", "app", "hygiene", "payment", "promo", "booking"}
	var want []mention.ID
	for i := range 90 {
		row := angryAbout(fmt.Sprint("author ", i), topics[i%len(topics)]+fmt.Sprint(i/2), fmt.Sprintf("Şikâyet numarası %d: bambaşka bir konu, %d", i, i*i))
		want = append(want, row.Mention.ID)
		d.store(t, row)
	}
	for range 6 {
		d.pass(t, 5*time.Minute)
	}
	d.carry(t, 11)
	digests := d.of(notify.KindDigest)
	if len(digests) == 0 || len(d.told) > 14 {
		t.Fatalf("told %v", d.kinds())
	}
	if n := len(digests[0].More); n <= mostInFull {
		t.Fatalf("a digest of %d is none of the long ones", n)
	}
	var told []mention.ID
	for _, m := range d.told {
		if m.Kind == notify.KindDigest {
			for _, e := range m.More {
				told = append(told, e.Mention)
			}
			if m.Escalation.ID != m.More[0].ID {
				t.Errorf("the digest begins with %s, its most urgent is %s", m.More[0].ID, m.Escalation.ID)
			}
			if last := m.More[len(m.More)-1]; len(m.More) > mostInFull && last.Excerpt != "" {
				t.Errorf("the last of %d brings the words too: %q", len(m.More), last.Excerpt)
			}
			continue
		}
		told = append(told, m.Escalation.Mention)
	}
	slices.Sort(want)
	slices.Sort(told)
	noted := map[mention.ID]bool{}
	for _, e := range d.events {
		if e.Type == "notified" {
			noted[e.Escalation.Mention] = true
		}
	}
	if len(noted) != len(want) {
		t.Errorf("the journal says of %d that they were told, of %d", len(noted), len(want))
	}
	if !slices.Equal(told, want) {
		t.Errorf("%d of %d are told, each once", len(slices.Compact(told)), len(want))
	}
}
