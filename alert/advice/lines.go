package advice

import (
	"cmp"
	"slices"

	"feryat/mention"
)

// MaxLines is how many lines of advice there are at most: who has a telephone
// in the hand reads no more.
const MaxLines = 5

// guards are what comes before all else, each group with the code that says most
// first: people, law, crime, publicity.
func guards() [][]string {
	return [][]string{
		{"signal.safety_hazard", "topic.safety"},
		{"signal.authority_filed", "signal.legal_threat"},
		{"signal.fraud_claim", "topic.fraud"},
		{"signal.publicity_threat"},
	}
}

// kinds orders the kinds of customer by what is at stake: those who are lost or
// nearly so, those whose loss costs most, those who are new, those who have not
// bought. One line on the customer is enough.
func kinds() []string {
	return []string{
		"churned", "returned", "at_risk", "effortless", "advocate", "loyal", "new", "referred", "switcher", "active",
		"impulsive", "hesitant", "researcher", "discount_seeker", "browser",
	}
}

// signals orders what a text signals by how much it changes what to do.
func signals() []string {
	return []string{
		"resolved", "promise_broken", "unanswered", "repeat_complaint", "churn", "apology_demand", "refund_demand", "compensation_demand",
		"advise_against", "high_value", "long_tenure", "win_back", "advocacy", "question", "harsh_language", "contradiction",
	}
}

// choose picks the keys of the lines. The order is: safety and law; an incident;
// how the customer stands; the kind; the topic; whom else he blames; the signals.
// First one line of each group (two of safety and law), then a second one, up to
// MaxLines; in the end they stand in the order of the groups. What is said of no
// customer in particular, of a source that fails, say, gets none.
func (b *Book) choose(e mention.Escalation) (keys []string) {
	groups := b.groups(e)
	take, left := make([]int, len(groups)), MaxLines
	for round := range MaxLines {
		for i, g := range groups {
			if left > 0 && round < len(g) {
				take[i]++
				left--
			}
		}
	}
	for i, g := range groups {
		keys = append(keys, g[:take[i]]...)
	}
	if len(keys) >= 2 || e.Mention == "" {
		return keys
	}
	if e.Mood != mention.Satisfied && e.Mood != mention.Neutral {
		keys = append(keys, "general.acknowledge.advice")
	}
	return append(keys, "general.one_question.advice")
}

// groups are the keys of all lines that fit, by group, the first to be taken first.
func (b *Book) groups(e mention.Escalation) [][]string {
	has := said(e)
	var guard, incident []string
	for _, group := range guards() {
		if i := slices.IndexFunc(group, func(code string) bool { return has[code] }); i >= 0 {
			guard = append(guard, group[i])
		}
	}
	if e.Incident != "" {
		incident = []string{"general.incident"}
	}
	pick := func(section string, order ...string) (found []string) {
		for _, code := range order {
			if key := section + "." + code; has[key] {
				found = append(found, key)
			}
		}
		return found
	}
	standing, kind := pick("standing", "angry", "unhappy", "good", "happy"), first(pick("kind", kinds()...))
	topic, blamed := pick("topic", mainTopics(e.Topics)...), first(pick("blamed", "courier", "seller", "bank", "customer"))
	topic = slices.DeleteFunc(topic, func(key string) bool { return slices.Contains(slices.Concat(guards()...), key) })
	signal, brand := pick("signal", signals()...), pick("blamed", "brand")
	switch {
	case withheld(e) == WithheldSafety: // no word of exchange and refund to one who may be hurt
		topic, blamed, signal, brand = nil, nil, nil, nil
	case e.Mood == mention.Satisfied && over(e): // nothing to put right any more
		standing, topic, blamed, brand = nil, nil, nil, nil
	case asks(e): // nothing went wrong yet
		topic, blamed, brand = nil, nil, nil
	}
	return b.known([][]string{first(guard), rest(guard), incident, standing, kind, topic, blamed, signal, brand})
}

func first(codes []string) []string { return codes[:min(1, len(codes))] }

func rest(codes []string) []string { return codes[min(1, len(codes)):] }

// known makes keys of advice of codes, without those that the book has not.
func (b *Book) known(groups [][]string) [][]string {
	for i, g := range groups {
		var keys []string
		for _, code := range g {
			if key := code + ".advice"; b.texts[key] != nil {
				keys = append(keys, key)
			}
		}
		groups[i] = keys
	}
	return groups
}

// said are the codes that hold of an escalation, with their section. What history
// shows may be kinds or signals. A customer without history is taken as he is
// now, and a signal that his kind tells already is left out.
func said(e mention.Escalation) map[string]bool {
	has := map[string]bool{}
	add := func(section string, codes []string) {
		for _, code := range codes {
			has[section+"."+code] = true
		}
	}
	add("topic", e.Topics)
	add("kind", e.Customer)
	add("kind", e.Observed)
	add("signal", e.Signals)
	add("signal", e.Observed)
	add("blamed", e.Blamed)
	now := map[mention.Mood]mention.Standing{mention.Angry: mention.StandingAngry, mention.Satisfied: mention.StandingHappy}
	add("standing", []string{string(cmp.Or(e.Standing, now[e.Mood]))})
	for kind, signal := range map[string]string{"churned": "churn", "at_risk": "churn", "advocate": "advocacy", "loyal": "long_tenure"} {
		if has["kind."+kind] {
			delete(has, "signal."+signal)
		}
	}
	return has
}

// mainTopics leaves out a topic that another one says more exactly (a late parcel
// is delay and delivery), keeps the order, and gives at most two.
func mainTopics(topics []string) (main []string) {
	vague := map[string][]string{
		"delivery":          {"delay", "lost", "wrong_item", "missing_item", "damaged"},
		"delay":             {"lost", "waiting", "refund_return", "installation", "warranty_repair"},
		"quality":           {"defective", "counterfeit", "used_item", "expired", "damaged"},
		"expectation":       {"misleading_ad", "counterfeit", "wrong_item", "size_fit"},
		"packaging":         {"damaged"},
		"payment":           {"refund_return"},
		"support_unhelpful": {"support_unreachable", "staff_rude"},
	}
	for _, topic := range topics {
		exact := slices.ContainsFunc(topics, func(other string) bool { return slices.Contains(vague[topic], other) })
		if !exact && !slices.Contains(main, topic) && len(main) < 2 {
			main = append(main, topic)
		}
	}
	return main
}
