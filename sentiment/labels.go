package sentiment

import (
	"slices"
	"strings"
)

// labelKind is what a label says.
type labelKind uint8

const (
	problemLabel labelKind = iota // topic, a complaint by itself
	praiseLabel                   // topic, praise by itself
	aspectLabel                   // topic, by the mood of its clause
	signalLabel
	customerLabel
	blamedLabel
)

// condition is what the whole text must be for a label to count.
type condition uint8

const (
	always condition = iota
	ifUnhappy
	ifHappy
)

// label is what an entry says beside its weight.
type label struct {
	kind   labelKind
	index  int    // of the code in its list
	rule   string // that the reason names: "topic:delay"
	praise string // the same where an aspect is praised
	when   condition
}

func (x *lexicon) labelOf(file string, r record) (label, error) {
	var l label
	var known []string
	switch file {
	case "topics.tsv":
		known, l.rule, l.praise = x.codes.topics, "topic:", "praise:"
		switch r.col(2) {
		case "problem":
			l.kind = problemLabel
		case "praise":
			l.kind, l.rule = praiseLabel, "praise:"
		case "aspect":
			l.kind = aspectLabel
		default:
			return l, r.errorf("kind %q of a topic, want problem, praise or aspect", r.col(2))
		}
	case "signals.tsv":
		l.kind, known, l.rule = signalLabel, x.codes.signals, "signal:"
	case "customers.tsv":
		l.kind, known, l.rule = customerLabel, x.codes.customers, "customer:"
	case "blamed.tsv":
		l.kind, known, l.rule = blamedLabel, x.codes.blamed, "blamed:"
	}
	if file == "signals.tsv" || file == "customers.tsv" {
		if err := oneOf(r, 2, "", "unhappy", "happy"); err != nil {
			return l, err
		}
		l.when = conditionOf(r.col(2))
	}
	l.index = slices.Index(known, r.col(0))
	l.rule = x.ruleOf(l.rule, r.col(0))
	if l.praise != "" {
		l.praise = x.ruleOf(l.praise, r.col(0))
	}
	return l, oneOf(r, 0, known...)
}

// ruleOf returns what the reasons of a code name, one string for all entries.
func (x *lexicon) ruleOf(kind, code string) string {
	key := [2]string{kind, code}
	if _, ok := x.rules[key]; !ok {
		x.rules[key] = kind + code
	}
	return x.rules[key]
}

func conditionOf(s string) condition {
	switch s {
	case "unhappy":
		return ifUnhappy
	case "happy":
		return ifHappy
	}
	return always
}

// opinionated reports whether a negator turns one of the labels off.
func opinionated(labels []label) bool {
	for _, l := range labels {
		if l.kind != aspectLabel && l.kind != blamedLabel {
			return true
		}
	}
	return false
}

// defaultWeight returns what labels are worth that have no line in the lexicon:
// the weightiest of them.
func defaultWeight(labels []label) (weight float64, ok bool) {
	for _, l := range labels {
		w := 0.0
		switch l.kind {
		case problemLabel:
			w = -1
		case praiseLabel:
			w = 1
		case signalLabel:
			w = signalWeight(strings.TrimPrefix(l.rule, "signal:"))
		}
		if w != 0 && (!ok || abs(w) > abs(weight)) {
			weight, ok = w, true
		}
	}
	return weight, ok
}

// signalWeight is what a signal is worth where the lexicon does not say.
func signalWeight(code string) float64 {
	switch code {
	case "advise_against", "churn", "fraud_claim", "authority_filed", "legal_threat", "publicity_threat":
		return -2
	case "repeat_complaint", "unanswered", "promise_broken", "safety_hazard", "harsh_language":
		return -1.5
	case "refund_demand", "compensation_demand", "apology_demand":
		return -1
	case "advocacy", "win_back":
		return 2
	case "resolved":
		return 1
	}
	return 0 // long_tenure, high_value, question: facts
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

// harshLanguage is the label of every entry whose part is curse.
func harshLanguage() label {
	const code = "harsh_language"
	return label{kind: signalLabel, index: slices.Index(Signals(), code), rule: "signal:" + code}
}
