package digest

import (
	"math"
	"slices"

	"feryat/i18n"
	"feryat/mention"
)

// Of fewer than these no share and no mean is told, but the counts alone.
const (
	fewMentions = 20
	fewRatings  = 5
)

// What is called a clear change: chance alone gives a difference as large in one
// case of twenty, and, for topics, of which there are many, of a hundred.
const (
	clearShare = 1.96
	clearTopic = 2.58
)

// scale is the number of steps from one star to five.
const scale = 4

// tally are the figures of a period beside those of the one before.
func (w writer) tally(now, past mention.Tally) []fact {
	facts := []fact{
		{w.texts.T(w.l, "ui.mentions"), w.t("before", w.n(now.Mentions), w.n(past.Mentions))},
		{w.texts.T(w.l, "ui.unhappy"), w.join(w.unhappy(now), w.unhappyBefore(past), w.change(now, past))},
	}
	if now.Ratings > 0 || past.Ratings > 0 {
		value := w.rating(now)
		if past.Ratings > 0 {
			value = w.join(value, w.t("past", w.rating(past)))
		}
		facts = append(facts, fact{w.texts.T(w.l, "ui.rating"), value})
	}
	return facts
}

func (w writer) unhappy(t mention.Tally) string {
	if t.Mentions < fewMentions {
		return w.t("few", w.n(t.Unhappy), w.n(t.Mentions), w.n(t.Angry))
	}
	return w.t("share", w.percent(t.Unhappy, t.Mentions), w.n(t.Unhappy), w.n(t.Mentions), w.n(t.Angry))
}

// unhappyBefore is shorter: its counts matter less.
func (w writer) unhappyBefore(t mention.Tally) string {
	if t.Mentions < fewMentions {
		return w.t("past", w.t("of", w.n(t.Unhappy), w.n(t.Mentions)))
	}
	return w.t("past", w.percent(t.Unhappy, t.Mentions))
}

func (w writer) percent(part, whole int64) string {
	return i18n.Percent(w.l, float64(part)/float64(whole))
}

// change says whether the share of unhappy customers differs by more than
// chance (two proportions, pooled); nothing of few.
func (w writer) change(now, past mention.Tally) string {
	if now.Mentions < fewMentions || past.Mentions < fewMentions {
		return ""
	}
	n, m := float64(now.Mentions), float64(past.Mentions)
	p, q := float64(now.Unhappy)/n, float64(past.Unhappy)/m
	pooled := float64(now.Unhappy+past.Unhappy) / (n + m)
	z := (p - q) / math.Sqrt(pooled*(1-pooled)*(1/n+1/m))
	switch {
	case z > clearShare:
		return w.t("up")
	case z < -clearShare:
		return w.t("down")
	}
	return w.t("same") // not a number, too: all or none are unhappy, as before
}

func (w writer) rating(t mention.Tally) string {
	if t.Ratings < fewRatings {
		return w.t("rating_few", w.n(t.Ratings))
	}
	return w.t("rating", i18n.Decimal(w.l, 1+scale*t.Rating, 1), w.n(t.Ratings))
}

// The colours of the built-in page. No meaning hangs on them alone.
const (
	colourAngry     = "#a61c28"
	colourUnhappy   = "#dd7a3a"
	colourOther     = "#8b96a5"
	colourSatisfied = "#2f8f5b"
	colourNow       = "#23508e"
	colourPast      = "#b9c6da"
)

// days is the chart of moods.
func (w writer) days(b mention.BrandDigest) block {
	var top int64
	for _, d := range b.Days {
		top = max(top, total(d.Counts))
	}
	if top == 0 {
		return block{}
	}
	c := block{Title: w.t("days"), Days: true, Legend: w.moods(map[mention.Mood]int64{}, 1)}
	for _, d := range b.Days {
		figure := w.n(total(d.Counts))
		if unhappy := d.Counts[mention.Angry] + d.Counts[mention.Dissatisfied]; unhappy > 0 {
			figure = w.t("day_figure", figure, w.n(unhappy))
		}
		c.Bars = append(c.Bars, bar{Label: w.texts.Day(w.l, d.Day, w.zone), Rows: [][]part{w.moods(d.Counts, top)}, Figure: figure})
	}
	return c
}

func total(counts map[mention.Mood]int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}

// moods are the parts of a bar, the worst first.
func (w writer) moods(counts map[mention.Mood]int64, top int64) []part {
	other := total(counts) - counts[mention.Angry] - counts[mention.Dissatisfied] - counts[mention.Satisfied]
	return []part{
		{colourAngry, w.texts.T(w.l, "mood.angry"), width(counts[mention.Angry], top)},
		{colourUnhappy, w.texts.T(w.l, "mood.dissatisfied"), width(counts[mention.Dissatisfied], top)},
		{colourOther, w.t("other"), width(other, top)},
		{colourSatisfied, w.texts.T(w.l, "mood.satisfied"), width(counts[mention.Satisfied], top)},
	}
}

// width is n in percent of top; what is there is seen.
func width(n, top int64) int {
	if n <= 0 {
		return 0
	}
	return max(1, int(n*100/top))
}

// mostTopics is how many topics the chart shows.
const mostTopics = 8

// topics is the chart of what is complained of: first what changed clearly, then
// what is complained of most.
func (w writer) topics(b mention.BrandDigest) block {
	all := slices.Clone(b.Topics)
	slices.SortStableFunc(all, func(x, y mention.TopicChange) int {
		if a, b := clearly(x) != 0, clearly(y) != 0; a != b {
			return map[bool]int{true: -1, false: 1}[a]
		}
		return int(max(y.Now, y.Past) - max(x.Now, x.Past))
	})
	all = all[:min(len(all), mostTopics)]
	top := int64(1)
	for _, t := range all {
		top = max(top, t.Now, t.Past)
	}
	c := block{Title: w.t("topics"), Legend: []part{{colourNow, w.t("this_period"), 0}, {colourPast, w.t("last_period"), 0}}}
	for _, t := range all {
		c.Bars = append(c.Bars, bar{
			Label: w.foreign(w.texts.Code(w.l, "topic", t.Topic), maxName), Figure: w.t("before", w.n(t.Now), w.n(t.Past)),
			Mark: map[int]string{1: w.t("grew"), -1: w.t("shrank")}[clearly(t)],
			Rows: [][]part{{{colourNow, w.t("this_period"), width(t.Now, top)}}, {{colourPast, w.t("last_period"), width(t.Past, top)}}},
		})
	}
	return c
}

// clearly is 1 for a topic that grew by more than chance, -1 for one that shrank.
// Two counts of one rate differ by their root of the sum, as Poisson's do.
func clearly(t mention.TopicChange) int {
	z := float64(t.Now-t.Past) / math.Sqrt(float64(t.Now+t.Past))
	switch {
	case z >= clearTopic:
		return 1
	case z <= -clearTopic:
		return -1
	}
	return 0
}
