package main

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/mention"
)

// place is where a customer complains, and who has to hear of it there.
type place struct {
	brand, source, language, topic string
	team                           string
	channels                       []string
	quiet                          bool // from 23:00 to 8:00 in zone
	zone                           string
	after                          time.Duration // without anybody who takes it, next is told; 0 for nobody
	next                           string
}

func places() []place {
	return []place{
		{brand: "Paytak", source: "shop", language: "tr", topic: "delivery", team: "desk", channels: []string{"desk"}, quiet: true, zone: "Europe/Istanbul", after: 30 * time.Minute, next: "phone"},
		{brand: "Zinco", source: "forum", language: "fa", topic: "price", team: "fa", channels: []string{"list"}, quiet: true, zone: "Asia/Tehran"},
		{brand: "Paytak", source: "maps", language: "tr", topic: "refund_return", team: "billing", channels: []string{"desk", "press"}, zone: "Europe/Istanbul", after: 20 * time.Minute, next: "phone"},
		{brand: "Kargom", source: "social", language: "en", topic: "app", team: "desk", channels: []string{"desk"}, quiet: true, zone: "Europe/Istanbul", after: 30 * time.Minute, next: "phone"},
	}
}

// elsewhere is where sources are lost; customers write there, but nothing is
// planted among them.
func elsewhere() []place {
	return []place{{brand: "Paytak", source: "blog", language: "tr"}, {brand: "Kargom", source: "play", language: "en"}}
}

// told is who hears of it if that rule holds there.
func (p place) told(rule, severity string) place {
	switch {
	case severity == "normal":
		p.channels = nil
	case severity == "critical":
		p.team, p.channels, p.quiet, p.after, p.next = "phone", []string{"phone"}, false, 10*time.Minute, "press"
	case rule == "threat":
		p.team, p.channels, p.quiet, p.after, p.next = "press", []string{"press"}, false, 20*time.Minute, "phone"
	}
	return p
}

func (p place) location() *time.Location {
	z, err := time.LoadLocation(p.zone)
	if err != nil {
		panic(err)
	}
	return z
}

// at is a time of day there.
func (p place) at(day time.Time, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, p.location()).UTC()
}

// want is a message that has to come.
type want struct {
	kind    notify.Kind
	channel string
	at      time.Time
	within  time.Duration // it may come so much later; 0 is soon
}

func (w want) latest() time.Time { return w.at.Add(cmp.Or(w.within, soon)) }

// writer is a customer who writes what the plan says; without an author it is a
// brand or source of which a rule on a clock tells.
type writer struct {
	group    string // in the table; empty for the rule
	rule     string // that has to tell of it; empty where nobody must hear of it
	severity string
	place    place
	author   mention.Author
	said     int
	wants    []want
	life     span // of what ends by itself; all messages are of it
	over     span // when that has to be over
}

// key is that of the writer's case.
func (c *writer) key() string {
	return caseKey(mention.Escalation{Brand: c.place.brand, Source: c.place.source, Author: c.author, Rule: c.rule})
}

// deed is what a person does about a customer's case.
type deed struct {
	at  time.Time
	by  *writer
	act alert.Act
}

type arrival struct {
	at  time.Time
	row mention.Scored
}

// plan is all that happens.
type plan struct {
	rnd      *rand.Rand
	begin    time.Time
	days     int
	planted  []*writer
	stormy   []*tempest
	arrivals []arrival
	deeds    []deed
	visits   []mention.Visit
	watched  []span // in which digests may be due
	paces    []pace
	pause    time.Duration          // between two looks of rules on a clock where there is no other pace
	lost     map[string][]span      // when a source gives nothing
	failing  []loss                 // of these, when its pages are no good
	unhappy  map[string][]time.Time // when somebody complained, by brand and topic
}

func newPlan(begin time.Time, days int) *plan {
	return &plan{rnd: rand.New(rand.NewPCG(4, uint64(days))), begin: begin, days: days, lost: map[string][]span{}, unhappy: map[string][]time.Time{}}
}

// handed is when rows that were seen at a time are handed over.
func handed(seen time.Time) time.Time { return seen.Add(slot - 1).Truncate(slot) }

type happening struct {
	at     time.Time
	rows   []mention.Scored
	visits []mention.Visit
	deeds  []deed
}

// slots gathers what happens in order of being seen.
func (p *plan) slots() []happening {
	slots := map[int64]*happening{}
	of := func(at time.Time) *happening {
		s := slots[at.Unix()]
		if s == nil {
			s = &happening{at: at}
			slots[at.Unix()] = s
		}
		return s
	}
	slices.SortStableFunc(p.arrivals, func(a, b arrival) int { return a.at.Compare(b.at) })
	for _, a := range p.arrivals {
		s := of(handed(a.at))
		a.row.Stored = s.at
		s.rows = append(s.rows, a.row)
	}
	for _, v := range p.visits {
		s := of(handed(v.At))
		s.visits = append(s.visits, v)
	}
	for _, d := range p.deeds {
		s := of(d.at.Truncate(time.Minute))
		s.deeds = append(s.deeds, d)
	}
	var all []happening
	for _, at := range slices.Sorted(maps.Keys(slots)) {
		all = append(all, *slots[at])
	}
	return all
}

// says lets c write something that is seen some time after.
func (p *plan) says(c *writer, at time.Time, delay time.Duration, v mention.Verdict, edit func(*mention.Mention)) mention.Scored {
	c.said++
	v.Language = c.place.language
	if v.Mood.Unhappy() {
		matter := c.place.brand + "/" + c.place.topic
		p.unhappy[matter] = append(p.unhappy[matter], at)
	}
	id := mention.NewID("site", c.place.source, fmt.Sprint(c.author.ID, c.author.Name, at.Unix(), c.said))
	row := mention.Scored{Brand: c.place.brand, Verdict: v, Mention: mention.Mention{
		ID: id, Source: c.place.source, Kind: mention.KindComplaint, URL: "https://" + c.place.source + ".example/" + string(id), Author: c.author, Language: c.place.language,
		Text: wording(c.place.language, v.Mood, p.rnd), Origin: mention.OriginLive, Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(delay),
	}}
	row.Mention.SeenFirst = row.Mention.Collected
	if edit != nil {
		edit(&row.Mention)
	}
	row.Mention = row.Mention.Revise()
	p.arrives(row, row.Mention.Collected)
	return row
}

// alone reports whether nobody else complains of that to the brand at about that
// time: three would be an incident.
func (p *plan) alone(brand, topic string, at time.Time) bool {
	return !slices.ContainsFunc(p.unhappy[brand+"/"+topic], func(other time.Time) bool { return other.Sub(at).Abs() < 3*time.Hour })
}

func (p *plan) arrives(row mention.Scored, at time.Time) {
	p.arrivals = append(p.arrivals, arrival{at, row})
}

// answers lets the brand reply in public.
func (p *plan) answers(c *writer, to mention.Scored, at time.Time) {
	brand := &writer{place: c.place, author: mention.Author{ID: "brand-" + c.place.brand, Own: true}}
	p.says(brand, at, 3*time.Minute, mention.Verdict{Mood: mention.Neutral, Priority: 4}, func(m *mention.Mention) {
		m.ParentID, m.ID, m.Text = to.Mention.ID, mention.NewID("site", "reply", string(to.Mention.ID)+at.String()), "Merhaba, konuyu inceliyoruz."
	})
}

// again lets the crawler see row once more: as it is, or edited.
func (p *plan) again(row mention.Scored, after time.Duration, edited bool) {
	row.Mention.Collected = row.Mention.Collected.Add(after)
	if edited {
		row.Mention.Text += " (edit)"
		row.Mention = row.Mention.Revise()
	}
	p.arrives(row, row.Mention.Collected)
}

// wording is a text in the language; what it means is said by the verdict.
func wording(language string, mood mention.Mood, rnd *rand.Rand) string {
	texts := map[string][2][]string{
		"tr": {{"Siparişim günlerdir gelmedi", "Param hâlâ iade edilmedi", "Kimse telefona bakmıyor", "Uygulama sürekli çöküyor"}, {"Çok memnun kaldım", "Hızlı ve özenli", "Teşekkürler, sorunsuz geldi", "Fiyatı makul"}},
		"fa": {{"سفارشم هنوز نرسیده است", "پولم را پس نداده‌اند", "هیچ‌کس پاسخ نداد", "برنامه مدام بسته می‌شود"}, {"خیلی راضی بودم", "سریع و دقیق", "ممنون، سالم رسید", "قیمتش مناسب است"}},
		"en": {{"My order never came", "Still no refund", "Nobody picks up the phone", "The app keeps crashing"}, {"Very happy with it", "Quick and careful", "Thanks, arrived in one piece", "Fair price"}},
	}[language]
	list := texts[0]
	if !mood.Unhappy() {
		list = texts[1]
	}
	return fmt.Sprintf("%s. %s %d", list[rnd.IntN(len(list))], list[rnd.IntN(len(list))], rnd.IntN(100000))
}
