package sentiment

// The codes that data files may use. Their order is the order of verdicts.

// Topics returns the codes of what is complained about or praised.
func Topics() []string {
	return []string{
		"delivery", "delay", "lost", "wrong_item", "missing_item", "damaged", "defective", "used_item", "expired",
		"size_fit", "expectation", "quality", "packaging", "counterfeit", "installation", "refund_return",
		"cancellation", "billing", "price", "promo", "payment", "fraud", "account", "app", "outage", "booking",
		"waiting", "support_unreachable", "support_unhelpful", "staff_rude", "hygiene", "safety", "privacy", "spam",
		"warranty_repair", "misleading_ad",
	}
}

// Customers returns the codes of the kinds of customer that a text can claim.
func Customers() []string {
	return []string{
		"browser", "discount_seeker", "researcher", "impulsive", "hesitant", "switcher", "new", "active", "referred",
		"loyal", "advocate", "effortless", "at_risk", "churned", "returned",
	}
}

// Signals returns the codes of what a support team must notice. The scorer
// itself adds contradiction (rating against text); data files list the rest.
func Signals() []string {
	return []string{
		"repeat_complaint", "unanswered", "promise_broken", "churn", "legal_threat", "authority_filed",
		"publicity_threat", "advise_against", "refund_demand", "compensation_demand", "apology_demand",
		"safety_hazard", "fraud_claim", "long_tenure", "high_value", "advocacy", "question", "resolved", "win_back",
		"harsh_language", "contradiction",
	}
}

// Blamed returns the codes of whom a complaint blames.
func Blamed() []string { return []string{"brand", "seller", "courier", "bank", "customer"} }

// codes holds the lists for those who look them up often.
type codes struct{ topics, customers, signals, blamed []string }

func allCodes() codes { return codes{Topics(), Customers(), Signals(), Blamed()} }
