package digest

import (
	"slices"
	"time"

	"feryat/alert/notify"
	"feryat/i18n"
	"feryat/mention"
)

// stories says in sentences what a reader must know of a brand; of few customers there is little to say.
func (w writer) stories(b mention.BrandDigest) block {
	c := block{Title: w.t("short")}
	say := func(key string, args ...any) { c.Points = append(c.Points, w.t("story."+key, args...)) }
	if b.Now.Mentions >= fewMentions && b.Past.Mentions >= fewMentions {
		say(map[string]string{w.t("up"): "worse", w.t("down"): "better"}[w.change(b.Now, b.Past)]+w.alike(b), w.percent(b.Past.Unhappy, b.Past.Mentions), w.percent(b.Now.Unhappy, b.Now.Mentions))
	}
	for _, t := range []struct {
		key string
		way int
	}{{"grew", 1}, {"shrank", -1}} {
		if i := slices.IndexFunc(b.Topics, func(x mention.TopicChange) bool { return clearly(x) == t.way }); i >= 0 {
			x := b.Topics[i]
			say(t.key, w.topicNames([]string{x.Topic}), w.n(x.Now), w.n(x.Past))
		}
	}
	if n := len(b.Incidents); n > 0 {
		say("incidents", w.n(int64(n)))
	}
	if c := b.Cases; c.Promised > 0 {
		say("promise", w.n(c.InTime), w.n(c.Promised), w.n(c.Late))
	}
	if b.Returned > 0 {
		say("won_back", w.n(b.Returned))
	}
	if b.Praised > 0 {
		say("praise", w.n(b.Praised))
	}
	return c
}

// alike is the key's end for a share that did not change clearly.
func (w writer) alike(b mention.BrandDigest) string {
	if w.change(b.Now, b.Past) == w.t("same") {
		return "alike"
	}
	return ""
}

// span is a share with its 95 % interval, both of 0 to 1.
type span struct {
	Label, Figure    string
	Colour           string
	Share, Low, High float64
}

// shares are the unhappy and the angry of a brand with their intervals, of both periods.
func (w writer) shares(b mention.BrandDigest) block {
	c := block{Title: w.t("shares"), Note: w.t("shares_note")}
	for _, x := range []struct {
		word string
		tell func(mention.Tally) int64
	}{{w.texts.T(w.l, "ui.unhappy"), func(t mention.Tally) int64 { return t.Unhappy }}, {w.texts.T(w.l, "mood.angry"), func(t mention.Tally) int64 { return t.Angry }}} {
		for _, period := range []struct {
			word, colour string
			t            mention.Tally
		}{{w.t("this_period"), colourNow, b.Now}, {w.t("last_period"), colourPast, b.Past}} {
			if period.t.Mentions < fewMentions {
				continue
			}
			n := x.tell(period.t)
			share := float64(n) / float64(period.t.Mentions)
			low, high := mention.Wilson(share, float64(period.t.Mentions))
			s := span{Label: w.join(x.word, period.word), Colour: period.colour, Share: share, Low: low, High: high}
			s.Figure = w.t("interval", w.percent(n, period.t.Mentions), i18n.Percent(w.l, low), i18n.Percent(w.l, high))
			c.Spans = append(c.Spans, s)
			c.Facts = append(c.Facts, fact{s.Label, s.Figure})
		}
	}
	return c
}

// switches are the moves from and to a brand.
func (w writer) switches(b mention.BrandDigest) block {
	c := block{Title: w.t("switches"), Note: w.t("switches_note"), Legend: []part{{colourSatisfied, w.t("came"), 0}, {colourUnhappy, w.t("left"), 0}}}
	top := int64(1)
	for _, s := range b.Switches {
		top = max(top, s.N)
	}
	name := func(s string) string {
		if s == "" {
			return w.t("not_said")
		}
		return w.foreign(s, maxName)
	}
	for _, s := range b.Switches {
		p := part{colourUnhappy, w.t("left"), width(s.N, top)}
		if s.To == b.Brand {
			p = part{colourSatisfied, w.t("came"), width(s.N, top)}
		}
		c.Bars = append(c.Bars, bar{Label: w.t("move", name(s.From), name(s.To)), Rows: [][]part{{p}}, Figure: w.n(s.N)})
	}
	return c
}

// waits are cases of one kind with how long their customers waited.
func (w writer) waits(key string, cases []mention.CaseTime) block {
	c := block{Title: w.t(key)}
	for _, x := range cases[:min(len(cases), w.size.items)] {
		waited := w.t("answered_after", w.texts.Span(w.l, x.Waited.Round(time.Minute)))
		if x.Answered.IsZero() && x.Resolved.IsZero() {
			waited = w.t("no_answer", w.texts.Span(w.l, x.Waited.Round(time.Minute)))
		}
		reply := ""
		if x.Reply != "" {
			reply = w.texts.Code(w.l, "reply", string(x.Reply))
		}
		about := w.join(waited, reply, w.who(x.Author), w.foreign(x.Source, maxName), w.texts.Date(w.l, x.Opened, w.zone), w.topicNames(x.Topics))
		c.Items = append(c.Items, item{Text: w.quote(x.Excerpt), About: about, URL: notify.Address(x.URL)})
	}
	return c
}

// sources are what the figures rest on: mentions by source.
func (w writer) sources() []block {
	if len(w.d.Heard) == 0 {
		return nil
	}
	c := block{Title: w.t("heard"), Part: true, Note: w.t("heard_note"), Legend: []part{{colourNow, w.t("this_period"), 0}, {colourPast, w.t("last_period"), 0}}, Rest: w.rest(len(w.d.Heard), mostGaps)}
	top := int64(1)
	for _, s := range w.d.Heard {
		top = max(top, s.Now, s.Past)
	}
	for _, s := range w.d.Heard[:min(len(w.d.Heard), mostGaps)] {
		c.Bars = append(c.Bars, bar{Label: w.foreign(s.Source, maxName), Figure: w.t("before", w.n(s.Now), w.n(s.Past)),
			Rows: [][]part{{{colourNow, w.t("this_period"), width(s.Now, top)}}, {{colourPast, w.t("last_period"), width(s.Past, top)}}}})
	}
	return []block{c}
}
