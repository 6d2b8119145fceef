package main

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"feryat/mention"
)

// background lets n customers write of whom nobody must hear; every third of
// them elsewhere.
func (p *plan) background(name string, n int) {
	for i := range n {
		if i%3 == 0 {
			p.aside(name, i)
			continue
		}
		at := p.moment()
		c := p.somebody(name, i, at)
		delay := time.Duration(1+p.rnd.IntN(18)) * time.Minute
		if p.rnd.IntN(20) == 0 {
			delay += time.Duration(1+p.rnd.IntN(20)) * time.Hour
		}
		switch share := p.rnd.IntN(100); {
		case share < 8: // plain anger that is answered in time is for the list
			row := p.says(c, at, time.Duration(1+p.rnd.IntN(10))*time.Minute, c.topics(mad(mention.Verdict{})), nil)
			p.answers(c, row, at.Add(time.Duration(5+p.rnd.IntN(33))*time.Minute))
			p.seenMore(row)
		case share < 25:
			delay = nextRun(at, delay)
			p.seenMore(p.says(c, at, delay, c.topics(sad(mention.Verdict{Signals: []string{"refund_demand"}})), nil))
			if p.rnd.IntN(8) == 0 { // once more, calm: two are no repeated complainer
				at = at.Add(time.Duration(1+p.rnd.IntN(70)) * time.Hour)
				c.place.topic = p.topic(c.place.brand, at)
				p.says(c, at, delay, c.topics(sad(mention.Verdict{})), nil)
			}
		default:
			delay = nextRun(at, delay)
			p.seenMore(p.says(c, at, delay, mention.Verdict{Mood: calm(share), Priority: 4, Customer: []string{"active"}}, nil))
		}
	}
}

// aside lets a customer write elsewhere, while that is not lost.
func (p *plan) aside(name string, i int) {
	c := &writer{place: elsewhere()[i/3%2], author: mention.Author{ID: fmt.Sprint(name, " ", i)}}
	at := p.moment()
	for slices.ContainsFunc(p.lost[c.place.source], func(s span) bool { return s.has(at) || s.has(at.Add(runEvery)) }) {
		at = p.moment()
	}
	v := mention.Verdict{Mood: calm(i % 100), Priority: 4}
	if i%4 == 0 {
		c.place.topic = p.topic(c.place.brand, at)
		v = c.topics(sad(mention.Verdict{}))
	}
	p.says(c, at, nextRun(at, 0), v, nil)
}

// nextRun is the delay until the run in which a source shows what it had after a delay.
func nextRun(at time.Time, delay time.Duration) time.Duration { return runAt(at.Add(delay)).Sub(at) }

// ratings are stars without a word, of each brand in each source where something
// is planted.
func (p *plan) ratings() {
	for n, where := range rated() {
		for i := range 5 * (p.days + after) {
			c := &writer{place: where, author: mention.Author{ID: fmt.Sprint("rater ", p.begin.Unix(), " ", n, " ", i)}}
			at := p.moment()
			p.rates(c, at, nextRun(at, 0), float64(4+p.rnd.IntN(2)))
		}
	}
}

func (p *plan) rates(c *writer, at time.Time, delay time.Duration, stars float64) {
	p.says(c, at, delay, mention.Verdict{Mood: mention.Unknown, Priority: 4}, func(m *mention.Mention) {
		m.Kind, m.Text, m.Rating = mention.KindRating, "", &mention.Rating{Value: stars, Worst: 1, Best: 5}
	})
}

// rated are the brands in the sources.
func rated() (all []place) {
	for _, where := range places() {
		for _, brand := range brands() {
			where.brand = brand
			all = append(all, where)
		}
	}
	return all
}

func brands() []string { return []string{"Paytak", "Zinco", "Kargom"} }

func calm(share int) mention.Mood {
	switch {
	case share < 60:
		return mention.Satisfied
	case share < 80:
		return mention.Neutral
	case share < 85:
		return mention.Mixed
	}
	return mention.Unknown
}

func (p *plan) somebody(name string, i int, at time.Time) *writer {
	c := &writer{place: places()[p.rnd.IntN(len(places()))], author: mention.Author{ID: fmt.Sprint(name, " ", i)}}
	c.place.topic = p.topic(c.place.brand, at)
	if i%40 == 7 {
		c.author = mention.Author{Name: "Misafir"}
	}
	return c
}

// topics are those of which nothing is planted by the rules.
func topics() []string {
	return []string{
		"delay", "lost", "wrong_item", "missing_item", "damaged", "defective", "used_item", "expired", "size_fit", "expectation", "quality", "packaging", "counterfeit",
		"installation", "billing", "promo", "payment", "fraud", "account", "booking", "waiting", "hygiene", "privacy", "spam", "warranty_repair", "misleading_ad",
	}
}

// topic is one that nobody complains of to the brand at about that time, if
// there is one left.
func (p *plan) topic(brand string, at time.Time) (topic string) {
	for range 200 {
		if topic = topics()[p.rnd.IntN(len(topics()))]; p.alone(brand, topic, at) {
			break
		}
	}
	return topic
}

// moment is some time of the days and those after, to the minute, more often by
// day.
func (p *plan) moment() time.Time {
	hour := p.rnd.IntN(24)
	if hour < 6 {
		hour = p.rnd.IntN(24)
	}
	return p.begin.AddDate(0, 0, p.rnd.IntN(p.days+after)).Add(time.Duration(hour*60+p.rnd.IntN(60)) * time.Minute)
}

// seenMore lets some rows be delivered twice, or edited.
func (p *plan) seenMore(row mention.Scored) {
	switch p.rnd.IntN(12) {
	case 0:
		p.again(row, time.Duration(p.rnd.IntN(3))*runEvery, false)
	case 1:
		p.again(row, time.Duration(1+p.rnd.IntN(30))*runEvery, true)
	}
}

// traps are what rules hold of and nobody must be told of all the same.
func (p *plan) traps(n int) {
	worst := mad(mention.Verdict{Signals: []string{"legal_threat", "safety_hazard", "churn"}, Customer: []string{"loyal"}})
	for i := range n {
		edits := map[string]func(*mention.Mention){
			"import":   func(m *mention.Mention) { m.Origin = mention.OriginImport },
			"rescore":  func(m *mention.Mention) { m.Origin = mention.OriginRescore },
			"backfill": func(m *mention.Mention) { m.Origin = mention.OriginBackfill },
			"own":      func(m *mention.Mention) { m.Author.Own = true },
			"gone":     func(m *mention.Mention) { m.Gone = true },
			"old":      func(m *mention.Mention) { m.Written.Time = m.Written.Time.Add(-8 * 24 * time.Hour) },
		}
		for _, name := range slices.Sorted(maps.Keys(edits)) {
			at := p.moment()
			c := p.somebody(name, i, at)
			c.author = mention.Author{ID: fmt.Sprint(name, " ", i)}
			p.says(c, at, time.Duration(1+p.rnd.IntN(18))*time.Minute, c.topics(worst), edits[name])
		}
		at := p.moment()
		c := p.somebody("unknown", i, at)
		v := worst
		v.Mood = []mention.Mood{mention.Unknown, mention.Neutral, mention.Mixed}[i%3]
		p.says(c, at, 5*time.Minute, c.topics(v), nil)
	}
}
