package sentiment

import (
	"math"
	"slices"
	"strings"

	"feryat/mention"
)

// Thresholds on the sum of weights.
const (
	unhappyFrom     = -0.8 // and below: doubtful texts are no complaints
	satisfiedFrom   = 0.5  // and above
	mixedSide       = 2.0  // both sides at least this strong,
	mixedShare      = 0.2  // and their difference at most this share of both
	aspectFrom      = 0.4  // a clause praises or complains
	aspectSentences = 3    // a text of at most so many is about one thing
	angryFrom       = 0.4
	knownFrom       = 0.2 // coverage under which a text without evidence is unknown
)

// fill writes the sums into the record.
func (t *tally) fill(v *mention.Verdict) {
	v.Raw, v.Score, v.Coverage = t.raw, squashed(t.raw), t.coverage()
	v.Topics, v.Customer, v.Signals = []string{}, []string{}, []string{}
	v.Mood = t.mood(v.Coverage)
	v.Switches = t.moved.record()
	l := t.collect(v.Mood)
	l.fill(v, &t.x.codes)
	v.Anger = t.anger(v)
	if v.Mood == mention.Dissatisfied && v.Anger >= angryFrom {
		v.Mood = mention.Angry
	}
	if t.contradicts() {
		v.Signals = append(v.Signals, "contradiction")
		t.showContradiction()
	}
	v.Priority = priority(v)
	v.Reasons = make([]mention.Reason, len(t.reasons))
	copy(v.Reasons, t.reasons)
	clear(t.reasons) // no text is kept alive
}

func squashed(raw float64) float64 { return raw / math.Sqrt(raw*raw+squash) }

// mood follows from the sum; whether an unhappy customer is angry is decided
// later, when the signals are known.
func (t *tally) mood(coverage float64) mention.Mood {
	both := t.good + t.bad
	switch {
	case both == 0 && t.in.Rating == nil && coverage < knownFrom && !t.labelled():
		return mention.Unknown
	case t.good >= mixedSide && t.bad >= mixedSide && math.Abs(t.raw) <= mixedShare*both:
		return mention.Mixed
	case t.raw <= unhappyFrom:
		return mention.Dissatisfied
	case t.raw >= satisfiedFrom:
		return mention.Satisfied
	}
	return mention.Neutral
}

// labelled reports whether anything was recognised that has a label: a question
// is understood though its words are not.
func (t *tally) labelled() bool {
	if t.effects&says == 0 {
		return false
	}
	for i := range t.found {
		if p := t.found[i].payload; p >= 0 && len(t.x.payloads[p].labels) > 0 {
			return true
		}
	}
	return false
}

// anger adds the loudness of a text and its threats to that of its words.
func (t *tally) anger(v *mention.Verdict) float64 {
	calm := t.calm
	if t.letters >= 4 && t.spoken*2 > t.letters {
		calm *= 0.8
	}
	if t.exclaims >= 3 {
		calm *= 0.85
	}
	for _, s := range v.Signals {
		calm *= 1 - signalAnger(s)
	}
	if !v.Mood.Unhappy() {
		return (1 - calm) / 2
	}
	return (1 - calm) * t.bad / max(t.bad+t.good, 1e-9)
}

// signalAnger is how far a signal shows an angry customer.
func signalAnger(code string) float64 {
	switch code {
	case "legal_threat", "publicity_threat", "authority_filed":
		return 0.3
	case "fraud_claim", "harsh_language":
		return 0.25
	case "repeat_complaint", "advise_against", "unanswered", "churn", "promise_broken", "safety_hazard":
		return 0.15
	}
	return 0
}

// contradicts reports whether stars and words say opposite things.
func (t *tally) contradicts() bool {
	if t.in.Rating == nil {
		return false
	}
	words := t.good - t.bad
	return *t.in.Rating <= 0.25 && words >= 1.5 || *t.in.Rating >= 0.75 && words <= -1.5
}

// showContradiction gives the words as reason that speak most strongly against the stars.
func (t *tally) showContradiction() {
	sign := 0.5 - *t.in.Rating
	best := -1
	for i := range t.reasons {
		r := &t.reasons[i]
		if r.Rule != "rating" && r.Weight*sign > 0 && (best < 0 || r.Weight*sign > t.reasons[best].Weight*sign) {
			best = i
		}
	}
	if best < 0 {
		return
	}
	r := t.reasons[best]
	r.Weight = 0
	if r.Rule = "signal:contradiction"; strings.HasPrefix(t.reasons[best].Rule, "title:") {
		r.Rule = "title:" + r.Rule
	}
	t.reasons = append(t.reasons, r)
}

// priority says how soon a person should look, from the text alone:
//
//	1  a hazard to health or safety; angry with a threat, a claim of fraud or a repeated complaint
//	2  angry; unhappy with a threat, a claim of fraud, a repeated or unanswered complaint, leaving, warning others
//	3  unhappy or mixed; a question; stars against words
//	4  all others
func priority(v *mention.Verdict) int {
	has := func(codes ...string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(v.Signals, c) })
	}
	switch {
	case has("safety_hazard") && v.Mood != mention.Satisfied:
		return 1
	case v.Mood == mention.Angry && has("legal_threat", "authority_filed", "publicity_threat", "fraud_claim", "repeat_complaint"):
		return 1
	case v.Mood == mention.Angry:
		return 2
	case v.Mood.Unhappy() && has("legal_threat", "authority_filed", "publicity_threat", "fraud_claim",
		"repeat_complaint", "unanswered", "churn", "advise_against"):
		return 2
	case v.Mood.Unhappy(), v.Mood == mention.Mixed, has("question", "contradiction"):
		return 3
	}
	return 4
}
