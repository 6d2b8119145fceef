package customer

import (
	"slices"
	"time"

	"feryat/mention"
)

// Profile is what an author's history and the customer list say of him.
type Profile struct {
	Standing mention.Standing `json:"standing"` // now
	Before   mention.Standing `json:"before"`   // without his newest mention, when he wrote it
	Newest   mention.Mood     `json:"newest"`   // of that mention
	Open     int              `json:"open"`     // complaints of the last 180 days that no peace followed
	Observed []string         `json:"observed"` // see Config.Observe
	Changes  []Transition     `json:"changes"`  // oldest first
}

// Profile asks all at once. History is to hold the mention at hand.
func (c Config) Profile(history []mention.Past, entry *mention.Customer, now time.Time) Profile {
	p := Profile{Observed: c.Observe(history, entry, now)}
	p.Standing, p.Changes = Stand(history, now)
	past := ordered(history, now)
	if len(past) == 0 || isCrowd(past, now) {
		return p
	}
	newest := past[len(past)-1]
	p.Newest = newest.Mood
	p.Before, _ = sweep(spans(past[:len(past)-1]), newest.Written)
	for _, x := range complaints(past) {
		if x.closed == never && now.Unix()-x.at < seconds(grievanceLasts) {
			p.Open++
		}
	}
	return p
}

// wideReach is from how many followers or views on a mention weighs more.
const wideReach = 10_000

// Priority weighs the priority of a text (1 first to 4; see the scorer) and its
// signals with what is known of its author and with its reach, in followers or
// views. 1 and 4 stay, as 0 (not scored) does: nothing comes before 1, and 4
// says that nobody has to do anything. Of 2 and 3, each line that holds takes one away:
//
//	unhappy or angry, and not over this text alone: two complaints are open
//	high value, loyal, effortless, new, or at risk, as observed
//	reach of 10,000 or more
//
// Where none of them holds, one complaint of a customer who was good or happy
// before it and is good still goes from 3 to 4: he need not be answered each
// time. That does not go for a first mention, which shows no good customer, and
// never for what talks of law, safety, fraud or the press.
func Priority(text int, signals []string, p Profile, reach int64) int {
	if text < 2 || text > 3 {
		return text
	}
	raises := 0
	for _, holds := range []bool{
		isBad(p.Standing) && p.Open > 1,
		hasAny(p.Observed, KindHighValue, KindLoyal, KindEffortless, KindNew, KindAtRisk),
		reach >= wideReach,
	} {
		if holds {
			raises++
		}
	}
	if raises == 0 && text == 3 && isForgiving(p) && !hasAny(signals, guarded()...) {
		return 4
	}
	return max(1, text-raises)
}

func isForgiving(p Profile) bool {
	return p.Standing == mention.StandingGood && p.Newest.Unhappy() && p.Open == 1 && (p.Before == mention.StandingGood || p.Before == mention.StandingHappy)
}

// guarded are the signals that keep a priority from being lowered.
func guarded() []string {
	return []string{"legal_threat", "authority_filed", "safety_hazard", "fraud_claim", "publicity_threat"}
}

func hasAny(list []string, wanted ...string) bool {
	return slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(list, w) })
}
