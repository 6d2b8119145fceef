package advice

import "feryat/mention"

// namedCase is an escalation of the golden file, told in each language.
type namedCase struct {
	name     string
	e        mention.Escalation
	names    map[string]string // the author's shown name by language
	language string            // another one than that of the team
	nobody   bool              // no mention
}

func list(codes ...string) []string { return codes }

// cases show every kind of customer, standing, guard and sort of draft.
func cases() []namedCase {
	person := map[string]string{"tr": "Ayşe Örnek", "fa": "آیدا نمونه", "en": "Anne Sample"}
	nick := map[string]string{"tr": "mutsuz_musteri34", "fa": "کاربر ناراضی", "en": "Angry Customer"}
	return []namedCase{
		{name: "new customer, parcel late, support silent", names: person, e: mention.Escalation{Mood: mention.Angry, Standing: mention.StandingAngry,
			Customer: list("new"), Topics: list("delivery", "delay", "support_unreachable"), Signals: list("unanswered"), Blamed: list("courier")}},
		{name: "effortless customer, first complaint, defective product", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Standing: mention.StandingGood,
			Observed: list("effortless", "high_value"), Topics: list("defective", "quality"), Product: "Aria 3 kulaklık"}},
		{name: "loyal customer, refund does not come, promise broken", names: nick, e: mention.Escalation{Mood: mention.Angry, Standing: mention.StandingUnhappy,
			Customer: list("loyal"), Topics: list("refund_return", "support_unhelpful"), Signals: list("promise_broken", "repeat_complaint", "refund_demand", "long_tenure")}},
		{name: "at risk, outage, thinks of leaving", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Standing: mention.StandingUnhappy,
			Customer: list("at_risk", "active"), Topics: list("outage"), Signals: list("churn", "compensation_demand")}},
		{name: "churned, cancellation refused", names: person, e: mention.Escalation{Mood: mention.Angry, Customer: list("churned"), Topics: list("cancellation", "billing"),
			Signals: list("churn", "advise_against"), Blamed: list("brand")}},
		{name: "returned, the same again", names: person, e: mention.Escalation{Mood: mention.Angry, Standing: mention.StandingAngry, Observed: list("returned"),
			Topics: list("wrong_item", "missing_item"), Signals: list("repeat_complaint")}},
		{name: "advocate with a complaint", names: person, e: mention.Escalation{Mood: mention.Mixed, Standing: mention.StandingHappy, Customer: list("advocate"), Topics: list("packaging", "damaged")}},
		{name: "referred, not as expected", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Customer: list("referred"), Topics: list("expectation", "size_fit")}},
		{name: "switcher, app fails", names: nick, e: mention.Escalation{Mood: mention.Dissatisfied, Customer: list("switcher"), Topics: list("app", "account")}},
		{name: "active customer, used item", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Standing: mention.StandingGood, Customer: list("active"), Topics: list("used_item"), Blamed: list("seller")}},
		{name: "impulsive, wants to cancel", names: person, e: mention.Escalation{Mood: mention.Mixed, Customer: list("impulsive"), Topics: list("cancellation")}},
		{name: "browser asks", names: person, e: mention.Escalation{Mood: mention.Neutral, Customer: list("browser"), Signals: list("question")}},
		{name: "discount seeker asks about an offer", names: person, e: mention.Escalation{Mood: mention.Neutral, Customer: list("discount_seeker"), Topics: list("promo", "price"), Signals: list("question")}},
		{name: "researcher doubts the price", names: person, e: mention.Escalation{Mood: mention.Neutral, Customer: list("researcher"), Topics: list("price")}},
		{name: "hesitant about returns", names: person, e: mention.Escalation{Mood: mention.Neutral, Customer: list("hesitant"), Topics: list("refund_return"), Signals: list("question")}},
		{name: "happy advocate praises", names: person, e: mention.Escalation{Mood: mention.Satisfied, Standing: mention.StandingHappy, Customer: list("advocate"), Signals: list("advocacy")}},
		{name: "won back, solved", names: person, e: mention.Escalation{Mood: mention.Satisfied, Standing: mention.StandingGood, Topics: list("delay"), Signals: list("resolved", "win_back")}},
		{name: "harsh words alone, stars contradict", names: nick, e: mention.Escalation{Mood: mention.Dissatisfied, Topics: list("waiting"), Signals: list("harsh_language", "contradiction")}},
		{name: "rude staff, wants an apology", names: person, e: mention.Escalation{Mood: mention.Angry, Topics: list("staff_rude", "hygiene"), Signals: list("apology_demand")}},
		{name: "payment stuck at the bank", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Topics: list("payment", "spam"), Blamed: list("bank")}},
		{name: "own mistake in a booking", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Topics: list("booking", "misleading_ad"), Blamed: list("customer")}},
		{name: "privacy and counterfeit", names: person, e: mention.Escalation{Mood: mention.Angry, Topics: list("privacy", "counterfeit")}},
		{name: "repair and installation, incident", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Incident: "i1", Topics: list("warranty_repair", "installation")}},
		{name: "lost and expired", names: person, e: mention.Escalation{Mood: mention.Dissatisfied, Topics: list("lost", "expired")}},
		{name: "hurt by the product, will sue", names: person, e: mention.Escalation{Mood: mention.Angry, Customer: list("loyal"), Topics: list("defective", "safety"), Signals: list("safety_hazard", "legal_threat")}},
		{name: "filed with an authority", names: person, e: mention.Escalation{Mood: mention.Angry, Topics: list("refund_return"), Signals: list("legal_threat", "authority_filed", "refund_demand")}},
		{name: "claims fraud", names: person, e: mention.Escalation{Mood: mention.Angry, Topics: list("fraud", "payment"), Signals: list("fraud_claim")}},
		{name: "will go to the press", names: person, e: mention.Escalation{Mood: mention.Angry, Topics: list("delay"), Signals: list("publicity_threat")}},
		{name: "another language", names: person, language: "de", e: mention.Escalation{Mood: mention.Angry, Topics: list("delay")}},
		{name: "mood not understood", names: person, e: mention.Escalation{Mood: mention.Unknown, Topics: list("delay")}},
		{name: "angry, about what is not known", names: person, e: mention.Escalation{Mood: mention.Angry}},
		{name: "nothing is known", names: person, e: mention.Escalation{Mood: mention.Neutral}},
		{name: "many complain of a topic", nobody: true, e: mention.Escalation{Incident: "i1", Topics: list("outage")}},
		{name: "a source fails", nobody: true},
	}
}
