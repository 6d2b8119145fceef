package main

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/calendar"
	"feryat/mention"
)

const (
	// runEvery is the pause between two runs of a source.
	runEvery = time.Hour
	// lookEvery is how often rules on a clock want to look, lookWithin how soon
	// after something is stored they have looked.
	lookEvery  = 5 * time.Minute
	lookWithin = lookEvery + time.Minute
	halfHour   = 30 * time.Minute
)

// trendPlantings has an entry for each bundled rule on a clock.
func trendPlantings() map[string]func(p *plan, each int) {
	return map[string]func(*plan, int){"spike": (*plan).spikes, "rating_drop": (*plan).drops, "coverage_lost": (*plan).losses}
}

// pace is how often rules on a clock are asked in a span. In a month they would
// look 8640 times; where nothing is planted, they are asked now and then only.
type pace struct {
	span
	every time.Duration
}

// look asks for a pace from a time to another.
func (p *plan) look(from, to time.Time, every time.Duration) {
	p.paces = append(p.paces, pace{span{from.Truncate(lookEvery), to}, every})
}

// nextLook is when rules on a clock are asked again.
func (p *plan) nextLook(last time.Time) time.Time {
	if p.pause == 0 {
		return p.begin.AddDate(100, 0, 0)
	}
	if last.IsZero() {
		return p.begin
	}
	next := last.Add(p.pause)
	for _, s := range p.paces {
		at := s.from
		if s.has(last) {
			at = last.Add(s.every)
		}
		if at.After(last) && at.Before(next) {
			next = at
		}
	}
	return next.Truncate(lookEvery)
}

// series plans who hears of what begins to be unusual at a time, is seen within
// another after that, and is over in a span.
func (p *plan) series(rule, brand, source string, begins time.Time, within time.Duration, over span) *writer {
	c := &writer{rule: rule, severity: "high", life: span{begins.Add(-time.Hour), over.to}, over: over}
	c.place = place{brand: brand, source: source, team: "desk", channels: []string{"desk"}, quiet: true, zone: "Europe/Istanbul", after: 30 * time.Minute, next: "phone"}
	told := c.place.awake(begins)
	c.wants = append(c.wants, want{notify.KindOpened, "desk", told, within})
	p.planted = append(p.planted, c)
	p.look(begins.Add(-lookEvery), begins.Add(lookWithin), lookEvery)
	return c
}

// taken lets somebody take every other one in time; of the others the next in
// the chain hears.
func (p *plan) taken(c *writer, i int) {
	first := c.wants[0]
	if i%2 == 0 {
		p.deeds = append(p.deeds, deed{first.latest().Add(4 * time.Minute), c, alert.Act{Type: "acknowledged", By: "ayse"}})
	} else {
		c.wants = append(c.wants, want{notify.KindHandedOn, c.place.next, first.at.Add(c.place.after), first.within})
	}
}

// spikes are of complaints by many people within some minutes: of all kinds, of
// one topic beside others, or of none that is known. Those of one topic before all
// others are incidents, see storms. Every third grows.
func (p *plan) spikes(each int) {
	where := []place{places()[0], places()[1], places()[3]}
	step := max(0, p.days-6) / ((each + len(where) - 1) / len(where))
	for i := range each {
		where := where[i%len(where)]
		day := p.begin.AddDate(0, 0, 3+i/3*step+i%3*step/3)
		at := where.at(ordinary(where.zone, day), 9+p.rnd.IntN(4), p.rnd.IntN(60))
		if i%5 == 4 { // by night
			at = where.at(day, 5, p.rnd.IntN(60))
		}
		p.spike(i, where, at)
	}
}

// ordinary is the day, or the next on which no more is usual than always.
func ordinary(zone string, day time.Time) time.Time {
	market, err := calendar.MarketOf(zone)
	if err != nil {
		panic(err)
	}
	for market.Day(day).Special != "" || market.Day(day).Holiday != "" {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

func (p *plan) spike(i int, where place, at time.Time) {
	seen := handed(at.Add(4 * time.Minute))
	where.topic = p.topic(where.brand, at)
	s := &tempest{name: fmt.Sprint("spike ", i), begin: at}
	waves := []int{30}
	if i%3 == 2 {
		waves = append(waves, 70)
	}
	for n, size := range waves {
		for k := range size {
			p.cry(s, where, i%4, at.Add(time.Duration(n)*40*time.Minute+time.Duration(k%4)*time.Minute), 4*time.Minute-time.Duration(k%4)*time.Minute)
		}
	}
	last := at.Add(time.Duration(len(waves)-1) * 40 * time.Minute)
	c := p.series("spike", where.brand, "", seen, lookWithin, span{seen.Add(time.Hour), last.Add(9 * time.Hour)})
	p.look(seen, c.over.to, halfHour)
	p.taken(c, i)
	if len(waves) > 1 {
		p.look(last, last.Add(4*lookEvery), lookEvery)
		c.wants = append(c.wants, want{notify.KindGrown, "desk", c.place.awake(handed(last.Add(4 * time.Minute))), lookWithin})
	}
}

// cry is one complaint of a spike, whose way is what its topics are. Those about
// goods are each about another product, and so no incident.
func (p *plan) cry(s *tempest, where place, way int, at time.Time, delay time.Duration) {
	c := s.writer(where, where.topic)
	product := fmt.Sprint("product ", len(s.writers))
	v := sad(mention.Verdict{Topics: []string{goods()[len(s.writers)%len(goods())], where.topic}})
	switch way {
	case 0:
		v.Topics = v.Topics[:1]
	case 3:
		v.Topics = nil
	}
	c.place.topic = product
	p.says(c, at, delay, v, func(m *mention.Mention) {
		m.Product, m.Text = product, fmt.Sprintf("%x %x %x %x", p.rnd.Uint32(), p.rnd.Uint32(), p.rnd.Uint32(), p.rnd.Uint32()) // no campaign
	})
}

func goods() []string {
	return []string{"wrong_item", "missing_item", "damaged", "defective", "expired", "size_fit", "expectation", "quality", "packaging"}
}

// drops are days on which many give one star to a brand in a source. They are
// told in the morning, when the day is over, and end when it is a week ago.
func (p *plan) drops(each int) {
	for i := range each {
		where := rated()[i%len(rated())]
		day := p.begin.AddDate(0, 0, i*max(0, p.days-8)/each)
		for k := range 25 {
			c := &writer{place: where, author: mention.Author{ID: fmt.Sprint("star ", i, " ", k)}}
			p.rates(c, where.at(day, 8, 0).Add(time.Duration(k)*30*time.Minute), 5*time.Minute, 1)
		}
		looked := day.AddDate(0, 0, 1).Add(3 * time.Hour) // the day is in
		over := looked.AddDate(0, 0, 7)
		p.look(over, over.Add(lookWithin), lookEvery)
		p.taken(p.series("rating_drop", where.brand, where.source, looked, lookWithin, span{looked.AddDate(0, 0, 1), over.Add(time.Hour)}), i)
	}
}

// losses are sources of which every page is a challenge, or which are silent by
// day; they come back in the evening.
func (p *plan) losses(each int) {
	for i := range each {
		where := elsewhere()[i%len(elsewhere())]
		day := p.begin.AddDate(0, 0, 1+i*(p.days-1)/each)
		from, to := istanbul(day, 7), istanbul(day, 19)
		if silent := (i+1)/2%2 == 1; silent {
			p.lose(where, span{from, to})
			p.look(from.Add(-2*runEvery), to.Add(2*runEvery), halfHour)
			c := p.series("coverage_lost", "", where.source, from.Add(6*time.Hour), 6*time.Hour, span{to, to.Add(time.Hour)})
			c.life.from, c.wants[0].within = from, 6*time.Hour
			c.wants = append(c.wants, want{notify.KindHandedOn, c.place.next, c.wants[0].at.Add(c.place.after), 6 * time.Hour})
		} else {
			from, to = istanbul(day, 10), istanbul(day, 17)
			p.lose(where, span{from, to})
			p.look(from.Add(-2*runEvery), to.Add(2*runEvery), halfHour)
			third := handed(runAt(from).Add(2 * runEvery))
			c := p.series("coverage_lost", "", where.source, third, lookWithin, span{to, to.Add(2 * time.Hour)})
			p.taken(c, i/4)
			p.failing = append(p.failing, loss{where.source, span{from, to}})
		}
	}
}

// lose keeps a source silent for a while; the first customer after it writes soon.
func (p *plan) lose(where place, s span) {
	p.lost[where.source] = append(p.lost[where.source], s)
	c := &writer{place: where, author: mention.Author{ID: fmt.Sprint("back ", s.to.Unix())}}
	p.says(c, s.to.Add(5*time.Minute), time.Minute, mention.Verdict{Mood: mention.Satisfied, Priority: 4}, nil)
}

func istanbul(day time.Time, hour int) time.Time { return places()[0].at(day, hour, 0) }

// loss is when the pages of a source are no good.
type loss struct {
	source string
	span
}

// runAt is the first run at or after a time.
func runAt(at time.Time) time.Time {
	return at.Add(runEvery - 1).Truncate(runEvery).Add(2 * time.Minute)
}

// runs lets every source be visited from before the first day on.
func (p *plan) runs() {
	for _, where := range slices.Concat(places(), elsewhere()) {
		for at := runAt(p.begin); at.Before(p.begin.AddDate(0, 0, p.days+after)); at = at.Add(runEvery) {
			outcome, reason := mention.OutcomeOK, ""
			if slices.ContainsFunc(p.failing, func(l loss) bool { return l.source == where.source && l.has(at) }) {
				outcome, reason = mention.OutcomeSoftFail, "challenge"
			}
			run := fmt.Sprint(where.source, " ", at.Unix())
			p.visits = append(p.visits,
				mention.Visit{ID: run, Run: run, Source: where.source, At: at, Outcome: outcome, Reason: reason, Attempt: 1},
				mention.Visit{ID: run + " end", Run: run, Source: where.source, At: at, Outcome: outcome, Reason: reason, RunEnd: true})
		}
	}
}

// seenBefore are the rows that were seen before a time, in order.
func (p *plan) seenBefore(end time.Time) (rows []mention.Scored) {
	slices.SortStableFunc(p.arrivals, func(a, b arrival) int { return a.at.Compare(b.at) })
	for _, a := range p.arrivals {
		if a.at.Before(end) {
			rows = append(rows, a.row)
		}
	}
	return rows
}

// ended looks into the journal whether what c tells of came to its end by itself,
// once and in time.
func (a *audit) ended(t *testing.T, c *writer) {
	t.Helper()
	found, err := a.store.Escalations(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		if e.Rule != c.rule || e.Brand != c.place.brand || e.Source != c.place.source || !c.life.has(e.Opened) {
			continue
		}
		steps, err := a.store.Events(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		over := slices.DeleteFunc(steps, func(s mention.Event) bool { return s.Type != "resolved" })
		if len(over) != 1 || over[0].Actor != "feryat" || !c.over.has(over[0].At) {
			a.fault("%s is over %d times, wanted once from %s to %s: %+v", c, len(over), c.over.from.Format(time.DateTime), c.over.to.Format(time.DateTime), over)
		}
		return
	}
	a.fault("%s is not stored", cmp.Or(c.key(), c.rule))
}
