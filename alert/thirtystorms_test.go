package alert

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// stormLasts is how long after its begin a storm is watched by the minute.
const stormLasts = 3 * time.Hour

// storm is many who write at once, and are told of together.
type storm struct {
	name     string
	begin    time.Time
	writers  []*writer
	channels []string // that may hear of it
	most     int      // messages
	why      string   // of its incident; empty where it is told in digests
}

func (p *plan) storms() {
	p.outage(p.begin.Add(7 * time.Hour))
	p.campaign(p.begin.Add(31 * time.Hour))
	p.burst(p.begin.Add(55 * time.Hour))
}

func (s *storm) writer(where place, topic string) *writer {
	where.topic = topic
	c := &writer{place: where, author: mention.Author{ID: fmt.Sprint(s.name, " ", len(s.writers))}}
	s.writers = append(s.writers, c)
	return c
}

// outage is 300 angry customers within 20 minutes. It is told of when there are
// 3, 6, 12, … 192, and once to the next in the chain.
func (p *plan) outage(at time.Time) {
	s := &storm{name: "outage", begin: at, channels: []string{"desk", "phone"}, most: 8, why: "several"}
	for i := range 300 {
		c := s.writer(places()[3], "outage")
		v := mad(mention.Verdict{})
		if i%20 == 9 {
			v = sad(mention.Verdict{})
		}
		p.says(c, at.Add(time.Duration(i/15)*time.Minute), time.Duration(1+p.rnd.IntN(4))*time.Minute, c.topics(v), func(m *mention.Mention) {
			if i%15 == 7 {
				m.Views = 60000
			}
		})
	}
	p.law(s, func(int) string { return "outage" })
	p.stormy = append(p.stormy, s)
}

// campaign is one text by few, again and again. The first two are told singly,
// with the two reminders of each; then it is an incident of 3, 6, 12.
func (p *plan) campaign(at time.Time) {
	s := &storm{name: "campaign", begin: at, channels: []string{"list"}, most: 9, why: "campaign"}
	for range 12 {
		s.writer(places()[1], "cancellation")
	}
	for i := range 48 {
		c := s.writers[i%12]
		p.says(c, at.Add(time.Duration(i/2)*time.Minute), 2*time.Minute, c.topics(sad(signals("churn"))), func(m *mention.Mention) {
			m.Text = fmt.Sprintf("این گرانی را نمی‌پذیریم، همه اشتراک خود را همین امروز لغو کنید و به دیگران هم بگویید! %d", i)
		})
	}
	p.stormy = append(p.stormy, s)
}

// burst is 60 angry customers before many readers, each about another matter:
// ten come singly, the rest in digests.
func (p *plan) burst(at time.Time) {
	s := &storm{name: "burst", begin: at, channels: []string{"phone"}, most: 14}
	for i := range 60 {
		where := places()[1+i%3]
		c := s.writer(where, topics()[i/3])
		written := at.Add(time.Duration(i/4) * time.Minute)
		row := p.says(c, written, 2*time.Minute, c.topics(mad(mention.Verdict{})), func(m *mention.Mention) { m.Author.Followers = 20000 })
		p.deeds = append(p.deeds, deed{written.Add(10 * time.Minute), c, Act{Type: "acknowledged", By: "ayse"}})
		p.answers(c, row, written.Add(25*time.Minute))
	}
	p.law(s, func(i int) string {
		return []string{"staff_rude", "support_unhelpful", "support_unreachable", "safety"}[i]
	})
	p.stormy = append(p.stormy, s)
}

// law are those of a storm who must be told of singly, each about a topic.
func (p *plan) law(s *storm, topic func(i int) string) {
	where := places()[3]
	for i, sign := range []string{"legal_threat", "authority_filed", "publicity_threat", "safety_hazard"} {
		where.topic = topic(i)
		c := &writer{group: "law in the " + s.name, rule: "angry_now", severity: "critical", place: where.told("angry_now", "critical"), author: mention.Author{ID: s.name + " " + sign}}
		row := p.says(c, s.begin.Add(time.Duration(7+2*i)*time.Minute), 3*time.Minute, c.topics(mad(signals(sign))), nil)
		p.follow(c, row, planting{}, way{taken: true, answers: true})
		p.planted = append(p.planted, c)
	}
}

// weather is what became of a storm.
type weather struct{ incident, digests, single, covered, twice int }

func (w weather) messages() int { return w.incident + w.digests + w.single }

// storm compares what was told of s, and takes it out of what was taken.
func (a *audit) storm(t *testing.T, s *storm, taken map[string][]told) (w weather) {
	t.Helper()
	told := map[string]int{} // by case
	id := ""
	if s.why != "" {
		id = a.incident(s, &w, taken)
	}
	for _, m := range a.digests {
		w.digests += a.digest(s, m, told)
	}
	for _, c := range s.writers {
		who := c.place.brand + "/" + c.author.Key()
		for _, m := range taken[who] {
			w.single++
			a.wrongChannel(s, m)
			if m.Kind == notify.KindOpened {
				told[m.Escalation.ID]++
			}
		}
		delete(taken, who)
		a.cover(t, s, c, &w, told, id)
	}
	if w.messages() > s.most {
		a.fault("%s: %d messages, at most %d are wanted", s.name, w.messages(), s.most)
	}
	return w
}

func (a *audit) wrongChannel(s *storm, m told) {
	if !slices.Contains(s.channels, m.channel) {
		a.fault("%s: told in another channel: %s", s.name, m)
	}
}

// incident takes out the messages of the storm's incident and answers its ID.
func (a *audit) incident(s *storm, w *weather, taken map[string][]told) (id string) {
	who := s.writers[0].place.brand + "/"
	var others []told
	opened, why := 0, ""
	for _, m := range taken[who] {
		if e := m.Escalation; e.Rule != incidentRule || !slices.Equal(e.Topics, []string{s.writers[0].place.topic}) {
			others = append(others, m)
			continue
		}
		w.incident++
		a.wrongChannel(s, m)
		if m.Kind == notify.KindOpened {
			opened++
		}
		if id != "" && id != m.Escalation.ID {
			a.fault("%s: more than one incident", s.name)
		}
		id, why = m.Escalation.ID, strings.Join(m.Escalation.Why, " ")
	}
	if taken[who] = others; len(others) == 0 {
		delete(taken, who)
	}
	if opened != 1 || why != s.why {
		a.fault("%s: its incident was opened %d times, because of %q", s.name, opened, why)
	}
	return id
}

// digest counts the cases of s in a digest; 1 where there are some.
func (a *audit) digest(s *storm, m told, told map[string]int) int {
	of := 0
	for _, e := range m.More {
		if slices.ContainsFunc(s.writers, func(c *writer) bool { return c.author.ID == e.Author.ID && c.place.brand == e.Brand }) {
			told[e.ID]++
			of++
		}
	}
	if of == 0 {
		return 0
	}
	a.wrongChannel(s, m)
	if of != len(m.More) {
		a.fault("%s: a digest of %d names %d of this storm", s.name, len(m.More), of)
	}
	return 1
}

// cover looks whether the case of c is told of: singly, in a digest or as part
// of the incident, and not twice.
func (a *audit) cover(t *testing.T, s *storm, c *writer, w *weather, told map[string]int, incident string) {
	t.Helper()
	id, _, err := a.desk.deps.States.Load(t.Context(), authorIndex(c.place.brand, mention.Writer{Source: c.place.source, Author: c.author.Key()}))
	if err != nil {
		t.Fatal(err)
	}
	e, err := a.desk.Case(t.Context(), string(id))
	switch {
	case err != nil:
		t.Fatal(err)
	case e == nil && s.why != "": // calm: counted by the incident, no case of its own
		w.covered++
	case e == nil:
		a.fault("%s: %s has no case", s.name, c.author.ID)
	case told[e.ID] > 1:
		w.twice++
		a.fault("%s: %s was told %d times", s.name, c.author.ID, told[e.ID])
	case told[e.ID] == 1, e.Incident != "" && e.Incident == incident:
		w.covered++
	default:
		a.fault("%s: %s was never told: %s %s, incident %q", s.name, c.author.ID, e.Rule, e.Severity, e.Incident)
	}
}
