package notify

import (
	"slices"

	"feryat/mention"
)

// facts are what a person must know of an escalation, a label and a line each.
func (r renderer) facts(e mention.Escalation) []fact {
	all := []fact{
		{r.t("msg.figures"), r.figures(e)},
		{r.t("ui.author"), r.who(e)},
		{r.t("msg.standing"), r.code("standing", string(e.Standing))},
		{r.t("ui.customer"), r.customer(e)},
		{r.t("msg.topics"), r.codes("topic", e.Topics)},
		{r.t("msg.product"), r.own(e.Product, maxName)},
		{r.t("ui.blamed"), r.codes("blamed", e.Blamed)},
		{r.t("msg.why"), r.codes("why", e.Why)},
		{r.t("msg.clock"), r.clock(e)},
		{r.t("msg.state"), r.state(e)},
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

// figures are what an escalation rests on that no mention caused.
func (r renderer) figures(e mention.Escalation) string {
	if e.Figures == nil {
		return ""
	}
	return r.join(r.own(e.Source, maxName), r.texts.Figures(r.l, *e.Figures))
}

// who is the author and how far the words may spread. What no mention caused
// has no author.
func (r renderer) who(e mention.Escalation) string {
	if e.Mention == "" {
		return ""
	}
	name, followers, reach := r.own(e.Author.Name, maxName), "", ""
	if name == "" {
		name = r.t("ui.anonymous")
	}
	if e.Author.Followers > 0 {
		followers = r.t("msg.followers", r.n(e.Author.Followers))
	}
	if e.Reach > e.Author.Followers {
		reach = r.t("msg.reach", r.n(e.Reach))
	}
	return r.join(name, followers, reach)
}

// customer tells the kinds of customer, and whether history shows them or the
// text alone says so.
func (r renderer) customer(e mention.Escalation) string {
	var words []string
	for _, c := range e.Observed {
		words = append(words, r.t("msg.observed", r.code("customer", c)))
	}
	for _, c := range e.Customer {
		if !slices.Contains(e.Observed, c) {
			words = append(words, r.t("msg.claimed", r.code("customer", c)))
		}
	}
	return r.join(words[:min(len(words), mostCodes)]...)
}

// clock holds the time of writing against the promise, which an answer keeps
// until the customer comes back.
func (r renderer) clock(e mention.Escalation) string {
	now, written, answered, promise := r.now(), "", "", ""
	if !e.Written.IsZero() {
		written = r.t("msg.written", r.texts.Ago(r.l, now.Sub(e.Written)))
	}
	if !e.Answered.IsZero() {
		answered = r.t("msg.answered", r.texts.Ago(r.l, now.Sub(e.Answered)))
	}
	switch {
	case e.State == mention.StateAnswered || e.State.Ended() || !e.Due.After(e.Answered):
	case e.Due.Before(now):
		promise = r.t("msg.late", r.texts.Span(r.l, now.Sub(e.Due)))
	default:
		promise = r.t("msg.due", r.texts.Span(r.l, e.Due.Sub(now)))
	}
	return r.join(written, answered, promise)
}

// state says where it stands and who has it.
func (r renderer) state(e mention.Escalation) string {
	who := ""
	switch {
	case e.Holder != "":
		who = r.t("msg.holder", r.own(e.Holder, maxName))
	case e.State == mention.StateOpen || e.State == mention.StateReopened:
		who = r.t("msg.nobody")
	}
	return r.join(r.code("state", string(e.State)), who)
}
