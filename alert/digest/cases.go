package digest

import (
	"strings"
	"time"

	"feryat/alert/notify"
	"feryat/i18n"
	"feryat/mention"
)

// cases are the escalations of the period in figures.
func (w writer) cases(b mention.BrandDigest) block {
	c := b.Cases
	if c.Opened+c.Past+c.Waiting == 0 {
		return block{}
	}
	facts := []fact{{w.t("opened"), w.t("before", w.n(c.Opened), w.n(c.Past))}}
	if c.Promised > 0 {
		facts = append(facts, fact{w.t("in_time"), w.of(c.InTime, c.Promised)}, fact{w.t("late"), w.n(c.Late)})
	}
	waiting := w.n(c.Waiting)
	if c.Waiting > 0 && !c.Oldest.IsZero() {
		waiting = w.t("oldest", waiting, w.texts.Ago(w.l, w.d.AsOf.Sub(c.Oldest)))
	}
	facts = append(facts, fact{w.t("waiting"), waiting}, fact{w.texts.T(w.l, "msg.false_alarm"), w.n(c.FalseAlarms)})
	return block{Title: w.t("cases"), Facts: facts}
}

// of is a part of a whole, as a share where there are enough.
func (w writer) of(part, whole int64) string {
	if whole < fewMentions {
		return w.t("of", w.n(part), w.n(whole))
	}
	return w.t("of_share", w.percent(part, whole), w.n(part), w.n(whole))
}

// incidents are what many customers or the figures showed.
func (w writer) incidents(b mention.BrandDigest) block {
	c := block{Title: w.titled("incidents", int64(len(b.Incidents))), Rest: w.rest(len(b.Incidents), w.size.items)}
	for _, e := range b.Incidents[:min(len(b.Incidents), w.size.items)] {
		figures := ""
		if e.Figures != nil {
			figures = w.texts.Figures(w.l, *e.Figures)
		} else if e.Excerpt != "" {
			figures = w.quote(e.Excerpt)
		}
		about := w.join(w.texts.Date(w.l, e.Opened, w.zone), w.topicNames(e.Topics), w.foreign(e.Product, maxName), w.foreign(w.texts.Code(w.l, "state", string(e.State)), maxName))
		c.Items = append(c.Items, item{Text: w.join(w.title(e.Rule), figures), About: about, URL: notify.Address(e.URL)})
	}
	return c
}

// titled is the title of a list with how many there are in all.
func (w writer) titled(key string, n int64) string { return w.t("titled", w.t(key), w.n(n)) }

// mostCodes is how many topics are named of one text.
const mostCodes = 4

func (w writer) topicNames(codes []string) string {
	var words []string
	for _, c := range codes[:min(len(codes), mostCodes)] {
		words = append(words, w.foreign(w.texts.Code(w.l, "topic", c), maxName))
	}
	comma := ", "
	if w.l == i18n.Persian {
		comma = "، "
	}
	return strings.Join(words, comma)
}

// good is the good news of a brand.
func (w writer) good(b mention.BrandDigest) (blocks []block) {
	for _, kind := range []struct {
		key  string
		n    int64
		rows []mention.Scored
	}{
		{"praise", b.Praised, b.Praise}, {"questions", b.Asked, b.Questions}, {"advocates", b.Advocated, b.Advocates}, {"won_back", b.Returned, b.WonBack},
	} {
		if kind.n == 0 {
			continue
		}
		c := block{Title: w.titled(kind.key, kind.n)}
		c.Items = w.items(kind.rows, nil)
		c.Rest = w.rest(int(kind.n), len(c.Items))
		blocks = append(blocks, c)
	}
	if len(blocks) == 0 && b.Now.Mentions > 0 {
		blocks = []block{{Title: w.t("good"), Note: w.t("no_good")}}
	}
	return blocks
}

// rivals are the unhappy customers of rivals, and what they complain of.
func (w writer) rivals() (blocks []block) {
	for _, r := range w.d.Rivals {
		if r.Now.Unhappy == 0 || len(blocks) == w.size.brands {
			continue
		}
		var topics []string
		for _, t := range r.Topics {
			if t.Now > 0 {
				topics = append(topics, t.Topic)
			}
		}
		c := block{
			Title: w.t("titled", w.t("rival", w.foreign(r.Brand, maxName)), w.n(r.Now.Unhappy)), Part: true,
			Items: w.items(r.Unhappy, func(s mention.Scored) string { return w.topicNames(s.Verdict.Topics) }),
		}
		if len(topics) > 0 {
			c.Note = w.t("rival_topics", w.topicNames(topics))
		}
		c.Rest = w.rest(int(r.Now.Unhappy), len(c.Items))
		blocks = append(blocks, c)
	}
	return blocks
}

// items are texts with who wrote them; more says something else of each.
func (w writer) items(rows []mention.Scored, more func(mention.Scored) string) (items []item) {
	for _, r := range rows[:min(len(rows), w.size.items)] {
		m, extra := r.Mention, ""
		if more != nil {
			extra = more(r)
		}
		items = append(items, item{Text: w.quote(m.Text), About: w.join(w.who(m.Author), w.heard(m), w.foreign(m.Source, maxName), w.day(m), extra), URL: notify.Address(m.URL)})
	}
	return items
}

func (w writer) quote(s string) string {
	return w.texts.T(w.l, "msg.quote", w.foreign(s, w.size.quote))
}

func (w writer) who(a mention.Author) string {
	if name := w.foreign(a.Name, maxName); name != "" {
		return name
	}
	return w.texts.T(w.l, "ui.anonymous")
}

// heard is how many may have read it, where anybody knows.
func (w writer) heard(m mention.Mention) string {
	switch {
	case m.Views > m.Author.Followers:
		return w.texts.T(w.l, "msg.reach", w.n(m.Views))
	case m.Author.Followers > 0:
		return w.texts.T(w.l, "msg.followers", w.n(m.Author.Followers))
	}
	return ""
}

// day is that of writing. That of a source which tells no hour begins at its own
// midnight: half a day later it is that day everywhere.
func (w writer) day(m mention.Mention) string {
	at := m.Written.Time
	switch {
	case at.IsZero():
		return w.texts.T(w.l, "ui.time_unknown")
	case m.Written.Precision == mention.PrecisionDay:
		at = at.Add(12 * time.Hour)
	}
	return w.texts.Day(w.l, at, w.zone)
}
