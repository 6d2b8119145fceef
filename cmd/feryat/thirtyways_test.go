package main

import (
	"time"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/mention"
)

// way is how it goes on after somebody was told.
type way struct {
	late    bool // the crawler saw it hours after it was written
	taken   bool
	answers bool // in public, in time if it was seen in time
	back    bool // the customer complains again after the answer
	more    bool // the customer goes on while nobody has answered
}

func ways() []way {
	return []way{{taken: true, answers: true}, {more: true}, {taken: true}, {taken: true, answers: true, back: true}, {late: true}, {late: true, taken: true, more: true}}
}

func (c *writer) want(kind notify.Kind, at time.Time, channels ...string) {
	for _, channel := range channels {
		c.wants = append(c.wants, want{kind: kind, channel: channel, at: at})
	}
}

// awake is when those who are told at a time hear of it.
func (p place) awake(at time.Time) time.Time {
	local := at.In(p.location())
	switch {
	case p.quiet && local.Hour() < 8:
		return p.at(local, 8, 0)
	case p.quiet && local.Hour() == 23:
		return p.at(local.AddDate(0, 0, 1), 8, 0)
	}
	return at
}

// follow plans what comes after row, and who has to hear of it when.
func (p *plan) follow(c *writer, row mention.Scored, how planting, w way) {
	written := row.Mention.Written.Time
	if how.kind == "" {
		how.kind = notify.KindOpened
	}
	opened := handed(row.Mention.Collected)
	if asks := written.Add(how.wait); how.wait > 0 && asks.After(opened) {
		opened = asks
	}
	told := c.place.awake(opened)
	c.want(how.kind, told, c.place.channels...)
	if w.taken {
		p.deeds = append(p.deeds, deed{told.Add(4 * time.Minute), c, alert.Act{Type: "acknowledged", By: "ayse"}})
	} else if c.place.after > 0 {
		c.want(notify.KindHandedOn, told.Add(c.place.after), c.place.next)
	}
	if w.more {
		p.says(c, opened.Add(25*time.Minute), 5*time.Minute, c.topics(sad(mention.Verdict{})), nil)
	}
	answered := told.Add(7 * time.Minute)
	if w.answers {
		p.answers(c, row, answered)
	}
	p.clocks(c, written, told, w)
	if w.back {
		p.comeBack(c, answered.Add(5*time.Hour))
	}
}

// clocks wants the reminders of the promise. What is due before somebody was
// told is told in the first message.
func (p *plan) clocks(c *writer, written, told time.Time, w way) {
	warn, due := written.Add(45*time.Minute), written.Add(time.Hour)
	since, stopped := told, due.AddDate(1, 0, 0)
	if w.taken {
		since = told.Add(4 * time.Minute)
	}
	if w.answers {
		stopped = handed(told.Add(10 * time.Minute))
	}
	if warn.Before(stopped) && !warn.Before(since.Add(10*time.Minute)) {
		c.want(notify.KindWarned, warn, c.place.channels...)
	}
	if due.Before(stopped) && !due.Before(told) {
		c.want(notify.KindBreached, due, c.place.channels...)
	}
}

// comeBack lets the customer complain again after the answer; that is answered.
func (p *plan) comeBack(c *writer, at time.Time) {
	row := p.says(c, at, 5*time.Minute, c.topics(sad(mention.Verdict{})), nil)
	told := c.place.awake(handed(row.Mention.Collected))
	c.want(notify.KindReopened, told, c.place.channels...)
	p.deeds = append(p.deeds, deed{told.Add(4 * time.Minute), c, alert.Act{Type: "acknowledged", By: "veli"}})
	p.answers(c, row, told.Add(7*time.Minute))
}
