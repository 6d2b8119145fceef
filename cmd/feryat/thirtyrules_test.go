package main

import (
	"fmt"
	"time"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/mention"
)

// planting is how a bundled rule is brought to tell of a customer.
type planting struct {
	severity string
	kind     notify.Kind // of the message
	// says lets c write what the rule holds of, the last of it at a time and seen
	// some time after, and answers the row that tells. Nil says facts.
	says  func(p *plan, c *writer, i int, at time.Time, delay time.Duration) mention.Scored
	facts []mention.Verdict // in turn
	wait  time.Duration     // of the rule
}

func sad(v mention.Verdict) mention.Verdict {
	v.Mood, v.Priority = mention.Dissatisfied, 2
	return v
}

func mad(v mention.Verdict) mention.Verdict {
	v.Mood, v.Priority, v.Anger = mention.Angry, 1, 0.9
	return v
}

func signals(s ...string) mention.Verdict { return mention.Verdict{Signals: s} }

func kinds(s ...string) mention.Verdict { return mention.Verdict{Customer: s} }

// plantings has an entry for each bundled rule.
func plantings() map[string]planting {
	return map[string]planting{
		"angry_now": {severity: "critical", says: angryNow},
		"safety":    {severity: "critical", facts: []mention.Verdict{sad(signals("safety_hazard")), sad(mention.Verdict{Topics: []string{"safety"}})}},
		"threat": {severity: "high", facts: []mention.Verdict{
			sad(signals("legal_threat")), sad(signals("authority_filed")), sad(signals("publicity_threat")), mad(signals("fraud_claim")), sad(signals("fraud_claim", "refund_demand")),
		}},
		"churn": {severity: "high", facts: []mention.Verdict{
			sad(signals("churn")), sad(kinds("churned")), sad(mention.Verdict{Switches: &mention.Switch{To: "Rakip"}}), mad(signals("churn")),
		}},
		"new_failed": {severity: "high", facts: []mention.Verdict{
			sad(mention.Verdict{Customer: []string{"new"}, Topics: []string{"support_unreachable"}}), sad(mention.Verdict{Customer: []string{"referred"}, Topics: []string{"staff_rude"}}),
			mad(mention.Verdict{Customer: []string{"new"}, Signals: []string{"promise_broken"}}),
		}},
		"valued_customer": {severity: "high", facts: []mention.Verdict{
			sad(kinds("loyal")), sad(kinds("advocate")), sad(kinds("effortless")), sad(signals("high_value")), sad(signals("long_tenure")),
		}},
		"repeat_complainer": {severity: "high", says: thirdTime},
		"lost_again":        {severity: "high", kind: notify.KindReopened, says: lostAgain},
		"unanswered":        {severity: "high", facts: []mention.Verdict{mad(mention.Verdict{})}, wait: 45 * time.Minute},
		"angry":             {severity: "normal", says: plainAnger},
		"stars_contradict":  {severity: "normal", says: contradiction},
	}
}

// topics puts that of the place first.
func (c *writer) topics(v mention.Verdict) mention.Verdict {
	v.Topics = append([]string{c.place.topic}, v.Topics...)
	return v
}

func angryNow(p *plan, c *writer, i int, at time.Time, delay time.Duration) mention.Scored {
	v, reach := mad(mention.Verdict{}), int64(0)
	switch i % 7 {
	case 0:
		v.Signals = []string{"legal_threat"}
	case 1:
		v.Signals = []string{"publicity_threat", "refund_demand"}
	case 2:
		reach = 25000
	case 3:
		v.Signals = []string{"repeat_complaint"}
	case 4:
		v.Signals = []string{"long_tenure"}
	case 5: // calm the first time
		p.says(c, at.Add(-29*time.Hour), delay, c.topics(sad(mention.Verdict{})), nil)
	case 6:
		v.Signals = []string{"safety_hazard"}
	}
	return p.says(c, at, delay, c.topics(v), func(m *mention.Mention) { m.Views = 2 * reach })
}

// thirdTime lets the crawler see the second complaint of three after the third,
// now and then.
func thirdTime(p *plan, c *writer, i int, at time.Time, delay time.Duration) mention.Scored {
	v := c.topics(sad(mention.Verdict{}))
	p.says(c, at.Add(-50*time.Hour), delay, v, nil)
	if i%4 == 3 {
		third := p.says(c, at, delay, v, nil)
		p.says(c, at.Add(-26*time.Hour), 26*time.Hour+delay+10*time.Minute, v, nil)
		third.Mention.Collected = third.Mention.Collected.Add(10 * time.Minute) // only then it is known
		return third
	}
	p.says(c, at.Add(-26*time.Hour), delay, v, nil)
	return p.says(c, at, delay, v, nil)
}

// lostAgain is plain anger, an answer in time, then thanks or a person's word
// that it is solved, and two days later the next complaint.
func lostAgain(p *plan, c *writer, i int, at time.Time, delay time.Duration) mention.Scored {
	first := at.Add(-60 * time.Hour)
	p.answers(c, p.says(c, first, 4*time.Minute, c.topics(mad(mention.Verdict{})), nil), first.Add(20*time.Minute))
	if i%2 == 0 {
		p.says(c, first.Add(9*time.Hour), delay, mention.Verdict{Mood: mention.Satisfied, Signals: []string{"resolved"}, Priority: 4}, nil)
	} else {
		p.deeds = append(p.deeds, deed{first.Add(9 * time.Hour), c, alert.Act{Type: "resolved", By: "ayse"}})
	}
	return p.says(c, at, delay, c.topics(sad(mention.Verdict{})), nil)
}

func plainAnger(p *plan, c *writer, _ int, at time.Time, _ time.Duration) mention.Scored {
	row := p.says(c, at, 5*time.Minute, c.topics(mad(mention.Verdict{})), nil)
	p.answers(c, row, at.Add(25*time.Minute))
	return row
}

func contradiction(p *plan, c *writer, i int, at time.Time, delay time.Duration) mention.Scored {
	v := c.topics(sad(signals("contradiction")))
	if i%2 == 1 {
		v.Mood = mention.Satisfied
	}
	return p.says(c, at, delay, v, func(m *mention.Mention) { m.Rating = &mention.Rating{Value: float64(5 - 4*(i%2)), Worst: 1, Best: 5} })
}

// plant lets the n-th rule tell of customers over the days.
func (p *plan) plant(n, each int, rule string, how planting) {
	for i := range each {
		where := places()[(i+n)%len(places())]
		c := &writer{rule: rule, severity: how.severity, place: where.told(rule, how.severity), author: mention.Author{ID: fmt.Sprintf("%s %d", rule, i)}}
		p.planted = append(p.planted, c)
		day := p.begin.AddDate(0, 0, 3+(i*(p.days-4)/max(1, each-1)+7*n)%(p.days-3))
		night := i%5 == 4
		at, delay := p.quietMoment(where, day, night), time.Duration(1+p.rnd.IntN(12))*time.Minute
		way := ways()[(i/2)%len(ways())]
		if way.late && !night {
			delay += 5 * time.Hour
		}
		var row mention.Scored
		if how.says != nil {
			row = how.says(p, c, i, at, delay)
		} else {
			row = p.says(c, at, delay, c.topics(how.facts[i%len(how.facts)]), nil)
		}
		p.again(row, 4*time.Minute, false)
		p.again(row, 2*time.Hour, true)
		p.again(row, 26*time.Hour, false)
		if how.severity != "normal" {
			p.follow(c, row, how, way)
		}
	}
}

// quietMoment is a time of that day or night, or of one of the next, at which
// nobody else complains of that, nor when the customer may come back.
func (p *plan) quietMoment(where place, day time.Time, night bool) time.Time {
	for try := 0; ; try++ {
		hour := 9 + p.rnd.IntN(7)
		if night {
			hour = p.rnd.IntN(4)
		}
		at := where.at(day.AddDate(0, 0, try/20), hour, p.rnd.IntN(60))
		if p.alone(where.brand, where.topic, at) && p.alone(where.brand, where.topic, at.Add(5*time.Hour)) {
			return at
		}
	}
}
